//! An action that sends or fetches a file: says how far it is, and lets Ctrl-C pause it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use keydesk_core::{
    ActionRequest, ActionView, FieldKind, FieldValue, Keydesk, SaveTo, Signal, TransferKind, TransferState,
    TransferView,
};
use tokio::sync::broadcast::error::RecvError;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::follow::{CLEAR, shown};
use crate::interrupt::Stop;

/// Where a download goes: into a folder, or to a file that there is not yet. Without a word, into the current folder.
pub fn place(action: &ActionView, out: Option<PathBuf>) -> Result<SaveTo, Failure> {
    match out {
        Some(_) if action.transfer != Some(TransferKind::Download) => {
            Err(Failure::usage("out", "--out is for actions that fetch a file."))
        }
        Some(folder) if folder.is_dir() => Ok(SaveTo::Folder(folder)),
        Some(file) => Ok(SaveTo::File(file)),
        None => Ok(SaveTo::Folder(std::env::current_dir()?)),
    }
}

/// Carries it out, to its end or until Ctrl-C.
///
/// # Errors
/// It cannot begin.
pub async fn carry_out(
    context: &Context,
    keydesk: &Keydesk,
    action: &ActionView,
    mut request: ActionRequest,
    to: SaveTo,
) -> Outcome {
    let chosen = path_of(action, &mut request.values).map(|path| keydesk.choose_file(Path::new(&path)));
    let chosen = chosen.transpose()?;
    let mut signals = keydesk.signals();
    let mut stop = Stop::listen()?;
    let mut view = keydesk.start_transfer(request, chosen.as_ref().map(|chosen| chosen.id.as_str()), to)?;
    let mut pressed = false;
    while view.state.is_under_way() {
        tokio::select! {
            signal = signals.recv() => match signal {
                Ok(Signal::TransferChanged(id)) if id == view.id => {}
                Ok(_) => continue,
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            },
            () = stop.asked() => {
                pressed = true;
                // Over by now: then it is told how it ended.
                let _ = keydesk.pause_transfer(&view.id).await;
            }
        }
        let before = view.state;
        view = read(keydesk, &view)?;
        context.output.draw(&format!("{CLEAR}{}", far(&view)));
        if let (Some(error), true) = (&view.error, view.state == TransferState::Waiting && before != view.state) {
            context.output.draw(CLEAR);
            context.output.note(&format!("keydesk: {} It goes on by itself.", error.message));
        }
    }
    context.output.draw(CLEAR);
    told(context, action, &view, pressed)
}

fn read(keydesk: &Keydesk, transfer: &TransferView) -> Result<TransferView, Failure> {
    let found = keydesk.list_transfers(None).into_iter().find(|view| view.id == transfer.id);
    found.ok_or_else(|| Failure::usage("transfer", "It is gone."))
}

/// What was given for the field of the file.
fn path_of(action: &ActionView, values: &mut BTreeMap<String, FieldValue>) -> Option<String> {
    let field = action.fields.iter().find(|field| field.kind == FieldKind::File)?;
    match values.remove(&field.id) {
        Some(FieldValue::Text(path)) => Some(path),
        _ => None,
    }
}

/// How it ended, and what lies where.
fn told(context: &Context, action: &ActionView, view: &TransferView, pressed: bool) -> Outcome {
    context.output.result(view, |view| match (view.state, view.kind) {
        (TransferState::Done, TransferKind::Download) => view.file.clone().unwrap_or_default(),
        (TransferState::Done, TransferKind::Upload) => shown(view.result.as_deref().unwrap_or_default(), &action.view),
        _ => String::new(),
    })?;
    if view.state == TransferState::Done {
        return Ok(Exit::Ok);
    }
    if let (Some(error), false) = (&view.error, context.output.is_json()) {
        context.output.note(&format!("keydesk: {}", error.message));
    }
    let done = amount(view.done);
    context.output.note(&match (view.kind, &view.file) {
        (TransferKind::Download, Some(file)) => {
            format!("keydesk: {done} lie in {file}: the same command goes on there.")
        }
        (TransferKind::Download, None) => "keydesk: Nothing was fetched.".to_owned(),
        (TransferKind::Upload, _) => {
            format!("keydesk: {done} of {} are at the server: the same command goes on there.", view.name)
        }
    });
    Ok(match &view.error {
        _ if pressed => Exit::Interrupted,
        Some(error) => Exit::of_answer(error),
        None => Exit::Failed,
    })
}

/// How far it is, in a line.
fn far(view: &TransferView) -> String {
    let mut text = match view.size {
        Some(size) => format!("{} of {}", amount(view.done), amount(size)),
        None => amount(view.done),
    };
    match (view.state, &view.waits_until, view.rate) {
        (TransferState::Processing, ..) => text.push_str(", the server works on it"),
        (_, Some(until), _) => text.push_str(&format!(", waits until {until}")),
        (_, None, Some(rate)) => text.push_str(&format!(", {}/s", amount(rate))),
        _ => {}
    }
    text.push_str(&view.seconds_left.map(|left| format!(", {left} s left")).unwrap_or_default());
    text
}

/// Bytes as people say them (IEC 80000-13 has the prefixes of 1000).
fn amount(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    #[allow(clippy::cast_precision_loss, reason = "a tenth is shown")]
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_as_people_say_them() {
        for (bytes, wanted) in
            [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (5_000_000, "5.0 MB"), (u64::MAX, "18446744.1 TB")]
        {
            assert_eq!(amount(bytes), wanted);
        }
    }
}
