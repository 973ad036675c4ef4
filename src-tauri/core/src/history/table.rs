//! The table of a SQLite file, and the words of all its texts.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, Row, named_params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::exchange::{ExchangeDetails, ExchangeQuery, ExchangeRow, ExchangeStatus};
use super::words::matching;
use crate::event::Exchanged;
use crate::sqlite;

/// The most that are listed at once.
const PAGE: u32 = 500;
/// After so many, what is too old or too much is looked for.
const BETWEEN: usize = 64;
/// So many are deleted at once, so that nobody waits long, and so often in a row.
const TOGETHER: u32 = 2000;
const ROUNDS: usize = 5;

/// How long and how much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days.
    pub days: u32,
    /// Megabytes of the file.
    pub megabytes: u32,
}

// The words stand in an index of their own, which looks the texts up where they are. It is told to overwrite what is deleted.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS exchange (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms INTEGER NOT NULL,
        connection TEXT NOT NULL,
        source TEXT NOT NULL,
        method TEXT NOT NULL,
        url TEXT NOT NULL,
        status INTEGER,
        outcome TEXT NOT NULL,
        error TEXT,
        duration_ms INTEGER NOT NULL,
        size INTEGER,
        request TEXT,
        sent_headers TEXT NOT NULL,
        sent_body TEXT,
        headers TEXT NOT NULL,
        body TEXT
    ) STRICT;
    CREATE INDEX IF NOT EXISTS exchange_of_connection ON exchange (connection, id);
    CREATE INDEX IF NOT EXISTS exchange_of_outcome ON exchange (outcome, id);
    CREATE VIRTUAL TABLE IF NOT EXISTS exchange_words USING fts5 (
        connection, outcome, url, sent_body, body, content = 'exchange', content_rowid = 'id', tokenize = 'unicode61'
    );
    CREATE TRIGGER IF NOT EXISTS exchange_added AFTER INSERT ON exchange BEGIN
        INSERT INTO exchange_words (rowid, connection, outcome, url, sent_body, body)
        VALUES (new.id, new.connection, new.outcome, new.url, new.sent_body, new.body);
    END;
    CREATE TRIGGER IF NOT EXISTS exchange_removed AFTER DELETE ON exchange BEGIN
        INSERT INTO exchange_words (exchange_words, rowid, connection, outcome, url, sent_body, body)
        VALUES ('delete', old.id, old.connection, old.outcome, old.url, old.sent_body, old.body);
    END;
    INSERT INTO exchange_words (exchange_words, rank) VALUES ('secure-delete', 1);";

const ROW: &str = "id, at_ms, connection, source, method, url, status, error, duration_ms, size";

pub(super) struct Table {
    file: Connection,
    /// How many were added since what is too old or too much was looked for, and by which rule that was.
    added: usize,
    looked: Option<Retention>,
}

impl Table {
    pub fn open(path: &Path) -> Result<Self> {
        sqlite::open(path, SCHEMA).map(Self::of)
    }

    #[cfg(test)]
    pub fn in_memory() -> Result<Self> {
        sqlite::in_memory(SCHEMA).map(Self::of)
    }

    fn of(file: Connection) -> Self {
        Self { file, added: 0, looked: None }
    }

    /// Adds some, which are in the file together or not at all, and deletes what is too old or too much.
    pub fn add_all<'a>(&mut self, all: impl Iterator<Item = &'a Exchanged>, retention: Retention) -> Result<()> {
        let change = self.file.unchecked_transaction()?;
        for exchange in all {
            self.add(exchange)?;
            self.added += 1;
        }
        change.commit()?;
        if self.added < BETWEEN && self.looked == Some(retention) {
            return Ok(());
        }
        (self.added, self.looked) = (0, Some(retention));
        self.tidy(Timestamp::now(), retention)
    }

    fn add(&self, exchange: &Exchanged) -> Result<()> {
        let mut statement = self.file.prepare_cached(
            "INSERT INTO exchange (at_ms, connection, source, method, url, status, outcome, error, duration_ms, size,
                 request, sent_headers, sent_body, headers, body)
             VALUES (:at, :connection, :source, :method, :url, :status, :outcome, :error, :duration, :size,
                 :request, :sent_headers, :sent_body, :headers, :body)",
        )?;
        statement.execute(named_params! {
            ":at": exchange.at.as_millisecond(),
            ":connection": exchange.connection,
            ":source": json(&exchange.source),
            ":method": exchange.method,
            ":url": exchange.url,
            ":status": exchange.status,
            ":outcome": ExchangeStatus::outcome(exchange.status),
            ":error": exchange.error.as_ref().map(json),
            ":duration": u32::try_from(exchange.took.as_millis()).unwrap_or(u32::MAX),
            ":size": exchange.size.map(|size| i64::try_from(size).unwrap_or(i64::MAX)),
            ":request": exchange.request,
            ":sent_headers": json(&exchange.sent_headers),
            ":sent_body": exchange.sent_body,
            ":headers": json(&exchange.headers),
            ":body": exchange.body,
        })?;
        Ok(())
    }

    /// Deletes what is older than is kept, and of the rest the oldest until the file is no larger than it may be.
    fn tidy(&self, now: Timestamp, retention: Retention) -> Result<()> {
        let days = jiff::SignedDuration::from_hours(i64::from(retention.days) * 24);
        let since = now.checked_sub(days).unwrap_or(Timestamp::MIN);
        for _ in 0..ROUNDS {
            let old = self.file.execute(
                "DELETE FROM exchange WHERE id IN (SELECT id FROM exchange WHERE at_ms < ?1 ORDER BY id LIMIT ?2)",
                (since.as_millisecond(), TOGETHER),
            )?;
            if old < TOGETHER as usize {
                break;
            }
        }
        let (used, most) = (self.used()?, i64::from(retention.megabytes) * 1_000_000);
        if used > most {
            // As large a part of them as the file is too large. What is left of that is seen to the next time: the index of words
            // gives its room back later.
            self.file.execute(
                "DELETE FROM exchange WHERE id IN (SELECT id FROM exchange ORDER BY id LIMIT
                     min(?1, max(1, (SELECT count(*) FROM exchange) * ?2 / ?3)))",
                (TOGETHER, used - most, used),
            )?;
        }
        Ok(())
    }

    /// The bytes of the file that hold something.
    fn used(&self) -> Result<i64> {
        let number = |name: &str| self.file.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        Ok((number("page_count")? - number("freelist_count")?) * number("page_size")?)
    }

    pub fn list(&self, query: &ExchangeQuery) -> Result<Vec<ExchangeRow>> {
        let words = matching(query);
        let outcomes = query.status.outcomes().unwrap_or_default();
        // The index of words gives its rows by their numbers already.
        let from = if words.is_some() {
            "exchange_words CROSS JOIN exchange ON exchange.id = exchange_words.rowid"
        } else {
            "exchange"
        };
        let holds = if words.is_some() { "exchange_words MATCH :words" } else { ":words IS NULL" };
        let columns = ROW.split(", ").map(|column| format!("exchange.{column}")).collect::<Vec<_>>().join(", ");
        let mut statement = self.file.prepare_cached(&format!(
            "SELECT {columns} FROM {from}
             WHERE {holds}
               AND (:connection IS NULL OR exchange.connection = :connection)
               AND (:outcomes = '[]' OR exchange.outcome IN (SELECT value FROM json_each(:outcomes)))
               AND (:since IS NULL OR exchange.at_ms >= :since)
               AND (:before IS NULL OR exchange.id < :before)
             ORDER BY {} DESC LIMIT :limit",
            if words.is_some() { "exchange_words.rowid" } else { "exchange.id" },
        ))?;
        let since = query.since.as_deref().and_then(|since| since.parse::<Timestamp>().ok());
        let rows = statement.query_map(
            named_params! {
                ":words": words,
                ":connection": query.connection,
                ":outcomes": json(&outcomes),
                ":since": since.map(Timestamp::as_millisecond),
                ":before": query.before,
                ":limit": query.limit.min(PAGE),
            },
            row,
        )?;
        // One of a newer version, whose source or error is not known, is passed over.
        Ok(rows.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    pub fn read(&self, id: i64) -> Result<Option<ExchangeDetails>> {
        let sql = format!("SELECT {ROW}, sent_headers, sent_body, headers, body, request FROM exchange WHERE id = ?1");
        let found = self.file.prepare_cached(&sql)?.query_row([id], |found| {
            let Some(row) = row(found)? else { return Ok(None) };
            Ok(Some(ExchangeDetails {
                row,
                sent_headers: read_json(&found.get::<_, String>(10)?).unwrap_or_default(),
                sent_body: found.get(11)?,
                headers: read_json(&found.get::<_, String>(12)?).unwrap_or_default(),
                body: found.get(13)?,
                request: found.get(14)?,
            }))
        });
        found.optional().map(Option::flatten)
    }

    pub fn clear(&self, connection: Option<&str>) -> Result<()> {
        self.file.execute("DELETE FROM exchange WHERE ?1 IS NULL OR connection = ?1", [connection])?;
        Ok(())
    }
}

fn row(row: &Row<'_>) -> Result<Option<ExchangeRow>> {
    let at = Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
    let Some(source) = read_json(&row.get::<_, String>(3)?) else { return Ok(None) };
    let error: Option<String> = row.get(7)?;
    Ok(Some(ExchangeRow {
        id: row.get(0)?,
        at: at.to_string(),
        connection: row.get(2)?,
        source,
        method: row.get(4)?,
        url: row.get(5)?,
        status: row.get(6)?,
        error: error.and_then(|code| read_json(&code)),
        duration_ms: row.get(8)?,
        size: row.get::<_, Option<i64>>(9)?.and_then(|size| u64::try_from(size).ok()),
    }))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read_json<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::ErrorCode;
    use crate::event::ExchangeSource;
    use crate::jwt::Member;

    const NONE: [i64; 0] = [];
    const KEPT: Retention = Retention { days: 30, megabytes: 500 };

    fn exchange(connection: &str, url: &str, status: Option<u16>, body: &str) -> Exchanged {
        Exchanged {
            at: Timestamp::now(),
            connection: connection.to_owned(),
            source: ExchangeSource::Explorer,
            method: "GET".to_owned(),
            url: url.to_owned(),
            sent_headers: vec![Member { name: "accept".to_owned(), value: "*/*".to_owned() }],
            sent_body: None,
            status,
            error: status.is_none().then_some(ErrorCode::Unreachable),
            headers: Vec::new(),
            body: Some(body.to_owned()),
            size: Some(body.len() as u64),
            took: Duration::from_millis(12),
            request: None,
        }
    }

    fn found(table: &Table, query: ExchangeQuery) -> Vec<i64> {
        let limit = if query.limit == 0 { 10 } else { query.limit };
        table.list(&ExchangeQuery { limit, ..query }).unwrap().iter().map(|row| row.id).collect()
    }

    fn search(text: &str) -> ExchangeQuery {
        ExchangeQuery { search: Some(text.to_owned()), ..ExchangeQuery::default() }
    }

    #[test]
    fn exchanges_are_found_by_their_words_their_connection_and_their_outcome_the_newest_first() {
        let mut table = Table::in_memory().unwrap();
        let all = [
            exchange("a", "https://a.example/folders/12", Some(200), "{\"name\":\"Harbour\"}"),
            exchange("b", "https://b.example/devices", Some(401), "{\"error\":\"harbour closed\"}"),
            exchange("a", "https://a.example/users", None, ""),
        ];
        table.add_all(all.iter(), KEPT).unwrap();
        assert_eq!(found(&table, ExchangeQuery::default()), [3, 2, 1]);
        assert_eq!(found(&table, search("HARB")), [2, 1]);
        assert_eq!(found(&table, search("/folders/12")), [1]);
        assert_eq!(found(&table, search("12 folders")), NONE);
        let of = |connection: &str| Some(connection.to_owned());
        assert_eq!(found(&table, ExchangeQuery { connection: of("b"), ..search("harbour") }), [2]);
        assert_eq!(found(&table, ExchangeQuery { connection: of("a"), ..ExchangeQuery::default() }), [3, 1]);
        let status = |status| ExchangeQuery { status, ..ExchangeQuery::default() };
        assert_eq!(found(&table, status(ExchangeStatus::Failed)), [3, 2]);
        assert_eq!(found(&table, ExchangeQuery { status: ExchangeStatus::Good, ..search("harbour") }), [1]);
        assert_eq!(found(&table, ExchangeQuery { before: Some(3), limit: 1, ..ExchangeQuery::default() }), [2]);
        let details = table.read(3).unwrap().unwrap();
        assert_eq!((details.row.error, details.sent_headers.len()), (Some(ErrorCode::Unreachable), 1));
    }

    #[test]
    fn what_is_deleted_is_found_no_more_nor_are_its_words() {
        let mut table = Table::in_memory().unwrap();
        table.add_all([exchange("a", "https://a.example/", Some(200), "harbour")].iter(), KEPT).unwrap();
        table.clear(Some("b")).unwrap();
        assert_eq!(found(&table, search("harbour")), [1]);
        table.clear(None).unwrap();
        assert_eq!(found(&table, search("harbour")), NONE);
    }

    #[test]
    fn what_is_too_old_or_too_much_goes_the_oldest_first() {
        let mut table = Table::in_memory().unwrap();
        let old = Exchanged { at: Timestamp::UNIX_EPOCH, ..exchange("a", "https://a.example/old", Some(200), "") };
        let body = "word ".repeat(10_000);
        let all: Vec<_> = (0..40).map(|_| exchange("a", "https://a.example/new", Some(200), &body)).collect();
        table.add_all([&old].into_iter().chain(&all), KEPT).unwrap();
        assert_eq!(found(&table, search("old")), NONE, "the first that are added look for it");
        let all = found(&table, ExchangeQuery { limit: 100, ..ExchangeQuery::default() });
        table.tidy(Timestamp::now(), Retention { days: 30, megabytes: 1 }).unwrap();
        let left = found(&table, ExchangeQuery { limit: 100, ..ExchangeQuery::default() });
        assert!(left.len() < all.len() && left.first() == all.first(), "the newest stay: {left:?}");
    }

    #[test]
    fn what_is_too_much_is_a_part_of_what_is_there_however_far_apart_its_numbers_are() {
        let mut table = Table::in_memory().unwrap();
        let body = "word ".repeat(10_000);
        let one = |connection: &str, body: &str| exchange(connection, "https://a.example/", Some(200), body);
        let before: Vec<_> = (0..20).map(|_| one("a", &body)).collect();
        let between: Vec<_> = (0..5000).map(|_| one("b", "")).collect();
        table.add_all(before.iter().chain(&between).chain(&before), KEPT).unwrap();
        table.clear(Some("b")).unwrap();
        table.tidy(Timestamp::now(), Retention { days: 30, megabytes: 1 }).unwrap();
        let left = found(&table, ExchangeQuery { limit: 100, ..ExchangeQuery::default() });
        assert!((2..40).contains(&left.len()), "{left:?}");
    }
}
