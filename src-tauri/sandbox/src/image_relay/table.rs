use serde_json::{Value, json};

/// Rows that have an `id`.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Value>,
    next_id: u64,
}

impl Table {
    pub(super) fn from(first_id: u64) -> Self {
        Self { rows: Vec::new(), next_id: first_id }
    }

    /// Adds a row under the next id, and gives it back with that.
    pub(super) fn insert(&mut self, row: Value) -> Value {
        let mut whole = json!({ "id": self.next_id });
        self.next_id += 1;
        if let (Some(whole), Value::Object(row)) = (whole.as_object_mut(), row) {
            whole.extend(row);
        }
        self.rows.push(whole.clone());
        whole
    }

    pub(super) fn rows(&self) -> &[Value] {
        &self.rows
    }

    pub(super) fn get(&self, id: u64) -> Option<&Value> {
        self.rows.iter().find(|row| row["id"] == id)
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Value> {
        self.rows.iter_mut().find(|row| row["id"] == id)
    }

    /// The rows whose member `name` is `value`.
    pub(super) fn with(&self, name: &str, value: u64) -> Vec<Value> {
        self.rows.iter().filter(|row| row[name] == value).cloned().collect()
    }

    /// Takes a row out; whether there was one.
    pub(super) fn remove(&mut self, id: u64) -> bool {
        let before = self.rows.len();
        self.retain(|row| row["id"] != id);
        self.rows.len() < before
    }

    pub(super) fn retain(&mut self, stays: impl Fn(&Value) -> bool) {
        self.rows.retain(stays);
    }
}
