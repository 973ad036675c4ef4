//! The system tells the person when only they can go on.

use keydesk_support::{Notifications, Outcome, Told, wait_for};
use serde_json::json;

use crate::stage::{SOON, Stage};

#[tokio::test]
async fn a_login_that_ended_is_told_once_by_the_systems_notifications() -> Outcome {
    let stage = Stage::new().await?;
    let notifications = Notifications::serve(&stage.desktop)?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    stage.sandbox.revoke_all();
    for _ in 0..2 {
        let _ = stage.app.invoke_raw("renew_token", json!({"connection": connection})).await?;
    }
    stage.token_is(&connection, "login_needed").await?;
    let told = async || Some(notifications.told()).filter(|told| !told.is_empty());
    let told = wait_for(told, SOON, "the notification").await?;
    let body = "The login has ended. Log in again.".to_owned();
    assert_eq!(told, [Told { program: "Keydesk".to_owned(), summary: "Relay".to_owned(), body }]);
    // A person who does not want to be told is not told.
    let mut settings = stage.app.invoke("read_settings", json!({})).await?;
    settings["notify"] = json!(false);
    stage.app.invoke("save_settings", json!({"settings": settings})).await?;
    stage.log_in(&connection).await?;
    stage.token_is(&connection, "fresh").await?;
    stage.sandbox.revoke_all();
    let _ = stage.app.invoke_raw("renew_token", json!({"connection": connection})).await?;
    stage.token_is(&connection, "login_needed").await?;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(notifications.told().len(), 1);
    Ok(())
}
