//! What the one who carries a run out has at hand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use super::step::{Claimed, Step, Told};
use super::view::{RunRow, RunState};
use crate::error::ErrorCode;

/// The bodies that are kept of a run, in bytes.
const BODIES: usize = 32 * 1024 * 1024;

/// What is left to do, and what is not written or told yet.
pub struct Left {
    /// Marked and not sent.
    pub claimed: VecDeque<Claimed>,
    /// Known and not written.
    pub told: Vec<Told>,
    pub released: Vec<u32>,
    /// What is being written, in case it cannot be.
    pub writing: Arc<Step>,
    /// Rows that changed since they were told.
    pub changed: BTreeMap<u32, RunRow>,
    pub moved: bool,
    pub under_way: usize,
    /// Whether any request came to an end: then several may go at once.
    pub scouted: bool,
    pub refusals: u32,
    pub bodies: usize,
    /// What the file says of the run.
    pub written: (RunState, Option<ErrorCode>, bool),
    pub wrote_at: Instant,
    pub broken: bool,
    pub begun: Instant,
}

impl Default for Left {
    fn default() -> Self {
        let now = Instant::now();
        Self {
            claimed: VecDeque::new(),
            told: Vec::new(),
            released: Vec::new(),
            writing: Arc::default(),
            changed: BTreeMap::new(),
            moved: false,
            under_way: 0,
            scouted: false,
            refusals: 0,
            bodies: BODIES,
            written: (RunState::Running, None, false),
            wrote_at: now,
            broken: false,
            begun: now,
        }
    }
}
