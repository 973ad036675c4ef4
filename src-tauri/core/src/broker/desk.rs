//! One request after the other: who asks, for what, whether it may have it, and the token.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use hyper::Request;
use hyper::body::Incoming;

use super::answer::{HandedOut, Refusal};
use super::asks::{Asks, Said};
use super::guard;
use super::keys::Keys;
use super::limits::{OnceAMinute, SlowDown};
use super::programs::{Program, Programs};
use super::wanted::Wanted;
use crate::clock::Clock;
use crate::error::Result;
use crate::event::{ActivityEvent, Events, Happening, NotHandedOut, Signal};
use crate::local_http::{Client, Reply};

/// Where the tokens come from.
pub trait Source: Send + Sync {
    /// The ids of the connections that a name means.
    fn named(&self, name: &str) -> Vec<String>;

    /// The access token of one, with at least so many seconds left.
    fn token<'a>(&'a self, connection: &'a str, min_valid: u32) -> Coming<'a>;
}

/// A token that is on its way.
pub type Coming<'a> = Pin<Box<dyn Future<Output = Result<HandedOut>> + Send + 'a>>;

/// What all requests are answered from.
pub(super) struct Desk {
    pub clock: Arc<dyn Clock>,
    pub events: Events,
    pub programs: Arc<Programs>,
    pub keys: Arc<Keys>,
    pub asks: Arc<Asks>,
    pub source: Arc<dyn Source>,
    pub slow_down: SlowDown,
    pub told: OnceAMinute<(NotHandedOut, About)>,
}

/// Whom and what a request turned out to be about: the program's name, and the connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct About {
    program: Option<String>,
    connection: Option<String>,
}

impl Desk {
    /// Answers a request that came in under the name `authority`.
    pub async fn answer(&self, request: &Request<Incoming>, client: &Client, authority: &str) -> Reply {
        let mut about = About::default();
        match self.hand_out(request, client, authority, &mut about).await {
            Ok(reply) => reply,
            Err(refusal) => {
                let reply = refusal.reply();
                self.record_refusal(refusal.reason, about);
                reply
            }
        }
    }

    async fn hand_out(
        &self,
        request: &Request<Incoming>,
        client: &Client,
        authority: &str,
        about: &mut About,
    ) -> std::result::Result<Reply, Refusal> {
        guard::admit(request, authority)?;
        let program = self.program(request).await?;
        client.know();
        about.program = Some(program.name.clone());
        let wanted = Wanted::of(request.uri())?;
        let connection = self.connection(&wanted.connection)?;
        about.connection = Some(connection.clone());
        let place = self.keys.place(&program.id);
        let _place = place.ok_or_else(|| Refusal::new(NotHandedOut::TooMany, "Too many requests wait already."))?;
        let once = self.may_have(&program, &connection).await?;
        let begun = Instant::now();
        let token = self.source.token(&connection, wanted.min_valid).await.map_err(|error| Refusal::of(&error))?;
        // It may have been taken back while the token was renewed.
        let still = if once { self.programs.get(&program.id).is_ok() } else { self.allows(&program, &connection) };
        if !still {
            return Err(refused());
        }
        self.record(&program, &connection, &token, begun);
        Ok(token.reply(self.clock.now()))
    }

    /// Whose secret the request shows. A wrong one is answered more slowly once there were many; a right one never is.
    async fn program(&self, request: &Request<Incoming>) -> std::result::Result<Program, Refusal> {
        let known = self.keys.whose(guard::secret(request.headers())?).and_then(|id| self.programs.get(&id).ok());
        if let Some(program) = known {
            return Ok(program);
        }
        match self.slow_down.wrong() {
            None => {
                let message = "Send the header that is in the program's file; it is another after each start.";
                Err(Refusal::new(NotHandedOut::WrongSecret, message))
            }
            Some(seconds) => {
                tokio::time::sleep(SlowDown::HELD).await;
                Err(Refusal::new(NotHandedOut::TooMany, "Too many wrong secrets.").after(seconds))
            }
        }
    }

    fn connection(&self, name: &str) -> std::result::Result<String, Refusal> {
        match &self.source.named(name)[..] {
            [connection] => Ok(connection.clone()),
            [] => Err(Refusal::new(NotHandedOut::UnknownConnection, "No connection has this name.")),
            _ => Err(Refusal::new(NotHandedOut::Ambiguous, "Several connections have this name: use an id.")),
        }
    }

    /// Asks the person where that was not granted yet. Says whether it is for this once.
    async fn may_have(&self, program: &Program, connection: &str) -> std::result::Result<bool, Refusal> {
        loop {
            if self.allows(program, connection) {
                return Ok(false);
            }
            match self.asks.ask(program, connection).await {
                Ok(Said::Once) => return Ok(true),
                Ok(_) => {}
                Err(NotHandedOut::NotAnswered) => {
                    let message = "Nobody has answered in Keydesk whether this program may have the token.";
                    return Err(Refusal::new(NotHandedOut::NotAnswered, message));
                }
                Err(_) => return Err(refused()),
            }
        }
    }

    fn allows(&self, program: &Program, connection: &str) -> bool {
        self.programs.allows(&program.id, connection)
    }

    /// Each token that is handed out is in the activity, without the token (security.md I12).
    fn record(&self, program: &Program, connection: &str, token: &HandedOut, begun: Instant) {
        self.events.happened(Happening {
            event: ActivityEvent::TokenHandedOut { program: program.name.clone() },
            connection: Some(connection.to_owned()),
            run: None,
            chain: Some(token.chain.clone()),
            took: Some(begun.elapsed()),
        });
        self.programs.used(&program.id);
        self.events.signal(Signal::BrokerChanged);
    }

    fn record_refusal(&self, reason: NotHandedOut, about: About) {
        if self.told.is_new((reason, about.clone())) {
            let About { program, connection } = about;
            let event = ActivityEvent::TokenNotHandedOut { program, reason };
            self.events.happened(Happening { event, connection, run: None, chain: None, took: None });
        }
    }
}

fn refused() -> Refusal {
    Refusal::new(NotHandedOut::Refused, "The person has not allowed this program to have the token.")
}
