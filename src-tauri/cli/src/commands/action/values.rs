//! What was given for a form's fields, as each of them holds it.

use std::collections::BTreeMap;

use keydesk_core::{Argument, FieldKind, FieldValue, FieldView, Secret};

use crate::failure::Failure;
use crate::find;
use crate::pairs::Pair;

/// The values of a form; a field that is not given holds what it holds at first.
///
/// # Errors
/// `invalid_input` that names the field.
pub fn of(
    fields: &[FieldView],
    given: Vec<Pair>,
    secret: Vec<(String, Secret)>,
) -> Result<BTreeMap<String, FieldValue>, Failure> {
    let mut values = BTreeMap::new();
    for field in fields {
        if let Some(initial) = &field.initial {
            values.insert(field.id.clone(), FieldValue::Text(initial.clone()));
        }
    }
    for (key, value) in given {
        let (id, name) = key.split_once('.').unwrap_or((&key, ""));
        let field = find::one("field", id, fields, |field| &field.id)?;
        match field.kind {
            FieldKind::Arguments => {
                let argument = argument(field, name, value)?;
                match values.get_mut(id) {
                    Some(FieldValue::Arguments(arguments)) => arguments.push(argument),
                    _ => drop(values.insert(id.to_owned(), FieldValue::Arguments(vec![argument]))),
                }
            }
            _ if !name.is_empty() => {
                find::one("field", &key, fields, |field| &field.id)?;
            }
            FieldKind::Choices => match values.get_mut(id) {
                Some(FieldValue::Several(several)) => several.push(value),
                _ => drop(values.insert(id.to_owned(), FieldValue::Several(vec![value]))),
            },
            _ => drop(values.insert(id.to_owned(), FieldValue::Text(value))),
        }
    }
    values.extend(secret.into_iter().map(|(key, secret)| (key, FieldValue::Text(secret.expose().to_owned()))));
    Ok(values)
}

/// `arguments.room=204` is a text; `arguments.floor:=2` is JSON.
fn argument(field: &FieldView, name: &str, value: String) -> Result<Argument, Failure> {
    let id = &field.id;
    if name.trim_end_matches(':').is_empty() {
        return Err(Failure::usage(id, format!("{} has names: --set {id}.NAME=TEXT", field.label)));
    }
    Ok(Argument::typed(id, name, value)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at once")]
mod tests {
    use keydesk_core::ArgumentKind;

    use super::*;

    #[test]
    fn values_are_what_their_fields_hold() {
        let field = |id: &str, kind| FieldView { id: id.to_owned(), kind, ..FieldView::default() };
        let fields = [
            field("devices", FieldKind::Choices),
            field("arguments", FieldKind::Arguments),
            FieldView { initial: Some("GET".to_owned()), ..field("method", FieldKind::Choice) },
        ];
        let pair = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        let given = [("devices", "1"), ("devices", "2"), ("arguments.room", "204"), ("arguments.n:", "1.5")].map(pair);
        let values = of(&fields, given.into(), Vec::new()).unwrap();
        assert!(matches!(&values["devices"], FieldValue::Several(several) if several.len() == 2));
        let FieldValue::Arguments(arguments) = &values["arguments"] else { panic!("no arguments") };
        assert_eq!(
            arguments.iter().map(|it| it.kind).collect::<Vec<_>>(),
            [ArgumentKind::String, ArgumentKind::Number]
        );
        assert!(matches!(&values["method"], FieldValue::Text(text) if text == "GET"));
        for wrong in [("arguments", "1"), ("arguments.n:", "one"), ("device", "1"), ("devices.x", "1")] {
            assert!(of(&fields, vec![pair(wrong)], Vec::new()).is_err(), "{wrong:?}");
        }
    }
}
