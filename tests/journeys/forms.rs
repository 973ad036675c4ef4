//! The forms of providers, filled as a person fills them: an id is never typed, it is chosen from a live list. Each row of
//! a table is a form that is sent to the sandbox; the rows come one after the other, so that one sees what the one before
//! has changed.

mod image_relay;
mod own_api;
mod relay;
mod spoke_zone;
mod views;
mod wazo;

use std::collections::BTreeMap;
use std::sync::Arc;

use keydesk_core::{
    ActionView, Argument, ArgumentKind, ConnectionView, Error, ErrorCode, FieldKind, FieldValue, FieldView, ResultView,
    RunRow,
};
use keydesk_sandbox::Sandbox;
use serde_json::Value;

use crate::house::House;

/// What is filled into a field.
enum Given {
    Typed(&'static str),
    /// The entry of the field's live list whose label begins so.
    Chosen(&'static str),
    /// The first so many entries of the field's live list.
    First(usize),
    Arguments(&'static [(&'static str, ArgumentKind, &'static str)]),
}

use Given::{Arguments, Chosen, First, Typed};

/// What comes back.
enum Comes {
    /// A table of so many rows, each of whose columns has something in one row at least.
    Rows(usize),
    /// An answer with these values at their pointers.
    Values(Vec<(&'static str, Value)>),
    /// A good answer without a body.
    Done,
    /// An error, in words that hold this.
    Fails(ErrorCode, &'static str),
}

use Comes::{Done, Fails, Rows, Values};

type Form = (&'static str, Vec<(&'static str, Given)>, Comes);

struct Person {
    house: Arc<House>,
    connection: ConnectionView,
}

impl Person {
    /// Logged in as the sandbox offers it.
    async fn at(sandbox: &Sandbox, provider: &str, login: &str) -> Self {
        let house = Arc::new(House::new());
        let connection = house.connect_at(sandbox, provider);
        house.log_in_at(sandbox, &connection, login).await;
        Self { house, connection }
    }

    /// Another login of the same Keydesk, with these fields.
    async fn beside(&self, sandbox: &Sandbox, login: &str, fields: &[(&str, &str)]) -> Self {
        let connection = self.house.connect_at(sandbox, &self.connection.provider);
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.house.enter(&connection, login, &fields, &[]).await.unwrap();
        Self { house: self.house.clone(), connection }
    }

    fn action(&self, id: &str) -> ActionView {
        let actions = self.house.keydesk.list_actions(&self.connection.id).unwrap();
        actions.into_iter().find(|action| action.id == id).unwrap_or_else(|| panic!("no form {id}"))
    }

    async fn value(&self, action: &ActionView, field: &str, given: &Given) -> FieldValue {
        let field = action.fields.iter().find(|known| known.id == field).unwrap_or_else(|| panic!("no field {field}"));
        match given {
            Typed(text) => {
                assert!(field.list.is_none(), "{} is chosen, not typed", field.id);
                FieldValue::Text((*text).to_owned())
            }
            Chosen(label) => {
                let list = self.house.keydesk.list_choices(&self.connection.id, field.list.as_ref().unwrap());
                let list = list.await.unwrap();
                let found = list.iter().find(|choice| choice.label.starts_with(label));
                one_of(field, found.unwrap_or_else(|| panic!("no {label} in {list:?}")).value.clone())
            }
            First(count) => {
                let list = self.house.keydesk.list_choices(&self.connection.id, field.list.as_ref().unwrap());
                let list = list.await.unwrap();
                FieldValue::Several(list.into_iter().take(*count).map(|choice| choice.value).collect())
            }
            Arguments(arguments) => FieldValue::Arguments(
                arguments
                    .iter()
                    .map(|(key, kind, value)| Argument {
                        key: (*key).to_owned(),
                        kind: *kind,
                        value: (*value).to_owned(),
                    })
                    .collect(),
            ),
        }
    }

    /// As the form begins, and what is filled in.
    async fn send(&self, action: &ActionView, given: &[(&str, Given)]) -> RunRow {
        let initial = action.fields.iter().filter_map(|field| Some((field.id.as_str(), field.initial.clone()?)));
        let mut values: BTreeMap<&str, FieldValue> = initial.map(|(id, value)| (id, FieldValue::Text(value))).collect();
        for (field, given) in given {
            values.insert(field, self.value(action, field, given).await);
        }
        let values: Vec<_> = values.into_iter().collect();
        let run = self.house.run(&self.connection, &action.id, &values).await;
        run.results.into_iter().next().unwrap()
    }

    async fn fill_each(&self, forms: Vec<Form>) {
        for (id, given, comes) in forms {
            let action = self.action(id);
            let result = self.send(&action, &given).await;
            let body = result.body.as_deref().map(|body| serde_json::from_str::<Value>(body).unwrap());
            check(&action, &comes, result.error.as_ref(), body.as_ref());
        }
    }
}

fn check(action: &ActionView, comes: &Comes, error: Option<&Error>, body: Option<&Value>) {
    let id = &action.id;
    if let Fails(code, words) = comes {
        let error = error.unwrap_or_else(|| panic!("{id} did not fail: {body:?}"));
        assert_eq!(error.code, *code, "{id}: {}", error.message);
        assert!(error.message.contains(words), "{id}: {}", error.message);
        return;
    }
    assert!(error.is_none(), "{id}: {error:?}");
    match comes {
        Rows(count) => {
            let (rows_at, columns) = match &action.view {
                ResultView::Table { rows_at, columns, .. } | ResultView::Grid { rows_at, columns, .. } => {
                    (rows_at, &columns[..])
                }
                ResultView::Tree { rows_at, .. } => (rows_at, &[][..]),
                _ => panic!("{id} has no rows"),
            };
            let rows = at(body.unwrap(), rows_at).unwrap();
            let rows = rows.as_array().unwrap();
            assert_eq!(rows.len(), *count, "{id}");
            let shown = |row: &Value, pointer: &str| at(row, pointer).is_some_and(|value| !value.is_null());
            for pointer in columns.iter().map(|column| &column.at).chain(of_rows(&action.view)).filter(|_| *count > 0) {
                assert!(rows.iter().any(|row| shown(row, pointer)), "{id}: nothing at {pointer}");
            }
        }
        Values(values) => {
            for (pointer, value) in values {
                assert_eq!(at(body.unwrap(), pointer).as_ref(), Some(value), "{id}: {pointer} of {body:?}");
            }
        }
        _ => assert!(body.is_none(), "{id}: {body:?}"),
    }
}

/// One choice, as a field of its kind holds it.
fn one_of(field: &FieldView, value: String) -> FieldValue {
    if field.kind == FieldKind::Choices { FieldValue::Several(vec![value]) } else { FieldValue::Text(value) }
}

/// Where in a row stands what other forms are filled with, and what is drawn of it.
fn of_rows(view: &ResultView) -> impl Iterator<Item = &String> {
    let drawn = match view {
        ResultView::Table { chart, place, .. } => {
            let of_place = place.iter().flat_map(|place| place.lat.iter().chain(&place.long));
            chart.iter().map(|chart| &chart.time).chain(of_place).collect()
        }
        ResultView::Grid { image, label, .. } => vec![image, label],
        ResultView::Tree { label, children, .. } => children.set.values().chain([label]).collect(),
        _ => Vec::new(),
    };
    view.opens().iter().flat_map(|opened| opened.set.values()).chain(drawn)
}

fn both(mut one: Vec<(&'static str, Given)>, other: Vec<(&'static str, Given)>) -> Vec<(&'static str, Given)> {
    one.extend(other);
    one
}

/// As the window follows a pointer: also into a text that holds JSON.
fn at(value: &Value, pointer: &str) -> Option<Value> {
    pointer.split('/').skip(1).try_fold(value.clone(), |found, step| {
        let found = match found {
            Value::String(text) => serde_json::from_str(&text).ok()?,
            found => found,
        };
        let step = step.replace("~1", "/").replace("~0", "~");
        found.get(&step).or_else(|| found.get(step.parse::<usize>().ok()?)).cloned()
    })
}
