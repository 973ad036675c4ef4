//! Looks for each reason. They are told in the order of [`Case::reasons`]: what is certain before what is only likely.

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::{Challenge, Reason, Refused};
use crate::account::Account;
use crate::exchange::meaning::Signs;
use crate::jwt::{DecodedToken, TimeState};
use crate::provider::Presented;
use crate::redact::one_line;
use crate::token::TokenSet;
use crate::transport::{authority, is_at};

/// All that is laid side by side.
pub(super) struct Case<'a> {
    pub account: &'a Account,
    pub set: &'a TokenSet,
    pub presented: &'a Presented,
    pub refused: &'a Refused<'a>,
    pub token: &'a DecodedToken,
    pub challenges: &'a [Challenge],
    pub granted: &'a [String],
    pub signs: Signs,
    /// This machine's time.
    pub now: Timestamp,
}

impl Case<'_> {
    /// What shows a reason, the likeliest first; never none.
    pub fn reasons(&self) -> Vec<Reason> {
        let found = [
            self.other_server(),
            self.other_token(),
            self.time(),
            self.missing_header(),
            self.wrong_tenant(),
            self.missing_scope(),
            self.other_issuer(),
            self.other_audience(),
            self.other_scheme(),
            self.server_says(),
            self.signs.no_permission.then_some(Reason::NoPermission),
            self.signs.dead_token.then_some(Reason::DeadToken),
        ];
        let found: Vec<Reason> = found.into_iter().flatten().collect();
        if found.is_empty() { vec![Reason::Unknown] } else { found }
    }

    fn server(&self) -> String {
        authority(self.refused.url)
    }

    fn other_server(&self) -> Option<Reason> {
        let known = is_at(self.refused.url, &self.set.bound.origins);
        (!known).then(|| Reason::OtherServer { server: self.server() })
    }

    /// By what the token says of itself (`typ` and `token_use` are what servers write; OpenID Connect Core section 3.1.3.6
    /// has the hashes), or because it is another one of the same login.
    fn other_token(&self) -> Option<Reason> {
        let is = |claim: &str, names: &[&str]| {
            self.token.text(claim).is_some_and(|said| names.iter().any(|name| said.eq_ignore_ascii_case(name)))
        };
        let has = |claim: &str| self.token.claims.iter().any(|it| it.name == claim);
        let same = |other: &Option<crate::secret::Secret>| {
            other.as_ref().is_some_and(|other| other.same_as(self.set.access_token.expose()))
        };
        if is("typ", &["Refresh", "Offline"]) || is("token_use", &["refresh"]) || same(&self.set.refresh_token) {
            return Some(Reason::RefreshTokenUsed);
        }
        let is_id = is("typ", &["ID"]) || is("token_use", &["id"]) || has("at_hash") || has("c_hash");
        (is_id || same(&self.set.id_token)).then_some(Reason::IdTokenUsed)
    }

    fn time(&self) -> Option<Reason> {
        let by_server = self.refused.date.is_some();
        let at = self.refused.date.unwrap_or(self.now);
        let time = self.token.time(at);
        match (time.state, time.expires_at, time.not_before) {
            (TimeState::Expired, Some(ended), _) => Some(Reason::Expired { ended, at, by_server }),
            (TimeState::NotYet, _, Some(begins)) => Some(Reason::NotYetValid { begins, at, by_server }),
            (TimeState::Unknown, ..) => {
                // What the answer said that brought it is by this machine's clock.
                let ended = self.set.expires_at.filter(|ended| *ended <= self.now)?;
                Some(Reason::Expired { ended, at: self.now, by_server: false })
            }
            _ => None,
        }
    }

    /// What Keydesk would send and was not sent. Some servers refuse a request without a `User-Agent` (security.md D14).
    fn missing_header(&self) -> Option<Reason> {
        let sent = |name: &String| self.refused.sent.iter().any(|sent| sent.eq_ignore_ascii_case(name));
        let missing = Refused::usual(self.account).into_iter().find(|name| !sent(name));
        missing.map(|name| Reason::MissingHeader { name })
    }

    /// Named by the challenge, or where the provider's file says.
    fn missing_scope(&self) -> Option<Reason> {
        if let Some(missing) = &self.signs.missing {
            return Some(Reason::MissingScope { missing: vec![one_line(missing, 300)] });
        }
        let named = |it: &&Challenge| it.parameter("scope").is_some() || it.parameter("error").is_some();
        let challenge = self.challenges.iter().find(named)?;
        let insufficient = challenge.parameter("error") == Some("insufficient_scope");
        let wanted = challenge.parameter("scope").unwrap_or_default().split_whitespace();
        let lacks = |scope: &&str| !self.granted.iter().any(|own| own == scope);
        let missing: Vec<String> = wanted.filter(lacks).map(str::to_owned).collect();
        // Of a token that says nothing it is not known what it lacks.
        let known = !self.granted.is_empty() && !missing.is_empty();
        (insufficient || known).then_some(Reason::MissingScope { missing })
    }

    fn other_issuer(&self) -> Option<Reason> {
        let (issuer, expected) = (self.token.text("iss")?, self.set.issuer(&self.account.owner)?);
        (issuer != expected).then_some(Reason::OtherIssuer { issuer, expected })
    }

    /// An audience that is an address can be told from the server's; a name cannot. Some tokens are for their own issuer too.
    fn other_audience(&self) -> Option<Reason> {
        let claim = self.token.claims.iter().find(|claim| claim.name == "aud")?;
        let audience: Vec<String> = match serde_json::from_str(&claim.value).ok()? {
            Value::String(one) => vec![one],
            Value::Array(several) => several.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
            _ => return None,
        };
        let host = |text: &str| Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned));
        let hosts: Option<Vec<String>> = audience.iter().map(|text| host(text)).collect();
        let hosts = hosts.filter(|hosts| !hosts.is_empty())?;
        let own = [self.refused.url.host_str().map(str::to_owned), self.token.text("iss").and_then(|iss| host(&iss))];
        let fits = own.iter().flatten().any(|own| hosts.contains(own));
        (!fits).then(|| Reason::OtherAudience { audience, server: self.server() })
    }

    /// A token in a header of its own has no scheme that could be compared.
    fn other_scheme(&self) -> Option<Reason> {
        self.presented.header().filter(|name| name.eq_ignore_ascii_case("authorization"))?;
        let used = self.presented.prefix()?.to_owned();
        let wanted: Vec<String> = self.challenges.iter().map(|challenge| challenge.scheme.clone()).collect();
        let fits = wanted.is_empty() || self.challenges.iter().any(|challenge| challenge.is(&used));
        (!fits).then_some(Reason::OtherScheme { wanted, used })
    }

    fn wrong_tenant(&self) -> Option<Reason> {
        let own = |name: &&String| self.account.provider.api.headers.keys().any(|own| own.eq_ignore_ascii_case(name));
        let headers: Vec<String> = self.refused.sent.iter().filter(own).cloned().collect();
        (self.signs.wrong_tenant && !headers.is_empty()).then_some(Reason::WrongTenant { headers })
    }

    fn server_says(&self) -> Option<Reason> {
        let said = self.challenges.iter().find(|challenge| challenge.parameter("error").is_some())?;
        let text = |name: &str| said.parameter(name).map(str::to_owned);
        Some(Reason::ServerSays { error: text("error")?, description: text("error_description") })
    }
}
