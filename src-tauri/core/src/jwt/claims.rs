//! The members of a header or claims set in words: what each means, which instant it is, what is odd about it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;

use super::members::{Member, Members};
use super::visible::has_hidden;
use super::{registered, times};

/// What is odd about a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClaimHint {
    /// Its name stands in the token more than once (RFC 7515 section 4, RFC 7519 section 4).
    Repeated,
    /// It should be a number of seconds since 1970, and is none.
    NotATime,
    /// Text; the standard says a number.
    QuotedNumber,
    /// Read as milliseconds; the standard says seconds.
    Milliseconds,
    /// No calendar has such a time.
    NoSuchTime,
    /// Before 1970.
    BeforeTheEpoch,
    /// The token ends before it was issued, or before it begins.
    EndsBeforeItBegins,
    /// It has characters that cannot be seen, or that turn the text around.
    HiddenCharacters,
}

/// A claim or a member of the header, with what can be said of it without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ClaimView {
    /// Its name.
    pub name: String,
    /// What it means: in the provider's words, else the standard's.
    pub meaning: Option<String>,
    /// The document that registers it, where the words are that one's.
    pub standard: Option<String>,
    /// Its value as exact JSON text.
    pub value: String,
    /// Where the claim is a time (RFC 7519 section 4.1): RFC 3339.
    pub instant: Option<String>,
    /// What is odd about it.
    pub hints: Vec<ClaimHint>,
}

impl ClaimView {
    /// Says what it means in the provider's words, where it has some.
    pub fn explain(&mut self, meanings: &BTreeMap<String, String>) {
        if let Some(own) = meanings.get(&self.name) {
            (self.meaning, self.standard) = (Some(own.clone()), None);
        }
    }
}

/// The members of a claims set, or of an answer that says the same (RFC 7662 section 2.2).
pub(crate) fn claims_of(members: &Members) -> Vec<ClaimView> {
    let mut claims: Vec<ClaimView> = members.list.iter().map(|member| claim(member, members)).collect();
    let time = |name: &str| -> Option<Timestamp> { instant(&claims, name) };
    let begins = [time("iat"), time("nbf")].into_iter().flatten().max();
    if time("exp").zip(begins).is_some_and(|(ends, begins)| ends < begins) {
        let ends = claims.iter_mut().filter(|claim| claim.name == "exp");
        ends.for_each(|claim| claim.hints.push(ClaimHint::EndsBeforeItBegins));
    }
    claims
}

/// The instant of the first claim of this name.
pub(super) fn instant(claims: &[ClaimView], name: &str) -> Option<Timestamp> {
    claims.iter().find(|claim| claim.name == name)?.instant.as_ref()?.parse().ok()
}

/// The members of a JOSE header.
pub(super) fn header_of(members: &Members) -> Vec<ClaimView> {
    members.list.iter().map(|member| view(member, members, registered::header(&member.name))).collect()
}

fn claim(member: &Member, all: &Members) -> ClaimView {
    let mut view = view(member, all, registered::claim(&member.name));
    if times::TIMES.contains(&member.name.as_str()) {
        let (instant, hint) = times::read(&member.value);
        view.instant = instant.map(|instant| instant.to_string());
        view.hints.extend(hint);
    }
    view
}

fn view(member: &Member, all: &Members, registered: Option<registered::Registered>) -> ClaimView {
    // JSON may write a character as `\u202e`, which can be seen; what it says cannot.
    let said: String = serde_json::from_str(&member.value).unwrap_or_default();
    // Between its values JSON may break lines (RFC 8259 section 2); within a text it may not.
    let value = member.value.replace(['\n', '\r', '\t'], " ");
    let hidden = [&member.name, &value, &said].into_iter().any(|text| has_hidden(text));
    let hints = [(all.repeats(&member.name), ClaimHint::Repeated), (hidden, ClaimHint::HiddenCharacters)];
    ClaimView {
        name: member.name.clone(),
        meaning: registered.map(|(_, meaning, _)| meaning.to_owned()),
        standard: registered.map(|(.., document)| document.to_owned()).filter(|document| !document.is_empty()),
        value: member.value.clone(),
        instant: None,
        hints: hints.into_iter().filter_map(|(is, hint)| is.then_some(hint)).collect(),
    }
}
