//! Screen, shim, and the end of it all.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use keydesk_support::{BrowserShim, Desktop, DesktopOptions, Keychain, Outcome, processes_of};

#[tokio::test]
async fn the_shim_records_what_a_program_opens() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::default())?;
    for url in ["https://one.test/?a=b%20c&d", "http://127.0.0.1:1/two"] {
        assert!(desktop.command("xdg-open").arg(url).status()?.success());
    }
    assert_eq!(desktop.opened_url(Duration::from_secs(1)).await?, "https://one.test/?a=b%20c&d");
    assert_eq!(desktop.opened_url(Duration::from_secs(1)).await?, "http://127.0.0.1:1/two");
    assert!(desktop.opened_url(Duration::from_millis(100)).await.is_err());
    Ok(())
}

#[tokio::test]
async fn two_arguments_for_the_browser_are_a_finding() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::default())?;
    desktop.command("xdg-open").args(["https://one.test/", "two"]).status()?;
    assert!(desktop.opened_url(Duration::from_secs(1)).await.is_err());
    Ok(())
}

#[test]
fn a_failing_browser_fails_under_every_name_and_is_still_recorded() -> Outcome {
    let desktop = Desktop::start(DesktopOptions { browser: BrowserShim::Fails, ..DesktopOptions::default() })?;
    for program in ["xdg-open", "gio"] {
        assert!(!desktop.command(program).arg("https://one.test/").status()?.success());
    }
    assert_eq!(desktop.opened_urls()?, ["https://one.test/"]);
    Ok(())
}

#[test]
fn a_picture_has_the_size_of_the_screen() -> Outcome {
    let desktop = Desktop::start(DesktopOptions { screen: (640, 480), ..DesktopOptions::default() })?;
    let picture = desktop.root().join("screen.png");
    desktop.picture(&picture)?;
    let bytes = std::fs::read(picture)?;
    // Width and height stand in the PNG's first chunk.
    assert_eq!(bytes[16..24], [0, 0, 2, 128, 0, 0, 1, 224]);
    Ok(())
}

#[test]
fn a_program_in_it_sees_nothing_of_the_persons_own() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::with_keychain(Keychain::Absent))?;
    let output = desktop.command("env").output()?;
    let variables = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = |name: &str| variables.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"] {
        assert!(PathBuf::from(value(name).unwrap()).starts_with(desktop.root()), "{name}");
    }
    assert!(!PathBuf::from(value("CARGO_HOME").unwrap()).starts_with(desktop.root()));
    assert!(value("WAYLAND_DISPLAY").is_none() && value("http_proxy").is_none());
    Ok(())
}

#[test]
fn nothing_is_left_after_it_not_even_what_left_its_process_group() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::default())?;
    let (mark, root) = (desktop.mark(), desktop.root().to_path_buf());
    desktop.command("setsid").args(["--fork", "sleep", "600"]).status()?;
    assert!(processes_of(&mark).len() >= 4, "Xvfb, bus, keyring and the runaway");
    let start = Instant::now();
    drop(desktop);
    assert_eq!(processes_of(&mark), Vec::<u32>::new());
    assert!(!root.exists());
    assert!(start.elapsed() < Duration::from_secs(5));
    Ok(())
}

#[test]
fn a_test_that_panics_leaves_nothing_either() {
    let seen = std::sync::Mutex::new(String::new());
    let outcome = std::panic::catch_unwind(|| {
        let desktop = Desktop::start(DesktopOptions::default()).unwrap();
        *seen.lock().unwrap() = desktop.mark();
        // As an assertion would, without its message on the screen.
        std::panic::resume_unwind(Box::new("as a failing test"));
    });
    assert!(outcome.is_err());
    let mark = seen.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    assert!(!mark.is_empty());
    assert_eq!(processes_of(&mark), Vec::<u32>::new());
}

#[test]
fn a_test_that_is_killed_leaves_nothing_either() -> Outcome {
    // This very test in a process of its own, which starts a desktop, says its mark, and is killed.
    let me = std::env::current_exe()?;
    if let Ok(told) = std::env::var("HARNESS_VICTIM") {
        let desktop = Desktop::start(DesktopOptions::default())?;
        std::fs::write(told, format!("{}\n{}", desktop.mark(), desktop.root().display()))?;
        std::thread::sleep(Duration::from_secs(60));
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let told = folder.path().join("told");
    let mut victim = std::process::Command::new(me)
        .args(["--exact", "harness::desktop::a_test_that_is_killed_leaves_nothing_either"])
        .env("HARNESS_VICTIM", &told)
        .stdout(std::process::Stdio::null())
        .spawn()?;
    let started = until(|| std::fs::read_to_string(&told).is_ok_and(|text| text.contains('\n')));
    victim.kill()?;
    victim.wait()?;
    assert!(started);
    let text = std::fs::read_to_string(&told)?;
    let (mark, root) = text.split_once('\n').unwrap();
    assert!(until(|| processes_of(mark).is_empty() && !PathBuf::from(root).exists()), "left: {:?}", processes_of(mark));
    Ok(())
}

fn until(mut is_so: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(10);
    while !is_so() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    true
}
