//! The tray's menu: the saved forms that are marked for it. A click sends one without the window, and the system's
//! notifications tell what came of it.
//!
//! It is spoken to over the session's bus (StatusNotifierItem), so that no library must be there when the app starts. A desktop
//! that has no tray shows none, which is said in the log; one that comes later is taken then.

use std::sync::Arc;

use keydesk_core::{ErrorCode, Keydesk, RunEvent, RunOptions, RunState, RunView, Signal, Started};
use ksni::menu::StandardItem;
use ksni::{Handle, Icon, MenuItem, OfflineReason, Tray, TrayMethods};
use tauri::{AppHandle, Runtime};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{notices, window};

/// What the person chose from the menu.
#[derive(Clone)]
enum Click {
    Send(Entry),
    Open,
    Quit,
}

/// A saved form.
#[derive(Clone)]
struct Entry {
    id: String,
    name: String,
}

struct Menu {
    icon: Vec<Icon>,
    entries: Vec<Entry>,
    clicks: UnboundedSender<Click>,
}

impl Tray for Menu {
    const MENU_ON_ACTIVATE: bool = true;

    fn id(&self) -> String {
        "keydesk".to_owned()
    }

    fn title(&self) -> String {
        "Keydesk".to_owned()
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        self.icon.clone()
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let sends = self.entries.iter().map(|entry| item(&entry.name, Click::Send(entry.clone())));
        let own = [MenuItem::Separator, item("Open Keydesk", Click::Open), item("Quit", Click::Quit)];
        sends.chain(own).collect()
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        tracing::warn!(?reason, "this desktop shows no tray");
        true
    }
}

/// An item of the menu; a single underscore would be taken for the mark of an access key.
fn item(label: &str, click: Click) -> MenuItem<Menu> {
    let activate = Box::new(move |menu: &mut Menu| {
        // Whoever hears ends with the app.
        let _ = menu.clicks.send(click.clone());
    });
    StandardItem { label: label.replace('_', "__"), activate, ..StandardItem::default() }.into()
}

/// Shows it while any form is marked for it, until the app ends.
pub fn show<R: Runtime>(app: &AppHandle<R>, keydesk: &Arc<Keydesk>) {
    let (sender, clicks) = unbounded_channel();
    tauri::async_runtime::spawn(keep(icon(app), keydesk.clone(), sender));
    tauri::async_runtime::spawn(hear(app.clone(), keydesk.clone(), clicks));
}

async fn keep(icon: Vec<Icon>, keydesk: Arc<Keydesk>, clicks: UnboundedSender<Click>) {
    let mut signals = keydesk.signals();
    let mut shown = None;
    loop {
        let triggers = keydesk.list_triggers().into_iter().filter(|trigger| trigger.in_tray);
        let entries = triggers.map(|trigger| Entry { id: trigger.id, name: trigger.name }).collect();
        shown = follow(shown, Menu { icon: icon.clone(), entries, clicks: clicks.clone() }).await;
        loop {
            match signals.recv().await {
                Ok(Signal::TriggersChanged) | Err(RecvError::Lagged(_)) => break,
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

/// An icon without anything to choose is none.
async fn follow(shown: Option<Handle<Menu>>, menu: Menu) -> Option<Handle<Menu>> {
    match shown {
        Some(handle) if menu.entries.is_empty() => {
            handle.shutdown().await;
            None
        }
        Some(handle) => {
            handle.update(|known| known.entries = menu.entries).await;
            Some(handle)
        }
        None if menu.entries.is_empty() => None,
        None => match menu.assume_sni_available(true).spawn().await {
            Ok(handle) => Some(handle),
            Err(error) => {
                tracing::warn!(%error, "there is no tray");
                None
            }
        },
    }
}

async fn hear<R: Runtime>(app: AppHandle<R>, keydesk: Arc<Keydesk>, mut clicks: UnboundedReceiver<Click>) {
    while let Some(click) = clicks.recv().await {
        match click {
            Click::Open => window::show(&app),
            Click::Quit => app.exit(0),
            Click::Send(entry) => {
                tauri::async_runtime::spawn(send(app.clone(), keydesk.clone(), entry));
            }
        }
    }
}

/// Sends a saved form, and tells what came of it. The person asked for it by the click: it is told whatever the settings say.
async fn send<R: Runtime>(app: AppHandle<R>, keydesk: Arc<Keydesk>, entry: Entry) {
    let said = match keydesk.start_trigger(&entry.id, &RunOptions::default()).await {
        Ok(started) => told(&over(&keydesk, started).await),
        // Nobody sends to many without having seen what.
        Err(error) if error.code == ErrorCode::ConfirmNeeded => {
            "It goes to many, so nothing was sent. Send it in Keydesk, where you see what will be sent.".to_owned()
        }
        Err(error) => format!("Nothing was sent. {}", error.message),
    };
    notices::tell(&app, &entry.name, &said);
}

/// The run when it is over, or waits for the person.
async fn over(keydesk: &Keydesk, started: Started) -> RunView {
    let Started { mut run, mut events } = started;
    while run.state == RunState::Running || (run.state == RunState::Paused && run.counts.sending > 0) {
        match events.recv().await {
            Ok(RunEvent::Moved { run: now, .. }) => run = now,
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => {
                return match keydesk.watch_run(&run.id).await {
                    Ok(watched) => watched.run,
                    Err(_) => run,
                };
            }
        }
    }
    run
}

fn told(run: &RunView) -> String {
    let counts = &run.counts;
    let mut said = format!("{} of {} accepted", counts.accepted, counts.total);
    for (amount, what) in [(counts.failed, "failed"), (counts.unknown, "unknown")] {
        if amount > 0 {
            said += &format!(", {amount} {what}");
        }
    }
    match run.note {
        Some(ErrorCode::LoginNeeded | ErrorCode::TokenRefused) => said + ". Log in again.",
        Some(ErrorCode::RenewalInDoubt) => said + ". Renew the token, or log in again.",
        _ if run.state == RunState::Paused => said + ". The rest waits for you in Keydesk.",
        _ => said + ".",
    }
}

/// The app's own icon; the tray wants alpha first.
fn icon<R: Runtime>(app: &AppHandle<R>) -> Vec<Icon> {
    let Some(image) = app.default_window_icon() else { return Vec::new() };
    let (Ok(width), Ok(height)) = (i32::try_from(image.width()), i32::try_from(image.height())) else {
        return Vec::new();
    };
    let data = image.rgba().chunks_exact(4).flat_map(|rgba| [rgba[3], rgba[0], rgba[1], rgba[2]]).collect();
    vec![Icon { width, height, data }]
}
