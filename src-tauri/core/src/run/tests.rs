//! The file of runs.

use jiff::Timestamp;

use super::step::{Claimed, Step, Told};
use super::table::{Head, Table};
use super::view::{RunQuery, RunState, TargetState};
use crate::action::{Form, Outcome, Row, Target};
use crate::error::{Error, ErrorCode};

fn head(id: &str) -> Head {
    Head {
        id: id.to_owned(),
        connection: "c".to_owned(),
        action: "a".to_owned(),
        label: "An action".to_owned(),
        form: Form::default(),
        at_once: 8,
        per_second: None,
        began_at: Timestamp::UNIX_EPOCH,
        retry_of: None,
    }
}

fn targets(count: usize) -> Vec<Target> {
    let target = |number: usize| Target { value: Some(format!("t{number}")), ..Target::default() };
    (1..=count).map(target).collect()
}

fn claim(table: &mut Table, run: i64, claim: u32) -> Vec<Claimed> {
    table.step(run, &Step { claim, ..Step::default() }).unwrap()
}

fn told(number: u32, state: TargetState) -> Told {
    let outcome = match state {
        TargetState::Accepted => Outcome::of_json(&"done", None),
        _ => Outcome::failed(Error::new(ErrorCode::NotFound, "The server answered 404.").with_status(404)),
    };
    Told { number, state, attempts: 1, outcome }
}

fn tell(table: &mut Table, run: i64, all: &[(u32, TargetState)]) {
    let told = all.iter().map(|(number, state)| told(*number, *state)).collect();
    table.step(run, &Step { told, bodies: true, ..Step::default() }).unwrap();
}

#[test]
fn h8_a_target_is_marked_once_and_what_is_let_go_is_marked_again_first() {
    let mut table = Table::in_memory().unwrap();
    let run = table.begin(&head("r"), Some("me"), &targets(5)).unwrap();
    let numbers = |claimed: Vec<Claimed>| claimed.into_iter().map(|one| one.number).collect::<Vec<_>>();
    assert_eq!(numbers(claim(&mut table, run, 2)), [1, 2]);
    assert_eq!(numbers(claim(&mut table, run, 2)), [3, 4]);
    table.step(run, &Step { released: vec![2], ..Step::default() }).unwrap();
    tell(&mut table, run, &[(1, TargetState::Accepted), (3, TargetState::Waiting)]);
    assert_eq!(numbers(claim(&mut table, run, 9)), [2, 3, 5]);
    let counts = table.run("r").unwrap().unwrap().view.counts;
    assert_eq!((counts.waiting, counts.sending, counts.accepted), (0, 4, 1));
}

#[test]
fn h8_what_a_process_that_is_gone_was_sending_is_unknown_and_its_run_interrupted() {
    let mut table = Table::in_memory().unwrap();
    let run = table.begin(&head("r"), Some("me"), &targets(5)).unwrap();
    claim(&mut table, run, 3);
    tell(&mut table, run, &[(1, TargetState::Accepted)]);
    assert_eq!(table.holders().unwrap(), ["me"]);
    table.abandoned("another").unwrap();
    assert_eq!(table.run("r").unwrap().unwrap().view.state, RunState::Running);
    table.abandoned("me").unwrap();
    let view = table.run("r").unwrap().unwrap().view;
    assert_eq!(view.state, RunState::Interrupted);
    assert_eq!((view.counts.accepted, view.counts.unknown, view.counts.waiting, view.counts.sending), (1, 2, 2, 0));
    // Only one goes on with it.
    assert!(table.take_up("r", Some("one")).unwrap());
    assert!(!table.take_up("r", Some("other")).unwrap());
    assert_eq!(claim(&mut table, run, 9).len(), 2, "what is unknown is not sent again");
}

#[test]
fn h8_what_is_tried_again_is_in_one_other_run_and_the_old_one_does_not_go_on() {
    let mut table = Table::in_memory().unwrap();
    let run = table.begin(&head("r"), Some("me"), &targets(4)).unwrap();
    claim(&mut table, run, 3);
    tell(&mut table, run, &[(1, TargetState::Accepted), (2, TargetState::Failed)]);
    let failed = [TargetState::Failed, TargetState::Unknown];
    assert!(table.begin_again(&head("s"), "me", run, &failed).unwrap().is_none(), "it is under way");
    table.abandoned("me").unwrap();
    let (again, total) = table.begin_again(&head("s"), "me", run, &failed).unwrap().unwrap();
    assert_eq!(total, 2);
    let claimed: Vec<_> = claim(&mut table, again, 9).into_iter().filter_map(|one| one.target.value).collect();
    assert_eq!(claimed, ["t2", "t3"]);
    assert!(table.begin_again(&head("t"), "me", run, &failed).unwrap().is_none(), "not twice");
    assert_eq!(table.run("r").unwrap().unwrap().view.state, RunState::Stopped);
    assert!(!table.take_up("r", Some("me")).unwrap());
}

#[test]
fn h8_what_a_run_that_is_removed_did_not_do_can_be_tried_again_and_what_it_did_cannot() {
    let mut table = Table::in_memory().unwrap();
    let run = table.begin(&head("r"), Some("me"), &targets(4)).unwrap();
    claim(&mut table, run, 4);
    tell(&mut table, run, &[1, 2, 3, 4].map(|number| (number, TargetState::Failed)));
    table.abandoned("me").unwrap();
    let failed = [TargetState::Failed];
    let retry = |id: &str, of: &str| Head { retry_of: Some(of.to_owned()), ..head(id) };
    let (again, _) = table.begin_again(&retry("s", "r"), "me", run, &failed).unwrap().unwrap();
    claim(&mut table, again, 4);
    tell(&mut table, again, &[(1, TargetState::Accepted), (2, TargetState::Failed), (3, TargetState::Failed)]);
    table.abandoned("me").unwrap();
    // The fourth is unknown now. One of those that failed is taken up by a third.
    tell(&mut table, again, &[(3, TargetState::Accepted)]);
    let (third, _) = table.begin_again(&retry("t", "s"), "me", again, &failed).unwrap().unwrap();
    assert_eq!(claim(&mut table, third, 4).len(), 1);
    tell(&mut table, again, &[(3, TargetState::Failed)]);
    table.remove(Some("s"), None).unwrap();
    let (fourth, total) = table.begin_again(&retry("u", "r"), "me", run, &failed).unwrap().unwrap();
    let claimed: Vec<_> = claim(&mut table, fourth, 9).into_iter().filter_map(|one| one.target.value).collect();
    assert_eq!((total, claimed), (1, vec!["t3".to_owned()]));
}

#[test]
fn rows_are_found_by_state_and_text_and_a_body_is_read_with_its_row() {
    let home = tempfile::tempdir().unwrap();
    let mut table = Table::open(&home.path().join("runs.sqlite")).unwrap();
    let row = Row::from([("arguments.room".to_owned(), "204".to_owned())]);
    let named = Target { value: Some("t1".to_owned()), label: Some("Front desk".to_owned()), row: Some(row.clone()) };
    let run = table.begin(&head("r"), None, &[named, targets(2).remove(1)]).unwrap();
    let claimed = claim(&mut table, run, 9);
    assert_eq!(claimed[0].target.row, Some(row));
    tell(&mut table, run, &[(1, TargetState::Accepted), (2, TargetState::Failed)]);
    let find = |state, search: &str| {
        let query = RunQuery { state, search: Some(search.to_owned()), offset: 0, limit: 10 };
        let (rows, total) = table.rows(run, &query).unwrap();
        assert_eq!(rows.len(), total as usize);
        rows.into_iter().map(|row| row.number).collect::<Vec<_>>()
    };
    assert_eq!(find(None, ""), [1, 2]);
    assert_eq!(find(Some(TargetState::Failed), ""), [2]);
    assert_eq!((find(None, "front"), find(None, "404"), find(None, "t")), (vec![1], vec![2], vec![1, 2]));
    let row = table.row(run, 1).unwrap().unwrap();
    assert_eq!((row.body.as_deref(), row.state), (Some("\"done\""), TargetState::Accepted));
    assert_eq!(table.row(run, 2).unwrap().unwrap().error.unwrap().status, Some(404));
}

#[test]
fn old_runs_are_let_go_but_none_that_is_not_over() {
    let mut table = Table::in_memory().unwrap();
    let unfinished = table.begin(&head("unfinished"), None, &targets(1)).unwrap();
    assert_eq!(unfinished, 1);
    for number in 0..230 {
        let run = table.begin(&head(&format!("r{number}")), None, &targets(2)).unwrap();
        let over =
            Step { state: Some((RunState::Done, None)), ended_at: Some(Timestamp::UNIX_EPOCH), ..Step::default() };
        table.step(run, &over).unwrap();
    }
    let runs = table.runs(None).unwrap();
    assert_eq!(runs.len(), 201);
    assert_eq!(runs.last().unwrap().view.id, "unfinished");
    let rows: u32 = table.file.query_row("SELECT count(*) FROM target", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 200 * 2 + 1);
}

#[test]
fn a_file_of_before_is_read_and_gone_on_with() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("runs.sqlite");
    let mut table = Table::open(&file).unwrap();
    table.begin(&head("r"), Some("me"), &targets(2)).unwrap();
    table.file.execute_batch("ALTER TABLE run DROP COLUMN resumes_ms").unwrap();
    drop(table);
    let mut table = Table::open(&file).unwrap();
    let at = Timestamp::from_second(1_800_000_000).unwrap();
    let state = Some((RunState::Paused, Some(ErrorCode::DailyLimit)));
    table.step(1, &Step { state, resumes: Some(at), ..Step::default() }).unwrap();
    let view = Table::open(&file).unwrap().run("r").unwrap().unwrap().view;
    assert_eq!((view.note, view.waits_until), (Some(ErrorCode::DailyLimit), Some(at.to_string())));
}
