//! Keeps what comes in, with all that waits behind it in one go: a send waits for no disk.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::table::{Retention, Table};
use crate::event::{Events, Exchanged, Signal};
use crate::jwt::Member;
use crate::redact::{AtWork, Redactor};
use crate::sqlite::Clerk;

pub(super) enum Job {
    /// As long as it waits, what is masked stays so, also when the connection is logged out.
    Keep(Box<Exchanged>, Retention, AtWork),
    /// So much is kept from now on.
    Retain(Retention),
    Settle(oneshot::Sender<()>),
}

/// The most that is written at once.
const TOGETHER: usize = 256;

/// The way to whom it is told to.
pub(super) fn start(clerk: Arc<Clerk<Table>>, redactor: Arc<Redactor>, events: Events) -> mpsc::UnboundedSender<Job> {
    let (sender, mut jobs) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut together = Vec::new();
        while jobs.recv_many(&mut together, TOGETHER).await > 0 {
            let (mut all, mut settled, mut kept) = (Vec::new(), Vec::new(), None);
            for job in together.drain(..) {
                match job {
                    Job::Keep(exchange, retention, at_work) => {
                        all.push(masked(*exchange, &redactor));
                        kept = Some(retention);
                        drop(at_work);
                    }
                    Job::Retain(retention) => kept = Some(retention),
                    Job::Settle(reply) => settled.push(reply),
                }
            }
            if let Some(retention) = kept {
                let connections: BTreeSet<_> = all.iter().map(|exchange| exchange.connection.clone()).collect();
                if let Err(error) = clerk.ask(move |table| table.add_all(all.iter(), retention)).await {
                    tracing::warn!(%error, "an exchange was not kept");
                }
                if connections.is_empty() {
                    events.signal(Signal::ActivityAdded(None));
                }
                connections.into_iter().for_each(|connection| events.signal(Signal::ActivityAdded(Some(connection))));
            }
            for reply in settled {
                // Whoever waited may be gone.
                let _ = reply.send(());
            }
        }
    });
    sender
}

/// What answers repeat of a secret is masked where it is known (security.md F1, F9).
fn masked(exchange: Exchanged, redactor: &Redactor) -> Exchanged {
    let mask = |text: String| redactor.mask(&text);
    let members = |members: Vec<Member>| {
        let masked = |member: Member| Member { value: mask(member.value), ..member };
        members.into_iter().map(masked).collect()
    };
    Exchanged {
        url: mask(exchange.url),
        sent_headers: members(exchange.sent_headers),
        sent_body: exchange.sent_body.map(mask),
        headers: members(exchange.headers),
        body: exchange.body.map(mask),
        request: exchange.request.map(mask),
        ..exchange
    }
}
