//! A JOSE header, read as strictly as a check of the signature needs it (RFC 7515 section 4, RFC 8725 section 3).

use super::fault::{Part, TokenProblem};
use super::members::Members;
use super::verdict::NotValid;

/// What a check needs of a header. What else stands in it is not looked at: `jku`, `jwk`, `x5u` and `x5c` are the token's
/// own word for whom to trust (RFC 8725 section 3.10).
#[derive(Debug)]
pub(super) struct Header {
    /// The algorithm that the token names.
    pub algorithm: String,
    /// The key that it names.
    pub key_id: Option<String>,
}

impl Header {
    /// Reads it.
    pub fn of(part: &Part) -> Result<Result<Self, NotValid>, TokenProblem> {
        Ok(Self::of_members(&Members::of(part)?))
    }

    fn of_members(members: &Members) -> Result<Self, NotValid> {
        if members.any_repeats() {
            return Err(NotValid::RepeatedHeader);
        }
        // Nothing that could stand in `crit` is understood here, so all of it is refused (RFC 7515 section 4.1.11).
        if members.list.iter().any(|member| member.name == "crit") {
            return Err(NotValid::CriticalHeader);
        }
        let Some(algorithm) = text(members, "alg") else { return Err(NotValid::AlgorithmUnknown) };
        Ok(Self { algorithm, key_id: text(members, "kid") })
    }
}

fn text(members: &Members, name: &str) -> Option<String> {
    members.value(name)?.as_str().map(str::to_owned)
}

/// The members by which a token says whom to trust. They are shown as not used.
pub(super) const NOT_USED: [&str; 4] = ["jku", "jwk", "x5u", "x5c"];
