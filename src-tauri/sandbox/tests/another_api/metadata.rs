use keydesk_sandbox::offers;

use crate::client::{Client, read, text};

#[tokio::test]
async fn both_well_known_addresses_say_the_same() {
    let client = Client::new().await;
    let (status, discovery) = read(client.get("/oauth/.well-known/openid-configuration")).await;
    assert_eq!(status, 200);
    let (_, metadata) = read(client.get("/.well-known/oauth-authorization-server/oauth")).await;
    assert_eq!(discovery, metadata);
    assert_eq!(discovery["issuer"], client.at("/oauth"));
    assert_eq!(discovery["authorization_response_iss_parameter_supported"], true);
    assert_eq!(discovery["code_challenge_methods_supported"][0], "S256");
}

#[tokio::test]
async fn every_endpoint_that_is_named_is_there() {
    let client = Client::new().await;
    let (_, metadata) = read(client.get("/oauth/.well-known/openid-configuration")).await;
    for (name, value) in metadata.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let path = text(value).strip_prefix(client.sandbox.url()).unwrap();
            let status = client.get(path).send().await.unwrap().status();
            assert_ne!(status, 404, "{name}");
        }
    }
}

#[tokio::test]
async fn offer_names_every_login() {
    let client = Client::new().await;
    let offers = offers(client.sandbox.url());
    let offer = offers.iter().find(|offer| offer.provider == "another-api").unwrap();
    assert_eq!(offer.label, "Another API");
    assert_eq!(offer.parameters["base_url"], client.at("/oauth/api"));
    assert_eq!(offer.logins["browser"]["issuer"], client.at("/oauth"));
    assert_eq!(offer.logins["client_credentials"]["client_secret"], "a:b%c+e");
    let logins: Vec<_> = offer.logins.keys().map(String::as_str).collect();
    let all = ["api_key", "api_key_query", "basic", "browser", "client_credentials", "device_code", "password"];
    assert_eq!(logins, all);
}
