//! What tauri.conf.json lets the window do.

use serde_json::Value;

fn configuration() -> Value {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tauri.conf.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn c1_the_uri_scheme_is_a_reversed_domain_name_and_the_package_passes_the_link_on() {
    let schemes = configuration()["plugins"]["deep-link"]["desktop"]["schemes"].clone();
    let [scheme] = &schemes.as_array().unwrap()[..] else { panic!("one scheme") };
    assert_eq!(scheme, keydesk_core::URI_SCHEME);
    assert!(keydesk_core::URI_SCHEME.contains('.'));
    let entry = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/app.desktop")).unwrap();
    assert!(entry.contains("Exec={{exec}} %u"), "the stock entry loses the link");
}

#[test]
fn j1_the_content_security_policy_is_closed() {
    let security = configuration()["app"]["security"].clone();
    let policy = &security["csp"];
    assert_eq!(policy["default-src"], "'self'");
    assert_eq!(policy["connect-src"], "ipc: http://ipc.localhost");
    for closed in ["object-src", "base-uri", "form-action"] {
        assert_eq!(policy[closed], "'none'", "{closed}");
    }
    assert!(policy["script-src"].is_null() && !policy.to_string().contains("unsafe-eval"));
    assert!(security["dangerousDisableAssetCspModification"].is_null());
    assert!(security["assetProtocol"].is_null());
}

#[test]
fn j2_the_capability_lists_single_commands_for_the_one_window() {
    let capabilities = configuration()["app"]["security"]["capabilities"].clone();
    let [capability] = &capabilities.as_array().unwrap()[..] else { panic!("one capability") };
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability["remote"].is_null());
    for permission in capability["permissions"].as_array().unwrap() {
        let permission = permission.as_str().unwrap();
        let event = ["core:event:allow-listen", "core:event:allow-unlisten"].contains(&permission);
        assert!(event || permission.starts_with("allow-"), "{permission}");
    }
}

#[test]
fn j3_j4_isolation_is_on_prototypes_are_frozen_and_tauri_is_no_global() {
    let app = configuration()["app"].clone();
    assert_eq!(app["security"]["pattern"]["use"], "isolation");
    assert_eq!(app["security"]["freezePrototype"], true);
    assert_eq!(app["withGlobalTauri"], false);
}

/// A release that aborts would take the window along with the task that had the fault.
#[test]
fn j9_a_release_outlives_a_fault_in_a_task() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    assert!(manifest.contains("[profile.release]") && !manifest.contains("panic ="));
}
