//! J7: versions with known holes are not in the lock file.

/// All versions of a package in the lock file.
fn versions(package: &str) -> Vec<(u64, u64, u64)> {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap();
    let lines: Vec<&str> = lock.lines().collect();
    let named = lines.windows(2).filter(|pair| pair[0] == format!("name = \"{package}\""));
    let numbers = |text: &str| {
        let text =
            text.trim_start_matches("version = \"").trim_end_matches('"').split(['-', '+']).next().unwrap().to_owned();
        let mut parts = text.split('.').map(|part| part.parse().unwrap());
        (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap())
    };
    named.map(|pair| numbers(pair[1])).collect()
}

#[test]
fn j7_no_package_is_older_than_its_last_known_hole() {
    for (package, least) in [("tauri", (2, 11, 1)), ("h2", (0, 4, 16)), ("rustls-webpki", (0, 103, 13))] {
        let found = versions(package);
        assert!(found.iter().all(|version| *version >= least), "{package}: {found:?}");
        assert!(!found.is_empty(), "{package} is not there: is this test still of use?");
    }
    for (package, least) in [("tauri-plugin-shell", (2, 2, 1)), ("webbrowser", (1, 2, 2))] {
        assert!(versions(package).iter().all(|version| *version >= least), "{package}");
    }
}

/// One HTTP stack, so that one policy holds.
#[test]
fn there_is_one_reqwest() {
    assert_eq!(versions("reqwest").len(), 1);
}
