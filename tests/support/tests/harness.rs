//! The harness tried on itself: what the desktop tests take for granted.
// A failure to set the scene is best told where it happens.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod harness {
    mod desktop;
    mod fake;
    mod keychain;
    mod window;
}
