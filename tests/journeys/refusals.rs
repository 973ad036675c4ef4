//! “Why was I refused”: the answers of a server, with tokens that are wrong in one way each.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use keydesk_core::{AddConnection, CallAnswer, CallRequest, ConnectionView, ErrorCode, Reason, Refusal, RefusedAnswer};
use keydesk_support::{Answer, FakeServer};
use serde_json::{Value, json};

use crate::house::House;
use crate::signatures::signer::encode;

const SECRET: &str = "canary-client-secret-5510";

/// A JWT with these claims. Nobody looks at its signature.
fn jwt(claims: &Value) -> String {
    format!("{}.{}.{}", encode(r#"{"alg":"RS256"}"#), encode(claims.to_string()), encode("canary-signature-91aa"))
}

struct Stage {
    house: House,
    server: FakeServer,
    connection: ConnectionView,
}

impl Stage {
    /// A connection whose token is pasted, and presented as `Authorization: Bearer`.
    async fn with(token: &str) -> Self {
        let fields = [("token", token), ("key_header", "Authorization"), ("key_prefix", "Bearer")];
        Self::logged_in("api_key", &fields, None).await
    }

    /// A connection whose login gave this, at an issuer on this machine.
    async fn given(answer: &Value) -> Self {
        Self::logged_in("client_credentials", &[("client_id", "c"), ("client_secret", SECRET)], Some(answer)).await
    }

    async fn logged_in(login: &str, fields: &[(&str, &str)], answer: Option<&Value>) -> Self {
        let (house, server) = (House::new(), FakeServer::start().await.unwrap());
        let parameters = BTreeMap::from([("base_url".to_owned(), server.url("/api"))]);
        let provider = "another-api".to_owned();
        let request = AddConnection { provider, label: None, parameters, ca: None, sandbox: false };
        let connection = house.keydesk.add_connection(request).unwrap();
        let mut fields: BTreeMap<String, String> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if let Some(answer) = answer {
            let metadata = json!({"issuer": server.url(""), "token_endpoint": server.url("/token")});
            server.always("/.well-known/openid-configuration", Answer::json(200, &metadata));
            server.always("/token", Answer::json(200, answer));
            fields.insert("issuer".to_owned(), server.url(""));
        }
        house.enter(&connection, login, &fields, &[]).await.unwrap();
        Self { house, server, connection }
    }

    async fn call(&self, answer: Answer) -> CallAnswer {
        self.server.always("/api/x", answer);
        let (connection, path) = (self.connection.id.clone(), "/x".to_owned());
        let request = CallRequest { connection, method: "GET".to_owned(), path, body: None };
        self.house.keydesk.call(&request).await.unwrap()
    }

    async fn refused(&self, answer: Answer) -> Refusal {
        self.call(answer).await.refusal.expect("a refusal")
    }

    async fn first(&self, answer: Answer) -> Reason {
        self.refused(answer).await.reasons.remove(0)
    }
}

fn unauthorized() -> Answer {
    Answer::new(401)
}

fn challenge(status: u16, value: &str) -> Answer {
    Answer::new(status).header("www-authenticate", value)
}

#[tokio::test]
async fn a_token_of_another_kind_is_told_before_all_else() {
    for (claims, expected) in [
        (json!({"typ": "Refresh", "exp": 1}), Reason::RefreshTokenUsed),
        (json!({"typ": "Offline"}), Reason::RefreshTokenUsed),
        (json!({"token_use": "refresh"}), Reason::RefreshTokenUsed),
        (json!({"typ": "ID"}), Reason::IdTokenUsed),
        (json!({"token_use": "id"}), Reason::IdTokenUsed),
        (json!({"at_hash": "x", "aud": "client"}), Reason::IdTokenUsed),
    ] {
        assert_eq!(Stage::with(&jwt(&claims)).await.first(unauthorized()).await, expected, "{claims}");
    }
    // An access token is none of them, whatever it is called.
    for claims in [json!({"typ": "Bearer"}), json!({"typ": "at+jwt", "nonce": "n"}), json!({"token_use": "access"})] {
        assert_eq!(Stage::with(&jwt(&claims)).await.first(unauthorized()).await, Reason::DeadToken, "{claims}");
    }
    // A server that gave the same for both.
    let same = json!({"access_token": "canary-same-token", "refresh_token": "canary-same-token"});
    assert_eq!(Stage::given(&same).await.first(unauthorized()).await, Reason::RefreshTokenUsed);
}

#[tokio::test]
async fn e9_a_token_that_is_over_by_the_servers_clock_is_told_so_though_it_is_good_by_ours() {
    let end = Timestamp::now() + SignedDuration::from_secs(3600);
    let token = jwt(&json!({"exp": end.as_second()}));
    let stage = Stage::with(&token).await;
    let date = |hours: i64| {
        let at = Timestamp::now() + SignedDuration::from_hours(hours);
        at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let reason = stage.first(unauthorized().header("date", &date(2))).await;
    let Reason::Expired { ended, at, by_server: true } = reason else { panic!("{reason:?}") };
    assert!(ended.as_second() == end.as_second() && at > ended);
    assert_eq!(stage.first(unauthorized().header("date", &date(0))).await, Reason::DeadToken);
    let begins = jwt(&json!({"nbf": end.as_second()}));
    let reason = Stage::with(&begins).await.first(unauthorized().header("date", &date(0))).await;
    assert!(matches!(reason, Reason::NotYetValid { by_server: true, .. }), "{reason:?}");
}

#[tokio::test]
async fn a_missing_scope_is_named_by_what_the_server_wants_and_the_token_has() {
    let missing = |names: &[&str]| Reason::MissingScope { missing: names.iter().map(|it| (*it).to_owned()).collect() };
    let wants = r#"Bearer realm="x", error="insufficient_scope", scope="read write admin""#;
    for claims in
        [json!({"scope": "read profile"}), json!({"scp": ["read"]}), json!({"realm_access": {"roles": ["read"]}})]
    {
        let refusal = Stage::with(&jwt(&claims)).await.refused(challenge(403, wants)).await;
        assert_eq!(refusal.reasons[0], missing(&["write", "admin"]), "{claims}");
        assert!(refusal.granted.contains(&"read".to_owned()));
        assert_eq!(refusal.challenges[0].parameter("realm"), Some("x"));
    }
    // What the login granted counts for a token that says nothing.
    let opaque = Stage::given(&json!({"access_token": "canary-opaque-71ce", "scope": "read write"})).await;
    assert_eq!(opaque.first(challenge(403, wants)).await, missing(&["admin"]));
    // Where nothing is known of it, what the server wants is what may be missing.
    let nothing = Stage::with("canary-opaque-33f0").await;
    assert_eq!(nothing.first(challenge(403, wants)).await, missing(&["read", "write", "admin"]));
    // A scope that is there is not missing.
    let all = Stage::with(&jwt(&json!({"scope": "read write admin"}))).await;
    assert_eq!(all.first(challenge(401, r#"Bearer scope="read""#)).await, Reason::DeadToken);
}

#[tokio::test]
async fn another_issuer_audience_or_scheme_is_told() {
    let stage = Stage::given(&json!({"access_token": jwt(&json!({"iss": "https://other.example/realm"}))})).await;
    let expected = stage.server.url("");
    assert_eq!(
        stage.first(unauthorized()).await,
        Reason::OtherIssuer { issuer: "https://other.example/realm".to_owned(), expected }
    );
    let stage = Stage::with(&jwt(&json!({"aud": ["https://other.example/api"]}))).await;
    let server = stage.server.address().to_string();
    let audience = vec!["https://other.example/api".to_owned()];
    assert_eq!(stage.first(unauthorized()).await, Reason::OtherAudience { audience, server });
    // A name is no address, and an own address is none other.
    for audience in [json!("account"), json!(["account", "https://other.example"]), json!("http://127.0.0.1/other")] {
        let stage = Stage::with(&jwt(&json!({"aud": audience}))).await;
        assert_eq!(stage.first(unauthorized()).await, Reason::DeadToken, "{audience}");
    }
    let stage = Stage::with("canary-opaque-90ab").await;
    let scheme = Reason::OtherScheme { wanted: vec!["Basic".to_owned()], used: "Bearer".to_owned() };
    assert_eq!(stage.first(challenge(401, r#"Basic realm="x""#)).await, scheme);
    assert_eq!(stage.first(challenge(401, r#"Basic realm="x", bearer"#)).await, Reason::DeadToken);
}

#[tokio::test]
async fn what_the_server_says_is_told_and_without_any_word_the_status_is() {
    let stage = Stage::with("canary-opaque-9f21").await;
    let said = challenge(401, r#"Bearer error="invalid_token", error_description="ended""#);
    assert_eq!(
        stage.refused(said).await.reasons[..2],
        [
            Reason::ServerSays { error: "invalid_token".to_owned(), description: Some("ended".to_owned()) },
            Reason::DeadToken
        ]
    );
    assert_eq!(stage.refused(unauthorized()).await.reasons, [Reason::DeadToken]);
    assert_eq!(stage.refused(Answer::new(403)).await.reasons, [Reason::NoPermission]);
    for status in [200, 400, 404, 429, 500] {
        assert_eq!(stage.call(Answer::new(status)).await.refusal, None, "{status}");
    }
}

#[tokio::test]
async fn f9_a_server_that_repeats_the_token_in_its_challenge_shows_it_to_nobody() {
    let stage = Stage::with("canary-repeated-token-5ab0").await;
    let said = r#"Bearer error="canary-repeated-token-5ab0", scope="canary-repeated-token-5ab0", x="canary-repeated-token-5ab0", canary-repeated-token-5ab0"#;
    let answer = stage.call(challenge(401, said)).await;
    assert!(!format!("{answer:?}").contains("canary-repeated"), "{answer:?}");
    assert!(answer.refusal.unwrap().challenges[0].parameter("error").is_some());
}

#[tokio::test]
async fn d14_an_answer_that_another_program_got_is_explained_by_what_it_sent() {
    let stage = Stage::with("canary-opaque-00e1").await;
    let explain = async |answer: RefusedAnswer| stage.house.keydesk.explain_refusal(&answer).await;
    let answer = RefusedAnswer {
        connection: stage.connection.id.clone(),
        status: 403,
        www_authenticate: Vec::new(),
        url: None,
        headers: None,
        body: None,
    };
    // Nobody knows what was sent, so nothing is missing.
    assert_eq!(explain(answer.clone()).await.unwrap().reasons, [Reason::NoPermission]);
    let curl = RefusedAnswer { headers: Some(vec!["Accept".to_owned()]), ..answer.clone() };
    let missing = Reason::MissingHeader { name: "user-agent".to_owned() };
    assert_eq!(explain(curl).await.unwrap().reasons[0], missing);
    let sent = RefusedAnswer { headers: Some(vec!["User-Agent".to_owned()]), ..answer.clone() };
    assert_eq!(explain(sent).await.unwrap().reasons, [Reason::NoPermission]);
    let elsewhere = RefusedAnswer { url: Some("https://other.example/x".to_owned()), ..answer.clone() };
    assert_eq!(
        explain(elsewhere).await.unwrap().reasons[0],
        Reason::OtherServer { server: "other.example".to_owned() }
    );
    let good = RefusedAnswer { status: 200, ..answer.clone() };
    assert_eq!(explain(good).await.unwrap_err().code, ErrorCode::InvalidInput);
    assert!(stage.server.received().is_empty(), "nobody is asked");
}

#[tokio::test]
async fn the_signs_of_a_providers_file_tell_a_missing_permission_and_a_wrong_tenant_from_a_dead_token() {
    let (house, sandbox) = (House::new(), crate::house::sandbox().await);
    let connect = |tenant: Option<&str>| {
        let offers = keydesk_sandbox::offers(sandbox.url());
        let mut parameters = offers.into_iter().find(|offer| offer.provider == "wazo").unwrap().parameters;
        parameters.extend(tenant.map(|tenant| ("tenant".to_owned(), tenant.to_owned())));
        let request = AddConnection { provider: "wazo".to_owned(), label: None, parameters, ca: None, sandbox: true };
        house.keydesk.add_connection(request).unwrap()
    };
    let reasons = async |connection: &ConnectionView, path: &str| {
        let (connection, path) = (connection.id.clone(), path.to_owned());
        let request = CallRequest { connection, method: "GET".to_owned(), path, body: None };
        house.keydesk.call(&request).await.unwrap().refusal.unwrap().reasons
    };
    let own = connect(None);
    house.log_in_at(&sandbox, &own, "online").await;
    let missing = |permission: &str| Reason::MissingScope { missing: vec![permission.to_owned()] };
    assert_eq!(reasons(&own, "/auth/0.1/tokens").await, [missing("auth.tokens.read"), Reason::NoPermission]);
    let other = connect(Some("00000000-0000-4000-8000-000000000000"));
    house.log_in_at(&sandbox, &other, "online").await;
    let tenant = Reason::WrongTenant { headers: vec!["wazo-tenant".to_owned()] };
    // The daemon does not say which of the two it is.
    let found = reasons(&other, "/confd/1.1/infos").await;
    assert_eq!(found, [tenant, missing("confd.infos.read"), Reason::NoPermission]);
}
