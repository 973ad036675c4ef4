use super::walk::{Walk, Way};

pub const WALK: Walk = Walk {
    provider: "spoke-zone",
    ways: &[
        Way { calls: "", login: "user", fields: &[] },
        Way { calls: "POST /api/v2/devices", login: "user", fields: &[("username", "super@hillside.example")] },
    ],
    // The files say nothing here: what these take is secret.
    bodies: &[("POST /login", r#"{ "username": "alice@hillside.example", "password": "sandbox" }"#)],
    // Without what a device has, it is refused field by field.
    statuses: &[("POST /loginDevice", 400)],
    ..Walk::NOTHING
};
