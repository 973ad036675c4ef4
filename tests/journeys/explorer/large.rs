//! An answer of a gigabyte: it comes over the wire, and its end is a row like others.

use keydesk_core::{Error, SendState};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::stage::get;
use crate::acme::Acme;

const SIZE: usize = 1_000_000_000;
const ROW: &str =
    r#"{"id": 12345678901234567890, "name": "Device", "about": "What somebody wrote about it once, at some length."}"#;

/// Serves one list of that many bytes; gives its address. It ends with the test.
async fn server(rows: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(client.read_u8().await.unwrap());
        }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[";
        client.write_all(head.as_bytes()).await.unwrap();
        let together = format!("{ROW},\n").repeat(1000);
        for _ in 0..rows / 1000 {
            client.write_all(together.as_bytes()).await.unwrap();
        }
        client.write_all(b"\"the last\"]").await.unwrap();
    });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes a gigabyte; run by `./dev test --faults`"]
async fn a_gigabyte_of_json_is_opened_read_at_its_end_and_searched() -> Result<(), Error> {
    let rows = SIZE / (ROW.len() + 2) / 1000 * 1000;
    let acme = Acme::at(&server(rows).await, "").await;
    let keydesk = &acme.house.keydesk;
    let sent = acme.begin(&get("/all"), None).await?;
    let mut view = sent.clone();
    while !view.state.is_over() {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        view = keydesk.read_sent(&sent.id).await?;
    }
    assert_eq!((view.state, view.error), (SendState::Done, None));
    let mut shape = keydesk.open_answer(&sent.id).await?;
    while !shape.whole {
        shape = keydesk.open_answer(&sent.id).await?;
    }
    assert_eq!(shape.json.unwrap().rows, rows as u64 + 2);
    let last = keydesk.read_json_rows(&sent.id, rows as u64 + 1, 1).await?;
    assert_eq!((last[0].index, last[0].text.as_str()), (Some(rows as u64), "\"the last\""));
    assert_eq!(keydesk.search_answer(&sent.id, "the last", true).await?.total, 1);
    Ok(())
}
