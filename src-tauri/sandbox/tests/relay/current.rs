use keydesk_sandbox::{Options, PASSWORD, USERNAME};
use serde_json::{Value, json};

use crate::client::{CLIENT_ID, CURRENT, Client, REDIRECT_URI, VERIFIER, claims, parameters, target, text};

const CONTEXT: &str = "/relay/api/ibot/authz_context";

#[tokio::test]
async fn login_gives_tokens_that_the_api_takes() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 7200);
    assert_eq!(tokens["scope"], "openid profile offline_access");
    assert_eq!(tokens["not-before-policy"], 0);
    assert_eq!(tokens["refresh_expires_in"], 0);
    let (status, body) = client.ask(CONTEXT, text(&tokens["access_token"])).await;
    assert_eq!(status, 200);
    assert_eq!(body, json!([{ "subscriber_id": "ee4547e0-aaef-4956-b853-ad0123456789" }]));
}

#[tokio::test]
async fn tokens_carry_the_claims_that_clients_read() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    let access = claims(&tokens["access_token"]);
    let issuer = client.at("/relay/auth/realms/Relay");
    assert_eq!(access["iss"], issuer);
    assert_eq!(access["typ"], "Bearer");
    assert_eq!(access["azp"], CLIENT_ID);
    assert_eq!(access["preferred_username"], USERNAME);
    assert_eq!(access["given_name"], "Alice");
    let lifetime = access["exp"].as_u64().unwrap() - access["iat"].as_u64().unwrap();
    assert_eq!(lifetime, 7200);
    let id = claims(&tokens["id_token"]);
    assert_eq!(id["aud"], CLIENT_ID);
    assert_eq!(id["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(id["email"], USERNAME);
    assert_eq!(id["iss"], issuer);
    assert_eq!(id["exp"].as_u64().unwrap() - id["iat"].as_u64().unwrap(), 7200);
}

#[tokio::test]
async fn metadata_names_the_endpoints_that_are_there() {
    let client = Client::of(CURRENT).await;
    let path = "/relay/auth/realms/Relay/.well-known/openid-configuration";
    let (status, metadata) = client.ask(path, "").await;
    assert_eq!(status, 200);
    assert_eq!(metadata["issuer"], client.at("/relay/auth/realms/Relay"));
    assert_eq!(metadata["authorization_endpoint"], client.at(CURRENT.authorization));
    assert_eq!(metadata["token_endpoint"], client.at(CURRENT.token));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    for name in ["authorization_endpoint", "end_session_endpoint", "jwks_uri"] {
        let path = text(&metadata[name]).strip_prefix(client.sandbox.url()).unwrap();
        assert_ne!(client.get(path).send().await.unwrap().status(), 404, "{name}");
    }
}

#[tokio::test]
async fn authorization_response_names_state_and_issuer() {
    let client = Client::of(CURRENT).await;
    let form = [("username", USERNAME), ("password", PASSWORD)];
    let response = client.submit(&[], &form).await;
    assert_eq!(response.status(), 302);
    assert_eq!(target(&response), REDIRECT_URI);
    let answer = parameters(&response);
    assert_eq!(answer["state"], "af0ifjsldkj");
    assert_eq!(answer["iss"], client.at("/relay/auth/realms/Relay"));
}

#[tokio::test]
async fn every_registered_redirect_uri_is_accepted() {
    let client = Client::of(CURRENT).await;
    for uri in [
        "http://auth-localredirect.relaypro.com:8079/authorization-code/callback",
        "http://auth2-localredirect.relaygo.info:8079/authorization-code/callback",
        "http://127.0.0.1/authorization-code/callback",
        "http://127.0.0.1:1/authorization-code/callback",
        "http://[::1]:65535/authorization-code/callback",
        "dev.keydesk:/callback",
    ] {
        let code = client.code(&[("redirect_uri", uri)]).await;
        let (status, _) = client.redeem_with(&code, uri, VERIFIER).await;
        assert_eq!(status, 200, "{uri}");
    }
}

#[tokio::test]
async fn unknown_client_or_redirect_uri_gets_a_page_and_no_redirect() {
    let client = Client::of(CURRENT).await;
    for otherwise in [
        ("client_id", "nobody"),
        ("client_id", ""),
        ("redirect_uri", ""),
        ("redirect_uri", "http://localhost:8079/authorization-code/callback"),
        ("redirect_uri", "http://127.0.0.1:8079/elsewhere"),
        ("redirect_uri", "http://127.0.0.1:80@evil.test/authorization-code/callback"),
        ("redirect_uri", "https://evil.test/authorization-code/callback"),
    ] {
        let response = client.open(&[otherwise]).await;
        assert_eq!(response.status(), 400, "{otherwise:?}");
        assert!(!response.headers().contains_key("location"));
    }
}

#[tokio::test]
async fn other_bad_requests_go_back_to_the_client() {
    let client = Client::of(CURRENT).await;
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("scope", "openid everything", "invalid_scope"),
    ] {
        let response = client.open(&[(name, value)]).await;
        assert_eq!(response.status(), 302, "{name}={value}");
        let answer = parameters(&response);
        assert_eq!(answer["error"], error, "{name}={value}");
        assert_eq!(answer["state"], "af0ifjsldkj");
        assert!(!answer.contains_key("code"));
    }
}

#[tokio::test]
async fn repeated_parameters_are_refused() {
    let client = Client::of(CURRENT).await;
    for (name, status) in [("client_id", 400), ("redirect_uri", 400), ("state", 302)] {
        let mut url = client.authorization_url(&[]);
        url.query_pairs_mut().append_pair(name, "again");
        let path = format!("{}?{}", CURRENT.authorization, url.query().unwrap());
        let response = client.get(&path).send().await.unwrap();
        assert_eq!(response.status(), status, "{name}");
        if status == 302 {
            assert_eq!(parameters(&response)["error"], "invalid_request");
        }
    }
}

#[tokio::test]
async fn denial_goes_back_to_the_client() {
    let client = Client::of(CURRENT).await;
    let response = client.submit(&[], &[("answer", "deny")]).await;
    let answer = parameters(&response);
    assert_eq!(answer["error"], "access_denied");
    assert_eq!(answer["state"], "af0ifjsldkj");
}

#[tokio::test]
async fn wrong_verifier_is_invalid_grant() {
    let client = Client::of(CURRENT).await;
    for verifier in ["", "short", &"a".repeat(43), &"a".repeat(200)] {
        let code = client.code(&[]).await;
        let (status, body) = client.redeem_with(&code, REDIRECT_URI, verifier).await;
        assert_eq!(status, 400);
        assert_eq!(body["error"], "invalid_grant");
        assert!(body["access_token"].is_null());
    }
}

#[tokio::test]
async fn other_redirect_uri_in_the_second_leg_is_invalid_grant() {
    let client = Client::of(CURRENT).await;
    for uri in ["", "http://127.0.0.1:49153/authorization-code/callback"] {
        let code = client.code(&[]).await;
        let (status, body) = client.redeem_with(&code, uri, VERIFIER).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    }
}

#[tokio::test]
async fn second_use_of_a_code_revokes_what_the_first_gave() {
    let client = Client::of(CURRENT).await;
    let code = client.code(&[]).await;
    let (_, tokens) = client.redeem(&code).await;
    let (status, body) = client.redeem(&code).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    let (status, _) = client.ask(CONTEXT, text(&tokens["access_token"])).await;
    assert_eq!(status, 401);
    let (status, body) = client.refresh(text(&tokens["refresh_token"])).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn refresh_token_rotates_and_its_reuse_ends_the_family() {
    let client = Client::of(CURRENT).await;
    let first = client.log_in().await;
    let (status, second) = client.refresh(text(&first["refresh_token"])).await;
    assert_eq!(status, 200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["access_token"], second["access_token"]);
    let (status, third) = client.refresh(text(&second["refresh_token"])).await;
    assert_eq!(status, 200);

    let (status, body) = client.refresh(text(&first["refresh_token"])).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    let (status, _) = client.refresh(text(&third["refresh_token"])).await;
    assert_eq!(status, 400);
    let (status, _) = client.ask(CONTEXT, text(&third["access_token"])).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn without_rotation_the_refresh_token_comes_back() {
    let options = Options { rotate: false, ..Options::default() };
    let client = Client::with(CURRENT, options).await;
    let first = client.log_in().await;
    for _ in 0..2 {
        let (status, again) = client.refresh(text(&first["refresh_token"])).await;
        assert_eq!(status, 200);
        assert_eq!(first["refresh_token"], again["refresh_token"]);
    }
}

#[tokio::test]
async fn refresh_token_comes_only_with_offline_access() {
    let client = Client::of(CURRENT).await;
    let code = client.code(&[("scope", "openid profile")]).await;
    let (_, tokens) = client.redeem(&code).await;
    assert!(tokens["refresh_token"].is_null());
    let code = client.code(&[("scope", "offline_access")]).await;
    let (_, tokens) = client.redeem(&code).await;
    assert!(tokens["refresh_token"].is_string());
    assert!(tokens["id_token"].is_null());
}

#[tokio::test]
async fn refresh_token_is_bound_to_its_client() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    let form =
        [("grant_type", "refresh_token"), ("client_id", "83756T4P"), ("refresh_token", text(&tokens["refresh_token"]))];
    let (status, body) = client.token(&form).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    let (status, _) = client.refresh(text(&tokens["refresh_token"])).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn token_endpoint_names_what_is_wrong() {
    let client = Client::of(CURRENT).await;
    let errors = [
        (vec![], 400, "invalid_request"),
        (vec![("grant_type", "password")], 400, "unsupported_grant_type"),
        (vec![("grant_type", "refresh_token")], 401, "invalid_client"),
        (vec![("grant_type", "refresh_token"), ("client_id", "nobody")], 401, "invalid_client"),
        (vec![("grant_type", "refresh_token"), ("client_id", CLIENT_ID)], 400, "invalid_request"),
        (vec![("grant_type", "a"), ("grant_type", "a")], 400, "invalid_request"),
    ];
    for (form, status, error) in errors {
        let (answered, body) = client.token(&form).await;
        assert_eq!((answered, &body["error"]), (status, &json!(error)), "{form:?}");
    }
}

#[tokio::test]
async fn token_endpoint_wants_a_form_and_forbids_storing() {
    let client = Client::of(CURRENT).await;
    let response = client.post(CURRENT.token).json(&json!({ "grant_type": "refresh_token" })).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"], "invalid_request");
}

#[tokio::test]
async fn logout_returns_to_a_registered_address_only() {
    let client = Client::of(CURRENT).await;
    let path = "/relay/auth/realms/Relay/protocol/openid-connect/logout";
    let known = "http://127.0.0.1:8079/end-session/callback";
    let query = [("post_logout_redirect_uri", known), ("state", "s")];
    let response = client.get(path).query(&query).send().await.unwrap();
    assert_eq!(response.headers()["location"], format!("{known}?state=s"));
    let query = [("post_logout_redirect_uri", "https://evil.test/")];
    let response = client.get(path).query(&query).send().await.unwrap();
    assert_eq!(response.status(), 400);
    let response = client.get(path).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn logout_ends_the_session_but_not_the_offline_tokens() {
    let client = Client::of(CURRENT).await;
    let path = "/relay/auth/realms/Relay/protocol/openid-connect/logout";
    for (scope, after) in [("openid", 401), ("openid offline_access", 200)] {
        let code = client.code(&[("scope", scope)]).await;
        let (_, tokens) = client.redeem(&code).await;
        let query = [("id_token_hint", text(&tokens["id_token"]))];
        client.get(path).query(&query).send().await.unwrap();
        let (status, _) = client.ask(CONTEXT, text(&tokens["access_token"])).await;
        assert_eq!(status, after, "{scope}");
    }
}
