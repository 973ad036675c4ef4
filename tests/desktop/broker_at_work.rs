//! The broker of the app itself: nothing before the person wants it, and nothing left when the app ends.

use std::path::PathBuf;

use keydesk_support::{Outcome, ports_of, wait_until};
use serde_json::{Value, json};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt, EventMask};

use crate::stage::{SOON, Stage};

fn folder(stage: &Stage) -> PathBuf {
    stage.desktop.root().join("run/keydesk")
}

fn files(folder: &PathBuf) -> Vec<String> {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = names.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// On, with a port and a program.
async fn switched_on(stage: &Stage) -> Outcome<Value> {
    let settings = json!({"on": true, "tcp": true, "tcp_port": null});
    stage.app.invoke("set_broker", json!({"settings": settings})).await?;
    stage.app.invoke("add_program", json!({"name": "Backup"})).await
}

/// Asks every window to close, as the button in its frame does.
fn close_windows(stage: &Stage) {
    let (screen, number) = x11rb::connect(stage.desktop.variable("DISPLAY").as_deref()).unwrap();
    let atom = |name: &str| screen.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
    let (protocols, delete) = (atom("WM_PROTOCOLS"), atom("WM_DELETE_WINDOW"));
    let root = screen.setup().roots[number].root;
    for window in screen.query_tree(root).unwrap().reply().unwrap().children {
        let close = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
        // Seen to by the screen before this connection ends, which it might notice first.
        screen.send_event(false, window, EventMask::NO_EVENT, close).unwrap().check().unwrap();
    }
}

async fn gone(stage: &Stage) -> Outcome {
    let folder = folder(stage);
    wait_until(async || files(&folder) == ["broker.lock"], SOON, "socket and secrets to go").await
}

#[tokio::test]
async fn i1_i11_a_fresh_start_listens_nowhere_and_what_is_switched_on_goes_with_the_window() -> Outcome {
    let stage = Stage::new().await?;
    let (process, folder) = (stage.app.process(), folder(&stage));
    let before = ports_of(process);
    assert!(files(&folder).is_empty());
    let view = switched_on(&stage).await?;
    assert!(view["listening"] == true && view["tcp"].is_string(), "{view}");
    assert_eq!(view["programs"][0]["header_file"], folder.join("backup.header").to_str().unwrap());
    assert_eq!(ports_of(process), before + 1);
    assert_eq!(files(&folder), ["backup.header", "broker.lock", "broker.sock"]);
    close_windows(&stage);
    gone(&stage).await
}

/// As by `kill -9`: what it left is cleared at the next start, with which the broker is on again.
#[tokio::test]
async fn i11_the_secrets_of_a_start_that_was_killed_count_no_more_at_the_next() -> Outcome {
    let stage = Stage::new().await?;
    let header = folder(&stage).join("backup.header");
    switched_on(&stage).await?;
    let secret = std::fs::read_to_string(&header)?;
    // The end of the test's session kills the app.
    let stage = stage.again().await?;
    let other = async || std::fs::read_to_string(&header).is_ok_and(|now| now != secret);
    wait_until(other, SOON, "another secret").await?;
    assert_eq!(stage.app.invoke("read_broker", json!({})).await?["listening"], true);
    Ok(())
}

#[tokio::test]
async fn i11_nothing_is_left_when_the_system_ends_the_app() -> Outcome {
    let stage = Stage::new().await?;
    switched_on(&stage).await?;
    let ended = std::process::Command::new("kill").arg(stage.app.process().to_string()).status()?;
    assert!(ended.success());
    gone(&stage).await
}
