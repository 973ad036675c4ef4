//! What registered claims and header members mean. Used by both faces of Keydesk.

/// Name, meaning, and the document that registers it: none for what servers write beside the standards.
pub(super) type Registered = (&'static str, &'static str, &'static str);

const CLAIMS: [Registered; 48] = [
    ("iss", "Issuer: the server that made it", "RFC 7519"),
    ("sub", "Subject: whom it is about", "RFC 7519"),
    ("aud", "Audience: whom it is for", "RFC 7519"),
    ("exp", "Expires", "RFC 7519"),
    ("nbf", "Not before", "RFC 7519"),
    ("iat", "Issued at", "RFC 7519"),
    ("jti", "ID of this token", "RFC 7519"),
    ("act", "Who acts for the subject", "RFC 8693"),
    ("may_act", "Who may act for the subject", "RFC 8693"),
    ("cnf", "The key that must be shown with it", "RFC 7800"),
    ("scope", "What it may be used for", "RFC 8693"),
    ("scp", "What it may be used for", ""),
    ("client_id", "Client that asked for it", "RFC 8693"),
    ("roles", "Roles", "RFC 9068"),
    ("groups", "Groups", "RFC 9068"),
    ("entitlements", "Entitlements", "RFC 9068"),
    ("authorization_details", "What it may be used for, in detail", "RFC 9396"),
    ("active", "Whether the token is good", "RFC 7662"),
    ("username", "Username", "RFC 7662"),
    ("token_type", "How it is presented", "RFC 7662"),
    ("azp", "Client that asked for it", "OpenID Connect Core"),
    ("nonce", "Binds it to its login", "OpenID Connect Core"),
    ("auth_time", "Logged in at", "OpenID Connect Core"),
    ("at_hash", "Binds it to its access token", "OpenID Connect Core"),
    ("c_hash", "Binds it to its authorization code", "OpenID Connect Core"),
    ("acr", "How strongly the person was checked", "OpenID Connect Core"),
    ("amr", "How the person was checked", "OpenID Connect Core"),
    ("name", "Name", "OpenID Connect Core"),
    ("given_name", "Given name", "OpenID Connect Core"),
    ("family_name", "Family name", "OpenID Connect Core"),
    ("middle_name", "Middle name", "OpenID Connect Core"),
    ("nickname", "Nickname", "OpenID Connect Core"),
    ("preferred_username", "Username", "OpenID Connect Core"),
    ("profile", "Page about the person", "OpenID Connect Core"),
    ("picture", "Picture of the person", "OpenID Connect Core"),
    ("website", "Website of the person", "OpenID Connect Core"),
    ("email", "E-mail", "OpenID Connect Core"),
    ("email_verified", "E-mail was checked", "OpenID Connect Core"),
    ("gender", "Gender", "OpenID Connect Core"),
    ("birthdate", "Date of birth", "OpenID Connect Core"),
    ("zoneinfo", "Time zone", "OpenID Connect Core"),
    ("locale", "Language", "OpenID Connect Core"),
    ("phone_number", "Phone", "OpenID Connect Core"),
    ("phone_number_verified", "Phone was checked", "OpenID Connect Core"),
    ("address", "Postal address", "OpenID Connect Core"),
    ("updated_at", "Profile changed at", "OpenID Connect Core"),
    ("sid", "Session", "OpenID Connect Front-Channel Logout"),
    ("events", "What happened", "RFC 8417"),
];

const HEADER: [Registered; 13] = [
    ("alg", "Algorithm", "RFC 7515"),
    ("kid", "ID of the key", "RFC 7515"),
    ("typ", "Kind of token", "RFC 7515"),
    ("cty", "Kind of content", "RFC 7515"),
    ("crit", "Members that must be understood", "RFC 7515"),
    ("jku", "Where the token says that its key is. Not used", "RFC 7515"),
    ("jwk", "The key that the token brings along. Not used", "RFC 7515"),
    ("x5u", "Where the token says that its certificate is. Not used", "RFC 7515"),
    ("x5c", "The certificate that the token brings along. Not used", "RFC 7515"),
    ("x5t", "Fingerprint of the certificate", "RFC 7515"),
    ("x5t#S256", "Fingerprint of the certificate", "RFC 7515"),
    ("enc", "How its content is encrypted", "RFC 7516"),
    ("zip", "How its content is compressed", "RFC 7516"),
];

/// What a claim means, and the document that says so.
pub(super) fn claim(name: &str) -> Option<Registered> {
    CLAIMS.into_iter().find(|(known, ..)| *known == name)
}

/// What a member of a JOSE header means, and the document that says so.
pub(super) fn header(name: &str) -> Option<Registered> {
    HEADER.into_iter().find(|(known, ..)| *known == name)
}
