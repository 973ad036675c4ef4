//! A person at a browser without a screen, for pages that need no script: it keeps cookies, follows redirects of one
//! server, and sends each form as it stands.

use std::collections::BTreeMap;

use reqwest::Response;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use url::Url;

use crate::{Failure, Outcome};

/// A login, a consent, a code, its confirmation, and some to spare.
const MOST_PAGES: usize = 8;

/// The person. Their name and password stand in the login page already; it is that of a test server.
#[derive(Debug)]
pub struct Visitor {
    client: reqwest::Client,
    /// Whose pages are looked at.
    server: Url,
    cookies: BTreeMap<String, String>,
    /// What is typed where a form asks for a code.
    user_code: String,
}

/// Where a visit is.
enum Place {
    Page { at: Url, text: String },
    Elsewhere(Url),
}

impl Visitor {
    /// Logs in and consents. Returns where the server sends the browser in the end, which is not gone to.
    ///
    /// # Errors
    /// The server does not answer, or a page has no form.
    pub async fn log_in(url: &Url) -> Outcome<Url> {
        match Self::visit(url, "").await? {
            Place::Elsewhere(url) => Ok(url),
            Place::Page { at, text } => Err(Failure::new(format!("the login ends at {at}: {text}"))),
        }
    }

    /// Enters the code of a device, confirms it, logs in and consents (RFC 8628 section 3.3).
    ///
    /// # Errors
    /// The server does not answer, or sends the browser elsewhere.
    pub async fn allow_device(verification_uri: &str, user_code: &str) -> Outcome {
        match Self::visit(&Url::parse(verification_uri)?, user_code).await? {
            Place::Page { text, .. } if text.contains("The device is logged in") => Ok(()),
            Place::Page { at, text } => Err(Failure::new(format!("the device’s login ends at {at}: {text}"))),
            Place::Elsewhere(url) => Err(Failure::new(format!("the device’s login ends at {url}"))),
        }
    }

    async fn visit(url: &Url, user_code: &str) -> Outcome<Place> {
        let client = reqwest::Client::builder().redirect(Policy::none()).build()?;
        let (server, user_code) = (url.clone(), user_code.to_owned());
        let mut visitor = Self { client, server, cookies: BTreeMap::new(), user_code };
        let mut place = visitor.go(url.clone(), None).await?;
        for _ in 0..MOST_PAGES {
            match place {
                Place::Page { at, text } if text.contains("<form") => {
                    let form = visitor.filled(&text);
                    place = visitor.go(action(&at, &text)?, Some(form)).await?;
                }
                end => return Ok(end),
            }
        }
        Err(Failure::new("the pages of the login never end"))
    }

    /// Gets a page, or sends a form, and follows redirects.
    async fn go(&mut self, mut url: Url, mut form: Option<Vec<(String, String)>>) -> Outcome<Place> {
        loop {
            if url.origin() != self.server.origin() {
                return Ok(Place::Elsewhere(url));
            }
            let request = match form.take() {
                Some(form) => self.client.post(url.clone()).form(&form),
                None => self.client.get(url.clone()),
            };
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = request.header(COOKIE, cookies.join("; ")).send().await?;
            self.keep_cookies(&answer);
            match answer.headers().get(LOCATION).and_then(|location| location.to_str().ok()) {
                Some(location) => url = url.join(location)?,
                None => return Ok(Place::Page { at: url, text: answer.text().await? }),
            }
        }
    }

    fn keep_cookies(&mut self, answer: &Response) {
        let cookies = answer.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.filter_map(|cookie| cookie.split(';').next()?.split_once('='));
        self.cookies.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    /// What the page's form holds, the code, and the button that says yes.
    fn filled(&self, page: &str) -> Vec<(String, String)> {
        let tags = page.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
        let mut fields: Vec<(String, String)> = tags
            .filter_map(|tag| {
                let name = attribute(tag, "name")?;
                let typed = if name == "user_code" { self.user_code.as_str() } else { "" };
                Some((name.to_owned(), attribute(tag, "value").unwrap_or(typed).to_owned()))
            })
            .collect();
        if page.contains(r#"name="answer""#) {
            fields.push(("answer".to_owned(), "log-in".to_owned()));
        }
        fields
    }
}

/// Where the page's form is sent.
fn action(at: &Url, page: &str) -> Outcome<Url> {
    let form = page.split("<form").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default();
    Ok(at.join(attribute(form, "action").unwrap_or(at.as_str()))?)
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}
