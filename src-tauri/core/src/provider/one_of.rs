//! One of a closed set, or a placeholder for a parameter that holds one.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, Deserializer, Error as _};

use super::template::{Encoding, Lookup, fill};
use crate::error::{Error, Result};

/// A value that a provider file fixes, or leaves to a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOf<T> {
    /// Fixed.
    Fixed(T),
    /// Left to a parameter: a template.
    Left(String),
}

impl<T: Default> Default for OneOf<T> {
    fn default() -> Self {
        Self::Fixed(T::default())
    }
}

impl<T: DeserializeOwned + Copy> OneOf<T> {
    /// The value.
    ///
    /// # Errors
    /// `invalid_input` when the parameter holds none of the set.
    pub fn of(&self, values: &impl Lookup) -> Result<T> {
        match self {
            Self::Fixed(value) => Ok(*value),
            Self::Left(template) => {
                let text = fill(template, values, Encoding::Plain)?;
                let name = template.trim_matches(['{', '}']);
                read(&text).map_err(|_| Error::input(name, format!("“{text}” is none of the choices.")))
            }
        }
    }
}

/// Reads one of a closed set.
pub fn read<T: DeserializeOwned>(text: &str) -> std::result::Result<T, serde::de::value::Error> {
    T::deserialize(StrDeserializer::new(text))
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.starts_with('{') {
            return Ok(Self::Left(text));
        }
        read(&text).map(Self::Fixed).map_err(D::Error::custom)
    }
}

impl<T: JsonSchema> JsonSchema for OneOf<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("OneOf_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let fixed = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [fixed, { "type": "string", "pattern": "^\\{[a-z0-9_]+\\}$" }] })
    }
}
