//! Another user of this machine.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::stage::{Stage, pair};
use crate::house::BINARY;

/// “nobody”, as most systems number it.
const NOBODY: &str = "65534";

/// Runs a program as another user. Only root may.
fn as_nobody(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args([&format!("--reuid={NOBODY}"), &format!("--regid={NOBODY}"), "--clear-groups", "--"]).arg(program);
    command.stdin(Stdio::null());
    command
}

fn under(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.push(path.clone());
        if path.is_dir() {
            under(&path, found);
        }
    }
}

/// A home that others may enter, as those of many systems are, with all that comes to be in it.
async fn home() -> (Stage, Vec<PathBuf>) {
    let stage = Stage::new().await;
    stage.log_in("it", pair(0, 7200)).await;
    stage.token().await.well();
    let home = stage.house.home.path();
    fs::set_permissions(home, Permissions::from_mode(0o755)).unwrap();
    let mut files = Vec::new();
    ["config", "data"].iter().for_each(|folder| under(&home.join(folder), &mut files));
    assert!(files.len() > 5, "{files:?}");
    (stage, files)
}

#[tokio::test]
async fn f12_what_is_kept_in_files_is_for_this_person_alone() {
    let (stage, files) = home().await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in ["config", "data"] {
        assert_eq!(mode(&stage.house.home.path().join(folder)), 0o700, "{folder}");
    }
    for name in ["config/connections.json", "data/activity.sqlite", "data/installation.json"] {
        assert_eq!(mode(&stage.house.home.path().join(name)), 0o600, "{name}");
    }
    let reads = |path: &Path| as_nobody("cat").arg(path).output();
    match reads(Path::new("/etc/hostname")) {
        Ok(Output { status, .. }) if status.success() => {}
        _ => {
            eprintln!("left out: only root can be another user");
            return;
        }
    }
    for path in &files {
        let output = reads(path).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{} can be read", path.display());
    }
}

#[tokio::test]
async fn f12_another_user_who_points_keydesk_at_this_home_gets_nothing_and_changes_nothing() {
    let (stage, _) = home().await;
    let home = stage.house.home.path();
    // Where another user can run it.
    let program = home.join("keydesk");
    fs::copy(BINARY, &program).unwrap();
    let Ok(started) = as_nobody(&program).arg("--version").output() else { return };
    if !started.status.success() {
        eprintln!("left out: only root can be another user");
        return;
    }
    let before = stage.settings(&[&stage.id]);
    for arguments in [["token", "it"].as_slice(), &["status"], &["connect", "another-api", "--name", "theirs"]] {
        let output = as_nobody(&program).args(arguments).env("KEYDESK_HOME", home).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), b"".as_slice()), "{said}");
        assert!(said.contains("ermission denied") || said.contains("not permitted"), "{said}");
    }
    assert_eq!(stage.settings(&[&stage.id]), before);
    stage.token().await.well();
}
