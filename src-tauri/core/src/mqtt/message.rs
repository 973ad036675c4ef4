//! A message as it is kept.

use jiff::Timestamp;
use serde_json::Value;

use super::topic::matches;
use super::view::{MessagePlace, MessageRow};
use crate::pointer;
use crate::provider::MqttPlace;
use crate::redact::Redactor;

/// The longest text that is kept of a message.
const LONGEST: usize = 64 * 1024;

/// What came, or what was published from here.
pub struct Incoming<'a> {
    /// Its topic.
    pub topic: &'a str,
    /// Its bytes; none where there are too many to take.
    pub payload: Option<&'a [u8]>,
    /// How many there are.
    pub size: usize,
    /// Whether the broker had kept it from before.
    pub retained: bool,
    /// Whether it was published from here.
    pub own: bool,
}

impl Incoming<'_> {
    /// As it is kept and shown: what is secret is masked, then it is cut.
    pub fn kept(&self, number: u32, at: Timestamp, place: Option<&MqttPlace>, redactor: &Redactor) -> MessageRow {
        let payload = self.payload.unwrap_or_default();
        let (text, binary) = shown(payload, redactor);
        let place = place.filter(|place| matches(self.topic, &place.filter));
        MessageRow {
            number,
            at: at.to_string(),
            topic: redactor.mask(self.topic),
            payload: cut(text),
            binary,
            size: u32::try_from(self.size).unwrap_or(u32::MAX),
            retained: self.retained,
            own: self.own,
            place: place.and_then(|place| place_in(payload, place)),
        }
    }
}

/// Its text, or its bytes in hexadecimal, and whether it is those.
fn shown(payload: &[u8], redactor: &Redactor) -> (String, bool) {
    if let Ok(text) = std::str::from_utf8(payload) {
        return (redactor.mask(text), false);
    }
    // What is secret can stand among bytes that are no text: in hexadecimal it would not be known again.
    let text = String::from_utf8_lossy(payload);
    let masked = redactor.mask(&text);
    if masked != text {
        return (masked, false);
    }
    let bytes = payload.iter().take(LONGEST / 2);
    (bytes.map(|byte| format!("{byte:02x}")).collect(), true)
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(LONGEST));
    text
}

/// The place that a message tells of.
fn place_in(payload: &[u8], place: &MqttPlace) -> Option<MessagePlace> {
    let value: Value = serde_json::from_slice(payload).ok()?;
    let number = |pointers: &[String]| {
        let found = pointers.iter().find_map(|pointer| pointer::text_at(&value, pointer)?.parse::<f64>().ok());
        found.filter(|number| number.is_finite())
    };
    let (lat, long) = (number(&place.lat)?, number(&place.long)?);
    let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&long);
    on_earth.then(|| MessagePlace { lat, long, heading: number(&place.heading), speed: number(&place.speed) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn place() -> MqttPlace {
        let at = |pointer: &str| vec![pointer.to_owned()];
        MqttPlace {
            filter: "d/+/location".to_owned(),
            lat: at("/lat"),
            long: vec!["/lon".to_owned(), "/lng".to_owned()],
            heading: at("/heading"),
            speed: at("/speed"),
        }
    }

    fn kept(topic: &str, payload: &[u8], redactor: &Redactor) -> MessageRow {
        let incoming = Incoming { topic, payload: Some(payload), size: payload.len(), retained: false, own: false };
        incoming.kept(1, Timestamp::UNIX_EPOCH, Some(&place()), redactor)
    }

    #[test]
    fn a_place_is_read_from_the_topics_that_tell_it_and_from_no_other() {
        let redactor = Redactor::default();
        let of = |topic: &str, payload: &str| kept(topic, payload.as_bytes(), &redactor).place;
        let found = of("d/1/location", r#"{"lat": 35.5, "lng": "-78.6", "heading": 90}"#).unwrap();
        assert_eq!((found.lat, found.long, found.heading, found.speed), (35.5, -78.6, Some(90.0), None));
        for (topic, payload) in [
            ("d/1/versions", r#"{"lat": 35.5, "lon": 1}"#),
            ("d/1/location", r#"{"lat": 35.5}"#),
            ("d/1/location", r#"{"lat": 95, "lon": 1}"#),
            ("d/1/location", r#"{"lat": "NaN", "lon": 1}"#),
            ("d/1/location", "{"),
        ] {
            assert_eq!(of(topic, payload), None, "{payload}");
        }
    }

    #[test]
    fn f9_a_secret_in_a_message_is_masked_in_topic_text_and_bytes() {
        let redactor = Redactor::default();
        redactor.add("c", &Secret::new("canary-0123456789"));
        let text = kept("a/canary-0123456789", b"it is canary-0123456789", &redactor);
        assert_eq!((text.topic.as_str(), text.payload.as_str()), ("a/•••", "it is •••"));
        let bytes = kept("a", b"\xffcanary-0123456789", &redactor);
        assert_eq!((bytes.payload.as_str(), bytes.binary), ("\u{fffd}•••", false));
    }

    #[test]
    fn text_is_cut_at_a_letter_and_what_is_no_text_stands_in_hexadecimal() {
        let redactor = Redactor::default();
        let long = kept("a", "é".repeat(40_000).as_bytes(), &redactor);
        assert_eq!((long.payload.len(), long.size, long.binary), (LONGEST, 80_000, false));
        let bytes = kept("a", &[0xff; 40_000], &redactor);
        assert_eq!((bytes.payload.len(), bytes.size, bytes.binary), (LONGEST, 40_000, true));
        assert!(bytes.payload.starts_with("ffff"));
    }
}
