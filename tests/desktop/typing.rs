//! Keys as a person presses them, for windows that WebDriver does not see: the system's own dialogs.

use std::collections::HashMap;
use std::time::Duration;

use keydesk_support::{Desktop, Outcome, wait_for};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConnectionExt as _, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

const SHIFT: u32 = 0xffe1;
const RETURN: u32 = 0xff0d;
const ESCAPE: u32 = 0xff1b;
const BETWEEN_KEYS: Duration = Duration::from_millis(60);
const FIELD_OPENS: Duration = Duration::from_millis(1500);
/// What is smaller is no dialog: a menu, a helper of the toolkit.
const SMALLEST: u16 = 200;

/// A keyboard at the screen of a desktop.
pub struct Keyboard {
    screen: RustConnection,
    root: Window,
    /// Code and whether with Shift, by keysym.
    keys: HashMap<u32, (u8, bool)>,
    /// The windows that were there before.
    known: Vec<Window>,
}

impl Keyboard {
    /// Remembers which windows there are.
    pub fn at(desktop: &Desktop) -> Self {
        let (screen, number) = x11rb::connect(desktop.variable("DISPLAY").as_deref()).unwrap();
        let root = screen.setup().roots[number].root;
        let keys = keys(&screen);
        let mut own = Self { screen, root, keys, known: Vec::new() };
        own.known = own.windows();
        own
    }

    /// Waits for a dialog that was not there before, and goes into it.
    pub async fn enter_dialog(&self, timeout: Duration) -> Outcome<Window> {
        let new = async || self.windows().into_iter().find(|window| !self.known.contains(window));
        let dialog = wait_for(new, timeout, "a dialog of the system").await?;
        let place = self.screen.get_geometry(dialog).unwrap().reply().unwrap();
        let (x, y) = (place.x + 60, place.y + 12);
        self.screen.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, 0, self.root, x, y, 0).unwrap();
        // There is no window manager here that would give it the focus.
        self.screen.set_input_focus(InputFocus::PARENT, dialog, x11rb::CURRENT_TIME).unwrap();
        self.screen.flush().unwrap();
        Ok(dialog)
    }

    /// Types letters, digits and marks of ASCII, no faster than a person: the first opens a field for the rest, and what
    /// is typed before it stands there is lost.
    pub async fn text(&self, text: &str) {
        for (at, letter) in text.chars().enumerate() {
            self.key(u32::from(letter));
            tokio::time::sleep(if at == 0 { FIELD_OPENS } else { BETWEEN_KEYS }).await;
        }
    }

    pub fn enter(&self) {
        self.key(RETURN);
    }

    pub fn escape(&self) {
        self.key(ESCAPE);
    }

    /// Whether it is still there.
    pub fn shows(&self, window: Window) -> bool {
        self.windows().contains(&window)
    }

    fn key(&self, keysym: u32) {
        let (code, shifted) = self.keys[&keysym];
        let shift = self.keys[&SHIFT].0;
        if shifted {
            self.fake(KEY_PRESS_EVENT, shift);
        }
        self.fake(KEY_PRESS_EVENT, code);
        self.fake(KEY_RELEASE_EVENT, code);
        if shifted {
            self.fake(KEY_RELEASE_EVENT, shift);
        }
        self.screen.flush().unwrap();
    }

    fn fake(&self, kind: u8, code: u8) {
        self.screen.xtest_fake_input(kind, code, 0, self.root, 0, 0, 0).unwrap();
    }

    /// All that can be seen and are large.
    fn windows(&self) -> Vec<Window> {
        let all = self.screen.query_tree(self.root).unwrap().reply().unwrap().children;
        let is_seen = |window: &Window| {
            // One may go while it is asked about.
            let seen = self.screen.get_window_attributes(*window).ok().and_then(|asked| asked.reply().ok());
            let place = self.screen.get_geometry(*window).ok().and_then(|asked| asked.reply().ok());
            seen.is_some_and(|it| it.map_state == MapState::VIEWABLE)
                && place.is_some_and(|it| it.width > SMALLEST && it.height > SMALLEST)
        };
        all.into_iter().filter(is_seen).collect()
    }
}

fn keys(screen: &RustConnection) -> HashMap<u32, (u8, bool)> {
    let (least, most) = (screen.setup().min_keycode, screen.setup().max_keycode);
    let mapping = screen.get_keyboard_mapping(least, most - least + 1).unwrap().reply().unwrap();
    let mut keys = HashMap::new();
    for (code, symbols) in (least..=most).zip(mapping.keysyms.chunks(mapping.keysyms_per_keycode.into())) {
        for (at, symbol) in symbols.iter().take(2).enumerate() {
            keys.entry(*symbol).or_insert((code, at == 1));
        }
    }
    keys
}
