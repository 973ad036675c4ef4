//! `keydesk store`: where secrets are kept, and to keep them elsewhere.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use keydesk_core::{KeptIn, Keydesk, StoreState, StoreView};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::passphrase;
use crate::table::pairs;

/// What `keydesk store` can be told.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Keeps secrets in the system keychain, and moves there what the file has
    Keychain {
        /// Leave in the file what it has, as when its passphrase is lost
        #[arg(long)]
        leave: bool,
    },
    /// Keeps secrets in a file that a passphrase opens, and moves there what the keychain has
    File,
    /// Gives that file another name, as when its passphrase is lost: nothing is deleted, and `store file` makes a new one
    SetAside,
    /// Gives that file another passphrase
    ChangePassphrase {
        /// The new passphrase is the first line of this file; else it is asked for
        #[arg(long, value_name = "FILE")]
        new: Option<PathBuf>,
    },
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    match &arguments.what {
        // What is wrong with it stands in the answer.
        None => _ = keydesk.try_store().await,
        Some(What::Keychain { leave }) => {
            if !leave {
                context.unlock().await?;
                must_be_open(&keydesk)?;
            }
            keydesk.use_keychain().await?;
        }
        Some(What::File) => {
            let exists = keydesk.store().file_exists;
            let passphrase = if exists { passphrase::current()? } else { passphrase::new()? };
            keydesk.use_file(&passphrase).await?;
        }
        Some(What::SetAside) => _ = keydesk.set_file_aside().await?,
        Some(What::ChangePassphrase { new }) => {
            let (current, next) = (passphrase::current()?, passphrase::next(new.as_deref())?);
            keydesk.change_passphrase(&current, &next).await?;
        }
    }
    context.output.result(&keydesk.store(), words)?;
    Ok(Exit::Ok)
}

/// Locked, nothing would be moved out of it.
fn must_be_open(keydesk: &Keydesk) -> Result<(), Failure> {
    let StoreView { kept_in, state, .. } = keydesk.store();
    if (kept_in, state) == (KeptIn::File, StoreState::Locked) {
        return Ok(keydesk.store_ready()?);
    }
    Ok(())
}

fn words(view: &StoreView) -> String {
    let place = match view.kept_in {
        KeptIn::Keychain => "the system keychain",
        KeptIn::File => "a file that a passphrase opens",
        KeptIn::Memory => "memory only",
    };
    let state = match (view.kept_in, view.state) {
        (KeptIn::File, StoreState::Ready) => "open",
        (_, StoreState::Ready) => "ready",
        (KeptIn::File, StoreState::Locked) => "locked: its passphrase is needed",
        (_, StoreState::Locked) => "locked",
        (_, StoreState::Absent) => "not there",
        (_, StoreState::Silent) => "does not answer",
        (_, StoreState::Checking) => "not tried yet",
    };
    let unused = view.file_exists && view.kept_in != KeptIn::File;
    let unused = if unused { "there, and not used" } else { "" };
    pairs(&[
        ("Kept in", place.to_owned()),
        ("State", state.to_owned()),
        ("Message", view.message.clone().unwrap_or_default()),
        ("File", unused.to_owned()),
    ])
}
