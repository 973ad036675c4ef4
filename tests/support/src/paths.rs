//! Where things lie in the repository.

use std::path::{Path, PathBuf};

use crate::{Failure, Outcome};

/// The top of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Cargo's target directory: also where pictures and the evidence of failures go.
#[must_use]
pub fn target_directory() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(given) => repository().join(given),
        None => repository().join("target"),
    }
}

/// The app's program: `KEYDESK_APP`, or the one built beside the program that runs this.
///
/// # Errors
/// It is not built.
pub fn app_binary() -> Outcome<PathBuf> {
    if let Some(given) = std::env::var_os("KEYDESK_APP") {
        return Ok(given.into());
    }
    let own = std::env::current_exe()?;
    // A test lies in target/<profile>/deps, a program in target/<profile>.
    let beside = own.ancestors().skip(1).take(2).map(|folder| folder.join("keydesk-app"));
    let built = beside.chain([target_directory().join("debug/keydesk-app")]);
    built
        .into_iter()
        .find(|path| path.is_file())
        .ok_or_else(|| Failure::new("the app is not built: run `cargo build`, or set KEYDESK_APP to its program"))
}
