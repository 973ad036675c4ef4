//! Redirects, hop by hop.

use keydesk_core::{ErrorCode, Removed, SendState};
use keydesk_support::{Answer, FakeServer};

use super::stage::{get, json, request, rows, stage};
use crate::acme::TOKEN;

#[tokio::test(flavor = "multi_thread")]
async fn h1_a_hop_to_another_origin_takes_no_credential_along_nor_back() {
    let (server, acme) = stage().await;
    // Another port is another origin.
    let other = FakeServer::start().await.unwrap();
    server.always("/v1/out", Answer::redirect(302, &other.url("/there")));
    other.always("/there", Answer::redirect(307, &server.url("/v1/back")));
    server.always("/v1/back", Answer::json(200, &serde_json::json!({})));
    let mut built = get("/out");
    built.headers = rows(&[("Cookie", "session=1"), ("X-Api-Key", "k"), ("X-Foo", "f"), ("Accept-Language", "de")]);
    let sent = acme.explore(&built).await;
    assert_eq!((sent.state, sent.status), (SendState::Done, Some(200)), "{sent:?}");
    for received in [other.received().pop().unwrap(), server.received().pop().unwrap()] {
        for gone in ["authorization", "cookie", "x-api-key", "x-foo", "x-tenant"] {
            assert_eq!(received.header(gone), None, "{gone} at {}", received.path);
        }
        assert_eq!(received.header("accept-language"), Some("de"));
    }
    let [out, back] = &sent.hops[..] else { panic!("{:?}", sent.hops) };
    assert_eq!((out.status, out.location.as_str()), (302, other.url("/there").as_str()));
    let header = |name: &str| Removed::Header { name: name.to_owned() };
    let headers = ["cookie", "x-api-key", "x-foo", "x-tenant"].map(header);
    for gone in headers.into_iter().chain([Removed::AccessToken]) {
        assert!(out.removed.contains(&gone), "{gone:?}: {:?}", out.removed);
    }
    assert!(back.removed.is_empty(), "{:?}", back.removed);
}

#[tokio::test(flavor = "multi_thread")]
async fn h1_a_token_that_a_server_put_into_the_address_is_not_carried_elsewhere() {
    let (server, acme) = stage().await;
    let other = FakeServer::start().await.unwrap();
    server.always("/v1/out", Answer::redirect(302, &other.url(&format!("/there?t={TOKEN}"))));
    let sent = acme.explore(&get("/out")).await;
    assert_eq!(sent.error.as_ref().map(|error| error.code), Some(ErrorCode::UnexpectedAnswer));
    assert!(other.received().is_empty());
    assert!(!format!("{sent:?}").contains(TOKEN));
}

/// What a request carries may be a password as well as any header.
#[tokio::test(flavor = "multi_thread")]
async fn h1_a_body_goes_to_no_other_origin_than_the_one_that_was_asked() {
    let (server, acme) = stage().await;
    let other = FakeServer::start().await.unwrap();
    server.always("/v1/out", Answer::redirect(307, &other.url("/there")));
    let mut built = request("POST", "/out");
    built.body = json("{\"password\": \"canary\"}");
    let sent = acme.explore(&built).await;
    assert_eq!((sent.status, sent.error.map(|error| error.code)), (Some(307), Some(ErrorCode::UnexpectedAnswer)));
    assert!(other.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn within_an_origin_the_token_stays_and_the_method_changes_as_the_rfc_says() {
    let (server, acme) = stage().await;
    server.always("/v1/end", Answer::new(200));
    for (status, method, becomes, keeps) in [
        (301, "POST", "GET", false),
        (302, "POST", "GET", false),
        (303, "PUT", "GET", false),
        (302, "PUT", "PUT", true),
        (307, "POST", "POST", true),
        (308, "DELETE", "DELETE", true),
        (303, "HEAD", "HEAD", true),
    ] {
        server.answer("/v1/begin", Answer::redirect(status, "end"));
        let mut built = request(method, "/begin");
        built.body = json("{\"a\":1}");
        let sent = acme.explore(&built).await;
        let received = server.received().pop().unwrap();
        let what = format!("{status} {method}");
        assert_eq!((received.path.as_str(), received.method.as_str()), ("/v1/end", becomes), "{what}");
        assert_eq!(received.header("authorization").unwrap(), format!("Bearer {TOKEN}"), "{what}");
        assert_eq!(received.text() == "{\"a\":1}", keeps, "{what}");
        assert_eq!(received.header("content-type").is_some(), keeps, "{what}");
        assert_eq!(sent.hops[0].removed.contains(&Removed::Body), !keeps, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h3_ten_hops_are_followed_and_shown_and_one_more_is_the_answer() {
    let (server, acme) = stage().await;
    for number in 0..11 {
        server.always(&format!("/v1/{number}"), Answer::redirect(302, &format!("{}", number + 1)));
    }
    server.always("/v1/11", Answer::new(200));
    let sent = acme.explore(&get("/1")).await;
    assert_eq!((sent.status, sent.hops.len()), (Some(200), 10));
    let sent = acme.explore(&get("/0")).await;
    assert_eq!((sent.status, sent.hops.len()), (Some(302), 10));
    assert!(sent.error.is_some_and(|error| error.message.contains("not followed")));
    let mut still = get("/0");
    still.follow = false;
    let sent = acme.explore(&still).await;
    assert_eq!((sent.status, sent.hops.len(), sent.error), (Some(302), 0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn h3_a_hop_to_what_is_no_address_of_ours_is_the_answer() {
    let (server, acme) = stage().await;
    for to in ["http://api.example/", "file:///etc/passwd", "https://user:secret@a.example/", "javascript:alert(1)"] {
        server.answer("/v1/out", Answer::redirect(302, to));
        let sent = acme.explore(&get("/out")).await;
        assert_eq!((sent.state, sent.status, sent.hops.len()), (SendState::Done, Some(302), 0), "{to}");
        assert_eq!(sent.error.map(|error| error.code), Some(ErrorCode::UnexpectedAnswer), "{to}");
    }
}
