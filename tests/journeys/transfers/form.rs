//! A file that is sent whole, as a part of a form.

use keydesk_core::ErrorCode;
use keydesk_support::{Answer, Received};
use serde_json::json;

use super::stage::{SIZE, Stage, bytes, hash};

/// What stands before the file, the file, and what stands after it.
fn parts(request: &Received) -> (String, Vec<u8>, String) {
    let boundary = request.header("content-type").unwrap().split_once("boundary=").unwrap().1.to_owned();
    let end = format!("\r\n--{boundary}--\r\n");
    let head = request.body.windows(4).position(|at| at == b"\r\n\r\n").unwrap() + 4;
    let (head, rest) = request.body.split_at(head);
    let (file, tail) = rest.split_at(rest.len() - end.len());
    assert_eq!(tail, end.as_bytes());
    (String::from_utf8(head.to_vec()).unwrap(), file.to_vec(), boundary)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_arrives_whole_as_the_part_that_the_provider_names() {
    let stage = Stage::new().await;
    stage.server.always("/upload", Answer::json(200, &json!({"path": "data-files/99/log"})));
    let sent = bytes(SIZE);
    let transfer = stage.upload("form", &stage.file("day \"7\".log", &sent));
    let done = stage.done(&transfer).await;
    assert_eq!((done.done, done.result.as_deref()), (SIZE as u64, Some("{\"path\":\"data-files/99/log\"}")));
    let request = stage.server.received_at("/upload").pop().unwrap();
    let (head, file, _) = parts(&request);
    assert_eq!(hash(&file), hash(&sent));
    assert!(head.contains("form-data; name=\"files\"; filename=\"day %227%22.log\"\r\n"), "{head}");
    assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
    assert!(request.header("transfer-encoding").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_cut_in_the_middle_is_sent_whole_again() {
    // More than the system holds on its way.
    const SIZE: usize = 8_000_000;
    let stage = Stage::cut_after(1_000_000).await;
    stage.server.always("/upload", Answer::json(200, &json!({"path": "x"})));
    let sent = bytes(SIZE);
    let transfer = stage.upload("form", &stage.file("day.log", &sent));
    assert_eq!(stage.done(&transfer).await.tries, 1);
    let all = stage.server.received_at("/upload");
    assert!(all.len() == 1 && parts(&all[0]).1 == sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_a_form_that_came_whole_and_got_no_answer_is_not_sent_again_by_itself() {
    let stage = Stage::new().await;
    stage.server.answer("/upload", Answer::new(200).cut_after(0));
    stage.server.always("/upload", Answer::json(200, &json!({"path": "x"})));
    let transfer = stage.upload("form", &stage.file("day.log", &bytes(SIZE)));
    assert_eq!(stage.failed(&transfer).await.code, ErrorCode::NoReply);
    assert_eq!(stage.server.received_at("/upload").len(), 1);
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    stage.done(&transfer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_out_of_order_is_sent_all_of_it_again() {
    let stage = Stage::new().await;
    stage.server.answer("/upload", Answer::new(502));
    stage.server.answer("/upload", Answer::new(401));
    stage.server.always("/upload", Answer::json(200, &json!({"path": "x"})));
    let sent = bytes(SIZE);
    let transfer = stage.upload("form", &stage.file("day.log", &sent));
    assert_eq!(stage.done(&transfer).await.tries, 1);
    let all = stage.server.received_at("/upload");
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|request| hash(&parts(request).1) == hash(&sent)), "each from its first byte");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_refused_before_anything_is_sent() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    let field = |path: &std::path::Path| {
        let error = keydesk.choose_file(path).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidInput);
        error.field.unwrap()
    };
    assert_eq!(field(&stage.file("empty.log", b"")), "file");
    assert_eq!(field(stage.house.home.path()), "file");
    assert_eq!(field(&stage.house.home.path().join("none")), "file");
    for file in [None, Some("no-such-id"), Some("/etc/passwd")] {
        let to = keydesk_core::SaveTo::Downloads;
        let error = keydesk.start_transfer(stage.request("form"), file, to).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("file"), "the window names no path");
    }
    assert_eq!(stage.server.received_at("/upload").len(), 0);
    assert!(keydesk.list_transfers(None).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_before_it_has_read_all_is_understood() {
    let refusal = "HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let stage = Stage::refused_after(SIZE, refusal).await;
    let transfer = stage.upload("form", &stage.file("film.mp4", &bytes(20_000_000)));
    let error = stage.failed(&transfer).await;
    assert_eq!((error.code, error.status), (ErrorCode::BadRequest, Some(413)));
    assert_eq!(stage.view(&transfer).tries, 0);
}
