use super::walk::{Walk, Way};

pub const WALK: Walk = Walk {
    provider: "image-relay",
    ways: &[Way { calls: "", login: "api_key", fields: &[] }],
    // The one of the examples is deleted by the other spelling before.
    given: &[("DELETE /folder/{folder_id}", "folder_id", "3003")],
    taken: &[
        (
            "POST /files/{file_id}/versions",
            "/uuid",
            "POST /files/{file_id}/versions/{version_uuid}/chunk/{chunk}",
            "version_uuid",
        ),
        (
            "POST /files/{file_id}/versions",
            "/uuid",
            "POST /files/{file_id}/versions/{version_uuid}/complete",
            "version_uuid",
        ),
    ],
    ..Walk::NOTHING
};
