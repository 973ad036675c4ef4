use url::form_urlencoded::Serializer;

/// A redirect URI that a client registered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RedirectUri {
    /// Compared character by character (RFC 9700 §2.1).
    Exact(&'static str),
    /// The same, except that the port is free (RFC 8252 §7.3).
    AnyPort { origin: &'static str, path: &'static str },
}

impl RedirectUri {
    pub(crate) fn accepts(self, uri: &str) -> bool {
        match self {
            Self::Exact(registered) => uri == registered,
            Self::AnyPort { origin, path } => {
                uri.strip_prefix(origin).and_then(|rest| rest.strip_suffix(path)).is_some_and(is_port)
            }
        }
    }
}

/// `:8079`, or nothing at all.
fn is_port(text: &str) -> bool {
    let Some(digits) = text.strip_prefix(':') else {
        return text.is_empty();
    };
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

/// `uri`, which has no query of its own, with one.
pub(crate) fn with_query(uri: &str, query: &[(&str, &str)]) -> String {
    let query = Serializer::new(String::new()).extend_pairs(query).finish();
    if query.is_empty() { uri.to_owned() } else { format!("{uri}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_a_loopback_redirect_is_free() {
        let registered = RedirectUri::AnyPort { origin: "http://127.0.0.1", path: "/callback" };
        assert!(registered.accepts("http://127.0.0.1/callback"));
        assert!(registered.accepts("http://127.0.0.1:49152/callback"));
        for uri in [
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:+80/callback",
            "http://127.0.0.1:99999/callback",
            "http://127.0.0.1:80@evil.test/callback",
            "http://127.0.0.1.evil.test/callback",
            "http://127.0.0.1:80/else/callback",
            "https://127.0.0.1:80/callback",
            "http://127.0.0.1:80/callback?x",
        ] {
            assert!(!registered.accepts(uri), "{uri}");
        }
    }

    #[test]
    fn query_is_added_to_a_private_use_scheme() {
        assert_eq!(
            with_query("dev.keydesk:/callback", &[("code", "a b"), ("state", "&")]),
            "dev.keydesk:/callback?code=a+b&state=%26"
        );
    }
}
