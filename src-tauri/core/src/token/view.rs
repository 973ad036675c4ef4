//! What the interface sees of a token: its state and what it says, never the token.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Owner, RenewalKind, TokenSet};
use crate::clock::{after, seconds_between};
use crate::error::Error;
use crate::event::KeptIn;
use crate::jwt::DecodedToken;
use crate::provider::Presented;

/// Whether one is logged in, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// Good for some time.
    Fresh,
    /// Good, and near its end.
    Soon,
    /// Past its end, and can be renewed.
    Expired,
    /// Cannot be used or renewed.
    LoginNeeded,
    /// There is none.
    None,
}

/// What only the person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Log in: the login has ended.
    LogIn,
    /// Renew: what the last renewal came to is not known, and nothing is sent again by itself.
    Renew,
    /// Renew soon: after a time past its end it can be renewed no more.
    RenewSoon,
}

/// A time past its end in which a token can be renewed is told when so many seconds of it are left.
const CLOSES_SOON: i64 = 3 * 3600;

/// The state of a connection's token.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TokenView {
    /// In a word.
    pub state: TokenState,
    /// When it was received.
    #[specta(type = Option<String>)]
    pub obtained_at: Option<Timestamp>,
    /// When it ends.
    #[specta(type = Option<String>)]
    pub expires_at: Option<Timestamp>,
    /// When it is renewed without anybody asking; none: when it is next used.
    #[specta(type = Option<String>)]
    pub renews_at: Option<Timestamp>,
    /// Whether it can be renewed without the person.
    pub renewable: bool,
    /// How.
    pub renewal: RenewalKind,
    /// Until when it can be renewed, where that ends some time after its own end.
    #[specta(type = Option<String>)]
    pub renewable_until: Option<Timestamp>,
    /// Whether there is an access token.
    pub has_access_token: bool,
    /// Whether there is a refresh token.
    pub has_refresh_token: bool,
    /// What was granted.
    pub scope: Option<String>,
    /// Whether that is other than what was asked for (RFC 6749 section 5.1).
    pub scope_differs: bool,
    /// Where it is kept.
    pub kept_in: Option<KeptIn>,
    /// What went wrong last.
    pub last_error: Option<Error>,
    /// What only the person can do.
    pub need: Option<Need>,
}

/// How it stands with a token set in this process.
pub struct Standing {
    /// It can be neither used nor renewed.
    pub ended: bool,
    /// What the last renewal came to is not known.
    pub in_doubt: bool,
    /// Where it is kept.
    pub kept_in: KeptIn,
    /// What went wrong last.
    pub last_error: Option<Error>,
    /// When it is renewed without anybody asking.
    pub renews_at: Option<Timestamp>,
}

impl TokenView {
    /// There is no token.
    pub fn none(last_error: Option<Error>) -> Self {
        Self {
            state: TokenState::None,
            obtained_at: None,
            expires_at: None,
            renews_at: None,
            renewable: false,
            renewal: RenewalKind::None,
            renewable_until: None,
            has_access_token: false,
            has_refresh_token: false,
            scope: None,
            scope_differs: false,
            kept_in: None,
            last_error,
            need: None,
        }
    }

    /// What can be seen of a token set.
    pub fn of(set: &TokenSet, owner: &Owner, standing: Standing, now: Timestamp) -> Self {
        let Standing { ended, in_doubt, kept_in, last_error, renews_at } = standing;
        let renewable_until =
            set.expires_at.zip(set.grace_seconds(owner)).map(|(end, grace)| after(end, i64::from(grace)));
        let late = renewable_until.is_some_and(|until| until < now);
        let renewal = if ended || late { RenewalKind::None } else { set.renewal(owner) };
        let renewable = renewal != RenewalKind::None;
        let state = state(set, ended, renewable, now);
        let closes = renewable_until.is_some_and(|until| seconds_between(now, until) < CLOSES_SOON);
        let need = match state {
            TokenState::LoginNeeded => Some(Need::LogIn),
            TokenState::Expired if in_doubt => Some(Need::Renew),
            TokenState::Expired if closes => Some(Need::RenewSoon),
            _ => None,
        };
        Self {
            state,
            obtained_at: Some(set.obtained_at),
            expires_at: set.expires_at,
            renews_at: renews_at.filter(|_| renewable),
            renewable,
            renewal,
            renewable_until: renewable_until.filter(|_| renewable),
            has_access_token: true,
            has_refresh_token: set.refresh_token.is_some(),
            scope: set.scope.clone(),
            scope_differs: set.asked_scope.is_some() && words(&set.scope) != words(&set.asked_scope),
            kept_in: Some(kept_in),
            last_error,
            need,
        }
    }
}

/// Ten minutes before the end of a token, or a sixth of a short life, is soon.
fn state(set: &TokenSet, ended: bool, renewable: bool, now: Timestamp) -> TokenState {
    let Some(left) = set.seconds_left(now) else {
        return if ended { TokenState::LoginNeeded } else { TokenState::Fresh };
    };
    let soon = (set.lifetime().unwrap_or(0) / 6).min(600);
    match left {
        _ if ended => TokenState::LoginNeeded,
        ..=0 if renewable => TokenState::Expired,
        ..=0 => TokenState::LoginNeeded,
        _ if left <= soon => TokenState::Soon,
        _ => TokenState::Fresh,
    }
}

/// Scopes have no order (RFC 6749 section 3.3).
fn words(scope: &Option<String>) -> std::collections::BTreeSet<&str> {
    scope.as_deref().unwrap_or_default().split_whitespace().collect()
}

/// What is kept of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the facts
pub enum KeptKind {
    AccessToken,
    RefreshToken,
    IdToken,
}

/// Something that is kept, and until when it is good.
#[derive(Debug, Clone, Serialize, Type)]
pub struct KeptItem {
    /// What.
    pub what: KeptKind,
    /// Until when, where it is known.
    #[specta(type = Option<String>)]
    pub until: Option<Timestamp>,
}

/// What a connection's tokens say.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TokenDetails {
    /// The state.
    pub token: TokenView,
    /// The access token, decoded.
    pub access_token: Option<DecodedToken>,
    /// The id token, decoded.
    pub id_token: Option<DecodedToken>,
    /// What is kept.
    pub kept: Vec<KeptItem>,
    /// The header that presents the access token; empty where it is a parameter of the query.
    pub header_name: String,
    /// What stands before the token in it.
    pub header_prefix: Option<String>,
    /// The parameter of the query that presents it.
    pub query_name: Option<String>,
}

impl TokenDetails {
    /// What a token set says, with the provider's own words for its claims.
    pub fn of(
        token: TokenView,
        set: Option<&TokenSet>,
        meanings: &BTreeMap<String, String>,
        presented: &Presented,
    ) -> Self {
        let decoded = |secret: &crate::secret::Secret| DecodedToken::of(secret.expose()).explained(meanings);
        Self {
            access_token: set.map(|set| decoded(&set.access_token)),
            id_token: set.and_then(|set| set.id_token.as_ref()).map(decoded),
            kept: set.map(kept).unwrap_or_default(),
            header_name: presented.header().unwrap_or_default().to_owned(),
            header_prefix: presented.prefix().map(str::to_owned),
            query_name: presented.query().map(str::to_owned),
            token,
        }
    }
}

fn kept(set: &TokenSet) -> Vec<KeptItem> {
    let until = |secret: &crate::secret::Secret| DecodedToken::of(secret.expose()).expires_at();
    let mut kept = vec![KeptItem { what: KeptKind::AccessToken, until: set.expires_at }];
    kept.extend(set.refresh_token.iter().map(|token| KeptItem { what: KeptKind::RefreshToken, until: until(token) }));
    kept.extend(set.id_token.iter().map(|token| KeptItem { what: KeptKind::IdToken, until: until(token) }));
    kept
}
