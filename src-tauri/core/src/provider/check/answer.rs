//! Whether what an action does with its answer makes sense.

use std::collections::BTreeSet;

use super::document::Node;
use super::sense::Sense;
use crate::provider::action::Action;
use crate::provider::pages::{PageScheme, Pages};

impl Sense<'_> {
    /// Pages, a picked row and what is waited for are those of a request, and a scheme takes only what it has a use for.
    pub(super) fn answer(&mut self, node: &Node, action: &Action) {
        for key in ["pages", "pick", "until", "then"] {
            if let Some(node) = node.get_ref().get(key).filter(|_| action.request.is_none()) {
                self.say(node, &format!("action.{key}"), "Only an action with a request can have this.");
            }
        }
        self.until(node, action);
        self.pages(node, "action", action.pages.as_ref());
    }

    /// A scheme takes only what it has a use for.
    pub(super) fn pages(&mut self, node: &Node, owner: &str, pages: Option<&Pages>) {
        let (Some(pages), Some(node)) = (pages, node.get_ref().get("pages")) else { return };
        let useless = [
            ("next", pages.next.is_some() && pages.scheme.usual_next().is_none()),
            ("parameter", pages.parameter.is_some() && pages.scheme.usual_parameter().is_none()),
            ("size", pages.size.is_some() && pages.scheme != PageScheme::PageNumber),
        ];
        for (key, _) in useless.into_iter().filter(|(_, useless)| *useless) {
            let node = node.get_ref().get(key).unwrap_or(node);
            self.say(node, &format!("{owner}.pages.{key}"), "This scheme has no use for it.");
        }
        if pages.most == 0 {
            self.say(node, &format!("{owner}.pages.most"), "At least one row is needed.");
        }
    }

    /// What changes something is sent once; what became of it is asked by another request.
    fn until(&mut self, node: &Node, action: &Action) {
        let Some(node) = node.get_ref().get("until").filter(|_| action.changes) else { return };
        self.say(node, "action.until", "What changes something is sent once: “then” asks what became of it.");
    }
}

/// What an action’s texts are filled with: its fields, and what is taken from its answer.
pub(super) fn of_action<'a>(action: &'a Action, connection: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let fields = action.fields.iter().map(|field| field.id.as_str());
    let taken = action.then.iter().flat_map(|then| then.take.keys()).map(String::as_str);
    connection.iter().copied().chain(fields).chain(taken).chain(action.given_by_transfer()).collect()
}

/// The access token, put into the path of an API request when it is sent. Nothing else of a request may hold it.
pub(super) fn is_token_in_path(name: &str, key: &str, text: &str) -> bool {
    name == "access_token" && key.ends_with("request.url") && text.starts_with('/') && !text.contains('?')
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::super::example::ACME;

    /// A file with an action, as far as its request.
    const READ: &str = r#"
[[action]]
id = "read"
label = "Read"
summary = "Reads."
icon = "list"
submit = "Read"
[action.view]
kind = "json"
[[action.field]]
id = "name"
label = "Name"
"#;
    const PICK: &str = "[action.pick]\nrows = \"/rows\"\nby = \"/id\"\nis = \"{name}\"\n";

    fn with_request(request: &str) -> String {
        format!("{READ}[action.request]\n{request}\n")
    }

    fn paged(pages: &str) -> String {
        format!("{}[action.pages]\nrows = \"/rows\"\n{pages}\n", with_request("url = \"/x\""))
    }

    /// The keys of the problems, and what is said of each.
    fn problems(text: &str) -> Vec<(String, String)> {
        check(&[ACME, text].concat()).0.problems.into_iter().map(|problem| (problem.key, problem.message)).collect()
    }

    #[test]
    fn pages_and_a_picked_row_are_of_a_request_and_have_what_their_scheme_needs() {
        for good in [
            paged("scheme = \"cursor\""),
            paged("scheme = \"page_object\"\nnext = \"/next\"\nparameter = \"p\"\nmost = 10"),
            paged("scheme = \"link_header\""),
            paged("scheme = \"page_number\"\nsize = 100"),
            paged("scheme = \"offset\"\nparameter = \"skip\""),
            with_request("url = \"/x\"") + PICK,
        ] {
            assert_eq!(problems(&good), [], "{good}");
        }
        let of_parts = |what: &str| format!("{READ}[[action.part]]\nname = \"a\"\n{what}");
        for (text, key) in [
            (of_parts(PICK), "action.pick"),
            (of_parts("[action.pages]\nscheme = \"offset\"\nrows = \"\""), "action.pages"),
            (with_request("url = \"/x\"") + &PICK.replace("{name}", "{nmae}"), "action.pick.is"),
            (paged("scheme = \"links\""), "action.pages.scheme"),
            (paged("scheme = \"offset\"\nnext = \"/n\""), "action.pages.next"),
            (paged("scheme = \"link_header\"\nparameter = \"p\""), "action.pages.parameter"),
            (paged("scheme = \"cursor\"\nmost = 0"), "action.pages.most"),
            (paged("scheme = \"offset\"\nsize = 100"), "action.pages.size"),
        ] {
            let found = problems(&text);
            assert!(found.iter().any(|(at, _)| at == key), "{key}: {found:?}");
        }
    }

    #[test]
    fn a_list_of_another_is_of_one_that_is_there_and_stands_alone() {
        let list = |id: &str, more: &str| {
            let url = "[list.request]\nurl = \"/x/{value}\"\n";
            format!("[[list]]\nid = \"{id}\"\nitems = \"\"\nvalue = \"\"\n{more}\n{url}")
        };
        let file = |one: &str| {
            let lists = [list("sets", ""), list("words", "of = \"sets\""), list("letters", one)].concat();
            problems(&format!("{}{lists}", with_request("url = \"/x\"")))
        };
        assert_eq!(file("of = \"sets\""), []);
        for (one, key) in [
            ("of = \"words\"", "list.of"),
            ("of = \"set\"", "list.of"),
            ("pages = { scheme = \"cursor\", rows = \"\", size = 3 }", "list.pages.size"),
        ] {
            assert_eq!(file(one).into_iter().map(|(key, _)| key).collect::<Vec<_>>(), [key]);
        }
    }

    #[test]
    fn the_access_token_stands_in_the_path_of_an_api_request_and_nowhere_else() {
        assert_eq!(problems(&with_request("url = \"/token/{access_token}/scopes\"")), []);
        for request in [
            "url = \"/x?t={access_token}\"",
            "url = \"/x\"\nquery = { t = \"{access_token}\" }",
            "url = \"/x\"\nbody = { t = \"{access_token}\" }",
            "url = \"https://acme.example/{access_token}\"",
        ] {
            let found = problems(&with_request(request));
            assert!(found.iter().any(|(_, said)| said.contains("Nothing gives")), "{request}: {found:?}");
        }
    }
}
