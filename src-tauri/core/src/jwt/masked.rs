//! A token as the window may hold it (security.md F8).

use serde::Serialize;
use specta::Type;

use super::fault::Part;

/// A token in three colours, with the part that makes it usable hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Masked {
    /// The JOSE header, or the first characters of an opaque token.
    pub header: String,
    /// The beginning of the claims set.
    pub payload: String,
    /// Dots.
    pub signature: String,
}

const DOTS: &str = "••••••••";

impl Masked {
    /// Of a token in its parts: what is signed can be seen, and not that it is.
    pub(super) fn of(parts: &[Part]) -> Self {
        let shown: String = parts[1].text.chars().take(64).collect();
        let signature = "••••••••••••".to_owned();
        Self { header: parts[0].text.to_owned(), payload: format!("{shown}{DOTS}"), signature }
    }

    /// At most the first four characters, and never a third of it.
    pub(super) fn opaque(token: &str) -> Self {
        let shown = (token.chars().count() / 3).min(4);
        let start: String = token.chars().take(shown).collect();
        Self { header: format!("{start}{DOTS}"), payload: String::new(), signature: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use crate::jwt::DecodedToken;

    #[test]
    fn f8_the_masked_form_holds_neither_the_signature_nor_an_opaque_token() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let (header, claims) = (part(r#"{"alg":"HS256"}"#), part(r#"{"sub":"someone","permissions":["a-long-list"]}"#));
        let token = format!("{header}.{claims}.AAABBBCCCDDD");
        let shown = format!("{:?}", DecodedToken::of(&token).masked);
        assert!(!shown.contains("AAABBBCCCDDD") && shown.contains(&header));
        assert!(!format!("{:?}", DecodedToken::of("3c388bb1e69244ec2fc5e2209df3d1cc").masked).contains("3c388bb1e"));
        assert!(!format!("{:?}", DecodedToken::of("abc").masked).contains("ab"));
    }
}
