//! What a token permits, as lists that can be searched. Servers call it differently, so it is known by its shape: a text of
//! words under a name for scopes, or an array of texts, also inside another claim.

use serde::Serialize;
use serde_json::Value;
use specta::Type;

/// Permissions of one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PermissionList {
    /// Where they stand: a JSON Pointer (RFC 6901) from the claims set.
    pub at: String,
    /// Each of them, in the token's order.
    pub entries: Vec<String>,
}

/// Claims that are a text of words, or an array of them (RFC 8693 section 4.2; `scp` is what others write).
const SCOPES: [&str; 4] = ["scope", "scp", "scopes", "permissions"];

/// Arrays of texts that permit nothing: whom it is for, how the person was checked, where pages may come from, a key.
const OTHERS: [&str; 6] = ["aud", "amr", "allowed-origins", "x5c", "key_ops", "emails"];

/// How deep they are looked for: the roles at a client of a realm stand in the third place.
const DEPTH: usize = 4;

/// The permissions in a claim.
pub(super) fn permissions(name: &str, value: &Value) -> Vec<PermissionList> {
    let mut found = Vec::new();
    match value {
        Value::String(text) if SCOPES.contains(&name) => {
            let entries: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            if !entries.is_empty() {
                found.push(PermissionList { at: pointer("", name), entries });
            }
        }
        _ => collect(name, value, &pointer("", name), DEPTH, &mut found),
    }
    found
}

fn collect(name: &str, value: &Value, at: &str, depth: usize, found: &mut Vec<PermissionList>) {
    match value {
        _ if depth == 0 || OTHERS.contains(&name) => {}
        Value::Array(items) if !items.is_empty() => {
            let entries: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            found.extend(entries.map(|entries| PermissionList { at: at.to_owned(), entries }));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| collect(name, value, &pointer(at, name), depth - 1, found));
        }
        _ => {}
    }
}

fn pointer(before: &str, name: &str) -> String {
    format!("{before}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn permissions_are_found_by_their_shape_whatever_the_server_calls_them() {
        let claims = json!({
            "scope": "openid profile  offline_access",
            "scp": ["read", "write"],
            "acl": ["confd.#", "auth.users.me.*.read"],
            "https://api.example/roles": ["admin"],
            "realm_access": {"roles": ["user"]},
            "resource_access": {"ibot": {"roles": ["trigger", "read"]}, "none": {"roles": []}},
            "aud": ["a", "b"],
            "amr": ["pwd"],
            "allowed-origins": ["https://app.example"],
            "name": "Alice Rodriguez",
            "address": {"country": "IT"},
            "numbers": [1, 2],
        });
        let found: Vec<PermissionList> =
            claims.as_object().unwrap().iter().flat_map(|(name, value)| permissions(name, value)).collect();
        let flat: Vec<String> = found.iter().map(|list| format!("{} {}", list.at, list.entries.join(","))).collect();
        assert_eq!(
            flat,
            [
                "/scope openid,profile,offline_access",
                "/scp read,write",
                "/acl confd.#,auth.users.me.*.read",
                "/https:~1~1api.example~1roles admin",
                "/realm_access/roles user",
                "/resource_access/ibot/roles trigger,read",
            ]
        );
    }
}
