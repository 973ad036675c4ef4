//! The window of Keydesk.

#![cfg_attr(all(not(debug_assertions), windows), windows_subsystem = "windows")]

/// Memory is wiped when it is given back, so that no token stays behind in a buffer of a library (security.md F7).
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    keydesk_app::run()
}
