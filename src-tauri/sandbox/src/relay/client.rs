use crate::oauth::{Pkce, RedirectUri, Rules};

/// providers.md §1.1: the CLI's and the SDK's client identifiers in `pro`, then in `qa`. The sandbox
/// is both environments at once. All are public clients: no secret (§1.2).
const CLIENT_IDS: &[&str] = &["83756T4P", "RJZKRhh9", "4EgeETYm", "rGGK996c"];

/// providers.md §1.2: where the authorization response goes below any redirect base.
const CALLBACK: &str = "/authorization-code/callback";

/// providers.md §1.2: Relay's clients ask for `openid profile offline_access`; `email` is Keycloak's.
pub(super) const SCOPES: &[&str] = &["openid", "profile", "email", "offline_access"];

/// Keydesk's private-use scheme (RFC 8252 §7.1). Relay knows it only where Relay registered it.
const PRIVATE_USE: RedirectUri = RedirectUri::Exact("dev.keydesk:/callback");

const LOOPBACK_V4: RedirectUri = RedirectUri::AnyPort { origin: "http://127.0.0.1", path: CALLBACK };

/// providers.md §1.1, "Keycloak redirect base". The loopback literals with any port are RFC 8252
/// §7.3, which Keycloak follows for a client that registered them; that Relay's did is UNVERIFIED.
pub(super) const CURRENT: Rules = Rules {
    client_ids: CLIENT_IDS,
    redirect_uris: &[
        RedirectUri::Exact("http://auth-localredirect.relaypro.com:8079/authorization-code/callback"),
        RedirectUri::Exact("http://auth2-localredirect.relaygo.info:8079/authorization-code/callback"),
        LOOPBACK_V4,
        RedirectUri::AnyPort { origin: "http://[::1]", path: CALLBACK },
        PRIVATE_USE,
    ],
    scopes: SCOPES,
    pkce: Pkce::Required,
};

/// providers.md §1.1, "Legacy redirect base": port 8079 of localhost exactly. Any other port, and
/// 127.0.0.1, are the sandbox's own leniency, so that tests can run side by side.
pub(super) const LEGACY: Rules = Rules {
    client_ids: CLIENT_IDS,
    redirect_uris: &[
        RedirectUri::Exact("http://localhost:8079/authorization-code/callback"),
        RedirectUri::AnyPort { origin: "http://localhost", path: CALLBACK },
        LOOPBACK_V4,
        PRIVATE_USE,
    ],
    scopes: SCOPES,
    pkce: Pkce::Required,
};

/// providers.md §1.2: after logout the browser goes to a redirect base plus this.
const END_SESSION_CALLBACK: &str = "/end-session/callback";

pub(super) const AFTER_LOGOUT: &[RedirectUri] = &[
    RedirectUri::Exact("http://auth-localredirect.relaypro.com:8079/end-session/callback"),
    RedirectUri::Exact("http://auth2-localredirect.relaygo.info:8079/end-session/callback"),
    RedirectUri::AnyPort { origin: "http://127.0.0.1", path: END_SESSION_CALLBACK },
    RedirectUri::AnyPort { origin: "http://[::1]", path: END_SESSION_CALLBACK },
];
