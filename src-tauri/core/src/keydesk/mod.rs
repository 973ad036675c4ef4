//! The façade: one method for each command of the window and the command line.

mod actions;
mod answers;
mod broker;
mod checks;
mod connections;
mod explorer;
mod history;
mod login;
mod logout;
mod mqtt;
mod providers;
mod refused;
mod runs;
mod status;
mod store;
mod tokens;
mod transfers;
mod triggers;
mod verify;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::broadcast;

use crate::account::Means;
use crate::action::Desk;
use crate::activity::{Activity, ActivityEntry, ActivityQuery};
use crate::answer::Answers;
use crate::broker::Broker;
use crate::browser::{Browser, SystemBrowser};
use crate::check::Checks;
use crate::clock::{Clock, SystemClock};
use crate::connection::Connections;
use crate::damaged::DamagedFiles;
use crate::error::{Error, Result};
use crate::event::{Events, Signal};
use crate::exchange::Sender;
use crate::explorer::{Explorer, Means as Exploring};
use crate::history::History;
use crate::mqtt::Lines;
use crate::pace::Paces;
use crate::paths::{Paths, read_json, write_json};
use crate::provider::Registry;
use crate::redact::Redactor;
use crate::redirect::Attempts;
use crate::run::{Runs, Triggers};
use crate::settings::{Settings, SettingsFile};
use crate::shared_file::Stamp;
use crate::token::{SecretStore, Tokens};
use crate::transfer::{self, ChosenFiles, Transfers};
use crate::transport::Transport;
use login::Logins;

pub use connections::{AddConnection, ConnectionView, EditConnection};
pub use login::{DeviceView, FinishLogin, LogIn, LoginState, LoginView, StartLogin};
pub use logout::LogOutView;
pub use providers::SaveProvider;
pub use refused::RefusedAnswer;
pub use status::AppStatus;
pub use verify::{CheckWith, VerifiedToken, VerifyToken, WhichToken};

/// The doors to the outside.
pub struct Doors {
    /// Where the files are.
    pub paths: Paths,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The person's browser.
    pub browser: Arc<dyn Browser>,
    /// Where secrets are kept.
    pub store: SecretStore,
    /// The way to servers.
    pub transport: Transport,
}

impl Doors {
    /// Those of this system, for this person. Asks nothing of the store of secrets yet.
    ///
    /// # Errors
    /// `internal` when the system names no home folder.
    pub fn of_this_person() -> Result<Self> {
        let paths = Paths::of_this_person().map_err(|error| Error::internal("find the home folder", error))?;
        Ok(Self {
            store: SecretStore::system(&paths),
            paths,
            clock: Arc::new(SystemClock),
            browser: Arc::new(SystemBrowser),
            transport: Transport::default(),
        })
    }
}

/// How often it is looked whether a token is nearly over, and tried to keep what could not be kept.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// Which lists there were at a look: other processes change them too.
struct Lists {
    connections: Option<Stamp>,
    triggers: Option<Stamp>,
    checks: Option<Stamp>,
}

/// All of Keydesk but its faces.
pub struct Keydesk {
    clock: Arc<dyn Clock>,
    browser: Arc<dyn Browser>,
    means: Means,
    paths: Paths,
    damaged: DamagedFiles,
    events: Events,
    store: Arc<SecretStore>,
    registry: Registry,
    connections: Connections,
    settings: SettingsFile,
    activity: Activity,
    history: Arc<History>,
    attempts: Arc<Attempts>,
    logins: Logins,
    tokens: Arc<Tokens>,
    desk: Arc<Desk>,
    broker: Broker,
    lines: Lines,
    runs: Runs,
    transfers: Transfers,
    triggers: Triggers,
    checks: Arc<Checks>,
    answers: Arc<Answers>,
    explorer: Arc<Explorer>,
}

impl Keydesk {
    /// Opens the files. Asks nothing of the store of secrets yet: see [`Keydesk::wake`].
    ///
    /// # Errors
    /// `internal` when the folders cannot be made or read.
    pub fn open(doors: Doors) -> Result<Arc<Self>> {
        let Doors { paths, clock, browser, store, transport } = doors;
        let folders = paths
            .create()
            .and_then(|()| ["locks", "journal"].iter().try_for_each(|name| std::fs::create_dir_all(paths.data(name))));
        folders.map_err(|error| Error::internal("make the folders", error))?;
        let damaged = DamagedFiles::watch(&paths);
        let redactor = Arc::new(Redactor::default());
        let (activity, events) = Activity::open(&paths.data("activity.sqlite"), clock.clone(), redactor.clone())?;
        let settings = SettingsFile::open(paths.config("settings.json"))?;
        let kept = history::retention(&settings.get());
        let history =
            Arc::new(History::new(paths.data("history.sqlite"), redactor.clone(), events.of_signals_only(), kept));
        let keeper = history.clone();
        let events = events.with_exchanges(move |exchange| keeper.keep(exchange));
        let store = Arc::new(store);
        let tokens = Arc::new(Tokens::new(
            store.clone(),
            clock.clone(),
            transport.clone(),
            redactor.clone(),
            events.clone(),
            paths.data("locks"),
            &paths.data("journal"),
        ));
        let sender = Sender { tokens: tokens.clone(), events: events.clone() };
        let installation_id = installation_id(&paths.data("installation.json"))?;
        let means = Means { transport, redactor: redactor.clone(), installation_id, worked_out: Mutex::default() };
        let registry = Registry::open(paths.config("providers"));
        let paces = Arc::new(Paces::default());
        let desk = Arc::new(Desk::new(sender.clone(), redactor.clone(), paces.clone()));
        let chosen = Arc::new(ChosenFiles::default());
        let answers = Arc::new(Answers::new(&paths, redactor.clone())?);
        let exploring = Exploring {
            sender: sender.clone(),
            paces: paces.clone(),
            redactor: redactor.clone(),
            clock: clock.clone(),
            events: events.clone(),
            chosen: chosen.clone(),
            answers: answers.clone(),
            file: paths.data("explorer.sqlite"),
        };
        let transfers = transfer::Means {
            desk: desk.clone(),
            sender,
            paces: paces.clone(),
            redactor: redactor.clone(),
            clock: clock.clone(),
            events: events.clone(),
            paths: paths.clone(),
            chosen,
        };
        let (file, locks) = (paths.data("runs.sqlite"), paths.data("locks"));
        let lock = |name: &str| locks.join(name);
        Ok(Arc::new(Self {
            connections: Connections::open(paths.config("connections.json"), lock("connections"))?,
            settings,
            registry: registry.map_err(|error| Error::internal("read the providers", error))?,
            runs: Runs::new(desk.clone(), paces, clock.clone(), events.clone(), file, locks.clone()),
            transfers: Transfers::new(transfers),
            explorer: Arc::new(Explorer::new(exploring)),
            answers,
            triggers: Triggers::open(paths.config("triggers.json"), lock("triggers"))?,
            checks: Arc::new(Checks::open(paths.data("checks.json"), lock("checks"), clock.clone(), events.clone())?),
            desk,
            broker: Broker::open(&paths, clock.clone(), events.clone())?,
            lines: Lines::new(tokens.clone(), clock.clone(), events.clone(), redactor.clone()),
            attempts: Arc::default(),
            logins: Logins::default(),
            clock,
            browser,
            means,
            paths,
            damaged,
            events,
            store,
            activity,
            history,
            tokens,
        }))
    }

    /// Tries the store of secrets, reads the tokens, goes on with a login that waits, starts the broker where it is on. From then on
    /// renews ahead of expiry and keeps again what could not be kept. Returns when the tokens were read; the window does not
    /// wait for it.
    pub async fn wake(self: &Arc<Self>) {
        self.look_at_store().await;
        self.resume_login().await;
        self.wake_broker().await;
        // What cannot be read now says so when it is asked for.
        let _ = self.runs.look_after().await;
        self.tidy_answers().await;
        // Which files are damaged is known of those that were read.
        self.events.signal(Signal::StatusChanged);
        self.tend();
        self.watch_checks();
    }

    /// From now on renews ahead of expiry, and keeps again what could not be kept, as long as this lives.
    pub fn tend(self: &Arc<Self>) {
        let this = Arc::downgrade(self);
        let mut store = self.store.view();
        let mut damaged = self.damaged_files().len();
        let (mut lists, mut unread) = (self.lists(), false);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_AGAIN).await;
                let Some(keydesk) = this.upgrade() else { return };
                let round = async {
                    keydesk.follow_store(&mut store).await;
                    keydesk.follow_log_outs().await;
                    keydesk.tokens.keep_unsaved().await;
                    keydesk.renew_ahead().await;
                    keydesk.follow_lists(&mut lists, &mut unread).await;
                    // Some files are opened when they are needed first.
                    let before = std::mem::replace(&mut damaged, keydesk.damaged_files().len());
                    if damaged != before {
                        keydesk.events.signal(Signal::StatusChanged);
                    }
                };
                // A fault in one round is not the end of all renewals.
                let _ = AssertUnwindSafe(round).catch_unwind().await;
            }
        });
    }

    fn lists(&self) -> Lists {
        let (connections, triggers, checks) = (self.connections.stamp(), self.triggers.stamp(), self.checks.stamp());
        Lists { connections, triggers, checks }
    }

    /// Says which lists another process has changed. So does the next look at one that was changed here, which does no harm.
    /// `unread` says whether there may be tokens of connections that were changed.
    async fn follow_lists(&self, seen: &mut Lists, unread: &mut bool) {
        let now = self.lists();
        let before = std::mem::replace(seen, now);
        *unread |= before.connections != seen.connections;
        // With a login there are tokens too.
        if *unread && self.store.ready().is_ok() {
            *unread = false;
            for account in self.accounts() {
                self.tokens.reread(&account.owner).await;
                if self.store.ready().is_err() {
                    // Each of the others would ask the person once more.
                    *unread = true;
                    break;
                }
            }
        }
        if before.connections != seen.connections {
            self.events.signal(Signal::ConnectionChanged(None));
        }
        if before.triggers != seen.triggers {
            self.events.signal(Signal::TriggersChanged);
        }
        if before.checks != seen.checks {
            self.events.signal(Signal::ChecksChanged);
        }
    }

    /// Renews the tokens that are nearly over.
    pub async fn renew_ahead(&self) {
        self.tokens.renew_ahead(self.accounts().map(|account| account.owner).collect()).await;
    }

    /// What becomes stale from now on.
    pub fn signals(&self) -> broadcast::Receiver<Signal> {
        self.events.signals()
    }

    /// Returns when what happened so far is written down: a process that ends would take it along.
    pub async fn settled(&self) {
        self.activity.settled().await;
    }

    /// What happened, the newest first.
    ///
    /// # Errors
    /// `internal` when the file cannot be read.
    pub async fn list_activity(&self, query: ActivityQuery) -> Result<Vec<ActivityEntry>> {
        self.activity.read(query).await
    }

    /// Deletes the activity, or that of a connection.
    ///
    /// # Errors
    /// `internal` when the file cannot be written.
    pub async fn clear_activity(&self, connection: Option<String>) -> Result<()> {
        self.activity.clear(connection).await
    }

    /// The settings.
    pub fn read_settings(&self) -> Settings {
        self.settings.get()
    }

    /// Keeps the settings.
    ///
    /// # Errors
    /// `invalid_input` that names the field, or `internal` when the file cannot be written.
    pub fn save_settings(&self, settings: Settings) -> Result<Settings> {
        let settings = self.settings.set(settings)?;
        self.history.retain(history::retention(&settings));
        Ok(settings)
    }
}

/// The name of this installation, for servers that tell installations apart (providers.md section 5.1): made once, safe in
/// a URL, and nothing that says whose it is.
fn installation_id(file: &std::path::Path) -> Result<String> {
    let kept: Option<String> =
        read_json(file).map_err(|error| Error::internal("read the installation's name", error))?;
    let good = |id: &String| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if let Some(id) = kept.filter(good) {
        return Ok(id);
    }
    let id = format!("keydesk-{:.12}", uuid::Uuid::new_v4().simple().to_string());
    write_json(file, &id).map_err(|error| Error::internal("keep the installation's name", error))?;
    Ok(id)
}
