//! Which column of a table fills which field of a form.

use std::collections::BTreeMap;

use super::order::{Order, Row, field_for};
use crate::account::Account;
use crate::error::{Error, Result};
use crate::provider::{Action, Field, FieldKind};

/// A form as rows fill it, to look at them before anything is sent.
pub struct RowForm {
    /// What each column fills.
    pub mapping: BTreeMap<String, String>,
    order: Order,
}

impl RowForm {
    /// Of columns of these names, which fill what `mapping` says, or else what they are called.
    ///
    /// # Errors
    /// `invalid_input` of `action` or `mapping`.
    pub fn of(
        account: Account,
        action: &str,
        names: &[String],
        mapping: Option<BTreeMap<String, String>>,
    ) -> Result<Self> {
        let known = super::order::find(&account, action)?;
        let mapping = match mapping {
            Some(mapping) => mapping.into_iter().filter(|(name, _)| names.contains(name)).collect(),
            None => columns(known, names),
        };
        let keys: Row = mapping.values().map(|key| (key.clone(), String::new())).collect();
        let order = Order::by_rows_alone(account, action, &keys);
        Ok(Self { mapping, order: order.map_err(|error| Error { field: Some("mapping".to_owned()), ..error })? })
    }

    /// Whether a row can be sent, once the rest of the form is filled.
    ///
    /// # Errors
    /// `invalid_input` that says what is wrong.
    pub fn check(&self, row: &Row) -> Result<()> {
        self.order.by_row(row.clone()).map(drop)
    }
}

/// The fields that columns of these names fill, by the names. A column is a field's by its id or label, in the singular too;
/// one that is no field's names the targets, if no other does, and else an argument, where the form has arguments.
fn columns(action: &Action, names: &[String]) -> BTreeMap<String, String> {
    let named = names.iter().filter(|name| !name.trim().is_empty());
    let mut mapping: BTreeMap<String, String> =
        named.clone().filter_map(|name| Some((name.clone(), key_of(action, name)?))).collect();
    let mut others = named.filter(|name| key_of(action, name).is_none());
    let is_named = |key: &String, mapping: &BTreeMap<String, String>| mapping.values().any(|named| named == key);
    if let Some(each) = action.each.as_ref().filter(|each| !is_named(each, &mapping)) {
        mapping.extend(others.next().map(|name| (name.clone(), each.clone())));
    }
    if let Some(arguments) = action.fields.iter().find(|field| field.kind == FieldKind::Arguments) {
        mapping.extend(others.map(|name| (name.clone(), format!("{}.{}", arguments.id, argument(name)))));
    }
    mapping
}

/// What a column of this name fills, by its name alone.
fn key_of(action: &Action, name: &str) -> Option<String> {
    let name = argument(name);
    if field_for(action, name).is_ok() {
        return Some(name.to_owned());
    }
    let is = |field: &&Field| {
        field.kind != FieldKind::Arguments && [&field.id, &field.label].iter().any(|it| same(it, name))
    };
    let field = action.fields.iter().find(is).map(|field| field.id.clone());
    field.or_else(|| action.each.clone().filter(|_| same(name, "target")))
}

/// `floor:=`, as it is written on the command line, is `floor:`.
fn argument(name: &str) -> &str {
    let name = name.trim();
    if name.ends_with(":=") { &name[..name.len() - 1] } else { name }
}

fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim().to_lowercase().trim_end_matches('s').to_owned();
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Registry;

    #[test]
    fn columns_find_their_fields_and_what_is_left_names_targets_and_arguments() {
        let registry = Registry::built_in();
        let provider = registry.all()[0].provider.clone();
        let trigger = provider.action("send_trigger").unwrap();
        let found = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let found = columns(trigger, &names);
            names.iter().map(|name| found.get(name).cloned().unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(found(&["room", "Device", "floor:="]), ["arguments.room", "devices", "arguments.floor:"]);
        assert_eq!(found(&["IMEI", "Workflow", "arguments.x"]), ["devices", "workflow", "arguments.x"]);
        assert_eq!(found(&["target", ""]), ["devices", ""]);
        let one = provider.action("workflow").unwrap();
        assert!(columns(one, &["colour".to_owned()]).is_empty());
    }
}
