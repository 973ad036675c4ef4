//! What was measured, against what, and whether it is as promised.

use serde::Serialize;

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
    /// What the ratio may be at most, or must be at least.
    pub goal: f64,
    /// Whether it is.
    pub holds: bool,
}

/// The head of the table.
pub const HEAD: &str = "figure                        ours   against  unit    ratio   goal";

impl Figure {
    pub fn at_most(name: &'static str, unit: &'static str, value: f64, against: f64, goal: f64) -> Self {
        let ratio = value / against;
        Self { name, value, unit, against, ratio, goal, holds: ratio <= goal }
    }

    pub fn at_least(name: &'static str, unit: &'static str, value: f64, against: f64, goal: f64) -> Self {
        let ratio = value / against;
        Self { name, value, unit, against, ratio, goal, holds: ratio >= goal }
    }

    /// As a line of the table.
    pub fn line(&self) -> String {
        let Self { name, value, unit, against, ratio, goal, holds } = self;
        let holds = if *holds { "holds" } else { "DOES NOT HOLD" };
        format!("{name:<24}{value:>10.1}{against:>10.1}  {unit:<6}{ratio:>7.2}{goal:>7.2}  {holds}")
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
