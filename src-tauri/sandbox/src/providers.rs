use std::sync::Arc;

use axum::Router;

use crate::another_api::AnotherApi;
use crate::image_relay::ImageRelay;
use crate::own_api::OwnApi;
use crate::relay::Relay;
use crate::shared::Shared;
use crate::spoke_zone::SpokeZone;
use crate::wazo::Wazo;

/// The providers that the sandbox answers for, each under a path of its own.
#[derive(Clone)]
pub(crate) struct Providers {
    another_api: AnotherApi,
    image_relay: ImageRelay,
    own_api: OwnApi,
    relay: Relay,
    spoke_zone: SpokeZone,
    wazo: Wazo,
}

impl Providers {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        Self {
            another_api: AnotherApi::new(shared),
            image_relay: ImageRelay::new(shared),
            own_api: OwnApi::new(shared),
            relay: Relay::new(shared),
            spoke_zone: SpokeZone::new(shared),
            wazo: Wazo::new(shared),
        }
    }

    pub(crate) fn router(&self, shared: &Arc<Shared>) -> Router {
        Router::new()
            .merge(self.another_api.well_known(shared))
            .nest("/image-relay", self.image_relay.router(shared))
            .nest("/oauth", self.another_api.router(shared))
            .nest("/own-api", self.own_api.router(shared))
            .nest("/relay", self.relay.router(shared))
            .nest("/spoke-zone", self.spoke_zone.router())
            .nest("/wazo", self.wazo.router())
    }

    /// The one with a broker.
    pub(crate) fn spoke_zone(&self) -> SpokeZone {
        self.spoke_zone.clone()
    }

    pub(crate) fn expire_access_tokens(&self) {
        self.another_api.expire_access_tokens();
        self.image_relay.expire_access_tokens();
        self.own_api.expire_access_tokens();
        self.relay.expire_access_tokens();
        self.spoke_zone.expire_access_tokens();
        self.wazo.expire_access_tokens();
    }

    pub(crate) fn revoke_all(&self) {
        self.another_api.revoke_all();
        self.image_relay.revoke_all();
        self.own_api.revoke_all();
        self.relay.revoke_all();
        self.spoke_zone.revoke_all();
        self.wazo.revoke_all();
    }
}
