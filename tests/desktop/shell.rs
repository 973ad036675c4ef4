//! The window's walls (security.md J), tried from inside.

use keydesk_support::Outcome;
use serde_json::{Value, json};

use crate::stage::Stage;

/// J1: no code from text, no inline script, no request to anywhere.
#[tokio::test]
async fn j1_the_content_security_policy_holds() -> Outcome {
    let stage = Stage::new().await?;
    let tried = stage
        .app
        .execute_async(
            r#"
            const done = arguments[0];
            const outcome = {};
            const script = document.createElement("script");
            script.textContent = "window.__injected = true";
            document.head.append(script);
            outcome.injected = window.__injected === true;
            const evaluate = document.createElement("button");
            evaluate.setAttribute("onclick", "window.__clicked = true");
            document.body.append(evaluate);
            evaluate.click();
            evaluate.remove();
            outcome.handler = window.__clicked === true;
            fetch("http://127.0.0.1:9/").then(
              () => "fetched", (error) => String(error)).then((fetched) => {
                outcome.fetched = fetched;
                done(outcome);
              });
            "#,
            vec![],
        )
        .await?;
    assert_eq!((&tried["injected"], &tried["handler"]), (&json!(false), &json!(false)));
    assert_ne!(tried["fetched"], "fetched");
    Ok(())
}

/// J2, J6: what no capability names is refused: other plugins, windows, openers.
#[tokio::test]
async fn j2_j6_commands_that_are_not_ours_are_refused() -> Outcome {
    let stage = Stage::new().await?;
    for command in [
        "plugin:fs|read_text_file",
        "plugin:shell|open",
        "plugin:opener|open_url",
        "plugin:http|fetch",
        "plugin:window|create",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "plugin:deep-link|get_current",
        "nothing_of_the_kind",
    ] {
        let answer = stage.app.execute_async(TRY, vec![json!(command), json!({})]).await?;
        assert_eq!(answer, "refused", "{command}");
    }
    Ok(())
}

/// A message that the isolation frame refuses is never answered.
const TRY: &str = r#"
const [command, argument, done] = arguments;
const late = new Promise((resolve) => setTimeout(() => resolve("refused"), 1500));
const asked = window.__TAURI_INTERNALS__.invoke(command, argument).then(() => "carried out", () => "refused");
Promise.race([asked, late]).then(done);
"#;

/// J3: the isolation frame looks at the shape, and the core at the content.
#[tokio::test]
async fn j3_a_malformed_call_is_refused() -> Outcome {
    let stage = Stage::new().await?;
    for (command, argument) in [
        ("../add_connection", json!({})),
        ("ADD_CONNECTION", json!({})),
        ("add_connection", json!({"request": "no object"})),
        ("add_connection", json!({"request": {"provider": 1}})),
        ("start_login", json!([])),
    ] {
        let answer = stage.app.execute_async(TRY, vec![json!(command), argument]).await?;
        assert_eq!(answer, "refused", "{command}");
    }
    Ok(())
}

#[tokio::test]
async fn j4_prototypes_are_frozen_and_tauri_is_no_global() -> Outcome {
    let stage = Stage::new().await?;
    let state = "return [Object.isFrozen(Object.prototype), typeof window.__TAURI__]";
    assert_eq!(stage.app.execute(state, vec![]).await?, json!([true, "undefined"]));
    Ok(())
}

/// A1, J5: the window shows our own pages and nothing else, whatever a script tries.
#[tokio::test]
async fn j5_the_window_leaves_for_nowhere_and_opens_no_other() -> Outcome {
    let stage = Stage::new().await?;
    let here = stage.app.client().current_url().await?;
    let tried = r#"
        const opened = window.open("https://evil.test/");
        location.href = "https://evil.test/";
        const frame = document.createElement("iframe");
        frame.src = "https://evil.test/";
        document.body.append(frame);
        return opened === null;
    "#;
    let opened_nothing = stage.app.execute(tried, vec![]).await?;
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    assert_eq!(opened_nothing, Value::Bool(true));
    assert_eq!(stage.app.client().current_url().await?, here);
    assert_eq!(stage.app.client().windows().await?.len(), 1);
    let frame = "const f = document.querySelector('iframe[src*=evil]'); try { return f.contentDocument === null || f.contentDocument.body.textContent === '' } catch { return true }";
    assert_eq!(stage.app.execute(frame, vec![]).await?, Value::Bool(true));
    Ok(())
}
