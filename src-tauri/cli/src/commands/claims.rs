//! `keydesk claims`: what a token says. Its signature is not checked.

use clap::Args;
use keydesk_core::{DecodedToken, Error, ErrorCode, Member, TokenKind};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::table::table;
use crate::{find, secrets, times};

/// The longest token that is read, as in the window.
const LONGEST: u64 = 64 * 1024;

/// What `keydesk claims` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id; - reads any token from standard input
    connection: String,
    /// The id token instead of the access token
    #[arg(long)]
    id_token: bool,
}

/// A token for programs: the members as JSON has them, in their order.
#[derive(Serialize)]
struct Claims<'a> {
    kind: TokenKind,
    header: Members<'a>,
    claims: Members<'a>,
    problem: Option<&'a str>,
}

struct Members<'a>(Vec<(&'a str, &'a str)>);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Exact: big numbers, and names that stand there twice.
        let exact = |value: &str| RawValue::from_string(value.to_owned()).map_err(serde::ser::Error::custom);
        let members: Result<Vec<_>, _> = self.0.iter().map(|(name, value)| Ok((*name, exact(value)?))).collect();
        serializer.collect_map(members?)
    }
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let token = match arguments.connection.as_str() {
        "-" => DecodedToken::of(secrets::all(LONGEST)?.expose()),
        name => kept(context, name, arguments.id_token).await?,
    };
    let member = |member: &Member| (member.name.clone(), member.value.clone());
    let header: Vec<(String, String)> = token.header.iter().map(member).collect();
    let view = Claims {
        kind: token.kind,
        header: Members(header.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()),
        claims: Members(token.claims.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect()),
        problem: token.problem.as_deref(),
    };
    context.output.result(&view, |_| words(&token))?;
    Ok(Exit::Ok)
}

async fn kept(context: &Context, name: &str, id_token: bool) -> Result<DecodedToken, Failure> {
    let keydesk = context.keydesk()?;
    let connection = find::connection(&keydesk, name)?;
    let details = keydesk.read_token(&connection.id).await?;
    match (id_token, details.access_token, details.id_token) {
        (false, Some(token), _) | (true, _, Some(token)) => Ok(token),
        (true, Some(_), None) => Err(Error::new(ErrorCode::NotFound, "The login gave no id token.").into()),
        _ => Err(Error::new(ErrorCode::LoginNeeded, "There is no token yet.").into()),
    }
}

fn words(token: &DecodedToken) -> String {
    if token.kind == TokenKind::Opaque {
        let problem = token.problem.as_ref().map(|problem| format!(" It looks like a JWT, but {problem}."));
        return format!("Opaque, {} characters.{}", token.length, problem.unwrap_or_default());
    }
    let mut rows: Vec<Vec<String>> =
        token.header.iter().map(|it| vec![it.name.clone(), plain(&it.value), "(header)".to_owned()]).collect();
    for claim in &token.claims {
        let instant = claim.instant.as_deref().map(|instant| format!("{instant}{}", distance(claim.value.as_str())));
        let said: Vec<String> = [instant, claim.meaning.clone(), claim.hint.clone()].into_iter().flatten().collect();
        rows.push(vec![claim.name.clone(), plain(&claim.value), said.join("; ")]);
    }
    if token.kind == TokenKind::Jwe {
        rows.push(vec!["(encrypted: only the header can be read)".to_owned()]);
    }
    table(&rows)
}

/// A text without its quotes; anything else as JSON.
fn plain(json: &str) -> String {
    serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
}

/// How far a time in seconds is from now.
fn distance(value: &str) -> String {
    let seconds = value.parse::<i64>().ok().filter(|seconds| *seconds < 95_000_000_000);
    let left = seconds.map(|seconds| seconds - times::now());
    left.map(|left| format!(", {}", times::from_now(left))).unwrap_or_default()
}
