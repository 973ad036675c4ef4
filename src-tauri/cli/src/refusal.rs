//! Why a server refused, in a line.

use keydesk_core::{Reason, Refusal, visible};

use crate::times;

/// The likeliest reason; none where nothing is known that the answer does not say itself.
pub fn sentence(refusal: &Refusal) -> Option<String> {
    let reason = refusal.reasons.first()?;
    Some(match reason {
        Reason::OtherServer { server } => format!("The token was not made for {server}."),
        Reason::RefreshTokenUsed => {
            "This is a refresh token. An access token belongs here: log in by another way, or paste the access token."
                .to_owned()
        }
        Reason::IdTokenUsed => {
            "This is an id token, which only says who logged in. An access token belongs here.".to_owned()
        }
        Reason::Expired { ended, at, by_server } => {
            let ago = times::from_now(ended.as_second() - at.as_second());
            let clock = if *by_server { " by the server’s clock" } else { "" };
            format!("The token ended {ago}{clock}.")
        }
        Reason::NotYetValid { begins, at, by_server } => {
            let ahead = times::from_now(begins.as_second() - at.as_second());
            let clock = if *by_server { " by the server’s clock" } else { "" };
            format!("The token begins {ahead}{clock}: one of the clocks is wrong.")
        }
        Reason::OtherScheme { wanted, used } => format!("The server wants {}, not {used}.", list(wanted)),
        Reason::MissingScope { missing } if missing.is_empty() => "The token does not permit this.".to_owned(),
        Reason::MissingScope { missing } => format!("The token lacks {}.", list(missing)),
        Reason::MissingHeader { name } => format!("The header {name} was not sent."),
        Reason::OtherIssuer { issuer, expected } => {
            format!("The token is by {}; this connection logs in at {expected}.", visible(issuer))
        }
        Reason::OtherAudience { audience, server } => format!("The token is for {}, not for {server}.", list(audience)),
        Reason::WrongTenant { headers } => {
            format!("The tenant is wrong ({}), or the permission is missing.", list(headers))
        }
        Reason::NoPermission => "The token is good, and does not permit this.".to_owned(),
        Reason::DeadToken => "The server does not take this token any more: it may have been ended early.".to_owned(),
        Reason::ServerSays { error, description } => match description {
            Some(description) => format!("The server says {}: {}", visible(error), visible(description)),
            None => format!("The server says {}.", visible(error)),
        },
        Reason::Unknown => return None,
    })
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|text| visible(text)).collect::<Vec<_>>().join(", ")
}
