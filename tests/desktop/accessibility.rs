//! axe-core finds nothing on any screen in either theme, and the main job is done by keyboard alone.

use keydesk_support::{Outcome, Query, SystemBrowser};
use serde_json::json;

use crate::pictures::picture;
use crate::stage::{SOON, Stage};

async fn theme(stage: &Stage, theme: &str) -> Outcome {
    let mut settings = stage.app.invoke("read_settings", json!({})).await?;
    settings["theme"] = json!(theme);
    stage.app.invoke("save_settings", json!({"settings": settings})).await?;
    stage.app.client().refresh().await?;
    stage.app.text_appears("Keychain unlocked", SOON).await
}

#[tokio::test]
async fn axe_finds_nothing_on_any_screen_in_either_theme() -> Outcome {
    let stage = Stage::new().await?;
    stage.app.text_appears("Use the built-in sandbox", SOON).await?;
    stage.app.axe_finds_nothing("first screen").await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    for name in ["light", "dark"] {
        theme(&stage, name).await?;
        stage.open_first().await?;
        for (tab, text) in [
            ("Actions", "Send trigger"),
            ("Token", "Signature not checked"),
            ("Activity", "Login started"),
            ("Settings", "Name"),
        ] {
            stage.app.click(&Query::tab(tab)).await?;
            stage.app.text_appears(text, SOON).await?;
            stage.app.axe_finds_nothing(&format!("{tab}, {name}")).await?;
        }
        stage.app.click(&Query::tab("Actions")).await?;
        for (action, text) in [("Who am I", "E-mail"), ("Workflows", "my_http_wf"), ("Devices", "Front desk")] {
            stage.app.press_button(action).await?;
            stage.app.text_appears(text, SOON).await?;
            stage.app.axe_finds_nothing(&format!("{action}, {name}")).await?;
        }
        for page in ["Token inspector", "Activity", "Settings"] {
            stage.app.click(&Query::pressable(page).within("nav, aside")).await?;
            stage.app.find(&Query::heading(page)).await?;
            stage.app.axe_finds_nothing(&format!("{page} page, {name}")).await?;
        }
        look_at_providers(&stage, name).await?;
        stage.app.press("Ctrl+N").await?;
        stage.app.text_appears("Nothing is sent until you log in", SOON).await?;
        stage.app.axe_finds_nothing(&format!("add connection, {name}")).await?;
        look_at_ways(&stage, name).await?;
        stage.app.press("Ctrl+K").await?;
        stage.app.find(&Query::field("Find or run")).await?;
        stage.app.axe_finds_nothing(&format!("palette, {name}")).await?;
        stage.app.press("Escape").await?;
    }
    Ok(())
}

/// The page of the providers, a file with mistakes, and one without.
async fn look_at_providers(stage: &Stage, theme: &str) -> Outcome {
    stage.app.press("Ctrl+P").await?;
    stage.app.find(&Query::heading("Providers")).await?;
    stage.app.axe_finds_nothing(&format!("providers page, {theme}")).await?;
    stage.app.press_button("Add a provider").await?;
    stage.app.axe_finds_nothing(&format!("new provider, {theme}")).await?;
    let relay = stage.app.invoke("read_provider", json!({"id": "relay"})).await?;
    let own = relay.as_str().unwrap().replace("id = \"relay\"", "id = \"mine\"");
    let editor = Query::field("Provider file");
    stage.paste(&editor, &own.replace("summary", "sumary")).await?;
    stage.app.text_appears("Perhaps: summary", SOON).await?;
    stage.app.axe_finds_nothing(&format!("editor with problems, {theme}")).await?;
    stage.paste(&editor, &own).await?;
    stage.app.text_appears("No mistakes", SOON).await?;
    stage.app.axe_finds_nothing(&format!("check summary, {theme}")).await?;
    stage.app.press_button("Discard").await?;
    stage.app.axe_finds_nothing(&format!("question before a file is lost, {theme}")).await?;
    stage.app.click(&Query::button("Discard").within("[role=alertdialog]")).await?;
    stage.app.gone(&editor).await
}

/// The login dialog of a provider with many ways, and the code for another device.
async fn look_at_ways(stage: &Stage, theme: &str) -> Outcome {
    let sandbox = keydesk_sandbox::offers(stage.sandbox.url());
    let offer = sandbox.iter().find(|offer| offer.provider == "another-api").unwrap();
    let request = json!({"provider": "another-api", "label": format!("In {theme}"), "ca": null,
        "parameters": offer.parameters, "sandbox": false});
    stage.app.invoke("add_connection", json!({"request": request})).await?;
    stage.app.click(&Query::button(format!("In {theme}"))).await?;
    stage.app.press_button("Log in").await?;
    stage.app.find(&Query::dialog(format!("Log in to In {theme}"))).await?;
    stage.app.axe_finds_nothing(&format!("login dialog with many ways, {theme}")).await?;
    stage.app.click(&Query::tab("Code on another device")).await?;
    for (field, id) in [("Issuer", "issuer"), ("Client identifier", "client_id")] {
        stage.app.fill(&Query::field(field), &offer.logins["device_code"][id]).await?;
    }
    stage.app.press_button("Get a code").await?;
    stage.app.text_appears("Waiting for you to enter the code", SOON).await?;
    picture(&stage.app, &format!("device-code-in-dialog-{theme}")).await?;
    stage.app.axe_finds_nothing(&format!("device code, {theme}")).await?;
    stage.app.press_button("Cancel").await?;
    stage.app.text_appears("Login cancelled", SOON).await?;
    stage.app.press("Escape").await
}

/// Tabs until the field has the focus: its name alone is also that of an action.
async fn tab_to_field(stage: &Stage, id: &str) -> Outcome {
    for _ in 0..60 {
        if stage.app.execute("return document.activeElement.id", vec![]).await? == id {
            return Ok(());
        }
        stage.app.press("Tab").await?;
    }
    panic!("no way by Tab to {id}");
}

/// No click in the window: tab, type, press.
#[tokio::test]
async fn the_main_job_is_done_by_keyboard_alone() -> Outcome {
    let stage = Stage::new().await?;
    stage.app.text_appears("Use the built-in sandbox", SOON).await?;
    stage.app.tab_to("Use the built-in sandbox").await?;
    stage.app.press("Enter").await?;
    stage.app.text_appears("The sandbox runs on 127.0.0.1", SOON).await?;
    stage.app.press("Ctrl+Enter").await?;
    let browser = SystemBrowser::start(&stage.desktop).await?;
    browser.log_in_at(&stage.desktop.opened_url(SOON).await?).await?;
    stage.app.text_appears("Logged in as Alice Rodriguez", SOON).await?;
    stage.app.press("Ctrl+1").await?;
    tab_to_field(&stage, "action-workflow").await?;
    stage.app.press("ArrowDown").await?;
    stage.app.find(&Query::option("my_http_wf")).await?;
    stage.app.press("Enter").await?;
    tab_to_field(&stage, "action-devices").await?;
    stage.app.type_text("Pool").await?;
    stage.app.find(&Query::option("Pool")).await?;
    stage.app.press("Enter").await?;
    stage.app.text_appears("1 of 214 chosen", SOON).await?;
    stage.app.press("Escape").await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("Answered 200", SOON).await?;
    let connections = stage.app.invoke("list_connections", json!({})).await?;
    assert_eq!(connections.as_array().unwrap().len(), 1, "no key was taken twice");
    stage.app.press("Ctrl+3").await?;
    stage.app.text_appears("Signature not checked", SOON).await
}
