//! Two Keydesks at one home, as a window and a command are: what one does, the other respects.

use std::sync::Arc;
use std::time::Duration;

use keydesk_core::{
    ActivityEvent, ConnectionView, ErrorCode, KeptIn, Keydesk, LogIn, Need, RenewalCause, Revoked, Secret, TokenState,
};
use keydesk_support::{Answer, FakeServer, wait_until};
use serde_json::json;
use tokio::sync::watch;

use crate::house::House;
use crate::store::{PASSPHRASE, SOON, Stage, TOKEN, pair, refresh, token, view};

fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A login by another process than that of the stage.
async fn log_in_at(keydesk: &Arc<Keydesk>, stage: &Stage, connection: &ConnectionView, number: u32) {
    stage.server.answer(TOKEN, pair(number));
    let fields = [("token".to_owned(), Secret::new("pasted"))].into();
    let (connection, login) = (connection.id.clone(), "refresh_token".to_owned());
    keydesk.log_in(LogIn { connection, login, fields, keep: Vec::new() }).await.unwrap();
}

fn invalid_grant() -> Answer {
    Answer::json(400, &json!({"error": "invalid_grant"}))
}

/// A login that could not be kept is older than the one that another process has made since.
#[tokio::test(flavor = "multi_thread")]
async fn e2_what_could_not_be_kept_is_not_written_over_a_newer_login_of_another_process() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    stage.keydesk().use_memory_only().await.unwrap();
    stage.log_in(&connection, 2).await.unwrap();
    let another = stage.another_with_file().await;
    log_in_at(&another, &stage, &connection, 3).await;
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(3));
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(3));
    assert_eq!(token(stage.keydesk(), &connection).await.unwrap(), "canary-access-3-5d1f7c");
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_what_could_not_be_kept_is_kept_where_another_process_has_nothing_newer() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    stage.keydesk().use_memory_only().await.unwrap();
    stage.log_in(&connection, 2).await.unwrap();
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

/// E3: in memory only, a process goes on with what nobody else has: whoever reads the file must not send what is there.
#[tokio::test(flavor = "multi_thread")]
async fn e3_a_refresh_token_that_a_process_in_memory_only_has_spent_is_not_sent_by_another() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    stage.keydesk().use_memory_only().await.unwrap();
    stage.server.answer(TOKEN, pair(2));
    stage.keydesk().renew_token(&connection.id).await.unwrap();
    let another = stage.another_with_file().await;
    let error = another.renew_token(&connection.id).await.unwrap_err();
    assert_eq!((error.code, stage.sent()), (ErrorCode::LoginNeeded, vec![refresh(1)]));
    // Another login in memory only is no reason to leave alone what is kept.
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    stage.server.answer(TOKEN, pair(3));
    another.renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.sent(), [refresh(1), refresh(2)]);
}

/// And the other way about: what another process has renewed is not sent by one that does not look any more.
#[tokio::test(flavor = "multi_thread")]
async fn e2_a_process_in_memory_only_does_not_send_a_refresh_token_that_another_has_spent() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    stage.keydesk().use_memory_only().await.unwrap();
    let another = stage.another_with_file().await;
    stage.server.answer(TOKEN, pair(2));
    another.renew_token(&connection.id).await.unwrap();
    stage.house.clock.forward(7200);
    assert_eq!(token(stage.keydesk(), &connection).await, Err(ErrorCode::LoginNeeded));
    for _ in 0..3 {
        stage.keydesk().renew_ahead().await;
    }
    assert_eq!(stage.sent(), [refresh(1)]);
    let failed = ActivityEvent::RenewalFailed { cause: RenewalCause::Expired, code: ErrorCode::LoginNeeded };
    let told = stage.house.activity(&connection).await;
    assert_eq!(told.iter().filter(|event| matches!(event, ActivityEvent::RenewalFailed { .. })).count(), 1);
    assert!(told.contains(&failed));
    // With the file it goes on.
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    stage.server.answer(TOKEN, pair(3));
    assert_eq!(token(stage.keydesk(), &connection).await.unwrap(), "canary-access-3-5d1f7c");
    assert_eq!(stage.sent(), [refresh(1), refresh(2)]);
}

/// The clock is set back between keeping and renewing: what the file still has is older all the same.
#[tokio::test(flavor = "multi_thread")]
async fn e3_a_clock_that_is_set_back_does_not_make_the_old_token_the_newer_one() {
    let stage = Stage::with_file().await;
    stage.house.clock.forward(3600);
    let connection = stage.logged_in(1).await;
    stage.house.clock.forward(-3600);
    stage.writable(false);
    stage.server.answer(TOKEN, pair(2));
    stage.keydesk().renew_token(&connection.id).await.unwrap();
    stage.writable(true);
    stage.keydesk().look_at_store().await;
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
    // Nor with a login.
    stage.house.clock.forward(-3600);
    stage.writable(false);
    stage.log_in(&connection, 3).await.unwrap();
    stage.writable(true);
    stage.keydesk().look_at_store().await;
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(3));
}

/// E6: the answer was lost in one process; the other does not send the same a third time.
#[tokio::test(flavor = "multi_thread")]
async fn e6_a_doubt_of_one_process_is_one_of_the_other_that_had_the_token_before() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let another = stage.another_with_file().await;
    assert_eq!(token(&another, &connection).await.unwrap(), "canary-access-1-5d1f7c");
    stage.house.clock.forward(7200);
    stage.server.always(TOKEN, Answer::raw(""));
    assert_eq!(token(stage.keydesk(), &connection).await, Err(ErrorCode::RenewalInDoubt));
    assert_eq!(token(&another, &connection).await, Err(ErrorCode::RenewalInDoubt));
    another.renew_ahead().await;
    assert_eq!(stage.sent(), [refresh(1), refresh(1)]);
    assert_eq!(view(&another, &connection).token.need, Some(Need::Renew));
}

/// A login takes the place of another: whoever cannot see it does not go on with the old one.
#[tokio::test(flavor = "multi_thread")]
async fn e2_a_login_that_another_process_has_replaced_is_not_renewed_where_the_new_one_cannot_be_seen() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    stage.keydesk().use_memory_only().await.unwrap();
    let other = stage.another_with_file().await;
    assert_eq!(token(&other, &connection).await.unwrap(), "canary-access-1-5d1f7c");
    log_in_at(&other, &stage, &connection, 2).await;
    stage.house.clock.forward(7200);
    assert_eq!(token(stage.keydesk(), &connection).await, Err(ErrorCode::LoginNeeded));
    assert!(stage.sent().is_empty());
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

/// A renewal of an older login is not newer than a login: the person's last word counts.
#[tokio::test(flavor = "multi_thread")]
async fn e2_a_renewal_of_an_older_login_does_not_take_the_place_of_a_later_one() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let another = stage.another_with_file().await;
    stage.keydesk().use_memory_only().await.unwrap();
    stage.log_in(&connection, 2).await.unwrap();
    stage.server.answer(TOKEN, pair(3));
    another.renew_token(&connection.id).await.unwrap();
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

/// Some servers give the same refresh token again: what was just given is good.
#[tokio::test(flavor = "multi_thread")]
async fn e4_a_refresh_token_that_a_login_gives_again_is_no_spent_one() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    for number in [2, 1] {
        stage.log_in(&connection, number).await.unwrap();
    }
    stage.keydesk().use_memory_only().await.unwrap();
    stage.server.answer(TOKEN, pair(3));
    stage.keydesk().renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.sent(), [refresh(1)]);
}

/// E6: what one has settled is settled for the other, also where neither list nor token says so before it looks.
#[tokio::test(flavor = "multi_thread")]
async fn e6_a_doubt_that_another_process_has_settled_heals() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let another = stage.another_with_file().await;
    stage.house.clock.forward(7200);
    stage.server.answer(TOKEN, Answer::raw(""));
    stage.server.answer(TOKEN, Answer::raw(""));
    assert_eq!(token(stage.keydesk(), &connection).await, Err(ErrorCode::RenewalInDoubt));
    stage.server.answer(TOKEN, pair(2));
    another.renew_token(&connection.id).await.unwrap();
    stage.keydesk().renew_ahead().await;
    let view = view(stage.keydesk(), &connection).token;
    assert_eq!((view.state, view.need, stage.sent().len()), (TokenState::Fresh, None, 3));
}

/// F3: who comes to a file that another process has chosen meanwhile does not write over what that has kept there.
#[tokio::test(flavor = "multi_thread")]
async fn f3_what_is_in_memory_only_does_not_go_over_a_newer_login_in_a_file_that_another_process_chose() {
    let stage = Stage::new().await;
    stage.keydesk().use_memory_only().await.unwrap();
    let connection = stage.logged_in(1).await;
    let another = stage.another_with_file().await;
    log_in_at(&another, &stage, &connection, 2).await;
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
    assert_eq!(token(stage.keydesk(), &connection).await.unwrap(), "canary-access-2-5d1f7c");
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_what_one_process_logs_out_is_forgotten_by_the_others() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let another = stage.another_with_file().await;
    assert_eq!(token(&another, &connection).await.unwrap(), "canary-access-1-5d1f7c");
    stage.keydesk().log_out(&connection.id).await.unwrap();
    another.look_at_store().await;
    assert_eq!(view(&another, &connection).token.state, TokenState::None);
    assert_eq!(token(&another, &connection).await, Err(ErrorCode::LoginNeeded));
    // And a login after it is one.
    stage.log_in(&connection, 2).await.unwrap();
    another.look_at_store().await;
    assert_eq!(token(&another, &connection).await.unwrap(), "canary-access-2-5d1f7c");
    assert_eq!(token(&stage.another_with_file().await, &connection).await.unwrap(), "canary-access-2-5d1f7c");
}

/// F13: what could not be deleted is not there again, neither here nor at the next start, and is deleted when it can be.
#[tokio::test(flavor = "multi_thread")]
async fn f13_a_log_out_whose_deletion_failed_stays_one_and_is_made_up_for() {
    let stage = Stage::with_file().await;
    let (connection, other) = (stage.logged_in(1).await, stage.logged_in(10).await);
    stage.writable(false);
    let ended = stage.keydesk().log_out(&connection.id).await.unwrap();
    assert_eq!(ended.not_deleted.unwrap().code, ErrorCode::StoreFailed);
    assert_eq!(ended.connection.token.state, TokenState::None);
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(1));
    stage.keydesk().look_at_store().await;
    assert_eq!(view(stage.keydesk(), &connection).token.state, TokenState::None);
    stage.writable(true);
    let next = stage.another_with_file().await;
    assert_eq!(token(&next, &connection).await, Err(ErrorCode::LoginNeeded));
    assert!(!stage.decrypted().contains_key(&connection.id), "the next process has deleted it");
    assert_eq!(token(&next, &other).await.unwrap(), "canary-access-10-5d1f7c");
}

/// A login in memory only writes nothing over what is still kept: that stays logged out.
#[tokio::test(flavor = "multi_thread")]
async fn f13_a_login_in_memory_only_does_not_bring_back_what_was_logged_out_and_could_not_be_deleted() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    stage.writable(false);
    stage.keydesk().log_out(&connection.id).await.unwrap();
    stage.keydesk().use_memory_only().await.unwrap();
    stage.log_in(&connection, 2).await.unwrap();
    stage.writable(true);
    assert_eq!(token(&stage.another_with_file().await, &connection).await, Err(ErrorCode::LoginNeeded));
    assert!(!stage.decrypted().contains_key(&connection.id));
    // And it is kept when the person wants it to be.
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
    stage.keydesk().look_at_store().await;
    assert_eq!(token(&stage.another_with_file().await, &connection).await.unwrap(), "canary-access-2-5d1f7c");
}

/// The window had the token that the command has logged out: a login that begins then is one after it.
#[tokio::test(flavor = "multi_thread")]
async fn f13_a_login_right_after_another_process_has_logged_out_is_kept() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let another = stage.another_with_file().await;
    assert_eq!(token(&another, &connection).await.unwrap(), "canary-access-1-5d1f7c");
    stage.keydesk().log_out(&connection.id).await.unwrap();
    let (release, held) = watch::channel(false);
    stage.server.answer(TOKEN, pair(2).held(&held));
    let before = stage.server.received_at(TOKEN).len();
    let logging_in = {
        let fields = [("token".to_owned(), Secret::new("pasted"))].into();
        let (id, login) = (connection.id.clone(), "refresh_token".to_owned());
        let another = another.clone();
        tokio::spawn(async move { another.log_in(LogIn { connection: id, login, fields, keep: Vec::new() }).await })
    };
    wait_until(async || stage.server.received_at(TOKEN).len() > before, SOON, "the login").await.unwrap();
    // The look that comes every twenty seconds.
    another.look_at_store().await;
    release.send(true).unwrap();
    logging_in.await.unwrap().unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

/// E14: what another process has in its memory only cannot be ended by this one, and is not said to be.
#[tokio::test(flavor = "multi_thread")]
async fn e14_a_token_that_is_not_the_newest_is_not_said_to_be_ended() {
    let house = House::new();
    let (server, connection) = by_password(&house).await;
    let spent = json!({"refresh_tokens_sha256": [sha256(&refresh(1))], "kept": true});
    let journal = house.home.path().join("data/journal").join(format!("{}.spent.json", connection.id));
    std::fs::write(journal, spent.to_string()).unwrap();
    let at_server = house.keydesk.log_out(&connection.id).await.unwrap().at_server;
    assert!(at_server.revoked.is_empty());
    assert_eq!(
        at_server.not_revoked.iter().map(|not| not.what).collect::<Vec<_>>(),
        [Revoked::RefreshToken, Revoked::AccessToken]
    );
    assert_eq!(server.received_at("/revoke").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_what_a_log_out_still_owes_takes_no_later_login_away() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    stage.writable(false);
    stage.keydesk().log_out(&connection.id).await.unwrap();
    stage.writable(true);
    stage.log_in(&connection, 2).await.unwrap();
    stage.keydesk().look_at_store().await;
    let next = stage.another_with_file().await;
    assert_eq!(token(&next, &connection).await.unwrap(), "canary-access-2-5d1f7c");
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

/// E6: the renewal of the old token is refused after a new login was made: that says nothing of the new one.
#[tokio::test(flavor = "multi_thread")]
async fn e6_a_refusal_that_comes_after_a_new_login_does_not_end_it() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let (release, held) = watch::channel(false);
    stage.server.answer(TOKEN, invalid_grant().held(&held));
    let renewing = {
        let (keydesk, id) = (stage.keydesk().clone(), connection.id.clone());
        tokio::spawn(async move { keydesk.renew_token(&id).await })
    };
    wait_until(async || !stage.sent().is_empty(), SOON, "the renewal to be sent").await.unwrap();
    let before = stage.server.received_at(TOKEN).len();
    let log_in = stage.log_in(&connection, 2);
    let refusal = async {
        // The login has its answer and waits for the renewal to end.
        wait_until(async || stage.server.received_at(TOKEN).len() > before, SOON, "the login").await.unwrap();
        wait_until(
            async || token(stage.keydesk(), &connection).await.as_deref() == Ok("canary-access-2-5d1f7c"),
            SOON,
            "the new token",
        )
        .await
        .unwrap();
        release.send(true).unwrap();
    };
    tokio::join!(async { log_in.await.unwrap() }, refusal);
    renewing.await.unwrap().unwrap_err();
    for keydesk in [stage.keydesk().clone(), stage.another_with_file().await] {
        assert_eq!(token(&keydesk, &connection).await.unwrap(), "canary-access-2-5d1f7c");
        let token = view(&keydesk, &connection).token;
        assert_eq!((token.state, token.last_error.map(|error| error.code)), (TokenState::Fresh, None));
    }
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

/// A server of the test's own for “Another API”, whose way in is the password: its renewal is a request that its file describes.
async fn by_password(house: &House) -> (FakeServer, ConnectionView) {
    let server = FakeServer::start().await.unwrap();
    let base = format!("http://127.0.0.1:{}", server.address().port());
    let configuration = json!({
        "issuer": base, "authorization_endpoint": format!("{base}/authorize"), "token_endpoint": format!("{base}{TOKEN}"),
        "revocation_endpoint": format!("{base}/revoke"), "response_types_supported": ["code"],
    });
    server.always("/.well-known/openid-configuration", Answer::json(200, &configuration));
    server.always("/revoke", Answer::new(200));
    let connection = house
        .keydesk
        .add_connection(keydesk_core::AddConnection {
            provider: "another-api".to_owned(),
            label: None,
            parameters: [("base_url".to_owned(), format!("{base}/api"))].into(),
            ca: None,
            sandbox: true,
        })
        .unwrap();
    server.answer(TOKEN, pair(1));
    let fields = [("issuer", base.as_str()), ("client_id", "app"), ("username", "alice"), ("password", "secret-word")];
    let fields = fields.map(|(name, value)| (name.to_owned(), Secret::new(value))).into();
    let (id, login) = (connection.id.clone(), "password".to_owned());
    house.keydesk.log_in(LogIn { connection: id, login, fields, keep: Vec::new() }).await.unwrap();
    (server, connection)
}

fn sent(server: &FakeServer) -> Vec<String> {
    server.received_at(TOKEN).into_iter().filter_map(|request| request.form_field("refresh_token")).collect()
}

/// E5, E6: a renewal that a provider's file describes spends a refresh token as well.
#[tokio::test(flavor = "multi_thread")]
async fn e5_e6_a_lost_answer_to_a_described_renewal_leaves_the_same_doubt_as_to_any_other() {
    let house = House::new();
    let (server, connection) = by_password(&house).await;
    let journal = house.home.path().join("data/journal").join(format!("{}.json", connection.id));
    server.always(TOKEN, Answer::raw(""));
    house.clock.forward(7200);
    let error = token(&house.keydesk, &connection).await.unwrap_err();
    assert_eq!((error, sent(&server).len()), (ErrorCode::RenewalInDoubt, 2));
    assert!(journal.exists(), "the next process knows of it");
    for _ in 0..3 {
        house.clock.forward(3600);
        token(&house.keydesk, &connection).await.unwrap_err();
        house.keydesk.renew_ahead().await;
    }
    assert_eq!((sent(&server).len(), house.view(&connection).token.need), (2, Some(Need::Renew)));
    server.always(TOKEN, pair(2));
    house.keydesk.renew_token(&connection.id).await.unwrap();
    assert!(!journal.exists());
}

/// E6: what a gateway says after a lost answer tells nothing of the refresh token.
#[tokio::test(flavor = "multi_thread")]
async fn e6_an_error_of_another_kind_after_a_lost_answer_leaves_the_doubt() {
    let house = House::new();
    let (server, connection) = by_password(&house).await;
    server.answer(TOKEN, Answer::raw(""));
    server.always(TOKEN, Answer::html(503, "<h1>Sorry</h1>"));
    house.clock.forward(7200);
    assert_eq!(token(&house.keydesk, &connection).await.unwrap_err(), ErrorCode::RenewalInDoubt);
    house.clock.forward(3600);
    token(&house.keydesk, &connection).await.unwrap_err();
    house.keydesk.renew_ahead().await;
    assert_eq!((sent(&server).len(), house.view(&connection).token.need), (2, Some(Need::Renew)));
    // The person tries, and is told what happened.
    server.always(TOKEN, invalid_grant());
    let error = house.keydesk.renew_token(&connection.id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TokenRefused);
    assert!(error.message.contains("was lost"), "{}", error.message);
}

/// E14: the pair that a renewal has just given is what is ended at the server.
#[tokio::test(flavor = "multi_thread")]
async fn e14_logging_out_while_a_token_is_renewed_ends_the_new_pair_at_the_server() {
    let house = House::new();
    let (server, connection) = by_password(&house).await;
    let (release, held) = watch::channel(false);
    server.answer(TOKEN, pair(2).held(&held));
    let renewing = {
        let (keydesk, id) = (house.keydesk.clone(), connection.id.clone());
        tokio::spawn(async move { keydesk.renew_token(&id).await })
    };
    wait_until(async || !sent(&server).is_empty(), SOON, "the renewal to be sent").await.unwrap();
    let log_out = {
        let (keydesk, id) = (house.keydesk.clone(), connection.id.clone());
        tokio::spawn(async move { keydesk.log_out(&id).await })
    };
    // So long it would have been sent by now, did it not wait.
    tokio::time::sleep(Duration::from_millis(300)).await;
    release.send(true).unwrap();
    renewing.await.unwrap().unwrap();
    log_out.await.unwrap().unwrap();
    let ended: Vec<_> =
        server.received_at("/revoke").iter().filter_map(|request| request.form_field("token")).collect();
    assert_eq!(ended, [refresh(2), "canary-access-2-5d1f7c".to_owned()]);
    assert_eq!(house.view(&connection).token.state, TokenState::None);
    assert_eq!(view(&house.again(), &connection).token.kept_in, None::<KeptIn>);
}

/// E3: as after a backup was put back. Who has nothing newer does not send what is there; the process that has it keeps it again.
#[tokio::test(flavor = "multi_thread")]
async fn e3_a_store_that_went_back_in_time_brings_no_spent_refresh_token_back() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let backup = std::fs::read(stage.file("secrets.age")).unwrap();
    stage.server.answer(TOKEN, pair(2));
    stage.keydesk().renew_token(&connection.id).await.unwrap();
    std::fs::write(stage.file("secrets.age"), backup).unwrap();
    let another = stage.another_with_file().await;
    let error = another.renew_token(&connection.id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LoginNeeded);
    assert!(error.message.contains("backup"), "{}", error.message);
    stage.house.clock.forward(7200);
    stage.server.answer(TOKEN, pair(3));
    assert_eq!(token(stage.keydesk(), &connection).await.unwrap(), "canary-access-3-5d1f7c");
    assert_eq!(stage.sent(), [refresh(1), refresh(2)]);
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(3));
}

/// E3: where neither the journal nor the new refresh token has a place, as on a full disk, the old one is not spent.
#[tokio::test(flavor = "multi_thread")]
async fn e3_a_refresh_token_is_not_spent_where_nothing_can_be_written() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let journal = stage.file("journal").join(format!("{}.json", connection.id));
    stage.house.clock.forward(7200);
    stage.writable(false);
    std::fs::create_dir(&journal).unwrap();
    for _ in 0..2 {
        let error = stage.keydesk().renew_token(&connection.id).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::StoreFailed);
        assert!(error.message.contains("Nothing was sent"), "{}", error.message);
    }
    assert!(stage.sent().is_empty());
    // The journal alone is no reason.
    stage.writable(true);
    stage.server.answer(TOKEN, pair(2));
    stage.keydesk().renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

/// E12: by its own word it has hours left; by the server's it may be over.
#[tokio::test(flavor = "multi_thread")]
async fn e12_a_token_that_was_obtained_while_the_clock_was_ahead_is_renewed_once_when_the_clock_is_set_right() {
    for in_background in [false, true] {
        let stage = Stage::with_file().await;
        stage.house.clock.forward(36_000);
        let connection = stage.logged_in(1).await;
        stage.house.clock.forward(-36_000);
        // While there is no other it is used.
        stage.server.answer(TOKEN, Answer::new(503));
        assert_eq!(token(stage.keydesk(), &connection).await.unwrap(), "canary-access-1-5d1f7c");
        stage.house.clock.forward(60);
        stage.server.answer(TOKEN, pair(2));
        if in_background {
            stage.keydesk().renew_ahead().await;
        }
        for _ in 0..3 {
            assert_eq!(token(stage.keydesk(), &connection).await.unwrap(), "canary-access-2-5d1f7c");
            stage.keydesk().renew_ahead().await;
        }
        assert_eq!(stage.sent(), [refresh(1), refresh(1)]);
    }
}

/// F13: a keychain that is not there, as in a session without one, still has what it had.
#[tokio::test(flavor = "multi_thread")]
async fn f13_a_connection_that_is_removed_while_the_place_is_out_of_reach_is_deleted_there_later() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    // What a session finds that knows of no file, and has no keychain.
    let choice = stage.house.home.path().join("config/secret-store.json");
    let chosen = std::fs::read(&choice).unwrap();
    std::fs::write(&choice, r#"{"kept_in": "keychain"}"#).unwrap();
    let elsewhere = stage.another();
    elsewhere.remove_connection(&connection.id).await.unwrap();
    std::fs::write(&choice, chosen).unwrap();
    assert!(stage.decrypted().contains_key(&connection.id));
    stage.keydesk().look_at_store().await;
    assert!(!stage.decrypted().contains_key(&connection.id));
}
