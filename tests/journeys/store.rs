//! Secrets in a file that a passphrase opens, on a machine without a keychain.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use keydesk_core::{
    ActivityEvent, ConnectionView, CopyForm, Doors, Error, ErrorCode, KeptIn, Keydesk, LogIn, Paths, Secret,
    SecretStore, StoreState, TokenState, Transport,
};
use keydesk_support::{Answer, Canary, FakeServer, wait_until};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::house::House;

pub const PASSPHRASE: &str = "canary-passphrase-77b1";
pub const TOKEN: &str = "/legacy/oauth2/token";
pub const SOON: Duration = Duration::from_secs(20);

/// A house without a keychain, and a server whose every answer the test decides.
pub struct Stage {
    pub house: House,
    pub server: FakeServer,
}

impl Stage {
    pub async fn new() -> Self {
        let mut house = House::new();
        house.keydesk = open(&house);
        Self { house, server: FakeServer::start().await.unwrap() }
    }

    /// With the file in use.
    pub async fn with_file() -> Self {
        let stage = Self::new().await;
        stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
        stage
    }

    pub fn keydesk(&self) -> &Arc<Keydesk> {
        &self.house.keydesk
    }

    /// Another process at the same home, which does not know the passphrase.
    pub fn another(&self) -> Arc<Keydesk> {
        open(&self.house)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.house.home.path().join("data").join(name)
    }

    pub async fn logged_in(&self, number: u32) -> ConnectionView {
        let connection = self.house.connect_to(&self.server);
        self.log_in(&connection, number).await.unwrap();
        connection
    }

    pub async fn log_in(&self, connection: &ConnectionView, number: u32) -> Result<(), Error> {
        self.server.answer(TOKEN, pair(number));
        let fields = [("token".to_owned(), Secret::new("pasted"))].into();
        let login = "refresh_token".to_owned();
        let request = LogIn { connection: connection.id.clone(), login, fields, keep: Vec::new() };
        self.keydesk().log_in(request).await.map(drop)
    }

    /// Another process at the same home, which knows it.
    pub async fn another_with_file(&self) -> Arc<Keydesk> {
        let another = self.another();
        another.use_file(&Secret::new(PASSPHRASE)).await.unwrap();
        another
    }

    /// From now on the file cannot be written; or it can be again.
    pub fn writable(&self, can_be: bool) {
        let lock = self.file("secrets.lock");
        if can_be {
            std::fs::remove_dir(&lock).unwrap();
        } else {
            std::fs::remove_file(&lock).unwrap();
            std::fs::create_dir(&lock).unwrap();
        }
    }

    /// The refresh tokens that were sent.
    pub fn sent(&self) -> Vec<String> {
        let sent = self.server.received_at(TOKEN).into_iter();
        sent.filter_map(|request| request.form_field("refresh_token")).filter(|token| token != "pasted").collect()
    }

    /// What the file holds, as the age program would print it.
    pub fn decrypted(&self) -> Map<String, Value> {
        let by = age::scrypt::Identity::new(age::secrecy::SecretString::from(PASSPHRASE.to_owned()));
        let key = age::decrypt(&by, &std::fs::read(self.file("secrets-key.age")).unwrap()).unwrap();
        let key = String::from_utf8(key).unwrap();
        let key = key.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap();
        let key: age::x25519::Identity = key.parse().unwrap();
        let text = age::decrypt(&key, &std::fs::read(self.file("secrets.age")).unwrap()).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    pub fn refresh_token_in_file(&self, connection: &ConnectionView) -> Value {
        let kept: Value = serde_json::from_str(self.decrypted()[&connection.id].as_str().unwrap()).unwrap();
        kept["refresh_token"].clone()
    }
}

fn open(house: &House) -> Arc<Keydesk> {
    let paths = Paths::under(house.home.path());
    Keydesk::open(Doors {
        store: SecretStore::without_keychain(&paths),
        paths,
        clock: house.clock.clone(),
        browser: house.person.clone(),
        transport: Transport::default(),
    })
    .unwrap()
}

pub fn pair(number: u32) -> Answer {
    let (access, refresh) = (format!("canary-access-{number}-5d1f7c"), format!("canary-refresh-{number}-8c20be"));
    Answer::json(200, &json!({"access_token": access, "refresh_token": refresh, "expires_in": 7200}))
}

pub fn refresh(number: u32) -> String {
    format!("canary-refresh-{number}-8c20be")
}

pub fn view(keydesk: &Keydesk, connection: &ConnectionView) -> ConnectionView {
    keydesk.list_connections().into_iter().find(|view| view.id == connection.id).unwrap()
}

pub async fn token(keydesk: &Arc<Keydesk>, connection: &ConnectionView) -> Result<String, ErrorCode> {
    let token = keydesk.copy_token(&connection.id, CopyForm::Token).await;
    token.map(|token| token.expose().to_owned()).map_err(|error| error.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_without_a_keychain_nothing_is_kept_before_the_person_chooses_a_file_and_then_it_outlives_the_process() {
    let stage = Stage::new().await;
    let connection = stage.house.connect_to(&stage.server);
    assert_eq!(stage.log_in(&connection, 1).await.unwrap_err().code, ErrorCode::KeychainAbsent);
    assert!(
        !stage.file("secrets-key.age").exists() && !stage.house.home.path().join("config/secret-store.json").exists()
    );
    let short = stage.keydesk().use_file(&Secret::new("1234567")).await.unwrap_err();
    assert_eq!((short.code, short.field.as_deref()), (ErrorCode::InvalidInput, Some("passphrase")));
    assert!(!stage.file("secrets-key.age").exists());

    let store = stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap().store;
    assert_eq!((store.kept_in, store.state, store.file_exists), (KeptIn::File, StoreState::Ready, true));
    // The answer that the refused login did not ask for.
    stage.log_in(&connection, 2).await.unwrap();
    assert_eq!(stage.house.view(&connection).token.kept_in, Some(KeptIn::File));
    let kept = ActivityEvent::TokenKept { kept_in: KeptIn::File };
    assert!(stage.house.activity(&connection).await.contains(&kept));

    let next = stage.another();
    next.look_at_store().await;
    assert_eq!((next.store().kept_in, next.store().state), (KeptIn::File, StoreState::Locked));
    let unread = view(&next, &connection).token;
    assert_eq!((unread.state, unread.last_error.unwrap().code), (TokenState::None, ErrorCode::PassphraseNeeded));
    assert_eq!(token(&next, &connection).await, Err(ErrorCode::PassphraseNeeded));
    let before = std::fs::read(stage.file("secrets.age")).unwrap();
    let wrong = next.use_file(&Secret::new("another passphrase")).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::PassphraseWrong);
    assert_eq!(token(&next, &connection).await, Err(ErrorCode::PassphraseNeeded));
    assert_eq!(std::fs::read(stage.file("secrets.age")).unwrap(), before, "nothing is lost");
    next.use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(view(&next, &connection).token.kept_in, Some(KeptIn::File));
    next.renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.sent(), [refresh(1)]);
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_f12_the_files_are_for_this_person_only_hold_nothing_in_the_clear_and_the_age_program_reads_them() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let kept = stage.decrypted();
    assert_eq!(kept.keys().collect::<Vec<_>>(), [&connection.id]);
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(1));
    let header = |name: &str| {
        let bytes = std::fs::read(stage.file(name)).unwrap();
        String::from_utf8_lossy(&bytes).lines().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(header("secrets-key.age")[1].starts_with("-> scrypt ") && header("secrets-key.age")[1].ends_with(" 17"));
    assert!(header("secrets.age")[1].starts_with("-> X25519 "));
    let canaries = [("passphrase", PASSPHRASE), ("access", "canary-access-1-5d1f7c"), ("refresh", &refresh(1))];
    let canaries: Vec<_> = canaries.iter().map(|(name, secret)| Canary::new(*name, secret).unwrap()).collect();
    Canary::must_be_nowhere(stage.house.home.path(), &canaries).unwrap();
    #[cfg(unix)]
    for name in ["secrets-key.age", "secrets.age"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(stage.file(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let rest = std::fs::read_dir(stage.file("")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(rest.into_iter().all(|name| !name.to_string_lossy().starts_with(".tmp")));
}

/// E3: the answer to a renewal comes when the key is gone.
#[tokio::test(flavor = "multi_thread")]
async fn e3_locked_while_a_token_is_renewed_the_pair_stays_in_memory_and_is_kept_once_the_passphrase_is_given() {
    let stage = Stage::with_file().await;
    let (connection, other) = (stage.logged_in(1).await, stage.logged_in(10).await);
    let (release, held) = watch::channel(false);
    stage.server.answer(TOKEN, pair(2).held(&held));
    let renewing = {
        let (keydesk, id) = (stage.keydesk().clone(), connection.id.clone());
        tokio::spawn(async move { keydesk.renew_token(&id).await })
    };
    wait_until(async || !stage.sent().is_empty(), SOON, "the renewal to be sent").await.unwrap();
    stage.keydesk().lock_file().await.unwrap();
    release.send(true).unwrap();
    let renewed = renewing.await.unwrap().unwrap();
    assert_eq!(renewed.token.kept_in, Some(KeptIn::Memory));
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(1));
    // What was read is forgotten, what is nowhere else is not.
    assert_eq!(token(stage.keydesk(), &other).await, Err(ErrorCode::PassphraseNeeded));
    assert_eq!(token(stage.keydesk(), &connection).await.unwrap(), "canary-access-2-5d1f7c");
    // Another process does not send what is spent.
    let another = stage.another_with_file().await;
    assert_eq!(another.renew_token(&connection.id).await.unwrap_err().code, ErrorCode::LoginNeeded);
    assert_eq!(stage.sent(), [refresh(1)]);

    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(stage.house.view(&connection).token.kept_in, Some(KeptIn::File));
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
    stage.server.answer(TOKEN, pair(3));
    another.renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.sent(), [refresh(1), refresh(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_what_was_in_memory_only_is_kept_in_the_file_when_the_person_chooses_it() {
    let stage = Stage::new().await;
    stage.keydesk().use_memory_only().await.unwrap();
    let connection = stage.logged_in(1).await;
    assert_eq!(stage.house.view(&connection).token.kept_in, Some(KeptIn::Memory));
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(stage.house.view(&connection).token.kept_in, Some(KeptIn::File));
    // In memory only is for one process, and what is kept stays kept meanwhile.
    stage.keydesk().use_memory_only().await.unwrap();
    stage.server.answer(TOKEN, pair(2));
    stage.keydesk().renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(1));
    assert_eq!(stage.another().store().kept_in, KeptIn::File);
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_processes_that_keep_different_connections_at_once_lose_nothing() {
    let stage = Stage::with_file().await;
    let mut connections = Vec::new();
    for number in 0..6 {
        connections.push(stage.logged_in(number).await);
    }
    let mut desks = vec![stage.keydesk().clone()];
    for _ in 0..2 {
        let another = stage.another();
        another.use_file(&Secret::new(PASSPHRASE)).await.unwrap();
        desks.push(another);
    }
    stage.server.always(TOKEN, pair(77));
    let renewals = connections.iter().enumerate().map(|(number, connection)| {
        let (keydesk, id) = (desks[number % desks.len()].clone(), connection.id.clone());
        tokio::spawn(async move { keydesk.renew_token(&id).await })
    });
    for renewal in renewals.collect::<Vec<_>>() {
        renewal.await.unwrap().unwrap();
    }
    for connection in &connections {
        assert_eq!(stage.refresh_token_in_file(connection), refresh(77));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_after_the_passphrase_was_changed_only_the_new_one_opens_and_other_processes_ask_for_it() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let another = stage.another_with_file().await;
    let next = Secret::new("another passphrase");
    let change = async |current: &str, next: &str| {
        let changed = stage.keydesk().change_passphrase(&Secret::new(current), &Secret::new(next)).await;
        changed.map(drop).map_err(|error| (error.code, error.field))
    };
    assert_eq!(change("wrong passphrase", next.expose()).await, Err((ErrorCode::PassphraseWrong, None)));
    assert_eq!(change(PASSPHRASE, "short").await, Err((ErrorCode::InvalidInput, Some("next".to_owned()))));
    change(PASSPHRASE, next.expose()).await.unwrap();
    // It goes on with what it has, and renews nothing: who knows the passphrase may have done so.
    assert_eq!(token(&another, &connection).await.unwrap(), "canary-access-1-5d1f7c");
    assert_eq!(another.renew_token(&connection.id).await.unwrap_err().code, ErrorCode::PassphraseNeeded);
    assert!(stage.sent().is_empty());
    assert_eq!(another.store().state, StoreState::Locked);
    let old = another.use_file(&Secret::new(PASSPHRASE)).await.unwrap_err();
    assert_eq!(old.code, ErrorCode::PassphraseWrong);
    another.use_file(&next).await.unwrap();
    stage.server.answer(TOKEN, pair(2));
    another.renew_token(&connection.id).await.unwrap();
    stage.server.answer(TOKEN, pair(3));
    stage.keydesk().renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.sent(), [refresh(1), refresh(2)], "the one that changed it is still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn f12_a_damaged_file_is_set_aside_whole_with_an_error_that_says_so_and_the_next_try_begins_anew() {
    for name in ["secrets.age", "secrets-key.age"] {
        let stage = Stage::with_file().await;
        let connection = stage.logged_in(1).await;
        let mut damaged = std::fs::read(stage.file(name)).unwrap();
        *damaged.last_mut().unwrap() ^= 1;
        std::fs::write(stage.file(name), &damaged).unwrap();
        let next = stage.another();
        let error = next.use_file(&Secret::new(PASSPHRASE)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::StoreFailed, "{name}");
        assert!(error.message.contains(&format!("{name}.broken")), "{error}");
        assert_eq!(std::fs::read(stage.file(&format!("{name}.broken"))).unwrap(), damaged);
        // Without its key the other file is of no use, and no new key must meet it.
        assert!(stage.file("secrets.age.broken").exists());
        next.use_file(&Secret::new(PASSPHRASE)).await.unwrap();
        assert_eq!(token(&next, &connection).await, Err(ErrorCode::LoginNeeded));
        assert_eq!(std::fs::read(stage.file(&format!("{name}.broken"))).unwrap(), damaged, "never overwritten");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e3_a_file_that_cannot_be_written_costs_no_login_and_is_written_when_it_can_be() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    stage.writable(false);
    stage.server.answer(TOKEN, pair(2));
    stage.keydesk().renew_token(&connection.id).await.unwrap();
    assert_eq!(stage.house.view(&connection).token.kept_in, Some(KeptIn::Memory));
    assert_eq!(token(stage.keydesk(), &connection).await.unwrap(), "canary-access-2-5d1f7c");
    let not_kept = ActivityEvent::TokenNotKept { code: ErrorCode::StoreFailed };
    assert!(stage.house.activity(&connection).await.contains(&not_kept));
    assert!(stage.keydesk().store().message.unwrap().contains("secrets.lock"));
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(1));
    stage.writable(true);
    stage.keydesk().look_at_store().await;
    assert_eq!(stage.house.view(&connection).token.kept_in, Some(KeptIn::File));
    assert_eq!((stage.refresh_token_in_file(&connection), stage.keydesk().store().message), (refresh(2).into(), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_logging_out_and_removing_a_connection_take_its_tokens_out_of_the_file() {
    let stage = Stage::with_file().await;
    let (one, two, three) = (stage.logged_in(1).await, stage.logged_in(2).await, stage.logged_in(3).await);
    stage.keydesk().log_out(&one.id).await.unwrap();
    assert_eq!(stage.decrypted().len(), 2);
    stage.keydesk().lock_file().await.unwrap();
    assert_eq!(
        stage.keydesk().log_out(&two.id).await.unwrap_err().code,
        ErrorCode::PassphraseNeeded,
        "it is still there"
    );
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    stage.keydesk().log_out(&two.id).await.unwrap();
    stage.keydesk().remove_connection(&three.id).await.unwrap();
    assert!(stage.decrypted().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_no_damage_and_no_loss_of_settings_makes_another_place_the_chosen_one() {
    let stage = Stage::with_file().await;
    let connection = stage.logged_in(1).await;
    let choice = stage.house.home.path().join("config/secret-store.json");
    for broken in [None, Some("{\"kept_in\": \"fi")] {
        match broken {
            None => std::fs::remove_file(&choice).unwrap(),
            Some(text) => std::fs::write(&choice, text).unwrap(),
        }
        assert_eq!(stage.another().store().kept_in, KeptIn::File);
        stage.keydesk().renew_token(&connection.id).await.unwrap_err();
        assert_eq!(stage.keydesk().store().kept_in, KeptIn::File);
    }
    std::fs::write(&choice, r#"{"kept_in": "file"}"#).unwrap();
    for name in ["secrets-key.age", "secrets.age"] {
        std::fs::rename(stage.file(name), stage.file(&format!("{name}.moved"))).unwrap();
    }
    let next = stage.another();
    let store = next.store();
    assert_eq!((store.kept_in, store.state, store.file_exists), (KeptIn::File, StoreState::Absent, false));
    assert_eq!(token(&next, &connection).await, Err(ErrorCode::StoreFailed));
    assert_eq!(next.try_store().await.unwrap_err().code, ErrorCode::StoreFailed);
    for name in ["secrets-key.age", "secrets.age"] {
        std::fs::rename(stage.file(&format!("{name}.moved")), stage.file(name)).unwrap();
    }
    next.use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(token(&next, &connection).await.unwrap(), "canary-access-1-5d1f7c");
}

/// A choice made by the person in one process counts in the others, which then do not know the passphrase.
#[tokio::test(flavor = "multi_thread")]
async fn f3_a_choice_made_in_another_process_is_followed_and_nothing_is_kept_in_the_old_place() {
    let stage = Stage::new().await;
    stage.keydesk().use_memory_only().await.unwrap();
    let connection = stage.logged_in(1).await;
    let another = stage.another();
    stage.keydesk().use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(token(&another, &connection).await, Err(ErrorCode::PassphraseNeeded));
    assert_eq!((another.store().kept_in, another.store().state), (KeptIn::File, StoreState::Locked));
    another.use_file(&Secret::new(PASSPHRASE)).await.unwrap();
    assert_eq!(token(&another, &connection).await.unwrap(), "canary-access-1-5d1f7c");
    // There is no keychain to go back to: the file stays in use.
    assert_eq!(stage.keydesk().use_keychain().await.unwrap_err().code, ErrorCode::KeychainAbsent);
    assert_eq!(stage.keydesk().store().kept_in, KeptIn::File);
    assert_eq!(stage.refresh_token_in_file(&connection), refresh(1));
}
