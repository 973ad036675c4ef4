//! Steps of the tour that send requests of one's own: an endpoint of the catalogue, a check on it, what was exchanged.

use super::Tour;
use crate::{Outcome, Query, Role, SOON};

impl Tour {
    /// At the connection to Image Relay.
    pub(super) async fn endpoint_answered(&self) -> Outcome {
        self.app.click(&Query::tab("Explorer")).await?;
        self.app.find(&Query::button("GET /users/me")).await?;
        self.app.press("Ctrl+F").await?;
        self.app.focus_on("Filter").await?;
        self.app.type_text("/folders/{folder_id}/files").await?;
        self.app.press("Enter").await?;
        self.app.fill(&Query::field("Parameter folder_id"), "3001").await?;
        self.app.press("Ctrl+Enter").await?;
        self.app.text_appears("200 OK", SOON).await
    }

    pub(super) async fn request_checked(&self) -> Outcome {
        self.app.press("Ctrl+S").await?;
        self.app.fill(&Query::field("Name").within("[role=dialog]"), "Pictures of the lobby").await?;
        self.app.press("Enter").await?;
        self.app.press_button("More for Pictures of the lobby").await?;
        self.app.click(&Query::new(Role::MenuItem, "Check on a schedule...")).await?;
        self.app.call("[role=dialog] input[value=exist]", "click").await?;
        self.app.fill(&Query::field("Place"), "/0/id").await?;
        self.app.press("Ctrl+Enter").await?;
        self.app.text_appears("is checked from now on", SOON).await?;
        self.app.press("Alt+C").await?;
        self.app.text_appears("Good", SOON).await
    }

    pub(super) async fn exchange_found(&self) -> Outcome {
        self.app.press_button("Activity").await?;
        self.app.click(&Query::tab("Exchanges")).await?;
        self.app.fill(&Query::field("Search the exchanges"), "3001").await?;
        self.app.click(&Query::option("GET").nth(0)).await?;
        self.app.text_appears("Send again", SOON).await
    }
}
