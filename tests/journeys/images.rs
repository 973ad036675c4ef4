//! Pictures that answers name: who is shown the token for them, what is a picture, what is kept.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_support::{Answer, FakeServer};

use crate::acme::{Acme, TOKEN};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";
const LARGEST: usize = 5 * 1024 * 1024;

impl Acme {
    async fn image(&self, url: &str) -> Result<String> {
        self.house.keydesk.read_image(&self.connection.id, url).await
    }

    async fn refused(&self, url: &str) -> Error {
        match self.image(url).await {
            Ok(picture) => panic!("{url} gave {picture:.40}"),
            Err(error) => error,
        }
    }
}

fn picture(body: &[u8]) -> Answer {
    Answer::new(200).header("content-type", "image/png").body(body)
}

fn shown(body: &[u8]) -> String {
    format!("data:image/png;base64,{}", BASE64_STANDARD.encode(body))
}

async fn servers() -> (FakeServer, FakeServer, Acme) {
    let (own, other) = (FakeServer::start().await.unwrap(), FakeServer::start().await.unwrap());
    let acme = Acme::at(&own.url(""), "").await;
    (own, other, acme)
}

#[tokio::test(flavor = "multi_thread")]
async fn h2_a_picture_of_another_server_is_asked_for_without_the_token_or_anything_else_of_the_connection() {
    let (own, other, acme) = servers().await;
    for server in [&own, &other] {
        server.always("/v1/a.png", picture(PNG));
        assert_eq!(acme.image(&server.url("/v1/a.png?signature=x")).await.unwrap(), shown(PNG));
    }
    // As answers name them that stand below the API.
    assert_eq!(acme.image("/a.png").await.unwrap(), shown(PNG));
    for received in own.received() {
        assert_eq!(received.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(received.header("accept"), Some("image/png, image/jpeg, image/gif, image/webp"));
    }
    let received = other.received().remove(0);
    assert_eq!((received.header("authorization"), received.header("x-tenant")), (None, None));
    assert!(!format!("{received:?}").contains(TOKEN), "{received:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn h2_d10_where_a_server_sends_elsewhere_the_token_does_not_go_along_not_even_to_itself() {
    let (own, other, acme) = servers().await;
    own.always("/v1/moved", Answer::redirect(302, &other.url("/b.png")));
    own.always("/v1/turned", Answer::redirect(307, "/c.png"));
    for (server, path) in [(&other, "/b.png"), (&own, "/c.png")] {
        server.always(path, picture(PNG));
    }
    for path in ["/v1/moved", "/v1/turned"] {
        assert_eq!(acme.image(&own.url(path)).await.unwrap(), shown(PNG));
    }
    for received in [other.received_at("/b.png"), own.received_at("/c.png")].concat() {
        assert_eq!((received.header("authorization"), received.header("x-tenant")), (None, None));
    }
    // Nor is one followed for ever, or to where no picture is.
    own.always("/v1/round", Answer::redirect(302, "/v1/round"));
    own.always("/v1/plain", Answer::redirect(302, "http://pictures.example/a.png"));
    own.always("/v1/file", Answer::redirect(302, "file:///etc/passwd"));
    assert_eq!(acme.refused(&own.url("/v1/round")).await.code, ErrorCode::UnexpectedAnswer);
    assert_eq!(own.received_at("/v1/round").len(), 4);
    for path in ["/v1/plain", "/v1/file"] {
        assert_eq!(acme.refused(&own.url(path)).await.code, ErrorCode::InvalidInput, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_https_or_of_this_machine_is_not_asked() {
    let (_own, _other, acme) = servers().await;
    for url in [
        "http://pictures.example/a.png",
        "https://user:word@pictures.example/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "",
    ] {
        let error = acme.refused(url).await;
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("url")), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_far_away_does_not_have_the_programs_of_this_machine_asked() {
    let here = FakeServer::start().await.unwrap();
    here.always("/a.png", picture(PNG));
    let acme = Acme::at("https://api.acme.example", "").await;
    assert_eq!(acme.refused(&here.url("/a.png")).await.code, ErrorCode::InvalidInput);
    assert!(here.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn h6_a_picture_is_taken_up_to_five_megabytes_and_no_further() {
    let (own, _other, acme) = servers().await;
    let of = |size: usize| [PNG, &vec![0; size - PNG.len()]].concat();
    own.always("/v1/large", picture(&of(LARGEST)));
    own.always("/v1/larger", picture(&of(LARGEST + 1)));
    assert_eq!(acme.image("/large").await.unwrap(), shown(&of(LARGEST)));
    let error = acme.refused("/larger").await;
    assert_eq!(error.code, ErrorCode::UnexpectedAnswer);
    assert!(error.message.contains("larger than 5 MB"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_what_begins_as_one_whatever_the_server_calls_it() {
    let (own, _other, acme) = servers().await;
    for (path, body) in [
        ("/v1/svg", &b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"[..]),
        ("/v1/html", b"<!doctype html><script>alert(1)</script>"),
        ("/v1/json", b"{}"),
        ("/v1/empty", b""),
    ] {
        own.always(path, picture(body));
        let error = acme.refused(&own.url(path)).await;
        assert_eq!(error.code, ErrorCode::UnexpectedAnswer, "{path}");
    }
    own.always("/v1/webp", Answer::html(200, "RIFF\u{1}\0\0\0WEBPVP8 "));
    assert!(acme.image("/webp").await.unwrap().starts_with("data:image/webp;base64,"));
    own.always("/v1/gone", Answer::html(404, "<h1>Gone</h1>"));
    assert_eq!(acme.refused("/gone").await.code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_asked_for_once_and_one_that_was_cut_is_asked_for_again() {
    let (own, _other, acme) = servers().await;
    own.answer("/v1/a", picture(PNG).cut_after(10));
    own.always("/v1/a", picture(PNG));
    let error = acme.refused("/a").await;
    assert_eq!(error.code, ErrorCode::NoReply);
    for _ in 0..3 {
        assert_eq!(acme.image("/a").await.unwrap(), shown(PNG));
    }
    assert_eq!(own.received_at("/v1/a").len(), 2);
    // Who logs in next may be another person.
    acme.log_in().await;
    assert_eq!(acme.image("/a").await.unwrap(), shown(PNG));
    assert_eq!(own.received_at("/v1/a").len(), 3);
    // A folder of pictures is no news; a failure is.
    let told = format!("{:?}", acme.house.activity(&acme.connection).await);
    assert_eq!(told.matches("RequestSent").count(), 0, "{told}");
    assert_eq!(told.matches("RequestFailed").count(), 1, "{told}");
}
