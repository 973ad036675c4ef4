//! `keydesk token`: the access token alone, for `$(…)`.

use clap::Args;
use keydesk_core::{CopyForm, Error, ErrorCode, Keydesk};
use serde_json::json;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::interrupt::finishing;
use crate::{find, times};

/// What `keydesk token` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
    /// Renew a token that has less time left than this; fail where even a new one has
    #[arg(long, value_name = "SECONDS")]
    min_valid: Option<u32>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = find::connection(&keydesk, &arguments.connection)?;
    let token = finishing(async {
        if let Some(least) = arguments.min_valid {
            renew_if_short(&keydesk, &connection.id, least).await?;
        }
        Ok::<_, Failure>(keydesk.copy_token(&connection.id, CopyForm::Token).await?)
    })
    .await??;
    let state = find::connection(&keydesk, &connection.id)?.token;
    let left = times::seconds_left(&state);
    if let (Some(left), Some(least)) = (left, arguments.min_valid)
        && left < i64::from(least)
    {
        let message = format!("Even a new token ends {}, and not after {least} s.", times::from_now(left));
        return Err(Error::new(ErrorCode::UnexpectedAnswer, message).into());
    }
    if context.output.is_json() {
        let view = json!({ "access_token": token.expose(), "expires_at": state.expires_at, "seconds_left": left });
        context.output.result(&view, |_| String::new())?;
    } else {
        context.output.secret(&token)?;
    }
    Ok(Exit::Ok)
}

/// Renews the token at hand if it has less time left than this. One of which nobody knows the end has enough.
async fn renew_if_short(keydesk: &Keydesk, connection: &str, least: u32) -> Result<(), Failure> {
    let token = keydesk.read_token(connection).await?.token;
    let Some(left) = times::seconds_left(&token).filter(|left| *left < i64::from(least)) else { return Ok(()) };
    if !token.renewable {
        let message = format!("The token ends {} and cannot be renewed.", times::from_now(left));
        return Err(Error::new(ErrorCode::LoginNeeded, message).into());
    }
    keydesk.renew_token(connection).await?;
    Ok(())
}
