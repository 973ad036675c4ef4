//! A machine without a keychain: a file that a passphrase opens, because the person says so, and nothing lost by a wrong one.

use keydesk_support::{Canary, DesktopOptions, Keychain, Outcome, Query};

use crate::pictures::picture;
use crate::stage::{SOON, Stage};

const PASSPHRASE: &str = "canary-passphrase-52d1b0";

#[tokio::test]
async fn f1_f3_without_a_keychain_a_passphrase_opens_the_tokens_again_after_a_restart() -> Outcome {
    let stage = Stage::with(DesktopOptions::with_keychain(Keychain::Absent)).await?;
    let connection = stage.connect().await?;
    stage.app.press_button("Use a passphrase file...").await?;
    stage.app.fill(&Query::field("Passphrase"), PASSPHRASE).await?;
    stage.app.fill(&Query::field("The same once more"), PASSPHRASE).await?;
    stage.app.axe_finds_nothing("a new passphrase").await?;
    picture(&stage.app, "passphrase-new").await?;
    stage.app.press("Enter").await?;
    stage.app.text_appears("Passphrase file open", SOON).await?;
    stage.log_in(&connection).await?;
    assert_eq!(stage.connection(&connection).await?["token"]["kept_in"], "file");
    // It was just rotated: what the file has is what counts.
    stage.app.invoke("renew_token", serde_json::json!({"connection": connection})).await?;

    let stage = stage.again().await?;
    stage.app.text_appears("The passphrase file is locked", SOON).await?;
    stage.token_is(&connection, "none").await?;
    stage.app.text_appears("Open the place where tokens are kept", SOON).await?;
    let field = Query::field("Passphrase").within("main");
    stage.app.fill(&field, "wrong-passphrase").await?;
    stage.app.press("Enter").await?;
    stage.app.text_appears("That is not its passphrase", SOON).await?;
    stage.app.axe_finds_nothing("a wrong passphrase").await?;
    picture(&stage.app, "passphrase-wrong").await?;
    stage.app.fill(&field, PASSPHRASE).await?;
    stage.app.press("Enter").await?;
    stage.token_is(&connection, "fresh").await?;
    stage.app.text_appears("Passphrase file open", SOON).await?;
    stage.app.invoke("renew_token", serde_json::json!({"connection": connection})).await?;

    // Forgotten: the file is set aside, not deleted, and another one is made.
    let stage = stage.again().await?;
    stage.app.press_button("Another place...").await?;
    stage.app.press_button("Set the file aside").await?;
    stage.app.text_appears("There is no passphrase file", SOON).await?;
    picture(&stage.app, "passphrase-set-aside").await?;
    stage.app.press_button("Use a passphrase file...").await?;
    stage.app.fill(&Query::field("Passphrase"), PASSPHRASE).await?;
    stage.app.fill(&Query::field("The same once more"), PASSPHRASE).await?;
    stage.app.press("Enter").await?;
    stage.app.text_appears("Passphrase file open", SOON).await?;
    stage.log_in(&connection).await?;
    assert_eq!(stage.connection(&connection).await?["token"]["kept_in"], "file");
    Canary::must_be_nowhere(stage.desktop.root(), &[Canary::new("passphrase", PASSPHRASE)?])
}
