//! I5 with a real browser: a page of another origin, which has even got hold of the secret, gets nothing.

use keydesk_support::{Answer, Desktop, DesktopOptions, FakeServer, SystemBrowser};
use serde_json::json;

use super::{Stage, path};

/// Everything that a page can send: with the secret, without reading, as a frame, a picture, a script, a link.
const TRY: &str = r#"
const [url, name, secret, done] = arguments;
const tries = {
  header: () => fetch(url, { headers: { [name]: secret } }).then((answer) => answer.text()),
  plain: () => fetch(url).then((answer) => answer.text()),
  blind: () => fetch(url, { mode: "no-cors" }).then((answer) => answer.text()),
  socket: () => new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace("http", "ws"));
    socket.onopen = () => resolve("open");
    socket.onerror = () => reject(new Error("no socket"));
  }),
  frame: () => new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    frame.onload = () => { try { resolve(frame.contentDocument.body.textContent); } catch { resolve(""); } };
    document.body.append(frame);
  }),
  script: () => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve("ran");
    script.onerror = () => reject(new Error("no script"));
    document.body.append(script);
  }),
};
const outcomes = {};
const all = Object.entries(tries).map(async ([way, go]) => {
  try { outcomes[way] = await go(); } catch (error) { outcomes[way] = ""; }
});
Promise.all(all).then(() => done(outcomes));
"#;

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_real_page_in_a_browser_gets_nothing() {
    let stage = Stage::new().await;
    let (_sandbox, connection) = stage.granted().await;
    let server = FakeServer::start().await.unwrap();
    server.always("/", Answer::html(200, "<!doctype html><title>Elsewhere</title><body>"));
    let desktop = Desktop::start(DesktopOptions::default()).unwrap();
    let browser = SystemBrowser::start(&desktop).await.unwrap();
    browser.open(&server.url("/")).await.unwrap();
    let url = format!("http://127.0.0.1:{}{}", stage.port(), path(&connection));
    let header = stage.header();
    let (name, secret) = header.split_once(": ").unwrap();
    let outcomes = browser.execute_async(TRY, vec![json!(url), json!(name), json!(secret)]).await.unwrap();
    for way in ["header", "plain", "blind", "socket", "frame", "script"] {
        assert_eq!(outcomes[way], "", "{way}: {outcomes}");
    }
    // Gone to, as by a link: an answer without a token.
    browser.execute("location.href = arguments[0]", vec![json!(url)]).await.unwrap();
    browser.text_appears("from_a_page", super::SOON).await.unwrap();
    // Typed into the bar: there is no secret.
    browser.open(&url).await.unwrap();
    browser.text_appears("wrong_secret", super::SOON).await.unwrap();
    assert_eq!(stage.handed_out().await, 0);
}
