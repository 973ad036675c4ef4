//! One action over its targets: a request each, some at a time, a result each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use serde::Serialize;
use serde_json::{Map, Value};
use specta::Type;

use super::computed::compute;
use super::desk::{Desk, find};
use super::values::{ActionRequest, Filled};
use crate::account::Account;
use crate::concurrent::each;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Happening};
use crate::exchange::{Exchange, error_of};
use crate::provider::{Action, RequestTemplate, Variables};
use crate::transport::Answer;

/// How many requests of a run are under way at once.
const AT_ONCE: usize = 4;
/// The most of a body that a result holds, in bytes.
const BODY: usize = 256 * 1024;

/// What came of one target.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TargetResult {
    /// The target's value; none where the action has no targets.
    pub target: Option<String>,
    /// What people call it.
    pub label: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: u32,
    /// Whether it was sent a second time, with a renewed token.
    pub replayed: bool,
    /// The body as text.
    pub body: Option<String>,
    /// Whether the body is JSON.
    pub json: bool,
    /// Whether the body was cut short.
    pub truncated: bool,
    /// What went wrong.
    pub error: Option<Error>,
}

/// How a run goes on.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunEvent {
    /// It has begun.
    Started {
        /// The run's id.
        run: String,
        /// How many targets it has.
        total: u32,
    },
    /// More results.
    Results {
        /// The new ones.
        results: Vec<TargetResult>,
    },
}

/// A finished run.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RunView {
    /// Its id.
    pub id: String,
    /// The action.
    pub action: String,
    /// How many targets it had.
    pub total: u32,
    /// Whether it was stopped before all were sent.
    pub stopped: bool,
    /// One for each target that was sent to.
    pub results: Vec<TargetResult>,
}

/// Stops a run between two requests: what was sent is finished and told.
#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// No further request is begun.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Desk {
    /// Carries out an action. `progress` hears of each result.
    ///
    /// # Errors
    /// `invalid_input` when the form is not filled well. What fails later is in the results.
    pub async fn run(
        self: &Arc<Self>,
        account: &Account,
        request: &ActionRequest,
        run: &str,
        stop: &Stop,
        progress: impl Fn(RunEvent) + Send + Sync,
    ) -> Result<RunView> {
        let action = find(account, &request.action)?;
        let filled = Filled::of(action, &request.values)?;
        let targets: Vec<Option<String>> = match &filled.targets {
            Some(targets) => targets.iter().cloned().map(Some).collect(),
            None => vec![None],
        };
        let total = u32::try_from(targets.len()).unwrap_or(u32::MAX);
        progress(RunEvent::Started { run: run.to_owned(), total });
        let begun = Instant::now();
        let mut results = Vec::new();
        let (filled, going) = (&filled, |_: &(usize, Option<String>)| !stop.stopped());
        let sent = targets
            .into_iter()
            .enumerate()
            .take_while(going)
            .map(|(number, target)| async move { (number, self.one(account, action, filled, target).await) });
        each(sent, AT_ONCE, |(number, result)| {
            progress(RunEvent::Results { results: vec![result.clone()] });
            results.push((number, result));
        })
        .await;
        results.sort_by_key(|(number, _)| *number);
        let results: Vec<TargetResult> = results.into_iter().map(|(_, result)| result).collect();
        let view = RunView {
            id: run.to_owned(),
            action: action.id.clone(),
            total,
            stopped: stop.stopped() && (results.len() as u64) < u64::from(total),
            results,
        };
        if action.changes {
            self.tell(account, action, &view, begun);
        }
        Ok(view)
    }

    fn tell(&self, account: &Account, action: &Action, view: &RunView, begun: Instant) {
        let failed = view.results.iter().filter(|result| result.error.is_some()).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.sender.events.happened(Happening {
            event: ActivityEvent::RunFinished {
                action: action.label.clone(),
                total: view.total,
                accepted: count(view.results.len() - failed),
                failed: count(failed),
                stopped: view.stopped,
            },
            connection: Some(account.connection.id.clone()),
            run: Some(view.id.clone()),
            took: Some(begun.elapsed()),
        });
    }

    async fn one(
        self: &Arc<Self>,
        account: &Account,
        action: &Action,
        filled: &Filled,
        target: Option<String>,
    ) -> TargetResult {
        let begun = Instant::now();
        let label = target.as_ref().map(|target| self.label_of(account, action, target));
        let mut result = match (&action.request, &action.list) {
            (Some(template), _) => {
                self.request(account, action, template, filled, target.as_deref(), label.as_deref()).await
            }
            (None, Some(list)) => {
                self.choices(account, list).await.map_or_else(failed, |entries| of_json(&entries, None))
            }
            (None, None) => self.parts(account, action).await,
        };
        result.duration_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
        // A server may echo what it was sent (security.md F8). Masked whole, then cut.
        if let Some(body) = &result.body {
            let masked = self.redactor.mask(body);
            let cut = masked.floor_char_boundary(BODY);
            result.truncated |= cut < masked.len();
            result.json &= !result.truncated;
            result.body = Some(masked[..cut].to_owned());
        }
        TargetResult { target, label, ..result }
    }

    async fn request(
        &self,
        account: &Account,
        action: &Action,
        template: &RequestTemplate,
        filled: &Filled,
        target: Option<&str>,
        label: Option<&str>,
    ) -> TargetResult {
        let (variables, values) = filled.for_target(action, target);
        let outcome = async {
            let prepared = self.prepare(account, template, &variables, &values).await?;
            self.sender.send(account, &prepared, label).await
        };
        outcome.await.map_or_else(failed, |exchange| {
            let mut result = of_exchange(&exchange, error_of(&account.provider, &exchange.answer));
            result.error = result.error.map(|error| self.redactor.mask_error(error));
            result
        })
    }

    /// Puts an answer together from parts. A part that fails leaves the others readable.
    async fn parts(&self, account: &Account, action: &Action) -> TargetResult {
        let mut whole = Map::new();
        let mut error = None;
        for part in &action.parts {
            let outcome = match &part.request {
                Some(request) => self.ask(account, request, &Variables::new()).await,
                None => self.identity(account).await,
            };
            match outcome {
                Ok(answer) => {
                    whole.insert(part.name.clone(), answer);
                }
                Err(failure) => error = error.or(Some(failure)),
            }
        }
        let mut whole = Value::Object(whole);
        for computed in &action.computed {
            if let Some(value) = compute(computed, &whole) {
                whole[&computed.name] = value;
            }
        }
        of_json(&whole, error)
    }
}

impl TargetResult {
    /// Nothing yet.
    const EMPTY: Self = Self {
        target: None,
        label: None,
        status: None,
        duration_ms: 0,
        replayed: false,
        body: None,
        json: false,
        truncated: false,
        error: None,
    };
}

fn failed(error: Error) -> TargetResult {
    TargetResult { status: error.status, error: Some(error), ..TargetResult::EMPTY }
}

/// An answer that is put together here, with what is missing from it.
fn of_json(value: &impl Serialize, error: Option<Error>) -> TargetResult {
    let body = serde_json::to_string(value).ok();
    let status = error.as_ref().and_then(|error| error.status);
    TargetResult { status, json: body.is_some(), body, error, ..TargetResult::EMPTY }
}

fn of_exchange(exchange: &Exchange, error: Option<Error>) -> TargetResult {
    let Exchange { answer, replayed } = exchange;
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    TargetResult {
        status: Some(answer.status),
        replayed: *replayed,
        json: !answer.truncated && serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok(),
        body: (!body.is_empty()).then_some(body),
        truncated: answer.truncated,
        error: error.or_else(|| no_api_answer(answer)),
        ..TargetResult::EMPTY
    }
}

/// A good status with something that no API answers: a redirect, or a web page such as a Wi-Fi login.
fn no_api_answer(answer: &Answer) -> Option<Error> {
    let what = match answer.status {
        300..400 => "The server sends elsewhere, which Keydesk does not follow.",
        _ if answer.media_type() == "text/html" => "A web page came back, no answer of an API.",
        _ => return None,
    };
    Some(Error::new(ErrorCode::UnexpectedAnswer, what).with_status(answer.status))
}
