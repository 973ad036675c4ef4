//! Windows driven by what their parts are called: WebKit's as the app's, Chromium as the system browser.

use std::path::{Path, PathBuf};
use std::time::Duration;

use keydesk_support::{
    Answer, App, AppOptions, Desktop, DesktopOptions, FakeServer, Outcome, Query, Role, SystemBrowser, processes_of,
};

const SECOND: Duration = Duration::from_secs(1);

const FORM: &str = r#"<!doctype html><html lang="en"><title>Form</title><main>
  <h1>Send <b>tri</b>gger</h1>
  <label for=w>Workflow</label><input id=w>
  <label>Note <textarea></textarea></label>
  <label>Kind <select><option>string<option>number</select></label>
  <fieldset><legend>Devices</legend><label><input type=checkbox> Lobby</label></fieldset>
  <span id=t>Token</span><input type=password aria-labelledby=t>
  <button aria-label="Close">×</button> <button style="display:none">Send</button>
  <button disabled id=later>Later</button>
  <button onclick="out.textContent = 'Sent ' + w.value + ' ' + document.querySelector('select').value">Send <kbd>Ctrl+Enter</kbd></button>
  <div role=tab tabindex=0 onclick="out.textContent = 'claims'">Claims</div>
  <output id=out></output>
  <dialog id=d><button onclick="d.close(); out.textContent='closed'">Close</button></dialog>
  <button onclick="d.showModal()">Ask</button> <button>Twin</button><button>Twin</button>
  <img src="data:,">
</main><script>let late = 0; addEventListener('keydown', e => { if (e.ctrlKey && e.key == 'k' && late++) { e.preventDefault(); out.textContent = 'palette'; } });</script>"#;

const LOGIN: &str = r#"<!doctype html><title>Log in</title><form method=post><input id=username name=username value=alice>
  <input id=password name=password type=password value=secret>
  <button id=log-in>Log in</button><button id=deny name=deny value=1>Deny</button></form>"#;
const CONSENT: &str =
    r#"<!doctype html><title>Consent</title><form method=post action=/agree><button id=log-in>Agree</button></form>"#;

/// WebKit's own test browser: it is driven as the app is.
fn mini_browser() -> AppOptions {
    let binary = format!("/usr/lib/{}-linux-gnu/webkit2gtk-4.1/MiniBrowser", std::env::consts::ARCH);
    AppOptions { binary: Some(binary.into()), arguments: vec!["--automation".into()], ..AppOptions::default() }
}

async fn form_page() -> Outcome<FakeServer> {
    let server = FakeServer::start().await?;
    server.always("/", Answer::html(200, FORM));
    Ok(server)
}

#[tokio::test]
async fn a_webkit_window_is_found_clicked_typed_into_and_read_by_names() -> Outcome {
    let server = form_page().await?;
    let desktop = Desktop::start(DesktopOptions::default())?;
    let mut app = App::start_with(&desktop, mini_browser()).await?;
    app.client().goto(&server.url("/")).await?;
    app.page_mut().set_patience(SECOND);

    app.fill(&Query::field("Workflow"), "Wake + up").await?;
    app.choose(&Query::field("Kind"), "number").await?;
    app.press_button("Send").await?;
    app.text_appears("sent wake + up number", SECOND).await?;
    app.click(&Query::tab("Claims")).await?;
    app.text_appears("claims", SECOND).await?;
    // The first press comes too soon.
    app.press("Ctrl+K").await?;
    app.text_appears("palette", SECOND).await?;
    app.find(&Query::heading("Send trigger")).await?;
    app.find(&Query::field("Note")).await?;
    app.find(&Query::field("Token")).await?;
    app.click(&Query::new(Role::Checkbox, "Lobby")).await?;
    assert!(app.is_disabled(&Query::button("Later")).await?);

    app.press_button("Ask").await?;
    app.press_button("Close").await?;
    app.text_appears("closed", SECOND).await?;

    let twins = app.press_button("Twin").await.unwrap_err().to_string();
    assert!(twins.contains("2 are called so"), "{twins}");
    app.click(&Query::button("Twin").nth(1)).await?;
    let missing = app.press_button("Nothing").await.unwrap_err().to_string();
    assert!(missing.contains("button \"Close\"") && missing.contains("desktop-failures"), "{missing}");
    let evidence = evidence_folder("a_webkit_window_is_found_clicked_typed_into_and_read_by_names");
    assert!(evidence.join("app.png").is_file() && evidence.join("app.txt").is_file());
    std::fs::remove_dir_all(evidence)?;

    app.quit().await?;
    // Its place is free again, as it must be for a restart.
    App::start_with(&desktop, mini_browser()).await?.quit().await
}

#[tokio::test]
async fn the_keyboard_alone_reaches_and_fills() -> Outcome {
    let server = form_page().await?;
    let desktop = Desktop::start(DesktopOptions::default())?;
    let app = App::start_with(&desktop, mini_browser()).await?;
    app.client().goto(&server.url("/")).await?;
    app.tab_to("Workflow").await?;
    app.type_text("Ab c+d").await?;
    app.tab_to("Send").await?;
    app.press("Space").await?;
    app.text_appears("Sent Ab c+d", SECOND).await
}

#[tokio::test]
async fn axe_finds_a_planted_fault() -> Outcome {
    let server = form_page().await?;
    let desktop = Desktop::start(DesktopOptions::default())?;
    let app = App::start_with(&desktop, mini_browser()).await?;
    app.client().goto(&server.url("/")).await?;
    let found = app.axe().await?;
    assert!(found.iter().any(|one| one.id == "image-alt" && !one.places.is_empty()), "{found:?}");
    Ok(())
}

#[tokio::test]
async fn the_system_browser_logs_in_through_consent_and_follows_the_redirect() -> Outcome {
    let server = FakeServer::start().await?;
    let back = server.url("/callback?code=abc");
    server.answer("/authorize", Answer::html(200, LOGIN));
    server.answer("/authorize", Answer::html(200, CONSENT));
    server.always("/agree", Answer::redirect(302, &back));
    server.always("/callback", Answer::html(200, "<p>You may close this."));
    let desktop = Desktop::start(DesktopOptions::default())?;
    let browser = SystemBrowser::start(&desktop).await?;
    browser.log_in_at(&server.url("/authorize?state=1")).await?;
    assert_eq!(browser.url().await?.query(), Some("code=abc"));
    browser.text_appears("You may close this", SECOND).await?;
    assert_eq!(server.received_at("/authorize")[1].form_field("username").as_deref(), Some("alice@hillside.example"));
    assert_eq!(browser.redirects().await?, [back]);
    let mark = desktop.mark();
    drop(browser);
    drop(desktop);
    assert_eq!(processes_of(&mark), Vec::<u32>::new());
    Ok(())
}

#[tokio::test]
async fn a_redirect_to_an_apps_own_scheme_is_seen() -> Outcome {
    let server = FakeServer::start().await?;
    server.answer("/authorize", Answer::html(200, LOGIN));
    server.answer("/authorize", Answer::redirect(302, "dev.keydesk.app:/callback?code=abc&state=1"));
    let desktop = Desktop::start(DesktopOptions::default())?;
    let browser = SystemBrowser::start(&desktop).await?;
    browser.open(&server.url("/authorize")).await?;
    browser.log_in_as("bob", "another").await?;
    assert_eq!(browser.redirects().await?, ["dev.keydesk.app:/callback?code=abc&state=1"]);
    assert_eq!(server.received_at("/authorize")[1].form_field("password"), Some("another".into()));
    Ok(())
}

#[tokio::test]
async fn a_missing_app_is_said_in_a_sentence() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::default())?;
    let options = AppOptions { binary: Some("/nowhere/keydesk-app".into()), ..AppOptions::default() };
    let failure = App::start_with(&desktop, options).await.unwrap_err().to_string();
    assert!(failure.contains("session"), "{failure}");
    Ok(())
}

fn evidence_folder(test: &str) -> PathBuf {
    let name = format!("harness.window.{test}");
    Path::new(&keydesk_support::target_directory()).join("desktop-failures").join(name)
}
