//! `keydesk broker`: access tokens for other programs on this machine, where no window asks and shows.

mod ask;
mod serve;

use clap::{Args, Subcommand, ValueEnum};
use keydesk_core::{BrokerView, GrantFor, Keydesk, ProgramView};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::table::table;
use crate::{find, times};

/// What `keydesk broker` can be told.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// Also listen at this port of 127.0.0.1, or at any free one, for programs that can use no socket
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "0")]
    tcp: Option<u16>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Lists the programs, the file with each one's header, and what it may have
    List,
    /// Adds a program that may ask
    Add {
        /// As you call it
        name: String,
    },
    /// Removes a program with its grants
    Remove {
        /// Its name or id
        program: String,
    },
    /// Grants a program a connection without its asking
    Grant {
        /// Its name or id
        program: String,
        /// The connection's name or id
        connection: String,
        /// For how long
        #[arg(long = "for", value_name = "TIME", default_value = "hour")]
        time: Time,
    },
    /// Takes back what a program was granted
    Revoke {
        /// Its name or id
        program: String,
        /// The connection's name or id
        connection: String,
    },
}

/// How long a grant counts.
#[derive(Clone, Copy, ValueEnum)]
enum Time {
    Hour,
    Day,
    Month,
}

impl From<Time> for GrantFor {
    fn from(time: Time) -> Self {
        match time {
            Time::Hour => Self::Hour,
            Time::Day => Self::Day,
            Time::Month => Self::Month,
        }
    }
}

pub async fn run(context: &Context, arguments: Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let view = match arguments.what {
        None => {
            context.unlock().await?;
            return serve::run(context, &keydesk, arguments.tcp).await;
        }
        Some(What::List) => keydesk.read_broker(),
        Some(What::Add { name }) => keydesk.add_program(&name)?,
        Some(What::Remove { program }) => keydesk.remove_program(&named(&keydesk, &program)?.id)?,
        Some(What::Grant { program, connection, time }) => {
            let connection = find::connection(&keydesk, &connection)?.id;
            keydesk.grant_program(&named(&keydesk, &program)?.id, &connection, time.into())?
        }
        Some(What::Revoke { program, connection }) => {
            let connection = find::connection(&keydesk, &connection)?.id;
            keydesk.revoke_grant(&named(&keydesk, &program)?.id, &connection)?
        }
    };
    context.output.result(&view, |view| listed(&keydesk, view))?;
    Ok(Exit::Ok)
}

/// The program with this name or id.
fn named(keydesk: &Keydesk, name: &str) -> Result<ProgramView, Failure> {
    let all = keydesk.read_broker().programs;
    let by_name = all.iter().find(|program| program.name.to_lowercase() == name.to_lowercase());
    match by_name {
        Some(found) => Ok(found.clone()),
        None => find::one("program", name, &all, |program| &program.id).cloned(),
    }
}

/// A line for each program, and one below it for each grant.
fn listed(keydesk: &Keydesk, view: &BrokerView) -> String {
    if view.programs.is_empty() {
        return "There are no programs yet: keydesk broker add NAME adds one.".to_owned();
    }
    let mut rows = Vec::new();
    for program in &view.programs {
        let header = program.header_file.clone().unwrap_or_else(|| "no header: the broker does not run".to_owned());
        rows.push(vec![program.name.clone(), header, used(program)]);
        for grant in &program.grants {
            let left = grant.ends_at.as_second() - times::now();
            let label = label(keydesk, &grant.connection);
            rows.push(vec![format!("  {label}"), format!("granted, ends {}", times::from_now(left))]);
        }
    }
    table(&rows)
}

fn used(program: &ProgramView) -> String {
    // Never “in 0 s”.
    let ago = program.last_used_at.map(|at| times::from_now((at.as_second() - times::now()).min(-1)));
    ago.map_or_else(|| "never used".to_owned(), |ago| format!("used {ago}"))
}

/// A connection's name; its id where it is gone.
fn label(keydesk: &Keydesk, id: &str) -> String {
    keydesk.connections_named(id).into_iter().next().map_or_else(|| id.to_owned(), |connection| connection.label)
}
