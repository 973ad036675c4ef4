/// What a person granted a client once. Every token that came of it, by code or by refresh, is of
/// its family: revoking the grant revokes them all.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) id: u64,
    pub(crate) client_id: String,
    pub(crate) subject: String,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// The session at the authorization server it was made in.
    pub(crate) sid: String,
    /// Whether refresh tokens come of it.
    pub(crate) refreshable: bool,
    pub(crate) revoked: bool,
}

impl Grant {
    /// One that is not in any ledger yet.
    pub(crate) fn new(client_id: &str, subject: &str, scope: &str, sid: String) -> Self {
        Self {
            id: 0,
            client_id: client_id.to_owned(),
            subject: subject.to_owned(),
            scope: scope.to_owned(),
            nonce: None,
            sid,
            refreshable: false,
            revoked: false,
        }
    }

    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }
}
