//! I7: the person is asked once for each program and connection, and sees, takes back and outlives what was granted.

use keydesk_core::{ActivityEvent, GrantFor, NotHandedOut};
use keydesk_support::wait_until;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;

use super::{SOON, Stage, path};

#[tokio::test(flavor = "multi_thread")]
async fn i7_the_first_use_asks_with_program_and_connection_and_what_is_granted_is_listed_and_ends() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.logged_in().await;
    for (grant, seconds) in [(GrantFor::Hour, 3600), (GrantFor::Day, 86_400), (GrantFor::Month, 30 * 86_400)] {
        let path = path(&connection);
        let allow = async {
            let ask = stage.ask().await;
            assert_eq!((ask.program.as_str(), ask.program_name.as_str()), ("backup", "Backup"));
            assert_eq!(ask.connection, connection.id);
            stage.house.keydesk.answer_ask(&ask.id, Some(grant)).unwrap()
        };
        let (answer, view) = tokio::join!(stage.asks(&path), allow);
        answer.token();
        let [granted] = &view.programs[0].grants[..] else { panic!("{view:?}") };
        assert_eq!(granted.connection, connection.id);
        assert_eq!(granted.ends_at.as_second() - granted.granted_at.as_second(), seconds);
        assert!(view.asks.is_empty());
        stage.asks(&path).await.token();
        assert!(stage.view().programs[0].last_used_at.is_some());
        stage.house.clock.forward(seconds - 60);
        stage.house.keydesk.renew_token(&connection.id).await.unwrap();
        stage.asks(&path).await.token();
        stage.house.clock.forward(61);
        assert!(stage.view().programs[0].grants.is_empty());
    }
    let granted = ActivityEvent::ProgramGranted { program: "Backup".to_owned(), grant_for: GrantFor::Day };
    assert!(stage.activity().await.contains(&(Some(connection.id), granted)));
}

#[tokio::test(flavor = "multi_thread")]
async fn i7_for_once_is_for_one_request_also_where_several_wait_together() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.logged_in().await;
    let path = path(&connection);
    let person = async {
        let first = stage.ask().await;
        // Both wait for the same answer.
        stage.house.keydesk.answer_ask(&first.id, Some(GrantFor::Once)).unwrap();
        let second = async || stage.view().asks.into_iter().find(|ask| ask.id != first.id);
        let second = keydesk_support::wait_for(second, SOON, "the other to ask").await.unwrap();
        stage.house.keydesk.answer_ask(&second.id, None).unwrap();
    };
    let (one, other, ()) = tokio::join!(stage.asks(&path), stage.asks(&path), person);
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403]);
    assert!(stage.view().programs[0].grants.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn i7_who_is_refused_does_not_ask_again_for_a_minute() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.logged_in().await;
    let path = path(&connection);
    let refuse = async { stage.house.keydesk.answer_ask(&stage.ask().await.id, None).unwrap() };
    let (answer, _) = tokio::join!(stage.asks(&path), refuse);
    answer.is(403, "refused");
    assert!(answer.head.contains("retry-after: 60"), "{answer:?}");
    stage.house.clock.forward(30);
    // Nobody is asked: nobody answers here.
    stage.asks(&path).await.is(403, "refused");
    stage.house.clock.forward(31);
    let allow = async { stage.house.keydesk.answer_ask(&stage.ask().await.id, Some(GrantFor::Hour)).unwrap() };
    tokio::join!(stage.asks(&path), allow).0.token();
    let refused =
        ActivityEvent::TokenNotHandedOut { program: Some("Backup".to_owned()), reason: NotHandedOut::Refused };
    assert!(stage.activity().await.contains(&(Some(connection.id), refused)));
}

#[tokio::test(flavor = "multi_thread")]
async fn i7_nobody_answers_for_a_minute_and_the_program_is_told_so() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.logged_in().await;
    let path = path(&connection);
    let nobody = async {
        let ask = stage.ask().await;
        assert_eq!(ask.ends_at.as_second() - ask.asked_at.as_second(), 60);
        stage.house.clock.forward(61);
        ask
    };
    let (answer, ask) = tokio::join!(stage.asks(&path), nobody);
    answer.is(403, "not_answered");
    assert!(stage.view().asks.is_empty());
    assert!(stage.house.keydesk.answer_ask(&ask.id, Some(GrantFor::Hour)).is_err(), "it is too late");
    assert!(stage.view().programs[0].grants.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn i7_a_program_that_goes_away_is_not_asked_for_any_more() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.logged_in().await;
    let mut stream = UnixStream::connect(stage.socket()).await.unwrap();
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n\r\n", path(&connection), stage.header());
    stream.write_all(request.as_bytes()).await.unwrap();
    stage.ask().await;
    drop(stream);
    wait_until(async || stage.view().asks.is_empty(), SOON, "the question to be withdrawn").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn i7_what_is_taken_back_counts_at_once_also_for_who_waits_and_also_from_another_process() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    let path = path(&connection);
    stage.asks(&path).await.token();
    // As the command line does, beside the window.
    let other = stage.house.again();
    other.revoke_grant("backup", &connection.id).unwrap();
    let gone = async {
        stage.ask().await;
        other.remove_program("backup").unwrap();
    };
    let header = stage.header();
    let (answer, ()) = tokio::join!(stage.asks(&path), gone);
    answer.is(403, "refused");
    let again = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n");
    stage.says(&again).await.is(401, "wrong_secret");
    assert_eq!(stage.handed_out().await, 1);
    let revoked = ActivityEvent::GrantRevoked { program: "Backup".to_owned() };
    let told = async || {
        let query = keydesk_core::ActivityQuery { limit: 500, ..Default::default() };
        other.list_activity(query).await.unwrap().iter().any(|entry| entry.event == revoked)
    };
    wait_until(told, SOON, "the revocation to be written down").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_removed_takes_its_grants_along() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    stage.house.keydesk.remove_connection(&connection.id).await.unwrap();
    assert!(stage.view().programs[0].grants.is_empty());
    stage.asks(&path(&connection)).await.is(404, "unknown_connection");
}

/// I7: what was granted was that account's token.
#[tokio::test(flavor = "multi_thread")]
async fn i7_logging_out_takes_the_grants_of_a_connection_back() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    stage.asks(&path(&connection)).await.token();
    stage.house.keydesk.log_out(&connection.id).await.unwrap();
    assert!(stage.view().programs[0].grants.is_empty());
}

/// I3: the secret of one that was removed is no longer good for one that is added by the same name.
#[tokio::test(flavor = "multi_thread")]
async fn i3_a_program_that_is_added_again_has_another_secret() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    let old = stage.header();
    // By another process, faster than this one looks.
    let another = stage.house.again();
    another.remove_program("backup").unwrap();
    another.add_program("Backup").unwrap();
    wait_until(async || stage.header() != old, SOON, "another header").await.unwrap();
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n{old}\r\n\r\n", path(&connection));
    stage.says(&request).await.is(401, "wrong_secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_told_apart_by_their_names_and_their_files_by_safe_words() {
    let stage = Stage::with(false).await;
    let keydesk = &stage.house.keydesk;
    for (name, id) in
        [("Nightly report!", "nightly-report"), ("Nightly: report", "nightly-report-2"), ("日報", "program")]
    {
        let view = keydesk.add_program(name).unwrap();
        assert_eq!(view.programs.last().unwrap().id, id);
    }
    for name in ["", "  ", "BACKUP", "a\nb", &"x".repeat(61)] {
        assert_eq!(keydesk.add_program(name).unwrap_err().field.as_deref(), Some("name"), "{name}");
    }
    assert!(keydesk.remove_program("../backup").is_err());
    assert_eq!(keydesk.read_broker().programs.len(), 4);
}
