use super::walk::{Walk, Way};

pub const WALK: Walk = Walk {
    provider: "world-of-workflows",
    ways: &[Way { calls: "", login: "request", fields: &[] }],
    bodies: &[(
        "POST /auth",
        r#"{ "username": "alice@hillside.example", "password": "sandbox", "accounNumber": 12000 }"#,
    )],
    ..Walk::NOTHING
};
