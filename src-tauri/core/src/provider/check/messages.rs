//! Whether what a file says of live messages makes sense.

use std::collections::BTreeSet;

use super::document::Node;
use super::sense::Sense;
use crate::provider::schema::Provider;
use crate::provider::template::names;

impl Sense<'_> {
    /// `known` is what a connection gives.
    pub(super) fn messages(&mut self, node: Option<&Node>, provider: &Provider, known: &BTreeSet<&str>) {
        let (Some(node), Some(mqtt)) = (node, &provider.mqtt) else { return };
        self.fields(node, "mqtt");
        let mut known = known.clone();
        known.extend(mqtt.fields.iter().map(|field| field.id.as_str()));
        let part = |key: &str| node.get_ref().get(key);
        self.templates(part("url"), "mqtt.url", &known);
        // A broker is known before anything is typed for it.
        let early = names(&mqtt.url).find(|name| mqtt.fields.iter().any(|field| field.id == **name));
        if let (Some(name), Some(url)) = (early, part("url")) {
            self.say(url, "mqtt.url", &format!("“{name}” is not known before one connects."));
        }
        if let Some(url) = part("url").filter(|_| !mqtt.url.starts_with(['{', 'm'])) {
            self.say(url, "mqtt.url", "The address of a broker must be mqtts, or mqtt on this machine.");
        }
        for key in ["publish_prefix", "suggest", "place"] {
            self.templates(part(key), &format!("mqtt.{key}"), &known);
        }
        known.insert("access_token");
        for key in ["username", "password"] {
            self.templates(part(key), &format!("mqtt.{key}"), &known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::ACME;
    use crate::provider::check::check;

    const BROKER: &str = r#"
[mqtt]
url = "mqtts://io.acme.example"
publish_prefix = "d/{device}/"
[[mqtt.field]]
id = "device"
label = "Device"
[[mqtt.suggest]]
label = "All"
filter = "d/{device}/#"
"#;

    fn said(text: &str) -> Vec<String> {
        let problems = check(&[ACME, text].concat()).0.problems.into_iter();
        problems.map(|problem| format!("{}: {}", problem.key, problem.message)).collect()
    }

    #[test]
    fn h7_a_broker_is_among_the_hosts_that_are_shown() {
        assert_eq!(said(BROKER), Vec::<String>::new());
        assert_eq!(check(&[ACME, BROKER].concat()).0.hosts, ["acme.example", "io.acme.example"]);
    }

    #[test]
    fn what_could_leak_or_never_work_is_a_problem() {
        for (good, bad, wanted) in [
            ("mqtts://io.acme", "mqtt://io.acme", "mqtt.url: The address of a broker must be mqtts"),
            ("mqtts://io.acme", "https://io.acme", "mqtt.url: The address of a broker must be mqtts"),
            ("mqtts://io.", "mqtts://{device}.", "mqtt.url: “device” is not known before"),
            ("d/{device}/#", "d/{devise}/#", "mqtt.suggest.filter: Nothing gives “devise”"),
            ("d/{device}/#", "d/{access_token}/#", "mqtt.suggest.filter: Nothing gives “access_token”"),
            ("label = \"Device\"", "label = \"Device\"\nkind = \"secret\"", "mqtt.field: A secret"),
        ] {
            let said = said(&BROKER.replace(good, bad));
            assert!(said.iter().any(|it| it.starts_with(wanted)), "{bad}: {said:?}");
        }
        let named = BROKER.replace("publish_prefix", "username = \"u\"\npassword = \"{access_token}\"\npublish_prefix");
        assert_eq!(said(&named), Vec::<String>::new());
    }
}
