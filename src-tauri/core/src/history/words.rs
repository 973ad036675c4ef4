//! What a person types to search, as FTS5 reads it.

use super::exchange::ExchangeQuery;

/// What FTS5 is asked for. Nothing that was typed is read as its language: every word stands in quotes. They must stand as they
/// were typed, one after the other, and the last may be the beginning of one: “/folders/12”. None where there is no word.
pub(super) fn matching(query: &ExchangeQuery) -> Option<String> {
    let typed = words(query.search.as_deref().unwrap_or_default());
    if typed.is_empty() {
        return None;
    }
    let mut all = vec![format!("{{url sent_body body}} : ({} *)", typed.join(" + "))];
    // Among a million exchanges with the word, those of a connection are found by the index, not by looking at each.
    if let Some(connection) = &query.connection {
        all.push(format!("connection : ({})", words(connection).join(" + ")));
    }
    if let Some(outcomes) = query.status.outcomes() {
        all.push(format!("outcome : ({})", outcomes.join(" OR ")));
    }
    Some(all.join(" AND "))
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(|word| format!("\"{word}\"")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::ExchangeStatus;

    #[test]
    fn whatever_is_typed_is_words_and_no_search_language() {
        let typed = |text: &str| matching(&ExchangeQuery { search: Some(text.to_owned()), ..ExchangeQuery::default() });
        let found = typed("/folders/12 OR \"x").unwrap();
        assert_eq!(found, "{url sent_body body} : (\"folders\" + \"12\" + \"OR\" + \"x\" *)");
        for nothing in ["", " - \"*(^ "] {
            assert_eq!(typed(nothing), None);
        }
    }

    #[test]
    fn a_connection_and_an_outcome_are_found_by_the_index_too() {
        let query = ExchangeQuery {
            search: Some("x".to_owned()),
            connection: Some("ab-1".to_owned()),
            status: ExchangeStatus::Failed,
            ..ExchangeQuery::default()
        };
        let found = matching(&query).unwrap();
        assert!(found.ends_with("connection : (\"ab\" + \"1\") AND outcome : (refused OR broken OR none)"), "{found}");
    }
}
