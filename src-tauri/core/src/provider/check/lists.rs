//! Whether lists, and the variables that are looked up in them, make sense.

use super::document::Node;
use super::nearest;
use super::sense::Sense;
use crate::provider::schema::Provider;
use crate::provider::template::names;

impl Sense<'_> {
    /// A list of another is that of one which stands alone.
    pub(super) fn lists(&mut self, lists: Option<&Node>, provider: &Provider) {
        let nodes = lists.and_then(|list| list.get_ref().as_array());
        for (node, list) in nodes.into_iter().flatten().zip(&provider.lists) {
            self.pages(node, "list", list.pages.as_ref());
            let Some(of) = &list.of else { continue };
            self.known_list(node, "list.of", of, provider);
            if provider.list(of).is_some_and(|of| of.of.is_some()) {
                self.say(node, "list.of", "That list is of another one itself.");
            }
        }
    }

    /// What is looked up for a connection, in its order.
    pub(super) fn variables(&mut self, variables: Option<&Node>, provider: &Provider) {
        let nodes = variables.and_then(|list| list.get_ref().as_array());
        for (number, (node, variable)) in nodes.into_iter().flatten().zip(&provider.variables).enumerate() {
            self.known_list(node, "variable.list", &variable.list, provider);
            let Some(list) = provider.list(&variable.list) else { continue };
            // Looked up in their order; one that needs itself would be looked up for ever.
            let later = &provider.variables[number..];
            let texts = list.request.query.values().chain([&list.request.url]);
            for name in texts.flat_map(|text| names(text)).filter(|name| later.iter().any(|it| it.id == **name)) {
                self.say(node, "variable.list", &format!("The list needs “{name}”, which is not looked up before it."));
            }
        }
    }

    pub(super) fn known_list(&mut self, node: &Node, key: &str, list: &str, provider: &Provider) {
        if provider.list(list).is_none() {
            let known = provider.lists.iter().map(|list| list.id.as_str());
            self.suggest(node, key, format!("There is no list “{list}”."), nearest(list, known));
        }
    }
}
