//! Says to the interface what became stale. Signals that come thick are told together, at most ten times a second.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use keydesk_core::{Keydesk, Signal};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// A connection was added, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct ConnectionChanged {
    /// Which; none: the list.
    pub connection: Option<String>,
}

/// A connection's token changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct TokenChanged {
    /// Which connection's.
    pub connection: String,
}

/// A login moved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct LoginChanged {
    /// Which.
    pub login: String,
}

/// Names came in for a live list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct ListChanged {
    /// The connection.
    pub connection: String,
    /// The list.
    pub list: String,
}

/// A run began, stands otherwise, ended or was removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct RunChanged {
    /// Which.
    pub run: String,
}

/// A transfer moved, stands otherwise, or was removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct TransferChanged {
    /// Which.
    pub transfer: String,
}

/// A request of the explorer stands otherwise, or more of its answer came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct SentChanged {
    /// Which answer.
    pub answer: String,
}

/// The saved forms changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct TriggersChanged;

/// The checks changed, or one has found something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct ChecksChanged;

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct ActivityAdded {
    /// To which connection.
    pub connection: Option<String>,
}

/// The providers changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct ProvidersChanged;

/// How the app stands has changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct StatusChanged;

/// The broker changed, or one of its programs asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct BrokerChanged;

/// A connection's live messages changed, or how it stands with them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type, Event)]
pub struct MessagesChanged {
    /// Which connection's.
    pub connection: String,
}

const PAUSE: Duration = Duration::from_millis(100);

/// Forwards the core's signals until the app ends.
pub fn forward<R: Runtime>(app: &AppHandle<R>, keydesk: &Arc<Keydesk>) {
    let (app, mut signals) = (app.clone(), keydesk.signals());
    tauri::async_runtime::spawn(async move {
        loop {
            let mut told = BTreeSet::new();
            match signals.recv().await {
                Ok(signal) => _ = told.insert(Told::from(signal)),
                Err(RecvError::Lagged(_)) => told.extend(everything()),
                Err(RecvError::Closed) => return,
            }
            loop {
                match signals.try_recv() {
                    Ok(signal) => _ = told.insert(Told::from(signal)),
                    Err(TryRecvError::Lagged(_)) => told.extend(everything()),
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
            told.into_iter().for_each(|event| event.emit(&app));
            tokio::time::sleep(PAUSE).await;
        }
    });
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Connection(ConnectionChanged),
    Token(TokenChanged),
    Login(LoginChanged),
    List(ListChanged),
    Run(RunChanged),
    Transfer(TransferChanged),
    Sent(SentChanged),
    Triggers(TriggersChanged),
    Checks(ChecksChanged),
    Activity(ActivityAdded),
    Providers(ProvidersChanged),
    Status(StatusChanged),
    Broker(BrokerChanged),
    Messages(MessagesChanged),
}

/// Some signals were missed: all that may be stale. The interface reads whole lists, whichever is named.
fn everything() -> [Told; 12] {
    [
        Told::Connection(ConnectionChanged { connection: None }),
        Told::Login(LoginChanged { login: String::new() }),
        Told::Run(RunChanged { run: String::new() }),
        Told::Transfer(TransferChanged { transfer: String::new() }),
        Told::Sent(SentChanged { answer: String::new() }),
        Told::Triggers(TriggersChanged),
        Told::Checks(ChecksChanged),
        Told::Activity(ActivityAdded { connection: None }),
        Told::Providers(ProvidersChanged),
        Told::Status(StatusChanged),
        Told::Broker(BrokerChanged),
        Told::Messages(MessagesChanged { connection: String::new() }),
    ]
}

impl From<Signal> for Told {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::ConnectionChanged(connection) => Self::Connection(ConnectionChanged { connection }),
            Signal::TokenChanged(connection) => Self::Token(TokenChanged { connection }),
            Signal::LoginChanged(login) => Self::Login(LoginChanged { login }),
            Signal::ListChanged { connection, list } => Self::List(ListChanged { connection, list }),
            Signal::RunChanged(run) => Self::Run(RunChanged { run }),
            Signal::TransferChanged(transfer) => Self::Transfer(TransferChanged { transfer }),
            Signal::SentChanged(answer) => Self::Sent(SentChanged { answer }),
            Signal::TriggersChanged => Self::Triggers(TriggersChanged),
            Signal::ChecksChanged | Signal::CheckTurned(_) => Self::Checks(ChecksChanged),
            Signal::ActivityAdded(connection) => Self::Activity(ActivityAdded { connection }),
            Signal::ProvidersChanged => Self::Providers(ProvidersChanged),
            Signal::StatusChanged => Self::Status(StatusChanged),
            Signal::BrokerChanged => Self::Broker(BrokerChanged),
            Signal::MessagesChanged(connection) => Self::Messages(MessagesChanged { connection }),
        }
    }
}

impl Told {
    fn emit<R: Runtime>(&self, app: &AppHandle<R>) {
        let outcome = match self {
            Self::Connection(event) => event.emit(app),
            Self::Token(event) => event.emit(app),
            Self::Login(event) => event.emit(app),
            Self::List(event) => event.emit(app),
            Self::Run(event) => event.emit(app),
            Self::Transfer(event) => event.emit(app),
            Self::Sent(event) => event.emit(app),
            Self::Triggers(event) => event.emit(app),
            Self::Checks(event) => event.emit(app),
            Self::Activity(event) => event.emit(app),
            Self::Providers(event) => event.emit(app),
            Self::Status(event) => event.emit(app),
            Self::Broker(event) => event.emit(app),
            Self::Messages(event) => event.emit(app),
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "the window was not told");
        }
    }
}
