//! F1, F9: plants secrets that occur nowhere else and looks for them in all that was written.

use keydesk_core::{FieldValue, LogIn, Secret};
use keydesk_support::{Answer, Canary, FakeServer};
use serde_json::json;

use crate::house::House;

const PASTED: &str = "canary-pasted-5d1f7c02a9";
const ACCESS: &str = "canary-access-8c20be11f3";
const REFRESH: &str = "canary-refresh-0b7e44d9aa";
const ID: &str = "canary-id-token-77aa10fe2c";

#[tokio::test(flavor = "multi_thread")]
async fn f1_f9_no_secret_is_in_any_file_error_or_activity() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let tokens = json!({"access_token": ACCESS, "refresh_token": REFRESH, "id_token": ID, "expires_in": 7200});
    server.answer("/legacy/oauth2/token", Answer::json(200, &tokens));
    // Then the server repeats what it was sent, in every place that it can.
    let echo = json!({"error": "invalid_grant", "error_description": format!("bad {REFRESH}")});
    server.always("/legacy/oauth2/token", Answer::json(400, &echo));
    server.always("/api/ibot/authz_context", Answer::json(200, &json!([{"subscriber_id": "s"}])));
    server.always("/api/ibot/workflow", Answer::json(401, &json!({"message": format!("bad {ACCESS}")})));
    let connection = house.connect_to(&server);
    let import = |token: &str| LogIn {
        connection: connection.id.clone(),
        login: "refresh_token".to_owned(),
        fields: [("token".to_owned(), Secret::new(token))].into(),
        keep: Vec::new(),
    };
    house.keydesk.log_in(import(PASTED)).await.unwrap();
    let run = house.run(&connection, "workflows", &[("device", FieldValue::Text(String::new()))]).await;
    let refused = house.keydesk.log_in(import(PASTED)).await.unwrap_err();
    let renewal = house.keydesk.renew_token(&connection.id).await.unwrap_err();
    let seen = format!(
        "{run:?} {refused:?} {renewal:?} {:?} {:?}",
        house.view(&connection),
        house.activity(&connection).await
    );
    let details = house.keydesk.read_token(&connection.id).await.unwrap();
    let seen = format!("{seen} {details:?}");
    let canaries: Vec<Canary> = [("pasted", PASTED), ("access", ACCESS), ("refresh", REFRESH), ("id", ID)]
        .map(|(name, secret)| Canary::new(name, secret).unwrap())
        .into();
    for canary in &canaries {
        assert!(canary.forms_in(seen.as_bytes()).is_empty(), "{canary:?}");
    }
    Canary::must_be_nowhere(house.home.path(), &canaries).unwrap();
}
