//! Finds what a person named, or says what is near it.

use keydesk_core::{ConnectionView, Error, ErrorCode, Keydesk, ProviderView};

use crate::failure::Failure;

/// How alike two names must be for one to be meant by the other.
const NEAR: f64 = 0.75;

/// The connection with this label or id. A label in other case counts where no label is just so.
///
/// # Errors
/// `unknown_connection`, with the near ones, or all whose label it is.
pub fn connection(keydesk: &Keydesk, name: &str) -> Result<ConnectionView, Failure> {
    let mut found = keydesk.connections_named(name);
    match found.len() {
        0 => {}
        1 => return Ok(found.remove(0)),
        _ => return Err(ambiguous(name, &found)),
    }
    let all = keydesk.list_connections();
    let labels = all.iter().map(|connection| connection.label.as_str());
    let hint = match hint(name, labels) {
        Some(hint) => hint,
        None => "There are none yet: keydesk connect PROVIDER adds one.".to_owned(),
    };
    Err(Error::new(ErrorCode::UnknownConnection, format!("There is no connection “{name}”. {hint}")).into())
}

/// The provider with this id.
///
/// # Errors
/// `unknown_provider`, with the near ones.
pub fn provider(keydesk: &Keydesk, id: &str) -> Result<ProviderView, Failure> {
    let all = keydesk.list_providers();
    if let Some(found) = all.iter().find(|provider| provider.id == id) {
        return Ok(found.clone());
    }
    let hint = hint(id, all.iter().map(|provider| provider.id.as_str())).unwrap_or_default();
    Err(Error::new(ErrorCode::UnknownProvider, format!("There is no provider “{id}”. {hint}")).into())
}

/// One of several things that have an id, or an error of `field` that names those near it.
///
/// # Errors
/// `invalid_input`.
pub fn one<'a, T>(field: &str, id: &str, all: &'a [T], id_of: impl Fn(&T) -> &str) -> Result<&'a T, Failure> {
    if let Some(found) = all.iter().find(|one| id_of(one) == id) {
        return Ok(found);
    }
    let hint = hint(id, all.iter().map(&id_of)).unwrap_or_else(|| "There are none.".to_owned());
    Err(Failure::usage(field, format!("There is no {field} “{id}”. {hint}")))
}

fn ambiguous(name: &str, found: &[ConnectionView]) -> Failure {
    let ids = found.iter().map(|connection| {
        let ConnectionView { id, label, provider_name, .. } = connection;
        format!("\n  {id}  {label} ({provider_name})")
    });
    let message = format!("“{name}” is the name of several connections. Use an id:{}", ids.collect::<String>());
    Error::new(ErrorCode::UnknownConnection, message).into()
}

/// The names near this one, or else all; none where there are none.
fn hint<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Option<String> {
    let all: Vec<&str> = all.collect();
    let low = name.to_lowercase();
    let is_near = |other: &&&str| {
        let other = other.to_lowercase();
        other.contains(&low) || low.contains(&other) || strsim::jaro_winkler(&other, &low) > NEAR
    };
    let near: Vec<&str> = all.iter().filter(is_near).copied().collect();
    let quoted = |names: &[&str]| names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    match (near.is_empty(), all.is_empty()) {
        (_, true) => None,
        (true, _) => Some(format!("There are: {}.", quoted(&all))),
        (false, _) => Some(format!("Did you mean {}?", quoted(&near))),
    }
}
