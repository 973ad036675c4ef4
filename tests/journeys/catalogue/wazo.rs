use super::walk::{Walk, Way};

const ADMINISTRATOR: &[(&str, &str)] = &[("username", "super@hillside.example")];

pub const WALK: Walk = Walk {
    provider: "wazo",
    ways: &[
        Way { calls: "", login: "offline", fields: ADMINISTRATOR },
        // Another installation, so that there are two refresh tokens to be deleted.
        Way { calls: "GET /auth/0.1/config", login: "offline", fields: ADMINISTRATOR },
    ],
    taken: &[
        (
            "GET /auth/0.1/users/me/tokens",
            "/items/0/client_id",
            "DELETE /auth/0.1/users/me/tokens/{client_id}",
            "client_id",
        ),
        (
            "GET /auth/0.1/users/{user_uuid}/tokens",
            "/items/1/client_id",
            "DELETE /auth/0.1/users/{user_uuid}/tokens/{client_id}",
            "client_id",
        ),
    ],
    bodies: &[
        ("POST /auth/0.1/token", "{}"),
        (
            "PUT /auth/0.1/users/{user_uuid}/password",
            r#"{ "old_password": "sandbox", "new_password": "another-sandbox" }"#,
        ),
    ],
    // It takes a password or a refresh token, and no access token.
    statuses: &[("POST /auth/0.1/token", 401)],
    last: &["PUT /auth/0.1/users/{user_uuid}/password"],
    ..Walk::NOTHING
};
