use keydesk_sandbox::RELAY_ADMIN_TOKEN;

use super::walk::{Walk, Way};

pub const WALK: Walk = Walk {
    provider: "relay",
    ways: &[
        Way { calls: "", login: "browser", fields: &[] },
        // Only the legacy server's own tokens are known there.
        Way { calls: "{legacy_auth_url}", login: "refresh_token", fields: &[] },
        Way { calls: "{alerts_url}", login: "api_key", fields: &[] },
        // What writes types of tasks.
        Way { calls: "POST /relaypro/api/v1/task_types/", login: "access_token", fields: ADMINISTRATOR },
        Way { calls: "DELETE /relaypro/api/v1/task_types/", login: "access_token", fields: ADMINISTRATOR },
    ],
    taken: &[(
        "POST {alerts_url}/subscribers/{subscriber}/api/v1/alerts",
        "/task_id",
        "DELETE {alerts_url}/subscribers/{subscriber}/api/v1/alerts/{alert_id}",
        "alert_id",
    )],
    endless: &["GET /ibot/workflowdebug"],
    ..Walk::NOTHING
};

const ADMINISTRATOR: &[(&str, &str)] = &[("token", RELAY_ADMIN_TOKEN)];
