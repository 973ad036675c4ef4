//! `keydesk claims … --compare`: two tokens side by side.

use keydesk_core::{ComparedClaim, Comparison, Difference, KeptKind, visible};

use super::show::plain;
use super::which;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::table::table;

pub async fn run(context: &Context, [first, second]: [&str; 2], what: KeptKind) -> Outcome {
    if first == "-" && second == "-" {
        return Err(Failure::usage("compare", "Only one of the two can be read from standard input."));
    }
    let (first, second) = (which(context, first, what).await?, which(context, second, what).await?);
    let comparison = context.keydesk()?.compare_tokens(&first, &second).await?;
    context.output.result(&comparison, words)?;
    Ok(Exit::Ok)
}

fn words(comparison: &Comparison) -> String {
    let header = comparison.header.iter().map(|claim| row(claim, "(header) "));
    table(&header.chain(comparison.claims.iter().map(|claim| row(claim, ""))).collect::<Vec<_>>())
}

fn row(claim: &ComparedClaim, place: &str) -> Vec<String> {
    let sign = match claim.difference {
        Difference::Same => " ",
        Difference::Changed => "~",
        Difference::OnlyFirst => "-",
        Difference::OnlySecond => "+",
    };
    let value = |side: &Option<keydesk_core::ClaimView>| side.as_ref().map(|it| plain(&it.value)).unwrap_or_default();
    let changed = claim.added.iter().map(|it| format!("+{it}")).chain(claim.removed.iter().map(|it| format!("-{it}")));
    let changed: Vec<String> = changed.map(|it| visible(&it)).collect();
    vec![
        sign.to_owned(),
        format!("{place}{}", visible(&claim.name)),
        value(&claim.first),
        if claim.difference == Difference::Same { String::new() } else { value(&claim.second) },
        changed.join(" "),
    ]
}
