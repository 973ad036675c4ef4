//! How runs stand, and what a person wants of those that are under way.

use tokio::sync::broadcast;

use super::books::{Place, Shelf};
use super::holder::is_gone;
use super::reading::Record;
use super::runs::{Runs, Started};
use super::view::{RunPage, RunQuery, RunRow, RunState, RunView};
use crate::error::{Error, Result};
use crate::event::Signal;

impl Runs {
    /// How a run stands, and what moves in it if this process carries it out.
    ///
    /// # Errors
    /// `invalid_input` when there is none.
    pub async fn watch(&self, id: &str) -> Result<Started> {
        if let Some(live) = self.live(id) {
            return Ok(Started { run: live.view(), events: live.events() });
        }
        let (_, record) = self.find(id).await?;
        // Nothing moves: closed at once.
        let (_, events) = broadcast::channel(1);
        Ok(Started { run: record.view, events })
    }

    /// Begins no further request until a person says so.
    ///
    /// # Errors
    /// `invalid_input` when this process does not carry it out.
    pub async fn pause(&self, id: &str) -> Result<RunView> {
        match self.live(id) {
            Some(live) => {
                if live.now().state == RunState::Running {
                    live.ask(RunState::Paused);
                }
                Ok(live.view())
            }
            None => Err(self.not_here(id).await),
        }
    }

    /// Begins no further request. What waits stays as it is, and can be sent by another run.
    ///
    /// # Errors
    /// `invalid_input` when it is over or another Keydesk carries it out.
    pub async fn stop(&self, id: &str) -> Result<RunView> {
        if let Some(live) = self.live(id) {
            if live.now().ended_at.is_none() {
                live.ask(RunState::Stopped);
            }
            return Ok(live.view());
        }
        let (wanted, now) = (id.to_owned(), self.clock.now());
        if !self.books.ask(move |shelf| shelf.table(Place::File)?.stop(&wanted, now)).await? {
            return Err(self.not_here(id).await);
        }
        self.events.signal(Signal::RunChanged(id.to_owned()));
        Ok(self.find(id).await?.1.view)
    }

    /// All runs, or those of a connection, the newest first. Looks are not among them.
    ///
    /// # Errors
    /// `internal` when the file cannot be read.
    pub async fn list(&self, connection: Option<String>) -> Result<Vec<RunView>> {
        if !self.books.exist() {
            return Ok(Vec::new());
        }
        self.look_after().await?;
        let records = self.books.ask(move |shelf| shelf.table(Place::File)?.runs(connection.as_deref())).await?;
        Ok(records.into_iter().map(|record| self.as_it_stands(record.view)).collect())
    }

    /// Some rows of a run.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id.
    pub async fn read(&self, id: &str, query: RunQuery) -> Result<RunPage> {
        let (place, record) = self.find(id).await?;
        let (rows, total) = self.books.ask(move |shelf| shelf.table(place)?.rows(record.run, &query)).await?;
        Ok(RunPage { run: self.as_it_stands(record.view), rows, total })
    }

    /// A row with its body.
    ///
    /// # Errors
    /// `invalid_input` when there is none.
    pub async fn read_row(&self, id: &str, number: u32) -> Result<RunRow> {
        let (place, record) = self.find(id).await?;
        let read = move |shelf: &mut Shelf| {
            let row = shelf.table(place)?.row(record.run, number)?;
            Ok(row.map(|row| shelf.whole(&record.view.id, row)))
        };
        let row = self.books.ask(read).await?;
        row.ok_or_else(|| Error::input("number", format!("The run has no row {number}.")))
    }

    /// Rows with their bodies, for a file.
    ///
    /// # Errors
    /// `invalid_input` when there is no such run.
    pub(super) async fn rows_for_a_file(&self, id: &str, offset: u32, limit: u32) -> Result<Vec<RunRow>> {
        let (place, record) = self.find(id).await?;
        let read = move |shelf: &mut Shelf| {
            let rows = shelf.table(place)?.rows_with_bodies(record.run, offset, limit)?;
            Ok(rows.into_iter().map(|row| shelf.whole_for_a_file(&record.view.id, row)).collect())
        };
        self.books.ask(read).await
    }

    /// Deletes a run.
    ///
    /// # Errors
    /// `invalid_input` when it is under way, or there is none.
    pub async fn remove(&self, id: &str) -> Result<()> {
        let (place, record) = self.find(id).await?;
        if self.live(id).is_some() || record.view.state == RunState::Running {
            return Err(Error::input("run", "It is under way: stop it first."));
        }
        let removed = id.to_owned();
        self.books.ask(move |shelf| shelf.remove(place, &removed)).await?;
        self.events.signal(Signal::RunChanged(id.to_owned()));
        Ok(())
    }

    /// Ends and deletes the runs of a connection that is removed; what is under way is deleted when it has ended.
    ///
    /// # Errors
    /// `internal` when the file cannot be written.
    pub async fn remove_of(&self, connection: &str) -> Result<()> {
        for live in self.lives().values().filter(|live| live.connection() == connection) {
            live.forget();
            live.ask(RunState::Stopped);
        }
        if self.books.exist() {
            let connection = connection.to_owned();
            self.books.ask(move |shelf| shelf.table(Place::File)?.remove(None, Some(&connection))).await?;
        }
        Ok(())
    }

    /// Looks after runs whose process is gone: they are interrupted, and what they were sending is unknown.
    ///
    /// # Errors
    /// `internal` when the file cannot be written.
    pub async fn look_after(&self) -> Result<()> {
        if !self.books.exist() {
            return Ok(());
        }
        let own = self.holder().as_ref().map(|holder| holder.name.clone());
        let locks = self.locks.clone();
        let look = move |shelf: &mut Shelf| {
            let table = shelf.table(Place::File)?;
            let others = table.holders()?.into_iter().filter(|holder| own.as_ref() != Some(holder));
            others.filter(|holder| is_gone(&locks, holder)).try_for_each(|holder| table.abandoned(&holder))
        };
        self.books.ask(look).await
    }

    pub(super) async fn find(&self, id: &str) -> Result<(Place, Record)> {
        self.look_after().await?;
        let wanted = id.to_owned();
        let found = self.books.ask(move |shelf| shelf.find(&wanted)).await?;
        found.ok_or_else(|| Error::input("run", format!("There is no run “{id}”.")))
    }

    async fn not_here(&self, id: &str) -> Error {
        match self.find(id).await {
            Ok((_, record)) if record.view.state == RunState::Running => {
                Error::input("run", "Another Keydesk carries this run out: ask there.")
            }
            Ok(_) => Error::input("run", "It is not under way."),
            Err(error) => error,
        }
    }

    /// What this process carries out it knows better than the file.
    fn as_it_stands(&self, view: RunView) -> RunView {
        self.live(&view.id).map_or(view, |live| live.view())
    }
}
