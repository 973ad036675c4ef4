//! Where forms are filled and requests leave: knows what was looked up for each connection.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::values::{ActionRequest, Filled};
use super::view::RequestPreview;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::{Exchange, Prepared, Sender, Values, error_of};
use crate::provider::{Action, RequestTemplate, Variables};
use crate::redact::Redactor;

/// What was looked up for a connection, in memory only.
#[derive(Default)]
pub(super) struct Known {
    pub variables: Variables,
    /// Names by list and value.
    pub names: HashMap<(String, String), String>,
    /// The lists whose names are being asked for.
    pub asking: HashSet<String>,
}

/// The lock of what is known.
pub(super) fn held(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The forms of all connections.
pub struct Desk {
    pub(super) sender: Sender,
    pub(super) redactor: Arc<Redactor>,
    known: Mutex<HashMap<String, Arc<Mutex<Known>>>>,
}

impl Desk {
    /// Nothing was looked up yet.
    pub fn new(sender: Sender, redactor: Arc<Redactor>) -> Self {
        Self { sender, redactor, known: Mutex::default() }
    }

    /// Forgets what was looked up for a connection: another person may have logged in.
    pub fn forget(&self, connection: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(connection);
    }

    /// What is known of a connection. Taken before a server is asked: what comes in after [`Desk::forget`] is for nobody.
    pub(super) fn known(&self, connection: &str) -> Arc<Mutex<Known>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(connection.to_owned()).or_default().clone()
    }

    /// What will be sent, to the first target.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well, or why a look-up failed.
    pub async fn preview(&self, account: &Account, request: &ActionRequest) -> Result<RequestPreview> {
        let action = find(account, &request.action)?;
        let filled = Filled::of(action, &request.values)?;
        let target = filled.targets.iter().flatten().next();
        let (variables, values) = filled.for_target(action, target.map(String::as_str));
        let template = template_of(account, action)?;
        let prepared = self.prepare(account, template, &variables, &values).await?;
        let label = target.map(|target| self.label_of(account, action, target));
        let presented = account.presented(self.sender.tokens.known(&account.owner).as_deref())?;
        Ok(RequestPreview::of(&prepared, &presented, label))
    }

    /// Fills a template with the connection's variables, what is looked up, and the form.
    pub(super) async fn prepare(
        &self,
        account: &Account,
        template: &RequestTemplate,
        form: &Variables,
        values: &Values,
    ) -> Result<Prepared> {
        let mut variables = account.owner.variables.as_ref().clone();
        for variable in &account.provider.variables {
            if uses(template, &variable.id) && !variables.contains_key(&variable.id) {
                // Boxed: a look-up prepares a request itself.
                let value = Box::pin(self.look_up(account, variable)).await?;
                variables.insert(variable.id.clone(), value);
            }
        }
        variables.extend(form.clone());
        Prepared::new(template, &account.provider.api, account.base_url(), &variables, values)
    }

    /// Sends a request and reads its answer as JSON.
    pub(super) async fn ask(&self, account: &Account, template: &RequestTemplate, form: &Variables) -> Result<Value> {
        let prepared = self.prepare(account, template, form, &Values::new()).await?;
        let Exchange { answer, .. } = self.sender.send(account, &prepared, None).await?;
        if let Some(error) = error_of(&account.provider, &answer) {
            return Err(self.redactor.mask_error(error));
        }
        serde_json::from_slice(&answer.body).map_err(|_| {
            let host = crate::transport::authority(&prepared.url);
            let kind = crate::redact::one_line(&answer.media_type(), 80);
            Error::new(ErrorCode::UnexpectedAnswer, format!("{host} answered no JSON ({kind})."))
        })
    }
}

pub(super) fn find<'a>(account: &'a Account, action: &str) -> Result<&'a Action> {
    let found = account.actions().find(|known| known.id == action);
    found.ok_or_else(|| Error::input("action", format!("There is no action “{action}”.")))
}

/// The request that an action shows: its own, that of its list, or that of its first part.
fn template_of<'a>(account: &'a Account, action: &'a Action) -> Result<&'a RequestTemplate> {
    let of_list = || action.list.as_ref().and_then(|list| account.provider.list(list)).map(|list| &list.request);
    let of_part = || action.parts.iter().find_map(|part| part.request.as_ref());
    let template = action.request.as_ref().or_else(of_list).or_else(of_part);
    template.ok_or_else(|| Error::new(ErrorCode::Internal, "The provider file gives this action no request."))
}

fn uses(template: &RequestTemplate, name: &str) -> bool {
    let placeholder = format!("{{{name}}}");
    let in_body = template.body.as_ref().is_some_and(|body| body.to_string().contains(&placeholder));
    in_body || template.url.contains(&placeholder) || template.query.values().any(|value| value.contains(&placeholder))
}
