//! action, where it sends or fetches a file.

use std::process::Stdio;
use std::time::Duration;

use keydesk_support::{Answer, FakeServer, drive, wait_until};

use crate::house::{House, SOON};
use crate::waiting::interrupt;

const FILE: &str = "[action.download.request]\nurl = \"/file\"\n";
const CHUNKS: &str = r#"
[[action.upload.step]]
take = { job = "/id" }
[action.upload.step.request]
method = "POST"
url = "/jobs"
[action.upload.chunks]
bytes = 1000
[action.upload.chunks.request]
method = "POST"
url = "/jobs/{job}/{chunk}"
"#;

/// A connection to a server that is scripted.
async fn drive() -> (House, FakeServer) {
    let (house, server) = (House::new().await, FakeServer::start().await.unwrap());
    let file = house.home.path().join("drive.toml");
    std::fs::write(&file, [drive::KEY, &drive::fetch("fetch"), FILE, &drive::send("send"), CHUNKS].concat()).unwrap();
    house.run(&["providers", "add", file.to_str().unwrap()]).await.well();
    let url = format!("url={}", server.url(""));
    house.run(&["connect", "drive", "--name", "drive", "--set", &url]).await.well();
    let login = ["login", "drive", "--method", "key", "--secret-stdin", "token"];
    house.run_with(&login, "the-key-of-the-drive\n").await.well();
    (house, server)
}

#[tokio::test]
async fn a_file_is_sent_and_fetched_by_its_path() {
    let house = House::new().await;
    house.connect("image-relay", "pictures").await;
    house.log_in("image-relay", "pictures", "api_key", &[]).await.well();
    let (sent, fetched) = (house.home.path().join("Terrace.jpg"), house.home.path().join("back.jpg"));
    let bytes: Vec<u8> = (0..6_000_000_u32).map(|number| (number % 249) as u8).collect();
    std::fs::write(&sent, bytes).unwrap();
    let listed = house.run(&["action", "pictures"]).await.well().out;
    assert!(listed.contains("File (a path)"), "{listed}");

    let file = format!("file={}", sent.display());
    let upload = ["action", "pictures", "upload", "--set", &file, "--set", "folder=3001", "--set", "file_type=41"];
    let shown = house.run(&upload).await.well().out;
    assert!(shown.starts_with("Uploaded\n") && shown.contains("Terrace.jpg"), "{shown}");
    let json = house.run(&[&["--json"], &upload[..]].concat()).await.well().json();
    assert_eq!((&json["state"], &json["done"]), (&"done".into(), &6_000_000.into()));
    let result: serde_json::Value = serde_json::from_str(json["result"].as_str().unwrap()).unwrap();
    let number = format!("file={}", result["files"][0]["asset_id"]);

    let out = fetched.to_str().unwrap();
    let download = ["action", "pictures", "download", "--set", &number, "--out", out];
    assert_eq!(house.run(&download).await.well().out.trim(), out);
    assert_eq!(std::fs::metadata(&fetched).unwrap().len(), 6_000_000);
    house.run(&download).await.fails_with(2).says("there is such a file already");
    // Into the current folder, under the name that the server gives.
    let mut command = house.command(&download[..5]);
    command.current_dir(house.home.path());
    assert!(command.stdout(Stdio::null()).status().await.unwrap().success());
    assert_eq!(std::fs::metadata(house.home.path().join("Terrace-2.jpg")).unwrap().len(), 6_000_000);

    house
        .run(&["action", "pictures", "upload", "--set", "file=/no/such/file"])
        .await
        .fails_with(2)
        .says("cannot be sent");
    house.run(&[&upload[..], &["--out", "x"]].concat()).await.fails_with(2).says("--out");
    house.run(&["action", "pictures", "folders", "--out", "x"]).await.fails_with(2).says("--out");
    house.run(&[&download[..5], &["--save-as", "x"]].concat()).await.fails_with(2).says("transfers a file");
}

#[tokio::test]
async fn ctrl_c_pauses_a_download_says_what_lies_where_and_the_same_command_goes_on() {
    let (house, server) = drive().await;
    let slowly = Answer::new(200).header("etag", "\"a\"").body(vec![7; 40_000_000]);
    server.answer("/file", slowly.drip(400_000, Duration::from_millis(50)));
    let out = house.home.path().join("film.bin");
    let part = house.home.path().join("film.bin.part");
    let child = house.start(&["action", "drive", "fetch", "--out", out.to_str().unwrap()]);
    let begun = async || std::fs::metadata(&part).is_ok_and(|it| it.len() > 0);
    wait_until(begun, SOON, "some of it").await.unwrap();
    interrupt(child.id().unwrap());
    let ran = house.end(child).await.fails_with(130).says("film.bin.part");
    assert_eq!(ran.out, "");
    assert!(part.exists() && !out.exists());

    // The same command goes on there.
    server.answer_with("/file", |request| {
        let range = request.header("range").expect("all of it is asked for");
        let from: usize = range[6..].trim_end_matches('-').parse().unwrap();
        let range = format!("bytes {from}-39999999/40000000");
        Answer::new(206).header("content-range", &range).body(vec![7; 40_000_000 - from])
    });
    house.run(&["action", "drive", "fetch", "--out", out.to_str().unwrap()]).await.well();
    assert!(!part.exists() && std::fs::read(&out).unwrap() == vec![7; 40_000_000]);

    server.always("/file", Answer::new(404));
    let out = house.home.path().join("none.bin");
    house.run(&["action", "drive", "fetch", "--out", out.to_str().unwrap()]).await.fails_with(7).says("404");
    assert!(!out.exists());
}

#[tokio::test]
async fn killed_in_the_middle_the_same_command_sends_what_the_server_has_not() {
    let (house, server) = drive().await;
    server.always("/jobs", Answer::json(201, &serde_json::json!({"id": "j1"})));
    let path = |chunk: usize| format!("/jobs/j1/{chunk}");
    (1..=20).for_each(|chunk| server.always(&path(chunk), Answer::new(204).after(Duration::from_millis(30))));
    let file = house.home.path().join("film.bin");
    let bytes: Vec<u8> = (0..19_500_u32).map(|number| (number % 241) as u8).collect();
    std::fs::write(&file, &bytes).unwrap();
    let set = format!("file={}", file.display());
    let send = ["action", "drive", "send", "--set", &set];
    let mut child = house.start(&send);
    let some = async || !server.received_at(&path(8)).is_empty();
    wait_until(some, SOON, "some of it").await.unwrap();
    child.kill().await.unwrap();
    house.run(&send).await.well();
    assert_eq!(server.received_at("/jobs").len(), 1, "the same job");
    let counts: Vec<usize> = (1..=20).map(|chunk| server.received_at(&path(chunk)).len()).collect();
    assert!(counts[..7].iter().all(|count| *count == 1) && counts.iter().sum::<usize>() <= 21, "{counts:?}");
    let arrived: Vec<u8> = (1..=20).flat_map(|chunk| server.received_at(&path(chunk)).pop().unwrap().body).collect();
    assert!(arrived == bytes);
}
