//! Debian's Chromium as the person's own browser, clicking through a login page.

use std::ops::Deref;
use std::path::PathBuf;
use std::time::Duration;

use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use url::Url;

use crate::driver::Driver;
use crate::evidence::Camera;
use crate::page::Page;
use crate::wait::{SOON, wait_for};
use crate::{Desktop, Failure, Outcome};

// No sandbox: as root there is none. No QUIC, sync or updates: nothing leaves this machine.
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,AutofillServerCommunication",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]",
    "--window-size=1000,760",
];
// It guards nothing, and the sandbox's login page prints it.
const DEMO: (&str, &str) = ("alice@hillside.example", "sandbox");
// A login page, a consent page, and one to spare.
const MOST_PAGES: usize = 3;

/// A browser session with a profile of its own; a [`Page`].
#[derive(Debug)]
pub struct SystemBrowser {
    page: Page,
    _driver: Driver,
}

impl Deref for SystemBrowser {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl SystemBrowser {
    /// Starts Chromium, headless.
    ///
    /// # Errors
    /// chromium or chromedriver is missing, or does not start.
    pub async fn start(desktop: &Desktop) -> Outcome<Self> {
        let profile = tempfile::Builder::new().prefix("browser-").tempdir_in(desktop.root())?.keep();
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
        flags.push(format!("--user-data-dir={}", profile.display()));
        let driver = Driver::start(desktop, &mut desktop.command("chromedriver"), "chromedriver").await?;
        let binary = installed_browser()?;
        let client = driver
            .session([
                ("goog:chromeOptions", json!({ "binary": binary, "args": flags })),
                ("goog:loggingPrefs", json!({ "performance": "ALL" })),
            ])
            .await?;
        Ok(Self { page: Page::new(client, Camera::Headless), _driver: driver })
    }

    /// Opens an address, as the system would.
    ///
    /// # Errors
    /// The page cannot be loaded.
    pub async fn open(&self, url: &str) -> Outcome {
        Ok(self.page.client().goto(url).await?)
    }

    /// The address of the page it is on.
    ///
    /// # Errors
    /// The browser is gone.
    pub async fn url(&self) -> Outcome<Url> {
        Ok(self.page.client().current_url().await?)
    }

    /// Logs in with the sandbox's demo account, and goes through the consent pages after it.
    ///
    /// # Errors
    /// There is no `#log-in`, or the pages never end.
    pub async fn log_in(&self) -> Outcome {
        let (username, password) = DEMO;
        self.log_in_as(username, password).await
    }

    /// Logs in as somebody.
    ///
    /// # Errors
    /// As [`Self::log_in`].
    pub async fn log_in_as(&self, username: &str, password: &str) -> Outcome {
        for (id, text) in [("username", username), ("password", password)] {
            let field = self.element(id).await?;
            field.clear().await?;
            field.send_keys(text).await?;
        }
        self.agree().await
    }

    /// Ticks "remember me", where the provider asks that.
    ///
    /// # Errors
    /// There is no `#remember-me`.
    pub async fn remember_me(&self) -> Outcome {
        Ok(self.page.client().find(Locator::Id("remember-me")).await?.click().await?)
    }

    /// Says no.
    ///
    /// # Errors
    /// There is no `#deny`.
    pub async fn deny(&self) -> Outcome {
        self.click_id("deny").await.map(drop)
    }

    /// Opens the address and logs in, as the person does whose app opened it.
    ///
    /// # Errors
    /// As [`Self::open`] and [`Self::log_in`].
    pub async fn log_in_at(&self, url: &str) -> Outcome {
        self.open(url).await?;
        self.log_in().await
    }

    /// Where servers redirected to since the last call, in order: also to what no browser can open, such as an app's
    /// own scheme.
    ///
    /// # Errors
    /// The browser's log cannot be read.
    pub async fn redirects(&self) -> Outcome<Vec<String>> {
        let log = self.page.client().issue_cmd(&PerformanceLog).await?;
        Ok(log.as_array().into_iter().flatten().filter_map(redirect_in).collect())
    }

    /// Goes through this page and those after it that ask for the same.
    async fn agree(&self) -> Outcome {
        for _ in 0..MOST_PAGES {
            let another_page = self.click_id("log-in").await?;
            if !another_page || !self.has_id("log-in").await? {
                return Ok(());
            }
        }
        self.page.or_testify(Err(Failure::new("the login pages never end"))).await
    }

    /// Clicks what has this id, and says whether another page came.
    async fn click_id(&self, id: &str) -> Outcome<bool> {
        let element = self.element(id).await?;
        // A mark on the document tells the old page from a new one at the same address.
        self.page.execute("window.__left_behind = true", Vec::new()).await?;
        element.click().await?;
        let left = async || {
            let state = self.page.execute("return !window.__left_behind && document.readyState", Vec::new()).await;
            state.is_ok_and(|state| state == "complete").then_some(())
        };
        // A redirect to an app's own scheme leaves the page standing.
        Ok(wait_for(left, Duration::from_secs(5), "the next page").await.is_ok())
    }

    async fn element(&self, id: &str) -> Outcome<Element> {
        let waiting = self.page.client().wait().at_most(SOON);
        let shown = waiting.for_element(Locator::Id(id)).await;
        let shown = shown.map_err(|_| Failure::new(format!("the page shows no #{id}")));
        self.page.or_testify(shown).await
    }

    async fn has_id(&self, id: &str) -> Outcome<bool> {
        Ok(!self.page.client().find_all(Locator::Id(id)).await?.is_empty())
    }
}

/// Debian, Ubuntu and Google name it differently.
fn installed_browser() -> Outcome<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = found.into_iter().find(|path| path.is_file());
    found.ok_or_else(|| Failure::new("there is no Chromium; `./dev prepare` installs it"))
}

/// Chromium's log of what went over the network.
#[derive(Debug)]
struct PerformanceLog;

impl WebDriverCompatibleCommand for PerformanceLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "performance" }).to_string()))
    }
}

fn redirect_in(entry: &Value) -> Option<String> {
    let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let event = &message["message"];
    if event["method"] != "Network.responseReceivedExtraInfo" {
        return None;
    }
    let headers = event["params"]["headers"].as_object()?;
    let location = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
    location.1.as_str().map(str::to_owned)
}
