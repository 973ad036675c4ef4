//! Tokens looked at closely: decoded, checked by their issuer's keys, compared, and asked about.

use std::collections::BTreeMap;
use std::time::Duration;

use keydesk_core::{
    AddConnection, CheckWith, ConnectionView, Difference, ErrorCode, KeptKind, KeyFault, NotValid, Secret, SecretForm,
    SignatureVerdict, TimeState, Unproven, VerifiedToken, VerifyToken, WhichToken,
};
use keydesk_support::{Answer, Canary, Certified, FakeServer, wait_until};
use serde_json::{Value, json};

use crate::house::{Does, House};
use crate::signatures::signer::Signer;

fn pasted(token: &str) -> WhichToken {
    WhichToken::Pasted { token: Secret::new(token) }
}

fn kept(connection: &ConnectionView, what: KeptKind) -> WhichToken {
    WhichToken::Kept { connection: connection.id.clone(), what }
}

fn issuer(issuer: Option<&str>) -> CheckWith {
    CheckWith::Issuer { issuer: issuer.map(str::to_owned) }
}

fn reason(verified: &VerifiedToken) -> NotValid {
    match &verified.signature {
        SignatureVerdict::Invalid(Unproven { reason, .. }) => *reason,
        valid => panic!("{valid:?}"),
    }
}

impl House {
    async fn verify(&self, token: WhichToken, with: CheckWith) -> VerifiedToken {
        self.keydesk.verify_token(&VerifyToken { token, with }).await.unwrap()
    }

    /// A connection at the certified server, logged in by a client.
    async fn certified(&self, server: &Certified, login: &str, client: &str, scope: &str) -> ConnectionView {
        let parameters = BTreeMap::from([("base_url".to_owned(), server.issuer().to_owned())]);
        let provider = "another-api".to_owned();
        let request = AddConnection { provider, label: None, parameters, ca: None, sandbox: false };
        let connection = self.keydesk.add_connection(request).unwrap();
        let mut fields = vec![("issuer", server.issuer()), ("client_id", client), ("scope", scope)];
        if client != "public" {
            fields.extend([("client_secret", Certified::SECRET), ("client_authentication", "basic")]);
        }
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.attempt(&connection, login, &fields).await.unwrap();
        connection
    }
}

/// An issuer on this machine with these keys, and a token by it.
async fn issuer_with(keys: &Answer) -> FakeServer {
    let server = FakeServer::start().await.unwrap();
    let metadata = json!({"issuer": server.url(""), "jwks_uri": server.url("/keys")});
    server.always("/.well-known/openid-configuration", Answer::json(200, &metadata));
    server.always("/keys", keys.clone());
    server
}

fn token_by(signer: &Signer, header: &Value, issuer: &str) -> String {
    let claims = json!({"iss": issuer, "sub": "someone", "exp": 4_000_000_000_u64});
    signer.token_of(&header.to_string(), &claims.to_string(), "ES256")
}

fn keys(signer: &Signer, id: &str) -> Value {
    let mut key = signer.jwk();
    (key["kid"], key["use"], key["alg"]) = (json!(id), json!("sig"), json!("ES256"));
    json!({ "keys": [key] })
}

#[tokio::test(flavor = "multi_thread")]
async fn g2_an_id_token_is_checked_by_the_keys_that_its_issuer_publishes() {
    let (server, house) = (Certified::start().unwrap(), House::with(Does::LogsInAtCertified));
    let connection = house.certified(&server, "browser", "public", "openid profile offline_access").await;
    let verified = house.verify(kept(&connection, KeptKind::IdToken), issuer(None)).await;
    let expected = SignatureVerdict::Valid { algorithm: "RS256".to_owned(), key_id: Some("keydesk-oidc".to_owned()) };
    assert_eq!(verified.signature, expected);
    assert_eq!(verified.time.state, TimeState::InTime);
    assert_eq!(verified.issuer.as_deref(), Some(server.issuer()));
    assert!(verified.keys_from.unwrap().starts_with(server.issuer()));
    // The time is another matter.
    house.clock.forward(3 * 3600);
    let later = house.verify(kept(&connection, KeptKind::IdToken), issuer(None)).await;
    assert!(later.signature.holds());
    assert_eq!(later.time.state, TimeState::Expired);
    // Its access token is a plain reference, which nobody here can check.
    let opaque = house.verify(kept(&connection, KeptKind::AccessToken), issuer(None)).await;
    assert_eq!(reason(&opaque), NotValid::Opaque);
}

#[tokio::test]
async fn g2_a_pasted_token_is_checked_by_the_issuer_that_it_names_when_the_person_asks() {
    let (signer, attacker) = (Signer::new("ES256"), Signer::new("ES256"));
    let server = issuer_with(&Answer::json(200, &keys(&signer, "k"))).await;
    let elsewhere = FakeServer::start().await.unwrap();
    let house = House::new();
    // What it brings along as its key is not asked for, nor taken.
    let brings = json!({"alg": "ES256", "kid": "k", "jku": elsewhere.url("/jku"), "x5u": elsewhere.url("/x5u"), "jwk": attacker.jwk()});
    let token = token_by(&signer, &brings, &server.url(""));
    assert_eq!(house.keydesk.decode_token(&Secret::new(token.as_str())).unwrap().not_used, ["jku", "jwk", "x5u"]);
    assert!(server.received().is_empty(), "decoding asks nobody");
    let verified = house.verify(pasted(&token), issuer(None)).await;
    assert!(verified.signature.holds(), "{verified:?}");
    assert_eq!(verified.not_used, ["jku", "jwk", "x5u"]);
    let forged = house.verify(pasted(&token_by(&attacker, &brings, &server.url(""))), issuer(None)).await;
    assert_eq!(reason(&forged), NotValid::BadSignature);
    let renamed = token_by(&signer, &json!({"alg": "ES256", "kid": "old"}), &server.url(""));
    assert_eq!(reason(&house.verify(pasted(&renamed), issuer(None)).await), NotValid::NoKeyWithThatId);
    assert!(elsewhere.received().is_empty());
    // What can be said without keys asks nobody.
    let before = server.received().len();
    let unsigned = token_by(&signer, &json!({"alg": "none"}), &server.url(""));
    for (token, expected) in [
        (unsigned.as_str(), NotValid::Unsigned),
        ("98071da3-572b-4552-be88-8907a9ad03ef", NotValid::Opaque),
        ("eyJhbGciOiJFUzI1NiJ9.e30.=", NotValid::Malformed),
        ("eyJhbGciOiJFUzI1NiJ9.e30.AAAA", NotValid::IssuerUnknown),
    ] {
        assert_eq!(reason(&house.verify(pasted(token), issuer(None)).await), expected);
    }
    // Another issuer than the one that the person trusts says nothing of it (RFC 8725 section 3.8).
    let other = house.verify(pasted(&token), issuer(Some(&elsewhere.url("")))).await;
    assert_eq!(reason(&other), NotValid::IssuerMismatch);
    assert_eq!(server.received().len(), before);
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn g2_an_issuer_that_gives_no_good_keys_proves_nothing() {
    let signer = Signer::new("ES256");
    let mixed = json!({"keys": [signer.jwk(), Signer::new("HS256").jwk()]});
    for (published, expected, fault) in [
        (Answer::new(404), NotValid::IssuerUnreachable, None),
        (Answer::html(200, "<p>Welcome"), NotValid::KeyUnreadable, Some(KeyFault::NotAKey)),
        (Answer::json(200, &json!({"keys": []})), NotValid::KeyUnreadable, Some(KeyFault::EmptySet)),
        (Answer::json(200, &mixed), NotValid::KeyUnreadable, Some(KeyFault::MixedSet)),
        (Answer::json(200, &keys(&Signer::new("ES256"), "k")), NotValid::BadSignature, None),
        (Answer::new(200).body(vec![b' '; 2 << 20]), NotValid::IssuerUnreachable, None),
        (Answer::redirect(302, "http://127.0.0.1:1/keys"), NotValid::IssuerUnreachable, None),
    ] {
        let server = issuer_with(&published).await;
        let token = token_by(&signer, &json!({"alg": "ES256", "kid": "k"}), &server.url(""));
        let SignatureVerdict::Invalid(unproven) = House::new().verify(pasted(&token), issuer(None)).await.signature
        else {
            panic!("valid");
        };
        assert_eq!((unproven.reason, unproven.key_fault), (expected, fault), "{unproven:?}");
    }
    // A shared secret that everybody can read is none.
    let secret = Signer::new("HS256");
    let mut key = secret.jwk();
    (key["kid"], key["alg"]) = (json!("k"), json!("HS256"));
    let server = issuer_with(&Answer::json(200, &json!({ "keys": [key] }))).await;
    let claims = json!({"iss": server.url(""), "sub": "someone", "exp": 4_000_000_000_u64}).to_string();
    let token = secret.token_of(&json!({"alg": "HS256", "kid": "k"}).to_string(), &claims, "HS256");
    assert!(!House::new().verify(pasted(&token), issuer(None)).await.signature.holds());
    // One that is not there, and one that names itself otherwise.
    let token = token_by(&signer, &json!({"alg": "ES256"}), "http://127.0.0.1:1");
    let SignatureVerdict::Invalid(unproven) = House::new().verify(pasted(&token), issuer(None)).await.signature else {
        panic!("valid");
    };
    assert_eq!(unproven.error.unwrap().code, ErrorCode::Unreachable);
    for odd in ["http://attacker.example", "file:///etc/passwd", "not an address"] {
        let token = token_by(&signer, &json!({"alg": "ES256"}), odd);
        assert_eq!(
            reason(&House::new().verify(pasted(&token), issuer(None)).await),
            NotValid::IssuerUnreachable,
            "{odd}"
        );
    }
}

#[tokio::test]
async fn g8_a_check_with_a_key_asks_nobody_and_a_pasted_token_is_not_kept() {
    let (house, signer) = (House::new(), Signer::new("HS256"));
    let server = FakeServer::start().await.unwrap();
    let header = json!({"alg": "HS256", "jku": server.url("/jku")}).to_string();
    let claims = json!({"iss": server.url(""), "marker": "canary-claim-9b1d33"}).to_string();
    let token = signer.token_of(&header, &claims, "HS256");
    let secret = signer.jwk()["k"].as_str().unwrap().to_owned();
    let with = CheckWith::Secret { secret: Secret::new(secret.as_str()), form: SecretForm::Base64url };
    assert!(house.verify(pasted(&token), with).await.signature.holds());
    let key = CheckWith::Key { key: Secret::new(signer.jwk().to_string()) };
    assert!(house.verify(pasted(&token), key).await.signature.holds());
    house.keydesk.decode_token(&Secret::new(token.as_str())).unwrap();
    house.keydesk.compare_tokens(&pasted(&token), &pasted(&token)).await.unwrap();
    assert!(server.received().is_empty());
    let canaries = [
        Canary::new("token", token.rsplit('.').next().unwrap()).unwrap(),
        Canary::new("claim", "canary-claim-9b1d33").unwrap(),
        Canary::new("secret", &secret).unwrap(),
    ];
    Canary::must_be_nowhere(house.home.path(), &canaries).unwrap();
}

#[tokio::test]
async fn g9_a_token_of_more_than_a_mebibyte_is_refused_before_it_is_read() {
    let house = House::new();
    let token = Secret::new("x".repeat(keydesk_core::LONGEST_TOKEN + 1));
    let error = house.keydesk.decode_token(&token).unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("token")));
    let request = VerifyToken { token: WhichToken::Pasted { token: token.clone() }, with: issuer(None) };
    assert_eq!(house.keydesk.verify_token(&request).await.unwrap_err().code, ErrorCode::InvalidInput);
    let longest = Secret::new("x".repeat(keydesk_core::LONGEST_TOKEN));
    assert!(house.keydesk.decode_token(&longest).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_compared_by_claim_and_the_provider_says_what_its_own_mean() {
    let house = House::new();
    let sandbox = crate::house::sandbox().await;
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    let (access, id) = (kept(&connection, KeptKind::AccessToken), kept(&connection, KeptKind::IdToken));
    let comparison = house.keydesk.compare_tokens(&access, &id).await.unwrap();
    let of = |name: &str| comparison.claims.iter().find(|claim| claim.name == name).unwrap().clone();
    assert_eq!(of("iss").difference, Difference::Same);
    let own = of("typ").first.unwrap();
    assert_eq!((own.meaning.as_deref(), own.standard), (Some("Kind of token"), None));
    let registered = of("iss").first.unwrap();
    assert_eq!(registered.standard.as_deref(), Some("RFC 7519"));
    let nothing = house.keydesk.compare_tokens(&access, &pasted("no-token")).await.unwrap();
    assert!(nothing.claims.iter().all(|claim| claim.difference == Difference::OnlyFirst));
}

#[tokio::test(flavor = "multi_thread")]
async fn k3_a_server_is_asked_what_it_thinks_of_a_token() {
    let (server, house) = (Certified::start().unwrap(), House::with(Does::LogsInAtCertified));
    for (login, client, scope) in [
        ("client_credentials", "program", ""),
        ("browser", "by-basic", "openid"),
        // A public client may ask about its own.
        ("browser", "public", "openid"),
    ] {
        let connection = house.certified(&server, login, client, scope).await;
        let asked = house.keydesk.introspect_token(&connection.id).await.unwrap();
        assert!(asked.active, "{client}: {asked:?}");
        assert!(asked.endpoint.starts_with(server.issuer()));
        let member = |name: &str| asked.members.iter().find(|member| member.name == name).unwrap().clone();
        assert_eq!(member("client_id").value, json!(client).to_string());
        assert!(member("exp").instant.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn k3_of_a_token_that_is_over_the_server_says_no_and_that_is_an_answer() {
    let (server, house) = (Certified::with_lifetime(1).unwrap(), House::with(Does::Nothing));
    let connection = house.certified(&server, "client_credentials", "program", "").await;
    let over = async || !house.keydesk.introspect_token(&connection.id).await.unwrap().active;
    wait_until(over, Duration::from_secs(20), "the end of the token").await.unwrap();
    let said = house.keydesk.introspect_token(&connection.id).await.unwrap();
    assert_eq!(said.members.len(), 1, "{said:?}");
}

#[tokio::test]
async fn k3_a_server_that_offers_no_introspection_or_lets_nobody_ask_is_told_apart() {
    let house = House::new();
    let server = FakeServer::start().await.unwrap();
    let issuer = server.url("");
    let metadata = |more: Value| {
        let mut metadata = json!({"issuer": issuer, "token_endpoint": format!("{issuer}/token")});
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Answer::json(200, &metadata)
    };
    let parameters = BTreeMap::from([("base_url".to_owned(), server.url("/api"))]);
    let request =
        AddConnection { provider: "another-api".to_owned(), label: None, parameters, ca: None, sandbox: false };
    let connection = house.keydesk.add_connection(request).unwrap();
    let error = house.keydesk.introspect_token(&connection.id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LoginNeeded);
    server.always("/.well-known/openid-configuration", metadata(json!({})));
    server.always("/token", Answer::json(200, &json!({"access_token": "canary-access-2f77b1", "expires_in": 7200})));
    let typed = [("issuer", issuer.as_str()), ("client_id", "c"), ("client_secret", "canary-secret-81be2a")];
    let fields = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    house.attempt(&connection, "client_credentials", &fields).await.unwrap();
    let code = async || house.keydesk.introspect_token(&connection.id).await.unwrap_err().code;
    assert_eq!(code().await, ErrorCode::DiscoveryFailed);
    let endpoint = metadata(json!({"introspection_endpoint": format!("{issuer}/introspect")}));
    server.always("/.well-known/openid-configuration", endpoint);
    for (answer, expected) in [
        (Answer::json(401, &json!({"error": "invalid_client"})), ErrorCode::ClientRefused),
        (Answer::new(403), ErrorCode::ClientRefused),
        (Answer::new(503), ErrorCode::ServerFailed),
        (Answer::html(200, "<p>Welcome"), ErrorCode::UnexpectedAnswer),
        (Answer::json(200, &json!({"active": "true"})), ErrorCode::UnexpectedAnswer),
        (Answer::json(200, &json!([])), ErrorCode::UnexpectedAnswer),
    ] {
        server.answer("/introspect", answer);
        assert_eq!(code().await, expected);
    }
    // What it sent says who asks, and a server that repeats the token shows it to nobody.
    let asked = server.received_at("/introspect").remove(0);
    assert_eq!(asked.form_field("token").as_deref(), Some("canary-access-2f77b1"));
    assert!(asked.header("authorization").unwrap().starts_with("Basic "));
    server.always("/introspect", Answer::json(200, &json!({"active": true, "token": "canary-access-2f77b1"})));
    let said = house.keydesk.introspect_token(&connection.id).await.unwrap();
    assert!(said.active && !format!("{said:?}").contains("canary-access-2f77b1"));
    server.always("/introspect", Answer::json(200, &json!({"active": false})));
    assert!(!house.keydesk.introspect_token(&connection.id).await.unwrap().active);
}
