//! What the explorer copies as a command of curl, as it works when it is pasted into a shell.

use std::sync::Arc;

use keydesk_core::{
    Doors, ExplorerRequest, Keydesk, Paths, RequestBody, RequestRow, SecretStore, SystemBrowser, SystemClock, Transport,
};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::house::{BINARY, House};
use crate::ran::Ran;

/// The same home, without its secrets: a copied command holds none.
fn keydesk(house: &House) -> Arc<Keydesk> {
    Keydesk::open(Doors {
        paths: Paths::under(house.home.path()),
        clock: Arc::new(SystemClock),
        browser: Arc::new(SystemBrowser),
        store: SecretStore::in_memory(),
        transport: Transport::default(),
    })
    .unwrap()
}

fn request(method: &str, url: &str, body: RequestBody) -> ExplorerRequest {
    let row = |name: &str, value: &str| RequestRow { name: name.to_owned(), value: value.to_owned(), on: true };
    ExplorerRequest {
        method: method.to_owned(),
        url: url.to_owned(),
        parameters: Vec::new(),
        query: vec![row("q", "it's $HOME & \"more\"")],
        headers: vec![row("X-Odd", "`id` $(id) 'x' \\ !"), row("X-Empty", "")],
        body,
        follow: false,
    }
}

async fn paste(house: &House, command: &str) -> Ran {
    let programs = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(BINARY, programs.path().join("keydesk")).unwrap();
    let path = house.session.variable("PATH").unwrap();
    let mut shell = Command::from(house.session.command("sh"));
    shell.env("PATH", format!("{}:{path}", programs.path().display())).env("KEYDESK_HOME", house.home.path());
    shell.args(["-c", &format!("{command} --silent --show-error")]).kill_on_drop(true);
    Ran::of(&shell.output().await.unwrap())
}

#[tokio::test]
async fn f10_a_copied_command_works_in_a_shell_and_asks_for_the_token_when_it_runs() {
    let house = House::new().await;
    house.logged_in("it's $HOME").await;
    let token = house.run(&["token", "it's $HOME"]).await.well().out.trim().to_owned();
    let keydesk = keydesk(&house);
    let connection = keydesk.list_connections().into_iter().next().unwrap().id;
    let sent = json!({"it's": "$(id) `id` \"x\" \\ \n !", "n": 1});
    let body = RequestBody::Json { text: sent.to_string() };
    for (built, echoes) in [
        (request("GET", "/me", RequestBody::None), false),
        (request("POST", "/echo", body.clone()), true),
        (request("PUT", "/echo", body), true),
    ] {
        let command = keydesk.copy_as_curl(&connection, &built).await.unwrap();
        assert!(!command.contains(&token), "{command}");
        assert!(command.contains("$(keydesk token 'it'\\''s $HOME')"), "{command}");
        let ran = paste(&house, &command).await.well();
        let answer: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{command}\n{ran:?}"));
        assert!(!echoes || answer.to_string().contains(&sent.to_string()), "{command}\n{answer}");
        assert!(answer.get("error").is_none(), "{command}\n{answer}");
    }
}
