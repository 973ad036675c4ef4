//! Programs that wait for the person: for a connection that they were not granted yet. A program that goes away is not
//! asked for any more, and one that was refused does not ask again at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::programs::Program;
use super::view::AskView;
use crate::clock::{Clock, after, seconds_between};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Events, GrantFor, NotHandedOut, Signal};

/// How long a program waits for the person, in seconds.
const WAITS: i64 = 60;
/// How long the person is left alone after a refusal, in seconds.
pub const LEFT_ALONE: u32 = 60;
/// How often it is looked at the wall clock meanwhile.
const LOOK: Duration = Duration::from_millis(250);
/// Looks until the wait is over in any case, wherever the clock is set.
const LOOKS: u32 = 300;

/// What the person said, for one request that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Yes: this one.
    Once,
    /// Yes, for some time.
    Granted,
    /// No.
    Refused,
    /// Yes, and to another request that waited with this one.
    ToAnother,
}

pub(super) struct Asks {
    clock: Arc<dyn Clock>,
    events: Events,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: Vec<Ask>,
    /// When each program was last refused each connection.
    refused: HashMap<(String, String), Timestamp>,
}

struct Ask {
    view: AskView,
    requests: Vec<oneshot::Sender<Said>>,
}

/// What the person will say, and until when that is waited for.
type Joined = (oneshot::Receiver<Said>, Timestamp);

impl Asks {
    pub fn new(clock: Arc<dyn Clock>, events: Events) -> Self {
        Self { clock, events, state: Mutex::default() }
    }

    /// Who waits.
    pub fn all(&self) -> Vec<AskView> {
        let now = self.clock.now();
        let state = self.state();
        state.waiting.iter().map(|ask| ask.view.clone()).filter(|view| now < view.ends_at).collect()
    }

    /// Asks the person, together with other requests of this program for this connection, and waits.
    ///
    /// # Errors
    /// `refused`, also without asking shortly after a refusal; `not_answered`.
    pub async fn ask(&self, program: &Program, connection: &str) -> std::result::Result<Said, NotHandedOut> {
        let (answer, ends_at) = self.join(program, connection)?;
        let mut request = Request { asks: self, answer };
        for _ in 0..LOOKS {
            match tokio::time::timeout(LOOK, &mut request.answer).await {
                Ok(Ok(Said::Refused) | Err(_)) => return Err(NotHandedOut::Refused),
                Ok(Ok(said)) => return Ok(said),
                Err(_) if self.clock.now() >= ends_at => break,
                Err(_) => {}
            }
        }
        Err(NotHandedOut::NotAnswered)
    }

    /// The one with this id, for the person to answer.
    ///
    /// # Errors
    /// `invalid_input` when it is over.
    pub fn get(&self, id: &str) -> Result<AskView> {
        let over = || Error::new(ErrorCode::InvalidInput, "This program does not wait any more.");
        self.all().into_iter().find(|ask| ask.id == id).ok_or_else(over)
    }

    /// Tells who waits what the person said.
    pub fn answer(&self, ask: &AskView, grant_for: Option<GrantFor>) {
        let requests = {
            let mut state = self.state();
            if grant_for.is_none() {
                state.refused.insert((ask.program.clone(), ask.connection.clone()), self.clock.now());
            }
            let at = state.waiting.iter().position(|other| other.view.id == ask.id);
            at.map(|at| state.waiting.remove(at)).map_or_else(Vec::new, |ask| ask.requests)
        };
        let mut said = match grant_for {
            None => Said::Refused,
            Some(GrantFor::Once) => Said::Once,
            Some(_) => Said::Granted,
        };
        for request in requests {
            // One that went away meanwhile does not count as the one.
            if request.send(said).is_ok() && said == Said::Once {
                said = Said::ToAnother;
            }
        }
        self.events.signal(Signal::BrokerChanged);
    }

    /// Nobody is asked any more for a program that is gone; its requests count as refused.
    pub fn follow(&self, programs: &[Program]) {
        let stays = |id: &str| programs.iter().any(|program| program.id == id);
        let mut state = self.state();
        state.waiting.retain(|ask| stays(&ask.view.program));
        state.refused.retain(|(program, _), _| stays(program));
    }

    /// Nobody waits any more.
    pub fn clear(&self) {
        *self.state() = State::default();
    }

    fn join(&self, program: &Program, connection: &str) -> std::result::Result<Joined, NotHandedOut> {
        let now = self.clock.now();
        let (sender, receiver) = oneshot::channel();
        let mut state = self.state();
        state.refused.retain(|_, at| (0..i64::from(LEFT_ALONE)).contains(&seconds_between(*at, now)));
        if state.refused.contains_key(&(program.id.clone(), connection.to_owned())) {
            return Err(NotHandedOut::Refused);
        }
        let same = |ask: &&mut Ask| {
            ask.view.program == program.id && ask.view.connection == connection && now < ask.view.ends_at
        };
        if let Some(ask) = state.waiting.iter_mut().find(same) {
            ask.requests.push(sender);
            return Ok((receiver, ask.view.ends_at));
        }
        let ends_at = after(now, WAITS);
        let view = AskView {
            id: uuid::Uuid::new_v4().to_string(),
            program: program.id.clone(),
            program_name: program.name.clone(),
            connection: connection.to_owned(),
            asked_at: now,
            ends_at,
        };
        state.waiting.push(Ask { view, requests: vec![sender] });
        drop(state);
        self.events.signal(Signal::BrokerChanged);
        Ok((receiver, ends_at))
    }

    /// Takes those away that nobody waits for any more.
    fn sweep(&self) {
        let mut state = self.state();
        let before = state.waiting.len();
        for ask in &mut state.waiting {
            ask.requests.retain(|request| !request.is_closed());
        }
        state.waiting.retain(|ask| !ask.requests.is_empty());
        let changed = state.waiting.len() < before;
        drop(state);
        if changed {
            self.events.signal(Signal::BrokerChanged);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits. Dropped, as when the program goes away, it waits no more.
struct Request<'a> {
    asks: &'a Asks,
    answer: oneshot::Receiver<Said>,
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        self.answer.close();
        self.asks.sweep();
    }
}
