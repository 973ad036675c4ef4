//! What a request wants: `/connections/NAME/access-token?min_valid=SECONDS`, and there is nothing else. Refresh tokens and
//! client secrets have no route (security.md I6).

use hyper::Uri;
use percent_encoding::percent_decode_str;

use super::answer::Refusal;
use crate::event::NotHandedOut;

/// An access token.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The name or id of its connection.
    pub connection: String,
    /// How many seconds it must live at least.
    pub min_valid: u32,
}

impl Wanted {
    pub fn of(uri: &Uri) -> Result<Self, Refusal> {
        let segments: Vec<&str> = uri.path().split('/').collect();
        let ["", "connections", name, "access-token"] = segments[..] else {
            return Err(Refusal::new(NotHandedOut::UnknownRoute, "There is /connections/NAME/access-token."));
        };
        let connection = percent_decode_str(name).decode_utf8().map_err(|_| malformed("The name is no UTF-8."))?;
        if connection.is_empty() {
            return Err(malformed("The name is missing."));
        }
        Ok(Self { connection: connection.into_owned(), min_valid: min_valid(uri.query().unwrap_or_default())? })
    }
}

fn min_valid(query: &str) -> Result<u32, Refusal> {
    let mut seconds = None;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if name != "min_valid" {
            return Err(malformed("The only parameter is min_valid."));
        }
        let parsed = value.parse().map_err(|_| malformed("min_valid is a number of seconds."))?;
        if seconds.replace(parsed).is_some() {
            return Err(malformed("min_valid is given once."));
        }
    }
    Ok(seconds.unwrap_or(0))
}

fn malformed(message: &str) -> Refusal {
    Refusal::new(NotHandedOut::Malformed, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(uri: &str) -> Result<(String, u32), NotHandedOut> {
        let wanted = Wanted::of(&uri.parse().unwrap()).map_err(|refusal| refusal.reason)?;
        Ok((wanted.connection, wanted.min_valid))
    }

    #[test]
    fn i6_there_is_one_route() {
        assert_eq!(of("/connections/Relay/access-token"), Ok(("Relay".to_owned(), 0)));
        assert_eq!(of("/connections/a%2Fb%20%C3%A9/access-token?min_valid=60"), Ok(("a/b é".to_owned(), 60)));
        for other in [
            "/",
            "/connections",
            "/connections/Relay",
            "/connections/Relay/refresh-token",
            "/connections/Relay/access-token/",
            "//connections/Relay/access-token",
            "/connections/Relay/../Relay/access-token",
            "/CONNECTIONS/Relay/access-token",
            "/connections/Relay/access%2Dtoken",
        ] {
            assert_eq!(of(other), Err(NotHandedOut::UnknownRoute), "{other}");
        }
        for malformed in [
            "/connections//access-token",
            "/connections/%ff/access-token",
            "/connections/Relay/access-token?min_valid=soon",
            "/connections/Relay/access-token?min_valid=-1",
            "/connections/Relay/access-token?min_valid=1&min_valid=2",
            "/connections/Relay/access-token?min_valid=99999999999",
            "/connections/Relay/access-token?refresh_token=1",
        ] {
            assert_eq!(of(malformed), Err(NotHandedOut::Malformed), "{malformed}");
        }
    }
}
