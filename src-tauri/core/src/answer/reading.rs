//! Reads an answer through once, on a thread of its own, as fast as it comes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use memchr::{memchr_iter, memrchr};

use super::blocks::{Walk, not_read, read_at};
use super::folder::Kept;
use super::json::Scan;
use super::text::{Text, is_text};
use super::view::{JsonFault, JsonFaultReason};
use crate::error::{Error, Result};

/// What is read at once. Who looks meanwhile waits for one block at most.
const BLOCK: usize = 256 * 1024;
/// How often it is looked whether somebody still wants it, while nothing comes.
const LOOK: Duration = Duration::from_millis(250);

/// An answer that is read through.
pub struct Reading {
    /// Its file.
    pub kept: Kept,
    /// What was noted of it as JSON.
    pub scan: Mutex<Scan>,
    text: Mutex<Text>,
    now: Mutex<Now>,
    moved: Condvar,
    ended: AtomicBool,
}

/// How far it is.
#[derive(Debug, Clone, Default)]
pub struct Now {
    /// How many bytes were read.
    pub at: u64,
    /// Whether that is all.
    pub over: bool,
    /// Whether it begins like text.
    pub is_text: bool,
    /// Where it ceases to be JSON.
    pub fault: Option<JsonFault>,
    /// Why it could not be read.
    pub failed: Option<Error>,
}

impl Reading {
    /// Begins to read.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn begin(kept: Kept) -> Result<Arc<Self>> {
        let reading = Arc::new(Self {
            kept,
            scan: Mutex::default(),
            text: Mutex::default(),
            now: Mutex::default(),
            moved: Condvar::default(),
            ended: AtomicBool::new(false),
        });
        let on_thread = reading.clone();
        let thread = std::thread::Builder::new().name("answer".to_owned()).spawn(move || on_thread.read());
        thread.map_err(not_read)?;
        Ok(reading)
    }

    /// Nobody looks at it any more.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Whether nobody looks at it any more.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// How far it is, when what is there now is read through, or after so long.
    pub fn wait(&self, at_most: Duration) -> Now {
        let there = self.kept.coming.reached();
        let waits = |now: &mut Now| !now.over && (now.at < there.size || there.over);
        let waited = self.moved.wait_timeout_while(held(&self.now), at_most, waits);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// How far it is.
    pub fn now(&self) -> Now {
        held(&self.now).clone()
    }

    /// What was noted of it as text.
    pub fn text(&self) -> MutexGuard<'_, Text> {
        held(&self.text)
    }

    fn read(&self) {
        let read = self.read_through();
        self.change(|now| (now.over, now.failed) = (true, read.err()));
    }

    fn read_through(&self) -> Result<()> {
        let (mut at, mut is_json, mut block) = (0, true, vec![0; BLOCK]);
        while !self.has_ended() {
            let there = self.kept.coming.wait(at, LOOK);
            if there.size <= at {
                if !there.over {
                    continue;
                }
                let finished = if is_json { held(&self.scan).finish() } else { Ok(()) };
                return finished.or_else(|reason| self.fault(reason));
            }
            let wanted = usize::try_from(there.size - at).unwrap_or(BLOCK).min(BLOCK);
            let read = read_at(&self.kept.file, &mut block[..wanted], at).map_err(not_read)?;
            if read == 0 {
                return Err(not_read("it became shorter"));
            }
            let block = &block[..read];
            let begins_like_text = (at == 0).then(|| is_text(block));
            if begins_like_text.unwrap_or_else(|| self.now().is_text) {
                held(&self.text).feed(block);
            }
            let fed = if is_json { held(&self.scan).feed(block) } else { Ok(()) };
            if let Err(reason) = fed {
                is_json = false;
                self.fault(reason)?;
            }
            at += read as u64;
            self.change(|now| {
                now.at = at;
                now.is_text = begins_like_text.unwrap_or(now.is_text);
            });
        }
        Ok(())
    }

    /// Counts lines and characters up to where the scan stopped.
    fn fault(&self, reason: JsonFaultReason) -> Result<()> {
        let offset = held(&self.scan).at();
        let mut walk = Walk::new(&self.kept.file, offset);
        let (mut at, mut line, mut column) = (0, 1, 1);
        loop {
            let block = walk.from(at)?;
            if block.is_empty() || self.has_ended() {
                break;
            }
            line += memchr_iter(b'\n', block).count() as u64;
            let of_line = memrchr(b'\n', block).map_or(0, |end| end + 1);
            let characters = block[of_line..].iter().filter(|byte| *byte & 0xc0 != 0x80).count() as u64;
            column = if of_line > 0 { 1 + characters } else { column + characters };
            at += block.len() as u64;
        }
        self.change(|now| now.fault = Some(JsonFault { reason, line, column, offset }));
        Ok(())
    }

    fn change(&self, change: impl FnOnce(&mut Now)) {
        change(&mut held(&self.now));
        self.moved.notify_all();
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
