//! Sends a request, and what it is sent on to, until there is an answer.

use std::sync::Arc;
use std::time::Instant;

use super::body::Carried;
use super::hop::{self, Carries, not_followed};
use super::ready::Ready;
use super::sent::Hop;
use crate::account::Account;
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Measured, Prepared, Sender};
use crate::pace::Paces;
use crate::redact::Redactor;
use crate::transport::Stopwatch;

/// What requests are sent with.
pub struct Post {
    pub sender: Sender,
    pub paces: Arc<Paces>,
    pub redactor: Arc<Redactor>,
}

/// An answer whose body is still to come.
pub struct Arrived {
    pub exchange: Exchange<Measured>,
    /// The request that it is to.
    pub prepared: Prepared,
    /// Why a redirect is the answer.
    pub not_followed: Option<Error>,
}

impl Post {
    /// Sends a request; with `follow` also where it is sent on to. `hopped` is told of each redirect.
    ///
    /// # Errors
    /// When there is no usable token or no answer. A status is no error.
    pub async fn send(
        &self,
        account: &Account,
        ready: &Ready,
        follow: bool,
        stopwatch: &Stopwatch,
        hopped: impl Fn(Hop) + Send,
    ) -> Result<Arrived> {
        let empty = Carried::default();
        let mut prepared = ready.prepared.clone();
        let (mut token, mut body) = (!ready.elsewhere, true);
        let mut number = 0;
        loop {
            let carried = if body { &ready.carried } else { &empty };
            let exchange = self.once(account, &prepared, carried, token, stopwatch).await?;
            let opened = &exchange.answer.opened;
            let (status, headers) = (opened.status(), opened.headers());
            let presented = Some(&ready.presented).filter(|_| token);
            let carries = Carries { token: presented, body: !carried.is_empty() };
            let next =
                if follow { hop::next(account, &self.redactor, &prepared, carries, status, headers) } else { None };
            let not_followed = match next {
                None => None,
                Some(Ok(_)) if number == hop::MOST => {
                    Some(not_followed(&format!("The server has sent on {number} times, and does again.")))
                }
                Some(Ok(next)) => {
                    hopped(next.hop);
                    (prepared, token, body) = (next.prepared, next.token, next.body);
                    number += 1;
                    continue;
                }
                Some(Err(error)) => Some(error),
            };
            return Ok(Arrived { exchange, prepared, not_followed });
        }
    }

    async fn once(
        &self,
        account: &Account,
        prepared: &Prepared,
        carried: &Carried,
        token: bool,
        stopwatch: &Stopwatch,
    ) -> Result<Exchange<Measured>> {
        let sent = if token {
            self.turn(account).await;
            self.sender.send_measured(account, prepared, carried, stopwatch).await
        } else {
            self.sender.send_measured_elsewhere(account, prepared, carried, stopwatch).await
        };
        sent.map_err(|no| self.redactor.mask_error(no.error))
    }

    /// All requests of a connection together obey the provider's limit.
    async fn turn(&self, account: &Account) {
        let pace = self.paces.of(&account.connection.id, account.provider.api.per_second);
        if let Some(wait) = pace.reserve(Instant::now()) {
            tokio::time::sleep(wait).await;
        }
    }
}
