//! Asks the person at the terminal whether a program may have a token, and for how long.

use std::io::{self, BufRead};
use std::sync::Arc;

use keydesk_core::{AskView, GrantFor, Keydesk};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::label;
use crate::output::Output;
use crate::secrets::can_ask;

const TIMES: [(&str, GrantFor); 4] =
    [("once", GrantFor::Once), ("hour", GrantFor::Hour), ("day", GrantFor::Day), ("month", GrantFor::Month)];

/// Asks for each program that waits, one after the other, as long as the core lives.
pub async fn all(output: Output, keydesk: &Arc<Keydesk>) {
    let mut person = Person { output, lines: lines() };
    let mut signals = keydesk.signals();
    loop {
        while let Some(ask) = keydesk.read_broker().asks.into_iter().next() {
            let grant = person.answer(&ask, &label(keydesk, &ask.connection)).await;
            if let Err(error) = keydesk.answer_ask(&ask.id, grant) {
                output.note(&error.message);
            }
        }
        // Whatever changed, or was missed: it is read again.
        if signals.recv().await == Err(RecvError::Closed) {
            return;
        }
    }
}

/// What is typed, line by line. Read on a thread that ends with the process: a terminal cannot be asked to stop.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    if can_ask() {
        std::thread::spawn(move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
    }
    lines
}

struct Person {
    output: Output,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Person {
    /// What the person says; none: no.
    async fn answer(&mut self, ask: &AskView, label: &str) -> Option<GrantFor> {
        let program = &ask.program_name;
        if !can_ask() {
            self.output.note(&format!(
                "“{program}” wants the access token of “{label}”, and nobody is at a terminal to allow it. Before: \
                 keydesk broker grant PROGRAM CONNECTION"
            ));
            return None;
        }
        // What was typed before the question is no answer to it.
        while self.lines.try_recv().is_ok() {}
        let question = format!("“{program}” wants the access token of “{label}”. Allow it? [y/N]");
        if !is_yes(&self.ask(&question).await?) {
            return None;
        }
        loop {
            let time = self.ask("For how long? once, hour, day or month [once]").await?;
            if time.is_empty() {
                return Some(GrantFor::Once);
            }
            if let Some((_, grant_for)) = TIMES.iter().find(|(word, _)| word.starts_with(&time)) {
                return Some(*grant_for);
            }
        }
    }

    async fn ask(&mut self, question: &str) -> Option<String> {
        self.output.note(question);
        self.lines.recv().await.map(|line| line.trim().to_lowercase())
    }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer, "y" | "yes")
}
