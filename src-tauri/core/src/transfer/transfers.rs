//! All transfers of this process: begins them, and lets them rest and go on.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::carry::carry;
use super::chosen::{ChosenFile, ChosenFiles, Source};
use super::kept::{Keeper, forget_of};
use super::live::{Live, Wanted};
use super::part::SaveTo;
use super::view::{TransferState, TransferView};
use super::work::Work;
use crate::account::Account;
use crate::action::{ActionRequest, Desk, FieldValue, Order};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::event::Events;
use crate::exchange::Sender;
use crate::pace::Paces;
use crate::paths::Paths;
use crate::provider::{Action, FieldKind, TransferKind};
use crate::redact::Redactor;

/// What transfers are carried out with.
pub struct Means {
    /// Fills the requests.
    pub desk: Arc<Desk>,
    /// Sends them.
    pub sender: Sender,
    /// How fast they may leave.
    pub paces: Arc<Paces>,
    /// What is masked in answers.
    pub redactor: Arc<Redactor>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where it is told.
    pub events: Events,
    /// Where the downloads are.
    pub paths: Paths,
    /// The files that a person chose.
    pub chosen: Arc<ChosenFiles>,
}

/// All transfers since the start.
pub struct Transfers {
    means: Arc<Means>,
    all: Mutex<Vec<Arc<Live>>>,
}

impl Transfers {
    /// There is none yet.
    pub fn new(means: Means) -> Self {
        Self { means: Arc::new(means), all: Mutex::default() }
    }

    /// A person chose this file.
    ///
    /// # Errors
    /// `invalid_input` of `file` when it cannot be sent.
    pub fn choose(&self, path: &Path) -> Result<ChosenFile> {
        self.means.chosen.choose(path)
    }

    /// Begins one.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well.
    pub fn start(
        &self,
        account: Account,
        mut request: ActionRequest,
        file: Option<&str>,
        to: SaveTo,
    ) -> Result<TransferView> {
        let kind = account.actions().find(|action| action.id == request.action).and_then(Action::transfer);
        let kind = kind.ok_or_else(|| Error::input("action", "This action transfers no file."))?;
        let source = match kind {
            TransferKind::Upload => Some(self.means.chosen.get(file.unwrap_or_default())?),
            TransferKind::Download => None,
        };
        if let Some(source) = &source {
            name(&account, &mut request, source);
        }
        to.check()?;
        let form = json!([request.connection, request.action, request.values, format!("{source:?} {to:?}")]);
        let (order, _, targets) = Order::of(account, request)?;
        if targets.len() != 1 {
            return Err(Error::input("targets", "A transfer is of one file."));
        }
        let keeper = Keeper::of(&self.means.paths, &order.account.connection.id, &what(&order, &form));
        let mut view = self.view_of(&order, kind, source.as_ref());
        let work = Work::new(order, source, to, keeper);
        if let Some(part) = &work.reached.part {
            (view.name, view.size) = (part.name().to_owned(), part.total);
        }
        let live = Arc::new(Live::new(view, work, self.means.events.clone()));
        self.all().push(live.clone());
        live.tell();
        let begun = live.view();
        tokio::spawn(carry(self.means.clone(), live, None));
        Ok(begun)
    }

    fn view_of(&self, order: &Order, kind: TransferKind, source: Option<&Source>) -> TransferView {
        TransferView {
            id: uuid::Uuid::new_v4().to_string(),
            connection: order.account.connection.id.clone(),
            action: order.action.id.clone(),
            action_label: order.action.label.clone(),
            kind,
            name: source.map(|source| source.name.clone()).unwrap_or_default(),
            size: source.map(|source| source.size),
            done: 0,
            rate: None,
            seconds_left: None,
            state: TransferState::Preparing,
            tries: 0,
            waits_until: None,
            error: None,
            began_at: self.means.clock.now().to_string(),
            ended_at: None,
            file: None,
            result: None,
        }
    }

    /// All, or those of a connection, the newest first.
    pub fn list(&self, connection: Option<&str>) -> Vec<TransferView> {
        let all = self.all();
        let wanted = all.iter().rev().filter(|live| connection.is_none_or(|wanted| live.connection() == wanted));
        wanted.map(|live| live.view()).collect()
    }

    /// Whose token one presents.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id.
    pub fn connection_of(&self, id: &str) -> Result<String> {
        self.find(id).map(|live| live.connection().to_owned())
    }

    /// Lets one rest; returns when nobody works on it.
    ///
    /// # Errors
    /// `invalid_input` when it is over.
    pub async fn pause(&self, id: &str) -> Result<TransferView> {
        let live = self.find(id)?;
        if !live.now().state.is_under_way() {
            return Err(Error::input("transfer", "Nobody works on it."));
        }
        live.want(Wanted::Rest);
        loop {
            drop(live.work.lock().await);
            let view = live.view();
            if !view.state.is_under_way() {
                return Ok(view);
            }
            // It has only just begun.
            tokio::task::yield_now().await;
        }
    }

    /// Goes on with one that rests or failed.
    ///
    /// # Errors
    /// `invalid_input` when it is over, or under way.
    pub fn resume(&self, account: Account, id: &str) -> Result<TransferView> {
        let live = self.find(id)?;
        if !live.is_of(account.connection.identity.as_ref()) {
            return Err(Error::input("transfer", "Its connection was logged out: begin it anew."));
        }
        live.change(|now| match now.state {
            TransferState::Paused | TransferState::Failed => {
                (now.state, now.error, now.ended_at) = (TransferState::Preparing, None, None);
                Ok(())
            }
            TransferState::Done | TransferState::Stopped => Err(Error::input("transfer", "It is over.")),
            _ => Err(Error::input("transfer", "It is under way.")),
        })?;
        live.want(Wanted::Go);
        let pace = self.means.paces.of(&account.connection.id, account.provider.api.per_second);
        pace.go_on();
        tokio::spawn(carry(self.means.clone(), live.clone(), Some(account)));
        Ok(live.view())
    }

    /// Ends one for good, and removes what of a download is there.
    ///
    /// # Errors
    /// `invalid_input` when it is over.
    pub async fn stop(&self, id: &str) -> Result<TransferView> {
        let live = self.find(id)?;
        live.want(Wanted::Rest);
        let mut work = live.work.lock().await;
        if matches!(live.now().state, TransferState::Done | TransferState::Stopped) {
            return Err(Error::input("transfer", "It is over."));
        }
        work.discard();
        let at = self.means.clock.now();
        live.change(|now| {
            (now.state, now.ended_at, now.waits_until) = (TransferState::Stopped, Some(at), None);
            (now.error, now.file) = (None, None);
        });
        Ok(live.view())
    }

    /// Takes one that nobody works on from the list.
    ///
    /// # Errors
    /// `invalid_input` when it is under way.
    pub async fn remove(&self, id: &str) -> Result<()> {
        let live = self.find(id)?;
        if live.now().state.is_under_way() {
            return Err(Error::input("transfer", "It is under way: stop it first."));
        }
        // One that is not over can no more go on: what is there of it is of no use.
        live.work.lock().await.discard();
        self.all().retain(|known| known.id() != id);
        live.tell();
        Ok(())
    }

    /// Lets those of a connection rest, and forgets how far they are: it is logged out. The parts of files stay.
    pub async fn log_out(&self, connection: &str) {
        for live in self.of_connection(connection) {
            live.now().logged_out = true;
            // Nobody works on it: then there is nothing to let rest.
            let _ = self.pause(live.id()).await;
            live.work.lock().await.forget();
        }
        forget_of(&self.means.paths, connection);
    }

    /// Ends those of a connection, and forgets them: it is removed.
    pub async fn forget(&self, connection: &str) {
        for live in self.of_connection(connection) {
            // Over already: then there is nothing to end.
            let _ = self.stop(live.id()).await;
            self.all().retain(|known| known.id() != live.id());
            live.tell();
        }
        forget_of(&self.means.paths, connection);
    }

    fn of_connection(&self, connection: &str) -> Vec<Arc<Live>> {
        self.all().iter().filter(|live| live.connection() == connection).cloned().collect()
    }

    fn find(&self, id: &str) -> Result<Arc<Live>> {
        let found = self.all().iter().find(|live| live.id() == id).cloned();
        found.ok_or_else(|| Error::input("transfer", "There is no such transfer."))
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<Live>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the same again is: the same form, of the same file as it was or to the same place, in the same pieces, by the same
/// person to the same server.
fn what(order: &Order, form: &Value) -> String {
    let connection = &order.account.connection;
    let upload = format!("{:?}", order.action.upload);
    let server = json!([order.account.base_url(), connection.parameters]);
    json!([form, upload, server, connection.login, connection.identity]).to_string()
}

/// The field of the file holds its name.
fn name(account: &Account, request: &mut ActionRequest, source: &Source) {
    let action = account.actions().find(|action| action.id == request.action);
    let field = action.and_then(|action| action.fields.iter().find(|field| field.kind == FieldKind::File));
    if let Some(field) = field {
        request.values.insert(field.id.clone(), FieldValue::Text(source.name.clone()));
    }
}
