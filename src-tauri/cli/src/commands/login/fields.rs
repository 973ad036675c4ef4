//! The fields of a login: what was given, what is kept from last time, and what must be asked for.

use std::collections::BTreeMap;

use keydesk_core::{ConnectionView, FieldKind, FieldView, Keep, LoginMethodView, Secret};

use super::Arguments;
use crate::failure::Failure;
use crate::output::Output;
use crate::{find, pairs, secrets};

/// What was given as arguments, checked before anything is asked.
pub struct Asked<'a> {
    plain: BTreeMap<String, String>,
    secret: Vec<&'a FieldView>,
    keep: Vec<String>,
}

/// A form that is filled.
pub struct Typed {
    pub fields: BTreeMap<String, Secret>,
    pub keep: Vec<String>,
}

/// Whether the arguments fit the login.
///
/// # Errors
/// `invalid_input` that names the field.
pub fn check<'a>(arguments: &Arguments, method: &'a LoginMethodView) -> Result<Asked<'a>, Failure> {
    let fields = &method.fields;
    let plain = pairs::without_secrets(pairs::read(&arguments.set)?, fields)?;
    for (key, _) in &plain {
        find::one("field", key, fields, |field| &field.id)?;
    }
    for field in secrets::named(&arguments.keep, fields)? {
        if field.keep == Keep::Never {
            let message = format!("There is no choice whether {} is kept.", field.label);
            return Err(Failure::usage(&field.id, message));
        }
    }
    let secret = secrets::named(&arguments.secret_stdin, fields)?;
    Ok(Asked { plain: pairs::by_key(plain), secret, keep: arguments.keep.clone() })
}

/// Reads the secrets, and asks at a terminal for what is still missing.
///
/// # Errors
/// `invalid_input` that names what is missing.
pub fn fill(
    output: Output,
    asked: Asked<'_>,
    method: &LoginMethodView,
    connection: &ConnectionView,
) -> Result<Typed, Failure> {
    let mut fields: BTreeMap<String, Secret> = BTreeMap::new();
    fields.extend(asked.plain.into_iter().map(|(key, value)| (key, Secret::new(value))));
    fields.extend(secrets::read(&asked.secret)?);
    for field in &method.fields {
        if fields.contains_key(&field.id) || !is_missing(field, method, connection) {
            continue;
        }
        let FieldView { id, label, .. } = field;
        let value = match (secrets::can_ask(), field.kind == FieldKind::Secret) {
            (true, true) => secrets::line(label)?,
            (true, false) => Secret::new(secrets::ask_plainly(output, label)?),
            (false, true) => {
                let message = format!("{label} is needed: on standard input, with --secret-stdin {id}.");
                return Err(Failure::usage(id, message));
            }
            (false, false) => return Err(Failure::usage(id, format!("{label} is needed: --set {id}=…"))),
        };
        fields.insert(id.clone(), value);
    }
    Ok(Typed { fields, keep: asked.keep })
}

/// Whether nothing is known of a field that is needed.
fn is_missing(field: &FieldView, method: &LoginMethodView, connection: &ConnectionView) -> bool {
    let again = connection.login.as_ref() == Some(&method.id);
    let known = match field.kind {
        FieldKind::Secret => again && connection.kept.contains(&field.id),
        _ => field.initial.is_some() || connection.parameters.contains_key(&field.id),
    };
    field.required && !known
}
