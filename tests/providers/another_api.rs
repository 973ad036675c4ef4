//! Any other API: OAuth 2 by discovery, API keys, Basic. The facts are those of the RFCs, which each test names; section 6
//! says what an API of several kinds needs.

use std::collections::BTreeMap;

use keydesk_core::{ErrorCode, LoginState, LoginView, ReceiveBy, RenewalKind, TokenState};
use keydesk_support::Answer;
use serde_json::{Value, json};
use url::Url;

use crate::stage::{Stage, basic, epoch_in, jwt, ok, parameter};
use crate::wanted::{ANY, Wanted, get, post};

pub const TOKEN: &str = "/oauth/token";
pub const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";
const SECRET: &str = "a:b%c+e";
/// RFC 6749 section 2.3.1: both parts are encoded as in a form before the base64.
const ENCODED_SECRET: &str = "a%3Ab%25c%2Be";

pub async fn api() -> Stage {
    Stage::of("another-api", &[("base_url", "{server}/v1")]).await
}

/// The metadata of an issuer on the server.
pub fn metadata(stage: &Stage, issuer_path: &str) -> Value {
    let url = |path: &str| stage.server.url(path);
    json!({
        "issuer": url(issuer_path),
        "authorization_endpoint": url("/oauth/authorize?realm=x"),
        "token_endpoint": url(TOKEN),
        "device_authorization_endpoint": url("/oauth/device"),
        "unknown": ["x"],
    })
}

/// With an issuer that answers where OpenID Connect has it.
pub async fn with_issuer() -> Stage {
    let stage = api().await;
    stage.server.always(OPENID, ok(&metadata(&stage, "")));
    stage
}

pub fn discovery() -> Wanted {
    get(OPENID)
}

/// How the client says who it is: what is typed, the header, what stands in the body.
struct Registration {
    typed: &'static [(&'static str, &'static str)],
    header: Option<(&'static str, &'static str)>,
    body: &'static [(&'static str, &'static str)],
}

/// Public; confidential by Basic, which is the usual way; confidential in the body.
const REGISTRATIONS: [Registration; 3] = [
    Registration { typed: &[], header: None, body: &[("client_id", "the client:1")] },
    Registration { typed: &[("client_secret", SECRET)], header: Some(("the+client%3A1", ENCODED_SECRET)), body: &[] },
    Registration {
        typed: &[("client_secret", SECRET), ("client_authentication", "body")],
        header: None,
        body: &[("client_id", "the client:1"), ("client_secret", SECRET)],
    },
];

impl Registration {
    fn typed(&self, more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
        [&[("issuer", "{server}"), ("client_id", "the client:1")], self.typed, more].concat()
    }

    fn asks(&self, pairs: &[(&str, &str)]) -> Wanted {
        let wanted = post(TOKEN).form(&[pairs, self.body].concat());
        match self.header {
            Some((id, secret)) => wanted.header("Authorization", &basic(id, secret)),
            None => wanted,
        }
    }
}

fn presented(token: &str) -> Wanted {
    get("/v1/me").header("Authorization", &format!("Bearer {token}"))
}

/// RFC 8414 section 3.1, OpenID Connect Discovery section 4: both places, also for an issuer with a path.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_finds_its_endpoints_at_either_well_known_address() {
    for (issuer, places, found) in [
        ("", [OPENID, OAUTH], 0),
        ("", [OPENID, OAUTH], 1),
        ("/", [OPENID, OAUTH], 1),
        ("/tenant", ["/tenant/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/tenant"], 0),
        ("/tenant", ["/tenant/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/tenant"], 1),
    ] {
        let stage = api().await;
        stage.server.always(places[found], ok(&metadata(&stage, issuer)));
        let fields = [("issuer", format!("{{server}}{issuer}")), ("client_id", "c".to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let login = stage.start("browser", &fields, ReceiveBy::Paste).await.unwrap();
        let looked: Vec<Wanted> = places[..=found].iter().map(|place| get(place)).collect();
        stage.saw(&looked);
        assert!(login.authorization_url.starts_with(&stage.server.url("/oauth/authorize?realm=x&")));
    }
}

/// A9, RFC 8414 section 3.3: letter by letter. Nobody is sent anywhere, and no secret goes out.
#[tokio::test(flavor = "multi_thread")]
async fn a9_metadata_of_another_issuer_or_with_a_hostile_endpoint_is_refused_before_anything_is_sent() {
    let wrong_endpoint = |stage: &Stage, name: &str, url: &str| {
        let mut metadata = metadata(stage, "");
        metadata[name] = json!(url);
        metadata
    };
    for (change, code) in [
        (("issuer", "https://login.example"), ErrorCode::IssuerWrong),
        (("issuer", "{server}/"), ErrorCode::IssuerWrong),
        (("issuer", "{server}/tenant"), ErrorCode::IssuerWrong),
        (("token_endpoint", "http://login.example/token"), ErrorCode::DiscoveryFailed),
        (("authorization_endpoint", "file:///etc/passwd"), ErrorCode::DiscoveryFailed),
    ] {
        let stage = api().await;
        let value = change.1.replace("{server}", &stage.server.url(""));
        stage.server.always(OPENID, ok(&wrong_endpoint(&stage, change.0, &value)));
        let fields = REGISTRATIONS[1].typed(&[]);
        let browser = stage.start("browser", &fields, ReceiveBy::Paste).await.unwrap_err();
        let at_once = stage.log_in("client_credentials", &fields, &[]).await.unwrap_err();
        assert_eq!((browser.code, at_once.code), (code, code), "{change:?}");
        assert!(stage.person.opened.lock().unwrap().is_empty());
        stage.saw(&[discovery(), discovery()]);
        stage.kept_nothing();
    }
}

/// RFC 8414 section 3: an issuer that has no metadata is told by its field.
#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_without_metadata_is_told() {
    let stage = api().await;
    let error = stage.log_in("client_credentials", &REGISTRATIONS[1].typed(&[]), &[]).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::DiscoveryFailed, Some("issuer")));
    stage.saw(&[get(OPENID), get(OAUTH)]);
}

/// RFC 8414 section 2: an issuer that does not offer an endpoint is told by that endpoint's name.
#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_names_no_endpoint_for_a_login_with_a_browser_is_told() {
    let stage = api().await;
    stage.server.always(OPENID, ok(&json!({"issuer": stage.server.url("")})));
    let fields = [("issuer", "{server}"), ("client_id", "c")];
    for (login, named) in [("browser", "authorization endpoint"), ("device_code", "device authorization endpoint")] {
        let error = stage.start(login, &fields, ReceiveBy::Paste).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::DiscoveryFailed);
        assert!(error.message.contains(named), "{}", error.message);
    }
}

/// The same for a login without a browser.
#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_names_no_token_endpoint_for_a_login_at_once_is_told() {
    let person = [("username", "alice"), ("password", "the-password")];
    for (login, more) in [("client_credentials", &[][..]), ("password", &person)] {
        let stage = api().await;
        stage.server.always(OPENID, ok(&json!({"issuer": stage.server.url("")})));
        let fields = [&[("issuer", "{server}"), ("client_id", "c"), ("client_secret", SECRET)], more].concat();
        let error = stage.log_in(login, &fields, &[]).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::DiscoveryFailed, "{}", error.message);
        assert!(error.message.contains("token endpoint"), "{}", error.message);
    }
}

fn id_token(stage: &Stage, login: &LoginView, issuer: &str) -> String {
    let issuer = if issuer.is_empty() { stage.server.url("") } else { issuer.to_owned() };
    let nonce = parameter(login, "nonce");
    jwt(&json!({"iss": issuer, "aud": "the client:1", "exp": epoch_in(300), "nonce": nonce, "name": "Alice Ames"}))
}

/// RFC 6749 sections 2.3.1, 4.1.3 and 6: D3, D4, D5, for each way to say who asks, at the exchange and at the refresh.
#[tokio::test(flavor = "multi_thread")]
async fn d3_d4_d5_code_and_refresh_token_are_sent_with_the_client_as_it_is_registered() {
    for registration in REGISTRATIONS {
        let stage = with_issuer().await;
        let fields = registration.typed(&[("redirect_uri", "https://bridge.example/callback")]);
        let login = stage.start("browser", &fields, ReceiveBy::Paste).await.unwrap();
        let id_token = id_token(&stage, &login, "");
        let first = json!({"access_token": "access-1", "refresh_token": "refresh-1", "id_token": id_token,
            "expires_in": 600, "token_type": "bearer"});
        stage.server.answer(TOKEN, ok(&first));
        stage.server.answer(TOKEN, ok(&json!({"access_token": "access-2", "refresh_token": "refresh-2"})));
        stage.server.answer(TOKEN, ok(&json!({"access_token": "access-3"})));
        stage.server.answer(TOKEN, ok(&json!({"access_token": "access-4"})));
        let over = stage.redirected(&login, "code=the-code").await;
        assert_eq!(over.state, LoginState::Done, "{:?}", over.error);
        let exchange = [
            ("grant_type", "authorization_code"),
            ("code", "the-code"),
            ("redirect_uri", "https://bridge.example/callback"),
            ("code_verifier", ANY),
        ];
        stage.saw(&[discovery(), registration.asks(&exchange)]);
        assert_eq!(stage.view().identity.as_deref(), Some("Alice Ames"));
        assert_eq!(stage.lifetime(), Some(600));
        // E4: a new one replaces the old, and none keeps it. The endpoint is not looked for again.
        for token in ["refresh-1", "refresh-2", "refresh-2"] {
            stage.renew().await.unwrap();
            stage.saw(&[registration.asks(&[("grant_type", "refresh_token"), ("refresh_token", token)])]);
        }
        stage.get("/me").await;
        stage.saw(&[presented("access-4")]);
        stage.wrote_nowhere(SECRET).await;
    }
}

/// RFC 8252 section 7.3: a redirect URI without a port gets one, the same in both legs (D5), and the browser of the
/// system is sent there.
#[tokio::test(flavor = "multi_thread")]
async fn d5_the_port_that_is_listened_on_stands_in_both_legs() {
    let stage = with_issuer().await;
    stage.server.always(TOKEN, ok(&json!({"access_token": "access-1", "scope": "read"})));
    let login = stage.start("browser", &REGISTRATIONS[0].typed(&[("scope", "read write")]), ReceiveBy::Loopback).await;
    let login = login.unwrap();
    let over = stage.over(&login).await;
    assert_eq!(over.state, LoginState::Done, "{:?}", over.error);
    let opened = stage.person.opened.lock().unwrap().clone();
    assert_eq!(opened, [Url::parse(&login.authorization_url).unwrap()]);
    let query: BTreeMap<_, _> = opened[0].query_pairs().into_owned().collect();
    assert!(query["redirect_uri"].starts_with("http://127.0.0.1:"));
    assert_eq!((query["scope"].as_str(), query["realm"].as_str()), ("read write", "x"));
    let exchange = [
        ("grant_type", "authorization_code"),
        ("code", "the-code"),
        ("redirect_uri", query["redirect_uri"].as_str()),
        ("code_verifier", ANY),
    ];
    stage.saw(&[discovery(), REGISTRATIONS[0].asks(&exchange)]);
    // RFC 6749 section 5.1: other than what was asked for.
    assert_eq!((stage.token().scope.as_deref(), stage.token().scope_differs), (Some("read"), true));
}

/// A6, OpenID Connect Core section 3.1.3.7: before anything is kept.
#[tokio::test(flavor = "multi_thread")]
async fn a6_an_id_token_of_another_issuer_keeps_nothing() {
    let stage = with_issuer().await;
    let login = stage.start("browser", &REGISTRATIONS[0].typed(&[]), ReceiveBy::Paste).await.unwrap();
    let id_token = id_token(&stage, &login, "https://login.example");
    stage.server.always(TOKEN, ok(&json!({"access_token": "access-1", "id_token": id_token})));
    let over = stage.redirected(&login, "code=the-code").await;
    assert_eq!(over.error.unwrap().code, ErrorCode::IdTokenWrong);
    stage.kept_nothing();
}

/// A7, RFC 9207: a response of another issuer, or of none though it was promised, is not exchanged.
#[tokio::test(flavor = "multi_thread")]
async fn a7_a_redirect_of_another_issuer_is_not_exchanged() {
    for (promised, response) in [
        (false, "code=the-code&iss=https%3A%2F%2Flogin.example"),
        (true, "code=the-code&iss=https%3A%2F%2Flogin.example"),
        (true, "code=the-code"),
    ] {
        let stage = api().await;
        let mut metadata = metadata(&stage, "");
        metadata["authorization_response_iss_parameter_supported"] = json!(promised);
        stage.server.always(OPENID, ok(&metadata));
        let login = stage.start("browser", &REGISTRATIONS[1].typed(&[]), ReceiveBy::Paste).await.unwrap();
        let over = stage.redirected(&login, response).await;
        assert_eq!(over.error.unwrap().code, ErrorCode::IssuerWrong);
        stage.saw(&[discovery()]);
    }
}

/// RFC 6749 section 4.4: no refresh token is needed, for the secret is kept; an empty scope is left out.
#[tokio::test(flavor = "multi_thread")]
async fn d4_client_credentials_are_asked_for_again_when_the_token_has_ended() {
    for registration in &REGISTRATIONS[1..] {
        for scope in [&[("scope", "read write")][..], &[]] {
            let stage = with_issuer().await;
            stage.server.answer(TOKEN, ok(&json!({"access_token": "access-1", "expires_in": 60})));
            stage.server.answer(TOKEN, ok(&json!({"access_token": "access-2", "expires_in": 60})));
            let view = stage.log_in("client_credentials", &registration.typed(scope), &[]).await.unwrap();
            assert_eq!((view.token.renewal, view.kept), (RenewalKind::Repeat, vec!["client_secret".to_owned()]));
            let asks = || registration.asks(&[&[("grant_type", "client_credentials")], scope].concat());
            stage.saw(&[discovery(), asks()]);
            stage.past_the_end(1);
            stage.get("/me").await;
            stage.saw(&[asks(), presented("access-2")]);
            stage.wrote_nowhere(SECRET).await;
        }
    }
}

/// RFC 6749 section 4.3: with a refresh token it is refreshed; without one the request is sent again, where the password
/// was kept (D13).
#[tokio::test(flavor = "multi_thread")]
async fn d13_the_password_grant_is_refreshed_or_repeated_or_asks_to_log_in() {
    const PASSWORD: &str = "p&ss wörd=1";
    let person = [("username", "alice"), ("password", PASSWORD)];
    for (typed, body) in [
        (&[][..], &[("client_id", "the client:1")][..]),
        (&[("client_secret", SECRET)], &[("client_id", "the client:1"), ("client_secret", SECRET)]),
    ] {
        for (refresh_token, keep, renewal) in [
            (Some("refresh-1"), &[][..], RenewalKind::Request),
            (None, &["password"], RenewalKind::Repeat),
            (None, &[], RenewalKind::None),
        ] {
            let stage = with_issuer().await;
            let first = json!({"access_token": "access-1", "expires_in": 600, "refresh_token": refresh_token});
            stage.server.answer(TOKEN, ok(&first));
            stage.server.answer(TOKEN, ok(&json!({"access_token": "access-2", "expires_in": 600})));
            let fields = [&[("issuer", "{server}"), ("client_id", "the client:1")], typed, &person[..]].concat();
            let view = stage.log_in("password", &fields, keep).await.unwrap();
            assert_eq!(view.token.renewal, renewal, "{refresh_token:?} {keep:?}");
            let asks = |pairs: &[(&str, &str)]| post(TOKEN).form(&[pairs, body].concat());
            let login = || asks(&[&[("grant_type", "password")], &person[..]].concat());
            stage.saw(&[discovery(), login()]);
            stage.past_the_end(1);
            let outcome = stage.call("GET", "/me", None).await;
            match renewal {
                RenewalKind::Request => {
                    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "refresh-1")];
                    stage.saw(&[asks(&refresh), presented("access-2")]);
                }
                RenewalKind::Repeat => stage.saw(&[login(), presented("access-2")]),
                _ => {
                    assert_eq!(outcome.unwrap_err().code, ErrorCode::LoginNeeded);
                    stage.saw(&[]);
                }
            }
            stage.wrote_nowhere(PASSWORD).await;
        }
    }
}

/// RFC 6749 section 5.2: what each name means at a first login. Nothing is kept.
#[tokio::test(flavor = "multi_thread")]
async fn d12_the_errors_of_a_token_endpoint_are_told_apart() {
    for (status, body, code) in [
        (400, json!({"error": "invalid_grant"}), ErrorCode::CredentialsRefused),
        (401, json!({"error": "invalid_client"}), ErrorCode::ClientRefused),
        (400, json!({"error": "unauthorized_client"}), ErrorCode::ClientRefused),
        (400, json!({"error": "invalid_scope"}), ErrorCode::AuthorizationRefused),
        (200, json!({"error": "invalid_request"}), ErrorCode::AuthorizationRefused),
        (200, json!({"access_token": "a", "token_type": "DPoP"}), ErrorCode::TokenTypeUnknown),
        (200, json!({"access_token": ""}), ErrorCode::BlankToken),
        (503, json!({"error": "temporarily_unavailable"}), ErrorCode::ServerFailed),
    ] {
        let stage = with_issuer().await;
        stage.server.always(TOKEN, Answer::json(status, &body));
        let error = stage.log_in("client_credentials", &REGISTRATIONS[1].typed(&[]), &[]).await.unwrap_err();
        assert_eq!(error.code, code, "{body}");
        stage.kept_nothing();
    }
}

/// RFC 6749 section 5.2: at a refresh `invalid_grant` ends the login; anything else leaves it (E7).
#[tokio::test(flavor = "multi_thread")]
async fn e7_only_invalid_grant_ends_a_login() {
    for (status, error, code, state) in [
        (400, "invalid_grant", ErrorCode::TokenRefused, TokenState::LoginNeeded),
        (401, "invalid_client", ErrorCode::ClientRefused, TokenState::Fresh),
        (503, "server_error", ErrorCode::ServerFailed, TokenState::Fresh),
    ] {
        let stage = with_issuer().await;
        let first = json!({"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 7200});
        stage.server.answer(TOKEN, ok(&first));
        stage.server.answer(TOKEN, Answer::json(status, &json!({"error": error})));
        stage.log_in_by_browser("browser", &REGISTRATIONS[1].typed(&[("scope", "")])).await;
        assert_eq!(stage.renew().await.unwrap_err().code, code);
        assert_eq!((stage.token().state, stage.token().has_refresh_token), (state, true));
    }
}

/// Section 6, item 2: a key in a header of choice, after a word of choice, or in the address; and Basic (RFC 7617).
#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_presented_where_the_person_says() {
    const KEY: &str = "key+/=&%20";
    const AUTHORIZATION: [(&str, &str); 3] =
        [("token", KEY), ("key_header", "Authorization"), ("key_prefix", "ApiKey")];
    let me = |name: &str, value: &str| get("/v1/me").header(name, value);
    let person = [("username", "alice"), ("password", "ümlaut:ß+%")];
    for (login, fields, wanted) in [
        ("api_key", &[("token", KEY)][..], me("X-API-Key", KEY)),
        ("api_key", &[("token", KEY), ("key_header", "X-Token"), ("key_prefix", "")], me("X-Token", KEY)),
        ("api_key", &AUTHORIZATION, me("Authorization", &format!("ApiKey {KEY}"))),
        ("api_key_query", &[("token", KEY)], get("/v1/me").query(&[("api_key", KEY)])),
        ("api_key_query", &[("token", KEY), ("key_parameter", "k")], get("/v1/me").query(&[("k", KEY)])),
        ("basic", &person[..], me("Authorization", &basic("alice", "ümlaut:ß+%"))),
    ] {
        let stage = api().await;
        let view = stage.log_in(login, fields, &[]).await.unwrap();
        assert_eq!((view.token.expires_at, view.token.renewable), (None, false));
        stage.get("/me").await;
        stage.saw(&[wanted]);
        stage.wrote_nowhere(KEY).await;
        stage.wrote_nowhere("key%2B%2F").await;
        stage.wrote_nowhere("ümlaut:ß+%").await;
    }
    let stage = api().await;
    stage.log_in("api_key_query", &[("token", KEY)], &[]).await.unwrap();
    stage.get("/me?page=2").await;
    stage.saw(&[get("/v1/me").query(&[("page", "2"), ("api_key", KEY)])]);
    // RFC 7617 section 2: a name with a colon could not be told from its password.
    let error = stage.log_in("basic", &[("username", "a:b"), ("password", "x")], &[]).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("username")));
}
