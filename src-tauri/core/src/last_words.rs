//! What is said when a fault of ours ends a thread or a task: where it was, and nothing of what was at hand, which may be a
//! secret (security.md J9).

use std::io::Write;
use std::panic::{self, PanicHookInfo};

/// From now on faults of this process are told so.
pub fn tell_faults_by_place() {
    panic::set_hook(Box::new(|fault| {
        // Nobody may be there to read it.
        let _ = writeln!(std::io::stderr(), "{}", last_words(fault));
    }));
}

fn last_words(fault: &PanicHookInfo<'_>) -> String {
    let place = fault.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    format!("A fault of Keydesk{place}. What it was about is not told: it may be a secret.")
}
