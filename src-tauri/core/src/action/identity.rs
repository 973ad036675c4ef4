//! Who a token belongs to: from its claims where it has some, else from the server.

use serde_json::Value;

use super::desk::Desk;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::jwt::DecodedToken;
use crate::pointer::text_at;
use crate::provider::{Identity, Variables};

impl Desk {
    /// What is known of the person.
    ///
    /// # Errors
    /// Why the server did not say it.
    pub async fn identity(&self, account: &Account) -> Result<Value> {
        let set = self.sender.tokens.usable(&account.owner).await?;
        let tokens = [Some(&set.access_token), set.id_token.as_ref()];
        let claims = tokens.into_iter().flatten().filter_map(|token| DecodedToken::of(token.expose()).claims_object());
        // The access token's claims, and what only the id token says.
        let merged = claims.reduce(|mut first, second| {
            if let (Value::Object(first), Value::Object(second)) = (&mut first, second) {
                second.into_iter().for_each(|(name, value)| {
                    first.entry(name).or_insert(value);
                });
            }
            first
        });
        let identity = account.provider.identity.as_ref();
        match (merged, identity.and_then(|identity| identity.request.as_ref())) {
            (Some(claims), _) => Ok(claims),
            // Elsewhere than the token is for: nobody to ask.
            (None, Some(request)) if account.reaches(&request.url) => {
                self.ask(account, request, &Variables::new()).await
            }
            (None, _) => {
                Err(Error::new(ErrorCode::UnexpectedAnswer, "The token says nothing, and there is nobody to ask."))
            }
        }
    }

    /// The person's name, where one is known.
    pub async fn name_of_person(&self, account: &Account) -> Option<String> {
        // Where no name can be had, no token is needed, and none is renewed for it.
        let how = account.provider.identity.as_ref()?;
        let identity = self.identity(&account.clone().quiet()).await.ok()?;
        name(how, &identity)
    }
}

fn name(how: &Identity, identity: &Value) -> Option<String> {
    how.name.iter().find_map(|pointers| {
        let words: Vec<String> = pointers.iter().filter_map(|pointer| text_at(identity, pointer)).collect();
        let name = crate::redact::one_line(words.join(" ").trim(), 80);
        (!name.is_empty()).then_some(name)
    })
}
