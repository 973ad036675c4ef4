use axum::http::HeaderMap;

use super::Server;
use super::failure::Failure;
use super::tenant::is_within;
use super::token::Token;

/// Who makes a request, by the token in `X-Auth-Token` (providers.md §5.2).
pub(super) struct Caller {
    pub(super) token: Token,
}

impl Caller {
    /// Demands a good token, and that it may do this.
    pub(super) fn demand(server: &Server, headers: &HeaderMap, required: &str) -> Result<Self, Failure> {
        let presented = header(headers, "x-auth-token");
        let token = server.ledger.living(presented).ok_or_else(|| Failure::dead_token(presented, required))?;
        if !token.access().allows(required) {
            let tenant = Some(header(headers, "wazo-tenant")).filter(|tenant| !tenant.is_empty());
            return Err(Failure::missing_permission(presented, required, tenant));
        }
        Ok(Self { token })
    }

    /// The same at a daemon other than wazo-auth: that one has the tenant checked along with the
    /// token, and answers as for a permission (xivo-lib-python, `validate_token`).
    pub(super) fn demand_elsewhere(server: &Server, headers: &HeaderMap, required: &str) -> Result<Self, Failure> {
        let caller = Self::demand(server, headers, required)?;
        match caller.tenant(headers) {
            Ok(_) => Ok(caller),
            Err(_) => {
                let tenant = Some(header(headers, "wazo-tenant"));
                Err(Failure::missing_permission(&caller.token.uuid, required, tenant))
            }
        }
    }

    /// The tenant to work in: one's own, or that of `Wazo-Tenant` if it is in one's subtree.
    pub(super) fn tenant(&self, headers: &HeaderMap) -> Result<String, Failure> {
        let own = self.token.user.tenant;
        match header(headers, "wazo-tenant") {
            "" => Ok(own.to_owned()),
            named if is_within(named, own) => Ok(named.to_owned()),
            named => Err(Failure::unauthorized_tenant(named)),
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
