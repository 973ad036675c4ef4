//! The program that stands where the system opens a browser.

use std::path::PathBuf;

use crate::Outcome;
use crate::environment::Environment;

/// What `xdg-open` does in a desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BrowserShim {
    /// Writes its first argument down, for [`Desktop::opened_url`](crate::Desktop::opened_url).
    #[default]
    Records,
    /// Writes it down and fails, as on a machine without a browser.
    Fails,
}

/// Where opened addresses are written, a line each.
pub(crate) fn record_of(environment: &Environment) -> PathBuf {
    environment.root().join("log/opened-urls")
}

/// Puts the shim first on the path, under all the names that might be asked instead.
pub(crate) fn put(kind: BrowserShim, environment: &mut Environment) -> Outcome {
    let record = record_of(environment);
    std::fs::write(&record, "")?;
    environment.set("OPENED_URLS", &record.to_string_lossy());
    let status = if kind == BrowserShim::Fails { 1 } else { 0 };
    // The number of arguments goes first: a test of A10 wants to see that there was one.
    environment.put_program(
        "xdg-open",
        &format!("#!/bin/sh\nprintf '%s %s\\n' \"$#\" \"$1\" >> \"$OPENED_URLS\"\nexit {status}\n"),
    )?;
    // The crate `open` tries these when xdg-open fails; a real one would escape from the test.
    for name in ["gio", "gnome-open", "kde-open", "kde-open5", "wslview", "x-www-browser"] {
        environment.put_program(name, "#!/bin/sh\nexit 1\n")?;
    }
    Ok(())
}
