//! What marshmallow, as Wazo sets it up, says of a field that is wrong.

use serde_json::{Value, json};

pub(super) fn required() -> Value {
    error("required", &json!("required"), "Missing data for required field.")
}

pub(super) fn null() -> Value {
    error("not_null", &json!("not_null"), "Field may not be null.")
}

pub(super) fn not_a_text() -> Value {
    error("type", &json!("string"), "Not a valid string.")
}

pub(super) fn not_a_number() -> Value {
    error("type", &json!("integer"), "Not a valid integer.")
}

pub(super) fn out_of_range(min: i64, max: Option<i64>) -> Value {
    match max {
        Some(max) => {
            let message = format!("Must be greater than or equal to {min} and less than or equal to {max}.");
            error("range", &json!({ "min": min, "max": max }), &message)
        }
        None => error("range", &json!({ "min": min }), &format!("Must be greater than or equal to {min}.")),
    }
}

pub(super) fn wrong_length(min: usize, max: usize) -> Value {
    error("length", &json!({ "min": min, "max": max }), &format!("Length must be between {min} and {max}."))
}

pub(super) fn too_short(min: usize) -> Value {
    let message = format!("Shorter than minimum length {min}.");
    error("length", &json!({ "min": min, "max": null }), &message)
}

pub(super) fn not_one_of(choices: &[&str]) -> Value {
    error("enum", &json!({ "choices": choices }), &format!("Must be one of: {}.", choices.join(", ")))
}

fn error(id: &str, constraint: &Value, message: &str) -> Value {
    json!({ "constraint_id": id, "constraint": constraint, "message": message })
}
