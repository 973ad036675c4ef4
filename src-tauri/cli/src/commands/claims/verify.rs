//! `keydesk claims … --verify`: whether the signature holds. Its time is told apart.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use keydesk_core::{
    CheckWith, Clock, DecodedToken, Keys, Secret, SecretForm, SystemClock, VerifiedToken, VerifyToken, WhichToken,
    check_signature,
};

use super::{Arguments, kept, pasted, show, which, words};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

/// What the signature is checked with.
#[derive(Args)]
pub struct With {
    /// Check the signature: with the keys that the issuer publishes, or with what --key or --secret gives
    #[arg(long)]
    verify: bool,
    /// Check it with this issuer's keys; else with those of the login's issuer, or of the one that the token names
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Check it with the public key, certificate, JWK or set of JWKs in this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["issuer", "secret"])]
    key: Option<PathBuf>,
    /// Check it with the shared secret in this file
    #[arg(long, value_name = "FILE", conflicts_with = "issuer")]
    secret: Option<PathBuf>,
    /// How that secret is written
    #[arg(long, value_name = "FORM", value_enum, default_value_t = Form::Text, requires = "secret")]
    secret_as: Form,
}

/// How a secret is written.
#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// As it is, without the end of its line
    Text,
    /// In base64
    Base64,
    /// In base64url
    Base64url,
}

impl With {
    pub fn asked(&self) -> bool {
        self.verify || self.issuer.is_some() || self.key.is_some() || self.secret.is_some()
    }

    fn check(&self) -> Result<CheckWith, Failure> {
        Ok(match (&self.key, &self.secret) {
            (Some(file), _) => CheckWith::Key { key: Secret::new(read("key", file)?) },
            (None, Some(file)) => {
                let (text, form) = (read("secret", file)?, self.form());
                CheckWith::Secret { secret: Secret::new(text.trim_end_matches(['\n', '\r'])), form }
            }
            (None, None) => CheckWith::Issuer { issuer: self.issuer.clone() },
        })
    }

    fn form(&self) -> SecretForm {
        match self.secret_as {
            Form::Text => SecretForm::Text,
            Form::Base64 => SecretForm::Base64,
            Form::Base64url => SecretForm::Base64url,
        }
    }
}

fn read(field: &str, file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| Failure::usage(field, format!("{}: {error}", file.display())))
}

pub async fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let with = arguments.with.check()?;
    let (token, verified) = match arguments.connection.as_str() {
        "-" => {
            let token = pasted()?;
            (DecodedToken::of(token.expose()), of_pasted(context, token, with).await?)
        }
        name => {
            let token = kept(context, name, arguments.what()).await?;
            let which = which(context, name, arguments.what()).await?;
            (token, context.keydesk()?.verify_token(&VerifyToken { token: which, with }).await?)
        }
    };
    let result = show::Claims::of(&token, Some(&verified));
    context.output.result(&result, |_| format!("{}\n{}", words::verified(&verified), show::token(&token)))?;
    Ok(if verified.signature.holds() { Exit::Ok } else { Exit::Failed })
}

/// Without an issuer to ask, nothing of this person's is opened.
async fn of_pasted(context: &Context, token: Secret, with: CheckWith) -> Result<VerifiedToken, Failure> {
    let keys = match &with {
        CheckWith::Key { key } => Keys::of_text(key),
        CheckWith::Secret { secret, form } => Keys::of_secret(secret, *form),
        CheckWith::Issuer { .. } => {
            let request = VerifyToken { token: WhichToken::Pasted { token }, with };
            return Ok(context.keydesk()?.verify_token(&request).await?);
        }
    };
    Ok(VerifiedToken::of(&token, check_signature(token.expose(), keys), SystemClock.now()))
}
