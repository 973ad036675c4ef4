use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::Server;
use super::caller::Caller;
use super::failure::Failure;
use super::list::List;

/// Above all.
pub(super) const TOP: &str = "2c34c282-433e-4bb8-8d56-fec14ff7e1e9";
/// The demo account's.
pub(super) const HILLSIDE: &str = "47bfdafc-2897-4369-8fb3-153d41fb835d";
/// Below that one.
pub(super) const ANNEX: &str = "54eb71f8-1f4b-4ae4-8730-638062fbe521";

struct Tenant {
    uuid: &'static str,
    parent: &'static str,
    name: &'static str,
    slug: &'static str,
}

/// The top tenant is its own parent, as in Wazo.
static TENANTS: [Tenant; 3] = [
    Tenant { uuid: TOP, parent: TOP, name: "master", slug: "master" },
    Tenant { uuid: HILLSIDE, parent: TOP, name: "Hillside", slug: "hillside" },
    Tenant { uuid: ANNEX, parent: HILLSIDE, name: "Hillside Annex", slug: "annex" },
];

/// Whether `tenant` is `above` or somewhere below it.
pub(super) fn is_within(tenant: &str, above: &str) -> bool {
    let Some(known) = TENANTS.iter().find(|known| known.uuid == tenant) else { return false };
    tenant == above || (known.parent != tenant && is_within(known.parent, above))
}

/// GET `/tenants` (providers.md §5.2): those of one's subtree.
pub(super) async fn tenants(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Failure> {
    let caller = Caller::demand(&server, &headers, "auth.tenants.read")?;
    let scope = caller.tenant(&headers)?;
    let list = List::read(query.as_deref(), &["name", "slug"], Some("name"))?;
    let seen = TENANTS.iter().filter(|tenant| is_within(tenant.uuid, &scope)).map(info);
    let below = |row: &Value| row["parent_uuid"].as_str().is_some_and(|parent| is_within(parent, &scope));
    let added = server.tenants.all().into_iter().filter(below);
    Ok(Json(list.apply(seen.chain(added).collect(), &["uuid", "name", "slug"])))
}

pub(super) fn slugs() -> impl Iterator<Item = &'static str> {
    TENANTS.iter().map(|tenant| tenant.slug)
}

fn info(tenant: &Tenant) -> Value {
    json!({ "uuid": tenant.uuid, "parent_uuid": tenant.parent, "name": tenant.name, "slug": tenant.slug })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_goes_down_only() {
        assert!(is_within(ANNEX, TOP) && is_within(ANNEX, HILLSIDE) && is_within(HILLSIDE, HILLSIDE));
        assert!(!is_within(TOP, HILLSIDE) && !is_within(HILLSIDE, ANNEX) && !is_within("x", "x"));
    }
}
