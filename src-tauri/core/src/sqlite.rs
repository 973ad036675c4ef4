//! SQLite files: made for this person's eyes only, written ahead, and set aside when they are damaged.

mod clerk;

use std::path::Path;

use rusqlite::{Connection, Result};

pub use clerk::Clerk;

/// Opens a file, or makes it. One that is damaged is set aside as `name.broken`.
///
/// # Errors
/// When the system refuses it.
pub fn open(path: &Path, schema: &str) -> Result<Connection> {
    // Made by us first, so that nobody else may read it.
    if !path.exists()
        && let Err(error) = crate::paths::write_whole(path, &[])
    {
        tracing::warn!(%error, file = %path.display(), "a file cannot be made");
    }
    let opened = || prepare(Connection::open(path)?, schema);
    opened().or_else(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            tracing::warn!(file = %path.display(), "a file is damaged and set aside");
            let _ = crate::paths::set_aside(path);
            // What was written ahead belongs to the old file: in the new one it would be damage again.
            for ending in ["-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
            }
            opened()
        }
        _ => Err(error),
    })
}

/// The same, in memory.
///
/// # Errors
/// When there is none left.
pub fn in_memory(schema: &str) -> Result<Connection> {
    prepare(Connection::open_in_memory()?, schema)
}

fn prepare(file: Connection, schema: &str) -> Result<Connection> {
    file.busy_timeout(std::time::Duration::from_secs(5))?;
    file.pragma_update(None, "journal_mode", "WAL")?;
    file.pragma_update(None, "synchronous", "NORMAL")?;
    // Each start reads what was written ahead: a command's is kept short.
    file.pragma_update(None, "wal_autocheckpoint", 100)?;
    file.pragma_update(None, "secure_delete", "ON")?;
    file.execute_batch(schema)?;
    Ok(file)
}
