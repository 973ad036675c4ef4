//! `keydesk providers`: what can be connected to, and the files that say how.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use keydesk_core::{
    FieldView, JSON_SCHEMA, Keydesk, LoginMethodView, Problem, ProviderCheck, ProviderView, SaveProvider, SetAside,
};
use serde::Serialize;
use serde_json::json;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::table::table;
use crate::{find, table};

/// What `keydesk providers` can be told.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// Print the JSON Schema of provider files
    #[arg(long)]
    schema: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Says what a file is as a provider, and what is wrong with it
    Check {
        /// The file
        file: PathBuf,
    },
    /// Adds a provider
    Add {
        /// Its file
        file: PathBuf,
        /// Put it in place of the one of the same id that you added before
        #[arg(long)]
        replace: bool,
    },
    /// Prints a provider's file
    Export {
        /// The provider
        id: String,
    },
    /// Shows a provider's parameters and ways to log in
    Show {
        /// The provider
        id: String,
    },
}

#[derive(Serialize)]
struct Listed {
    providers: Vec<ProviderView>,
    set_aside: Vec<Unusable>,
}

/// A file that was set aside, without its text.
#[derive(Serialize)]
struct Unusable {
    file: String,
    problems: Vec<Problem>,
}

pub fn run(context: &Context, arguments: Arguments) -> Outcome {
    if arguments.schema {
        let schema = serde_json::to_string_pretty(&*JSON_SCHEMA).map_err(std::io::Error::from)?;
        context.output.print(&schema)?;
        return Ok(Exit::Ok);
    }
    let keydesk = context.keydesk()?;
    match arguments.what {
        None => list(context, &keydesk),
        Some(What::Check { file }) => check(context, &keydesk, &file),
        Some(What::Add { file, replace }) => add(context, &keydesk, &file, replace),
        Some(What::Export { id }) => export(context, &keydesk, &id),
        Some(What::Show { id }) => {
            context.output.result(&find::provider(&keydesk, &id)?, shown)?;
            Ok(Exit::Ok)
        }
    }
}

fn list(context: &Context, keydesk: &Keydesk) -> Outcome {
    let set_aside = keydesk.list_set_aside().into_iter();
    let set_aside = set_aside.map(|SetAside { file, problems, .. }| Unusable { file, problems });
    let listed = Listed { providers: keydesk.list_providers(), set_aside: set_aside.collect() };
    context.output.result(&listed, |listed| {
        let row = |it: &ProviderView| vec![it.id.clone(), it.name.clone(), it.summary.clone()];
        table(&listed.providers.iter().map(row).collect::<Vec<_>>())
    })?;
    if !context.output.is_json() {
        for unusable in &listed.set_aside {
            context.output.note(&format!("{} was set aside:\n{}", unusable.file, problems(&unusable.problems)));
        }
    }
    Ok(Exit::Ok)
}

fn check(context: &Context, keydesk: &Keydesk, file: &PathBuf) -> Outcome {
    let text = read(file)?;
    let first = keydesk.check_provider(&text, None);
    // Changing a file that was added is no clash of ids.
    let own = |id: &&str| keydesk.list_providers().iter().any(|known| known.own && known.id == **id);
    let checked = match first.id.as_deref().filter(own) {
        Some(id) => keydesk.check_provider(&text, Some(id)),
        None => first,
    };
    context.output.result(&checked, told)?;
    Ok(if checked.problems.is_empty() { Exit::Ok } else { Exit::Failed })
}

fn add(context: &Context, keydesk: &Keydesk, file: &PathBuf, replace: bool) -> Outcome {
    let text = read(file)?;
    let checked = keydesk.check_provider(&text, None);
    let request = SaveProvider { text, replaces: checked.id.filter(|_| replace), file: None };
    let saved = keydesk.save_provider(&request)?;
    context.output.result(&saved, |saved| format!("Added {} ({}).", saved.name, saved.id))?;
    Ok(Exit::Ok)
}

fn export(context: &Context, keydesk: &Keydesk, id: &str) -> Outcome {
    let provider = find::provider(keydesk, id)?;
    let text = keydesk.read_provider(&provider.id)?;
    context.output.result(&json!({ "id": provider.id, "text": text }), |_| text.clone())?;
    Ok(Exit::Ok)
}

fn read(file: &PathBuf) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| Failure::usage("file", format!("{}: {error}", file.display())))
}

fn told(checked: &ProviderCheck) -> String {
    if !checked.problems.is_empty() {
        return problems(&checked.problems);
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let pairs = [
        ("Provider", format!("{} ({})", text(&checked.name), text(&checked.id))),
        ("Logins", checked.logins.join(", ")),
        ("Hosts", checked.hosts.join(", ")),
    ];
    format!("It can be used.\n{}", table::pairs(&pairs))
}

fn problems(problems: &[Problem]) -> String {
    let line = |problem: &Problem| {
        let meant = problem.suggestion.as_ref().map(|it| format!(" Meant: {it}?")).unwrap_or_default();
        format!("line {}: {}: {}{meant}", problem.line, problem.key, problem.message)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn shown(provider: &ProviderView) -> String {
    let mut text = format!("{} ({})\n{}\n", provider.name, provider.id, provider.summary);
    if !provider.parameters.is_empty() {
        text.push_str(&format!("\nkeydesk connect {} --set …\n{}\n", provider.id, fields(&provider.parameters)));
    }
    for LoginMethodView { id, label, summary, warning, fields: asked, .. } in &provider.logins {
        text.push_str(&format!("\nkeydesk login … --method {id}\n  {label}. {summary}\n"));
        text.push_str(&warning.iter().map(|warning| format!("  Note: {warning}\n")).collect::<String>());
        if !asked.is_empty() {
            text.push_str(&format!("{}\n", fields(asked)));
        }
    }
    text
}

/// A line for each field: its key, what it is, what it may hold.
pub fn fields(fields: &[FieldView]) -> String {
    let row = |field: &FieldView| {
        let kind = match field.kind {
            keydesk_core::FieldKind::Secret => " (secret)",
            keydesk_core::FieldKind::File => " (a path)",
            _ => "",
        };
        let choices: Vec<&str> = field.choices.iter().map(|choice| choice.value.as_str()).collect();
        let mut said = Vec::new();
        if !choices.is_empty() {
            said.push(choices.join(" | "));
        }
        match (&field.initial, field.required) {
            (Some(initial), _) => said.push(format!("if not given: {initial}")),
            (None, false) => said.push("optional".to_owned()),
            (None, true) => {}
        }
        vec![format!("  {}", field.id), format!("{}{kind}", field.label), said.join("; ")]
    };
    table(&fields.iter().map(row).collect::<Vec<_>>())
}
