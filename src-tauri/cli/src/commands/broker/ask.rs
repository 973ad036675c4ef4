//! Asks the person at the terminal whether a program may have a token, and for how long.

use std::io::{self, BufRead};
use std::sync::Arc;
use std::time::Duration;

use keydesk_core::{AskView, GrantFor, Keydesk};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::label;
use crate::output::Output;
use crate::secrets::can_ask;

const TIMES: [(&str, GrantFor); 4] =
    [("once", GrantFor::Once), ("hour", GrantFor::Hour), ("day", GrantFor::Day), ("month", GrantFor::Month)];

/// How often it is looked whether a program still waits.
const LOOK: Duration = Duration::from_millis(500);

/// Asks for each program that waits, one after the other, as long as the core lives.
pub async fn all(output: Output, keydesk: &Arc<Keydesk>) {
    let mut person = Person { output, lines: None };
    let mut signals = keydesk.signals();
    loop {
        while let Some(ask) = keydesk.read_broker().asks.into_iter().next() {
            let label = label(keydesk, &ask.connection);
            let grant = tokio::select! {
                grant = person.answer(&ask, &label) => grant,
                () = over(keydesk, &ask) => {
                    output.note(&format!("“{}” waits no more.", ask.program_name));
                    continue;
                }
            };
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

/// Returns when the program does not wait any more: others may.
async fn over(keydesk: &Keydesk, ask: &AskView) {
    while keydesk.read_broker().asks.iter().any(|other| other.id == ask.id) {
        tokio::time::sleep(LOOK).await;
    }
}

/// What is typed from now on, line by line. Read on a thread that ends with the process: a terminal cannot be asked to stop.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    // What was typed before the question is no answer to it.
    #[cfg(unix)]
    let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Whether somebody can be asked now. A job in the background that reads its terminal is stopped by the system, and serves nobody
/// any more.
fn can_ask_now() -> bool {
    #[cfg(unix)]
    let in_front = rustix::termios::tcgetpgrp(io::stdin()).is_ok_and(|group| group == rustix::process::getpgrp());
    #[cfg(not(unix))]
    let in_front = true;
    can_ask() && in_front
}

struct Person {
    output: Output,
    /// None before the first question: nothing is read without need.
    lines: Option<mpsc::UnboundedReceiver<String>>,
}

impl Person {
    /// What the person says; none: no.
    async fn answer(&mut self, ask: &AskView, label: &str) -> Option<GrantFor> {
        let program = &ask.program_name;
        if !can_ask_now() {
            self.output.note(&format!(
                "“{program}” wants the access token of “{label}”, and nobody is at a terminal to allow it. Before: \
                 keydesk broker grant PROGRAM CONNECTION"
            ));
            return None;
        }
        // Nor is what was typed since the last one.
        while self.lines.get_or_insert_with(lines).try_recv().is_ok() {}
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
        self.lines.as_mut()?.recv().await.map(|line| line.trim().to_lowercase())
    }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer, "y" | "yes")
}
