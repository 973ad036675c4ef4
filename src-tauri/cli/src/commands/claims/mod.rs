//! `keydesk claims`: what a token says, whether its signature holds, how it differs from another one.

mod compare;
mod show;
mod verify;
mod words;

use clap::Args;
use keydesk_core::{DecodedToken, Error, ErrorCode, KeptKind, LONGEST_TOKEN, Secret, TokenKind, WhichToken};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::secrets;

/// What `keydesk claims` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id; - reads any token from standard input
    connection: String,
    /// The id token instead of the access token
    #[arg(long)]
    id_token: bool,
    #[command(flatten)]
    with: verify::With,
    /// Side by side with the token of this connection, or - for one from standard input
    #[arg(long, value_name = "OTHER", conflicts_with_all = ["verify", "issuer", "key", "secret", "introspect"])]
    compare: Option<String>,
    /// Ask the server that made the access token what it thinks of it
    #[arg(long, conflicts_with_all = ["id_token", "verify", "issuer", "key", "secret"])]
    introspect: bool,
}

impl Arguments {
    fn what(&self) -> KeptKind {
        if self.id_token { KeptKind::IdToken } else { KeptKind::AccessToken }
    }
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let name = arguments.connection.as_str();
    if let Some(other) = &arguments.compare {
        return compare::run(context, [name, other], arguments.what()).await;
    }
    if arguments.introspect {
        let connection = context.unlocked(name).await?;
        let introspection = context.keydesk()?.introspect_token(&connection.id).await?;
        context.output.result(&introspection, show::introspection)?;
        return Ok(Exit::Ok);
    }
    if arguments.with.asked() {
        return verify::run(context, arguments).await;
    }
    let token = match name {
        "-" => DecodedToken::of(pasted()?.expose()),
        name => kept(context, name, arguments.what()).await?,
    };
    context.output.result(&show::Claims::of(&token, None), |_| show::token(&token))?;
    if token.kind == TokenKind::Jws && !context.output.is_json() {
        context.output.note(words::NOT_CHECKED);
    }
    Ok(Exit::Ok)
}

/// The token on standard input.
fn pasted() -> Result<Secret, Failure> {
    secrets::all(LONGEST_TOKEN as u64)
}

async fn kept(context: &Context, name: &str, what: KeptKind) -> Result<DecodedToken, Failure> {
    let connection = context.unlocked(name).await?;
    let details = context.keydesk()?.read_token(&connection.id).await?;
    match (what, details.access_token, details.id_token) {
        (KeptKind::IdToken, _, Some(token)) | (KeptKind::AccessToken, Some(token), _) => Ok(token),
        (KeptKind::IdToken, Some(_), None) => {
            Err(Error::new(ErrorCode::NotFound, "The login gave no id token.").into())
        }
        _ => Err(Error::new(ErrorCode::LoginNeeded, "There is no token yet.").into()),
    }
}

/// A token by name, or from standard input.
async fn which(context: &Context, name: &str, what: KeptKind) -> Result<WhichToken, Failure> {
    if name == "-" {
        return Ok(WhichToken::Pasted { token: pasted()? });
    }
    Ok(WhichToken::Kept { connection: context.unlocked(name).await?.id, what })
}
