//! Pictures to look at, taken where `KEYDESK_PICTURES` names a folder for them.

use std::path::PathBuf;
use std::time::Duration;

use keydesk_support::{App, Outcome};
use serde_json::json;

const THEMES: [&str; 2] = ["light", "dark"];

/// The screen as it is, in both themes.
pub async fn picture(app: &App, name: &str) -> Outcome {
    let Some(folder) = std::env::var_os("KEYDESK_PICTURES").map(PathBuf::from) else {
        return Ok(());
    };
    // What moves comes to rest first.
    tokio::time::sleep(Duration::from_millis(350)).await;
    for theme in THEMES {
        dress(app, theme).await?;
        app.screenshot(&folder.join(format!("{name}-{theme}.png"))).await?;
    }
    dress(app, THEMES[0]).await
}

/// The same, and axe-core finds nothing in either theme.
pub async fn looked_at(app: &App, name: &str) -> Outcome {
    for theme in THEMES {
        dress(app, theme).await?;
        app.axe_finds_nothing(&format!("{name}, {theme}")).await?;
    }
    dress(app, THEMES[0]).await?;
    picture(app, name).await
}

/// Only the page: the setting stays.
pub async fn dress(app: &App, theme: &str) -> Outcome {
    app.execute("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await?;
    Ok(())
}
