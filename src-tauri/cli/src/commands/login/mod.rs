//! `keydesk login`: by the browser, by a code elsewhere, by what is typed, or by a token that is there already.

mod fields;
mod wait;

use clap::Args;
use keydesk_core::{
    ConnectionView, Error, ErrorCode, FinishLogin, KeptIn, Keydesk, LogIn, LoginGrant, LoginMethodView, LoginView,
    ReceiveBy, StartLogin,
};
use std::sync::Arc;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::interrupt::{Stop, finishing};
use crate::{find, qr, secrets, times};
use fields::Typed;

/// How often a wrong address may be pasted at a terminal.
const TRIES: usize = 3;

/// What `keydesk login` can be told.
#[derive(Args)]
pub struct Arguments {
    /// The connection's name or id
    connection: String,
    /// The way to log in, as `keydesk providers show` lists them; else that of last time, or the provider's first
    #[arg(long, value_name = "ID")]
    method: Option<String>,
    /// A field of the login that is no secret
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// A secret field: a line of standard input, in the order of these options; asked for at a terminal
    #[arg(long, value_name = "KEY")]
    secret_stdin: Vec<String>,
    /// Keep this secret field with the tokens, so that the login can be repeated
    #[arg(long, value_name = "KEY")]
    keep: Vec<String>,
    /// Ask for the address that the browser ends on, where it cannot come back by itself
    #[arg(long)]
    paste: bool,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let keydesk = context.keydesk()?;
    let connection = find::connection(&keydesk, &arguments.connection)?;
    let provider = find::provider(&keydesk, &connection.provider)?;
    let method = method(arguments, &connection, &provider.logins)?;
    if arguments.paste && method.grant != LoginGrant::AuthorizationCode {
        return Err(Failure::usage("paste", "--paste is for a login with the browser."));
    }
    let asked = fields::check(arguments, method)?;
    // Before anybody is asked for a password: whether what comes of it can be kept.
    context.unlock().await?;
    keydesk.try_store().await?;
    // So that it is known which secrets are kept.
    keydesk.read_token(&connection.id).await?;
    let connection = find::connection(&keydesk, &connection.id)?;
    let Typed { fields, keep } = fields::fill(context.output, asked, method, &connection)?;
    let (id, login) = (connection.id.clone(), method.id.clone());
    match method.grant {
        LoginGrant::AuthorizationCode | LoginGrant::DeviceCode => {
            let receive_by = if arguments.paste { ReceiveBy::Paste } else { ReceiveBy::Loopback };
            by_browser(context, &keydesk, StartLogin { connection: id, login, receive_by, fields, keep }).await?;
        }
        LoginGrant::Request | LoginGrant::Paste => {
            let request = LogIn { connection: id, login, fields, keep };
            finishing(keydesk.log_in(request)).await??;
        }
    }
    let view = find::connection(&keydesk, &connection.id)?;
    context.output.result(&view, words)?;
    Ok(if view.token.kept_in == Some(KeptIn::Memory) { Exit::Keychain } else { Exit::Ok })
}

fn method<'a>(
    arguments: &Arguments,
    connection: &ConnectionView,
    all: &'a [LoginMethodView],
) -> Result<&'a LoginMethodView, Failure> {
    if let Some(id) = &arguments.method {
        return find::one("method", id, all, |method| &method.id);
    }
    let last = all.iter().find(|method| Some(&method.id) == connection.login.as_ref());
    last.or(all.first()).ok_or_else(|| Failure::usage("method", "This provider has no way to log in."))
}

async fn by_browser(context: &Context, keydesk: &Arc<Keydesk>, request: StartLogin) -> Result<(), Failure> {
    let output = context.output;
    let signals = keydesk.signals();
    let pasted = request.receive_by == ReceiveBy::Paste;
    let login = keydesk.start_login(request).await?;
    match &login.device {
        Some(device) => {
            let (code, at) = (&device.user_code, &device.verification_uri);
            output.note(&format!("Open {at} in any browser and enter the code\n\n  {code}\n"));
            output.draw(&qr::draw(&device.qr));
        }
        None if pasted => {
            output.note(&format!(
                "Log in with a browser at\n\n  {}\n\nThen give the whole address that it ends on; it begins with {}.",
                login.authorization_url, login.redirect_uri
            ));
            paste(context, keydesk, &login)?;
        }
        None => output.note(&format!(
            "Your browser opens for the login. If it does not, open this address:\n\n  {}\n",
            login.authorization_url
        )),
    }
    let stop = Stop::listen()?;
    if !pasted {
        let left = login.expires_at.as_second() - times::now();
        output
            .note(&format!("Waiting for the login; it is given up {}. Ctrl-C gives it up now.", times::from_now(left)));
    }
    wait::until_over(output, keydesk, &login, signals, stop).await
}

/// The address holds the code, so it is no less a secret than a token.
fn paste(context: &Context, keydesk: &Keydesk, login: &LoginView) -> Result<(), Failure> {
    let tries = if secrets::can_ask() { TRIES } else { 1 };
    for tried in 1..=tries {
        let redirect_url = secrets::line("Address")?;
        match keydesk.finish_login(&FinishLogin { login: login.id.clone(), redirect_url }) {
            Ok(_) => break,
            Err(error) if error.code == ErrorCode::NotOurRedirect && tried < tries => {
                context.output.note(&error.message);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn words(view: &ConnectionView) -> String {
    let who = view.identity.as_ref().map(|who| format!(" as {who}")).unwrap_or_default();
    let end = times::seconds_left(&view.token).map(|left| {
        let renews = if view.token.renewable { ", and renews itself" } else { "" };
        format!(" The token ends {}{renews}.", times::from_now(left))
    });
    format!("“{}” is logged in{who}.{}", view.label, end.unwrap_or_default())
}

/// The login was not finished in time.
fn expired() -> Failure {
    Error::new(ErrorCode::LoginEnded, "The login was not finished in time.").into()
}
