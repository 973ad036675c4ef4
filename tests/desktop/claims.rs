//! Claims that explain, in the real window: a signature checked, two tokens compared, and why a server refused.

use keydesk_support::{Outcome, Query};
use serde_json::json;

use crate::pictures::{dress, picture};
use crate::stage::{SOON, Stage};

/// RFC 7515 appendix A.3: signed with ES256, ended in 2011.
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
/// The same header; other claims: `{"iss":"joe","aud":"desk","exp":4102444800}`.
const OTHER: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLCJhdWQiOiJkZXNrIiwiZXhwIjo0MTAyNDQ0ODAwfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// What is seen now, in both themes.
pub async fn looks_good(stage: &Stage, name: &str) -> Outcome {
    for theme in ["dark", "light"] {
        dress(&stage.app, theme).await?;
        stage.app.axe_finds_nothing(&format!("{name}, {theme}")).await?;
    }
    picture(&stage.app, name).await
}

async fn open_inspector(stage: &Stage) -> Outcome {
    stage.app.click(&Query::pressable("Token inspector").within("nav, aside")).await?;
    stage.app.find(&Query::heading("Token inspector")).await?;
    Ok(())
}

#[tokio::test]
async fn g3_a_pasted_token_is_verified_with_a_jwk_and_its_time_is_another_verdict() -> Outcome {
    let stage = Stage::new().await?;
    open_inspector(&stage).await?;
    stage.paste(&Query::field("Token"), TOKEN).await?;
    stage.app.press_button("Check the signature...").await?;
    stage.paste(&Query::field("Public key, certificate, JWK or JWKS"), KEY).await?;
    stage.app.press_button("Check").await?;
    stage.app.text_appears("The signature holds", SOON).await?;
    stage.app.text_appears("Its time is over", SOON).await?;
    looks_good(&stage, "token-verified").await?;

    stage.paste(&Query::field("Token"), &TOKEN.replace("DtEhU3", "DtEhU4")).await?;
    stage.app.text_appears("Signature not checked", SOON).await?;
    // The key went with the token that it was for.
    stage.app.press_button("Check the signature...").await?;
    stage.paste(&Query::field("Public key, certificate, JWK or JWKS"), KEY).await?;
    stage.app.press_button("Check").await?;
    stage.app.text_appears("The signature does not hold", SOON).await?;
    looks_good(&stage, "token-not-verified").await
}

#[tokio::test]
async fn two_pasted_tokens_are_compared_claim_by_claim() -> Outcome {
    let stage = Stage::new().await?;
    open_inspector(&stage).await?;
    stage.app.click(&Query::tab("Compare two")).await?;
    stage.paste(&Query::field("First token, pasted"), TOKEN).await?;
    stage.paste(&Query::field("Second token, pasted"), OTHER).await?;
    stage.app.text_appears("Only in the second", SOON).await?;
    stage.app.text_appears("Changed", SOON).await?;
    looks_good(&stage, "tokens-compared").await
}

#[tokio::test]
async fn a_403_is_explained_with_the_servers_challenge_and_the_tokens_scopes_side_by_side() -> Outcome {
    let stage = Stage::new().await?;
    let url = stage.sandbox.url();
    let offer = keydesk_sandbox::offers(url).into_iter().find(|offer| offer.provider == "another-api").unwrap();
    let parameters = json!({"base_url": format!("{url}/oauth")});
    let request = json!({"provider": "another-api", "label": null, "parameters": parameters, "sandbox": true});
    let connection = stage.app.invoke("add_connection", json!({"request": request})).await?;
    let way = "client_credentials";
    let request = json!({"connection": connection["id"], "login": way, "fields": offer.logins[way]});
    stage.app.invoke("log_in", json!({"request": request})).await?;
    stage.open_first().await?;
    // The token has no openid, which the user info endpoint wants.
    stage.app.fill(&Query::field("Path"), "/userinfo").await?;
    stage.app.press_button("Send").await?;
    stage.app.text_appears("The token lacks openid.", SOON).await?;
    stage.app.click(&Query::pressable("Why was I refused?")).await?;
    stage.app.text_appears("It answered 403.", SOON).await?;
    looks_good(&stage, "refused").await
}
