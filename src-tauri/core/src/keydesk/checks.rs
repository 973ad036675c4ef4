//! Checks: saved requests and saved forms on a schedule.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::Keydesk;
use crate::action::{Order, Target};
use crate::check::{CheckOf, CheckView, ExpectedValue, Finding, Found, Must, SaveCheck, Seen, Turn, cut};
use crate::error::{Error, ErrorCode, Result};

/// How many are under way at once.
const AT_ONCE: usize = 4;
/// A form may be for several: more make a run.
const MOST_TARGETS: usize = 20;
/// What is read of an answer, in bytes.
const MOST: usize = 8 * 1024 * 1024;
/// How long one answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

impl Keydesk {
    /// The checks, in the order in which they were added.
    pub fn list_checks(&self) -> Vec<CheckView> {
        self.checks.all()
    }

    /// A check.
    ///
    /// # Errors
    /// `invalid_input` when there is none.
    pub fn read_check(&self, check: &str) -> Result<CheckView> {
        self.checks.get(check)
    }

    /// Keeps a check. It is sent at once, where it is on and nothing was found of it yet.
    ///
    /// # Errors
    /// `unknown_connection`, `invalid_input` that names the field.
    pub async fn save_check(&self, check: SaveCheck) -> Result<CheckView> {
        let account = self.account(&check.connection)?;
        match &check.of {
            CheckOf::SavedRequest { id } => self.explorer.is_repeatable(&account, id).await?,
            CheckOf::Trigger { id } => drop(self.order_of(&check, id)?),
        }
        // It stands in a file, and in a notice (security.md F1).
        if let Some(ExpectedValue { must: Must::Be { value }, .. }) = &check.expectation.value
            && self.means.redactor.mask(value) != *value
        {
            return Err(Error::input("pointer", "What it must be holds a token, which is written down nowhere."));
        }
        self.checks.save(check)
    }

    /// Removes a check.
    ///
    /// # Errors
    /// `invalid_input` when there is none.
    pub fn remove_check(&self, check: &str) -> Result<()> {
        self.checks.remove(check)
    }

    /// Checks now, and returns when it is over.
    ///
    /// # Errors
    /// `invalid_input` when there is none, or it is under way.
    pub async fn run_check(self: &Arc<Self>, check: &str) -> Result<CheckView> {
        let turn = self.checks.begin(check)?;
        // A task of its own: whoever asked may go away.
        let carried = tokio::spawn(self.clone().carry_out_check(turn));
        carried.await.map_err(|error| Error::internal("check", error))?;
        self.checks.get(check)
    }

    /// Sends the checks whose time has come, as long as this lives.
    pub(super) fn watch_checks(self: &Arc<Self>) {
        let (this, checks) = (Arc::downgrade(self), self.checks.clone());
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        tokio::spawn(async move {
            loop {
                let due = checks.due().await;
                let Some(keydesk) = this.upgrade() else { return };
                for turn in due {
                    let (keydesk, slots) = (keydesk.clone(), slots.clone());
                    tokio::spawn(async move {
                        let _slot = slots.acquire().await;
                        if keydesk.checks.is_wanted(&turn) {
                            keydesk.carry_out_check(turn).await;
                        } else {
                            keydesk.checks.give_up(&turn);
                        }
                    });
                }
            }
        });
    }

    async fn carry_out_check(self: Arc<Self>, turn: Turn) {
        // A fault in one must not leave it under way for ever.
        let finding = AssertUnwindSafe(self.finding(&turn.check)).catch_unwind().await;
        let fault = |_| self.judged(&turn.check, Instant::now(), Seen::failed(Error::internal("check", "a fault")));
        self.checks.found(&turn, finding.unwrap_or_else(fault));
    }

    async fn finding(&self, check: &SaveCheck) -> Finding {
        let begun = Instant::now();
        match &check.of {
            CheckOf::SavedRequest { id } => {
                let seen = self.see_request(check, id).await.unwrap_or_else(Seen::failed);
                self.judged(check, begun, seen)
            }
            CheckOf::Trigger { id } => match self.order_of(check, id) {
                Ok((order, targets)) => self.find_in_order(check, &order, &targets).await,
                Err(error) => self.judged(check, begun, Seen::failed(error)),
            },
        }
    }

    fn judged(&self, check: &SaveCheck, begun: Instant, seen: Seen) -> Finding {
        let took = begun.elapsed();
        let at = self.clock.now().checked_sub(took).unwrap_or_default();
        check.expectation.judge(at, u32::try_from(took.as_millis()).unwrap_or(u32::MAX), seen)
    }

    async fn see_request(&self, check: &SaveCheck, id: &str) -> Result<Seen> {
        let account = self.account(&check.connection)?.in_check();
        let once = self.explorer.once(&account, id, MOST, PATIENCE).await?;
        Ok(Seen { status: once.status, body: once.body, truncated: once.truncated, error: once.error, target: None })
    }

    /// What the first of its targets that is not as expected has answered, or the last one. The value of several is that of each.
    async fn find_in_order(&self, check: &SaveCheck, order: &Order, targets: &[Target]) -> Finding {
        let (mut last, mut values) = (Finding::default(), Vec::new());
        for target in targets {
            let begun = Instant::now();
            self.desk.turn(&order.account).await;
            let seen = match in_time(self.desk.carry_out(order, target, MOST)).await {
                Ok(outcome) => Seen {
                    status: outcome.status,
                    body: outcome.body.unwrap_or_default().into_bytes(),
                    truncated: outcome.truncated,
                    error: outcome.error,
                    target: target.name().map(str::to_owned),
                },
                Err(error) => Seen { target: target.name().map(str::to_owned), ..Seen::failed(error) },
            };
            last = self.judged(check, begun, seen);
            if last.found != Found::Good {
                return last;
            }
            values.extend(last.value.as_ref().map(|value| (last.target.clone(), value.clone())));
        }
        if values.len() > 1 {
            (last.value, last.target) = (Some(of_each(&values)), None);
        }
        last
    }

    /// What a saved form sends as a check.
    fn order_of(&self, check: &SaveCheck, trigger: &str) -> Result<(Order, Vec<Target>)> {
        let trigger = self.triggers.get(trigger).map_err(|_| Error::input("of", "There is no such form any more."))?;
        if trigger.connection != check.connection {
            return Err(Error::input("of", "It is a form of another connection."));
        }
        let account = self.account(&check.connection)?.in_check();
        let (order, _, mut targets) = Order::of(account, trigger.request())?;
        order.is_no_transfer()?;
        if order.action.private {
            return Err(Error::input("of", "What it answers is kept in no file, so it cannot be checked."));
        }
        if targets.len() > MOST_TARGETS {
            return Err(Error::input("of", format!("A check sends to {MOST_TARGETS} at most; this form has more.")));
        }
        self.desk.name(&order, &mut targets);
        Ok((order, targets))
    }
}

/// A line for each target.
fn of_each(values: &[(Option<String>, String)]) -> String {
    let line =
        |(target, value): &(Option<String>, String)| format!("{}: {value}", target.as_deref().unwrap_or_default());
    cut(values.iter().map(line).collect::<Vec<_>>().join("\n"))
}

async fn in_time<T>(answer: impl Future<Output = T>) -> Result<T> {
    let too_long = |_| Error::new(ErrorCode::TimedOut, format!("No answer in {} seconds.", PATIENCE.as_secs()));
    tokio::time::timeout(PATIENCE, answer).await.map_err(too_long)
}
