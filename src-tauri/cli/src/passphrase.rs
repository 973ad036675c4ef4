//! The passphrase of the file of secrets: the first line of the file that KEYDESK_PASSPHRASE_FILE names, or asked for at a
//! terminal. Never an argument, and never in the environment, which other programs see.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::Path;

use keydesk_core::{ErrorCode, KeptIn, Keydesk, Secret, StoreState};

use crate::failure::Failure;
use crate::output::Output;

const VARIABLE: &str = "KEYDESK_PASSPHRASE_FILE";
/// The longest passphrase that is taken, in bytes.
const LONGEST: u64 = 4096;
/// How often it may be typed wrong.
const TRIES: usize = 3;

/// Opens the file of secrets where that is the place and it is locked. Where nobody can say the passphrase it stays locked, and
/// what needs it says so.
///
/// # Errors
/// `passphrase_wrong`, `store_failed`, or that the file with the passphrase cannot be read.
pub async fn unlock(keydesk: &Keydesk, output: Output) -> Result<(), Failure> {
    let store = keydesk.store();
    if store.kept_in != KeptIn::File || store.state != StoreState::Locked {
        return Ok(());
    }
    if let Some(file) = variable() {
        return Ok(keydesk.unlock_file(&of_file(Path::new(&file))?).await?);
    }
    let mut tries = if can_ask() { TRIES } else { 0 };
    while tries > 0 {
        tries -= 1;
        match keydesk.unlock_file(&ask("Passphrase")?).await {
            Err(error) if error.code == ErrorCode::PassphraseWrong && tries > 0 => output.note(&error.message),
            outcome => return Ok(outcome?),
        }
    }
    Ok(())
}

/// The passphrase that the file has.
///
/// # Errors
/// There is none to be had.
pub fn current() -> Result<Secret, Failure> {
    match variable() {
        Some(file) => of_file(Path::new(&file)),
        None if can_ask() => ask("Passphrase"),
        None => Err(nobody_asked()),
    }
}

/// A passphrase for a new file.
///
/// # Errors
/// There is none to be had, or it was typed in two ways.
pub fn new() -> Result<Secret, Failure> {
    match variable() {
        Some(file) => of_file(Path::new(&file)),
        None => twice(),
    }
}

/// Another passphrase, from this file or asked for.
///
/// # Errors
/// As for [`new`].
pub fn next(file: Option<&Path>) -> Result<Secret, Failure> {
    file.map_or_else(twice, of_file)
}

fn twice() -> Result<Secret, Failure> {
    if !can_ask() {
        return Err(nobody_asked());
    }
    let passphrase = ask("New passphrase")?;
    if !ask("The same again")?.same_as(passphrase.expose()) {
        return Err(Failure::usage("passphrase", "The two are not the same."));
    }
    Ok(passphrase)
}

/// The first line.
fn of_file(path: &Path) -> Result<Secret, Failure> {
    let unread = |error: io::Error| Failure::usage("passphrase", format!("{}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(unread)?;
    let mut line = String::with_capacity(256);
    BufReader::new(file.take(LONGEST)).read_line(&mut line).map_err(unread)?;
    line.truncate(line.trim_end_matches(['\n', '\r']).len());
    Ok(Secret::new(line))
}

fn variable() -> Option<OsString> {
    std::env::var_os(VARIABLE).filter(|file| !file.is_empty())
}

/// Standard input may be a pipe with something else: the terminal itself is asked.
fn can_ask() -> bool {
    io::stdin().is_terminal() || io::stderr().is_terminal()
}

fn ask(label: &str) -> Result<Secret, Failure> {
    Ok(Secret::new(rpassword::prompt_password(format!("{label}: "))?))
}

fn nobody_asked() -> Failure {
    Failure::usage(
        "passphrase",
        format!("There is no terminal to ask for the passphrase, and {VARIABLE} names no file."),
    )
}
