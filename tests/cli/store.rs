//! Where secrets are kept: the keychain, or a file that a passphrase opens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use age::secrecy::SecretString;
use keydesk_support::{Canary, Desktop, DesktopOptions, Keychain};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::faults::stage::{Stage, TOKEN, pair};
use crate::house::{BINARY, House, SOON};
use crate::ran::Ran;
use crate::terminal::Terminal;

const PASSPHRASE: &str = "canary-passphrase-5d1f";

/// Nothing is chosen yet, and commands are told the passphrase.
async fn with_passphrase() -> Stage {
    Stage::in_house(House::new().await.with_passphrase(PASSPHRASE)).await
}

/// Secrets are in the file.
async fn filed() -> Stage {
    let stage = with_passphrase().await;
    stage.house.run(&["store", "file"]).await.well();
    stage
}

/// A command that nobody tells the passphrase.
async fn untold(house: &House, arguments: &[&str]) -> Ran {
    Ran::of(&house.command(arguments).env_remove("KEYDESK_PASSPHRASE_FILE").output().await.unwrap())
}

fn folder(house: &House) -> PathBuf {
    house.home.path().join("data")
}

/// What the file holds, as the age program would print it.
fn secrets(folder: &Path, passphrase: &str) -> Value {
    let Ok(sealed) = std::fs::read(folder.join("secrets.age")) else { return json!({}) };
    serde_json::from_slice(&age::decrypt(&key(folder, passphrase), &sealed).unwrap()).unwrap()
}

fn key(folder: &Path, passphrase: &str) -> age::x25519::Identity {
    let by = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    let text = age::decrypt(&by, &std::fs::read(folder.join("secrets-key.age")).unwrap()).unwrap();
    let text = String::from_utf8(text).unwrap();
    text.lines().find(|line| !line.starts_with('#')).unwrap().parse().unwrap()
}

/// Makes the file so long; gives what it then holds.
fn pad(folder: &Path, bytes: usize) -> Vec<u8> {
    let mut all = secrets(folder, PASSPHRASE);
    all["padding"] = json!("x".repeat(bytes));
    let sealed = age::encrypt(&key(folder, PASSPHRASE).to_public(), all.to_string().as_bytes()).unwrap();
    std::fs::write(folder.join("secrets.age"), &sealed).unwrap();
    sealed
}

/// What the file has of a connection.
fn kept(stage: &Stage, id: &str) -> Value {
    let all = secrets(&folder(&stage.house), PASSPHRASE);
    all.get(id).map(|kept| serde_json::from_str(kept.as_str().unwrap()).unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn f3_tokens_move_from_the_keychain_to_a_file_and_back_and_are_never_left_in_both() {
    let stage = with_passphrase().await;
    stage.log_in("it", pair(0, 7200)).await;
    let store = stage.house.run(&["--json", "store"]).await.well().json();
    assert_eq!(store, json!({"kept_in": "keychain", "state": "ready", "message": null, "file_exists": false}));

    let store = stage.house.run(&["--json", "store", "file"]).await.well().json();
    assert_eq!(store, json!({"kept_in": "file", "state": "ready", "message": null, "file_exists": true}));
    assert_eq!(kept(&stage, &stage.id)["refresh_token"], "refresh-token-0");
    assert_eq!(stage.house.kept(&stage.id), Value::Null, "the keychain has nothing of it any more");
    assert_eq!(stage.token().await.well().out, "access-token-0\n");
    assert!(stage.house.run(&["store"]).await.well().out.contains("a file that a passphrase opens"));

    let store = stage.house.run(&["--json", "store", "keychain"]).await.well().json();
    assert_eq!(store, json!({"kept_in": "keychain", "state": "ready", "message": null, "file_exists": true}));
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-0");
    assert_eq!(secrets(&folder(&stage.house), PASSPHRASE), json!({}));
    assert_eq!(untold(&stage.house, &["token", "it"]).await.well().out, "access-token-0\n");
}

#[tokio::test]
async fn f3_without_the_passphrase_nothing_is_read_or_sent_and_it_is_said_how_to_give_it() {
    let stage = filed().await;
    stage.log_in("it", pair(0, 0)).await;
    let before = std::fs::read(folder(&stage.house).join("secrets.age")).unwrap();
    for arguments in [&["token", "it"][..], &["call", "it", "GET", "/"], &["logout", "it"], &["store", "keychain"]] {
        let ran = untold(&stage.house, arguments).await.fails_with(6).says("KEYDESK_PASSPHRASE_FILE");
        assert_eq!(ran.out, "", "{arguments:?}");
    }
    let json = untold(&stage.house, &["--json", "token", "it"]).await.fails_with(6).json();
    assert_eq!((&json["error"]["code"], &json["error"]["retryable"]), (&json!("passphrase_needed"), &json!(true)));
    let login = ["login", "it", "--method", "refresh_token", "--secret-stdin", "token"];
    untold(&stage.house, &login).await.fails_with(6).says("passphrase");
    let standing = untold(&stage.house, &["--json", "status"]).await.fails_with(6).json();
    assert_eq!(standing["connections"][0]["unreadable"]["code"], "passphrase_needed");
    let store = untold(&stage.house, &["--json", "store"]).await.well().json();
    assert_eq!((&store["kept_in"], &store["state"]), (&json!("file"), &json!("locked")));
    assert!(stage.asked().is_empty());
    assert_eq!(std::fs::read(folder(&stage.house).join("secrets.age")).unwrap(), before);
    // What needs none works without.
    untold(&stage.house, &["connect", "relay", "--name", "other"]).await.well();
    untold(&stage.house, &["providers"]).await.well();
}

#[tokio::test]
async fn f3_a_wrong_passphrase_is_an_error_of_its_own_and_loses_nothing() {
    let stage = filed().await;
    stage.log_in("it", pair(0, 7200)).await;
    let wrong = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(wrong.path(), "another passphrase").unwrap();
    let mut command = stage.house.command(&["--json", "token", "it"]);
    let output = command.env("KEYDESK_PASSPHRASE_FILE", wrong.path()).output().await.unwrap();
    let error = Ran::of(&output).fails_with(6).json()["error"].clone();
    assert_eq!(error["code"], "passphrase_wrong");
    assert!(!error.to_string().contains("another passphrase"));
    let mut command = stage.house.command(&["token", "it"]);
    let output = command.env("KEYDESK_PASSPHRASE_FILE", "/nowhere").output().await.unwrap();
    Ran::of(&output).fails_with(2).says("/nowhere");
    assert_eq!(stage.token().await.well().out, "access-token-0\n");
}

#[tokio::test]
async fn f3_another_passphrase_opens_the_file_and_the_old_one_does_not() {
    let stage = filed().await;
    stage.log_in("it", pair(0, 7200)).await;
    let next = tempfile::NamedTempFile::new().unwrap();
    let change = ["store", "change-passphrase", "--new", next.path().to_str().unwrap()];
    std::fs::write(next.path(), "short\n").unwrap();
    stage.house.run(&change).await.fails_with(2).says("8 characters");
    std::fs::write(next.path(), "another passphrase\n").unwrap();
    stage.house.run(&change).await.well();
    stage.token().await.fails_with(6).says("does not open");
    stage.house.run(&change).await.fails_with(6);
    std::fs::copy(next.path(), stage.house.passphrase.as_ref().unwrap().path()).unwrap();
    assert_eq!(stage.token().await.well().out, "access-token-0\n");
    assert_eq!(secrets(&folder(&stage.house), "another passphrase").as_object().unwrap().len(), 1);
}

/// A server without a desktop: no session bus, no keychain.
#[tokio::test]
async fn f3_on_a_machine_without_a_keychain_all_works_with_the_file_that_the_person_chose() {
    let session = Arc::new(Desktop::start(DesktopOptions::with_keychain(Keychain::NoBus)).unwrap());
    let stage = Stage::in_house(House::in_session(session).await.with_passphrase(PASSPHRASE)).await;
    let login = ["login", "it", "--method", "refresh_token", "--secret-stdin", "token"];
    stage.house.run_with(&login, "pasted-token-0123456789").await.fails_with(6).says("keydesk store file");
    assert!(!folder(&stage.house).join("secrets-key.age").exists(), "nothing is chosen for the person");
    stage.house.run(&["store", "file"]).await.well();
    stage.log_in("it", pair(0, 0)).await;
    stage.server.answer(TOKEN, pair(1, 7200));
    assert_eq!(stage.token().await.well().out, "access-token-1\n");
    assert_eq!(kept(&stage, &stage.id)["refresh_token"], "refresh-token-1");
    stage.house.run(&["store", "keychain"]).await.fails_with(6);
    assert_eq!(stage.house.run(&["--json", "store"]).await.well().json()["kept_in"], "file");
    stage.house.run(&["logout", "it"]).await.well();
    assert_eq!(secrets(&folder(&stage.house), PASSPHRASE), json!({}));
}

#[tokio::test]
async fn f3_what_a_locked_keychain_has_stays_there_and_moves_when_it_can_be_read() {
    let house = House::alone().await.with_passphrase(PASSPHRASE);
    let stage = Stage::in_house(house).await;
    stage.log_in("it", pair(0, 7200)).await;
    stage.house.session.lock_keychain().unwrap();
    stage.house.run(&["store", "file"]).await.well();
    stage.token().await.fails_with(3);
    stage.house.session.unlock_keychain().unwrap();
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-0", "nothing is lost");
    stage.log_in("it", pair(5, 7200)).await;
    stage.house.run(&["store", "keychain"]).await.well();
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-5", "the newer one counts");
    assert_eq!(stage.token().await.well().out, "access-token-5\n");
}

#[tokio::test]
async fn f3_a_keychain_that_takes_nothing_leaves_the_file_in_use_with_all_that_it_has() {
    let house = House::alone().await.with_passphrase(PASSPHRASE);
    let stage = Stage::in_house(house).await;
    stage.house.run(&["store", "file"]).await.well();
    stage.log_in("it", pair(0, 7200)).await;
    stage.house.session.lock_keychain().unwrap();
    stage.house.run(&["store", "keychain"]).await.fails_with(6).says("locked");
    assert_eq!(stage.token().await.well().out, "access-token-0\n");
    // With the passphrase lost there is a way on, which says what it does.
    stage.house.session.unlock_keychain().unwrap();
    untold(&stage.house, &["store", "keychain"]).await.fails_with(6);
    untold(&stage.house, &["store", "keychain", "--leave"]).await.well();
    untold(&stage.house, &["token", "it"]).await.fails_with(3);
    assert_eq!(kept(&stage, &stage.id)["refresh_token"], "refresh-token-0");
    stage.house.run(&["store", "file"]).await.well();
    assert_eq!(stage.token().await.well().out, "access-token-0\n");
}

#[tokio::test]
async fn f3_a_file_whose_passphrase_is_lost_is_set_aside_and_another_one_is_made() {
    let stage = filed().await;
    stage.log_in("it", pair(0, 7200)).await;
    assert!(untold(&stage.house, &["store", "set-aside"]).await.well().out.contains("not there"));
    stage.token().await.fails_with(6);
    let stage = Stage { house: stage.house.with_passphrase("another passphrase"), ..stage };
    stage.house.run(&["store", "file"]).await.well();
    stage.log_in("it", pair(1, 7200)).await;
    assert_eq!(stage.token().await.well().out, "access-token-1\n");
    let there = |name: &str| folder(&stage.house).join(name).exists();
    assert!(there("secrets.age.old") && there("secrets-key.age.old"), "nothing is deleted");
}

#[tokio::test]
async fn e2_commands_that_renew_different_connections_at_once_lose_nothing_in_the_file() {
    let stage = filed().await;
    let mut ids = vec![("it".to_owned(), stage.id.clone())];
    for number in 1..5 {
        let name = format!("it-{number}");
        ids.push((name.clone(), stage.connect(&name).await));
    }
    for (name, _) in &ids {
        stage.log_in(name, pair(0, 0)).await;
    }
    let (open, held) = watch::channel(false);
    stage.server.always(TOKEN, pair(1, 7200).held(&held));
    let children: Vec<_> = ids.iter().map(|(name, _)| stage.house.start(&["token", name])).collect();
    stage.asks(ids.len()).await;
    open.send(true).unwrap();
    for child in children {
        assert_eq!(stage.house.end(child).await.well().out, "access-token-1\n");
    }
    for (name, id) in &ids {
        assert_eq!(kept(&stage, id)["refresh_token"], "refresh-token-1", "{name}");
    }
}

/// What a write that is under way has on the disk.
fn half_written(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(".tmp")).collect()
}

#[tokio::test]
async fn f12_killed_in_the_middle_of_a_write_the_file_is_whole_and_has_the_old_or_the_new() {
    let stage = filed().await;
    let folder = folder(&stage.house);
    stage.log_in("it", pair(0, 7200)).await;
    let other = stage.connect("other").await;
    // So large that a write takes its time.
    pad(&folder, 1024 * 1024);
    for number in 1..6 {
        let login = ["login", "other", "--method", "refresh_token", "--secret-stdin", "token"];
        stage.server.answer(TOKEN, pair(number, 7200));
        let mut child = stage.house.start(&login);
        crate::house::type_in(&mut child, "pasted-token-0123456789").await;
        let begun = Instant::now();
        while half_written(&folder).is_empty() && begun.elapsed() < SOON {
            tokio::task::yield_now().await;
        }
        // At another place each time.
        tokio::time::sleep(Duration::from_millis(u64::from(number) - 1)).await;
        let _ = child.kill().await;
        let kept = secrets(&folder, PASSPHRASE);
        assert!(kept[&stage.id].as_str().unwrap().contains("refresh-token-0"), "the other one is untouched");
        let other = kept.get(&other).map(|kept| serde_json::from_str::<Value>(kept.as_str().unwrap()).unwrap());
        assert!(other.is_none_or(|other| other["refresh_token"].as_str().unwrap().starts_with("refresh-token-")));
        half_written(&folder).iter().for_each(|path| std::fs::remove_file(path).unwrap());
    }
    stage.house.run(&["token", "it"]).await.well();
    assert!(!folder.join("secrets.age.broken").exists());
}

/// The limit of the size of files stands for a disk that is full in the middle of a write.
#[tokio::test]
async fn e3_a_disk_that_is_full_costs_no_token_and_leaves_the_file_as_it_was() {
    let stage = filed().await;
    stage.log_in("it", pair(0, 0)).await;
    // So long that it does not fit any more, and all else does.
    let folder = folder(&stage.house);
    let sealed = pad(&folder, 3 * 1024 * 1024);
    stage.server.answer(TOKEN, pair(1, 7200));
    let mut command = stage.house.command(&["token", "it"]);
    let shell = format!("trap '' XFSZ; ulimit -f 2048; exec {BINARY} token it");
    let mut limited = tokio::process::Command::from(stage.house.session.command("sh"));
    limited.args(["-c", &shell]).stdin(std::process::Stdio::null());
    for (name, value) in command.as_std_mut().get_envs() {
        limited.env(name, value.unwrap());
    }
    let ran = Ran::of(&limited.output().await.unwrap()).well().says("could not be kept");
    assert_eq!(ran.out, "access-token-1\n");
    assert!(std::fs::read(folder.join("secrets.age")).unwrap() == sealed, "it is as it was");
    assert!(half_written(&folder).is_empty(), "nothing half written is left");
    // What the server has replaced is not sent again.
    stage.token().await.fails_with(3).says("could not be kept");
    assert_eq!(stage.asked(), ["refresh-token-0"]);
}

#[tokio::test]
async fn at_a_terminal_the_passphrase_is_asked_for_unseen_and_may_be_typed_wrong_twice() {
    let mut stage = Stage::new().await;
    let mut terminal = Terminal::start(&stage.house, &["store", "file"]);
    for prompt in ["New passphrase: ", "The same again: "] {
        terminal.asks_for(prompt, &stage.house).await;
        terminal.types(&format!("{PASSPHRASE}\r")).await;
    }
    let (status, seen) = terminal.ends().await;
    assert!(status == 0 && seen.contains("a file that a passphrase opens") && !seen.contains(PASSPHRASE), "{seen}");
    stage.house = stage.house.with_passphrase(PASSPHRASE);
    stage.log_in("it", pair(0, 7200)).await;
    stage.house.passphrase = None;
    let mut terminal = Terminal::start(&stage.house, &["token", "it"]);
    for typed in ["wrong-wrong", "wrong-again", PASSPHRASE] {
        terminal.asks_for("Passphrase: ", &stage.house).await;
        terminal.seen.clear();
        terminal.types(&format!("{typed}\r")).await;
        if typed != PASSPHRASE {
            terminal.sees("does not open").await;
        }
    }
    let (status, seen) = terminal.ends().await;
    assert!(status == 0 && seen.contains("access-token-0") && !seen.contains(PASSPHRASE), "{seen}");
}

#[tokio::test]
async fn f1_f9_neither_tokens_nor_passphrase_are_in_the_clear_in_any_file_argument_or_environment() {
    let stage = filed().await;
    stage.log_in("it", pair(0, 0)).await;
    let (open, held) = watch::channel(false);
    stage.server.answer(TOKEN, pair(1, 7200).held(&held));
    let child = stage.renewing().await;
    let process = format!("/proc/{}", child.id().unwrap());
    let seen = ["cmdline", "environ"].map(|file| std::fs::read(format!("{process}/{file}")).unwrap()).concat();
    open.send(true).unwrap();
    stage.house.end(child).await.well();
    let secrets = [("passphrase", PASSPHRASE), ("access", "access-token-1"), ("refresh", "refresh-token-1")];
    let canaries: Vec<_> = secrets.iter().map(|(name, secret)| Canary::new(*name, secret).unwrap()).collect();
    for canary in &canaries {
        assert!(canary.forms_in(&seen).is_empty(), "{canary:?}");
    }
    Canary::must_be_nowhere(stage.house.home.path(), &canaries).unwrap();
}
