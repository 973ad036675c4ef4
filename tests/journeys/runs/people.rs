//! What a person does with a run: pauses, goes on, ends it, tries again, is asked first.

use std::collections::{BTreeMap, BTreeSet};

use keydesk_core::{
    ActionRequest, ErrorCode, FieldValue, RunOptions, RunState, SaveTrigger, Settings, Signal, TargetState,
};
use serde_json::json;

use super::stage::{Reply, Stage, devices, end, known, rows, until};
use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_run_sends_nothing_and_goes_on_where_it_was() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    stage.holds(true);
    let mut started = stage.start(&devices(50), 4).await;
    // One goes ahead of the others.
    stage.is_asked(1).await;
    let paused = keydesk.pause_run(&started.run.id).await.unwrap();
    assert_eq!((paused.state, paused.counts.sending > 0), (RunState::Paused, true));
    stage.holds(false);
    let run = until(&mut started, |run| run.counts.sending == 0 && run.counts.accepted > 0).await;
    assert_eq!((run.state, known(run.counts), stage.asked()), (RunState::Paused, [1, 0, 0, 49], 1));
    let resumed = keydesk.resume_run(&run.id).await.unwrap();
    assert_eq!(resumed.run.state, RunState::Running);
    let run = end(keydesk, started).await;
    assert_eq!(known(run.counts), [50, 0, 0, 0]);
    assert!(run.ended_at.is_some() && stage.done().values().all(|times| *times == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_run_is_over_and_what_waits_can_be_sent_by_another() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    stage.does(|_, _| Reply::Slowly);
    let mut started = stage.start(&devices(200), 2).await;
    until(&mut started, |run| run.counts.accepted > 0).await;
    keydesk.stop_run(&started.run.id).await.unwrap();
    let run = end(keydesk, started).await;
    let [accepted, 0, 0, waiting] = known(run.counts) else { panic!("{run:?}") };
    assert_eq!((run.state, accepted + waiting, stage.asked() as u32), (RunState::Stopped, 200, accepted));
    let no = keydesk.resume_run(&run.id).await.err().unwrap();
    assert_eq!((no.code, no.field.as_deref()), (ErrorCode::InvalidInput, Some("run")));
    stage.does(|_, _| Reply::Done);
    let rest = end(keydesk, keydesk.retry_run(&run.id, vec![TargetState::Waiting]).await.unwrap()).await;
    assert_eq!(known(rest.counts), [waiting, 0, 0, 0]);
    assert!(stage.done().len() == 200 && stage.done().values().all(|times| *times == 1));
    let newest: Vec<_> = keydesk.list_runs(Some(stage.connection.id.clone())).await.unwrap();
    assert_eq!(newest.iter().map(|run| &run.id).collect::<Vec<_>>(), [&rest.id, &run.id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_do_not_mix() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    let all = devices(300);
    let (first, second) = (stage.start(&all[..150], 8).await, stage.start(&all[150..], 8).await);
    let (first, second) = tokio::join!(end(keydesk, first), end(keydesk, second));
    for (run, from) in [(&first, 0), (&second, 150)] {
        assert_eq!(known(run.counts), [150, 0, 0, 0]);
        let targets: Vec<_> = rows(keydesk, run, None).await.into_iter().filter_map(|row| row.target).collect();
        assert_eq!(targets, all[from..from + 150]);
        let body = keydesk.read_run_row(&run.id, 2).await.unwrap().body.unwrap();
        assert!(body.contains(&all[from + 1]), "{body}");
    }
    assert!(stage.done().values().all(|times| *times == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_many_asks_first_and_one_that_is_wrong_is_not_begun() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    let options = RunOptions::default();
    let error = keydesk.start_run(stage.request(&devices(21)), &options).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::ConfirmNeeded);
    assert!(error.message.contains("21"), "{}", error.message);
    keydesk.save_settings(Settings { ask_above: 21, ..keydesk.read_settings() }).unwrap();
    assert!(keydesk.list_runs(None).await.unwrap().is_empty());
    end(keydesk, keydesk.start_run(stage.request(&devices(21)), &options).await.unwrap()).await;
    let mut wrong = stage.request(&devices(2));
    wrong.values.remove("workflow");
    assert_eq!(keydesk.start_run(wrong, &options).await.err().unwrap().field.as_deref(), Some("workflow"));
    assert_eq!(stage.asked(), 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_csv_fill_targets_and_arguments() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    let preview = |text: &str, mapping| keydesk.preview_csv(&stage.connection.id, "send_trigger", text, mapping);
    let text = "\u{feff}Device;room;floor:=;note\nd1;204;2;\n\n d2 ;\"9;b\";3;\"say \"\"hi\"\"\"\n;1;1;\nd3;1;one;\n";
    let found = preview(text, None).unwrap();
    assert_eq!(found.columns, ["Device", "room", "floor:=", "note"]);
    let mapping: Vec<_> = found.columns.iter().map(|column| found.mapping[column].as_str()).collect();
    assert_eq!(mapping, ["devices", "arguments.room", "arguments.floor:", "arguments.note"]);
    assert_eq!(found.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [5, 6], "{:?}", found.problems);
    assert_eq!(found.rows, 2);
    let mut request = stage.request(&[]);
    request.values.insert(
        "arguments".to_owned(),
        serde_json::from_value(json!([
            {"key": "urgent", "kind": "boolean", "value": "true"},
            {"key": "room", "kind": "number", "value": "1"},
        ]))
        .unwrap(),
    );
    request.rows = Some(found.values);
    let wrong = keydesk.start_run(request.clone(), &RunOptions::default()).await.err().unwrap();
    assert!(wrong.message.starts_with("Row 2: ") && wrong.field.as_deref() == Some("arguments"), "{wrong:?}");
    request.values.remove("arguments");
    let run = end(keydesk, keydesk.start_run(request, &RunOptions::default()).await.unwrap()).await;
    assert_eq!(known(run.counts), [2, 0, 0, 0]);
    let arguments = stage.counted.lock().unwrap().arguments.clone();
    assert_eq!(arguments["d1"], json!({"room": "204", "floor": 2}));
    assert_eq!(arguments["d2"], json!({"room": "9;b", "floor": 3, "note": "say \"hi\""}));
    // The person may say otherwise.
    let mapping = BTreeMap::from([("a".to_owned(), "devices".to_owned()), ("b".to_owned(), "workflow".to_owned())]);
    assert_eq!(preview("a,b\nd1,wf\n", Some(mapping)).unwrap().values[0]["workflow"], "wf");
    let nowhere = BTreeMap::from([("a".to_owned(), "nothing".to_owned())]);
    assert_eq!(preview("a\nd1\n", Some(nowhere)).unwrap_err().field.as_deref(), Some("mapping"));
    assert!(preview("", None).is_err());
    // Lines are counted as an editor does: with ends of two signs, empty ones at the beginning, and cells of several lines.
    let text = "\r\n\r\nDevice;room;floor:=\r\nd1;\"a\r\nb\";1\r\n\r\nd2;b;one\r\nd3;c;2\r\n;d;3\r\n";
    let found = preview(text, None).unwrap();
    assert_eq!((found.columns.len(), found.rows), (3, 2));
    assert_eq!(found.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [7, 9], "{:?}", found.problems);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_form_is_sent_by_its_name_and_outlives_the_app() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    let request = stage.request(&devices(3));
    let save = |name: &str, shortcut: Option<&str>| SaveTrigger {
        id: None,
        name: name.to_owned(),
        connection: request.connection.clone(),
        action: request.action.clone(),
        values: request.values.clone(),
        rows: None,
        shortcut: shortcut.map(str::to_owned),
        in_tray: true,
    };
    let mut signals = keydesk.signals();
    let saved = keydesk.save_trigger(save(" Evacuate ", Some("Ctrl+Alt+E"))).unwrap();
    assert_eq!((saved.name.as_str(), saved.in_tray), ("Evacuate", true));
    while signals.recv().await.unwrap() != Signal::TriggersChanged {}
    for (wrong, field) in
        [(save("evacuate", None), "name"), (save("Other", Some("Ctrl+Alt+E")), "shortcut"), (save(" ", None), "name")]
    {
        assert_eq!(keydesk.save_trigger(wrong).unwrap_err().field.as_deref(), Some(field));
    }
    let unfilled = SaveTrigger { values: BTreeMap::new(), ..save("Unfilled", None) };
    assert_eq!(keydesk.save_trigger(unfilled).unwrap_err().field.as_deref(), Some("workflow"));
    assert_eq!(stage.house.again().list_triggers(), std::slice::from_ref(&saved));
    let run = end(keydesk, keydesk.start_trigger(&saved.id, &RunOptions::default()).await.unwrap()).await;
    assert_eq!((known(run.counts), stage.done().len()), ([3, 0, 0, 0], 3));
    keydesk.save_trigger(SaveTrigger { id: Some(saved.id.clone()), ..save("Drill", None) }).unwrap();
    assert_eq!(keydesk.list_triggers().iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Drill"]);
    // What belongs to a connection goes with it.
    keydesk.remove_connection(&stage.connection.id).await.unwrap();
    assert!(keydesk.list_triggers().is_empty() && keydesk.list_runs(None).await.unwrap().is_empty());
}

/// A hotel of 2,000 devices, as a person sees it: names come in for those that are asked about, and each gets its trigger.
#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_devices_of_the_live_list_get_their_trigger() {
    let options = keydesk_sandbox::Options { trigger_devices: 2000, ..Default::default() };
    let (house, sandbox) = (House::new(), keydesk_sandbox::Sandbox::start(options).await.unwrap());
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    let choices = async |list| house.keydesk.list_choices(&connection.id, list).await.unwrap();
    let (workflows, devices) = (choices("workflows").await, choices("devices").await);
    assert_eq!(devices.len(), 2000);
    let request = ActionRequest {
        connection: connection.id.clone(),
        action: "send_trigger".to_owned(),
        values: [
            ("workflow".to_owned(), FieldValue::Text(workflows[0].value.clone())),
            ("devices".to_owned(), FieldValue::Several(devices.iter().map(|device| device.value.clone()).collect())),
        ]
        .into(),
        rows: None,
    };
    let options = RunOptions { confirmed: true, ..RunOptions::default() };
    let run = end(&house.keydesk, house.keydesk.start_run(request, &options).await.unwrap()).await;
    assert_eq!(known(run.counts), [2000, 0, 0, 0]);
    let reached: BTreeSet<String> = sandbox.triggers().into_iter().map(|trigger| trigger.device_id).collect();
    assert_eq!((sandbox.triggers().len(), reached.len()), (2000, 2000));
}
