//! Figures: each measured against something in the same run, the median of several.

mod cli_token;
mod screen;
mod startup;

use serde::Serialize;

use crate::Outcome;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Its name, by which it is asked for.
    pub name: &'static str,
    /// Ours.
    pub value: f64,
    /// In what.
    pub unit: &'static str,
    /// What it is measured against, in the same unit.
    pub against: f64,
    /// Ours by the other.
    pub ratio: f64,
    /// What the ratio may be at most.
    pub goal: f64,
    /// Whether it is.
    pub holds: bool,
}

impl Figure {
    fn at_most(name: &'static str, unit: &'static str, value: f64, against: f64, goal: f64) -> Self {
        let ratio = value / against;
        Self { name, value, unit, against, ratio, goal, holds: ratio <= goal }
    }

    /// As a line of the table.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { name, value, unit, against, ratio, goal, holds } = self;
        let holds = if *holds { "holds" } else { "DOES NOT HOLD" };
        format!("{name:<18}{value:>10.1}{against:>10.1}  {unit:<5}{ratio:>7.2}{goal:>7.2}  {holds}")
    }
}

/// The head of the table.
pub const HEAD: &str = "figure                  ours   against  unit   ratio   goal";

/// The figures that can be asked for.
pub const NAMES: [&str; 4] = ["startup-time", "startup-memory", "cli-token", "cli-token-memory"];

/// Measures the named figures, or all.
///
/// # Errors
/// What is measured is not built, or does not start.
pub async fn measure(names: &[String]) -> Outcome<Vec<Figure>> {
    let asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
    let mut figures = Vec::new();
    if asked("startup-time") || asked("startup-memory") {
        figures.extend(startup::measure().await?.into_iter().filter(|figure| asked(figure.name)));
    }
    if asked("cli-token") || asked("cli-token-memory") {
        figures.extend(cli_token::measure().await?.into_iter().filter(|figure| asked(figure.name)));
    }
    Ok(figures)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
