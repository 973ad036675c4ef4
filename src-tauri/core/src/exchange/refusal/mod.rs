//! “Why was I refused”: a 401 or 403, its challenge, the token's claims and the connection laid side by side.

mod challenge;
mod findings;
mod reason;

use std::collections::HashSet;

use jiff::Timestamp;
use reqwest::header::{HeaderName, HeaderValue, USER_AGENT, WWW_AUTHENTICATE};
use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

use super::meaning::Signs;
use super::prepared::{Prepared, headers};
use crate::account::Account;
use crate::jwt::DecodedToken;
use crate::provider::Presented;
use crate::redact::Redactor;
use crate::token::TokenSet;
use crate::transport::Answer;

pub use challenge::{Challenge, ChallengeParameter};
pub use reason::Reason;

/// Why a server refused. Holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// What shows a reason, the likeliest first. Never empty.
    pub reasons: Vec<Reason>,
    /// What the server wants instead, in its words.
    pub challenges: Vec<Challenge>,
    /// What the token permits, by its claims and by the login.
    pub granted: Vec<String>,
}

/// A refusing answer, as far as it matters, and the request that it is to.
pub struct Refused<'a> {
    /// The status.
    pub status: u16,
    /// The values of `WWW-Authenticate`.
    pub challenges: Vec<String>,
    /// What time it was for the server, where it said so.
    pub date: Option<Timestamp>,
    /// The body.
    pub body: &'a [u8],
    /// Where the request went.
    pub url: &'a Url,
    /// The names of the headers that were sent with it, beside the token.
    pub sent: Vec<String>,
}

impl<'a> Refused<'a> {
    /// An answer to a request of ours.
    pub fn of(prepared: &'a Prepared, answer: &'a Answer) -> Self {
        let challenges = answer.headers.get_all(WWW_AUTHENTICATE).iter();
        Self {
            status: answer.status,
            challenges: challenges.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect(),
            date: answer.date(),
            body: &answer.body,
            url: &prepared.url,
            sent: names(&prepared.headers),
        }
    }

    /// The names of the headers that Keydesk sends with every request of an API.
    pub fn usual(account: &Account) -> Vec<String> {
        names(&headers(&account.provider.api, account.owner.variables.as_ref()).unwrap_or_default())
    }
}

/// The transport sends `User-Agent` with every request.
fn names(own: &[(HeaderName, HeaderValue)]) -> Vec<String> {
    own.iter().map(|(name, _)| name).chain([&USER_AGENT]).map(ToString::to_string).collect()
}

impl Refusal {
    /// Whether a status is one that asks for a reason.
    pub fn explains(status: u16) -> bool {
        matches!(status, 401 | 403)
    }

    /// Looks for reasons. `now` is this machine's time.
    pub fn of(account: &Account, set: &TokenSet, presented: &Presented, refused: &Refused, now: Timestamp) -> Self {
        let token = DecodedToken::of(set.access_token.expose());
        let challenges: Vec<Challenge> = refused.challenges.iter().flat_map(|it| Challenge::read(it)).collect();
        let granted = granted(set, &token);
        let case = findings::Case {
            account,
            set,
            presented,
            refused,
            token: &token,
            challenges: &challenges,
            granted: &granted,
            signs: Signs::of(&account.provider, refused.status, refused.body),
            now,
        };
        Self { status: refused.status, reasons: case.reasons(), challenges, granted }
    }

    /// With every secret masked: a server may repeat what it was sent.
    #[must_use]
    pub fn masked(mut self, redactor: &Redactor) -> Self {
        let mask = |text: &mut String| *text = redactor.mask(text);
        for challenge in &mut self.challenges {
            mask(&mut challenge.scheme);
            challenge.parameters.iter_mut().for_each(|it| mask(&mut it.value));
        }
        for reason in &mut self.reasons {
            match reason {
                Reason::ServerSays { error, description } => {
                    mask(error);
                    description.iter_mut().for_each(mask);
                }
                Reason::MissingScope { missing: texts } | Reason::OtherScheme { wanted: texts, .. } => {
                    texts.iter_mut().for_each(mask);
                }
                _ => {}
            }
        }
        self
    }
}

/// The scope of the login, and every permission in the token.
fn granted(set: &TokenSet, token: &DecodedToken) -> Vec<String> {
    let of_login = set.scope.iter().flat_map(|scope| scope.split_whitespace()).map(str::to_owned);
    let of_token = token.permissions.iter().flat_map(|list| list.entries.clone());
    let mut seen = HashSet::new();
    of_login.chain(of_token).filter(|entry| seen.insert(entry.clone())).collect()
}
