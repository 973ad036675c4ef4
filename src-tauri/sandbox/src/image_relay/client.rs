use crate::oauth::{Pkce, RedirectUri, Rules};

/// The client that the hotel registered at Image Relay.
pub const IMAGE_RELAY_CLIENT_ID: &str = "demo-image-relay-client";
/// Its secret. A demo value: it guards nothing.
pub const IMAGE_RELAY_CLIENT_SECRET: &str = "demo-image-relay-secret";
/// The demo account's API key. It guards nothing.
pub const IMAGE_RELAY_KEY: &str = "demo-image-relay-key-9Xk3Lp6d";
/// The API key of a user who may look at everything and change nothing: a key can do what its
/// creator can (seed 1). It guards nothing.
pub const IMAGE_RELAY_VIEWER_KEY: &str = "demo-image-relay-viewer-key-2Bn7";

const CALLBACK: &str = "/callback";

/// providers.md §2.1: one registered callback, which must match. Whether Image Relay takes a
/// loopback one is UNVERIFIED; the sandbox does, with any port (RFC 8252 §7.3), beside an https one
/// to be pasted from. No scopes, and no word on PKCE: it is checked where a challenge was sent.
pub(super) const RULES: Rules = Rules {
    client_ids: &[IMAGE_RELAY_CLIENT_ID],
    redirect_uris: &[
        RedirectUri::AnyPort { origin: "http://127.0.0.1", path: CALLBACK },
        RedirectUri::AnyPort { origin: "http://[::1]", path: CALLBACK },
        RedirectUri::Exact("https://hillside.example/callback"),
    ],
    scopes: &[],
    pkce: Pkce::Accepted,
};
