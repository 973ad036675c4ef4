//! The TypeScript that the interface is compiled against.

use std::path::Path;

/// With `KEYDESK_UPDATE=1` it is written anew; else a difference fails.
#[test]
fn the_interface_is_compiled_against_the_commands_as_they_are() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/bindings.ts");
    if std::env::var_os("KEYDESK_UPDATE").is_some() {
        return keydesk_app::export(&file).unwrap();
    }
    let fresh = tempfile::Builder::new().suffix(".ts").tempfile().unwrap();
    keydesk_app::export(fresh.path()).unwrap();
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    assert!(read(fresh.path()) == read(&file), "ui/src/bindings.ts is stale: run `./dev bindings`");
}
