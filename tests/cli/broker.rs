//! `keydesk broker`: group I with the real binary, a real keychain, and curl as the other program.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use keydesk_support::{ports_of, wait_for, wait_until};
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::house::{House, SOON};
use crate::ran::Ran;
use crate::terminal::Terminal;
use crate::waiting::{interrupt, signal};

impl House {
    fn run_folder(&self) -> PathBuf {
        self.home.path().join("run")
    }

    /// Starts the broker, and returns when it serves.
    pub async fn serves(&self, more: &[&str]) -> (Child, Value) {
        let mut child = self.command(&[&["--json", "broker"], more].concat()).spawn().unwrap();
        let view = self.printed(&mut child).await;
        (child, view)
    }

    /// “Backup” asks for a connection's token.
    fn curl(&self, connection: &str, min_valid: u32) -> Command {
        let mut curl = Command::from(self.session.command("curl"));
        curl.args(["--silent", "--show-error", "--write-out", "\n%{http_code}", "--unix-socket"]);
        curl.arg(self.run_folder().join("broker.sock"));
        curl.arg("-H").arg(format!("@{}", self.run_folder().join("backup.header").display()));
        curl.arg(format!("http://localhost/connections/{connection}/access-token?min_valid={min_valid}"))
            .kill_on_drop(true);
        curl
    }

    /// The status, and the answer.
    async fn asks(&self, connection: &str) -> (u16, Value) {
        let ran = Ran::of(&self.curl(connection, 60).output().await.unwrap()).well();
        let (body, status) = ran.out.rsplit_once('\n').unwrap();
        (status.parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
    }
}

fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = names.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn i1_i2_i11_the_broker_opens_a_socket_and_no_port_and_ctrl_c_removes_all_it_made() {
    let house = House::new().await;
    house.logged_in("staging").await;
    house.run(&["broker", "add", "Backup"]).await.well();
    assert!(!house.run_folder().exists(), "nothing is there before it runs");
    for (more, ports) in [(&[] as &[&str], 0), (&["--tcp"], 1)] {
        let (child, view) = house.serves(more).await;
        assert_eq!((&view["listening"], view["tcp"].is_string()), (&true.into(), ports == 1), "{view}");
        assert_eq!(view["socket"], house.run_folder().join("broker.sock").to_str().unwrap());
        assert_eq!(ports_of(child.id().unwrap()), ports);
        assert_eq!(files(&house.run_folder()), ["backup.header", "broker.lock", "broker.sock"]);
        // A second one says who is in the way.
        house.run(&["broker"]).await.fails_with(1).says("Another Keydesk");
        interrupt(child.id().unwrap());
        house.end(child).await.well();
        assert_eq!(files(&house.run_folder()), ["broker.lock"]);
    }
}

#[tokio::test]
async fn without_a_home_of_its_own_the_socket_is_in_the_session_s_folder() {
    let house = House::alone().await;
    let mut command = house.command(&["--json", "broker"]);
    let mut child = command.env_remove("KEYDESK_HOME").spawn().unwrap();
    let view = house.printed(&mut child).await;
    let folder = house.session.variable("XDG_RUNTIME_DIR").unwrap();
    assert_eq!(view["socket"], format!("{folder}/keydesk/broker.sock"));
    // As a service is stopped.
    let stopped = std::process::Command::new("kill").arg(child.id().unwrap().to_string()).status().unwrap();
    assert!(stopped.success());
    house.end(child).await.well();
    assert_eq!(files(&Path::new(&folder).join("keydesk")), ["broker.lock"]);
}

#[tokio::test]
async fn i11_what_a_killed_broker_left_is_no_obstacle_and_its_secrets_count_no_more() {
    let house = House::new().await;
    house.logged_in("staging").await;
    house.run(&["broker", "add", "Backup"]).await.well();
    house.run(&["broker", "grant", "backup", "staging"]).await.well();
    let (mut child, _) = house.serves(&[]).await;
    let header = house.run_folder().join("backup.header");
    let old = std::fs::read_to_string(&header).unwrap();
    child.kill().await.unwrap();
    assert!(header.exists());
    let (_child, _) = house.serves(&[]).await;
    assert_ne!(std::fs::read_to_string(&header).unwrap(), old);
    assert_eq!(house.asks("staging").await.0, 200);
    std::fs::write(&header, old).unwrap();
    assert_eq!(house.asks("staging").await.0, 401);
}

#[tokio::test]
async fn i7_the_first_use_is_asked_at_the_terminal_with_how_long() {
    let house = House::new().await;
    for name in ["staging", "other"] {
        house.logged_in(name).await;
    }
    house.run(&["broker", "add", "Backup"]).await.well();
    let mut terminal = Terminal::start(&house, &["broker"]);
    terminal.sees("Ctrl-C stops it.").await;
    // What was typed before the question is no answer to it.
    terminal.types("y\ronce\r").await;
    terminal.sees("once").await;
    let first = house.curl("staging", 60).stdout(Stdio::piped()).spawn().unwrap();
    terminal.sees("“Backup” wants the access token of “staging”. Allow it? [y/N]").await;
    terminal.types("y\r").await;
    terminal.sees("For how long?").await;
    terminal.types("never\r").await;
    terminal.types("hour\r").await;
    assert!(house.end(first).await.well().out.ends_with("\n200"));
    assert_eq!(house.asks("staging").await.0, 200, "and for the hour");
    let other = house.curl("other", 60).stdout(Stdio::piped()).spawn().unwrap();
    terminal.sees("“other”. Allow it?").await;
    terminal.types("\r").await;
    let refused = house.end(other).await.well().out;
    assert!(refused.contains("\"refused\"") && refused.ends_with("\n403"), "{refused}");
    let listed = house.run(&["broker", "list"]).await.well().out;
    for words in ["backup.header", "used ", "s ago", "  staging ", "granted, ends in "] {
        assert!(listed.contains(words) && !listed.contains("other"), "no “{words}”: {listed}");
    }
    terminal.types("\x03").await;
    let (_, seen) = terminal.ends().await;
    assert_eq!(files(&house.run_folder()), ["broker.lock"], "{seen}");
    assert!(!seen.contains("Keydesk-Program"), "{seen}");
}

#[tokio::test]
async fn i7_where_nobody_can_be_asked_what_was_granted_before_counts_until_it_is_taken_back() {
    let house = House::new().await;
    house.logged_in("staging").await;
    let (child, _) = house.serves(&[]).await;
    // Added while it runs: the header is there soon.
    house.run(&["broker", "add", "Backup"]).await.well();
    let header = house.run_folder().join("backup.header");
    wait_until(async || header.exists(), SOON, "the header of a new program").await.unwrap();
    assert_eq!(house.asks("staging").await.1["error"], "refused");
    house.run(&["broker", "grant", "Backup", "staging", "--for", "day"]).await.well();
    let (status, token) = house.asks("staging").await;
    assert_eq!(status, 200);
    assert_eq!(format!("{}\n", token["access_token"].as_str().unwrap()), house.run(&["token", "staging"]).await.out);
    house.run(&["broker", "revoke", "Backup", "staging"]).await.well();
    assert_eq!(house.asks("staging").await.0, 403);
    house.run(&["broker", "remove", "Backup"]).await.well();
    wait_until(async || !header.exists(), SOON, "the header of a removed program to go").await.unwrap();
    house.run(&["broker", "grant", "Backup", "staging"]).await.fails_with(2).says("There is no program “Backup”");
    house.run(&["broker", "add", "a\nb"]).await.fails_with(2);
    interrupt(child.id().unwrap());
    let ran = house.end(child).await.well();
    assert!(ran.err.contains("keydesk broker grant"), "{ran:?}");
}

/// The token is in the broker's memory still; other programs get none all the same.
#[tokio::test]
async fn i11_a_keychain_that_is_locked_stops_it_until_it_is_unlocked() {
    let house = House::alone().await;
    house.logged_in("staging").await;
    house.run(&["broker", "add", "Backup"]).await.well();
    house.run(&["broker", "grant", "backup", "staging"]).await.well();
    let (_child, _) = house.serves(&[]).await;
    assert_eq!(house.asks("staging").await.0, 200);
    house.session.lock_keychain().unwrap();
    let (status, answer) = house.asks("staging").await;
    assert_eq!((status, &answer["error"]), (423, &"locked".into()), "{answer}");
    house.session.unlock_keychain().unwrap();
    let open = async || (house.asks("staging").await.0 == 200).then_some(());
    wait_for(open, SOON, "tokens after the keychain is unlocked").await.unwrap();
}

/// A server that rotates gives the next refresh token once: it must not be lost on the way to the keychain.
#[tokio::test]
async fn ctrl_c_lets_a_renewal_end_that_another_program_has_caused() {
    let house = House::new().await;
    house.connect("another-api", "staging").await;
    house.log_in_by_browser("another-api", "staging", "browser").await.well();
    house.run(&["broker", "add", "Backup"]).await.well();
    house.run(&["broker", "grant", "backup", "staging"]).await.well();
    let before = house.kept_of("staging").await;
    let (child, _) = house.serves(&[]).await;
    house.sandbox.change(|options| options.latency = std::time::Duration::from_secs(1));
    let lock = house.home.path().join("data/locks").join(format!("{}.lock", house.id_of("staging").await));
    // Longer than it lives: it is renewed.
    let asking = house.curl("staging", 9000).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let renews = async || std::fs::File::open(&lock).is_ok_and(|file| file.try_lock().is_err());
    wait_until(renews, SOON, "the renewal").await.unwrap();
    interrupt(child.id().unwrap());
    house.end(child).await.well();
    drop(asking);
    assert_ne!(house.kept_of("staging").await["refresh_token"], before["refresh_token"]);
}

/// A program that goes away while its question stands makes room for the next one.
#[tokio::test]
async fn i7_a_question_that_nobody_answers_does_not_keep_the_next_program_waiting() {
    let house = House::new().await;
    for name in ["staging", "other"] {
        house.logged_in(name).await;
    }
    house.run(&["broker", "add", "Backup"]).await.well();
    let mut terminal = Terminal::start(&house, &["broker"]);
    terminal.sees("Ctrl-C stops it.").await;
    let mut first = house.curl("staging", 60).stdout(Stdio::null()).spawn().unwrap();
    terminal.sees("“staging”. Allow it?").await;
    let second = house.curl("other", 60).stdout(Stdio::piped()).spawn().unwrap();
    first.kill().await.unwrap();
    terminal.sees("waits no more").await;
    terminal.sees("“other”. Allow it?").await;
    terminal.types("y\r").await;
    terminal.sees("For how long?").await;
    terminal.types("\r").await;
    assert!(house.end(second).await.well().out.ends_with("\n200"));
    terminal.types("\x03").await;
    terminal.ends().await;
}

/// Reading its terminal would stop it: the system allows that to the job in front alone.
#[tokio::test]
async fn in_the_background_of_a_shell_it_serves_and_asks_nobody() {
    let house = House::new().await;
    house.logged_in("staging").await;
    house.run(&["broker", "add", "Backup"]).await.well();
    let line = format!("bash -c 'set -m; {} broker & wait'", crate::house::BINARY);
    let mut terminal = Terminal::start_line(&house, &line);
    terminal.sees("Ctrl-C stops it.").await;
    assert_eq!(house.asks("staging").await.1["error"], "refused");
    terminal.sees("nobody is at a terminal").await;
    house.run(&["broker", "grant", "Backup", "staging"]).await.well();
    assert_eq!(house.asks("staging").await.0, 200);
}

/// `nohup` has the hang-up ignored.
#[tokio::test]
async fn a_broker_that_is_to_outlive_its_terminal_does() {
    let house = House::new().await;
    let keydesk = house.command(&["--json", "broker"]);
    let mut command = Command::new("nohup");
    command.arg(keydesk.as_std().get_program()).args(keydesk.as_std().get_args()).env_clear();
    for (name, value) in keydesk.as_std().get_envs() {
        command.env(name, value.unwrap());
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    house.printed(&mut child).await;
    signal(child.id().unwrap(), "HUP");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(child.try_wait().unwrap().is_none());
    signal(child.id().unwrap(), "TERM");
    house.end(child).await.well();
}
