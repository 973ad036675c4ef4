//! Every way in that the documents describe, at the sandbox: log in, and be let in by the API.

use std::collections::BTreeMap;
use std::time::Duration;

use keydesk_core::{
    AddConnection, CallRequest, ConnectionView, Error, ErrorCode, LogIn, LoginState, LoginView, ReceiveBy, RenewalKind,
    Secret, StartLogin, TokenState,
};
use keydesk_sandbox::{Offer, Options, Sandbox};

use crate::house::{Does, House, click_through, client};

/// Provider, way in, and a path that the API answers with 200 to its token only.
const ROWS: [(&str, &str, &str); 25] = [
    ("relay", "browser", "/ibot/authz_context"),
    ("relay", "browser_legacy", "/ibot/authz_context"),
    ("relay", "refresh_token", "/ibot/authz_context"),
    ("relay", "access_token", "/ibot/authz_context"),
    ("relay", "api_key", "/subscribers/{subscriber}/api/v1/events"),
    ("image-relay", "browser", "/users/me.json"),
    ("image-relay", "api_key", "/users/me.json"),
    ("image-relay", "basic", "/users/me.json"),
    ("spoke-zone", "user", "/api/v2/devices/1001"),
    ("spoke-zone", "device", "/api/v2/devices/1001"),
    ("spoke-zone", "device_secrets", "/api/v2/devices/1001"),
    ("spoke-zone", "new_device", "/api/v2/ota-files"),
    ("spoke-zone", "device_token", "/api/v2/devices/1001"),
    ("spoke-zone", "user_token", "/api/v2/devices/1001"),
    ("wazo", "online", "/auth/0.1/users/me/tokens"),
    ("wazo", "offline", "/auth/0.1/users/me/tokens"),
    ("world-of-workflows", "request", "/bookings"),
    ("world-of-workflows", "access_token", "/bookings"),
    ("another-api", "browser", "/me"),
    ("another-api", "device_code", "/me"),
    ("another-api", "client_credentials", "/things"),
    ("another-api", "password", "/me"),
    ("another-api", "api_key", "/me"),
    ("another-api", "api_key_query", "/me"),
    ("another-api", "basic", "/me"),
];

const SUBSCRIBER: &str = "ee4547e0-aaef-4956-b853-ad0123456789";

pub async fn sandbox() -> Sandbox {
    let options = Options { image_relay_rate: None, device_interval: Duration::from_secs(1), ..Options::default() };
    Sandbox::start(options).await.unwrap()
}

pub fn offer(sandbox: &Sandbox, provider: &str) -> Offer {
    keydesk_sandbox::offers(sandbox.url()).into_iter().find(|offer| offer.provider == provider).unwrap()
}

impl House {
    /// A connection to a provider of the sandbox.
    pub fn connect_at(&self, sandbox: &Sandbox, provider: &str) -> ConnectionView {
        let parameters = offer(sandbox, provider).parameters;
        let request = AddConnection { provider: provider.to_owned(), label: None, parameters, ca: None, sandbox: true };
        self.keydesk.add_connection(request).unwrap()
    }

    /// Logs in by fields.
    pub async fn enter(
        &self,
        connection: &ConnectionView,
        login: &str,
        fields: &BTreeMap<String, String>,
        keep: &[&str],
    ) -> Result<ConnectionView, Error> {
        let request = LogIn {
            connection: connection.id.clone(),
            login: login.to_owned(),
            fields: secrets(fields),
            keep: keep.iter().map(|field| (*field).to_owned()).collect(),
        };
        self.keydesk.log_in(request).await
    }

    /// Logs in by fields and a browser.
    pub async fn enter_with_browser(
        &self,
        connection: &ConnectionView,
        login: &str,
        fields: &BTreeMap<String, String>,
    ) -> LoginView {
        let request = StartLogin {
            connection: connection.id.clone(),
            login: login.to_owned(),
            receive_by: ReceiveBy::Loopback,
            fields: secrets(fields),
            keep: Vec::new(),
        };
        self.keydesk.start_login(request).await.unwrap()
    }

    /// The status of a call, and its body.
    pub async fn call(&self, connection: &ConnectionView, path: &str) -> (u16, String) {
        let request = CallRequest {
            connection: connection.id.clone(),
            method: "get".to_owned(),
            path: path.to_owned(),
            body: None,
        };
        let answer = self.keydesk.call(&request).await.unwrap();
        (answer.status, answer.body)
    }

    /// Logs in as the sandbox offers it, by whatever the way in needs.
    pub async fn log_in_at(&self, sandbox: &Sandbox, connection: &ConnectionView, login: &str) {
        let provider = &connection.provider;
        let mut fields = offer(sandbox, provider).logins.get(login).cloned().unwrap_or_default();
        let token = match (provider.as_str(), login) {
            ("spoke-zone", "device_token") => Some(token_of(sandbox, provider, "device").await),
            ("spoke-zone", "user_token") => Some(token_of(sandbox, provider, "user").await),
            ("world-of-workflows", "access_token") => Some(token_of(sandbox, provider, "request").await),
            ("relay", "access_token") => Some(token_of(sandbox, provider, "browser").await),
            ("relay", "refresh_token") => Some(refresh_token_of(sandbox).await),
            _ => None,
        };
        fields.extend(token.map(|token| ("token".to_owned(), token)));
        match login {
            "browser" | "browser_legacy" => {
                let login = self.enter_with_browser(connection, login, &fields).await;
                let over = self.outcome(&login).await;
                assert_eq!(over.state, LoginState::Done, "{provider} {:?}", over.error);
            }
            "device_code" => {
                let login = self.enter_with_browser(connection, login, &fields).await;
                allow_device(&login).await;
                let over = self.outcome(&login).await;
                assert_eq!(over.state, LoginState::Done, "{:?}", over.error);
            }
            _ => _ = self.enter(connection, login, &fields, &[]).await.unwrap(),
        }
    }
}

fn secrets(fields: &BTreeMap<String, String>) -> BTreeMap<String, Secret> {
    fields.iter().map(|(name, value)| (name.clone(), Secret::new(value.as_str()))).collect()
}

/// A token that another way in gives.
async fn token_of(sandbox: &Sandbox, provider: &str, login: &str) -> String {
    let house = House::new();
    let connection = house.connect_at(sandbox, provider);
    Box::pin(house.log_in_at(sandbox, &connection, login)).await;
    house.keydesk.reveal_token(&connection.id).await.unwrap().expose().to_owned()
}

/// What `relay token generate` would print: asked of the legacy server by hand.
async fn refresh_token_of(sandbox: &Sandbox) -> String {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let redirect_uri = "http://localhost:8079/authorization-code/callback";
    let query = [
        ("client_id", "RJZKRhh9"),
        ("response_type", "code"),
        ("scope", "openid profile offline_access"),
        ("redirect_uri", redirect_uri),
        ("state", "0123456789012345678901"),
        ("code_challenge_method", "S256"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ];
    let url = format!("{}/relay/legacy/oauth2/authorization", sandbox.url());
    let url = url::Url::parse_with_params(&url, query).unwrap();
    let ended_on = click_through(&url, "log-in").await;
    let ended_on = url::Url::parse(&ended_on).unwrap();
    let code = ended_on.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "RJZKRhh9"),
        ("redirect_uri", redirect_uri),
        ("code", code.as_str()),
        ("code_verifier", verifier),
    ];
    let answer =
        client().post(format!("{}/relay/legacy/oauth2/token", sandbox.url())).form(&form).send().await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();
    answer["refresh_token"].as_str().unwrap().to_owned()
}

/// The person enters the code elsewhere and allows it.
async fn allow_device(login: &LoginView) {
    let device = login.device.as_ref().unwrap();
    assert!(!device.qr.is_empty() && device.qr.iter().all(|row| row.len() == device.qr.len()));
    let page = url::Url::parse_with_params(&device.verification_uri, [("user_code", &device.user_code)]).unwrap();
    let form = [("username", keydesk_sandbox::USERNAME), ("password", keydesk_sandbox::PASSWORD), ("answer", "log-in")];
    let answer = client().post(page).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_in_of_the_documents_is_let_in_by_its_api() {
    let sandbox = sandbox().await;
    for (provider, login, path) in ROWS {
        let house = House::new();
        let connection = house.connect_at(&sandbox, provider);
        house.log_in_at(&sandbox, &connection, login).await;
        let (status, body) = house.call(&connection, &path.replace("{subscriber}", SUBSCRIBER)).await;
        assert_eq!(status, 200, "{provider} {login}: {body}");
        let view = house.view(&connection);
        assert_eq!(view.login.as_deref(), Some(login));
        assert!(matches!(view.token.state, TokenState::Fresh), "{provider} {login}: {:?}", view.token);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_renews_as_its_provider_allows() {
    let sandbox = sandbox().await;
    for (provider, login, how) in [
        ("relay", "browser", RenewalKind::Refresh),
        ("relay", "browser_legacy", RenewalKind::Refresh),
        ("relay", "refresh_token", RenewalKind::Refresh),
        ("relay", "api_key", RenewalKind::None),
        ("image-relay", "browser", RenewalKind::Refresh),
        ("image-relay", "basic", RenewalKind::None),
        ("spoke-zone", "user", RenewalKind::None),
        ("spoke-zone", "device", RenewalKind::Request),
        ("spoke-zone", "device_secrets", RenewalKind::Request),
        ("spoke-zone", "device_token", RenewalKind::None),
        ("wazo", "online", RenewalKind::None),
        ("wazo", "offline", RenewalKind::Request),
        ("world-of-workflows", "request", RenewalKind::None),
        ("another-api", "browser", RenewalKind::Refresh),
        ("another-api", "device_code", RenewalKind::Refresh),
        ("another-api", "client_credentials", RenewalKind::Repeat),
        ("another-api", "password", RenewalKind::Request),
        ("another-api", "api_key", RenewalKind::None),
    ] {
        let house = House::new();
        let connection = house.connect_at(&sandbox, provider);
        house.log_in_at(&sandbox, &connection, login).await;
        assert_eq!(house.view(&connection).token.renewal, how, "{provider} {login}");
        let renewed = house.keydesk.renew_token(&connection.id).await;
        match how {
            RenewalKind::None => assert_eq!(renewed.unwrap_err().code, ErrorCode::LoginNeeded, "{provider} {login}"),
            _ => assert_eq!(renewed.unwrap().token.state, TokenState::Fresh, "{provider} {login}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d13_a_password_is_kept_only_where_the_person_says_so_and_then_the_login_repeats_itself() {
    let sandbox = sandbox().await;
    for (provider, login) in [("spoke-zone", "user"), ("wazo", "online"), ("world-of-workflows", "request")] {
        let fields = &offer(&sandbox, provider).logins[login];
        let house = House::new();
        let connection = house.connect_at(&sandbox, provider);
        let view = house.enter(&connection, login, fields, &["password"]).await.unwrap();
        assert_eq!((view.token.renewal, view.kept), (RenewalKind::Repeat, vec!["password".to_owned()]));
        let before = house.keydesk.reveal_token(&connection.id).await.unwrap();
        // Instants in the claims and answers are whole seconds: another one is another token.
        tokio::time::sleep(Duration::from_millis(1100)).await;
        house.keydesk.renew_token(&connection.id).await.unwrap();
        let after = house.keydesk.reveal_token(&connection.id).await.unwrap();
        assert!(before.expose() != after.expose(), "{provider}");
        // A new login takes the kept password where none is typed.
        let without: BTreeMap<_, _> = fields.iter().filter(|(name, _)| *name != "password").collect();
        let without = without.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let view = house.enter(&connection, login, &without, &["password"]).await.unwrap();
        assert_eq!(view.token.renewal, RenewalKind::Repeat);
        // Logged out, nothing is left of it.
        house.keydesk.log_out(&connection.id).await.unwrap();
        let error = house.enter(&connection, login, &without, &[]).await;
        let refused = error.err().map(|error| (error.code, error.field));
        match provider {
            "world-of-workflows" => assert_eq!(refused.unwrap().0, ErrorCode::CredentialsRefused),
            _ => assert_eq!(refused, Some((ErrorCode::InvalidInput, Some("password".to_owned())))),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_accepted_says_so_and_keeps_the_token_that_there_was() {
    let sandbox = sandbox().await;
    for (provider, login, field) in [
        ("spoke-zone", "user", "password"),
        ("spoke-zone", "device", "uuid"),
        ("wazo", "online", "password"),
        ("wazo", "offline", "password"),
        ("world-of-workflows", "request", "password"),
        ("another-api", "password", "password"),
    ] {
        let house = House::new();
        let connection = house.connect_at(&sandbox, provider);
        let fields = offer(&sandbox, provider).logins[login].clone();
        house.enter(&connection, login, &fields, &[]).await.unwrap();
        let before = house.keydesk.reveal_token(&connection.id).await.unwrap();
        let wrong = fields.iter().map(|(name, value)| {
            let value = if name == field { "wrong-on-purpose" } else { value };
            (name.clone(), value.to_owned())
        });
        let error = house.enter(&connection, login, &wrong.collect(), &[]).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::CredentialsRefused, "{provider} {login}: {error:?}");
        let after = house.keydesk.reveal_token(&connection.id).await.unwrap();
        assert!(before.same_as(after.expose()), "{provider} {login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_field_that_is_empty_is_named_before_anything_is_sent() {
    let (sandbox, house) = (sandbox().await, House::with(Does::Nothing));
    let connection = house.connect_at(&sandbox, "spoke-zone");
    let fields = BTreeMap::from([("username".to_owned(), " ".to_owned()), ("password".to_owned(), "x".to_owned())]);
    let error = house.enter(&connection, "user", &fields, &[]).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("username")));
    assert_eq!(sandbox.count("/spoke-zone/login"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn h2_two_accounts_at_one_api_stand_side_by_side_and_their_tokens_are_never_mixed() {
    let (sandbox, house) = (sandbox().await, House::new());
    let alice = house.connect_at(&sandbox, "wazo");
    let bob = house.connect_at(&sandbox, "wazo");
    assert_ne!(alice.label, bob.label);
    for (connection, username) in [(&alice, "alice@hillside.example"), (&bob, "bob@hillside.example")] {
        let fields = BTreeMap::from([("username", username), ("password", "sandbox")]);
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        house.enter(connection, "offline", &fields, &[]).await.unwrap();
    }
    // Alice may see this, Bob may not: and that is no reason to renew (providers.md section 5.3).
    assert_eq!(house.call(&alice, "/confd/1.1/infos").await.0, 200);
    let token = "/wazo/api/auth/0.1/token";
    let before = sandbox.count(token);
    let (status, body) = house.call(&bob, "/confd/1.1/infos").await;
    assert_eq!((status, sandbox.count(token)), (401, before), "{body}");
    assert!(!body.contains(house.keydesk.reveal_token(&bob.id).await.unwrap().expose()), "the echoed token is masked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_token_is_renewed_once_in_every_way_that_a_provider_has() {
    let sandbox = sandbox().await;
    for (provider, login, path) in [
        ("image-relay", "browser", "/users/me.json"),
        ("spoke-zone", "device_secrets", "/api/v2/devices/1001"),
        ("wazo", "offline", "/auth/0.1/users/me/tokens"),
        ("another-api", "client_credentials", "/things"),
        ("another-api", "password", "/me"),
    ] {
        let house = House::new();
        let connection = house.connect_at(&sandbox, provider);
        house.log_in_at(&sandbox, &connection, login).await;
        sandbox.expire_access_tokens();
        let (status, body) = house.call(&connection, path).await;
        assert_eq!(status, 200, "{provider} {login}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e9_a_clock_that_is_wrong_by_an_hour_makes_no_token_look_dead_or_alive() {
    // A year, too: nothing but the server's word counts.
    for wrong_by in [3600, -3600, 365 * 86400] {
        let options = Options { access_token_lifetime: Duration::from_secs(1200), ..Options::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        for (provider, login, path) in [
            ("relay", "browser", "/ibot/authz_context"),
            ("spoke-zone", "user", "/api/v2/devices/1001"),
            ("wazo", "offline", "/auth/0.1/users/me/tokens"),
            ("world-of-workflows", "request", "/bookings"),
        ] {
            let house = House::new();
            house.clock.forward(wrong_by);
            let connection = house.connect_at(&sandbox, provider);
            house.log_in_at(&sandbox, &connection, login).await;
            assert_eq!(house.view(&connection).token.state, TokenState::Fresh, "{provider} {wrong_by}");
            assert_eq!(house.call(&connection, path).await.0, 200, "{provider} {wrong_by}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn k2_the_code_is_shown_and_nothing_is_opened_before_the_person_asks() {
    let (sandbox, house) = (sandbox().await, House::new());
    let connection = house.connect_at(&sandbox, "another-api");
    let fields = offer(&sandbox, "another-api").logins["device_code"].clone();
    let login = house.enter_with_browser(&connection, "device_code", &fields).await;
    assert!(house.person.opened.lock().unwrap().is_empty());
    *house.person.does.lock().unwrap() = Does::Nothing;
    house.keydesk.open_login_page(&login.id).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let opened = house.person.opened.lock().unwrap().clone();
    let device = login.device.unwrap();
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].as_str(), device.verification_uri);
    assert!(!opened[0].as_str().contains(&device.user_code), "the person compares the code");
    // Given up: what is allowed later logs nobody in.
    let cancelled = house.keydesk.cancel_login(&login.id).unwrap();
    assert_eq!(cancelled.state, LoginState::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_left_empty_at_one_way_in_says_nothing_of_another() {
    let (sandbox, house) = (sandbox().await, House::new());
    let connection = house.connect_at(&sandbox, "another-api");
    house.log_in_at(&sandbox, &connection, "client_credentials").await;
    let fields = offer(&sandbox, "another-api").logins["browser"].clone();
    let without: BTreeMap<_, _> = fields.into_iter().filter(|(name, _)| name != "scope").collect();
    let login = house.enter_with_browser(&connection, "browser", &without).await;
    assert!(login.authorization_url.contains("scope=openid"), "{}", login.authorization_url);
}
