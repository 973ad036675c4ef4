use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::Server;
use super::fleet::Device;
use super::problem::Problem;
use super::token::Holder;
use super::user::Role;

/// Who makes a request, by the token in `x-access-token`.
pub(super) struct Caller(Holder);

impl FromRequestParts<Arc<Server>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Problem> {
        let token = presented(&parts.headers).ok_or_else(|| Problem::unauthorized("No access token"))?;
        let issued = server.tokens.find(token).ok_or_else(|| Problem::unauthorized("Unknown access token"))?;
        if SystemTime::now() >= issued.expires_at {
            return Err(Problem::unauthorized("The access token has expired"));
        }
        Ok(Self(issued.holder))
    }
}

/// No scheme word before it (providers.md §3).
fn presented(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all("x-access-token").iter();
    let token = values.next()?.to_str().ok()?.trim();
    (values.next().is_none() && !token.is_empty()).then_some(token)
}

impl Caller {
    pub(super) fn of(holder: Holder) -> Self {
        Self(holder)
    }

    pub(super) fn is_device(&self) -> bool {
        matches!(self.0, Holder::Device(_))
    }

    pub(super) fn is_super(&self) -> bool {
        matches!(self.0, Holder::User(user) if user.role == Role::Super)
    }

    pub(super) fn demand_super(&self) -> Result<(), Problem> {
        if self.is_super() { Ok(()) } else { Err(Problem::forbidden("Only a super user may do this")) }
    }

    /// Devices have no lists, and no secrets but their own token.
    pub(super) fn demand_user(&self) -> Result<(), Problem> {
        match self.0 {
            Holder::User(_) => Ok(()),
            Holder::Device(_) => Err(Problem::forbidden("Not for device tokens")),
        }
    }

    /// Devices upload data files (seed 2). That a user may, too, is the sandbox's choice.
    pub(super) fn demand_upload(&self) -> Result<(), Problem> {
        match self.0 {
            Holder::User(user) if user.role == Role::Viewer => Err(Problem::forbidden("No permission to upload")),
            Holder::User(_) | Holder::Device(_) => Ok(()),
        }
    }

    /// A device sees itself (seed 2), a super user all, others their customer's.
    pub(super) fn sees(&self, device: &Device) -> bool {
        match self.0 {
            Holder::User(user) => user.role == Role::Super || user.customer == device.customer,
            Holder::Device(id) => id == device.id,
        }
    }

    /// That a device of others is not found by a user and forbidden to a device, is the sandbox's choice.
    pub(super) fn demand_sight(&self, device: &Device) -> Result<(), Problem> {
        match self.0 {
            _ if self.sees(device) => Ok(()),
            Holder::User(_) => Err(Problem::not_found("device", &device.id.to_string())),
            Holder::Device(_) => Err(Problem::forbidden("A device may ask about itself only")),
        }
    }
}
