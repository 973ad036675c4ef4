//! Commands that go on: what they say, and Ctrl-C.

use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::process::Child;

use crate::house::{House, SOON};

impl House {
    /// What a waiting command has said on standard error, once these words are in it.
    pub async fn told(&self, child: &mut Child, words: &str) -> String {
        let mut stderr = child.stderr.take().unwrap();
        let mut told = Vec::new();
        let reading = async {
            let mut part = [0; 4096];
            while !String::from_utf8_lossy(&told).contains(words) {
                match stderr.read(&mut part).await.unwrap() {
                    0 => break,
                    read => told.extend_from_slice(&part[..read]),
                }
            }
        };
        tokio::time::timeout(SOON, reading).await.expect("the command does not say it");
        child.stderr = Some(stderr);
        String::from_utf8(told).unwrap()
    }

    /// The JSON that a command printed which goes on.
    pub async fn printed(&self, child: &mut Child) -> Value {
        let mut stdout = child.stdout.take().unwrap();
        let mut printed = Vec::new();
        let reading = async {
            loop {
                let mut part = [0; 4096];
                let read = stdout.read(&mut part).await.unwrap();
                assert_ne!(read, 0, "it ended");
                printed.extend_from_slice(&part[..read]);
                if let Ok(value) = serde_json::from_slice(&printed) {
                    break value;
                }
            }
        };
        tokio::time::timeout(SOON, reading).await.expect("the command prints no JSON")
    }
}

/// Presses Ctrl-C.
pub fn interrupt(process: u32) {
    signal(process, "INT");
}

/// Sends a signal.
pub fn signal(process: u32, name: &str) {
    let sent = std::process::Command::new("kill").args(["-s", name, &process.to_string()]).status().unwrap();
    assert!(sent.success());
}
