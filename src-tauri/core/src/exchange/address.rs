//! The address of a request that has the access token in its path, for servers that want it there. The token is put in when
//! the request is sent: until then, and wherever the address is shown or written down, its name stands for it.

use url::Url;

use super::prepared::{Filling, Prepared};
use crate::error::Result;
use crate::provider::{Encoding, Lookup, RequestTemplate, fill};
use crate::redact;
use crate::secret::Secret;

const NAME: &str = "access_token";
const PLACEHOLDER: &str = "{access_token}";
/// As it stands in a URL.
const ENCODED: &str = "%7Baccess_token%7D";
/// As it is shown: what may stand in a path without an escape.
const SHOWN: &str = ":access_token";

/// Whether a template wants the token in its path. The check of provider files lets it stand nowhere else.
pub(super) fn wants_token(template: &RequestTemplate) -> bool {
    template.url.starts_with('/') && template.url.contains(PLACEHOLDER)
}

/// Whether an address that was typed has a place for the token in its path.
pub(super) fn has_place(url: &Url) -> bool {
    url.path().contains(ENCODED)
}

/// Knows what the filling knows, and leaves the token’s place open.
pub(super) struct Open<'a>(pub Filling<'a>);

impl Lookup for Open<'_> {
    fn find(&self, name: &str) -> Option<&str> {
        if name == NAME { Some(PLACEHOLDER) } else { self.0.find(name) }
    }
}

struct Token<'a>(&'a Secret);

impl Lookup for Token<'_> {
    fn find(&self, _: &str) -> Option<&str> {
        Some(self.0.expose())
    }
}

impl Prepared {
    /// The address as it is sent: with the token where it belongs, as one segment of the path.
    pub(super) fn url_with(&self, token: &Secret) -> Result<Url> {
        let mut url = self.url.clone();
        if self.token_in_path {
            let segment = fill(PLACEHOLDER, &Token(token), Encoding::PathSegment)?;
            url.set_path(&self.url.path().replace(ENCODED, &segment));
        }
        Ok(url)
    }

    /// The address as it is shown and written down.
    pub fn shown_url(&self) -> String {
        let shown = redact::url(&self.url);
        if self.token_in_path { shown.replace(ENCODED, SHOWN) } else { shown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Values;
    use crate::provider::{Api, Variables};

    fn prepared(url: &str, name: &str) -> Prepared {
        let template: RequestTemplate =
            toml::from_str(&format!("url = \"{url}\"\nquery = {{ q = \"{{name}}\" }}")).unwrap();
        let api: Api = toml::from_str("base_url = \"https://a.example/api\"").unwrap();
        let variables = Variables::from([("name".to_owned(), name.to_owned())]);
        let filling = Filling { texts: &[&variables], values: &[&Values::new()] };
        Prepared::new(&template, &api, "https://a.example/api", filling).unwrap()
    }

    #[test]
    fn f9_the_token_stands_in_the_path_only_when_it_is_sent() {
        let prepared = prepared("/token/{access_token}/scopes", "x");
        assert_eq!(prepared.shown_url(), "https://a.example/api/token/:access_token/scopes?q=x");
        assert!(!format!("{prepared:?}").contains("the-token"));
        let sent = prepared.url_with(&Secret::new("the-token/../a?b")).unwrap();
        assert_eq!(sent.as_str(), "https://a.example/api/token/the-token%2F..%2Fa%3Fb/scopes?q=x");
        assert!(prepared.url_with(&Secret::new("..")).is_err());
    }

    #[test]
    fn what_was_typed_is_never_replaced_by_the_token() {
        let sent = |url| prepared(url, "{access_token}").url_with(&Secret::new("the-token")).unwrap();
        assert!(!sent("/things/{name}").as_str().contains("the-token"));
        assert_eq!(sent("/token/{access_token}").query(), Some("q=%7Baccess_token%7D"));
    }
}
