//! Where forms are filled and requests leave: knows what was looked up for each connection.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::carry_out::filled;
use super::image::Pictures;
use super::order::{ActionRequest, Order, Target};
use super::view::RequestPreview;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::{Exchange, Filling, Prepared, Sender, error_of};
use crate::pace::Paces;
use crate::provider::{Action, RequestTemplate, Variables};
use crate::redact::Redactor;

/// What was looked up for a connection, in memory only.
#[derive(Default)]
pub(super) struct Known {
    pub variables: Variables,
    /// What was asked for one by one, by list and value.
    pub names: HashMap<(String, String), Named>,
    /// The lists whose names are being asked for.
    pub asking: HashSet<String>,
    pub pictures: Pictures,
}

/// What a list does not say of an entry.
pub(super) struct Named {
    /// None where it has none.
    pub name: Option<String>,
    pub groups: Vec<String>,
}

/// What a person waits for without a word.
pub const MOMENT: Duration = Duration::from_secs(3);

/// The lock of what is known.
pub(super) fn held(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The forms of all connections.
pub struct Desk {
    pub(super) sender: Sender,
    pub(super) redactor: Arc<Redactor>,
    paces: Arc<Paces>,
    known: Mutex<HashMap<String, Arc<Mutex<Known>>>>,
}

impl Desk {
    /// Nothing was looked up yet.
    pub fn new(sender: Sender, redactor: Arc<Redactor>, paces: Arc<Paces>) -> Self {
        Self { sender, redactor, paces, known: Mutex::default() }
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
    pub async fn preview(&self, account: Account, request: ActionRequest) -> Result<RequestPreview> {
        let (order, _, mut targets) = Order::of(account, request)?;
        self.name(&order, &mut targets);
        let target = targets.into_iter().next().unwrap_or_default();
        let account = &order.account;
        let template = template_of(account, &order.action)?;
        let mut looked_up = self.look_ups(account, template).await?;
        // Not known before the transfer: its name stands for it.
        looked_up.extend(order.action.given_by_transfer().map(|name| (name.to_owned(), format!("{{{name}}}"))));
        let (_, prepared) = filled(&order, template, &looked_up, &target)?;
        let presented = account.presented(self.sender.tokens.known(&account.owner).as_deref())?;
        Ok(RequestPreview::of(&prepared, &presented, target.label))
    }

    /// Gives targets the names that people call them by, where they are known.
    pub fn name(&self, order: &Order, targets: &mut [Target]) {
        let known = self.known(&order.account.connection.id);
        let known = held(&known);
        let each = order.action.fields.iter().find(|field| order.action.each.as_ref() == Some(&field.id));
        let list = each.and_then(|field| field.list.clone()).unwrap_or_default();
        for target in targets {
            let Some(value) = &target.value else { continue };
            let name = known.names.get(&(list.clone(), value.clone())).and_then(|named| named.name.as_ref());
            target.label = Some(name.unwrap_or(value).clone());
        }
    }

    /// What a template is filled with that is looked up once for a connection.
    pub(super) async fn look_ups(&self, account: &Account, template: &RequestTemplate) -> Result<Variables> {
        let mut found = Variables::new();
        for variable in &account.provider.variables {
            if uses(template, &variable.id) && !account.owner.variables.contains_key(&variable.id) {
                // Boxed: a look-up asks the server itself.
                let value = Box::pin(self.look_up(account, variable)).await?;
                found.insert(variable.id.clone(), value);
            }
        }
        Ok(found)
    }

    /// Waits until a request may leave that is none of a run: all of a connection together obey the provider’s limit.
    pub async fn turn(&self, account: &Account) {
        let pace = self.paces.of(&account.connection.id, account.provider.api.per_second);
        if let Some(wait) = pace.reserve(Instant::now()) {
            tokio::time::sleep(wait).await;
        }
    }

    /// Sends a request when it is its turn, and once more where the server asks to wait a moment: it did not do it (RFC 6585
    /// section 4).
    pub(super) async fn send(&self, account: &Account, prepared: &Prepared, target: Option<&str>) -> Result<Exchange> {
        self.turn(account).await;
        let first = self.sender.send(account, prepared, target).await?;
        let asks = error_of(&account.provider, &first.answer).filter(|error| error.code == ErrorCode::RateLimited);
        let Some(wait) = asks.and_then(|_| first.answer.retry_after()).filter(|wait| *wait <= MOMENT) else {
            return Ok(first);
        };
        tokio::time::sleep(wait).await;
        self.turn(account).await;
        self.sender.send(account, prepared, target).await
    }

    /// Sends a request and reads its answer as JSON.
    pub(super) async fn ask(&self, account: &Account, template: &RequestTemplate, form: &Variables) -> Result<Value> {
        let prepared = self.prepare_for(account, template, form).await?;
        let exchange = self.send(account, &prepared, None).await?;
        self.json(account, &prepared, exchange)
    }

    /// A template with what the connection gives, and above it with `form`.
    pub(super) async fn prepare_for(
        &self,
        account: &Account,
        template: &RequestTemplate,
        form: &Variables,
    ) -> Result<Prepared> {
        let looked_up = self.look_ups(account, template).await?;
        let texts = [form, &looked_up, account.owner.variables.as_ref()];
        Prepared::new(template, &account.provider.api, account.base_url(), Filling { texts: &texts, values: &[] })
    }

    /// A good answer as JSON.
    pub(super) fn json(&self, account: &Account, prepared: &Prepared, exchange: Exchange) -> Result<Value> {
        let Exchange { answer, .. } = exchange;
        if let Some(error) = error_of(&account.provider, &answer) {
            return Err(self.redactor.mask_error(error));
        }
        if answer.body.is_empty() {
            // Good, and it says no more than that: as one that was asked by HEAD.
            return Ok(Value::Bool(true));
        }
        serde_json::from_slice(&answer.body).map_err(|_| {
            let host = crate::transport::authority(&prepared.url);
            let kind = crate::redact::one_line(&answer.media_type(), 80);
            Error::new(ErrorCode::UnexpectedAnswer, format!("{host} answered no JSON ({kind})."))
        })
    }
}

/// The request that an action shows: its own, that of its list, or that of its first part.
fn template_of<'a>(account: &'a Account, action: &'a Action) -> Result<&'a RequestTemplate> {
    let of_list = || action.list.as_ref().and_then(|list| account.provider.list(list)).map(|list| &list.request);
    let of_part = || action.parts.iter().find_map(|part| part.request.as_ref());
    let template = action.request.as_ref().or_else(of_list).or_else(of_part).or(action.first_of_transfer());
    template.ok_or_else(|| Error::new(ErrorCode::Internal, "The provider file gives this action no request."))
}

fn uses(template: &RequestTemplate, name: &str) -> bool {
    let (one, whole) = (format!("{{{name}}}"), format!("{{+{name}}}"));
    let in_body = template.body.as_ref().is_some_and(|body| body.to_string().contains(&one));
    let in_url = template.url.contains(&one) || template.url.contains(&whole);
    in_body || in_url || template.query.values().any(|value| value.contains(&one))
}
