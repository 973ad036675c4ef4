//! What is kept in explorer.sqlite: drafts, saved requests, variables, imported catalogues, and what came of what was sent.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::catalogue::Catalogue;
use super::request::{Draft, ExplorerRequest, SavedRequest, Variable};
use super::sent::SentView;
use crate::sqlite;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS draft (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        connection TEXT NOT NULL,
        name TEXT,
        saved TEXT,
        endpoint TEXT,
        request TEXT NOT NULL,
        answer TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS saved (
        id TEXT NOT NULL PRIMARY KEY,
        connection TEXT NOT NULL,
        folder TEXT NOT NULL,
        name TEXT NOT NULL,
        endpoint TEXT,
        request TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS variable (
        connection TEXT NOT NULL,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (connection, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS catalogue (
        id TEXT NOT NULL PRIMARY KEY,
        connection TEXT NOT NULL,
        content TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS sent (
        answer TEXT NOT NULL PRIMARY KEY,
        connection TEXT NOT NULL,
        view TEXT NOT NULL,
        request TEXT NOT NULL
    ) STRICT;";

/// The file.
pub struct Table(Connection);

impl Table {
    pub fn open(path: &Path) -> Result<Self> {
        sqlite::open(path, SCHEMA).map(Self)
    }

    pub fn drafts(&self, connection: &str) -> Result<Vec<Draft>> {
        let all = "SELECT id, connection, name, saved, endpoint, request, answer FROM draft
            WHERE connection = ?1 ORDER BY number";
        let mut all = self.0.prepare_cached(all)?;
        let drafts = all.query_map([connection], |row| {
            let Some(request) = read(row, 5)? else { return Ok(None) };
            let [id, connection] = [row.get(0)?, row.get(1)?];
            let [name, saved, endpoint, answer] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(6)?];
            Ok(Some(Draft { id, connection, name, saved, endpoint, request, answer }))
        })?;
        drafts.filter_map(Result::transpose).collect()
    }

    /// Keeps a draft as it is now. Its answer stays that of the last time it was sent: the window may not know it yet.
    pub fn keep_draft(&self, draft: &Draft) -> Result<()> {
        self.0.prepare_cached(
            "INSERT INTO draft (id, connection, name, saved, endpoint, request, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET name = ?3, saved = ?4, endpoint = ?5, request = ?6",
        )?
        .execute(params![
            draft.id,
            draft.connection,
            draft.name,
            draft.saved,
            draft.endpoint,
            json(&draft.request),
            draft.answer,
        ])?;
        Ok(())
    }

    /// A draft was sent: this is its answer from now on. Gives the one that it had before.
    pub fn answered(&self, draft: &str, answer: &str) -> Result<Option<String>> {
        let before = self.answer_of(draft)?;
        self.0.execute("UPDATE draft SET answer = ?2 WHERE id = ?1", [draft, answer])?;
        Ok(before.filter(|before| before != answer))
    }

    /// Forgets a draft. Gives its answer.
    pub fn close_draft(&self, draft: &str) -> Result<Option<String>> {
        let before = self.answer_of(draft)?;
        self.0.execute("DELETE FROM draft WHERE id = ?1", [draft])?;
        Ok(before)
    }

    fn answer_of(&self, draft: &str) -> Result<Option<String>> {
        let answer = self.0.query_row("SELECT answer FROM draft WHERE id = ?1", [draft], |row| row.get(0));
        answer.optional().map(Option::flatten)
    }

    pub fn saved(&self, connection: &str) -> Result<Vec<SavedRequest>> {
        let all = "SELECT id, connection, folder, name, endpoint, request FROM saved
            WHERE connection = ?1 ORDER BY folder COLLATE NOCASE, name COLLATE NOCASE, id";
        let mut all = self.0.prepare_cached(all)?;
        let saved = all.query_map([connection], |row| {
            let Some(request) = read(row, 5)? else { return Ok(None) };
            let [id, connection, folder, name] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
            Ok(Some(SavedRequest { id, connection, folder, name, endpoint: row.get(4)?, request }))
        })?;
        saved.filter_map(Result::transpose).collect()
    }

    pub fn keep_saved(&self, saved: &SavedRequest) -> Result<()> {
        let SavedRequest { id, connection, folder, name, endpoint, request } = saved;
        self.0.execute(
            "INSERT OR REPLACE INTO saved (id, connection, folder, name, endpoint, request)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, connection, folder, name, endpoint, json(request)],
        )?;
        Ok(())
    }

    pub fn remove_saved(&self, id: &str) -> Result<()> {
        self.0.execute("DELETE FROM saved WHERE id = ?1", [id])?;
        self.0.execute("UPDATE draft SET saved = NULL WHERE saved = ?1", [id]).map(drop)
    }

    pub fn variables(&self, connection: &str) -> Result<Vec<Variable>> {
        let all = "SELECT name, value FROM variable WHERE connection = ?1 ORDER BY number";
        let mut all = self.0.prepare_cached(all)?;
        let variables = all.query_map([connection], |row| Ok(Variable { name: row.get(0)?, value: row.get(1)? }))?;
        variables.collect()
    }

    pub fn set_variables(&mut self, connection: &str, variables: &[Variable]) -> Result<()> {
        let change = self.0.transaction()?;
        change.execute("DELETE FROM variable WHERE connection = ?1", [connection])?;
        for (number, Variable { name, value }) in (0_u32..).zip(variables) {
            change.execute("INSERT INTO variable VALUES (?1, ?2, ?3, ?4)", params![connection, number, name, value])?;
        }
        change.commit()
    }

    pub fn catalogues(&self, connection: &str) -> Result<Vec<Catalogue>> {
        let mut all = self.0.prepare_cached("SELECT content FROM catalogue WHERE connection = ?1 ORDER BY rowid")?;
        let catalogues = all.query_map([connection], |row| read(row, 0))?;
        catalogues.filter_map(Result::transpose).collect()
    }

    pub fn keep_catalogue(&self, connection: &str, catalogue: &Catalogue) -> Result<()> {
        let kept = params![catalogue.id, connection, json(catalogue)];
        self.0.execute("INSERT OR REPLACE INTO catalogue VALUES (?1, ?2, ?3)", kept).map(drop)
    }

    pub fn remove_catalogue(&self, connection: &str, id: &str) -> Result<()> {
        self.0.execute("DELETE FROM catalogue WHERE connection = ?1 AND id = ?2", [connection, id]).map(drop)
    }

    pub fn keep_sent(&self, view: &SentView, request: &ExplorerRequest) -> Result<()> {
        let kept = params![view.id, view.connection, json(view), json(request)];
        self.0.execute("INSERT OR REPLACE INTO sent VALUES (?1, ?2, ?3, ?4)", kept).map(drop)
    }

    /// What was sent.
    pub fn request_of(&self, answer: &str) -> Result<Option<ExplorerRequest>> {
        let found = self.0.query_row("SELECT request FROM sent WHERE answer = ?1", [answer], |row| read(row, 0));
        found.optional().map(Option::flatten)
    }

    pub fn sent(&self, answer: &str) -> Result<Option<SentView>> {
        let found = self.0.query_row("SELECT view FROM sent WHERE answer = ?1", [answer], |row| read(row, 0));
        found.optional().map(Option::flatten)
    }

    pub fn forget_sent(&self, answer: &str) -> Result<()> {
        self.0.execute("DELETE FROM sent WHERE answer = ?1", [answer]).map(drop)
    }

    /// The answers that drafts refer to. What came of others is forgotten.
    pub fn answers_in_use(&self) -> Result<Vec<String>> {
        self.0.execute_batch(
            "UPDATE draft SET answer = NULL WHERE answer NOT IN (SELECT answer FROM sent);
             DELETE FROM sent WHERE answer NOT IN (SELECT answer FROM draft WHERE answer IS NOT NULL);",
        )?;
        let mut all = self.0.prepare("SELECT answer FROM sent")?;
        all.query_map([], |row| row.get(0))?.collect()
    }

    /// Forgets all of a connection. Gives the answers that were its.
    pub fn forget(&mut self, connection: &str) -> Result<Vec<String>> {
        let change = self.0.transaction()?;
        let answers = "SELECT answer FROM sent WHERE connection = ?1
            UNION SELECT answer FROM draft WHERE connection = ?1 AND answer IS NOT NULL";
        let answers = change.prepare(answers)?.query_map([connection], |row| row.get(0))?.collect::<Result<_>>()?;
        for table in ["draft", "saved", "variable", "catalogue", "sent"] {
            change.execute(&format!("DELETE FROM {table} WHERE connection = ?1"), [connection])?;
        }
        change.commit()?;
        Ok(answers)
    }
}

/// What stands in a column as JSON; none where a later Keydesk wrote it and this one does not understand it.
fn read<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Option<T>> {
    let text: String = row.get(column)?;
    Ok(serde_json::from_str(&text).ok())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
