//! Whether what a view offers is there: other actions, and the fields of theirs that are filled.

use super::document::Node;
use super::nearest;
use super::sense::Sense;
use crate::provider::action::Action;
use crate::provider::schema::Provider;
use crate::provider::view::{ResultView, RowAction};

impl Sense<'_> {
    /// The forms that a row opens, and what is below a row of a tree.
    pub(super) fn view(&mut self, node: &Node, action: &Action, provider: &Provider) {
        let Some(view) = node.get_ref().get("view") else { return };
        let opens = view.get_ref().get("opens").and_then(|opens| opens.get_ref().as_array());
        for (node, opened) in opens.into_iter().flatten().zip(action.view.opens()) {
            self.row_action(node, "action.view.opens", opened, provider);
        }
        let ResultView::Tree { children, .. } = &action.view else { return };
        let Some(node) = view.get_ref().get("children") else { return };
        self.row_action(node, "action.view.children", children, provider);
        let below = provider.action(&children.action);
        if below.is_some_and(|below| !matches!(below.view, ResultView::Tree { .. })) {
            self.say(node, "action.view.children", "What is below a row of a tree is shown as a tree too.");
        }
        if below.is_some_and(|below| below.changes) {
            self.say(
                node,
                "action.view.children",
                "This changes something: it cannot be asked whenever a row is opened.",
            );
        }
    }

    fn row_action(&mut self, node: &Node, key: &str, opened: &RowAction, provider: &Provider) {
        let Some(action) = provider.action(&opened.action) else {
            let known = provider.actions.iter().map(|action| action.id.as_str());
            let message = format!("There is no action “{}”.", opened.action);
            return self.suggest(node, &format!("{key}.action"), message, nearest(&opened.action, known));
        };
        let fields = || action.fields.iter().map(|field| field.id.as_str());
        for field in opened.set.keys().filter(|id| !fields().any(|field| field == **id)) {
            let message = format!("“{}” has no field “{field}”.", action.id);
            self.suggest(node, &format!("{key}.set"), message, nearest(field, fields()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::super::example::ACME;

    const FILE: &str = r#"
[[action]]
id = "folders"
label = "Folders"
summary = "Folders."
icon = "folder"
submit = "Read"
watch = true
[action.request]
url = "/folders"
[action.view]
kind = "tree"
rows_at = ""
label = "/name"
children = { action = "below", label = "Inside", set = { folder = "/id" } }
opens = [{ action = "delete", label = "Delete", set = { folder = "/id" } }]
[[action]]
id = "below"
group = "Folders"
label = "Folders inside"
summary = "Folders."
icon = "folder"
submit = "Read"
[[action.field]]
id = "folder"
label = "Folder"
[action.request]
url = "/folders/{folder}"
[action.view]
kind = "tree"
rows_at = ""
label = "/name"
children = { action = "below", label = "Inside", set = { folder = "/id" } }
[[action]]
id = "delete"
label = "Delete"
summary = "Deletes."
icon = "trash"
submit = "Delete"
changes = true
[[action.field]]
id = "folder"
label = "Folder"
[action.request]
method = "DELETE"
url = "/folders/{folder}"
[action.view]
kind = "table"
rows_at = ""
columns = [{ label = "Name", at = "/name", format = "size" }]
chart = { time = "/at", by = "/kind" }
place = { lat = ["/lat"], long = ["/long"] }
opens = [{ action = "folders", label = "All" }]
"#;

    fn told(text: &str) -> Vec<(String, Option<String>)> {
        check(&[ACME, text].concat()).0.problems.into_iter().map(|problem| (problem.key, problem.suggestion)).collect()
    }

    #[test]
    fn what_a_view_offers_is_there() {
        assert_eq!(told(FILE), []);
        let set = "{ action = \"delete\", label = \"Delete\", set = { folder = \"/id\" } }";
        for (from, to, key, suggestion) in [
            (set, set.replace("delete\"", "delte\""), "action.view.opens.action", Some("delete")),
            (set, set.replace("folder =", "foldr ="), "action.view.opens.set", Some("folder")),
            ("action = \"below\"", "action = \"delete\"".to_owned(), "action.view.children", None),
            ("kind = \"tree\"", "kind = \"treee\"".to_owned(), "action.view", Some("tree")),
            ("format = \"size\"", "format = \"sizes\"".to_owned(), "action.view.columns.format", Some("size")),
        ] {
            let found = told(&FILE.replace(from, &to));
            let suggestion = suggestion.map(str::to_owned);
            assert!(found.contains(&(key.to_owned(), suggestion)), "{key}: {found:?}");
        }
    }

    #[test]
    fn what_changes_something_is_not_sent_again_to_see_whether_it_is_ready() {
        let then = "[action.then]\ntake = { number = \"/id\" }\nuntil = { at = \"/ready\", is = true }\n";
        let then = format!("{FILE}{then}[action.then.request]\nurl = \"/jobs/{{number}}\"");
        assert_eq!(told(&then), []);
        let until = format!("{FILE}[action.until]\nat = \"/ready\"\nis = true");
        assert_eq!(told(&until), [("action.until".to_owned(), None)]);
        let found = told(&then.replace("{number}", "{nubmer}"));
        assert_eq!(found, [("action.then.request.url".to_owned(), Some("number".to_owned()))]);
    }
}
