//! Where the next page of a list is.

use reqwest::header::{HeaderMap, LINK};
use url::Url;

/// The address with this parameter set.
pub fn with_parameter(url: &Url, name: &str, value: &str) -> Url {
    let others: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(other, _)| other != name).collect();
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
    url
}

/// The target of the link with the relation `next` (RFC 8288 section 3), against the address that was asked.
pub fn next_link(headers: &HeaderMap, url: &Url) -> Option<Url> {
    let values = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(links).find(|(_, parameters)| is_next(parameters)).and_then(|(target, _)| url.join(target).ok())
}

/// Each link of a header: what stands in its angle brackets, and what follows up to the next link.
fn links(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split('<').skip(1).filter_map(|link| link.split_once('>'))
}

fn is_next(parameters: &str) -> bool {
    parameters.split([';', ',']).filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
        let relations = value.trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("rel")
            && relations.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_parameter_is_set_once_and_the_others_stay() {
        let next = with_parameter(&url("https://a.example/x?a=1&cursor=old&b=2"), "cursor", "n w");
        assert_eq!(next.as_str(), "https://a.example/x?a=1&b=2&cursor=n+w");
    }

    #[test]
    fn the_next_link_is_found_among_others_in_each_spelling() {
        let next = |header: &str| {
            let headers = HeaderMap::from_iter([(LINK, header.parse().unwrap())]);
            next_link(&headers, &url("https://a.example/v1/x?page=1")).map(String::from)
        };
        let wanted = Some("https://a.example/v1/x?page=2".to_owned());
        for header in [
            "<https://a.example/v1/x?page=2>; rel=\"next\"",
            "</v1/x?page=1>; rel=\"prev\", </v1/x?page=2>; rel=\"next\"",
            "<?page=2>; title=\"a\"; REL=next",
            "<?page=2>;rel=\"last next\"",
        ] {
            assert_eq!(next(header), wanted, "{header}");
        }
        for header in
            ["</v1/x?page=2>; rel=\"prev\"", "https://a.example; rel=next", "<>", "", "<x>; title=\"rel=next\""]
        {
            assert_eq!(next(header), None, "{header}");
        }
    }
}
