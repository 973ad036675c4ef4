//! Carries a transfer out, until it is over, rests or failed.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;

use super::carrier::Carrier;
use super::live::Live;
use super::transfers::Means;
use super::view::TransferState;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};

/// Carries it out. `account` is the connection as it is now, where it goes on.
pub async fn carry(means: Arc<Means>, live: Arc<Live>, account: Option<Account>) {
    let mut work = live.work.lock().await;
    // Stopped before it began.
    if !live.now().state.is_under_way() {
        return;
    }
    if let Some(account) = account {
        work.order.account = account;
    }
    // What is masked stays so, also when the connection is logged out meanwhile.
    let _at_work = means.redactor.at_work(live.connection());
    let mut carrier = Carrier::new(&means, &live, &work.order.account);
    let carried = async { AssertUnwindSafe(work.carry_out(&mut carrier)).catch_unwind().await };
    let outcome = tokio::select! {
        biased;
        () = live.is_to_rest() => None,
        outcome = carried => Some(outcome.unwrap_or_else(|_| Err(fault()))),
    };
    match &outcome {
        Some(Ok(())) => work.forget(),
        _ => work.keep(),
    }
    end(&means, &live, outcome);
}

fn end(means: &Means, live: &Live, outcome: Option<Result<()>>) {
    let at = means.clock.now();
    live.change(|now| {
        now.waits_until = None;
        match outcome {
            None => (now.state, now.error) = (TransferState::Paused, None),
            Some(Ok(())) => (now.state, now.error, now.ended_at) = (TransferState::Done, None, Some(at)),
            Some(Err(error)) => {
                let error = means.redactor.mask_error(error);
                (now.state, now.error, now.ended_at) = (TransferState::Failed, Some(error), Some(at));
            }
        }
    });
}

/// Its last words are not told: they may hold a secret (security.md J9).
fn fault() -> Error {
    Error::new(ErrorCode::Internal, "transfer a file: a fault ended it")
}
