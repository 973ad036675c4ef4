//! What a person sees at a terminal.

use std::process::Stdio;
use std::time::Duration;

use keydesk_support::{processes_of, wait_until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use crate::browser::click_through;
use crate::house::{BINARY, House};

/// A command at a terminal of its own, which `script` makes.
pub struct Terminal {
    child: Child,
    pub seen: String,
}

impl Terminal {
    pub fn start(house: &House, arguments: &[&str]) -> Self {
        Self::start_line(house, &format!("{BINARY} {}", arguments.join(" ")))
    }

    /// The same of a line for the shell.
    pub fn start_line(house: &House, line: &str) -> Self {
        let mut command = Command::from(house.session.command("script"));
        command.args(["--quiet", "--return", "--command", line, "/dev/null"]);
        command.env("KEYDESK_HOME", house.home.path()).env("OPENED_URLS", house.home.path().join("opened-urls"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        Self { child: command.spawn().unwrap(), seen: String::new() }
    }

    /// Waits until these words are seen.
    pub async fn sees(&mut self, words: &str) {
        let reading = async {
            let mut part = [0; 4096];
            while !self.seen.contains(words) {
                let read = self.child.stdout.as_mut().unwrap().read(&mut part).await.unwrap();
                assert_ne!(read, 0, "it ended: {}", self.seen);
                self.seen.push_str(&String::from_utf8_lossy(&part[..read]));
            }
        };
        let seen = tokio::time::timeout(Duration::from_secs(20), reading).await;
        assert!(seen.is_ok(), "no “{words}”: {}", self.seen);
    }

    /// Waits for a prompt, and until what is typed is hidden: the prompt is there a moment earlier.
    pub async fn asks_for(&mut self, prompt: &str, house: &House) {
        self.sees(prompt).await;
        let home = format!("KEYDESK_HOME={}", house.home.path().display());
        let hidden = async || {
            let inputs = processes_of(&home).into_iter().flat_map(|id| std::fs::read_link(format!("/proc/{id}/fd/0")));
            let Some(terminal) = inputs.into_iter().find(|input| input.starts_with("/dev/pts")) else { return false };
            let settings = std::process::Command::new("stty").arg("-a").arg("-F").arg(terminal).output().unwrap();
            String::from_utf8_lossy(&settings.stdout).contains("-echo ")
        };
        wait_until(hidden, Duration::from_secs(20), "the terminal to hide what is typed").await.unwrap();
    }

    pub async fn types(&mut self, text: &str) {
        self.child.stdin.as_mut().unwrap().write_all(text.as_bytes()).await.unwrap();
    }

    /// The exit status, and all that was seen.
    pub async fn ends(mut self) -> (i32, String) {
        let mut rest = Vec::new();
        self.child.stdout.as_mut().unwrap().read_to_end(&mut rest).await.unwrap();
        let status = self.child.wait().await.unwrap().code().unwrap();
        (status, self.seen + &String::from_utf8_lossy(&rest))
    }
}

#[tokio::test]
async fn a_password_is_asked_for_and_not_echoed() {
    let house = House::new().await;
    house.connect("spoke-zone", "desk").await;
    let mut terminal = Terminal::start(&house, &["login", "desk", "--method", "user"]);
    terminal.sees("User name:").await;
    terminal.types(&format!("{}\r", keydesk_sandbox::USERNAME)).await;
    terminal.asks_for("Password: ", &house).await;
    let before = terminal.seen.len();
    terminal.types(&format!("{}\r", keydesk_sandbox::PASSWORD)).await;
    let (status, seen) = terminal.ends().await;
    assert_eq!(status, 0, "{seen}");
    assert!(!seen[before..].contains(keydesk_sandbox::PASSWORD), "{seen}");
    house.run(&["call", "desk", "GET", "/api/v2/devices"]).await.well();
}

#[tokio::test]
async fn ctrl_c_at_a_password_stops_the_command() {
    let house = House::new().await;
    house.connect("relay", "key").await;
    let mut terminal = Terminal::start(&house, &["login", "key", "--method", "api_key"]);
    terminal.asks_for("API key: ", &house).await;
    terminal.types("\x03").await;
    let (status, seen) = terminal.ends().await;
    assert_eq!(status, 130, "{seen}");
}

#[tokio::test]
async fn a_code_for_another_device_is_drawn() {
    let house = House::new().await;
    house.connect("another-api", "tv").await;
    let (arguments, _) = house.typed("another-api", "tv", "device_code", &[]).await;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut terminal = Terminal::start(&house, &arguments);
    terminal.sees("Waiting").await;
    assert!(terminal.seen.contains('▀') && terminal.seen.contains('█'), "{}", terminal.seen);
    terminal.types("\x03").await;
    assert_eq!(terminal.ends().await.0, 130);
}

#[tokio::test]
async fn a_pasted_address_is_not_echoed_and_may_be_wrong_twice() {
    let house = House::new().await;
    house.connect("relay", "far").await;
    let mut terminal = Terminal::start(&house, &["login", "far", "--paste"]);
    terminal.asks_for("Address: ", &house).await;
    let page = terminal.seen.split_whitespace().find(|word| word.starts_with("http")).unwrap().to_owned();
    terminal.types("code-alone\r").await;
    terminal.sees("not a whole address").await;
    let redirect = click_through(&page.parse().unwrap(), "log-in").await;
    terminal.asks_for("Address: ", &house).await;
    terminal.types(&format!("{redirect}\r")).await;
    let (status, seen) = terminal.ends().await;
    assert_eq!(status, 0, "{seen}");
    assert!(!seen.contains("code-alone") && !seen.contains("code="), "{seen}");
}
