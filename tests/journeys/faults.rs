//! A fault of ours, brought about by doors that panic: what was asked for fails, all else goes on, and nothing secret is in
//! what is said of it (security.md J9).

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use keydesk_core::{
    ActionRequest, ActivityQuery, Browser, Clock, ConnectionView, CopyForm, Doors, Error, ErrorCode, FieldValue,
    Keydesk, LogIn, LoginState, Paths, ReceiveBy, RunOptions, RunState, Secret, SecretStore, StartLogin, Transport,
    tell_faults_by_place,
};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;
use url::Url;

use crate::house::House;

/// Stands in what the doors say when they panic.
const CANARY: &str = "canary-of-a-fault-0123456789";
const TOKEN: &str = "/legacy/oauth2/token";
/// Set in the process that is to have a fault.
const INSIDE: &str = "KEYDESK_TEST_FAULT";

/// The system's clock, which panics once when it is told to.
#[derive(Default)]
struct FaultyClock(AtomicBool);

impl Clock for FaultyClock {
    fn now(&self) -> Timestamp {
        // Who writes the activity down looks at it at a time of its own, and is not who is meant.
        let is_meant = std::thread::current().name() != Some("activity");
        assert!(!(is_meant && self.0.swap(false, Ordering::SeqCst)), "{CANARY}");
        Timestamp::now()
    }
}

struct FaultyBrowser;

impl Browser for FaultyBrowser {
    fn open(&self, _: &Url) -> Result<(), Error> {
        panic!("{CANARY}");
    }
}

struct Stage {
    /// Its home.
    _house: House,
    keydesk: Arc<Keydesk>,
    clock: Arc<FaultyClock>,
    server: FakeServer,
    connection: ConnectionView,
}

/// Logged in at a server of the test's own, with a token that is over already.
async fn stage() -> Stage {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let connection = house.connect_to(&server);
    let clock = Arc::new(FaultyClock::default());
    let keydesk = Keydesk::open(Doors {
        paths: Paths::under(house.home.path()),
        clock: clock.clone(),
        browser: Arc::new(FaultyBrowser),
        store: SecretStore::in_memory(),
        transport: Transport::default(),
    })
    .unwrap();
    server.always("/legacy/oauth2/validate", Answer::json(200, &json!({"given_name": "Alice"})));
    let stage = Stage { _house: house, keydesk, clock, server, connection };
    stage.log_in().await;
    stage
}

impl Stage {
    async fn log_in(&self) {
        self.server.always(TOKEN, pair(0));
        let fields = [("token".to_owned(), Secret::new("refresh-token-0"))].into();
        let (connection, login) = (self.connection.id.clone(), "refresh_token".to_owned());
        self.keydesk.log_in(LogIn { connection, login, fields, keep: Vec::new() }).await.unwrap();
    }

    async fn token(&self) -> Result<Secret, Error> {
        self.keydesk.copy_token(&self.connection.id, CopyForm::Token).await
    }

    /// Where anything of it could have been written.
    async fn nothing_tells_the_canary(&self, error: &Error) {
        let query = ActivityQuery { limit: 500, ..ActivityQuery::default() };
        let activity = self.keydesk.list_activity(query).await.unwrap();
        let said = format!("{error:?} {} {activity:?}", json!(error));
        assert!(!said.contains(CANARY), "{said}");
    }
}

fn pair(seconds: u32) -> Answer {
    Answer::json(
        200,
        &json!({"access_token": "access-token-1", "refresh_token": "refresh-token-1", "expires_in": seconds}),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn j9_a_fault_in_a_renewal_fails_that_renewal_and_the_next_one_goes_well() {
    let stage = stage().await;
    // The next look at the clock is that of the task which has the answer.
    let clock = stage.clock.clone();
    stage.server.answer_with(TOKEN, move |_| {
        clock.0.store(true, Ordering::SeqCst);
        pair(7200)
    });
    let error = stage.token().await.unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::Internal, "renew the token: a fault ended it"));
    stage.nothing_tells_the_canary(&error).await;
    // Nobody stands before a gate that nobody opens, and the answer that was lost is asked for once more.
    stage.server.always(TOKEN, pair(7200));
    assert_eq!(stage.token().await.unwrap().expose(), "access-token-1");
    stage.keydesk.renew_token(&stage.connection.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn j9_a_fault_while_renewing_ahead_does_not_end_what_goes_on_in_the_background() {
    let stage = stage().await;
    stage.server.always(TOKEN, pair(7200));
    stage.clock.0.store(true, Ordering::SeqCst);
    let keydesk = stage.keydesk.clone();
    assert!(tokio::spawn(async move { keydesk.renew_ahead().await }).await.is_err());
    stage.keydesk.renew_ahead().await;
    assert_eq!(stage.token().await.unwrap().expose(), "access-token-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn j9_a_fault_where_the_browser_is_opened_leaves_a_login_that_can_be_given_up() {
    let stage = stage().await;
    let request = StartLogin {
        connection: stage.connection.id.clone(),
        login: "browser".to_owned(),
        receive_by: ReceiveBy::Loopback,
        fields: [].into(),
        keep: Vec::new(),
    };
    let login = stage.keydesk.start_login(request).await.unwrap();
    stage.keydesk.cancel_login(&login.id).unwrap();
    let state = stage.keydesk.list_logins().into_iter().find(|it| it.id == login.id).unwrap().state;
    assert_eq!(state, LoginState::Cancelled);
    stage.server.always(TOKEN, pair(7200));
    stage.token().await.unwrap();
}

/// What was on its way may have been done, and the rest waits for a word of the person.
#[tokio::test(flavor = "multi_thread")]
async fn h8_j9_a_fault_in_a_run_leaves_it_interrupted_and_it_can_go_on() {
    let stage = stage().await;
    stage.server.always(TOKEN, pair(7200));
    stage.token().await.unwrap();
    stage.server.always("/api/ibot/authz_context", Answer::json(200, &json!([{"subscriber_id": "s"}])));
    let (clock, asked) = (stage.clock.clone(), Arc::new(AtomicBool::default()));
    stage.server.answer_with("/api/ibot/workflow/wf", move |_| {
        let done = Answer::json(200, &json!({"result": "success"}));
        if asked.swap(true, Ordering::SeqCst) {
            return done;
        }
        // While the first is on its way nobody but the run looks at the clock.
        clock.0.store(true, Ordering::SeqCst);
        done.after(Duration::from_millis(500))
    });
    let values = [
        ("workflow".to_owned(), FieldValue::Text("wf".to_owned())),
        ("devices".to_owned(), FieldValue::Several((1..=5).map(|number| format!("d{number}")).collect())),
    ];
    let request = ActionRequest {
        connection: stage.connection.id.clone(),
        action: "send_trigger".to_owned(),
        values: values.into(),
        rows: None,
    };
    let run = crate::runs::followed(stage.keydesk.start_run(request, &RunOptions::default()).await.unwrap()).await;
    let view = stage.keydesk.watch_run(&run).await.unwrap().run;
    assert_eq!((view.state, view.counts.unknown, view.counts.waiting), (RunState::Interrupted, 1, 4));
    crate::runs::followed(stage.keydesk.resume_run(&run).await.unwrap()).await;
    let view = stage.keydesk.watch_run(&run).await.unwrap().run;
    assert_eq!((view.state, view.counts.unknown, view.counts.accepted), (RunState::Done, 1, 4));
}

/// What the test below starts: this program again, with a fault in a task and one in a thread.
#[tokio::test]
#[ignore = "the process that j9_a_fault_is_told_by_its_place starts"]
async fn a_process_with_faults() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    tell_faults_by_place();
    assert!(tokio::spawn(async { panic!("{CANARY}") }).await.is_err());
    assert!(std::thread::spawn(|| panic!("{CANARY}")).join().is_err());
}

#[test]
fn j9_a_fault_is_told_by_its_place_and_not_by_what_was_at_hand() {
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "faults::a_process_with_faults", "--ignored", "--nocapture"]).env(INSIDE, "");
    let output = again.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("A fault of Keydesk at").count(), 2, "{said}");
    assert!(said.contains("faults.rs:") && !said.contains(CANARY), "{said}");
}
