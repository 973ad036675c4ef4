//! The app in a desktop of its own, with a sandbox that the test holds.

use std::collections::BTreeMap;

use keydesk_sandbox::{Options, Sandbox};
pub use keydesk_support::SOON;
use keydesk_support::{App, Desktop, DesktopOptions, Outcome, Query, SystemBrowser, wait_for};
use serde_json::{Value, json};

pub struct Stage {
    // The window goes before the desktop it stands on.
    pub app: App,
    pub desktop: Desktop,
    pub sandbox: Sandbox,
}

impl Stage {
    pub async fn new() -> Outcome<Self> {
        Self::with(DesktopOptions::default()).await
    }

    pub async fn with(options: DesktopOptions) -> Outcome<Self> {
        Self::with_sandbox(options, Options::default()).await
    }

    pub async fn with_sandbox(options: DesktopOptions, sandbox: Options) -> Outcome<Self> {
        let desktop = Desktop::start(options)?;
        let app = App::start(&desktop).await?;
        let sandbox = Sandbox::start(sandbox).await?;
        Ok(Self { app, desktop, sandbox })
    }

    /// Closes the window and opens it again, on the same desktop.
    pub async fn again(self) -> Outcome<Self> {
        let Self { app, desktop, sandbox } = self;
        app.quit().await?;
        let app = App::start(&desktop).await?;
        Ok(Self { app, desktop, sandbox })
    }

    /// What leads a connection to the sandbox.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        keydesk_sandbox::offers(self.sandbox.url()).remove(0).parameters
    }

    pub async fn connect(&self) -> Outcome<String> {
        self.connect_with(self.parameters()).await
    }

    pub async fn connect_with(&self, parameters: BTreeMap<String, String>) -> Outcome<String> {
        let request = json!({"provider": "relay", "label": null, "parameters": parameters, "sandbox": true});
        let connection = self.app.invoke("add_connection", json!({"request": request})).await?;
        Ok(connection["id"].as_str().unwrap().to_owned())
    }

    /// Pastes into a field, over what is in it: also what has several lines.
    pub async fn paste(&self, field: &Query, text: &str) -> Outcome {
        self.app.click(field).await?;
        let paste = "document.activeElement.select(); document.execCommand('insertText', false, arguments[0])";
        self.app.execute(paste, vec![json!(text)]).await?;
        Ok(())
    }

    /// A connection to this provider as the sandbox plays it, logged in this way with the demo values.
    pub async fn enter(&self, provider: &str, login: &str) -> Outcome<String> {
        let offers = keydesk_sandbox::offers(self.sandbox.url());
        let offer = offers.into_iter().find(|offer| offer.provider == provider).unwrap();
        let parameters = offer.parameters;
        let request = json!({"provider": provider, "label": null, "parameters": parameters, "sandbox": true});
        let made = self.app.invoke("add_connection", json!({"request": request})).await?;
        let connection = made["id"].as_str().unwrap().to_owned();
        let request = json!({"connection": connection, "login": login, "fields": offer.logins[login]});
        self.app.invoke("log_in", json!({"request": request})).await?;
        Ok(connection)
    }

    pub async fn start_login(&self, connection: &str, receive_by: &str) -> Outcome<Value> {
        let request = json!({"connection": connection, "login": "browser", "receive_by": receive_by});
        self.app.invoke("start_login", json!({"request": request})).await
    }

    /// Goes to the first connection. What a test does by command the window may not have seen yet.
    pub async fn open_first(&self) -> Outcome {
        let opened = async || {
            self.app.press("Alt+1").await.ok()?;
            self.app.has(&Query::tab("Actions")).await.ok()?.then_some(())
        };
        wait_for(opened, SOON, "the first connection to open").await
    }

    /// Logs in with the real browser, the redirect coming by the loopback listener.
    pub async fn log_in(&self, connection: &str) -> Outcome {
        let browser = SystemBrowser::start(&self.desktop).await?;
        self.log_in_with(&browser, connection).await
    }

    pub async fn log_in_with(&self, browser: &SystemBrowser, connection: &str) -> Outcome {
        let login = self.start_login(connection, "loopback").await?;
        browser.log_in_at(&self.desktop.opened_url(SOON).await?).await?;
        self.login_reaches(&login, "done").await
    }

    pub async fn login_reaches(&self, login: &Value, state: &str) -> Outcome {
        let reached = async || {
            let logins = self.app.invoke("list_logins", json!({})).await.ok()?;
            let ours = logins.as_array()?.iter().find(|one| one["id"] == login["id"])?.clone();
            (ours["state"] == state).then_some(())
        };
        wait_for(reached, SOON, &format!("the login to be {state}")).await
    }

    pub async fn connection(&self, id: &str) -> Outcome<Value> {
        let all = self.app.invoke("list_connections", json!({})).await?;
        Ok(all.as_array().unwrap().iter().find(|one| one["id"] == id).cloned().unwrap_or(Value::Null))
    }

    /// Waits until the token is kept there.
    pub async fn token_is_kept_in(&self, id: &str, place: &str) -> Outcome {
        let kept = async || (self.connection(id).await.ok()?["token"]["kept_in"] == place).then_some(());
        wait_for(kept, SOON, &format!("the token to be kept in {place}")).await
    }

    /// Waits until the token is in this state.
    pub async fn token_is(&self, id: &str, state: &str) -> Outcome {
        let reached = async || (self.connection(id).await.ok()?["token"]["state"] == state).then_some(());
        wait_for(reached, SOON, &format!("the token to be {state}")).await
    }
}
