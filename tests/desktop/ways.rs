//! Every way in is a few clicks in the window: choose the API, the sandbox and the way; its demo values stand there; press.

use keydesk_support::{Authority, Outcome, Query, Role, SystemBrowser, wait_for};
use serde_json::json;

use crate::pictures::picture;
use crate::stage::{SOON, Stage};

const APIS: &str = "section[aria-label=APIs]";
const FILLED_IN: &str = "Filled in with the demo values of the sandbox";

impl Stage {
    /// Add connection, the API, the sandbox, and the way in that is called so. Empty: the first.
    async fn choose_way(&self, api: &str, way: &str) -> Outcome {
        self.app.click(&Query::pressable("Add connection").within("aside")).await?;
        self.app.text_appears("Nothing is sent until you log in", SOON).await?;
        let use_sandbox = Query::pressable("Use the built-in sandbox");
        if self.app.has(&use_sandbox).await? {
            self.app.click(&Query::button(api).within(APIS)).await?;
            self.app.click(&use_sandbox).await?;
            self.app.text_appears("The sandbox runs on 127.0.0.1", SOON).await?;
        } else {
            self.app.click(&Query::button(api).within(APIS)).await?;
        }
        self.app.find(&Query::heading(api).within("main")).await?;
        if !way.is_empty() {
            self.app.click(&Query::tab(way)).await?;
        }
        Ok(())
    }

    /// The same with demo values in the fields, each of which has one.
    pub async fn choose_filled_way(&self, api: &str, way: &str, fields: &[&str]) -> Outcome {
        self.choose_way(api, way).await?;
        self.app.text_appears(FILLED_IN, SOON).await?;
        for field in fields {
            let query = Query::field(*field);
            let has_value = async || {
                let value = self.app.find(&query).await.ok()?.prop("value").await.ok()??;
                (!value.is_empty()).then_some(())
            };
            wait_for(has_value, SOON, &format!("{api}, {way}: {field} to be filled in")).await?;
        }
        Ok(())
    }

    /// Presses the button of the way, and the window goes to the connection, whose capsule says this.
    pub async fn press_and_be_in(&self, button: &str, capsule: &str) -> Outcome {
        self.app.press_button(button).await?;
        self.capsule_says(capsule).await
    }

    async fn capsule_says(&self, wanted: &str) -> Outcome {
        let says = async || {
            let capsule = self.app.find(&Query::field("Token")).await.ok()?;
            capsule.prop("textContent").await.ok()??.contains(wanted).then_some(())
        };
        let said = wait_for(says, SOON, &format!("the capsule to say {wanted:?}")).await;
        self.app.or_testify(said).await
    }

    /// The token view shows this.
    async fn token_view_shows(&self, text: &str) -> Outcome {
        self.app.click(&Query::tab("Token")).await?;
        self.app.text_appears(text, SOON).await
    }

    /// Calls a path with the token.
    pub async fn call(&self, path: &str) -> Outcome {
        self.app.click(&Query::tab("Actions")).await?;
        self.app.fill(&Query::field("Path"), path).await?;
        self.app.press_button("Send").await?;
        self.app.text_appears("Answered 200", SOON).await
    }

    /// The page that the app opened, with the demo account.
    async fn log_in_at_opened_page(&self, browser: &SystemBrowser) -> Outcome {
        browser.log_in_at(&self.desktop.opened_url(SOON).await?).await
    }

    /// As a person does who reads the code here and types it there.
    async fn type_code(&self, browser: &SystemBrowser) -> Outcome {
        let logins = self.app.invoke("list_logins", json!({})).await?;
        let code = logins.as_array().unwrap().last().unwrap()["device"]["user_code"].as_str().unwrap();
        self.app.text_appears(code, SOON).await?;
        browser.fill(&Query::field("Code"), code).await?;
        browser.press_button("Continue").await?;
        // To compare (RFC 8628 section 5.4).
        browser.text_appears(code, SOON).await
    }
}

#[tokio::test]
async fn relay_is_entered_by_api_key() -> Outcome {
    let stage = Stage::new().await?;
    stage.choose_filled_way("Relay", "API key", &["API key"]).await?;
    stage.press_and_be_in("Use this API key", "API key").await?;
    stage.token_view_shows("Authorization: RelayApiKey").await
}

#[tokio::test]
async fn image_relay_is_entered_by_browser_by_api_key_and_by_password() -> Outcome {
    let stage = Stage::new().await?;
    stage.choose_filled_way("Image Relay", "Log in with browser", &["Client identifier", "Client secret"]).await?;
    stage.app.press_button("Log in with browser").await?;
    stage.app.text_appears("Waiting for you in the browser", SOON).await?;
    let browser = SystemBrowser::start(&stage.desktop).await?;
    stage.log_in_at_opened_page(&browser).await?;
    stage.capsule_says("Logged in").await?;
    stage.app.text_appears("alice@hillside.example", SOON).await?;

    stage.choose_filled_way("Image Relay", "API key", &["API key"]).await?;
    stage.press_and_be_in("Use this API key", "API key").await?;
    stage.app.text_appears("alice@hillside.example", SOON).await?;

    stage.choose_filled_way("Image Relay", "User name and password", &["User name", "Password"]).await?;
    stage.app.text_appears("This is for trying out", SOON).await?;
    picture(&stage.app, "way-with-warning").await?;
    stage.press_and_be_in("Use these", "User name and password").await?;
    stage.token_view_shows("Authorization: Basic").await
}

#[tokio::test]
async fn spoke_zone_is_entered_as_a_user_and_as_a_device() -> Outcome {
    let stage = Stage::new().await?;
    stage.choose_filled_way("Spoke Zone", "User User name", &["User name", "Password"]).await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    stage.app.press_button("Device").await?;
    stage.app.narrow_and_choose(&Query::field("Device"), "HILLSIDE-SHUTTLE-01").await?;
    stage.app.press_button("Show").await?;
    stage.app.text_appears("Last online", SOON).await?;
    picture(&stage.app, "spoke-zone-device").await?;

    stage.choose_filled_way("Spoke Zone", "Device With", &["CPU ID", "UUID", "Device token"]).await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    stage.token_view_shows("Renewed by a request of its own").await?;
    stage.app.text_appears("UUID until you log out", SOON).await?;
    picture(&stage.app, "spoke-zone-device-token").await?;

    let fields = ["User name", "Password", "Device", "CPU ID"];
    stage.choose_filled_way("Spoke Zone", "Device, by a user", &fields).await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    stage.token_view_shows("Renewed by a request of its own").await?;

    let fields = ["User name", "Password", "Customer", "Identifier"];
    stage.choose_filled_way("Spoke Zone", "New device", &fields).await?;
    stage.app.text_appears("This adds a device", SOON).await?;
    stage.press_and_be_in("Log in", "Fresh").await
}

/// The whole file of the device, of which the app takes the token.
#[tokio::test]
async fn spoke_zone_is_entered_by_the_pasted_file_of_a_device() -> Outcome {
    let stage = Stage::new().await?;
    let offers = keydesk_sandbox::offers(stage.sandbox.url());
    let offer = offers.iter().find(|offer| offer.provider == "spoke-zone").unwrap();
    let device = &offer.logins["device"];
    let file = format!("mqtt_host = io.spoke.zone\nmqtt_port = 8883\nmqtt_username = \"{}\"\n", device["token"]);
    stage.choose_way("Spoke Zone", "Device token Paste").await?;
    stage.paste(&Query::field("Token or file"), &file).await?;
    picture(&stage.app, "spoke-zone-pasted-file").await?;
    stage.press_and_be_in("Use this token or file", "Fresh").await?;
    stage.token_view_shows("Signature not checked").await?;
    stage.app.text_appears("Can’t be renewed", SOON).await
}

#[tokio::test]
async fn wazo_is_entered_for_a_while_and_for_good_and_renews_with_what_was_kept() -> Outcome {
    let stage = Stage::new().await?;
    stage.choose_filled_way("Wazo", "User name and password", &["User name", "Password", "Lifetime"]).await?;
    stage.app.click(&Query::new(Role::Checkbox, "Keep it with the token")).await?;
    picture(&stage.app, "wazo-login").await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    stage.app.text_appears("alice.rodriguez@hillside.example", SOON).await?;
    stage.token_view_shows("Renewed by logging in once more").await?;
    stage.app.press_button("Renew now").await?;
    stage.app.text_appears("Token renewed", SOON).await?;

    stage.choose_filled_way("Wazo", "Stay logged in", &["User name", "Password"]).await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    stage.app.press_button("Refresh tokens").await?;
    stage.app.text_appears("Client", SOON).await
}

#[tokio::test]
async fn world_of_workflows_is_entered_by_its_token_request() -> Outcome {
    let stage = Stage::new().await?;
    stage.choose_filled_way("World of Workflows", "Token request", &["User name", "Password"]).await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    stage.call("/bookings").await
}

#[tokio::test]
async fn another_api_is_entered_by_browser_and_by_a_code_on_another_device() -> Outcome {
    let stage = Stage::new().await?;
    let browser = SystemBrowser::start(&stage.desktop).await?;
    stage.choose_filled_way("Another API", "Log in with browser", &["Issuer", "Client identifier"]).await?;
    picture(&stage.app, "another-api-ways").await?;
    stage.app.press_button("Log in with browser").await?;
    stage.log_in_at_opened_page(&browser).await?;
    stage.capsule_says("Fresh").await?;
    stage.call("/me").await?;

    stage.choose_filled_way("Another API", "Code on another device", &["Issuer", "Client identifier"]).await?;
    stage.app.press_button("Get a code").await?;
    stage.app.text_appears("Waiting for you to enter the code", SOON).await?;
    let qr = "document.querySelector('svg[role=img][aria-label^=\"QR code of\"]')?.getBoundingClientRect().width > 99";
    stage.page_has("the QR code, to scan", qr).await?;
    picture(&stage.app, "device-code").await?;
    stage.app.press_button("Open in browser").await?;
    browser.open(&stage.desktop.opened_url(SOON).await?).await?;
    stage.type_code(&browser).await?;
    browser.log_in().await?;
    stage.capsule_says("Fresh").await?;
    stage.call("/me").await
}

#[tokio::test]
async fn a_code_that_is_refused_in_the_browser_ends_the_wait_and_says_so() -> Outcome {
    let stage = Stage::new().await?;
    stage.choose_filled_way("Another API", "Code on another device", &["Issuer", "Client identifier"]).await?;
    stage.app.press_button("Get a code").await?;
    stage.app.press_button("Open in browser").await?;
    let browser = SystemBrowser::start(&stage.desktop).await?;
    browser.open(&stage.desktop.opened_url(SOON).await?).await?;
    stage.type_code(&browser).await?;
    browser.deny().await?;
    stage.app.text_appears("The login was declined", SOON).await
}

#[tokio::test]
async fn another_api_is_entered_by_client_credentials_by_password_and_by_key() -> Outcome {
    let stage = Stage::new().await?;
    let fields = ["Issuer", "Client identifier", "Client secret"];
    stage.choose_filled_way("Another API", "Client credentials", &fields).await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    stage.call("/things").await?;

    let fields = ["Issuer", "Client identifier", "User name", "Password"];
    stage.choose_filled_way("Another API", "User name and password at the issuer", &fields).await?;
    stage.app.text_appears("RFC 9700 advises against this grant", SOON).await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    stage.call("/me").await?;

    for (way, fields, button, shown) in [
        ("API key in a header", ["API key", "Header"], "Use this API key", "X-API-Key:"),
        ("API key in the address", ["API key", "Parameter"], "Use this API key", "?api_key="),
        ("User name and password Basic", ["User name", "Password"], "Use these", "Authorization: Basic"),
    ] {
        stage.choose_filled_way("Another API", way, &fields).await?;
        stage.app.press_button(button).await?;
        stage.capsule_says("No expiry").await?;
        stage.call("/me").await?;
        stage.token_view_shows(shown).await?;
    }
    Ok(())
}

/// Nothing typed is lost: not by a refusal, not by a field that was forgotten.
#[tokio::test]
async fn a_wrong_password_and_an_empty_field_are_said_and_what_was_typed_stays() -> Outcome {
    let stage = Stage::new().await?;
    let (user, password) = (Query::field("User name"), Query::field("Password"));
    let typed = async |field: &Query| stage.app.find(field).await?.prop("value").await.map_err(Into::into);
    stage.choose_way("Wazo", "User name and password").await?;
    stage.app.fill(&password, "wrong-password").await?;
    stage.app.press_button("Log in").await?;
    stage.app.text_appears("What you logged in with was not accepted", SOON).await?;
    picture(&stage.app, "wrong-password").await?;
    let there: Outcome<Option<String>> = typed(&password).await;
    assert_eq!(there?.as_deref(), Some("wrong-password"));

    stage.app.click(&user).await?;
    stage.app.press("Ctrl+A").await?;
    stage.app.press("Backspace").await?;
    stage.app.press_button("Log in").await?;
    stage.app.text_appears("User name is needed", SOON).await?;
    // Whatever its place in a long form: there one goes on typing.
    stage.app.focus_on("User name").await?;
    let there: Outcome<Option<String>> = typed(&password).await;
    assert_eq!(there?.as_deref(), Some("wrong-password"));

    stage.app.fill(&user, keydesk_sandbox::USERNAME).await?;
    stage.app.fill(&password, keydesk_sandbox::PASSWORD).await?;
    stage.press_and_be_in("Log in", "Fresh").await?;
    // The tries before made one connection, not three.
    let connections = stage.app.invoke("list_connections", json!({})).await?;
    assert_eq!(connections.as_array().unwrap().len(), 1);
    Ok(())
}

/// D1: the way to trust a server's own authority is offered where it is missed.
#[tokio::test]
async fn d1_an_unknown_authority_leads_to_the_place_where_it_is_given() -> Outcome {
    let (stage, authority) = (Stage::new().await?, Authority::new()?);
    let url = authority.server("localhost", 2090).await?;
    stage.app.click(&Query::button("World of Workflows").within(APIS)).await?;
    stage.app.fill(&Query::field("Base URL"), &url).await?;
    stage.app.press_button("Log in").await?;
    stage.app.text_appears("The server’s certificate is not known here", SOON).await?;
    picture(&stage.app, "unknown-authority").await?;
    stage.app.press_button("Open addresses and certificate").await?;
    let field = Query::field("Authority of the certificate");
    stage.app.find(&field).await?;
    picture(&stage.app, "settings-authority").await?;
    stage.paste(&field, authority.pem()).await?;
    stage.app.press_button("Save").await?;
    stage.app.text_appears("Connection saved", SOON).await?;
    stage.app.press_button("Log in").await?;
    stage.app.click(&Query::button("Log in").within("[role=dialog]")).await?;
    stage.capsule_says("Fresh").await
}
