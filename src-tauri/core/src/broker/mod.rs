//! Access tokens for other programs on this machine, while the person wants that: a socket of their own, a secret for each
//! program, and their word for each connection. Refresh tokens and client secrets have no way here.
//!
//! A request passes, in this order: guard.rs (host, page, method), keys.rs (whose secret), wanted.rs (the one route),
//! programs.rs and asks.rs (the person's word), and then the façade gives a live token. desk.rs is that order.

mod answer;
mod asks;
mod desk;
mod guard;
mod keys;
mod limits;
mod listening;
mod programs;
mod socket;
mod view;
mod wanted;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::event::{ActivityEvent, Events, GrantFor, Signal};
use crate::paths::{Paths, read_json, write_json};
use asks::Asks;
use desk::Desk;
use keys::Keys;
use limits::{OnceAMinute, SlowDown};
use listening::Listening;
use programs::{Program, Programs};
use socket::Place;

pub use answer::{HandedOut, is_locked};
pub use desk::{Coming, Source};
pub use view::{AskView, BrokerSettings, BrokerView, GrantView, ProgramView};

/// The broker of this installation.
pub struct Broker {
    clock: Arc<dyn Clock>,
    events: Events,
    file: PathBuf,
    folder: PathBuf,
    programs: Arc<Programs>,
    keys: Arc<Keys>,
    asks: Arc<Asks>,
    /// One start or stop after the other.
    changing: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    settings: BrokerSettings,
    listening: Option<Listening>,
    error: Option<Error>,
}

impl Broker {
    /// Reads what the person set. Nothing listens yet.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn open(paths: &Paths, clock: Arc<dyn Clock>, events: Events) -> Result<Self> {
        let file = paths.config("broker.json");
        let settings = read_json(&file).map_err(|error| Error::internal("read the broker's settings", error))?;
        let programs = Programs::open(paths.data("programs.json"), paths.data("locks/programs.lock"), clock.clone())?;
        Ok(Self {
            programs: Arc::new(programs),
            keys: Arc::new(Keys::new(paths.runtime().to_owned())),
            asks: Arc::new(Asks::new(clock.clone(), events.clone())),
            folder: paths.runtime().to_owned(),
            changing: tokio::sync::Mutex::default(),
            state: Mutex::new(State { settings: settings.unwrap_or_default(), ..State::default() }),
            clock,
            events,
            file,
        })
    }

    /// What the person set.
    pub fn settings(&self) -> BrokerSettings {
        self.state().settings.clone()
    }

    /// Keeps what the person set, and starts or stops. Why it does not listen is in the view.
    ///
    /// # Errors
    /// `invalid_input` of `tcp_port`, or `internal` when the file cannot be written.
    pub async fn set(&self, settings: BrokerSettings, source: Arc<dyn Source>) -> Result<()> {
        if settings.tcp_port == Some(0) {
            return Err(Error::input("tcp_port", "A port is between 1 and 65535."));
        }
        write_json(&self.file, &settings).map_err(|error| Error::internal("save the broker's settings", error))?;
        self.state().settings = settings.clone();
        if settings.on {
            // What it comes to is in the view.
            let _ = self.start(&settings, source).await;
        } else {
            self.stop().await;
        }
        Ok(())
    }

    /// Listens, with new secrets. What listened before is closed.
    ///
    /// # Errors
    /// `broker_busy` when another Keydesk or another program is in the way, or `internal`.
    pub async fn start(&self, settings: &BrokerSettings, source: Arc<dyn Source>) -> Result<()> {
        let _changing = self.changing.lock().await;
        self.close().await;
        let (listening, outcome) = match self.listen(settings, source).await {
            Ok(listening) => (Some(listening), Ok(())),
            Err(error) => (None, Err(error)),
        };
        {
            let mut state = self.state();
            state.error = outcome.as_ref().err().cloned();
            state.listening = listening;
        }
        self.events.signal(Signal::BrokerChanged);
        outcome
    }

    /// Closes it, and returns when nothing is open any more.
    pub async fn stop(&self) {
        let _changing = self.changing.lock().await;
        self.close().await;
        self.state().error = None;
        self.events.signal(Signal::BrokerChanged);
    }

    /// Closes it at once, when the process ends: socket, port and secrets are gone then.
    pub fn quit(&self) {
        drop(self.state().listening.take());
    }

    /// How it stands.
    pub fn view(&self) -> BrokerView {
        let programs = self.programs.all().into_iter().map(|program| self.view_of(program)).collect();
        let state = self.state();
        let listening = state.listening.as_ref();
        BrokerView {
            settings: state.settings.clone(),
            listening: listening.is_some(),
            socket: listening.map(|it| it.socket.display().to_string()),
            tcp: listening.and_then(|it| it.tcp).map(|address| address.to_string()),
            error: state.error.clone(),
            programs,
            asks: self.asks.all(),
        }
    }

    /// Adds a program. While the broker listens, its header is there when this returns.
    ///
    /// # Errors
    /// `invalid_input` of `name`, or `internal`.
    pub fn add(&self, name: &str) -> Result<()> {
        self.programs.add(name)?;
        self.follow()
    }

    /// Removes a program, with its grants and its secret.
    ///
    /// # Errors
    /// `invalid_input` where there is none, or `internal`.
    pub fn remove(&self, program: &str) -> Result<()> {
        let removed = self.programs.remove(program)?;
        let now = self.clock.now();
        for grant in removed.grants.iter().filter(|grant| grant.counts(now)) {
            self.events.record(&grant.connection, ActivityEvent::GrantRevoked { program: removed.name.clone() });
        }
        self.follow()
    }

    /// Grants a program a connection, because the person says so unasked.
    ///
    /// # Errors
    /// `invalid_input` where there is no such program, or `internal`.
    pub fn grant(&self, program: &str, connection: &str, grant_for: GrantFor) -> Result<()> {
        let granted = self.programs.get(program)?;
        self.programs.grant(program, connection, grant_for)?;
        self.events.record(connection, ActivityEvent::ProgramGranted { program: granted.name, grant_for });
        self.events.signal(Signal::BrokerChanged);
        Ok(())
    }

    /// Takes back what a program was granted of a connection.
    ///
    /// # Errors
    /// As for [`Broker::grant`].
    pub fn revoke(&self, program: &str, connection: &str) -> Result<()> {
        let revoked = self.programs.get(program)?;
        if self.programs.revoke(program, connection)? {
            self.events.record(connection, ActivityEvent::GrantRevoked { program: revoked.name });
        }
        self.events.signal(Signal::BrokerChanged);
        Ok(())
    }

    /// Takes everything back that was granted of a connection, which is gone.
    ///
    /// # Errors
    /// `internal` when the file cannot be written.
    pub fn forget(&self, connection: &str) -> Result<()> {
        self.programs.revoke_all(connection)?;
        self.events.signal(Signal::BrokerChanged);
        Ok(())
    }

    /// Answers a program that waits; none: no.
    ///
    /// # Errors
    /// `invalid_input` when it waits no more, or `internal` when the grant cannot be kept.
    pub fn answer(&self, ask: &str, grant_for: Option<GrantFor>) -> Result<()> {
        let ask = self.asks.get(ask)?;
        if let Some(grant_for) = grant_for {
            self.grant(&ask.program, &ask.connection, grant_for)?;
        }
        self.asks.answer(&ask, grant_for);
        Ok(())
    }

    async fn listen(&self, settings: &BrokerSettings, source: Arc<dyn Source>) -> Result<Listening> {
        let place = Place::take(&self.folder)?;
        let desk = Desk {
            clock: self.clock.clone(),
            events: self.events.clone(),
            programs: self.programs.clone(),
            keys: self.keys.clone(),
            asks: self.asks.clone(),
            source,
            slow_down: SlowDown::default(),
            told: OnceAMinute::default(),
        };
        Listening::start(place, desk, settings).await
    }

    async fn close(&self) {
        let listening = self.state().listening.take();
        if let Some(listening) = listening {
            listening.stop().await;
        }
    }

    /// Headers and questions for the programs as they are now.
    fn follow(&self) -> Result<()> {
        let programs = self.programs.all();
        self.asks.follow(&programs);
        let outcome = {
            let state = self.state();
            if state.listening.is_some() { self.keys.follow(&programs).map(drop) } else { Ok(()) }
        };
        self.events.signal(Signal::BrokerChanged);
        outcome
    }

    fn view_of(&self, program: Program) -> ProgramView {
        let now = self.clock.now();
        let grants = program.grants.into_iter().filter(|grant| grant.counts(now));
        let grants = grants.map(|programs::Grant { connection, granted_at, ends_at }| GrantView {
            connection,
            granted_at,
            ends_at,
        });
        // Of another process too: the command line says where the window's are.
        let header_file = Some(self.keys.file(&program.id)).filter(|file| file.exists());
        ProgramView {
            header_file: header_file.map(|file| file.display().to_string()),
            grants: grants.collect(),
            id: program.id,
            name: program.name,
            added_at: program.added_at,
            last_used_at: program.last_used_at,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
