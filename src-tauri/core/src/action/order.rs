//! A form that was filled well, and the targets that it is carried out for.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;
use tokio::sync::OnceCell;

use super::then::Halt;
use super::values::{Argument, ArgumentKind, FieldValue, Filled, value_of};
use crate::account::Account;
use crate::error::{Error, Result};
use crate::provider::{Action, Field, FieldKind, Variables};

/// What fills the form for one target: by a field's id, or `FIELD.NAME` for an argument of a field of arguments
/// (`FIELD.NAME:` where it holds JSON).
pub type Row = BTreeMap<String, String>;

/// A filled form.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct ActionRequest {
    /// Whose token is presented.
    pub connection: String,
    /// The action.
    pub action: String,
    /// What the fields hold.
    pub values: BTreeMap<String, FieldValue>,
    /// In place of one list of targets: what each request is filled with beside that.
    #[serde(default)]
    pub rows: Option<Vec<Row>>,
}

/// One of those that an action is carried out for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// Its value; none where the action has no targets.
    pub value: Option<String>,
    /// What people call it.
    pub label: Option<String>,
    /// What else it fills.
    pub row: Option<Row>,
}

impl Target {
    /// Its name, for the activity.
    pub fn name(&self) -> Option<&str> {
        self.label.as_deref().or(self.value.as_deref())
    }
}

/// What is kept of a filled form: all but the targets. Nothing in it is secret: the check of provider files lets no action
/// have a secret field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What the fields hold.
    pub values: BTreeMap<String, FieldValue>,
    /// The fields that each target fills itself.
    pub by_row: Vec<String>,
}

/// A form that was filled well.
pub struct Order {
    /// Whose token is presented.
    pub account: Account,
    /// The action.
    pub action: Action,
    /// What was looked up for the connection.
    pub(super) looked_up: OnceCell<Variables>,
    /// Says that nothing is waited for any more.
    pub halt: Halt,
    pub(super) filled: Filled,
    by_row: Vec<String>,
}

impl Order {
    /// A form for these targets.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well.
    pub fn of(mut account: Account, request: ActionRequest) -> Result<(Self, Form, Vec<Target>)> {
        let action = find(&account, &request.action)?.clone();
        account.owner.told_as = account.owner.told_as.filter(|_| !action.private);
        let by_row = fields_of(&action, request.rows.as_deref().unwrap_or_default())?;
        let filled = Filled::of(&action, &request.values, &by_row)?;
        let order = Self { account, action, looked_up: OnceCell::new(), halt: Halt::default(), filled, by_row };
        let targets = match request.rows {
            Some(rows) => order.by_rows(rows)?,
            None => order.by_list(&request.values)?,
        };
        let form = order.form(request.values);
        Ok((order, form, targets))
    }

    /// The same form once more, of what was kept of it.
    ///
    /// # Errors
    /// `invalid_input` that names a field which the action now wants otherwise.
    pub fn again(account: Account, action: &str, form: &Form) -> Result<Self> {
        let action = find(&account, action)?.clone();
        let filled = Filled::of(&action, &form.values, &form.by_row)?;
        Ok(Self {
            account,
            action,
            looked_up: OnceCell::new(),
            halt: Halt::default(),
            filled,
            by_row: form.by_row.clone(),
        })
    }

    /// A form that holds nothing but what rows with these keys fill.
    ///
    /// # Errors
    /// `invalid_input` that names a key which fills nothing.
    pub(super) fn by_rows_alone(account: Account, action: &str, keys: &Row) -> Result<Self> {
        let action = find(&account, action)?.clone();
        let by_row = fields_of(&action, std::slice::from_ref(keys))?;
        // What a row leaves empty, the form may hold.
        let values = by_row.iter().map(|id| (id.clone(), Value::Null)).collect();
        let filled = Filled { values, ..Filled::default() };
        Ok(Self { account, action, looked_up: OnceCell::new(), halt: Halt::default(), filled, by_row })
    }

    /// That it is carried out by requests, not by the transfer of a file.
    ///
    /// # Errors
    /// `invalid_input` of `action`.
    pub fn is_no_transfer(&self) -> Result<()> {
        match self.action.transfer() {
            None => Ok(()),
            Some(_) => Err(Error::input("action", format!("“{}” transfers a file.", self.action.label))),
        }
    }

    fn form(&self, mut values: BTreeMap<String, FieldValue>) -> Form {
        values.retain(|id, _| self.action.each.as_ref() != Some(id));
        Form { values, by_row: self.by_row.clone() }
    }

    fn by_list(&self, values: &BTreeMap<String, FieldValue>) -> Result<Vec<Target>> {
        let Some(each) = &self.action.each else { return Ok(vec![Target::default()]) };
        let value = values.get(each);
        let Some(FieldValue::Several(several)) = value.filter(|it| **it != FieldValue::Several(Vec::new())) else {
            let label = field_of(&self.action, each).map_or(each.as_str(), |field| field.label.as_str());
            return Err(Error::input(each, format!("Choose at least one of {}.", label.to_lowercase())));
        };
        let mut seen = HashSet::new();
        let values = several.iter().filter(|target| seen.insert(target.as_str())).cloned();
        Ok(values.map(|value| Target { value: Some(value), ..Target::default() }).collect())
    }

    fn by_rows(&self, rows: Vec<Row>) -> Result<Vec<Target>> {
        if rows.is_empty() {
            return Err(Error::input("rows", "There are no rows."));
        }
        let numbered = rows.into_iter().enumerate();
        let target = |(at, row)| self.by_row(row).map_err(|error| in_row(at + 1, error));
        numbered.map(target).collect()
    }

    /// The target that a row stands for.
    ///
    /// # Errors
    /// `invalid_input` that names the field.
    pub(super) fn by_row(&self, mut row: Row) -> Result<Target> {
        let value = self.action.each.as_ref().and_then(|each| row.remove(each)).map(|value| value.trim().to_owned());
        if let (Some(each), None | Some("")) = (&self.action.each, value.as_deref()) {
            return Err(Error::input(each, "It names no target."));
        }
        // What has no target is called by its first text.
        let first = || row.values().map(|text| text.trim()).find(|text| !text.is_empty()).map(str::to_owned);
        let label = if value.is_none() { first() } else { None };
        let target = Target { value, label, row: Some(row) };
        self.layer(&target)?;
        Ok(target)
    }

    /// What a target fills, above what the form holds.
    ///
    /// # Errors
    /// `invalid_input` that names the field.
    pub(super) fn layer(&self, target: &Target) -> Result<Filled> {
        let mut layer = Filled::default();
        layer.take_target(&self.action, target.value.as_deref());
        let Some(row) = &target.row else { return Ok(layer) };
        for field in self.by_row.iter().filter_map(|id| field_of(&self.action, id)) {
            match field.kind {
                FieldKind::Arguments => self.take_arguments(field, row, &mut layer)?,
                _ => self.take_text(field, row, &mut layer)?,
            }
        }
        Ok(layer)
    }

    /// A cell that is empty leaves what the form holds.
    fn take_text(&self, field: &Field, row: &Row, layer: &mut Filled) -> Result<()> {
        let text = row.get(&field.id).filter(|text| !text.trim().is_empty());
        if text.is_none() && self.filled.values.contains_key(&field.id) {
            return Ok(());
        }
        layer.take(field, text.map(|text| FieldValue::Text(text.clone())).as_ref())
    }

    /// Arguments of a row stand beside those of the form, or in their place; there a number stays a number.
    fn take_arguments(&self, field: &Field, row: &Row, layer: &mut Filled) -> Result<()> {
        let mut object = match self.filled.values.get(&field.id) {
            Some(Value::Object(object)) => object.clone(),
            _ => Map::new(),
        };
        for (key, text) in row.iter().filter(|(_, text)| !text.trim().is_empty()) {
            let Some((_, name)) = key.split_once('.').filter(|(id, _)| *id == field.id) else { continue };
            let mut argument = Argument::typed(&field.id, name, text.clone())?;
            match object.get(&argument.key) {
                Some(Value::Number(_)) => argument.kind = ArgumentKind::Number,
                Some(Value::Bool(_)) => argument.kind = ArgumentKind::Boolean,
                _ => {}
            }
            let value = value_of(field, &argument)?;
            object.insert(argument.key, value);
        }
        if object.is_empty() && !self.filled.values.contains_key(&field.id) {
            return layer.take(field, None);
        }
        if !object.is_empty() {
            layer.values.insert(field.id.clone(), Value::Object(object));
        }
        Ok(())
    }
}

/// The action with this id, of those that the connection has.
pub(super) fn find<'a>(account: &'a Account, action: &str) -> Result<&'a Action> {
    let found = account.actions().find(|known| known.id == action);
    found.ok_or_else(|| Error::input("action", format!("There is no action “{action}”.")))
}

fn field_of<'a>(action: &'a Action, id: &str) -> Option<&'a Field> {
    action.fields.iter().find(|field| field.id == id)
}

/// The fields that rows fill, but for that of the targets.
fn fields_of(action: &Action, rows: &[Row]) -> Result<Vec<String>> {
    let mut ids: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for key in rows.iter().flat_map(Row::keys).filter(|key| seen.insert(key.as_str())) {
        let field = field_for(action, key)?;
        if !ids.contains(&field.id) && action.each.as_ref() != Some(&field.id) {
            ids.push(field.id.clone());
        }
    }
    Ok(ids)
}

/// The field that a column of this name fills.
///
/// # Errors
/// `invalid_input` that names it.
pub(super) fn field_for<'a>(action: &'a Action, key: &str) -> Result<&'a Field> {
    let (id, name) = key.split_once('.').map_or((key, None), |(id, name)| (id, Some(name)));
    let field = field_of(action, id).filter(|field| (field.kind == FieldKind::Arguments) == name.is_some());
    field.ok_or_else(|| Error::input(key, format!("No field is filled by “{key}”.")))
}

fn in_row(number: usize, error: Error) -> Error {
    Error { message: format!("Row {number}: {}", error.message), ..error }
}
