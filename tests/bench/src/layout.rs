//! What `keydesk token` runs, for the linker: standing side by side in the program it takes a third of the memory that it
//! takes where it lies, because the system brings code in by larger pieces than one needs (src-tauri/cli/build.rs).

use std::collections::{BTreeSet, HashMap};
use std::process::Stdio;

use keydesk_support::{Failure, Outcome};

use crate::cli::Cli;
use crate::cli_token::log_in;

/// Prints the script: `./dev layout` writes it to its place. The program must have its symbols.
pub async fn print() -> Outcome {
    let cli = Cli::new()?;
    log_in(&cli).await?;
    let record = cli.home().join("callgrind");
    let mut valgrind = cli.desktop.command("valgrind");
    valgrind.args(["--tool=callgrind", "--demangle=no"]).arg(format!("--callgrind-out-file={}", record.display()));
    valgrind.arg(cli.program()).args(["token", "bench"]).env("KEYDESK_HOME", cli.home());
    let ran = valgrind.stdin(Stdio::null()).output().map_err(|cause| Failure::new(format!("valgrind: {cause}")))?;
    if !ran.status.success() {
        return Err(Failure::new(String::from_utf8_lossy(&ran.stderr).into_owned()));
    }
    let patterns: BTreeSet<String> = functions(&std::fs::read_to_string(&record)?, "keydesk").map(pattern).collect();
    if patterns.len() < 500 {
        return Err(Failure::new("the program has no symbols: `./dev layout` builds one that has"));
    }
    println!("/* Written by `./dev layout`: what `keydesk token` runs. A name that is gone does no harm. */");
    println!("SECTIONS\n{{\n  .text.first :\n  {{");
    patterns.iter().for_each(|pattern| println!("    *(.text.{pattern})"));
    println!("  }}\n}}\nINSERT BEFORE .text;");
    Ok(())
}

/// The functions of a program that were run, as Callgrind writes them: `fn=(12) name` under `ob=(3) /its/file`, and for who
/// is called `cfn=` under `cob=`. What is in brackets stands for the name from then on.
fn functions<'a>(record: &'a str, program: &str) -> impl Iterator<Item = &'a str> {
    let mut objects = HashMap::new();
    let (mut own, mut called) = (false, None);
    record.lines().filter_map(move |line| {
        let (kind, rest) = line.split_once('=')?;
        let (id, name) = rest.split_once(' ').unwrap_or((rest, ""));
        if kind == "ob" || kind == "cob" {
            // Callgrind does not know whose code stands before .text, where an earlier layout has put it.
            let is_ours = || name == "???" || name.ends_with(&format!("/{program}"));
            let is_own = *objects.entry(id.to_owned()).or_insert_with(is_ours);
            if kind == "ob" {
                own = is_own;
            } else {
                called = Some(is_own);
            }
            return None;
        }
        let is_own = match kind {
            "fn" => own,
            "cfn" => called.take().unwrap_or(own),
            _ => return None,
        };
        // What has no name stands as an address, or in words.
        let is_symbol = |name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        (is_own && is_symbol(name)).then_some(name)
    })
}

/// A name without what differs from build to build: the hash at the end of an old name, those of crates in a new one.
fn pattern(name: &str) -> String {
    let (name, rest) = name.split_once(".llvm.").map_or((name, ""), |(name, _)| (name, "*"));
    if let Some(path) = name.strip_prefix("_ZN").and(name.strip_suffix('E')).filter(|path| path.len() > 19) {
        return format!("{}h*E{rest}", &path[..path.len() - 17]);
    }
    if !name.starts_with("_R") {
        return format!("{name}{rest}");
    }
    let mut parts = name.split("Cs");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('_') {
            Some((hash, after)) if hash.chars().all(|c| c.is_ascii_alphanumeric()) => {
                whole.push_str("Cs*_");
                whole.push_str(after);
            }
            _ => {
                whole.push_str("Cs");
                whole.push_str(part);
            }
        }
    }
    whole + rest
}
