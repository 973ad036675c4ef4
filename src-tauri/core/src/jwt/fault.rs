//! Why a text that looks like a JWT is none, and where: the reason, the part, the character.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use specta::Type;

use super::visible::visible;

/// A part of a token (RFC 7515 section 7.1, RFC 7516 section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the RFCs'
pub enum TokenPart {
    Header,
    Payload,
    Signature,
    EncryptedKey,
    InitializationVector,
    Ciphertext,
    AuthenticationTag,
}

/// What is wrong with a text that looks like a JWT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TokenFault {
    /// It begins like a JWT and has neither three parts nor five.
    PartCount,
    /// A character that base64url does not have (RFC 7515 section 2).
    Character,
    /// A `=`, which is left out there.
    Padding,
    /// A character is missing or too many.
    Length,
    /// Bits of the last character stand for nothing, and are not zero.
    UnusedBits,
    /// What it stands for is no UTF-8.
    NotUtf8,
    /// What it stands for is no JSON.
    NotJson,
    /// It is JSON, and no object.
    NotAnObject,
}

/// What is wrong with it, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TokenProblem {
    /// What.
    pub fault: TokenFault,
    /// In which part; none where the parts are wrong in number.
    pub part: Option<TokenPart>,
    /// At which character of the text as it was given, counted from 0.
    pub at: Option<u32>,
    /// At which byte of what the part stands for, counted from 0: where that is no UTF-8 or no JSON.
    pub inside: Option<u32>,
    /// The character that is wrong, made visible.
    pub found: Option<String>,
    /// How many parts there are, where that is wrong.
    pub parts: Option<u32>,
}

/// A part as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub what: TokenPart,
    pub text: &'a str,
    /// How many characters stand before it.
    pub start: usize,
}

impl Part<'_> {
    /// Strict base64url without padding (RFC 7515 section 2): one text for each content, so that a token cannot be
    /// written in another way.
    pub fn decode(&self) -> Result<Vec<u8>, TokenProblem> {
        let alphabet = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if let Some((at, found)) = self.text.chars().enumerate().find(|(_, c)| !alphabet(*c)) {
            let fault = if found == '=' { TokenFault::Padding } else { TokenFault::Character };
            return Err(TokenProblem { found: Some(visible(&found.to_string())), ..self.problem(fault, at) });
        }
        let length = self.text.len();
        if length % 4 == 1 {
            return Err(self.problem(TokenFault::Length, length));
        }
        // All that is left to be wrong.
        let unused = |_| self.problem(TokenFault::UnusedBits, length.saturating_sub(1));
        strict(self.text).map_err(unused)
    }

    /// What is wrong at a character of the part.
    pub fn problem(&self, fault: TokenFault, at: usize) -> TokenProblem {
        let at = Some(number(self.start + at));
        TokenProblem { fault, part: Some(self.what), at, inside: None, found: None, parts: None }
    }

    /// What is wrong at a byte of what the part stands for: four characters stand for three bytes.
    pub fn inside(&self, fault: TokenFault, byte: usize) -> TokenProblem {
        TokenProblem { inside: Some(number(byte)), ..self.problem(fault, byte * 4 / 3) }
    }
}

/// base64url without padding, white space or bits over.
pub(super) fn strict(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    URL_SAFE_NO_PAD.decode(text)
}

/// A count, as the window can read it.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_what_is_no_strict_base64url_is_refused_with_its_place() {
        for (text, fault, at) in [
            ("AB+D", TokenFault::Character, 12),
            ("AB/D", TokenFault::Character, 12),
            (" ABC", TokenFault::Character, 10),
            ("AB\nC", TokenFault::Character, 12),
            ("ABé", TokenFault::Character, 12),
            ("éé=", TokenFault::Character, 10),
            ("AB==", TokenFault::Padding, 12),
            ("A", TokenFault::Length, 11),
            ("ABCDE", TokenFault::Length, 15),
            // 0x00 is AA; AB has four bits over.
            ("AB", TokenFault::UnusedBits, 11),
            ("AAF", TokenFault::UnusedBits, 12),
        ] {
            let problem = Part { what: TokenPart::Payload, text, start: 10 }.decode().unwrap_err();
            assert_eq!((problem.fault, problem.at), (fault, Some(at)), "{text:?}");
            assert_eq!(problem.part, Some(TokenPart::Payload));
        }
        assert!(Part { what: TokenPart::Header, text: "", start: 0 }.decode().unwrap().is_empty());
        assert_eq!(Part { what: TokenPart::Header, text: "AA", start: 0 }.decode().unwrap(), [0]);
    }
}
