//! Tells the person, by the system's own notifications, when only they can go on, once for each cause, and when a check stands
//! otherwise than before.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use keydesk_core::{CheckView, Finding, Keydesk, Need, Signal, Unmet, steers};
use tauri::{AppHandle, Runtime};
use tokio::sync::broadcast::error::RecvError;

use crate::window;

/// Time alone changes what is needed: it is looked at this often.
const LOOK: Duration = Duration::from_secs(60);

/// The longest value that is told of a check, in letters.
const LONGEST: usize = 80;

/// What only the person can do, and where: a connection, or a program's question.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Wanted {
    Token(String, Need),
    Answer(String),
}

type Told = HashSet<Wanted>;

/// Watches until the app ends. What is needed already when it starts stands in the window, and is not told.
pub fn watch<R: Runtime>(app: &AppHandle<R>, keydesk: &Arc<Keydesk>) {
    let (app, keydesk, mut signals) = (app.clone(), keydesk.clone(), keydesk.signals());
    let mut told: Told = wanted(&keydesk).into_iter().map(|(wanted, ..)| wanted).collect();
    tauri::async_runtime::spawn(async move {
        loop {
            match tokio::time::timeout(LOOK, signals.recv()).await {
                Err(_) | Ok(Ok(Signal::TokenChanged(_) | Signal::BrokerChanged) | Err(RecvError::Lagged(_))) => {
                    look(&app, &keydesk, &mut told);
                }
                Ok(Ok(Signal::CheckTurned(check))) => turned(&app, &keydesk, &check),
                Ok(Ok(_)) => {}
                Ok(Err(RecvError::Closed)) => return,
            }
        }
    });
}

fn look<R: Runtime>(app: &AppHandle<R>, keydesk: &Keydesk, told: &mut Told) {
    let now = wanted(keydesk);
    told.retain(|known| now.iter().any(|(wanted, ..)| wanted == known));
    for (wanted, title, what) in now {
        if told.insert(wanted) && keydesk.read_settings().notify {
            tell(app, &title, what);
        }
    }
}

/// All of it, with a title and a line for each.
fn wanted(keydesk: &Keydesk) -> Vec<(Wanted, String, &'static str)> {
    let tokens = keydesk.list_connections().into_iter().filter_map(|view| {
        let need = view.token.need?;
        Some((Wanted::Token(view.id, need), view.label, words(need)))
    });
    let asks = keydesk.read_broker().asks.into_iter().map(|ask| {
        (
            Wanted::Answer(ask.id),
            ask.program_name,
            "This program asks for a token. Answer it in Keydesk within a minute.",
        )
    });
    tokens.chain(asks).collect()
}

fn words(need: Need) -> &'static str {
    match need {
        Need::LogIn => "The login has ended. Log in again.",
        Need::Renew => "It is not known whether the last renewal went through. Renew, or log in.",
        Need::RenewSoon => "The token has ended, and soon it can’t be renewed any more.",
    }
}

/// A check stands otherwise than before.
fn turned<R: Runtime>(app: &AppHandle<R>, keydesk: &Keydesk, check: &str) {
    let Ok(CheckView { name, finding: Some(finding), .. }) = keydesk.read_check(check) else { return };
    if keydesk.read_settings().notify {
        tell(app, &name, &what_was_found(&finding));
    }
}

fn what_was_found(finding: &Finding) -> String {
    let what = match (&finding.unmet, &finding.error, &finding.value) {
        (Some(Unmet::Status { expected: Some(expected), got }), ..) => format!("Status {got} in place of {expected}."),
        (Some(Unmet::Status { expected: None, got }), ..) => format!("Status {got}."),
        (Some(Unmet::Missing), ..) => "The value is missing.".to_owned(),
        (Some(Unmet::Other { expected, got }), ..) => format!("{} in place of {}.", short(got), short(expected)),
        (Some(Unmet::NotJson), ..) => "The answer is not valid JSON.".to_owned(),
        (Some(Unmet::TooLarge), ..) => "The answer is too large to be checked.".to_owned(),
        (None, Some(error), _) => format!("No answer: {}", error.message),
        (None, None, Some(value)) => format!("As expected: {}.", short(value)),
        (None, None, None) => "As expected.".to_owned(),
    };
    match &finding.target {
        Some(target) => format!("{target}: {what}"),
        None => what,
    }
}

/// A notice has a line or two.
fn short(value: &str) -> String {
    let cut: String = value.chars().take(LONGEST).map(|c| if steers(c) { ' ' } else { c }).collect();
    if value.chars().nth(LONGEST).is_some() { format!("{cut}…") } else { cut }
}

/// The body of a notification is markup by the Desktop Notifications Specification: what a server said stays text.
#[cfg(all(unix, not(target_os = "macos")))]
fn as_text(what: &str) -> String {
    what.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn as_text(what: &str) -> String {
    what.to_owned()
}

/// Tells the person something now.
pub fn tell<R: Runtime>(app: &AppHandle<R>, title: &str, what: &str) {
    let mut notice = notify_rust::Notification::new();
    notice.appname("Keydesk").summary(title).body(&as_text(what)).action("default", "Open Keydesk");
    let app = app.clone();
    // A thread of its own: it waits until the person has clicked or sent the notice away.
    let spawned = std::thread::Builder::new().name("notice".to_owned()).spawn(move || match notice.show() {
        Ok(shown) => opened(shown, &app),
        Err(error) => tracing::warn!(%error, "the system shows no notifications"),
    });
    if let Err(error) = spawned {
        tracing::warn!(%error, "no thread for a notification");
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn opened<R: Runtime>(shown: notify_rust::NotificationHandle, app: &AppHandle<R>) {
    shown.wait_for_action(|action| {
        if action == "default" {
            window::show(app);
        }
    });
}

/// The other systems bring the app to the front themselves.
#[cfg(any(not(unix), target_os = "macos"))]
fn opened<R: Runtime>(_: notify_rust::NotificationHandle, _: &AppHandle<R>) {}
