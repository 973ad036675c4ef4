//! The catalogue of each provider, line by line: sections 1.3, 2.3, 3, 4, 5.1 and 5.2. A call that is lost, or that nobody knows
//! of, fails here.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// A path, and its methods. `{}` is a parameter; a path that begins with a name is another server's.
type Paths = &'static [(&'static str, &'static str)];

/// Section 1.3, and the second API at its end.
const RELAY: Paths = &[
    ("/ibot/authz_context", "GET"),
    ("/ibot/subscriber_info/{}", "GET"),
    ("/ibot/user_profile", "GET"),
    ("/ibot/audit", "GET"),
    ("{legacy_auth_url}/oauth2/validate", "GET"),
    ("/ibot/subscriber/{}/device_ids", "GET"),
    ("/relaypro/api/v1/device/{}", "GET"),
    ("/ibot/device/{}", "GET"),
    ("/ibot/groups", "GET"),
    ("/ibot/resource/tags/user", "GET"),
    ("/ibot/workflow/{}", "POST DELETE"),
    ("/ibot/workflow", "GET POST"),
    ("/ibot/workflow_instances", "GET"),
    ("/ibot/workflow_instances/{}", "DELETE"),
    ("/ibot/workflow_analytics_events", "GET"),
    ("/ibot/workflowdebug", "GET"),
    ("/ibot/indoor_venue", "GET"),
    ("/ibot/indoor_position/{}", "GET"),
    ("/ibot/geofence", "GET POST"),
    ("/ibot/geofence/{}", "DELETE"),
    ("/ibot/relay_nfc_tag", "GET POST"),
    ("/ibot/relay_nfc_tag/{}", "GET PUT DELETE"),
    ("/ibot/custom_audio", "GET POST"),
    ("/ibot/custom_audio/{}", "DELETE"),
    ("/relaypro/api/v1/task", "GET POST"),
    ("/relaypro/api/v1/task/{}", "DELETE"),
    ("/relaypro/api/v1/task_groups", "GET POST"),
    ("/relaypro/api/v1/task_groups/{}", "DELETE"),
    ("/relaypro/api/v1/task_types/{}", "GET POST"),
    ("/relaypro/api/v1/task_types/{}/{}", "DELETE"),
    ("/relaypro/api/v1/task_types/{}/{}/majors", "GET POST"),
    ("/relaypro/api/v1/task_types/{}/{}/majors/{}", "GET"),
    ("/relaypro/api/v1/task_types/{}/{}/majors/{}/minors", "GET POST"),
    ("/relaypro/api/v1/task_types/{}/{}/majors/{}/minors/{}", "GET"),
    ("/relaypro/api/v1/task_event/{}", "POST"),
    ("/relaypro/api/v1/workflow", "POST"),
    ("{alerts_url}/subscribers/{}/api/v1/alerts", "POST"),
    ("{alerts_url}/subscribers/{}/api/v1/alerts/{}", "DELETE"),
    ("{alerts_url}/subscribers/{}/api/v1/broadcasts", "POST"),
    ("{alerts_url}/subscribers/{}/api/v1/events", "GET"),
];

/// Section 2.3.
const IMAGE_RELAY: Paths = &[
    ("/users/me", "GET"),
    ("/users", "GET"),
    ("/users/search", "GET"),
    ("/users/{}", "GET PUT"),
    ("/users/{}/quick_links", "GET"),
    ("/users/sso_user", "POST"),
    ("/invited_users", "GET POST"),
    ("/invited_users/{}", "GET DELETE"),
    ("/permissions", "GET"),
    ("/permissions/{}", "GET"),
    ("/folders", "GET"),
    ("/folders/root", "GET"),
    ("/folders/{}", "GET PUT DELETE"),
    ("/folders/{}/children", "GET POST"),
    ("/folder/{}", "DELETE"),
    ("/folders/{}/files", "GET"),
    ("/files/{}", "GET DELETE"),
    ("/files", "POST"),
    ("/files/{}/terms", "POST"),
    ("/files/{}/tags", "POST"),
    ("/files/{}/move", "POST"),
    ("/files/{}/synced_file", "POST"),
    ("/files/{}/duplicate", "POST"),
    ("/files/{}/dupicate", "POST"),
    ("/files/{}/thumbnail", "POST"),
    ("/files/{}/versions", "POST"),
    ("/files/{}/versions/{}/chunk/{}", "POST"),
    ("/files/{}/versions/{}/complete", "POST"),
    ("/upload_jobs", "POST"),
    ("/upload_jobs/{}/files/{}/chunks/{}", "POST"),
    ("/upload_jobs/{}", "GET"),
    ("/collections", "GET POST"),
    ("/collections/{}", "GET PUT DELETE"),
    ("/collections/{}/files", "GET"),
    ("/folder_links", "GET POST"),
    ("/folder_links/{}", "GET DELETE"),
    ("/upload_links", "GET POST"),
    ("/upload_links/{}", "GET DELETE"),
    ("/quick_links", "GET POST"),
    ("/quick_links/{}", "GET DELETE"),
    ("/file_types", "GET"),
    ("/file_types/{}", "GET"),
    ("/keyword_sets", "GET POST"),
    ("/keyword_sets/{}", "GET PUT DELETE"),
    ("/keyword_sets/{}/keywords", "GET POST"),
    ("/keyword_sets/{}/keywords/{}", "GET PUT DELETE"),
    ("/webhooks/supported", "GET"),
    ("/webhooks", "GET POST"),
    ("/webhooks/{}", "GET PUT DELETE"),
    ("/products", "GET POST"),
    ("/products/{}", "GET PUT DELETE"),
    ("/products/{}/catalog", "GET"),
    ("/products/{}/variants", "GET POST"),
    ("/products/{}/variants/{}", "GET PATCH DELETE"),
    ("/product_catalogs", "GET POST"),
    ("/product_catalogs/{}", "GET PUT DELETE"),
    ("/product_catalogs/{}/products", "GET"),
    ("/product_categories", "GET"),
    ("/product_categories/{}", "GET"),
    ("/product_templates", "GET POST"),
    ("/product_templates/{}", "GET PUT"),
    ("/product_dimensions", "GET POST"),
    ("/product_dimensions/{}", "GET PUT"),
    ("/product_dimensions/{}/add_option", "POST"),
    ("/product_custom_attributes", "GET POST"),
    ("/product_custom_attributes/{}", "GET PUT"),
    ("/product_channel_template_mappings/{}", "GET"),
];

/// Section 3.
const SPOKE_ZONE: Paths = &[
    ("/login", "POST"),
    ("/loginDevice", "POST"),
    ("/api/v2/devices/{}/secrets", "GET"),
    ("/api/v2/devices", "GET POST"),
    ("/api/v2/devices/{}", "GET"),
    ("/api/v2/data-files", "POST"),
    ("/api/v2/data-files/{}/file", "POST"),
    ("/api/v2/ota-files", "GET"),
    ("/api/v2/ota-files/{}/file", "GET"),
    ("/api/v1/deviceUser/read-only/saveLogFile", "POST"),
    ("/api/v1/deviceUser/read-only/models/firmware", "GET"),
    ("/api/v1/deviceUser/read-only/models/firmware/{}", "GET"),
];

/// Sections 5.1 and 5.2.
const WAZO: Paths = &[
    ("/auth/0.1/token", "POST"),
    ("/auth/0.1/token/{access_token}", "GET HEAD"),
    ("/auth/0.1/token/{}", "DELETE"),
    ("/auth/0.1/token/{access_token}/scopes/check", "POST"),
    ("/auth/0.1/users/me/tokens", "GET"),
    ("/auth/0.1/users/me/tokens/{}", "DELETE"),
    ("/auth/0.1/users/{}/tokens", "GET"),
    ("/auth/0.1/users/{}/tokens/{}", "DELETE"),
    ("/auth/0.1/tokens", "GET"),
    ("/auth/0.1/users/{}/sessions", "GET"),
    ("/auth/0.1/users/{}/sessions/{}", "DELETE"),
    ("/auth/0.1/sessions", "GET"),
    ("/auth/0.1/users", "GET POST"),
    ("/auth/0.1/users/{}", "GET"),
    ("/auth/0.1/users/{}/password", "PUT"),
    ("/auth/0.1/tenants", "GET POST"),
    ("/auth/0.1/policies", "GET"),
    ("/auth/0.1/groups", "GET"),
    ("/auth/0.1/backends", "GET"),
    ("/auth/0.1/idp", "GET"),
    ("/auth/0.1/config", "GET"),
    ("/auth/0.1/status", "HEAD"),
    ("/auth/0.1/api/api.yml", "GET"),
    ("/confd/1.1/status", "GET"),
    ("/confd/1.1/infos", "GET"),
    ("/calld/1.0/status", "GET"),
    ("/calld/1.0/users/me/voicemails", "GET"),
];

/// Section 4.
const WORLD_OF_WORKFLOWS: Paths = &[("/auth", "POST"), ("/getAccessToken", "GET")];

const FILES: [(&str, Paths); 5] = [
    (include_str!("../../src-tauri/providers/relay.toml"), RELAY),
    (include_str!("../../src-tauri/providers/image-relay.toml"), IMAGE_RELAY),
    (include_str!("../../src-tauri/providers/spoke-zone.toml"), SPOKE_ZONE),
    (include_str!("../../src-tauri/providers/wazo.toml"), WAZO),
    (include_str!("../../src-tauri/providers/world-of-workflows.toml"), WORLD_OF_WORKFLOWS),
];

fn files() -> impl Iterator<Item = (Table, Paths)> {
    FILES.into_iter().map(|(text, paths)| (text.parse().unwrap(), paths))
}

fn rows(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A call without the names of its parameters.
fn nameless(call: &str) -> String {
    let (begin, path) = call.split_at(call.find('/').unwrap());
    let mut parts = path.split('{');
    let first = parts.next().unwrap().to_owned();
    parts.fold(format!("{begin}{first}"), |whole, part| {
        let (name, rest) = part.split_once('}').unwrap();
        let name = if name == "access_token" { name } else { "" };
        format!("{whole}{{{name}}}{rest}")
    })
}

#[test]
fn each_catalogue_has_every_call_that_is_known_and_no_other() {
    for (file, paths) in files() {
        let listed: Vec<String> = rows(file.get("endpoint")).map(|it| nameless(text(it, "call"))).collect();
        let known = paths.iter().flat_map(|(path, methods)| methods.split(' ').map(move |it| format!("{it} {path}")));
        let (listed, known): (BTreeSet<_>, BTreeSet<_>) = (listed.into_iter().collect(), known.collect());
        let lost: Vec<_> = known.difference(&listed).collect();
        let unknown: Vec<_> = listed.difference(&known).collect();
        assert!(lost.is_empty() && unknown.is_empty(), "{}: lost {lost:#?}, unknown {unknown:#?}", file["id"]);
    }
}

#[test]
fn each_call_names_its_document_and_each_of_its_parameters_is_explained() {
    for (file, _) in files() {
        let catalogue = |key: &str| rows(file["catalogue"].get(key));
        let having = |list: &str, key: &str| -> BTreeSet<String> {
            catalogue(list).filter(|it| !text(it, key).is_empty()).map(|it| text(it, "name").to_owned()).collect()
        };
        let (explained, documented) = (having("parameters", "about"), having("groups", "docs"));
        for endpoint in rows(file.get("endpoint")) {
            let call = text(endpoint, "call");
            assert!(endpoint.get("docs").is_some() || documented.contains(text(endpoint, "group")), "{call}");
            let named = ["query", "headers"].into_iter().flat_map(|key| rows(endpoint.get(key)));
            for name in named.filter_map(Value::as_str) {
                assert!(explained.contains(name), "{call}: {name}");
            }
        }
    }
}

/// It is typed where one logs in, where it is kept in no history.
#[test]
fn no_body_of_a_catalogue_invites_to_type_a_password() {
    for (file, _) in files() {
        for endpoint in rows(file.get("endpoint")) {
            let body = endpoint.get("body").map(|body| format!("{}{}", text(body, "example"), text(body, "schema")));
            let body = body.unwrap_or_default().to_lowercase();
            let secret = ["password", "secret", "refresh_token", "\"token\""].into_iter().find(|it| body.contains(it));
            assert_eq!(secret, None, "{}", text(endpoint, "call"));
        }
    }
}
