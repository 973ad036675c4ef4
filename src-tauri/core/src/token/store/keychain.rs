//! The system keychain, on a thread of its own and with a time limit: it may draw a dialog and wait for the person, or
//! never answer at all.

use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::keyring::Keyring;
use super::split::{self, Items};
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// How long one call may take: long enough for a machine that is busy, as a script has nobody who would try again. A person who
/// unlocks may take longer; then it is asked again.
const TIME: Duration = Duration::from_secs(10);

enum Order {
    Read(String),
    Write(String, Secret),
    Delete(String),
}

type Reply = oneshot::Sender<Result<Option<Secret>>>;
type Connect = Box<dyn FnMut() -> Result<Box<dyn Items>> + Send>;

/// The thread that talks to the keychain.
pub(super) struct Keychain {
    orders: mpsc::Sender<(Order, Reply)>,
}

impl Keychain {
    /// That of this system. It is connected to when it is first needed.
    pub fn system() -> Self {
        Self::start(Box::new(|| Ok(Box::new(Keyring::connect()?))))
    }

    pub fn start(connect: Connect) -> Self {
        let (orders, received) = mpsc::channel();
        let spawned = std::thread::Builder::new().name("keychain".to_owned()).spawn(move || serve(&received, connect));
        if let Err(error) = spawned {
            // Every order then finds nobody, which reads as a silent keychain.
            tracing::error!(%error, "no thread for the keychain");
        }
        Self { orders }
    }

    pub async fn read(&self, name: &str) -> Result<Option<Secret>> {
        self.order(Order::Read(name.to_owned())).await
    }

    pub async fn write(&self, name: &str, secret: &Secret) -> Result<()> {
        self.order(Order::Write(name.to_owned(), secret.clone())).await.map(drop)
    }

    pub async fn delete(&self, name: &str) -> Result<()> {
        self.order(Order::Delete(name.to_owned())).await.map(drop)
    }

    async fn order(&self, order: Order) -> Result<Option<Secret>> {
        let (reply, answer) = oneshot::channel();
        self.orders.send((order, reply)).map_err(|_| silent())?;
        match tokio::time::timeout(TIME, answer).await {
            Ok(Ok(outcome)) => outcome,
            _ => Err(silent()),
        }
    }
}

pub(super) fn silent() -> Error {
    Error::new(ErrorCode::KeychainSilent, "The keychain does not answer.")
}

fn serve(orders: &mpsc::Receiver<(Order, Reply)>, mut connect: Connect) {
    let mut open: Option<Box<dyn Items>> = None;
    while let Ok((order, reply)) = orders.recv() {
        // Whoever asked has given up: a read or delete would be for nobody. A write is still wanted.
        if reply.is_closed() && !matches!(order, Order::Write(..)) {
            continue;
        }
        let was_open = open.is_some();
        let mut outcome = carry_out(&order, &mut open, &mut connect);
        if was_open && has_failed(&outcome) {
            // Its daemon may have been started anew, and knows nothing of us: connect once more.
            open = None;
            outcome = carry_out(&order, &mut open, &mut connect);
        }
        if has_failed(&outcome) {
            open = None;
        }
        let _ = reply.send(outcome);
    }
}

fn has_failed(outcome: &Result<Option<Secret>>) -> bool {
    matches!(outcome, Err(error) if error.code == ErrorCode::KeychainFailed)
}

fn carry_out(order: &Order, open: &mut Option<Box<dyn Items>>, connect: &mut Connect) -> Result<Option<Secret>> {
    let items = match open {
        Some(items) => items,
        None => open.insert(connect()?),
    };
    let items = items.as_ref();
    match order {
        Order::Read(name) => split::read(items, name),
        Order::Write(name, secret) => split::write(items, name, secret).map(|()| None),
        Order::Delete(name) => split::delete(items, name).map(|()| None),
    }
}
