//! Rules of the house that a compiler does not know.

use std::fs;
use std::path::{Path, PathBuf};

pub fn files_under(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_under(&path, endings, found);
        } else if endings.iter().any(|ending| path.extension().is_some_and(|extension| extension == *ending)) {
            found.push(path);
        }
    }
}

/// The code without its tests and comments, in lower case.
pub fn code(text: &str) -> String {
    // What stands beside the code for tests alone, as a module in a file of its own, is a line like others.
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n").to_lowercase()
}

/// A provider is a file: no code names one, outside the list of built-in files, the sandbox and tests.
#[test]
fn no_code_names_a_provider() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src-tauri/app", "src-tauri/cli", "src-tauri/core/src", "ui/src"] {
        files_under(&root.join(folder), &["rs", "ts", "svelte"], &mut files);
    }
    assert!(files.len() > 50);
    for file in files {
        let path = file.to_string_lossy();
        let allowed = path.ends_with("provider/registry.rs") || path.contains("/fake") || path.ends_with(".test.ts");
        let text = code(&fs::read_to_string(&file).unwrap());
        for name in ["relay", "wazo", "spoke", "imagerelay", "world of workflows", "world-of-workflows", "another-api"]
        {
            assert!(allowed || !text.contains(name), "{path} names {name}");
        }
    }
}

/// The core does not know Tauri; the shell does not know HTTP.
#[test]
fn the_core_knows_no_tauri_and_the_shell_no_http() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut core, mut shell) = (Vec::new(), Vec::new());
    files_under(&root.join("src-tauri/core"), &["rs", "toml"], &mut core);
    files_under(&root.join("src-tauri/app"), &["rs"], &mut shell);
    for file in core {
        let name = if file.ends_with("Cargo.toml") { "tauri" } else { "tauri::" };
        assert!(!code(&fs::read_to_string(&file).unwrap()).contains(name), "{}", file.display());
    }
    for file in shell {
        let text = code(&fs::read_to_string(&file).unwrap());
        assert!(!text.contains("reqwest") && !text.contains("hyper"), "{}", file.display());
    }
}
