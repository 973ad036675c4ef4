//! The recipes of docs/other-programs.md, as they stand there: each block of code is run against the sandbox.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use keydesk_support::{Answer, FakeServer, Received};
use tokio::process::Command;

use crate::house::{BINARY, House};
use crate::ran::Ran;

const BY_COMMAND: &str = "With the command line";
const BY_BROKER: &str = "With the broker";

/// The blocks of code under this heading of this chapter, in order.
fn blocks(chapter: &str, heading: &str) -> Vec<String> {
    let file = keydesk_support::repository().join("docs/other-programs.md");
    let text = std::fs::read_to_string(file).unwrap();
    let (mut at, mut open, mut found) = (["", ""], false, Vec::<String>::new());
    for line in text.lines() {
        let wanted = at == [chapter, heading];
        if line.starts_with("```") {
            open = !open;
            if open && wanted {
                found.push(String::new());
            }
        } else if open && wanted {
            found.last_mut().unwrap().push_str(&format!("{line}\n"));
        } else if let Some(title) = line.strip_prefix("## ").filter(|_| !open) {
            at = [title, ""];
        } else if let Some(title) = line.strip_prefix("### ").filter(|_| !open) {
            at[1] = title;
        }
    }
    assert!(!found.is_empty(), "nothing under “{chapter}”, “{heading}”");
    found
}

/// A house with a connection “staging”, an API that says which token it got, and a folder of programs.
struct Kitchen {
    house: House,
    api: FakeServer,
    programs: tempfile::TempDir,
    /// In which the broker's folder is, for who has no KEYDESK_HOME.
    session: tempfile::TempDir,
}

impl Kitchen {
    async fn new() -> Self {
        let house = House::new().await;
        house.logged_in("staging").await;
        let api = FakeServer::start().await.unwrap();
        let seen = |request: &Received| request.header("authorization").unwrap_or("nothing").to_owned();
        api.answer_with("/me", move |request| Answer::new(200).body(format!("seen: {}", seen(request))));
        let programs = tempfile::tempdir().unwrap();
        // As on anybody's path.
        std::os::unix::fs::symlink(BINARY, programs.path().join("keydesk")).unwrap();
        let session = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(house.home.path().join("run"), session.path().join("keydesk")).unwrap();
        Self { house, api, programs, session }
    }

    /// A block, with the API of this test in place of the example's.
    fn at_home(&self, block: &str) -> String {
        block.replace("https://api.example.com", &self.api.url(""))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::from(self.house.session.command(program));
        let path = self.house.session.variable("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", self.programs.path().display()));
        command.env("KEYDESK_HOME", self.house.home.path()).env("GIT_TERMINAL_PROMPT", "0");
        command.env("XDG_RUNTIME_DIR", self.session.path());
        command.kill_on_drop(true);
        command
    }

    async fn shell(&self, block: &str) -> Ran {
        Ran::of(&self.command("sh").arg("-c").arg(self.at_home(block)).output().await.unwrap())
    }

    async fn python(&self, block: &str) -> Ran {
        Ran::of(&self.command("python3").arg("-c").arg(self.at_home(block)).output().await.unwrap())
    }

    /// What the API says when it got the live token.
    async fn seen(&self) -> String {
        let token = self.house.run(&["token", "staging"]).await.well().out;
        format!("seen: Bearer {}", token.trim())
    }
}

#[tokio::test]
async fn curl_gets_the_header_and_no_argument_holds_it() {
    let kitchen = Kitchen::new().await;
    let ran = kitchen.shell(&blocks(BY_COMMAND, "curl")[0]).await.well();
    assert_eq!(ran.out, kitchen.seen().await);
}

#[tokio::test]
async fn a_shell_script_has_a_token_or_stops_with_the_reason() {
    let kitchen = Kitchen::new().await;
    let script = &blocks(BY_COMMAND, "A shell script")[0];
    let ran = kitchen.shell(script).await.well();
    assert_eq!(ran.out, kitchen.seen().await);
    kitchen.house.run(&["logout", "staging"]).await.well();
    let ran = kitchen.shell(script).await.fails_with(3).says("keydesk login");
    assert_eq!((ran.out.as_str(), kitchen.api.received().len()), ("", 1));
}

#[tokio::test]
async fn git_finds_the_token_as_a_password() {
    let kitchen = Kitchen::new().await;
    let [helper, configuration] = &blocks(BY_COMMAND, "git")[..] else { panic!("two blocks") };
    let file: PathBuf = kitchen.programs.path().join("git-credential-keydesk");
    std::fs::write(&file, helper).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Of this test's own, in place of --global.
    let gitconfig = kitchen.programs.path().join("gitconfig");
    let configuration = configuration
        .replace("https://git.example.com", &kitchen.api.url(""))
        .replace("--global", &format!("--file {}", gitconfig.display()));
    kitchen.shell(&configuration).await.well();
    let asks = Answer::new(401).header("www-authenticate", "Basic realm=\"git\"");
    kitchen.api.answer("/repository.git/info/refs", asks);
    let mut git = kitchen.command("git");
    git.args(["ls-remote", &kitchen.api.url("/repository.git")]).current_dir(kitchen.programs.path());
    git.env("GIT_CONFIG_GLOBAL", &gitconfig).env("GIT_CONFIG_NOSYSTEM", "1");
    let ran = Ran::of(&git.output().await.unwrap());
    // There is no repository, but who asked is known.
    let received = kitchen.api.received_at("/repository.git/info/refs");
    let shown = received.last().unwrap().header("authorization").unwrap_or_else(|| panic!("{ran:?}"));
    let token = kitchen.house.run(&["token", "staging"]).await.well().out;
    let expected = reqwest::Client::new().get(kitchen.api.url("/")).basic_auth("oauth2", Some(token.trim()));
    assert_eq!(shown, expected.build().unwrap().headers()["authorization"]);
}

#[tokio::test]
async fn python_with_and_without_a_library_sends_the_token() {
    let kitchen = Kitchen::new().await;
    let [with_requests, alone] = &blocks(BY_COMMAND, "Python")[..] else { panic!("two blocks") };
    let seen = kitchen.seen().await;
    assert_eq!(kitchen.python(alone).await.well().out.trim(), seen);
    if kitchen.python("import requests").await.status == 0 {
        assert_eq!(kitchen.python(with_requests).await.well().out.trim(), seen);
    } else {
        eprintln!("left out: this Python has no requests");
    }
}

#[tokio::test]
async fn the_broker_serves_curl_and_python_and_a_port() {
    let kitchen = Kitchen::new().await;
    let port = keydesk_support::free_port().unwrap().to_string();
    // The first block sets it up; what it asks the person is granted before.
    kitchen.house.run(&["broker", "add", "Backup"]).await.well();
    kitchen.house.run(&["broker", "grant", "Backup", "staging"]).await.well();
    let _broker = kitchen.house.serves(&["--tcp", &port]).await;
    let seen = kitchen.seen().await;
    let in_python = "Python, for a program that runs for long";
    assert_eq!(kitchen.shell(&blocks(BY_BROKER, "curl")[0]).await.well().out, seen);
    assert_eq!(kitchen.python(&blocks(BY_BROKER, in_python)[0]).await.well().out.trim(), seen);
    let at_port = blocks(BY_BROKER, "At a port")[0].replace("8123", &port);
    let token = kitchen.shell(&at_port).await.well().json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(format!("seen: Bearer {token}"), seen);
}
