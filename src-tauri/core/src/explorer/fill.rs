//! Fills what a person typed: `{{name}}` is a variable of the connection, `{name}` in a path a parameter. What is put in is not
//! read again, and nothing else means anything (security.md H7).

use super::request::{RequestRow, Variable};
use crate::error::{Error, Result};
use crate::provider::{Encoding, Variables, beginning, fill};

/// Where the token of the connection belongs in a path. It is put in when the request is sent.
const ACCESS_TOKEN: &str = "access_token";

/// Whether this can be a variable's name.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Knows the variables of a connection.
pub struct Filler<'a>(pub &'a [Variable]);

impl Filler<'_> {
    /// A text with its variables filled.
    ///
    /// # Errors
    /// `invalid_input` of `variables` when there is none of a name.
    pub fn text(&self, template: &str) -> Result<String> {
        self.filled(template, |_| Ok(None))
    }

    /// Rows that are sent, with what they are filled with.
    ///
    /// # Errors
    /// As for [`Filler::text`].
    pub fn rows(&self, rows: &[RequestRow]) -> Result<Vec<(String, String)>> {
        let on = rows.iter().filter(|row| row.on && !row.name.trim().is_empty());
        on.map(|row| Ok((self.text(row.name.trim())?, self.text(&row.value)?))).collect()
    }

    /// An address. Each parameter in its path is one segment of it.
    ///
    /// # Errors
    /// `invalid_input` of `parameters` when one has no value, or one that cannot stand in a path; as for [`Filler::text`].
    pub fn url(&self, template: &str, parameters: &[RequestRow]) -> Result<String> {
        let template = template.trim();
        let (address, query) = template.split_at(template.find(['?', '#']).unwrap_or(template.len()));
        // What begins with a variable may be a whole address: what it stands for is put in first.
        let host = if address.starts_with('/') { 0 } else { beginning(address).len() };
        let (host, path) = address.split_at(host);
        // One that has a value may be called as it likes, `{proxy+}` for instance.
        let is_one = |name: &str| is_name(name) || parameters.iter().any(|row| row.name == name);
        let segment = |name: &str| is_one(name).then(|| self.segment(name, parameters)).transpose();
        let path = self.filled(path, segment)?;
        Ok(format!("{}{path}{}", self.text(host)?, self.text(query)?))
    }

    fn segment(&self, name: &str, parameters: &[RequestRow]) -> Result<String> {
        let given = parameters.iter().find(|row| row.name == name).map(|row| self.text(&row.value)).transpose()?;
        let value = match given {
            None if name == ACCESS_TOKEN => return Ok(format!("{{{name}}}")),
            None => return Err(Error::input("parameters", format!("“{name}” in the path has no value."))),
            Some(value) => value,
        };
        let one = Variables::from([("value".to_owned(), value)]);
        let filled = fill("{value}", &one, Encoding::PathSegment);
        filled.map_err(|error| Error { field: Some("parameters".to_owned()), ..error })
    }

    /// `other` says what `{name}` stands for, where it stands for something.
    fn filled(&self, template: &str, other: impl Fn(&str) -> Result<Option<String>>) -> Result<String> {
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            let variable = between(rest, "{{", "}}").map(str::trim);
            if let Some(name) = variable.filter(|name| is_name(name)) {
                filled.push_str(self.find(name)?);
                rest = rest.split_once("}}").map_or("", |(_, after)| after);
            } else if let Some(name) = between(rest, "{", "}")
                && let Some(value) = other(name)?
            {
                filled.push_str(&value);
                rest = rest.split_once('}').map_or("", |(_, after)| after);
            } else {
                filled.push('{');
                rest = &rest[1..];
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn find(&self, name: &str) -> Result<&str> {
        let found = self.0.iter().find(|variable| variable.name == name);
        let found = found.map(|variable| variable.value.as_str());
        found.ok_or_else(|| Error::input("variables", format!("This connection has no variable “{name}”.")))
    }
}

/// What stands between two marks at the beginning of a text.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.strip_prefix(open)?.split_once(close).map(|(inner, _)| inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, value: &str) -> Variable {
        Variable { name: name.to_owned(), value: value.to_owned() }
    }

    fn row(name: &str, value: &str) -> RequestRow {
        RequestRow { name: name.to_owned(), value: value.to_owned(), on: true }
    }

    #[test]
    fn h7_variables_are_put_in_once_and_nothing_else_is_evaluated() {
        let variables = [variable("a", "{{b}} ${PATH} $(id)"), variable("b", "2")];
        let filler = Filler(&variables);
        assert_eq!(
            filler.text("x {{a}} {{ b }} {a} {% raw %} {{1 + 1}}").unwrap(),
            "x {{b}} ${PATH} $(id) 2 {a} {% raw %} {{1 + 1}}"
        );
        let unknown = filler.text("{{nobody}}").unwrap_err();
        assert_eq!(unknown.field.as_deref(), Some("variables"));
        for odd in ["{", "{{", "{{a", "}}", "{}", "{{}}", "{\"a\":{\"b\":1}}"] {
            assert_eq!(filler.text(odd).unwrap(), odd);
        }
    }

    #[test]
    fn a_parameter_is_one_segment_of_the_path_and_a_variable_may_be_more() {
        let variables = [variable("base", "https://b.example/v1"), variable("id", "7/8")];
        let filler = Filler(&variables);
        let url = |template: &str, value: &str| filler.url(template, &[row("id", value)]);
        assert_eq!(url("/x/{id}?q={id}", "a/b c").unwrap(), "/x/a%2Fb%20c?q={id}");
        assert_eq!(url("{{base}}/x/{id}", "{{id}}").unwrap(), "https://b.example/v1/x/7%2F8");
        assert_eq!(url("https://c.example/{id}", "1").unwrap(), "https://c.example/1");
        // Called as it likes, where it has a value.
        let odd = filler.url("/x/{proxy+}/{no such}", &[row("proxy+", "a/b")]);
        assert_eq!(odd.unwrap(), "/x/a%2Fb/{no such}");
        for bad in ["", ".", ".."] {
            assert_eq!(url("/x/{id}", bad).unwrap_err().field.as_deref(), Some("parameters"), "{bad}");
        }
        assert_eq!(filler.url("/x/{other}", &[]).unwrap_err().field.as_deref(), Some("parameters"));
        assert_eq!(filler.url("/t/{access_token}", &[]).unwrap(), "/t/{access_token}");
    }
}
