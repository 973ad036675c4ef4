//! Has the linker put what `keydesk token` runs side by side (layout.ld, by `./dev layout`). The system brings code in by
//! pieces of 64 KiB: scattered over all of them, a script would pay for the whole program (the figure cli-token-memory).
fn main() {
    println!("cargo:rerun-if-changed=layout.ld");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|is| is == value);
    // Both linkers of this system understand it; others have other means.
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo:rustc-link-arg-bin=keydesk=-Wl,-T,{folder}/layout.ld");
    }
}
