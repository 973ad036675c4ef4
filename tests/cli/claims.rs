//! claims: signatures, comparisons, what the server says; and why a call was refused.

use std::path::PathBuf;
use std::process::Stdio;

use crate::house::{House, type_in};
use crate::ran::Ran;

/// RFC 7515 appendix A.1 and its key.
const TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const KEY: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

impl House {
    fn file(&self, name: &str, text: &str) -> String {
        let file: PathBuf = self.home.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    }

    /// In an empty home, without a keychain: nothing of a person is asked for.
    async fn away(&self, arguments: &[&str], stdin: &str) -> Ran {
        let mut command = self.command(arguments);
        let empty = tempfile::tempdir().unwrap();
        command.env("KEYDESK_HOME", empty.path()).env_remove("DBUS_SESSION_BUS_ADDRESS").stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        type_in(&mut child, stdin).await;
        let ran = self.end(child).await;
        assert!(std::fs::read_dir(empty.path()).unwrap().next().is_none());
        ran
    }
}

#[tokio::test]
async fn g2_a_pasted_token_is_checked_with_a_key_of_a_file_and_its_time_is_told_apart() {
    let house = House::new().await;
    let jwk = house.file("key.json", &format!(r#"{{"kty":"oct","k":"{KEY}"}}"#));
    let words = house.away(&["claims", "-", "--key", &jwk], TOKEN).await.well().out;
    assert!(words.contains("valid (HS256)") && words.contains("over: it ended "), "{words}");
    let json = house.away(&["--json", "claims", "-", "--key", &jwk], TOKEN).await.well().json();
    assert_eq!(json["verified"]["signature"]["kind"], "valid", "{json}");
    assert_eq!(json["verified"]["time"]["state"], "expired");
    let secret = house.file("secret", &format!("{KEY}\n"));
    house.away(&["claims", "-", "--secret", &secret, "--secret-as", "base64url"], TOKEN).await.well();
    // One that does not hold ends so, and says why.
    let wrong = house.away(&["claims", "-", "--secret", &secret], TOKEN).await.fails_with(1);
    assert!(wrong.out.contains("not valid: it is not made with this key"), "{wrong:?}");
    let json = house.away(&["--json", "claims", "-", "--secret", &secret], TOKEN).await.fails_with(1).json();
    assert_eq!(json["verified"]["signature"]["reason"], "bad_signature", "{json}");
    let none = house.away(&["claims", "-", "--key", &jwk], "eyJhbGciOiJub25lIn0.e30.").await.fails_with(1);
    assert!(none.out.contains("the token is not signed"), "{none:?}");
    let file = house.home.path().join("nothing").display().to_string();
    house.away(&["claims", "-", "--key", &file], TOKEN).await.fails_with(2).says("nothing");
    house.away(&["claims", "-", "--key", &jwk, "--issuer", "https://a.example"], TOKEN).await.fails_with(2);
}

#[tokio::test]
async fn g1_a_token_that_was_only_read_is_said_to_be_unchecked_and_what_is_wrong_with_one_is_said_with_its_place() {
    let house = House::new().await;
    house.away(&["claims", "-"], TOKEN).await.well().says("not checked");
    let broken = TOKEN.replace('.', "=.");
    let words = house.away(&["claims", "-"], &broken).await.well().out;
    assert!(words.contains("its header has a “=”") && words.contains("(character 41)"), "{words}");
    let json = house.away(&["--json", "claims", "-"], &broken).await.well().json();
    assert_eq!((&json["problem"]["fault"], &json["problem"]["at"]), (&"padding".into(), &40.into()));
    let hidden = "eyJhbGciOiJIUzI1NiJ9.eyJhIjoieOKAruKAiyJ9.AAAA";
    let words = house.away(&["claims", "-"], hidden).await.well().out;
    assert!(words.contains(r"\u{202e}\u{200b}") && words.contains("cannot be seen"), "{words}");
}

#[tokio::test]
async fn g9_more_than_a_mebibyte_on_standard_input_is_refused() {
    let house = House::new().await;
    let long = "x".repeat(3 << 20);
    house.away(&["claims", "-"], &long).await.fails_with(2).says("more than");
}

#[tokio::test]
async fn two_tokens_are_compared() {
    let house = House::new().await;
    house.connect("relay", "me").await;
    house.log_in_by_browser("relay", "me", "browser").await.well();
    let words = house.run_with(&["claims", "me", "--compare", "-"], TOKEN).await.well().out;
    let line = |sign: &str, name: &str| {
        words.lines().any(|line| line.starts_with(sign) && line.split_whitespace().any(|word| word == name))
    };
    assert!(
        line("~", "exp") && line("~", "iss") && line("-", "sub") && line("+", "http://example.com/is_root"),
        "{words}"
    );
    let json = house.run_with(&["--json", "claims", "-", "--compare", "me"], TOKEN).await.well().json();
    assert!(json["claims"].as_array().unwrap().iter().any(|it| it["difference"] == "only_second"), "{json}");
    house.run_with(&["claims", "-", "--compare", "-"], TOKEN).await.fails_with(2);
}

#[tokio::test]
async fn a_refused_call_says_why_in_a_line() {
    let house = House::new().await;
    house.connect("another-api", "api").await;
    let refresh = "eyJhbGciOiJIUzI1NiJ9.eyJ0eXAiOiJSZWZyZXNoIn0.AAAA";
    let typed = [("token", refresh), ("key_header", "Authorization"), ("key_prefix", "Bearer")];
    house.log_in("another-api", "api", "api_key", &typed).await.well();
    house.sandbox.fail_next("/oauth/api/me", 401, "{}", 2);
    house.run(&["call", "api", "GET", "/me"]).await.fails_with(4).says("This is a refresh token");
    let json = house.run(&["--json", "call", "api", "GET", "/me"]).await.fails_with(4).json();
    assert_eq!(json["refusal"]["reasons"][0]["kind"], "refresh_token_used", "{json}");
}

#[tokio::test]
async fn an_issuer_that_offers_nothing_of_this_is_told() {
    let house = House::new().await;
    house.logged_in("api").await;
    house.run(&["claims", "api", "--introspect"]).await.fails_with(5).says("introspection");
    let ran = house.run(&["claims", "api", "--verify"]).await.fails_with(1);
    assert!(ran.out.contains("not valid:"), "{ran:?}");
}
