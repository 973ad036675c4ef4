//! Pictures that answers name: thumbnails. What a server says is not believed: a picture is what begins as one.

use std::collections::VecDeque;

use reqwest::Method;
use reqwest::header::{ACCEPT, LOCATION};
use url::Url;

use super::desk::{Desk, held};
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::{Prepared, error_of};
use crate::picture;
use crate::provider::fill_url;
use crate::transport::{Answer, Limits, authority, is_at, parse_url};

/// How much of a picture is taken, and for how long.
const LIMITS: Limits = Limits { body: 5 * 1024 * 1024, ..Limits::API };
/// How many pictures of a connection are kept, and how much of them.
const MOST_KEPT: usize = 64;
const MOST_BYTES_KEPT: usize = 16 * 1024 * 1024;
/// How often a server may send elsewhere.
const MOST_REDIRECTS: usize = 3;
const WANTED: &str = "image/png, image/jpeg, image/gif, image/webp";

/// The pictures that came last, the newest at the end, in memory only.
#[derive(Default)]
pub(super) struct Pictures(VecDeque<(Url, String)>);

impl Pictures {
    fn find(&mut self, url: &Url) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == url)?;
        let found = self.0.remove(at)?;
        self.0.push_back(found.clone());
        Some(found.1)
    }

    fn keep(&mut self, url: Url, picture: String) {
        self.0.retain(|(known, _)| *known != url);
        self.0.push_back((url, picture));
        while self.0.len() > MOST_KEPT
            || self.0.iter().map(|(_, picture)| picture.len()).sum::<usize>() > MOST_BYTES_KEPT
        {
            self.0.pop_front();
        }
    }
}

impl Desk {
    /// A picture as a `data:` URL. The token is presented to the connection's own servers only, and never where one of them
    /// sends elsewhere.
    ///
    /// # Errors
    /// `invalid_input` when the address cannot be used, `unexpected_answer` when it is no picture, or why there is none.
    pub async fn image(&self, account: &Account, url: &str) -> Result<String> {
        let mut prepared = Prepared::whole(account, Method::GET, url, None).map_err(of_url)?;
        prepared.accept = WANTED;
        let known = self.known(&account.connection.id);
        if let Some(picture) = held(&known).pictures.find(&prepared.url) {
            return Ok(picture);
        }
        let answer = self.picture(&account.clone().quiet(), &prepared).await?;
        let picture = read(&answer, &prepared.url)?;
        held(&known).pictures.keep(prepared.url, picture.clone());
        Ok(picture)
    }

    async fn picture(&self, account: &Account, prepared: &Prepared) -> Result<Answer> {
        let mut url = prepared.url.clone();
        let mut answer = if is_at(&url, &account.owner.origins) {
            if is_of_api(account, &url) {
                self.turn(account).await;
            }
            let sent = self.sender.send_within(account, prepared, None, LIMITS).await;
            sent.map_err(|no| no.error)?.answer
        } else {
            elsewhere(account, &url).await?
        };
        for _ in 0..MOST_REDIRECTS {
            let Some(next) = sent_to(&answer, &url) else { break };
            url = next?;
            answer = elsewhere(account, &url).await?;
        }
        match error_of(&account.provider, &answer) {
            Some(error) => Err(self.redactor.mask_error(error)),
            None => Ok(answer),
        }
    }
}

/// Whether it is a request of the API, whose limit it then obeys. What stands beside the API on its server does not count.
fn is_of_api(account: &Account, url: &Url) -> bool {
    fill_url(account.base_url(), account.owner.variables.as_ref()).is_ok_and(|base| url.as_str().starts_with(&base))
}

/// Asks another server, without the token or anything else of the connection.
async fn elsewhere(account: &Account, url: &Url) -> Result<Answer> {
    account.may_ask(url).map_err(of_url)?;
    let transport = account.owner.client.transport();
    let request = transport.request(Method::GET, url.clone())?.header(ACCEPT, WANTED).build();
    let request = request.map_err(|error| Error::internal("build the request", error.without_url()))?;
    transport.send(request, LIMITS).await
}

/// Where an answer sends to.
fn sent_to(answer: &Answer, url: &Url) -> Option<Result<Url>> {
    let location = answer.headers.get(LOCATION).filter(|_| (300..400).contains(&answer.status))?;
    let next = location.to_str().ok().and_then(|location| url.join(location).ok());
    Some(match next {
        Some(next) => parse_url(next.as_str()).map_err(of_url),
        None => Err(Error::new(ErrorCode::UnexpectedAnswer, "The server sends to an address that is none.")),
    })
}

fn read(answer: &Answer, url: &Url) -> Result<String> {
    let no = |what: String| Err(Error::new(ErrorCode::UnexpectedAnswer, what).with_status(answer.status));
    let host = authority(url);
    if (300..400).contains(&answer.status) {
        return no(format!("{host} sends from one address to the next."));
    }
    if answer.truncated {
        return no(format!("The picture of {host} is larger than {} MB.", LIMITS.body / 1024 / 1024));
    }
    picture::data_url(&answer.body).map_or_else(|| no(format!("{host} answered no picture.")), Ok)
}

fn of_url(error: Error) -> Error {
    Error { field: Some("url".to_owned()), ..error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_pictures_are_kept_and_those_that_were_looked_at_last() {
        let url = |number: usize| Url::parse(&format!("https://a.example/{number}")).unwrap();
        let mut pictures = Pictures::default();
        for number in 0..=MOST_KEPT {
            assert_eq!(pictures.find(&url(0)).is_some(), number > 0);
            pictures.keep(url(number), number.to_string());
        }
        assert_eq!((pictures.find(&url(0)), pictures.find(&url(1))), (Some("0".to_owned()), None));
        for number in 0..4 {
            pictures.keep(url(number), "x".repeat(MOST_BYTES_KEPT / 3));
        }
        assert_eq!(pictures.0.len(), 3);
    }
}
