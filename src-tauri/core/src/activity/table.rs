//! The table of a SQLite file.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params};

use super::entry::{ActivityEntry, ActivityQuery};
use crate::event::Happening;
use crate::sqlite;

type Result<T> = rusqlite::Result<T>;

/// The most entries that are kept; the oldest go first.
const MOST: i64 = 20_000;
/// The most that are read at once.
const PAGE: u32 = 500;

/// How many requests were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// That were sent.
    pub requests: u32,
    /// That got no answer, or one of 400 and more.
    pub failed: u32,
}

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS activity (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms INTEGER NOT NULL,
        connection TEXT,
        run TEXT,
        chain TEXT,
        duration_ms INTEGER,
        event TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS activity_of_connection ON activity (connection, id);
    CREATE INDEX IF NOT EXISTS activity_of_run ON activity (run) WHERE run IS NOT NULL;";

pub(super) struct Table {
    file: Connection,
    on_disk: bool,
}

impl Table {
    pub fn open(path: &Path) -> Result<Self> {
        Self::of(sqlite::open(path, SCHEMA)?, true)
    }

    pub fn in_memory() -> Result<Self> {
        Self::of(sqlite::in_memory(SCHEMA)?, false)
    }

    fn of(file: Connection, on_disk: bool) -> Result<Self> {
        if !has_column(&file, "chain")? {
            file.execute_batch("ALTER TABLE activity ADD COLUMN chain TEXT")?;
        }
        Ok(Self { file, on_disk })
    }

    /// What is added meanwhile is in the file together, or not at all.
    pub fn together<T>(&self, add: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        let change = self.file.unchecked_transaction()?;
        let outcome = add(self)?;
        change.commit()?;
        Ok(outcome)
    }

    pub fn on_disk(&self) -> bool {
        self.on_disk
    }

    pub fn add(&self, at: Timestamp, happening: &Happening, event: &str) -> Result<()> {
        let duration = happening.took.map(|took| u32::try_from(took.as_millis()).unwrap_or(u32::MAX));
        self.file
            .prepare_cached(
                "INSERT INTO activity (at_ms, connection, run, chain, duration_ms, event)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((at.as_millisecond(), &happening.connection, &happening.run, &happening.chain, duration, event))?;
        let id = self.file.last_insert_rowid();
        if id % 100 == 0 {
            self.file.execute("DELETE FROM activity WHERE id <= ?1", [id - MOST])?;
        }
        Ok(())
    }

    pub fn read(&self, query: &ActivityQuery) -> Result<Vec<ActivityEntry>> {
        let mut statement = self.file.prepare_cached(
            "SELECT id, at_ms, connection, run, chain, duration_ms, event FROM activity
             WHERE (:connection IS NULL OR connection = :connection)
               AND (:run IS NULL OR run = :run)
               AND (:before IS NULL OR id < :before)
               AND (:search IS NULL OR instr(lower(event), lower(:search)) > 0)
             ORDER BY id DESC LIMIT :limit",
        )?;
        let search = query.search.as_ref().map(|text| text.trim()).filter(|text| !text.is_empty());
        let rows = statement.query_map(
            named_params! {
                ":connection": query.connection,
                ":run": query.run,
                ":before": query.before,
                ":search": search,
                ":limit": query.limit.min(PAGE),
            },
            entry,
        )?;
        // An entry of a newer version, whose event is not known, is passed over.
        Ok(rows.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    pub fn counts(&self, since: Timestamp) -> Result<Counts> {
        self.file.query_row(
            "SELECT count(*), count(*) FILTER (WHERE event ->> 'kind' = 'request_failed' OR event ->> 'status' >= 400)
             FROM activity WHERE at_ms >= ?1 AND event ->> 'kind' IN ('request_sent', 'request_failed')",
            [since.as_millisecond()],
            |row| Ok(Counts { requests: row.get(0)?, failed: row.get(1)? }),
        )
    }

    pub fn clear(&self, connection: Option<&str>) -> Result<()> {
        self.file.execute("DELETE FROM activity WHERE ?1 IS NULL OR connection = ?1", [connection])?;
        Ok(())
    }
}

/// A file of an older version lacks some.
fn has_column(file: &Connection, name: &str) -> Result<bool> {
    file.query_row("SELECT count(*) FROM pragma_table_info('activity') WHERE name = ?1", [name], |row| row.get(0))
}

fn entry(row: &Row<'_>) -> Result<Option<ActivityEntry>> {
    let event: String = row.get(6)?;
    let at = Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
    let Ok(event) = serde_json::from_str(&event) else { return Ok(None) };
    Ok(Some(ActivityEntry {
        id: row.get(0)?,
        at: at.to_string(),
        connection: row.get(2)?,
        run: row.get(3)?,
        chain: row.get(4)?,
        duration_ms: row.get(5)?,
        event,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::ActivityEvent;

    fn happening(connection: &str, event: ActivityEvent) -> Happening {
        Happening { event, connection: Some(connection.to_owned()), run: None, chain: None, took: None }
    }

    fn sent(status: u16) -> ActivityEvent {
        ActivityEvent::RequestSent {
            method: "GET".to_owned(),
            url: "https://a.example/devices".to_owned(),
            target: None,
            status,
            replayed: false,
        }
    }

    fn add(table: &Table, happening: &Happening) {
        let event = serde_json::to_string(&happening.event).unwrap();
        table.add(Timestamp::now(), happening, &event).unwrap();
    }

    #[test]
    fn entries_come_back_newest_first_by_connection_and_by_text() {
        let table = Table::in_memory().unwrap();
        add(&table, &happening("a", ActivityEvent::ConnectionAdded));
        add(&table, &happening("b", ActivityEvent::ConnectionAdded));
        add(&table, &happening("a", sent(200)));
        let query = |connection: &str, search: Option<&str>| ActivityQuery {
            connection: Some(connection.to_owned()),
            search: search.map(str::to_owned),
            limit: 10,
            ..ActivityQuery::default()
        };
        let read = table.read(&query("a", None)).unwrap();
        assert_eq!(read.iter().map(|entry| entry.id).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(table.read(&query("a", Some("DEVICES"))).unwrap().len(), 1);
        table.clear(Some("a")).unwrap();
        assert!(table.read(&query("a", None)).unwrap().is_empty());
        assert_eq!(table.read(&query("b", None)).unwrap().len(), 1);
    }

    #[test]
    fn requests_of_the_last_hour_are_counted() {
        let table = Table::in_memory().unwrap();
        for status in [200, 404, 500] {
            add(&table, &happening("a", sent(status)));
        }
        let counts = table.counts(crate::clock::after(Timestamp::now(), -3600)).unwrap();
        assert_eq!(counts, Counts { requests: 3, failed: 2 });
    }

    #[test]
    fn a_file_of_an_older_version_keeps_its_entries() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("activity.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(
            "CREATE TABLE activity (id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, connection TEXT, run TEXT,
                 duration_ms INTEGER, event TEXT NOT NULL) STRICT;
             INSERT INTO activity (at_ms, connection, event) VALUES (1, 'a', '{\"kind\":\"connection_added\"}')",
        )
        .unwrap();
        drop(old);
        let table = Table::open(&path).unwrap();
        add(&table, &Happening { chain: Some("c".to_owned()), ..happening("a", sent(200)) });
        let read = table.read(&ActivityQuery { limit: 10, ..ActivityQuery::default() }).unwrap();
        assert_eq!(read.iter().map(|entry| entry.chain.as_deref()).collect::<Vec<_>>(), [Some("c"), None]);
    }

    #[test]
    fn a_damaged_file_is_set_aside() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("activity.sqlite");
        std::fs::write(&path, "this is no database, not at all, by no means whatsoever".repeat(100)).unwrap();
        Table::open(&path).unwrap();
        assert!(home.path().join("activity.sqlite.broken").exists());
    }
}
