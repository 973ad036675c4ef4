//! What is kept of a failed step: a picture and the page's text, without what was typed.

use std::path::{Path, PathBuf};

use fantoccini::Client;

use crate::{Failure, Outcome, display, target_directory};

/// Takes the pictures of a page.
#[derive(Clone, Debug)]
pub(crate) enum Camera {
    /// Of the whole screen, as a person sees it.
    Screen(Vec<(String, String)>),
    /// Of a browser that has no screen.
    Headless,
}

impl Camera {
    pub(crate) async fn take(&self, client: &Client, path: &Path) -> Outcome {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        match self {
            Self::Screen(variables) => {
                settle(client).await?;
                display::picture(variables, path)
            }
            Self::Headless => Ok(std::fs::write(path, client.screenshot().await?)?),
        }
    }

    /// Keeps the evidence and adds to the failure where it is.
    pub(crate) async fn testify(&self, client: &Client, failure: Failure) -> Failure {
        match self.keep(client).await {
            Ok(folder) => Failure::new(format!("{failure}\n  (picture and text in {})", folder.display())),
            Err(cause) => Failure::new(format!("{failure}\n  (no picture: {cause})")),
        }
    }

    async fn keep(&self, client: &Client) -> Outcome<PathBuf> {
        let folder = target_directory().join("desktop-failures").join(test_name());
        std::fs::create_dir_all(&folder)?;
        let text = client.execute(MASK_AND_READ, Vec::new()).await?;
        let text = text.as_str().unwrap_or_default();
        let kind = if matches!(self, Self::Headless) { "browser" } else { "app" };
        std::fs::write(folder.join(format!("{kind}.txt")), text)?;
        let picture = self.take(client, &folder.join(format!("{kind}.png"))).await;
        client.execute(UNMASK, Vec::new()).await?;
        picture?;
        Ok(folder)
    }
}

/// Waits until what the page holds is also on the screen: fonts there, two frames drawn, and their way to the screen.
async fn settle(client: &Client) -> Outcome {
    client.execute_async(SETTLE, Vec::new()).await?;
    Ok(())
}

const SETTLE: &str = r#"
const done = arguments[0];
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
document.fonts.ready.then(frame).then(frame).then(() => setTimeout(done, 250));
"#;

// Through the object model, which no content security policy forbids. What is typed is not part of the text.
const MASK_AND_READ: &str = r#"
for (const field of document.querySelectorAll("input, textarea"))
  field.style.setProperty("-webkit-text-security", "disc", "important");
return location.origin + location.pathname + "\n" + document.title + "\n\n" + document.body.innerText;
"#;

// A tour goes on after a failure.
const UNMASK: &str = r#"
for (const field of document.querySelectorAll("input, textarea"))
  field.style.removeProperty("-webkit-text-security");
"#;

/// The test's own name: its thread is called so.
fn test_name() -> String {
    let thread = std::thread::current();
    thread.name().unwrap_or("unnamed").replace("::", ".")
}
