//! Logins of a generic API at `oidc-provider`, a certified authorization server that is strict, rotates refresh tokens
//! and detects their reuse. Its clients are those of tests/support/oidc/clients.mjs.

use std::collections::{BTreeMap, BTreeSet};

use keydesk_core::{
    AddConnection, ConnectionView, Error, ErrorCode, LoginState, LoginView, ReceiveBy, RenewalKind, Secret, StartLogin,
    TokenState,
};
use keydesk_support::{Certified, Visitor};
use serde_json::{Value, json};
use url::Url;

use crate::house::{Does, House, client};

type Fields = BTreeMap<String, String>;

/// The API of this server: it answers to access tokens for `openid`.
const USERINFO: &str = "/realms/Relay/protocol/openid-connect/userinfo";

/// Each client with a person, and how it says who it is.
const CLIENTS: [(&str, &str); 3] = [("public", ""), ("by-basic", "basic"), ("in-body", "body")];

fn connect(house: &House, server: &Certified) -> ConnectionView {
    let parameters = BTreeMap::from([("base_url".to_owned(), server.issuer().to_owned())]);
    let provider = "another-api".to_owned();
    let request = AddConnection { provider, label: None, parameters, ca: None, sandbox: false };
    house.keydesk.add_connection(request).unwrap()
}

/// What is typed for a client.
fn fields(issuer: &str, client: &str, authentication: &str) -> Fields {
    let mut fields = vec![("issuer", issuer), ("client_id", client)];
    if !authentication.is_empty() {
        fields.extend([("client_authentication", authentication), ("client_secret", Certified::SECRET)]);
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl House {
    async fn begin(&self, connection: &ConnectionView, login: &str, fields: &Fields) -> Result<LoginView, Error> {
        let request = StartLogin {
            connection: connection.id.clone(),
            login: login.to_owned(),
            receive_by: ReceiveBy::Loopback,
            fields: fields.iter().map(|(name, value)| (name.clone(), Secret::new(value.as_str()))).collect(),
            keep: Vec::new(),
        };
        self.keydesk.start_login(request).await
    }

    /// Logs in to the end, by fields alone or with the browser.
    pub async fn attempt(&self, connection: &ConnectionView, login: &str, fields: &Fields) -> Result<(), Error> {
        if login == "client_credentials" {
            return self.enter(connection, login, fields, &[]).await.map(drop);
        }
        let login = self.begin(connection, login, fields).await?;
        self.outcome(&login).await.error.map_or(Ok(()), Err)
    }

    async fn token_is_accepted(&self, connection: &ConnectionView) {
        let (status, body) = self.call(connection, USERINFO).await;
        assert_eq!(status, 200, "{body}");
        let claims: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(claims["preferred_username"], "alice@hillside.example", "{claims}");
    }

    async fn access_token(&self, connection: &ConnectionView) -> String {
        self.keydesk.reveal_token(&connection.id).await.unwrap().expose().to_owned()
    }
}

/// What came to the token endpoint is this and nothing else, and nothing of it was refused.
async fn asked_for(server: &Certified, expected: &[(&str, u64)]) {
    let counts = server.counts().await.unwrap();
    let mut whole = json!({"authorization_code": 0, "refresh_token": 0, "errors": {}, "revoked_families": 0});
    for (grant, count) in expected {
        whole[*grant] = json!(count);
    }
    assert_eq!(counts, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_a_certified_servers_id_token_with_our_nonce_is_accepted_and_so_is_the_access_token() {
    let (server, house) = (Certified::start().unwrap(), House::with(Does::LogsInAtCertified));
    let connection = connect(&house, &server);
    house.attempt(&connection, "browser", &fields(server.issuer(), "public", "")).await.unwrap();
    let details = house.keydesk.read_token(&connection.id).await.unwrap();
    let claims = details.id_token.unwrap();
    let claims = claims.claims_object().unwrap();
    let asked = house.person.opened.lock().unwrap()[0].clone();
    let nonce = asked.query_pairs().find(|(name, _)| name == "nonce").unwrap().1.into_owned();
    assert_eq!((&claims["nonce"], &claims["iss"]), (&json!(nonce), &json!(server.issuer())));
    house.token_is_accepted(&connection).await;
    let view = house.view(&connection);
    assert_eq!((view.identity.as_deref(), view.token.scope_differs), (Some("Alice Rodriguez"), false));
    asked_for(&server, &[("authorization_code", 1)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d4_a_client_secret_of_odd_characters_arrives_whole_by_basic_and_in_the_body() {
    let server = Certified::start().unwrap();
    for (client, authentication) in &CLIENTS[1..] {
        let house = House::with(Does::LogsInAtCertified);
        let connection = connect(&house, &server);
        house.attempt(&connection, "browser", &fields(server.issuer(), client, authentication)).await.unwrap();
        house.token_is_accepted(&connection).await;
    }
    asked_for(&server, &[("authorization_code", 2)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e4_each_refresh_sends_the_refresh_token_that_the_last_one_gave() {
    let server = Certified::start().unwrap();
    for (client, authentication) in CLIENTS {
        let house = House::with(Does::LogsInAtCertified);
        let connection = connect(&house, &server);
        house.attempt(&connection, "browser", &fields(server.issuer(), client, authentication)).await.unwrap();
        assert_eq!(house.view(&connection).token.renewal, RenewalKind::Refresh);
        let mut tokens = BTreeSet::from([house.access_token(&connection).await]);
        for _ in 0..4 {
            let view = house.keydesk.renew_token(&connection.id).await.unwrap();
            assert_eq!(view.token.state, TokenState::Fresh, "{client}");
            tokens.insert(house.access_token(&connection).await);
            house.token_is_accepted(&connection).await;
        }
        assert_eq!(tokens.len(), 5, "{client}");
    }
    asked_for(&server, &[("authorization_code", 3), ("refresh_token", 12)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_asks_for_its_token_again_with_the_secret_that_is_kept() {
    let (server, house) = (Certified::start().unwrap(), House::with(Does::Nothing));
    let connection = connect(&house, &server);
    for authentication in ["basic", "body"] {
        let fields = fields(server.issuer(), "program", authentication);
        let view = house.enter(&connection, "client_credentials", &fields, &[]).await.unwrap();
        assert_eq!((view.token.state, view.token.renewal), (TokenState::Fresh, RenewalKind::Repeat));
        let before = house.access_token(&connection).await;
        house.keydesk.renew_token(&connection.id).await.unwrap();
        assert!(before != house.access_token(&connection).await, "{authentication}");
    }
    asked_for(&server, &[("client_credentials", 4)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_entered_on_another_device_logs_in_and_refreshes() {
    let (server, house) = (Certified::start().unwrap(), House::with(Does::Nothing));
    let connection = connect(&house, &server);
    let fields = fields(server.issuer(), "public", "");
    let login = house.begin(&connection, "device_code", &fields).await.unwrap();
    let device = login.device.clone().unwrap();
    Visitor::allow_device(&device.verification_uri, &device.user_code).await.unwrap();
    let over = house.outcome(&login).await;
    assert_eq!(over.state, LoginState::Done, "{:?}", over.error);
    house.token_is_accepted(&connection).await;
    house.keydesk.renew_token(&connection.id).await.unwrap();
    house.token_is_accepted(&connection).await;
    let counts = server.counts().await.unwrap();
    // It may have been asked before the person was ready.
    assert!(counts["errors"].as_object().unwrap().keys().all(|error| error == "authorization_pending"), "{counts}");
    assert_eq!((&counts["refresh_token"], &counts["revoked_families"]), (&json!(1), &json!(0)), "{counts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_client_secret_is_told_as_that_and_the_token_that_there_was_stays() {
    let server = Certified::start().unwrap();
    for (login, client, authentication) in [
        ("browser", "by-basic", "basic"),
        ("browser", "in-body", "body"),
        ("client_credentials", "program", "basic"),
        ("client_credentials", "program", "body"),
    ] {
        let house = House::with(Does::LogsInAtCertified);
        let connection = connect(&house, &server);
        let mut fields = fields(server.issuer(), client, authentication);
        house.attempt(&connection, login, &fields).await.unwrap();
        let before = house.access_token(&connection).await;
        // What the right one becomes where it is taken for a form's text.
        fields.insert("client_secret".to_owned(), "a:b%c e".to_owned());
        let error = house.attempt(&connection, login, &fields).await.unwrap_err();
        let said = error.oauth.map(|oauth| oauth.error);
        assert_eq!((error.code, said.as_deref()), (ErrorCode::ClientRefused, Some("invalid_client")), "{client}");
        assert!(before == house.access_token(&connection).await, "{client}");
    }
    assert_eq!(server.counts().await.unwrap()["errors"], json!({"invalid_client": 4}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a9_an_issuer_in_another_spelling_is_refused_before_a_browser_or_a_secret_goes_there() {
    let (server, house) = (Certified::start().unwrap(), House::with(Does::LogsInAtCertified));
    let connection = connect(&house, &server);
    let named = server.issuer();
    for issuer in [named.replace("127.0.0.1", "localhost"), format!("{named}/"), named.replace("http", "HTTP")] {
        for (login, client, authentication) in [
            ("browser", "by-basic", "basic"),
            ("device_code", "public", ""),
            ("client_credentials", "program", "basic"),
        ] {
            let fields = fields(&issuer, client, authentication);
            let error = house.attempt(&connection, login, &fields).await.unwrap_err();
            assert_eq!(
                (error.code, error.field.as_deref()),
                (ErrorCode::IssuerWrong, Some("issuer")),
                "{issuer} {login}"
            );
            assert!(error.message.contains(named), "{}", error.message);
        }
    }
    assert!(house.person.opened.lock().unwrap().is_empty() && house.keydesk.list_logins().is_empty());
    asked_for(&server, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_a_redirect_with_another_iss_or_without_one_ends_the_login_and_its_code_is_not_sent() {
    let (server, house) = (Certified::start().unwrap(), House::with(Does::Nothing));
    let connection = connect(&house, &server);
    let public = fields(server.issuer(), "public", "");
    let localhost = server.issuer().replace("127.0.0.1", "localhost");
    for iss in [None, Some("https://attacker.example"), Some(localhost.as_str()), Some("")] {
        let login = house.begin(&connection, "browser", &public).await.unwrap();
        let redirect = Visitor::log_in(&Url::parse(&login.authorization_url).unwrap()).await.unwrap();
        client().get(with_iss(&redirect, iss)).send().await.unwrap();
        let over = house.outcome(&login).await;
        let error = over.error.map(|error| error.code);
        assert_eq!((over.state, error), (LoginState::Failed, Some(ErrorCode::IssuerWrong)), "{iss:?}");
    }
    assert!(!house.view(&connection).token.has_access_token);
    asked_for(&server, &[]).await;
}

fn with_iss(redirect: &Url, iss: Option<&str>) -> Url {
    assert!(redirect.query_pairs().any(|(name, _)| name == "iss"), "the server sends it: {redirect}");
    let others = redirect.query_pairs().filter(|(name, _)| name != "iss");
    let mut changed = redirect.clone();
    changed.query_pairs_mut().clear().extend_pairs(others).extend_pairs(iss.map(|iss| ("iss", iss)));
    changed
}
