//! What a provider's file offers to hear, filled with what is known of a connection.

use std::collections::BTreeMap;

use super::view::{MqttOffer, MqttSuggestion};
use crate::account::Account;
use crate::error::{Error, Result};
use crate::provider::{Encoding, FieldView, Mqtt, Variables, fill};

/// What can be heard with a connection; none where its way in has none of it. `given` is what was typed before.
///
/// # Errors
/// `invalid_input` when the broker's address is none.
pub fn offer(account: &Account, given: Option<&Variables>) -> Result<Option<MqttOffer>> {
    let Some(mqtt) = of(account) else { return Ok(None) };
    let known = account.owner.variables.as_ref();
    let value = |id: &String| given.and_then(|given| given.get(id)).or_else(|| known.get(id)).cloned();
    let values = mqtt.fields.iter().filter_map(|field| {
        let value = value(&field.id).or_else(|| field.initial.clone())?;
        (!value.is_empty()).then(|| (field.id.clone(), value))
    });
    let values: BTreeMap<String, String> = values.collect();
    let names = names(mqtt, known, &values);
    let suggestions = mqtt.suggestions.iter().filter_map(|suggestion| {
        let filter = fill(&suggestion.filter, &names, Encoding::Plain).ok()?;
        Some(MqttSuggestion { label: suggestion.label.clone(), filter })
    });
    Ok(Some(MqttOffer {
        url: fill(&mqtt.url, known, Encoding::Plain)?,
        fields: mqtt.fields.iter().map(FieldView::from).collect(),
        publish_prefix: prefix(mqtt, &names),
        suggestions: suggestions.collect(),
        values,
    }))
}

/// What the file says of messages, where the way in that was used last is for it: a token for another server is not.
pub fn of(account: &Account) -> Option<&Mqtt> {
    let elsewhere = account.login().is_some_and(|login| login.base_url.is_some());
    account.provider.mqtt.as_ref().filter(|_| !elsewhere)
}

/// The values with which one connects.
///
/// # Errors
/// `invalid_input` that names the field.
pub fn check(mqtt: &Mqtt, values: &BTreeMap<String, String>) -> Result<()> {
    for field in &mqtt.fields {
        let value = values.get(&field.id).map_or("", |value| value.trim());
        if value.is_empty() && !field.optional {
            return Err(Error::input(&field.id, format!("{} is needed.", field.label)));
        }
        field.check_kind(value)?;
        // One level of a topic (MQTT 3.1.1 section 4.7.1): another would mean other topics.
        if value.contains(['/', '+', '#']) || value.contains(char::is_control) {
            return Err(Error::input(&field.id, format!("{} cannot hold / + or #.", field.label)));
        }
    }
    match values.keys().find(|id| !mqtt.fields.iter().any(|field| field.id == **id)) {
        Some(unknown) => Err(Error::input(unknown, format!("There is no field “{unknown}”."))),
        None => Ok(()),
    }
}

/// What the placeholders of topics stand for.
pub fn names(mqtt: &Mqtt, known: &Variables, values: &BTreeMap<String, String>) -> Variables {
    let asked = |id: &String| mqtt.fields.iter().any(|field| field.id == *id);
    let known = known.iter().filter(|(id, _)| !asked(id)).map(|(id, value)| (id.clone(), value.clone()));
    // One that is left open leaves what is made of it open too.
    let values = values.iter().map(|(id, value)| (id.clone(), value.trim().to_owned()));
    known.chain(values.filter(|(_, value)| !value.is_empty())).collect()
}

/// What may be published under: with what is not known yet as it stands in the file.
pub fn prefix(mqtt: &Mqtt, names: &Variables) -> Option<String> {
    let template = mqtt.publish_prefix.as_ref()?;
    Some(fill(template, names, Encoding::Plain).unwrap_or_else(|_| template.clone()))
}
