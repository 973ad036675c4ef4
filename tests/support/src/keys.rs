//! Keys as people name them: `Ctrl+K`, `Shift+Tab`, `ArrowDown`.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

use crate::{Failure, Outcome};

/// What a window has no command for: a text field takes them by itself.
const EDITING: [&str; 4] = ["Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X"];

/// Whether it is a command of the window, not a key of what has the focus.
pub(crate) fn is_command(chord: &str) -> bool {
    (chord.starts_with("Ctrl+") || chord.starts_with("Alt+")) && !EDITING.contains(&chord)
}

/// The presses and releases that make up a chord.
pub(crate) fn actions_of(chord: &str) -> Outcome<KeyActions> {
    let keys = chord.split('+').map(key_of).collect::<Outcome<Vec<char>>>()?;
    let down = keys.iter().map(|key| KeyAction::Down { value: *key });
    let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
    Ok(down.chain(up).fold(KeyActions::new("keyboard".into()), InputSource::then))
}

fn key_of(name: &str) -> Outcome<char> {
    let key = match name {
        "Ctrl" => Key::Control,
        "Shift" => Key::Shift,
        "Alt" => Key::Alt,
        "Meta" => Key::Meta,
        "Enter" => Key::Enter,
        "Tab" => Key::Tab,
        "Escape" => Key::Escape,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Home" => Key::Home,
        "End" => Key::End,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "ArrowUp" => Key::Up,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        "Space" => return Ok(' '),
        "Plus" => return Ok('+'),
        _ => return single(name),
    };
    Ok(key.into())
}

fn single(name: &str) -> Outcome<char> {
    let mut characters = name.chars();
    match (characters.next(), characters.next()) {
        // A keyboard sends the letter; Shift makes it a capital.
        (Some(one), None) => Ok(one.to_ascii_lowercase()),
        _ => Err(Failure::new(format!("no key is called {name:?}"))),
    }
}
