use super::parameters::Parameters;
use super::pkce;
use super::redirect_uri::RedirectUri;

/// What an authorization server knows before anyone asks.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) client_ids: &'static [&'static str],
    pub(crate) redirect_uris: &'static [RedirectUri],
    pub(crate) scopes: &'static [&'static str],
    pub(crate) pkce: Pkce,
}

/// What an authorization server makes of PKCE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pkce {
    Required,
    /// Checked where a challenge was sent.
    Accepted,
}

/// An authorization request that may be shown to a person (RFC 6749 §4.1.1, RFC 7636 §4.3).
#[derive(Debug)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    /// Empty where none was sent.
    pub(crate) challenge: String,
}

/// Why an authorization request can't be shown.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The client or its redirect URI can't be trusted: tell the person, redirect nowhere
    /// (RFC 6749 §4.1.2.1).
    Person(&'static str),
    /// Tell the client.
    Client { redirect_uri: String, state: Option<String>, error: &'static str, description: &'static str },
}

impl Rules {
    pub(crate) fn knows_client(&self, client_id: &str) -> bool {
        self.client_ids.contains(&client_id)
    }

    /// Reads a request and checks all of it.
    pub(crate) fn read(&self, parameters: &Parameters) -> Result<AuthorizationRequest, Refusal> {
        let client_id = self.client_id(parameters)?;
        let redirect_uri = self.redirect_uri(parameters)?;
        let state = parameters.get("state").map(str::to_owned);
        self.check(parameters).map_err(|(error, description)| Refusal::Client {
            redirect_uri: redirect_uri.to_owned(),
            state: state.clone(),
            error,
            description,
        })?;
        let own = |name| parameters.get(name).map(str::to_owned);
        Ok(AuthorizationRequest {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            scope: own("scope").unwrap_or_default(),
            nonce: own("nonce"),
            challenge: own("code_challenge").unwrap_or_default(),
            state,
        })
    }

    fn client_id<'a>(&self, parameters: &'a Parameters) -> Result<&'a str, Refusal> {
        parameters
            .get("client_id")
            .filter(|id| self.knows_client(id) && !parameters.is_repeated("client_id"))
            .ok_or(Refusal::Person("This client is not known here."))
    }

    fn redirect_uri<'a>(&self, parameters: &'a Parameters) -> Result<&'a str, Refusal> {
        parameters
            .get("redirect_uri")
            .filter(|uri| self.redirect_uris.iter().any(|known| known.accepts(uri)))
            .filter(|_| !parameters.is_repeated("redirect_uri"))
            .ok_or(Refusal::Person("The redirect_uri is not one that this client registered."))
    }

    fn check(&self, parameters: &Parameters) -> Result<(), (&'static str, &'static str)> {
        if parameters.repeated().is_some() {
            return Err(("invalid_request", "A parameter is given twice"));
        }
        match parameters.get("response_type") {
            Some("code") => {}
            None => return Err(("invalid_request", "Missing parameter: response_type")),
            Some(_) => return Err(("unsupported_response_type", "Only code is supported")),
        }
        if !matches!(parameters.get("response_mode"), None | Some("query")) {
            return Err(("invalid_request", "Only response_mode query is supported"));
        }
        if self.pkce == Pkce::Required || sent_challenge(parameters) {
            check_challenge(parameters)?;
        }
        let scope = parameters.get("scope").unwrap_or_default();
        let known = |scope| self.scopes.contains(&scope);
        if !scope.split_ascii_whitespace().all(known) {
            return Err(("invalid_scope", "Invalid scopes"));
        }
        Ok(())
    }
}

fn sent_challenge(parameters: &Parameters) -> bool {
    ["code_challenge", "code_challenge_method"].iter().any(|name| parameters.get(name).is_some())
}

/// providers.md §1.2: PKCE with S256. `plain` is refused (RFC 9700 §2.1.1).
fn check_challenge(parameters: &Parameters) -> Result<(), (&'static str, &'static str)> {
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err(("invalid_request", "Invalid parameter: code_challenge_method must be S256"));
    }
    if !parameters.get("code_challenge").is_some_and(pkce::is_challenge) {
        return Err(("invalid_request", "Missing parameter: code_challenge"));
    }
    Ok(())
}
