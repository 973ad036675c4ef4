//! What the core says in codes, in words.

use keydesk_core::{
    ClaimHint, KeyFault, NotValid, SignatureVerdict, TimeState, TimeVerdict, TokenFault, TokenPart, TokenProblem,
    Unproven, VerifiedToken, visible,
};

use crate::times;

/// Said of every token that was only read.
pub const NOT_CHECKED: &str =
    "The signature was not checked (--verify does it): this is what the token says of itself.";

/// What is odd about a claim.
pub fn hint(hint: ClaimHint) -> &'static str {
    match hint {
        ClaimHint::Repeated => "stands there more than once",
        ClaimHint::NotATime => "should be a number of seconds since 1970",
        ClaimHint::QuotedNumber => "a text; the standard says a number",
        ClaimHint::Milliseconds => "read as milliseconds; the standard says seconds",
        ClaimHint::NoSuchTime => "no time can be made of it",
        ClaimHint::BeforeTheEpoch => "before 1970",
        ClaimHint::EndsBeforeItBegins => "before the token was issued or begins",
        ClaimHint::HiddenCharacters => "has characters that cannot be seen",
    }
}

/// What is wrong with a token, and where.
pub fn fault(problem: &TokenProblem) -> String {
    let part = problem.part.map(part).unwrap_or("text");
    let found = problem.found.as_deref().unwrap_or_default();
    let what = match problem.fault {
        TokenFault::PartCount => {
            let parts = problem.parts.unwrap_or_default();
            return format!("it has {parts} parts; a signed one has 3 and an encrypted one 5");
        }
        TokenFault::Character => format!("its {part} has “{found}”, which is no base64url"),
        TokenFault::Padding => format!("its {part} has a “=”, which base64url leaves out here"),
        TokenFault::Length => format!("its {part} is cut short or has a character too many"),
        TokenFault::UnusedBits => format!("its {part} ends in a character that nothing encodes so"),
        TokenFault::NotUtf8 => format!("its {part} is no UTF-8"),
        TokenFault::NotJson => format!("its {part} is not valid JSON"),
        TokenFault::NotAnObject => format!("its {part} is not a JSON object"),
    };
    let at = problem.at.map(|at| format!(" (character {})", u64::from(at) + 1)).unwrap_or_default();
    let inside = problem.inside.map(|at| format!(", byte {} of its content", u64::from(at) + 1)).unwrap_or_default();
    format!("{what}{at}{inside}")
}

fn part(part: TokenPart) -> &'static str {
    match part {
        TokenPart::Header => "header",
        TokenPart::Payload => "claims set",
        TokenPart::Signature => "signature",
        TokenPart::EncryptedKey => "encrypted key",
        TokenPart::InitializationVector => "initialization vector",
        TokenPart::Ciphertext => "ciphertext",
        TokenPart::AuthenticationTag => "authentication tag",
    }
}

/// Signature and time, a line each.
pub fn verified(verified: &VerifiedToken) -> String {
    let signature = match &verified.signature {
        SignatureVerdict::Valid { algorithm, key_id } => {
            let key = key_id.as_deref().map(|id| format!(", key “{}”", visible(id))).unwrap_or_default();
            let issuer =
                verified.issuer.as_deref().map(|issuer| format!(", by {}", visible(issuer))).unwrap_or_default();
            format!("valid ({algorithm}{key}{issuer})")
        }
        SignatureVerdict::Invalid(unproven) => format!("not valid: {}", because(unproven)),
    };
    let not_used: Vec<String> = verified.not_used.iter().map(|name| visible(name)).collect();
    let not_used = match not_used.is_empty() {
        true => String::new(),
        false => format!("\nNot used    {}: the token’s own word for its key", not_used.join(", ")),
    };
    format!("Signature   {signature}\nTime        {}{not_used}", time(verified))
}

fn time(verified: &VerifiedToken) -> String {
    let TimeVerdict { state, expires_at, not_before } = &verified.time;
    let ends = expires_at.map_or(0, |at| at.as_second() - times::now());
    let begins = not_before.map_or(0, |at| at.as_second() - times::now());
    match state {
        TimeState::InTime => format!("good, ends {}", times::from_now(ends)),
        TimeState::Expired => format!("over: it ended {}", times::from_now(ends)),
        TimeState::NotYet => format!("to come: it begins {}", times::from_now(begins)),
        TimeState::NoEnd => "it names no end".to_owned(),
        TimeState::Unreadable => "it names an end that is no time".to_owned(),
        TimeState::Unknown => "it says nothing that can be read".to_owned(),
    }
}

fn because(unproven: &Unproven) -> String {
    let algorithm = || visible(unproven.algorithm.as_deref().unwrap_or("no algorithm"));
    match unproven.reason {
        NotValid::BadSignature => "it is not made with this key, or the token was changed".to_owned(),
        NotValid::Unsigned => "the token is not signed".to_owned(),
        NotValid::AlgorithmUnknown => format!("the token names {}, which is not checked here", algorithm()),
        NotValid::AlgorithmNotAllowed => {
            format!("the token names {}, and the key is for another algorithm", algorithm())
        }
        NotValid::KeyMismatch => format!("the token names {}, which goes with another kind of key", algorithm()),
        NotValid::KeyForOtherUse => "the key is not for checking signatures".to_owned(),
        NotValid::KeyTooWeak => "the key is too short or too weak to prove anything".to_owned(),
        NotValid::NoKeyWithThatId => match &unproven.key_id {
            Some(id) => format!("no key is called “{}”", visible(id)),
            None => "there is no key for it".to_owned(),
        },
        NotValid::AmbiguousKey => "several keys have the name that the token gives".to_owned(),
        NotValid::KeyUnreadable => unproven.key_fault.map_or("the key cannot be read", key).to_owned(),
        NotValid::Malformed => {
            let why = unproven.problem.as_deref().map(fault).unwrap_or_default();
            format!("this is no token as the standard has it: {why}")
        }
        NotValid::RepeatedHeader => "a member of its header stands there twice".to_owned(),
        NotValid::CriticalHeader => "its header wants something understood that is not (crit)".to_owned(),
        NotValid::Encrypted => "the token is encrypted: who can read it can check it".to_owned(),
        NotValid::Opaque => "this is no JWT: only the server that gave it knows what it is".to_owned(),
        NotValid::IssuerUnknown => "it names no issuer whose keys could be asked for: --issuer names one".to_owned(),
        NotValid::IssuerMismatch => "it names another issuer than the one whose keys were to be asked for".to_owned(),
        NotValid::IssuerUnreachable => match &unproven.error {
            Some(error) => format!("the issuer’s keys could not be had. {}", error.message),
            None => "the issuer’s keys could not be had".to_owned(),
        },
    }
}

fn key(fault: KeyFault) -> &'static str {
    match fault {
        KeyFault::NotAKey => "this is no PEM, certificate, JWK or set of JWKs",
        KeyFault::PrivateKey => {
            "this is a private key; its public half is enough, and the private one is nobody else’s"
        }
        KeyFault::NotASecret => "this is a PEM, which is no shared secret: --key takes it",
        KeyFault::UnknownKind => "keys of this kind are not checked with",
        KeyFault::Malformed => "the key is damaged: something in it is missing, cut short or not base64",
        KeyFault::MixedSet => "shared secrets and public keys stand in one set",
        KeyFault::EmptySet => "the set has no key",
    }
}
