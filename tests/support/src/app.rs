//! Keydesk in its real window.

use std::ops::Deref;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Driver;
use crate::page::Page;
use crate::process::children_of;
use crate::wait::{SOON, wait_for};
use crate::{Desktop, Failure, Outcome, app_binary};

// Looks in vain, one each [`PAUSE`]. The driver starts the app within a fraction of a second; one that ends at once may never be
// seen. They are counted and not timed: on a busy machine seconds may pass between two of them.
const BEFORE_FIRST_SIGN: usize = 50;
const AFTER_IT: usize = 3;
// Once in some hundred starts, on a busy machine, there was no window in time. Why is not known. A guess is the free port that
// WebKitWebDriver names to the app and does not hold meanwhile. If it is the app, trying again hides it: set this to 1 to
// look for it.
const TRIES: usize = 3;
const PAUSE: Duration = Duration::from_millis(100);

/// How the app is started.
#[derive(Clone, Debug, Default)]
pub struct AppOptions {
    /// The program: the app as built, unless another is given.
    pub binary: Option<PathBuf>,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Variables besides the desktop's.
    pub environment: Vec<(String, String)>,
}

/// The running app and its window, which is a [`Page`]. Dropping it ends both at once; [`Self::quit`] is gentler.
// The page goes first, the server that holds the window after it.
#[derive(Debug)]
pub struct App {
    page: Page,
    driver: Driver,
    process: u32,
}

impl Deref for App {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl App {
    /// Starts the app as built. One at a time on a desktop: a second would hand over to the first and end.
    ///
    /// # Errors
    /// It is not built, or shows no window.
    pub async fn start(desktop: &Desktop) -> Outcome<Self> {
        Self::start_with(desktop, AppOptions::default()).await
    }

    /// Starts it in another way.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_with(desktop: &Desktop, options: AppOptions) -> Outcome<Self> {
        let mut outcome = Self::try_start(desktop, options.clone()).await;
        for _ in 1..TRIES {
            if outcome.is_ok() {
                break;
            }
            outcome = Self::try_start(desktop, options.clone()).await;
        }
        outcome
    }

    async fn try_start(desktop: &Desktop, options: AppOptions) -> Outcome<Self> {
        let binary = options.binary.map_or_else(app_binary, Ok)?;
        let mut command = desktop.command("WebKitWebDriver");
        // The app inherits the driver's environment and output.
        command.env("TAURI_WEBVIEW_AUTOMATION", "true").envs(options.environment);
        let driver = Driver::start(desktop, &mut command, "app").await?;
        let window = json!({ "binary": binary, "args": options.arguments });
        let client = tokio::select! {
            begun = driver.session([("webkitgtk:browserOptions", window)]) => begun,
            ended = ended_early(driver.id()) => Err(ended),
        };
        let client = client.map_err(|cause| with_log(desktop, &cause))?;
        let process = children_of(driver.id()).first().copied();
        let process = process.ok_or_else(|| Failure::new("the app ended as soon as it was there"))?;
        Ok(Self { page: Page::new(client, desktop.camera()), driver, process })
    }

    /// The app's own process id (its web process is a child of it).
    #[must_use]
    pub fn process(&self) -> u32 {
        self.process
    }

    /// The page, to set its patience.
    pub fn page_mut(&mut self) -> &mut Page {
        &mut self.page
    }

    /// Calls a command of the core as the interface does. The outer failure is the window's; the inner error is what
    /// the command itself answered.
    ///
    /// # Errors
    /// The window cannot be reached.
    pub async fn invoke_raw(&self, command: &str, arguments: Value) -> Outcome<Result<Value, Value>> {
        let mut answer = self.page.execute_async(INVOKE, vec![json!(command), arguments]).await?;
        let error = answer["error"].take();
        Ok(if error.is_null() { Ok(answer["ok"].take()) } else { Err(error) })
    }

    /// The same where an error is a failure.
    ///
    /// # Errors
    /// The command answered with an error, or the window cannot be reached.
    pub async fn invoke(&self, command: &str, arguments: Value) -> Outcome<Value> {
        let answer = self.invoke_raw(command, arguments).await?;
        answer.map_err(|error| Failure::new(format!("{command}: {error}")))
    }

    /// Ends the app and waits until it is gone, so that it can be started again on the same desktop.
    ///
    /// # Errors
    /// It is still there after some seconds.
    pub async fn quit(self) -> Outcome {
        let Self { page, driver, process } = self;
        // The end of the session closes the window; an error means that it is closed already.
        let _ = page.client().clone().close().await;
        let gone = async || (!children_of(driver.id()).contains(&process)).then_some(());
        wait_for(gone, SOON, "the app to end").await
    }
}

// A thrown error may be an object: pass it on as it is.
const INVOKE: &str = r#"
const [command, argument, done] = arguments;
window.__TAURI_INTERNALS__.invoke(command, argument).then(
  (ok) => done({ ok: ok ?? null, error: null }),
  (error) => done({ ok: null, error: error ?? "no reason" }));
"#;

/// Comes true if the app ends before there is a window: WebDriver itself would go on waiting.
async fn ended_early(driver: u32) -> Failure {
    let (mut in_vain, mut most) = (0, BEFORE_FIRST_SIGN);
    while in_vain < most {
        if children_of(driver).is_empty() {
            in_vain += 1;
        } else {
            (in_vain, most) = (0, AFTER_IT);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Failure::new("the app ended before it showed a window")
}

fn with_log(desktop: &Desktop, cause: &Failure) -> Failure {
    let log = std::fs::read_to_string(desktop.log("app")).unwrap_or_default();
    let tail: Vec<_> = log.lines().rev().take(12).collect();
    let tail: Vec<_> = tail.into_iter().rev().collect();
    Failure::new(format!("{cause}\n  the app's last words:\n  {}", tail.join("\n  ")))
}
