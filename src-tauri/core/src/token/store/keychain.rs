//! The system keychain, on a thread of its own and with a time limit: it may draw a dialog and wait for the person, or
//! never answer at all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;

use super::keyring::{Keyring, locked};
use super::split::{self, Items};
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// How long one call may take: long enough for a machine that is busy, as a script has nobody who would try again. A person who
/// unlocks may take longer; then it is asked again.
const TIME: Duration = Duration::from_secs(10);

/// The beginning of the name of the item that shows whether the keychain keeps and gives back.
pub(super) const PROBE: &str = "probe";

/// What the thread is to do. Of a write that nobody waits for any more, `number` says whether it is the last of its name.
enum Order {
    Look,
    Read(String),
    Write(String, Secret, u64),
    Delete(String),
}

type Reply = oneshot::Sender<Result<Option<Secret>>>;
type Connect = Box<dyn FnMut() -> Result<Box<dyn Items>> + Send>;

/// The thread that talks to the keychain.
pub(super) struct Keychain {
    orders: mpsc::Sender<(Order, Reply)>,
    changes: Changes,
}

/// How often each name was to be written or deleted.
#[derive(Clone, Default)]
struct Changes(Arc<Mutex<HashMap<String, u64>>>);

impl Changes {
    fn next(&self, name: &str) -> u64 {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = all.entry(name.to_owned()).or_default();
        *number += 1;
        *number
    }

    fn is_last(&self, name: &str, number: u64) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(name) == Some(&number)
    }
}

impl Keychain {
    /// That of this system. It is connected to when it is first needed.
    pub fn system() -> Self {
        Self::start(Box::new(|| Ok(Box::new(Keyring::connect()?))))
    }

    pub fn start(connect: Connect) -> Self {
        let (orders, received) = mpsc::channel();
        let changes = Changes::default();
        let made = changes.clone();
        let serve = move || serve(&received, &made, connect);
        let spawned = std::thread::Builder::new().name("keychain".to_owned()).spawn(serve);
        if let Err(error) = spawned {
            // Every order then finds nobody, which reads as a silent keychain.
            tracing::error!(%error, "no thread for the keychain");
        }
        Self { orders, changes }
    }

    /// Whether reading would ask the person, as far as can be told without that.
    ///
    /// # Errors
    /// `keychain_*`: it would, or cannot be reached.
    pub async fn is_open(&self) -> Result<()> {
        self.order(Order::Look).await.map(drop)
    }

    pub async fn read(&self, name: &str) -> Result<Option<Secret>> {
        self.order(Order::Read(name.to_owned())).await
    }

    pub async fn write(&self, name: &str, secret: &Secret) -> Result<()> {
        let number = self.changes.next(name);
        self.order(Order::Write(name.to_owned(), secret.clone(), number)).await.map(drop)
    }

    pub async fn delete(&self, name: &str) -> Result<()> {
        self.changes.next(name);
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

fn serve(orders: &mpsc::Receiver<(Order, Reply)>, changes: &Changes, mut connect: Connect) {
    let mut open: Option<Box<dyn Items>> = None;
    while let Ok((order, reply)) = orders.recv() {
        // Whoever asked has given up: a read or delete would be for nobody. A write is still wanted, unless another came after it, as
        // each may ask the person once more, or it is a probe, which nobody would delete.
        let wanted = matches!(&order, Order::Write(name, _, number) if !name.starts_with(PROBE) && changes.is_last(name, *number));
        if reply.is_closed() && !wanted {
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
        Order::Look if items.is_locked() => Err(locked()),
        Order::Look => Ok(None),
        Order::Read(name) => split::read(items, name),
        Order::Write(name, secret, _) => split::write(items, name, secret).map(|()| None),
        Order::Delete(name) => split::delete(items, name).map(|()| None),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// Lets every call wait until it is open.
    struct Held {
        written: Arc<Mutex<Vec<String>>>,
        open: Arc<AtomicBool>,
    }

    impl Items for Held {
        fn limit(&self) -> usize {
            2560
        }

        fn get(&self, _: &str) -> Result<Option<Secret>> {
            while !self.open.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(None)
        }

        fn set(&self, name: &str, value: &str) -> Result<()> {
            self.written.lock().unwrap().push(format!("{name}={value}"));
            Ok(())
        }

        fn delete(&self, name: &str) -> Result<()> {
            self.written.lock().unwrap().push(format!("{name} is gone"));
            Ok(())
        }
    }

    #[tokio::test]
    async fn e3_of_writes_that_nobody_waits_for_any_more_the_last_one_of_each_name_is_carried_out() {
        let (written, open) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicBool>::default());
        let keychain = {
            let (written, open) = (written.clone(), open.clone());
            let connect = move || Ok(Box::new(Held { written: written.clone(), open: open.clone() }) as Box<dyn Items>);
            Keychain::start(Box::new(connect))
        };
        let brief = Duration::from_millis(20);
        let _ = tokio::time::timeout(brief, keychain.read("c")).await;
        for (name, value) in [("c", "1"), ("c", "2"), ("d", "1"), ("c", "3"), ("e", "1")] {
            let _ = tokio::time::timeout(brief, keychain.write(name, &Secret::new(value))).await;
        }
        let _ = tokio::time::timeout(brief, keychain.delete("e")).await;
        open.store(true, Ordering::SeqCst);
        keychain.read("c").await.unwrap();
        let written = written.lock().unwrap().clone();
        assert_eq!(written.iter().filter(|it| it.contains('=')).collect::<Vec<_>>(), ["d=1", "c=3"]);
    }
}
