//! Names that servers give to files.

use keydesk_support::Answer;

use super::stage::{FILE, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_name_from_a_server_leads_to_no_other_folder_and_hides_nothing() {
    let stage = Stage::new().await;
    for (disposition, wanted) in [
        ("attachment; filename=\"../../../.bashrc\"", "bashrc"),
        ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("attachment; filename=\"..\\\\..\\\\evil.exe\"", "evil.exe"),
        ("attachment; filename=\"/etc/cron.d/job\"", "job"),
        ("attachment; filename*=UTF-8''invoice%E2%80%AEfdp.exe", "invoicefdp.exe"),
        ("attachment; filename*=UTF-8''a%00b%1B%5B2J%0A.txt", "ab[2J.txt"),
        ("attachment; filename=\"..\"", "download"),
        ("inline", "7"),
    ] {
        stage.server.answer(FILE, Answer::new(200).header("content-disposition", disposition).body("it"));
        let transfer = stage.fetch("fetch");
        let done = stage.done(&transfer).await;
        assert_eq!(done.name, wanted, "{disposition}");
        assert_eq!(done.file.as_deref(), stage.downloads().join(wanted).to_str());
        stage.house.keydesk.remove_transfer(&transfer.id).await.unwrap();
    }
    assert_eq!(stage.downloaded().len(), 8);
}
