//! What came of a run in words: one answer by the view that the provider's file gives, several as a line each.

use keydesk_core::{ResultView, RowFormat, RunRow, TargetState, ViewColumn, ViewSection};
use serde_json::Value;

use crate::table::{pairs, table};

/// A target in a line.
pub fn line(row: &RunRow) -> String {
    let status = row.status.map(|status| status.to_string()).unwrap_or_default();
    let target = row.target.as_deref().unwrap_or_default();
    let label = row.label.as_deref().filter(|label| *label != target).unwrap_or_default();
    table(&[vec![format!("{:<7}", word(row.state)), format!("{status:>3}"), target.to_owned(), label.to_owned()]])
}

fn word(state: TargetState) -> &'static str {
    match state {
        TargetState::Waiting => "waiting",
        TargetState::Sending => "sending",
        TargetState::Accepted => "ok",
        TargetState::Failed => "failed",
        TargetState::Unknown => "unknown",
    }
}

/// One answer as its view says.
pub fn answer(row: &RunRow, view: &ResultView) -> String {
    shown(row.body.as_deref().unwrap_or_default(), view)
}

/// The text of an answer as its view says.
pub fn shown(body: &str, view: &ResultView) -> String {
    let Ok(value) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    by_view(view, &value).unwrap_or_else(|| serde_json::to_string_pretty(&value).unwrap_or_else(|_| body.to_owned()))
}

/// What a view makes of it; none where it finds nothing.
fn by_view(view: &ResultView, value: &Value) -> Option<String> {
    match view {
        ResultView::Form { sections, .. } => form(sections, value),
        ResultView::Table { rows_at, columns, .. } => rows(rows_at, columns, value),
        ResultView::Tree { rows_at, label, children, .. } => {
            // What asks for what is below a row.
            let keys = children.set.iter().map(|(field, at)| column(field, at));
            rows(rows_at, &std::iter::once(column("Name", label)).chain(keys).collect::<Vec<_>>(), value)
        }
        ResultView::Grid { rows_at, label, columns, .. } => {
            let columns = columns.iter().cloned();
            rows(rows_at, &std::iter::once(column("Name", label)).chain(columns).collect::<Vec<_>>(), value)
        }
        ResultView::Json => None,
    }
}

/// What is there of the sections; none where nothing is.
fn form(sections: &[ViewSection], value: &Value) -> Option<String> {
    let section = |section: &ViewSection| {
        let of_row = |at: &[String], format| {
            let parts = at.iter().filter_map(|at| value.pointer(at)).map(|it| cell(it, format));
            parts.filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let lines = section.rows.iter().map(|row| (row.label.as_str(), of_row(&row.at, row.format)));
        let lines = pairs(&lines.collect::<Vec<_>>());
        (!lines.is_empty()).then(|| format!("{}\n{lines}", section.title))
    };
    let shown: Vec<String> = sections.iter().filter_map(section).collect();
    (!shown.is_empty()).then(|| shown.join("\n\n"))
}

fn rows(rows_at: &str, columns: &[ViewColumn], value: &Value) -> Option<String> {
    let found = value.pointer(rows_at)?;
    let items = match found {
        Value::Object(_) => std::slice::from_ref(found),
        other => other.as_array()?,
    };
    let of_item = |item: &Value| {
        let text = |column: &ViewColumn| item.pointer(&column.at).map(|it| cell(it, column.format)).unwrap_or_default();
        columns.iter().map(text).collect::<Vec<_>>()
    };
    let head = columns.iter().map(|column| column.label.clone()).collect();
    Some(table(&std::iter::once(head).chain(items.iter().map(of_item)).collect::<Vec<_>>()))
}

fn column(label: &str, at: &str) -> ViewColumn {
    ViewColumn { label: label.to_owned(), at: at.to_owned(), format: RowFormat::Mono }
}

fn cell(value: &Value, format: RowFormat) -> String {
    match (value, format) {
        (Value::Null, _) => String::new(),
        (Value::Bool(yes), RowFormat::YesNo) => if *yes { "yes" } else { "no" }.to_owned(),
        (Value::Number(number), RowFormat::Percent | RowFormat::Battery) => format!("{number} %"),
        (Value::Array(items), _) => items.iter().map(|it| cell(it, RowFormat::Text)).collect::<Vec<_>>().join(", "),
        (Value::Object(switches), RowFormat::List) => {
            let on = switches.iter().filter(|(_, value)| !matches!(value, Value::Bool(false) | Value::Null));
            on.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
        }
        (Value::String(text), _) => text.clone(),
        (other, _) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_shows_what_is_there() {
        let row = |label: &str, at: &str, format| keydesk_core::ViewRow {
            label: label.to_owned(),
            at: vec![at.to_owned()],
            format,
        };
        let rows = vec![
            row("Name", "/name", RowFormat::Text),
            row("Charge", "/charge", RowFormat::Percent),
            row("On", "/on", RowFormat::List),
            row("Gone", "/gone", RowFormat::Text),
        ];
        let sections = [ViewSection { title: "Device".to_owned(), rows }];
        let value = json!({"name": "Anna", "charge": 80, "on": {"gps": true, "nfc": false}});
        assert_eq!(form(&sections, &value).as_deref(), Some("Device\nName    Anna\nCharge  80 %\nOn      gps"));
        assert_eq!(form(&sections, &json!({})), None);
    }

    #[test]
    fn a_tree_names_what_asks_for_more_and_a_grid_its_rows() {
        let tree: ResultView = serde_json::from_value(json!({
            "kind": "tree", "rows_at": "", "label": "/name",
            "children": {"action": "below", "label": "Inside", "set": {"folder": "/id"}},
        }))
        .unwrap();
        let folder = json!({"id": 7, "name": "Rooms"});
        for body in [json!([folder]), folder] {
            assert_eq!(shown(&body.to_string(), &tree), "Name   folder\nRooms  7");
        }
        let grid: ResultView = serde_json::from_value(json!({
            "kind": "grid", "rows_at": "/files", "image": "/picture", "label": "/name",
            "columns": [{"label": "Size", "at": "/size", "format": "size"}],
        }))
        .unwrap();
        let body = json!({"files": [{"name": "a.jpg", "picture": "https://a.example", "size": 5}]});
        assert_eq!(shown(&body.to_string(), &grid), "Name   Size\na.jpg  5");
    }
}
