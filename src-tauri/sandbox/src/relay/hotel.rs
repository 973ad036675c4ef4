use super::rows::Rows;
use super::{geofence, instance, nfc_tag, workflow};

/// What can be changed at the hotel. It lasts until the sandbox stops.
pub(super) struct Hotel {
    pub(super) workflows: Rows,
    pub(super) instances: Rows,
    pub(super) geofences: Rows,
    pub(super) tags: Rows,
}

impl Hotel {
    pub(super) fn new() -> Self {
        Self {
            workflows: Rows::of("workflow_id", workflow::first()),
            instances: Rows::of("instance_id", instance::first()),
            geofences: Rows::of("geofence_id", geofence::first()),
            tags: Rows::of("tag_id", nfc_tag::first()),
        }
    }
}
