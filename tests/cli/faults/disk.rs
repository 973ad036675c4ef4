//! Commands on a disk that is full, or that can only be read.

use std::fs;
use std::process::Stdio;

use keydesk_support::Disk;
use tokio::process::Command;

use super::stage::{Stage, TOKEN, pair};
use crate::house::House;
use crate::ran::Ran;

impl House {
    /// Runs a command that can write to no file at all: with a limit of the process, and the signal that goes with it
    /// ignored, so that each write fails as on a full disk.
    async fn run_full(&self, arguments: &[&str]) -> Ran {
        let keydesk = self.command(arguments);
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]);
        command.arg(keydesk.as_std().get_program()).args(keydesk.as_std().get_args()).env_clear().stdin(Stdio::null());
        for (name, value) in keydesk.as_std().get_envs() {
            command.env(name, value.unwrap());
        }
        Ran::of(&command.output().await.unwrap())
    }
}

#[tokio::test]
async fn on_a_full_disk_a_token_is_had_and_renewed_and_kept_in_the_keychain() {
    let stage = Stage::over().await;
    let before = stage.settings(&[]);
    stage.server.answer(TOKEN, pair(1, 7200));
    assert_eq!(stage.house.run_full(&["token", "it"]).await.well().out, "access-token-1\n");
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-1");
    // The one at hand, too.
    assert_eq!(stage.house.run_full(&["token", "it"]).await.well().out, "access-token-1\n");
    stage.server.answer("/things", keydesk_support::Answer::json(200, &serde_json::json!({"all": "well"})));
    stage.house.run_full(&["call", "it", "GET", "/things"]).await.well();
    assert_eq!(stage.settings(&[]), before);
    assert_eq!(stage.asked(), ["refresh-token-0"]);
    stage.house.run(&["status"]).await.well();
}

#[tokio::test]
async fn on_a_full_disk_what_cannot_be_saved_is_said_and_what_was_there_stays_whole() {
    let stage = Stage::over().await;
    let before = stage.settings(&[]);
    let base = format!("base_url={}", stage.server.url(""));
    let connect = ["--json", "connect", "one-endpoint", "--name", "other", "--set", &base];
    let error = stage.house.run_full(&connect).await.fails_with(1).json()["error"].clone();
    assert!(error["message"].as_str().unwrap().contains("File too large"), "{error}");
    assert_eq!(stage.settings(&[]), before, "neither changed, nor a piece of something new beside it");
    stage.house.run(&connect).await.well();
    assert_eq!(stage.house.run(&["--json", "status"]).await.json()["connections"].as_array().map(Vec::len), Some(2));
}

/// As on a machine that was mounted so after a fault of its disk. Only root can mount one.
#[tokio::test]
async fn on_a_disk_that_can_only_be_read_a_token_is_had_and_renewed_and_kept_in_the_keychain() {
    let house = House::new().await;
    let Some(disk) = Disk::over(house.home.path()) else {
        eprintln!("left out: only root can mount a disk");
        return;
    };
    let stage = Stage::in_house(house).await;
    stage.log_in("it", pair(0, 0)).await;
    disk.only_read().unwrap();
    assert!(fs::write(stage.house.home.path().join("new"), "").is_err());
    stage.server.answer(TOKEN, pair(1, 7200));
    for _ in 0..2 {
        assert_eq!(stage.token().await.well().out, "access-token-1\n");
    }
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-1");
    let base = format!("base_url={}", stage.server.url(""));
    let connect = ["--json", "connect", "one-endpoint", "--name", "other", "--set", &base];
    let error = stage.house.run(&connect).await.fails_with(1).json()["error"].clone();
    assert!(error["message"].as_str().unwrap().contains("Read-only"), "{error}");
    assert_eq!(stage.asked(), ["refresh-token-0"]);
}

#[tokio::test]
async fn f12_a_file_that_was_damaged_is_said_once_with_the_place_where_it_is_kept() {
    let stage = Stage::over().await;
    fs::write(stage.house.home.path().join("config/settings.json"), "{\"theme\": \"da").unwrap();
    let said = stage.house.run(&["status"]).await.well().err.clone();
    assert!(said.contains("settings.json could not be read"), "{said}");
    assert!(said.contains("settings.json.broken"), "{said}");
    assert_eq!(stage.house.run(&["status"]).await.well().err, "");
}
