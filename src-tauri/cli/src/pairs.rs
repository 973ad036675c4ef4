//! `--set key=value`.

use std::collections::BTreeMap;

use keydesk_core::{FieldKind, FieldView};

use crate::failure::Failure;

/// A field's name and what it is set to.
pub type Pair = (String, String);

/// Reads what was given with `--set`. What is no pair is not repeated: it may be a secret.
///
/// # Errors
/// `invalid_input`.
pub fn read(set: &[String]) -> Result<Vec<Pair>, Failure> {
    let pair = |text: &String| match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err(Failure::usage("set", "--set wants key=value.")),
    };
    set.iter().map(pair).collect()
}

/// The pairs for a form: a secret is refused, because other programs see what arguments say.
///
/// # Errors
/// `invalid_input` that names the field.
pub fn without_secrets(pairs: Vec<Pair>, fields: &[FieldView]) -> Result<Vec<Pair>, Failure> {
    let secret = |key: &str| fields.iter().find(|field| field.id == key && field.kind == FieldKind::Secret);
    match pairs.iter().find_map(|(key, _)| secret(key)) {
        None => Ok(pairs),
        Some(field) => {
            let FieldView { id, label, .. } = field;
            let message = format!(
                "{label} is a secret, and other programs see arguments: give it on standard input, with \
                 --secret-stdin {id}."
            );
            Err(Failure::usage(id, message))
        }
    }
}

/// The pairs, where every field has one value: the last.
pub fn by_key(pairs: Vec<Pair>) -> BTreeMap<String, String> {
    pairs.into_iter().collect()
}
