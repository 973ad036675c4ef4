use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::{field, python};

const TEN_YEARS: i64 = 315_360_000;
const LONGEST_ID: usize = 1024;

/// The body of POST `/token`, by the rules of the table in providers.md §5.1. Unknown keys, and
/// `backend`, say nothing.
#[derive(Debug, Default)]
pub(super) struct TokenRequest {
    pub(super) expiration: Option<i64>,
    pub(super) offline: bool,
    pub(super) client_id: Option<String>,
    pub(super) refresh_token: Option<String>,
    /// Asked for in a way that the sandbox has no accounts for: LDAP or SAML.
    pub(super) elsewhere: bool,
}

impl TokenRequest {
    pub(super) fn read(body: &Value) -> Result<Self, Failure> {
        let nothing = Map::new();
        let fields = match body {
            Value::Object(fields) => fields,
            // What Python calls false is an empty object.
            Value::Null | Value::Bool(false) => &nothing,
            _ => return Err(refuse(&schema("Invalid input type."))),
        };
        let mut errors = Map::new();
        let expiration = take(fields, "expiration", &mut errors, whole_number);
        let access_type = take(fields, "access_type", &mut errors, |value| {
            text(value).and_then(|text| one_of(text, &["online", "offline"]))
        });
        let id = |value: &Value| text(value).and_then(bounded);
        let client_id = take(fields, "client_id", &mut errors, id);
        let saml_session = take(fields, "saml_session_id", &mut errors, id);
        let mut words = |name| take(fields, name, &mut errors, text).filter(|text: &String| !text.is_empty());
        let refresh_token = words("refresh_token");
        let (tenant, domain) = (words("tenant_id"), words("domain_name"));
        if !errors.is_empty() {
            return Err(refuse(&Value::Object(errors)));
        }
        let offline = access_type.as_deref() == Some("offline");
        let elsewhere = saml_session.is_some() || tenant.is_some() || domain.is_some();
        let together = [
            (offline && refresh_token.is_some(), "cannot use the \"access_type\" \"offline\" with a refresh token"),
            (
                offline && client_id.is_none(),
                "\"client_id\" must be specified when using \"access_type\" is \"offline\"",
            ),
            (tenant.is_some() && domain.is_some(), "\"tenant_id\" and \"domain_name\" must be mutually exclusive"),
            (
                refresh_token.is_some() && client_id.is_none(),
                "\"client_id\" must be specified when using a \"refresh_token\"",
            ),
            (
                refresh_token.is_some() && saml_session.is_some(),
                "Cannot use a \"saml_session_id\" and a \"refresh_token\" at the same time",
            ),
        ];
        match together.iter().find(|(wrong, _)| *wrong) {
            Some((_, message)) => Err(refuse(&schema(message))),
            None => Ok(Self { expiration, offline, client_id, refresh_token, elsewhere }),
        }
    }
}

/// The dictionary of errors as Python writes it (providers.md §5.3).
fn refuse(errors: &Value) -> Failure {
    Failure::token(StatusCode::BAD_REQUEST, &python::repr(errors))
}

fn schema(message: &str) -> Value {
    json!({ "_schema": [message] })
}

fn take<T>(
    fields: &Map<String, Value>,
    name: &str,
    errors: &mut Map<String, Value>,
    read: impl Fn(&Value) -> Result<T, Value>,
) -> Option<T> {
    let value = fields.get(name)?;
    let read = if value.is_null() { Err(field::null()) } else { read(value) };
    read.map_err(|error| errors.insert(name.to_owned(), json!([error]))).ok()
}

/// A number, or a text that is one; the fraction is cut off.
fn whole_number(value: &Value) -> Result<i64, Value> {
    let number = match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|number| number as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.ok_or_else(field::not_a_number)?;
    let fits = (1..=TEN_YEARS).contains(&number);
    if fits { Ok(number) } else { Err(field::out_of_range(1, Some(TEN_YEARS))) }
}

fn text(value: &Value) -> Result<String, Value> {
    value.as_str().map(str::to_owned).ok_or_else(field::not_a_text)
}

fn bounded(text: String) -> Result<String, Value> {
    let fits = (1..=LONGEST_ID).contains(&text.chars().count());
    if fits { Ok(text) } else { Err(field::wrong_length(1, LONGEST_ID)) }
}

fn one_of(text: String, choices: &[&str]) -> Result<String, Value> {
    if choices.contains(&text.as_str()) { Ok(text) } else { Err(field::not_one_of(choices)) }
}
