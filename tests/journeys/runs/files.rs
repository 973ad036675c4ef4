//! What is kept of a run, and what is not.

use std::path::Path;

use keydesk_core::{ErrorCode, RunFormat, RunOptions, RunState, TargetState};
use keydesk_support::Answer;
use serde_json::json;

use super::stage::{Reply, Stage, devices, end, known, until};
use crate::disk::on_a_disk;

/// All that is in the files of runs, also what is not in the main one yet.
fn in_files(home: &Path) -> String {
    let files = std::fs::read_dir(home.join("data")).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("runs.sqlite"));
    files.map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_keydesk_sees_a_run_and_leaves_it_to_the_one_that_carries_it_out() {
    let stage = Stage::new().await;
    stage.holds(true);
    let mut started = stage.start(&devices(20), 4).await;
    stage.is_asked(1).await;
    let other = stage.house.again();
    let seen = other.list_runs(None).await.unwrap().remove(0);
    assert_eq!((&seen.id, seen.state, seen.counts.unknown), (&started.run.id, RunState::Running, 0));
    for error in [
        other.pause_run(&seen.id).await.err().unwrap(),
        other.stop_run(&seen.id).await.err().unwrap(),
        other.remove_run(&seen.id).await.err().unwrap(),
        other.resume_run(&seen.id).await.err().unwrap(),
        other.retry_run(&seen.id, vec![TargetState::Waiting]).await.err().unwrap(),
    ] {
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("run")));
    }
    // Paused there, it is still its own.
    stage.house.keydesk.pause_run(&seen.id).await.unwrap();
    stage.holds(false);
    until(&mut started, |run| run.counts.sending == 0 && run.counts.accepted == 1).await;
    assert!(other.resume_run(&seen.id).await.is_err());
    stage.house.keydesk.resume_run(&seen.id).await.unwrap();
    let run = end(&stage.house.keydesk, started).await;
    assert_eq!(known(run.counts), [20, 0, 0, 0]);
    let again = other.read_run(&run.id, keydesk_core::RunQuery { limit: 500, ..Default::default() }).await.unwrap();
    assert_eq!((again.run.state, again.total), (RunState::Done, 20));
}

/// A look at one thing is in no file; of one request that changes something, what it was answered is not.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_single_request_brings_is_in_no_file() {
    let stage = Stage::new().await;
    let path = "/api/ibot/workflow";
    stage.server.always(path, Answer::json(200, &json!({"results": [{"name": "a-private-thing"}]})));
    let looked = stage.house.run(&stage.connection, "workflows", &[]).await.results.remove(0);
    assert!(looked.body.unwrap().contains("a-private-thing"));
    assert!(!stage.house.home.path().join("data/runs.sqlite").exists());
    let run = end(&stage.house.keydesk, stage.start(&devices(1), 1).await).await;
    assert!(stage.house.keydesk.read_run_row(&run.id, 1).await.unwrap().body.unwrap().contains("success"));
    let kept = in_files(stage.house.home.path());
    assert!(kept.contains("d0000") && !kept.contains("success") && !kept.contains("a-private-thing"));
    assert_eq!(stage.house.keydesk.list_runs(None).await.unwrap().len(), 1);
    // Of several it is kept, with the token masked.
    stage.does(|_, _| Reply::Refuses(Answer::json(200, &json!({"you sent": "access-token-1"}))));
    end(&stage.house.keydesk, stage.start(&devices(2), 1).await).await;
    let kept = in_files(stage.house.home.path());
    assert!(kept.contains("you sent") && !kept.contains("access-token-1"));
}

/// What cannot be marked is not sent, and what is known is written when there is room again.
#[tokio::test(flavor = "multi_thread")]
async fn h8_a_disk_that_is_full_pauses_a_run_and_nothing_is_lost_or_sent_twice() {
    let Some((disk, house)) = on_a_disk() else { return };
    let stage = Stage::in_house(house).await;
    let keydesk = &stage.house.keydesk;
    stage.does(|_, _| Reply::Slowly);
    let mut started = stage.start(&devices(300), 16).await;
    until(&mut started, |run| run.counts.accepted > 20).await;
    disk.fill().unwrap();
    let run = until(&mut started, |run| run.state == RunState::Paused && run.counts.sending == 0).await;
    assert_eq!(run.note, Some(ErrorCode::NotSaved));
    let asked = stage.asked();
    assert!(asked < 300, "what is not on the disk is not sent");
    assert_eq!(u32::try_from(asked).unwrap(), run.counts.accepted);
    // A single request is no run that could be mistaken.
    let single = end(keydesk, stage.start(&["single".to_owned()], 1).await).await;
    assert_eq!(known(single.counts), [1, 0, 0, 0]);
    assert!(keydesk.start_run(stage.request(&devices(2)), &RunOptions::default()).await.is_err());
    disk.free().unwrap();
    keydesk.resume_run(&run.id).await.unwrap();
    let run = end(keydesk, started).await;
    assert_eq!(known(run.counts), [300, 0, 0, 0]);
    assert!(stage.done().values().all(|times| *times == 1));
    let kept = stage.house.again().list_runs(None).await.unwrap();
    assert_eq!(known(kept[0].counts), [300, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_exported_beside_what_is_there() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    stage.does(|target, _| match target {
        "d0001" => Reply::Refuses(Answer::json(404, &json!({"message": "=no such device"}))),
        _ => Reply::Done,
    });
    let run = end(keydesk, stage.start(&devices(450), 16).await).await;
    let csv = keydesk.export_run(&run.id, RunFormat::Csv).await.unwrap();
    let again = keydesk.export_run(&run.id, RunFormat::Csv).await.unwrap();
    assert!(csv != again && csv.exists() && csv.starts_with(stage.house.home.path().join("exports")));
    let text = std::fs::read_to_string(&csv).unwrap();
    assert_eq!(text, std::fs::read_to_string(&again).unwrap());
    assert_eq!(text.lines().count(), 451);
    let second = text.lines().nth(2).unwrap();
    assert!(second.starts_with("2,d0001,d0001,failed,404,") && second.contains("not_found"), "{second}");
    let json = keydesk.export_run(&run.id, RunFormat::Json).await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), 450);
    assert_eq!((&json["run"]["counts"]["accepted"], &json["rows"][1]["state"]), (&json!(449), &json!("failed")));
    keydesk.remove_run(&run.id).await.unwrap();
    assert!(keydesk.watch_run(&run.id).await.is_err());
    assert!(keydesk.start_run(stage.request(&devices(2)), &RunOptions::default()).await.is_ok());
}
