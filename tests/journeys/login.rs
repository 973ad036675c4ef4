//! Logging in with the browser.

use keydesk_core::{
    ActivityEvent, ErrorCode, FinishLogin, KeptIn, LoginState, ReceiveBy, Secret, Settings, TokenState,
};
use url::Url;

use crate::house::{Does, House, click_through, exchanges, sandbox};

fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_logs_in_at_the_current_server_and_sees_who_they_are() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    assert_eq!(connection.token.state, TokenState::None);
    house.log_in(&connection).await;
    let view = house.view(&connection);
    assert_eq!(view.token.state, TokenState::Fresh);
    assert_eq!(view.identity.as_deref(), Some("Alice Rodriguez"));
    assert!(view.token.has_refresh_token && view.token.renewable);
    assert_eq!(view.token.kept_in, Some(KeptIn::Memory));
    let activity = house.activity(&connection).await;
    assert!(activity.contains(&ActivityEvent::LoginStarted { receive_by: ReceiveBy::Loopback }));
    assert!(activity.iter().any(|event| matches!(event, ActivityEvent::LoginCompleted { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_legacy_server_gives_an_opaque_token_and_the_name_is_asked_for() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let mut parameters = house.connect(&sandbox).parameters;
    // Any free port, so that tests can run side by side; the real server's is 8079.
    parameters.insert("legacy_redirect_base".to_owned(), "http://localhost".to_owned());
    let connection = house.add(parameters);
    let login = house.start(&connection, "browser_legacy", ReceiveBy::Loopback).await;
    assert!(login.redirect_uri.starts_with("http://localhost:"));
    let over = house.outcome(&login).await;
    assert_eq!(over.state, LoginState::Done, "{:?}", over.error);
    let details = house.keydesk.read_token(&connection.id).await.unwrap();
    assert_eq!(details.access_token.unwrap().kind, keydesk_core::TokenKind::Opaque);
    assert_eq!(house.view(&connection).identity.as_deref(), Some("Alice Rodriguez"));
}

/// A1, A2, A3, A11: what the browser is sent to.
#[tokio::test(flavor = "multi_thread")]
async fn a1_the_browser_is_opened_once_with_s256_and_the_configured_scope() {
    let (house, sandbox) = (House::new(), sandbox().await);
    house.log_in(&house.connect(&sandbox)).await;
    let opened = house.person.opened.lock().unwrap().clone();
    let [url] = &opened[..] else { panic!("opened {} times", opened.len()) };
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "83756T4P"),
        ("scope", "openid profile offline_access"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameter(url.as_str(), name), value);
    }
}

/// A10: an endpoint from a provider file or a person is parsed, and only https or loopback http is opened.
#[tokio::test(flavor = "multi_thread")]
async fn a10_a_strange_authorization_endpoint_is_never_opened() {
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    for endpoint in ["file:///x?", "javascript:alert(1)//", "http:$(id)", "--proxy-server=x", "http://api.example"] {
        let mut parameters = house.connect(&sandbox).parameters;
        parameters.insert("auth_url".to_owned(), endpoint.to_owned());
        let connection = house.add(parameters);
        assert!(house.try_start(&connection, "browser", ReceiveBy::Loopback).await.is_err(), "{endpoint}");
    }
    assert!(house.person.opened.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a12_a_browser_that_does_not_start_leaves_the_link_and_the_listener() {
    let (house, sandbox) = (House::with(Does::Fails), sandbox().await);
    let login = house.start(&house.connect(&sandbox), "browser", ReceiveBy::Loopback).await;
    for _ in 0..100 {
        if !house.login(&login.id).browser_opened {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let now = house.login(&login.id);
    assert!(!now.browser_opened && now.state == LoginState::Waiting);
    click_through(&Url::parse(&now.authorization_url).unwrap(), "log-in").await;
    assert_eq!(house.outcome(&login).await.state, LoginState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn b10_denial_ends_the_login_in_plain_words() {
    let (house, sandbox) = (House::with(Does::Denies), sandbox().await);
    let login = house.start(&house.connect(&sandbox), "browser", ReceiveBy::Loopback).await;
    let over = house.outcome(&login).await;
    assert_eq!(over.state, LoginState::Failed);
    let error = over.error.unwrap();
    assert_eq!(error.code, ErrorCode::LoginDenied);
    assert_eq!(error.oauth.unwrap().error, "access_denied");
}

/// B14: also across a sleep, since the wall clock counts.
#[tokio::test(flavor = "multi_thread")]
async fn b14_a_login_ends_by_itself_and_a_late_redirect_sends_nothing() {
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    let settings = house.keydesk.read_settings();
    house.keydesk.save_settings(Settings { login_seconds: 5, ..settings }).unwrap();
    let login = house.start(&house.connect(&sandbox), "browser", ReceiveBy::Paste).await;
    house.clock.forward(3600);
    assert_eq!(house.outcome(&login).await.state, LoginState::Expired);
    let redirect_url = click_through(&Url::parse(&login.authorization_url).unwrap(), "log-in").await;
    let late =
        house.keydesk.finish_login(&FinishLogin { login: login.id.clone(), redirect_url: Secret::new(redirect_url) });
    assert_eq!(late.unwrap_err().code, ErrorCode::LoginEnded);
    assert_eq!(exchanges(&sandbox), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn b15_two_logins_finish_in_reverse_order() {
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    let (one, two) = (house.connect(&sandbox), house.connect(&sandbox));
    let first = house.start(&one, "browser", ReceiveBy::Loopback).await;
    let second = house.start(&two, "browser", ReceiveBy::Loopback).await;
    for login in [&second, &first] {
        click_through(&Url::parse(&login.authorization_url).unwrap(), "log-in").await;
        assert_eq!(house.outcome(login).await.state, LoginState::Done);
    }
    assert_eq!(exchanges(&sandbox), 2);
}

/// A8: a response counts only where its own login waits.
#[tokio::test(flavor = "multi_thread")]
async fn a8_responses_never_cross_between_logins() {
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    let (one, two) = (house.connect(&sandbox), house.connect(&sandbox));
    let first = house.start(&one, "browser", ReceiveBy::Paste).await;
    let second = house.start(&two, "browser", ReceiveBy::UriScheme).await;
    let state = parameter(&second.authorization_url, "state");
    let crossed = format!("{}?code=x&state={state}", first.redirect_uri);
    let request = FinishLogin { login: first.id.clone(), redirect_url: Secret::new(crossed) };
    assert_eq!(house.keydesk.finish_login(&request).unwrap_err().code, ErrorCode::NotOurRedirect);
    assert_eq!(house.login(&first.id).state, LoginState::Waiting);
    assert_eq!(house.login(&second.id).state, LoginState::Waiting);
    assert_eq!(exchanges(&sandbox), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_closes_the_wait_and_what_comes_later_is_ignored() {
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    let login = house.start(&house.connect(&sandbox), "browser", ReceiveBy::Paste).await;
    assert_eq!(house.keydesk.cancel_login(&login.id).unwrap().state, LoginState::Cancelled);
    let redirect_url = click_through(&Url::parse(&login.authorization_url).unwrap(), "log-in").await;
    let late =
        house.keydesk.finish_login(&FinishLogin { login: login.id.clone(), redirect_url: Secret::new(redirect_url) });
    assert_eq!(late.unwrap_err().code, ErrorCode::LoginEnded);
    assert_eq!(house.login(&login.id).state, LoginState::Cancelled);
}

/// C1 to C3 and C5: links from anywhere change nothing; the true one logs in.
#[tokio::test(flavor = "multi_thread")]
async fn c2_forged_links_change_nothing_and_the_true_one_logs_in() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    *house.person.does.lock().unwrap() = Does::Nothing;
    let login = house.start(&connection, "browser", ReceiveBy::UriScheme).await;
    assert_eq!(login.redirect_uri, "dev.keydesk:/callback");
    let state = parameter(&login.authorization_url, "state");
    for number in 0..50 {
        house.keydesk.receive_link(&format!("dev.keydesk:/callback?code=forged&state=guess-{number}"));
        house.keydesk.receive_link("dev.keydesk:/callback?error=access_denied");
    }
    for forged in [
        format!("dev.keydesk:/callback?access_token=x&state={state}"),
        format!("dev.keydesk:/other?code=x&state={state}"),
        format!("dev.keydesk://callback?code=x&state={state}"),
        format!("other.scheme:/callback?code=x&state={state}"),
        format!("dev.keydesk:/callback?code=x\n&state={state}"),
        format!("dev.keydesk:/callback?code={}&state={state}", "x".repeat(1_000_000)),
        "dev.keydesk:".to_owned(),
        String::new(),
    ] {
        house.keydesk.receive_link(&forged);
        assert_eq!(house.login(&login.id).state, LoginState::Waiting);
    }
    let link = click_through(&Url::parse(&login.authorization_url).unwrap(), "log-in").await;
    assert!(link.starts_with("dev.keydesk:/callback?"));
    house.keydesk.receive_link(&link);
    assert_eq!(house.outcome(&login).await.state, LoginState::Done);
    assert_eq!(exchanges(&sandbox), 1);
}

/// B16: only a whole redirect counts.
#[tokio::test(flavor = "multi_thread")]
async fn b16_a_pasted_redirect_logs_in_and_a_bare_code_does_not() {
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    let login = house.start(&house.connect(&sandbox), "browser", ReceiveBy::Paste).await;
    let redirect = click_through(&Url::parse(&login.authorization_url).unwrap(), "log-in").await;
    let paste = |text: &str| {
        house.keydesk.finish_login(&FinishLogin { login: login.id.clone(), redirect_url: Secret::new(text) })
    };
    let code = parameter(&redirect, "code");
    for bare in [code.as_str(), "", "not an address", login.redirect_uri.as_str(), &format!("?code={code}")] {
        let error = paste(bare).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::NotOurRedirect, Some("redirect_url")), "{bare}");
    }
    paste(&format!("  {redirect}\n")).unwrap();
    assert_eq!(house.outcome(&login).await.state, LoginState::Done);
    assert_eq!(paste(&redirect).unwrap_err().code, ErrorCode::LoginEnded);
    assert_eq!(exchanges(&sandbox), 1);
}
