//! How much memory a command takes for an answer that is far too large (security.md, the fault model: “memory flat”).

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use keydesk_support::Answer;

use super::stage::{Stage, TOKEN};
use crate::house::House;

const LARGE: usize = 100_000_000;
/// What a command may take more for it, in KiB: the limit of the body, some buffers, and what varies by itself.
const MORE: u64 = 12 * 1024;

/// The most memory that the command had, in KiB.
async fn peak(house: &House, arguments: &[&str]) -> u64 {
    let mut child = house.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id().unwrap());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(peak > 0, "the command was over before it was looked at");
    peak
}

/// So many bytes of JSON, without its end.
fn large() -> Vec<u8> {
    let mut body = br#"{"access_token":""#.to_vec();
    body.resize(LARGE, b'a');
    body
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut gzip = Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, body) = (gzip.stdin.take().unwrap(), body.to_vec());
    let writes = std::thread::spawn(move || stdin.write_all(&body));
    let output = gzip.wait_with_output().unwrap();
    writes.join().unwrap().unwrap();
    output.stdout
}

fn json(body: Vec<u8>) -> Answer {
    Answer::new(200).header("content-type", "application/json").body(body)
}

#[tokio::test]
async fn d6_an_answer_of_100_mb_takes_no_more_memory_than_a_small_one_plain_or_compressed() {
    let stage = Stage::over().await;
    let mut peaks = Vec::new();
    let whole = large();
    let bomb = packed(&whole);
    assert!(bomb.len() < LARGE / 100);
    for answer in [json(br#"{"access_token":1}"#.to_vec()), json(whole), json(bomb).header("content-encoding", "gzip")]
    {
        stage.later();
        stage.server.answer(TOKEN, answer);
        peaks.push(peak(&stage.house, &["token", "it"]).await);
    }
    let [small, large, compressed] = peaks[..] else { panic!("{peaks:?}") };
    assert!(large < small + MORE && compressed < small + MORE, "KiB: {small}, {large}, {compressed}");
}

#[tokio::test]
async fn h6_an_apis_answer_of_100_mb_is_cut_and_takes_little_memory() {
    let stage = Stage::new().await;
    stage.log_in("it", super::stage::pair(0, 7200)).await;
    stage.server.answer("/small", json(b"{}".to_vec()));
    stage.server.answer("/large", json(large()));
    let small = peak(&stage.house, &["call", "it", "GET", "/small"]).await;
    let large = peak(&stage.house, &["call", "it", "GET", "/large"]).await;
    // The limit of 8 MiB, and each form in which what was read is held once: masked, and as it is printed.
    assert!(large < small + 64 * 1024, "KiB: {small}, {large}");
    stage.server.answer("/large", json(vec![b'.'; 20_000_000]));
    let output = stage.house.command(&["call", "it", "GET", "/large"]).output().await.unwrap();
    assert!(output.stdout.len() < 9_000_000, "{}", output.stdout.len());
}
