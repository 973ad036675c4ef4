//! What the interface sees of the broker. Nothing secret is here: a program's secret never passes the window.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::Error;

/// What the person set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BrokerSettings {
    /// Whether other programs can ask for tokens.
    pub on: bool,
    /// Whether also at a port of 127.0.0.1, for programs that can use no socket.
    pub tcp: bool,
    /// Which port; none: any free one.
    pub tcp_port: Option<u16>,
}

/// How it stands with the broker.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BrokerView {
    /// What the person set.
    pub settings: BrokerSettings,
    /// Whether it listens.
    pub listening: bool,
    /// Its socket, while it listens.
    pub socket: Option<String>,
    /// Its port, as `127.0.0.1:port`, while it listens there.
    pub tcp: Option<String>,
    /// Why it does not listen though it should.
    pub error: Option<Error>,
    /// The programs that may ask.
    pub programs: Vec<ProgramView>,
    /// Who waits for the person.
    pub asks: Vec<AskView>,
}

/// A program that may ask.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ProgramView {
    /// A word that is safe as the name of a file.
    pub id: String,
    /// As the person calls it.
    pub name: String,
    /// When it was added.
    #[specta(type = String)]
    pub added_at: Timestamp,
    /// The file with the header that it sends, while the broker listens.
    pub header_file: Option<String>,
    /// When it was last given a token.
    #[specta(type = Option<String>)]
    pub last_used_at: Option<Timestamp>,
    /// What it may have.
    pub grants: Vec<GrantView>,
}

/// That a program may have a connection's access token.
#[derive(Debug, Clone, Serialize, Type)]
pub struct GrantView {
    /// The connection.
    pub connection: String,
    /// Since when.
    #[specta(type = String)]
    pub granted_at: Timestamp,
    /// Until when.
    #[specta(type = String)]
    pub ends_at: Timestamp,
}

/// A program that waits for the person.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AskView {
    /// Which one.
    pub id: String,
    /// The program's id.
    pub program: String,
    /// Its name.
    pub program_name: String,
    /// The connection whose access token it wants.
    pub connection: String,
    /// When it asked.
    #[specta(type = String)]
    pub asked_at: Timestamp,
    /// How long it waits.
    #[specta(type = String)]
    pub ends_at: Timestamp,
}
