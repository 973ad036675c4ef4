//! Checks a provider file: reports every problem, each with line, key and, where there is one, a suggestion. Runs and
//! asks nothing (security.md H7).

mod answer;
mod document;
mod endpoint;
#[cfg(test)]
mod example;
mod lists;
mod messages;
mod sense;
mod shape;
mod transfer;
mod view;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;
use specta::Type;

use super::schema::Provider;
use document::Document;

/// Something that is wrong in a provider file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
pub struct Problem {
    /// The line, from 1.
    pub line: u32,
    /// The key, dotted.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// What a provider file is.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ProviderCheck {
    /// What is wrong; empty: it can be used.
    pub problems: Vec<Problem>,
    /// Its id, where one can be read.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The ways in, in a line.
    pub summary: Option<String>,
    /// The ways in, as they are offered.
    pub logins: Vec<String>,
    /// The hosts that it will talk to; placeholders stand where a connection fills them.
    pub hosts: Vec<String>,
}

/// The JSON Schema of the format, from the types.
pub static JSON_SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = schemars::schema_for!(Provider);
    schema.insert("title".to_owned(), "A provider file of Keydesk".into());
    schema.to_value()
});

/// Reads a provider file and says what it is and what is wrong with it.
pub fn check(text: &str) -> (ProviderCheck, Option<Provider>) {
    let (document, mut problems) = Document::parse(text);
    // What could not be read is not there: to call it missing would mislead.
    if problems.is_empty() {
        problems.extend(shape::problems(&document, &JSON_SCHEMA));
    }
    let provider = if problems.is_empty() { read(text, &document, &mut problems) } else { None };
    if let Some(provider) = &provider {
        problems.extend(sense::problems(&document, provider));
    }
    problems.sort();
    problems.dedup();
    let said = |name: &str| document.text(name);
    let check = ProviderCheck {
        id: said("id"),
        name: said("name"),
        summary: said("summary"),
        logins: provider.iter().flat_map(|provider| &provider.logins).map(|login| login.label.clone()).collect(),
        hosts: provider.as_ref().map(|provider| hosts(&document, provider)).unwrap_or_default(),
        problems,
    };
    let good = provider.filter(|_| check.problems.is_empty());
    (check, good)
}

/// What the shape lets through is read; an error here is one that the JSON Schema cannot say.
fn read(text: &str, document: &Document, problems: &mut Vec<Problem>) -> Option<Provider> {
    toml::from_str(text)
        .map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| document.line(span.start));
            problems.push(Problem { line, key: String::new(), message: sentence(error.message()), suggestion: None });
        })
        .ok()
}

fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// The nearest of the words that are known, where one is near.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let scored =
        known.into_iter().map(|candidate| (strsim::normalized_damerau_levenshtein(word, candidate), candidate));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 > 0.5).then(|| best.1.to_owned())
}

/// The host of every address in the file, wherever it stands, and what a choice sets that looks like a host.
fn hosts(document: &Document, provider: &Provider) -> Vec<String> {
    let talked_to = document.texts().into_iter().filter(|(key, _)| !["docs", "example"].contains(key));
    let addresses = talked_to.filter_map(|(_, text)| host(text));
    let fields = provider.logins.iter().flat_map(|login| &login.fields).chain(&provider.parameters);
    let set = fields.flat_map(|field| &field.choices).flat_map(|choice| choice.set.values());
    let bare = set.filter(|value| value.contains('.') && !value.contains([' ', '/', '{'])).cloned();
    addresses.chain(bare).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The host in an address, unless it is this machine.
fn host(template: &str) -> Option<String> {
    let (_, rest) = template.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty() && !is_this_machine(host)).then(|| host.to_owned())
}

/// Whether a host, with or without a port, is this machine. The whole name counts, never its beginning.
fn is_this_machine(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    ["127.0.0.1", "localhost", "[::1]"].contains(&name.map_or(host, |(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::example::ACME;
    use super::*;

    /// The address with a part that the connection gives.
    fn good() -> String {
        let region = "[[parameter]]\nid = \"region\"\nlabel = \"Region\"\n";
        ACME.replace("https://", "https://{region}.") + region
    }

    fn problems(text: &str) -> Vec<(u32, String, String, Option<String>)> {
        let found = check(text).0.problems.into_iter();
        found.map(|problem| (problem.line, problem.key, problem.message, problem.suggestion)).collect()
    }

    /// With `KEYDESK_UPDATE=1` it is written anew; else a difference fails.
    #[test]
    fn the_json_schema_beside_the_files_is_that_of_the_types() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers/provider.schema.json");
        let fresh = format!("{}\n", serde_json::to_string_pretty(&*JSON_SCHEMA).unwrap());
        if std::env::var_os("KEYDESK_UPDATE").is_some() {
            return std::fs::write(file, fresh).unwrap();
        }
        assert!(std::fs::read_to_string(file).unwrap() == fresh, "stale: run `./dev bindings`");
    }

    #[test]
    fn a_good_file_has_no_problem_and_names_its_hosts() {
        let (check, provider) = check(&good());
        assert_eq!(check.problems, []);
        assert_eq!(check.hosts, ["{region}.acme.example"]);
        assert!(provider.is_some());
    }

    #[test]
    fn every_problem_is_reported_with_line_key_and_suggestion() {
        let bad = good()
            .replace("summary = \"A key\"", "sumary = \"A key\"")
            .replace("token = \"api_key\"", "token = \"apikey\"")
            .replace("base_url", "base_ulr")
            .replace("label = \"Region\"", "label = 7");
        let found = problems(&bad);
        let told = |key: &str| found.iter().find(|problem| problem.1 == key).unwrap_or_else(|| panic!("{found:#?}"));
        assert_eq!((told("sumary").0, told("sumary").3.as_deref()), (4, Some("summary")));
        assert_eq!((told("api.base_ulr").0, told("api.base_ulr").3.as_deref()), (6, Some("base_url")));
        assert_eq!(told("parameter.label").0, 16);
        let token = told("login.grant.paste.token");
        assert_eq!((token.0, token.3.as_deref()), (12, Some("api_key")));
    }

    #[test]
    fn a_placeholder_that_nothing_gives_names_what_was_probably_meant() {
        let found = problems(&good().replace("{region}", "{regoin}"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0, found[0].1.as_str(), found[0].3.as_deref()), (6, "api.base_url", Some("region")));
    }

    #[test]
    fn a_grant_that_is_none_lists_those_there_are() {
        let found = problems(&good().replace("grant.paste", "grant.pasted"));
        assert_eq!(found[0].3.as_deref(), Some("paste"), "{found:?}");
    }

    /// The blocks of the README: the words after its fence, and its text.
    fn readme_blocks() -> Vec<(&'static str, &'static str)> {
        let readme = include_str!("../../../../providers/README.md");
        let fenced = readme.split("\n```").skip(1).step_by(2);
        fenced.map(|block| block.split_once('\n').unwrap_or((block, ""))).collect()
    }

    #[test]
    fn every_example_in_the_readme_is_good_and_every_mistake_is_told_as_it_says() {
        let blocks = readme_blocks();
        let (_, smallest) = blocks[0];
        let mut mistakes = Vec::new();
        for (number, (kind, text)) in blocks.iter().enumerate() {
            match *kind {
                "toml" => assert_eq!(problems(text), [], "{text}"),
                "toml fragment" => assert_eq!(problems(&format!("{smallest}\n{text}")), [], "{text}"),
                "toml wrong" => mistakes.push((blocks[number + 1], told(text))),
                "" | "text" => {}
                other => panic!("a block of another kind: {other}"),
            }
        }
        assert_eq!(mistakes.len(), 2);
        for (said, told) in mistakes {
            assert_eq!(said, ("text", told.as_str()));
        }
    }

    /// As `keydesk providers check` prints it.
    fn told(text: &str) -> String {
        let lines = problems(text).into_iter().map(|(line, key, message, suggestion)| {
            let suggestion = suggestion.map(|suggestion| format!(" Meant: {suggestion}?")).unwrap_or_default();
            format!("line {line}: {key}: {message}{suggestion}")
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn text_that_is_no_toml_is_a_problem_with_its_line() {
        let found = problems("id = \"a\"\nname = \n");
        assert_eq!(found[0].0, 2, "{found:?}");
        assert!(check(&"[".repeat(10_000)).1.is_none());
        let keys = vec!["a"; 60].join(".");
        let deep = format!("{}{}", format!("{keys} = {{\n").repeat(60), "}\n".repeat(60));
        assert!(check(&deep).0.problems[0].message.contains("deeper"));
    }

    #[test]
    fn h7_a_host_that_only_begins_like_this_machine_is_shown() {
        for host in ["localhost.evil.example", "127.0.0.1.evil.example", "evil.example:443"] {
            let text = good().replace("{region}.acme.example", host).replace("id = \"region\"", "id = \"unused\"");
            assert_eq!(check(&text).0.hosts, [host]);
        }
    }

    #[test]
    fn what_could_leak_or_never_work_is_a_problem() {
        let good = good();
        let address = |url: &str| format!("{good}\n[[address]]\nid = \"a\"\nlabel = \"A\"\nurl = \"{url}\"");
        let list =
            "[[variable]]\nid = \"a\"\nlabel = \"A\"\nlist = \"l\"\n[[list]]\nid = \"l\"\nitems = \"\"\nvalue = \"\"\n";
        for (text, words) in [
            (good.replace("label = \"Region\"", "label = \"Region\"\nkind = \"secret\""), "secret"),
            (address("{a}/x"), "Nothing gives"),
            (address("https://{region"), "never closed"),
            (format!("{good}{list}[list.request]\nurl = \"/x/{{a}}\""), "needs"),
            (good.replace("id = \"acme\"", "id = \"con\""), "file"),
        ] {
            let found = problems(&text);
            assert!(found.iter().any(|problem| problem.2.contains(words)), "{words}: {found:?}");
        }
    }
}
