//! Steps of the tour that look at answers: two devices, a verified token, a folder of pictures, live messages.

use serde_json::json;

use super::{DEVICES, Tour};
use crate::{Outcome, Query, Role, SOON, wait_for};

/// RFC 7515 appendix A.3.
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

impl Tour {
    pub(super) async fn side_by_side(&self) -> Outcome {
        self.app.narrow_and_choose(&Query::field("Device"), DEVICES[1]).await?;
        self.app.press("Escape").await?;
        self.app.press_button("Side by side").await?;
        self.app.text_appears("Only differences", SOON).await
    }

    pub(super) async fn token_verified(&self) -> Outcome {
        self.app.click(&Query::pressable("Token inspector").within("nav, aside")).await?;
        self.app.fill(&Query::field("Token"), TOKEN).await?;
        self.app.press_button("Check the signature...").await?;
        self.app.fill(&Query::field("Public key, certificate, JWK or JWKS"), KEY).await?;
        self.app.press_button("Check").await?;
        self.app.text_appears("The signature holds", SOON).await
    }

    pub(super) async fn folder_of_pictures(&self) -> Outcome {
        self.app.press("Ctrl+N").await?;
        self.app.click(&Query::button("Image Relay").within("section[aria-label=APIs]")).await?;
        self.app.click(&Query::tab("API key")).await?;
        self.app.text_appears("Filled in with the demo values of the sandbox", SOON).await?;
        self.app.press_button("Use this API key").await?;
        self.app.press_button("Folders").await?;
        self.app.call("[role=treeitem]", "focus").await?;
        self.app.press("Enter").await?;
        self.page_has(".tile img").await
    }

    pub(super) async fn live_messages(&self) -> Outcome {
        self.app.press("Ctrl+N").await?;
        self.app.click(&Query::button("Spoke Zone").within("section[aria-label=APIs]")).await?;
        self.app.text_appears("Filled in with the demo values of the sandbox", SOON).await?;
        self.app.press_button("Log in").await?;
        self.app.click(&Query::tab("Live")).await?;
        self.app.fill(&Query::field("Device"), "1001").await?;
        self.app.press("Ctrl+Enter").await?;
        self.app.press_button("Subscribe to All of the device").await?;
        // The newest: another comes every few seconds.
        self.app.click(&Query::new(Role::Option, "mon/location").nth(0)).await?;
        self.app.text_appears("Where things are", SOON).await
    }

    /// What follows is about the first connection again.
    pub(super) async fn back_to_the_first(&self) -> Outcome {
        self.app.press("Alt+1").await?;
        self.app.text_appears("Relay sandbox", SOON).await
    }

    async fn page_has(&self, selector: &str) -> Outcome {
        let script = "return document.querySelector(arguments[0]) !== null";
        let there = async || (self.app.execute(script, vec![json!(selector)]).await.ok()? == json!(true)).then_some(());
        wait_for(there, SOON, selector).await
    }
}
