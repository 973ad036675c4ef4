//! What happens, as facts: for the activity, and for the interface to read again what became stale.

mod exchanged;
mod happening;

use std::sync::Arc;

use tokio::sync::broadcast;

pub use exchanged::{ExchangeSource, Exchanged, TOLD, may_be_cut, told};
pub use happening::{
    ActivityEvent, CopyForm, GrantFor, Happening, Ignored, KeptIn, NotHandedOut, ReceiveBy, RenewalCause, Revoked,
    chain,
};

/// What became stale: read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// A connection, or the list of them.
    ConnectionChanged(Option<String>),
    /// A connection's token.
    TokenChanged(String),
    /// A login attempt.
    LoginChanged(String),
    /// A live list of a connection: names have come in.
    ListChanged {
        /// The connection.
        connection: String,
        /// The list.
        list: String,
    },
    /// The activity, of this connection.
    ActivityAdded(Option<String>),
    /// The providers.
    ProvidersChanged,
    /// The state of the app.
    StatusChanged,
    /// A run: it began, stands otherwise, ended or was removed.
    RunChanged(String),
    /// A transfer: it moved, stands otherwise, or was removed.
    TransferChanged(String),
    /// A request of the explorer: how far its answer is, which is named.
    SentChanged(String),
    /// The saved forms.
    TriggersChanged,
    /// The checks: one was added, changed or removed, began, or has found something.
    ChecksChanged,
    /// A check stands otherwise than before: it is worth a word to the person.
    CheckTurned(String),
    /// The broker: whether it listens, its programs, who asks.
    BrokerChanged,
    /// A connection's live messages, or how it stands with them.
    MessagesChanged(String),
}

/// Where the rooms say what happens.
#[derive(Clone)]
pub struct Events {
    keep: Arc<dyn Fn(Happening) + Send + Sync>,
    exchanges: Arc<dyn Fn(Exchanged) + Send + Sync>,
    signals: broadcast::Sender<Signal>,
}

impl Events {
    /// `keep` takes what happens; it must not wait.
    pub fn new(keep: impl Fn(Happening) + Send + Sync + 'static) -> Self {
        // A window that is slower than this reads everything again.
        let (signals, _) = broadcast::channel(1024);
        Self { keep: Arc::new(keep), exchanges: Arc::new(|_| ()), signals }
    }

    /// The same signals, and nobody who keeps what happens.
    pub fn of_signals_only(&self) -> Self {
        Self { keep: Arc::new(|_| ()), exchanges: Arc::new(|_| ()), signals: self.signals.clone() }
    }

    /// The same, with someone who keeps exchanges; it must not wait.
    #[must_use]
    pub fn with_exchanges(self, keep: impl Fn(Exchanged) + Send + Sync + 'static) -> Self {
        Self { exchanges: Arc::new(keep), ..self }
    }

    /// Tells of an exchange, whole.
    pub fn exchanged(&self, exchange: Exchanged) {
        (self.exchanges)(exchange);
    }

    /// Records something for the activity.
    pub fn happened(&self, happening: Happening) {
        (self.keep)(happening);
    }

    /// Records something that happened to a connection.
    pub fn record(&self, connection: &str, event: ActivityEvent) {
        let connection = Some(connection.to_owned());
        self.happened(Happening { event, connection, run: None, chain: None, took: None });
    }

    /// Says what became stale.
    pub fn signal(&self, signal: Signal) {
        // Nobody listens: nothing to tell.
        let _ = self.signals.send(signal);
    }

    /// What becomes stale from now on.
    pub fn signals(&self) -> broadcast::Receiver<Signal> {
        self.signals.subscribe()
    }
}
