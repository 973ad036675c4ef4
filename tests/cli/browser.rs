//! The person at the browser.

use url::Url;

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Answers the login page and follows the redirects; returns the last address.
pub async fn click_through(url: &Url, answer: &str) -> String {
    let form = [("username", keydesk_sandbox::USERNAME), ("password", keydesk_sandbox::PASSWORD)];
    let form = [form[0], form[1], ("remember_me", "yes"), ("answer", answer)];
    let mut answered = client().post(url.clone()).form(&form).send().await.unwrap();
    let mut at = url.clone();
    while let Some(location) = answered.headers().get("location") {
        at = at.join(location.to_str().unwrap()).unwrap();
        match client().get(at.clone()).send().await {
            Ok(next) => answered = next,
            Err(_) => break,
        }
    }
    at.into()
}
