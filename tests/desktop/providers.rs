//! A provider is a file: written in the window, checked while it is written, used, changed, taken along and removed.

use std::path::Path;

use keydesk_support::{Answer, App, AppOptions, Desktop, DesktopOptions, FakeServer, Outcome, Query, Role, wait_for};
use serde_json::json;

use crate::pictures::picture;
use crate::stage::{SOON, Stage};

/// An API that nobody else knows, on this machine.
fn acme(server: &FakeServer) -> String {
    format!(
        r#"id = "acme"
name = "Acme"
summary = "Machines, with a key and a pin"
hue = 120

[[address]]
id = "api_url"
label = "Machines"
url = "{}"

[[address]]
id = "news_url"
label = "News"
url = "https://news.acme.example"

[api]
base_url = "{{api_url}}/v1"

[presentation]
header = "X-Acme-Token"

[[login]]
id = "key"
label = "Key and pin"
summary = "From the machine's display."
[[login.field]]
id = "key"
label = "Key"
[[login.field]]
id = "pin"
label = "Pin"
kind = "secret"
[login.grant.token_request.request]
url = "{{api_url}}/sessions"
encoding = "json"
body = {{ key = "{{key}}", pin = "{{pin}}" }}
[login.grant.token_request.response]
access_token = "/token"
expires = {{ at = "/minutes", format = "minutes" }}

[[action]]
id = "machines"
label = "Machines"
summary = "What runs."
icon = "list"
submit = "Read"
[action.request]
url = "/machines"
[action.view]
kind = "json"
"#,
        server.url("")
    )
}

/// Opens the page of the providers.
async fn open_providers(app: &App) -> Outcome {
    app.click(&Query::pressable("Providers").within("aside")).await?;
    app.find(&Query::heading("Providers")).await.map(drop)
}

/// Chooses from the menu of a provider's row.
async fn choose_for(app: &App, provider: &str, item: &str) -> Outcome {
    app.press_button(&format!("More for {provider}")).await?;
    app.click(&Query::new(Role::MenuItem, item)).await
}

#[tokio::test]
async fn a_provider_is_pasted_mended_used_edited_exported_and_removed() -> Outcome {
    let (stage, server) = (Stage::new().await?, FakeServer::start().await?);
    server.always("/sessions", Answer::json(200, &json!({"token": "acme-token-0123456789", "minutes": 30})));
    server.always("/v1/machines", Answer::json(200, &json!(["Lathe", "Press"])));
    let (app, text, editor) = (&stage.app, acme(&server), Query::field("Provider file"));

    open_providers(app).await?;
    picture(app, "providers").await?;
    app.press_button("Add a provider").await?;
    stage
        .paste(&editor, &text.replace("summary = \"Machines", "sumary = \"Machines").replace("{pin}", "{pni}"))
        .await?;
    app.text_appears("Perhaps: summary", SOON).await?;
    app.text_appears("Line 3", SOON).await?;
    assert!(app.is_disabled(&Query::button("Add").within("main")).await?, "nothing faulty is added");
    picture(app, "editor-with-problems").await?;

    stage.paste(&editor, &text).await?;
    app.text_appears("No mistakes", SOON).await?;
    app.text_appears("Talks to news.acme.example", SOON).await?;
    picture(app, "check-summary").await?;
    app.click(&Query::button("Add").within("main")).await?;
    app.text_appears("Acme added", SOON).await?;

    app.press_button("Connect to Acme").await?;
    app.fill(&Query::field("Key"), "k-1").await?;
    app.fill(&Query::field("Pin"), "0000").await?;
    app.press_button("Log in").await?;
    app.find(&Query::tab("Token")).await?;
    app.press_button("Read").await?;
    app.text_appears("Lathe", SOON).await?;
    let sent = server.received_at("/v1/machines");
    assert_eq!(sent[0].header("x-acme-token"), Some("acme-token-0123456789"));
    app.click(&Query::tab("Settings")).await?;
    app.click(&Query::new(Role::Button, "Addresses and certificate")).await?;
    app.find(&Query::field("Machines")).await?;
    picture(app, "settings-addresses").await?;

    open_providers(app).await?;
    choose_for(app, "Acme", "Edit").await?;
    stage.paste(&editor, &text.replace("name = \"Acme\"", "name = \"Acme Machines\"")).await?;
    app.text_appears("No mistakes", SOON).await?;
    app.press_button("Save").await?;
    app.text_appears("Acme Machines saved", SOON).await?;

    choose_for(app, "Acme Machines", "Export").await?;
    app.text_appears("Written to", SOON).await?;
    let said = app.text().await?;
    let path = said.split("Written to ").nth(1).and_then(|rest| rest.split(".toml").next()).unwrap();
    let written = std::fs::read_to_string(format!("{path}.toml"))?;
    assert!(written.contains("Acme Machines"), "what is written is the file");

    choose_for(app, "Acme Machines", "Remove").await?;
    app.press_button("Remove").await?;
    app.text_appears("Connections still use this provider", SOON).await?;
    picture(app, "provider-in-use").await?;
    app.press("Alt+1").await?;
    app.click(&Query::tab("Settings")).await?;
    app.press_button("Remove connection").await?;
    app.click(&Query::button("Remove connection").within("[role=alertdialog]")).await?;
    app.gone(&Query::dialog("")).await?;
    open_providers(app).await?;
    choose_for(app, "Acme Machines", "Remove").await?;
    app.press_button("Remove").await?;
    app.text_appears("Acme Machines removed", SOON).await?;
    app.gone(&Query::button("Connect to Acme Machines")).await
}

/// A home whose folder of providers has one with a mistake.
fn with_broken_file(home: &Path, text: &str) -> Outcome {
    let folder = home.join("config/providers");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("mine.toml"), text.replace("[api]", "[apis]"))?)
}

#[tokio::test]
async fn a_broken_provider_file_stops_nothing_is_explained_and_can_be_mended() -> Outcome {
    let (desktop, server) = (Desktop::start(DesktopOptions::default())?, FakeServer::start().await?);
    let (home, text) = (desktop.root().join("keydesk"), acme(&server));
    with_broken_file(&home, &text)?;
    let environment = vec![("KEYDESK_HOME".to_owned(), home.display().to_string())];
    let app = App::start_with(&desktop, AppOptions { environment, ..AppOptions::default() }).await?;
    app.text_appears("Use the built-in sandbox", SOON).await?;
    open_providers(&app).await?;
    app.text_appears("mine.toml was set aside", SOON).await?;
    app.text_appears("Perhaps: api", SOON).await?;
    picture(&app, "set-aside").await?;
    app.press_button("Mend mine.toml").await?;
    let editor = Query::field("Provider file");
    let mend = r#"
        const area = document.activeElement, at = area.value.indexOf("[apis]");
        area.setSelectionRange(at, at + 6);
        document.execCommand("insertText", false, "[api]");
    "#;
    app.click(&editor).await?;
    app.execute(mend, vec![]).await?;
    app.text_appears("No mistakes", SOON).await?;
    app.press_button("Save").await?;
    app.text_gone("was set aside", SOON).await?;
    app.find(&Query::button("Connect to Acme")).await?;
    let mended = async || (!home.join("config/providers/mine.toml").exists()).then_some(());
    wait_for(mended, SOON, "the broken file to be gone").await
}
