//! What axe-core finds wrong on a page.

use std::fmt;

use serde::Deserialize;

use crate::{Failure, Outcome, repository};

/// A rule that is broken, and where.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// The rule: "color-contrast".
    pub id: String,
    /// "minor", "moderate", "serious" or "critical".
    pub impact: Option<String>,
    /// The rule in words.
    pub help: String,
    /// The elements: a selector, and what is wrong with it.
    pub places: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let impact = self.impact.as_deref().unwrap_or("unrated");
        write!(formatter, "{} ({impact}): {}", self.id, self.help)?;
        self.places.iter().try_for_each(|place| write!(formatter, "\n    {place}"))
    }
}

/// Runs axe and gives back only what is read here.
pub(crate) const RUN: &str = r#"
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(
  (results) => done({ found: results.violations.map((rule) => ({
    id: rule.id, impact: rule.impact, help: rule.help,
    places: rule.nodes.map((node) => node.target.join(" ") + ": "
      + (node.failureSummary ?? "").replace(/\s+/g, " ")),
  })) }),
  (cause) => done({ failed: String(cause) }));
"#;

/// What [`RUN`] gives back.
#[derive(Deserialize)]
pub(crate) struct Run {
    pub(crate) found: Option<Vec<Violation>>,
    pub(crate) failed: Option<String>,
}

/// The library as installed with the interface's development packages.
pub(crate) fn library() -> Outcome<String> {
    let path = repository().join("ui/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
}
