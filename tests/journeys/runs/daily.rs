//! The limit of a day, told apart from the short one, at a server that has both.

use std::collections::BTreeMap;

use keydesk_core::{ActionRequest, ErrorCode, FieldValue, RunOptions, RunState, TargetState};
use keydesk_sandbox::{Options, Sandbox};

use super::stage::{end, known, rows, until};
use crate::house::House;

/// Reads the files of a folder so many times, as the form begins.
fn reading(house: &House, connection: &str, folder: &str, times: usize) -> ActionRequest {
    let action =
        house.keydesk.list_actions(connection).unwrap().into_iter().find(|action| action.id == "files").unwrap();
    let initial = action.fields.into_iter().filter_map(|field| Some((field.id, FieldValue::Text(field.initial?))));
    let row = BTreeMap::from([("folder".to_owned(), folder.to_owned())]);
    ActionRequest {
        connection: connection.to_owned(),
        action: action.id,
        values: initial.collect(),
        rows: Some(vec![row; times]),
    }
}

/// Section 2.2: the daily limit is a 429 too, in plain text, and not to be tried again by itself.
#[tokio::test(flavor = "multi_thread")]
async fn h8_the_limit_of_a_day_pauses_a_run_says_when_it_ends_and_nothing_is_tried_again_by_itself() {
    let options = Options { image_relay_rate: None, image_relay_daily_limit: Some(0), ..Options::default() };
    let sandbox = Sandbox::start(Options { image_relay_daily_limit: None, ..options.clone() }).await.unwrap();
    let house = House::new();
    let connection = house.connect_at(&sandbox, "image-relay");
    house.log_in_at(&sandbox, &connection, "api_key").await;
    let folder = house.keydesk.list_choices(&connection.id, "folders").await.unwrap().remove(0).value;
    let read = |times| reading(&house, &connection.id, &folder, times);
    // A single request fails, and says why.
    sandbox.change(|now| *now = options.clone());
    let run = RunOptions { confirmed: true, ..RunOptions::default() };
    let single = crate::house::over(&house.keydesk, house.keydesk.start_run(read(1), &run).await.unwrap()).await;
    let error = single.results[0].error.clone().unwrap();
    assert_eq!((error.code, error.status, error.retryable), (ErrorCode::DailyLimit, Some(429), false));
    assert!(error.message.contains("Access will resume at"), "{}", error.message);
    let left = error.retry_after.unwrap();
    assert!(left <= 24 * 3600, "until midnight in UTC: {left}");

    // A run pauses at its first, and not one more is sent.
    let path = format!("/image-relay/api/v2/folders/{folder}/files.json");
    let asked = sandbox.count(&path);
    let mut started = house.keydesk.start_run(read(12), &run).await.unwrap();
    let paused = until(&mut started, |run| run.state == RunState::Paused && run.counts.sending == 0).await;
    assert_eq!((paused.note, paused.counts.waiting, paused.counts.failed), (Some(ErrorCode::DailyLimit), 12, 0));
    assert_eq!(sandbox.count(&path) - asked, 1);
    let resumes: jiff::Timestamp = paused.waits_until.as_deref().unwrap().parse().unwrap();
    let midnight = resumes.to_zoned(jiff::tz::TimeZone::UTC).round(jiff::Unit::Minute).unwrap().time();
    assert_eq!(midnight, jiff::civil::Time::midnight());
    let row = rows(&house.keydesk, &paused, Some(TargetState::Waiting)).await.remove(0);
    assert_eq!(row.error.unwrap().code, ErrorCode::DailyLimit);
    // Another Keydesk reads so in the file.
    let seen = house.again().list_runs(None).await.unwrap().remove(0);
    let to_the_second = |at: &str| at.parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!((seen.state, seen.note), (RunState::Paused, Some(ErrorCode::DailyLimit)));
    assert_eq!(seen.waits_until.as_deref().map(to_the_second), Some(resumes.as_second()));

    // Going on too early pauses again; when the day is over it is done.
    let mut resumed = house.keydesk.resume_run(&paused.id).await.unwrap();
    assert_eq!((resumed.run.state, &resumed.run.waits_until), (RunState::Running, &None));
    let again = until(&mut resumed, |run| run.state == RunState::Paused && run.counts.sending == 0).await;
    assert_eq!((again.note, again.counts.waiting), (Some(ErrorCode::DailyLimit), 12));
    sandbox.change(|now| now.image_relay_daily_limit = None);
    let resumed = house.keydesk.resume_run(&paused.id).await.unwrap();
    let done = end(&house.keydesk, resumed).await;
    assert_eq!((known(done.counts), done.note, done.waits_until), ([12, 0, 0, 0], None, None));
}
