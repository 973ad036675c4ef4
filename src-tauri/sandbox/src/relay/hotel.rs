use super::rows::Rows;
use super::{custom_audio, geofence, instance, nfc_tag, task, task_type, workflow};

/// What can be changed at the hotel. It lasts until the sandbox stops.
pub(super) struct Hotel {
    pub(super) workflows: Rows,
    pub(super) instances: Rows,
    pub(super) geofences: Rows,
    pub(super) tags: Rows,
    pub(super) audio: Rows,
    pub(super) tasks: Rows,
    pub(super) task_groups: Rows,
    pub(super) task_types: Rows,
}

impl Hotel {
    pub(super) fn new() -> Self {
        Self {
            workflows: Rows::of("workflow_id", workflow::first()),
            instances: Rows::of("instance_id", instance::first()),
            geofences: Rows::of("geofence_id", geofence::first()),
            tags: Rows::of("tag_id", nfc_tag::first()),
            audio: Rows::of("id", custom_audio::first()),
            tasks: Rows::of("task_id", task::first()),
            task_groups: Rows::of("task_group_id", task::first_groups()),
            task_types: Rows::of("key", task_type::first()),
        }
    }
}
