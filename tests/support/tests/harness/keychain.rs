//! Each kind of keychain behaves as it is named.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use keydesk_support::{Desktop, DesktopOptions, Keychain, Outcome};

#[test]
fn an_unlocked_keychain_keeps_what_it_is_given() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::default())?;
    assert!(store(&desktop, "kept")?);
    assert_eq!(read(&desktop)?, "kept");
    Ok(())
}

#[test]
fn a_locked_keychain_refuses_at_once() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::with_keychain(Keychain::Locked))?;
    let start = Instant::now();
    assert!(!store(&desktop, "kept")?);
    assert!(start.elapsed() < Duration::from_secs(3));
    Ok(())
}

#[test]
fn a_keychain_can_be_locked_and_unlocked_meanwhile() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::default())?;
    assert!(store(&desktop, "kept")?);
    desktop.lock_keychain()?;
    assert!(!store(&desktop, "not kept")?);
    assert_eq!(read(&desktop)?, "");
    desktop.unlock_keychain()?;
    assert_eq!(read(&desktop)?, "kept");
    Ok(())
}

#[test]
fn a_prompting_keychain_waits_for_the_person() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::with_keychain(Keychain::Prompting))?;
    assert!(still_waiting_after(&desktop, Duration::from_secs(3))?);
    Ok(())
}

#[test]
fn a_silent_keychain_never_answers() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::with_keychain(Keychain::Silent))?;
    assert!(still_waiting_after(&desktop, Duration::from_secs(3))?);
    Ok(())
}

#[test]
fn an_absent_keychain_is_absent_with_a_bus_and_without() -> Outcome {
    for keychain in [Keychain::Absent, Keychain::NoBus] {
        let desktop = Desktop::start(DesktopOptions::with_keychain(keychain))?;
        assert_eq!(desktop.bus_address().is_some(), keychain == Keychain::Absent);
        let start = Instant::now();
        assert!(!store(&desktop, "kept")?, "{keychain:?}");
        assert!(start.elapsed() < Duration::from_secs(3), "{keychain:?}");
    }
    Ok(())
}

fn store(desktop: &Desktop, secret: &str) -> Outcome<bool> {
    let mut command = desktop.command("secret-tool");
    command.args(["store", "--label=harness", "of", "harness"]).stdin(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    child.stdin.take().unwrap().write_all(secret.as_bytes())?;
    Ok(child.wait()?.success())
}

fn read(desktop: &Desktop) -> Outcome<String> {
    let output = desktop.command("secret-tool").args(["lookup", "of", "harness"]).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn still_waiting_after(desktop: &Desktop, time: Duration) -> Outcome<bool> {
    let mut command = desktop.command("secret-tool");
    command.args(["store", "--label=harness", "of", "harness"]).stdin(Stdio::piped());
    let mut asking = desktop.spawn(&mut command, "secret-tool")?;
    std::thread::sleep(time);
    Ok(asking.ended().is_none())
}
