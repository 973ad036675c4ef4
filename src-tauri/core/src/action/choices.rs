//! Live lists: what can be chosen, asked of the server, with the names that must be asked for one by one.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use super::desk::{Desk, Known, MOMENT, Named, held};
use super::rows::rows;
use crate::account::Account;
use crate::concurrent::each;
use crate::error::{Error, ErrorCode, Result};
use crate::event::Signal;
use crate::pointer::text_at;
use crate::provider::{Choice, Groups, List, Names, Variable, Variables};

/// How long a list waits for names before it is given without those that are still missing.
const PATIENCE: Duration = Duration::from_millis(1200);
/// How much of a list’s pages is brought together at most, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// For how many entries of another list one is asked for at most.
const MOST_ABOVE: usize = 50;
/// How many names are asked for at once.
const AT_ONCE: usize = 6;

impl Desk {
    /// The entries of a live list. Names that come in later are announced by [`Signal::ListChanged`].
    ///
    /// # Errors
    /// Why the server did not give it.
    pub async fn choices(self: &Arc<Self>, account: &Account, list: &str) -> Result<Vec<Choice>> {
        let found = account.provider.list(list);
        let list = found.ok_or_else(|| Error::input("list", format!("There is no list “{list}”.")))?;
        let entries = self.entries(account, list).await?;
        if let Some(names) = &list.names {
            self.learn_names(account, list, names, &entries).await;
        }
        Ok(self.with_names(account, list, entries))
    }

    /// What a connection has: its own names, and what is looked up for it. What cannot be had in a moment is left out.
    pub async fn variables(&self, account: &Account) -> Variables {
        let mut found = account.owner.variables.as_ref().clone();
        // Lists are those of the API; a way in to another server has none of them.
        let elsewhere = account.login().is_some_and(|login| login.base_url.is_some());
        for variable in account.provider.variables.iter().filter(|_| !elsewhere) {
            let missing = !found.contains_key(&variable.id);
            if missing && let Ok(Ok(value)) = tokio::time::timeout(MOMENT, self.look_up(account, variable)).await {
                found.insert(variable.id.clone(), value);
            }
        }
        found
    }

    /// The value of a variable: the first entry of its list, looked up once.
    pub(super) async fn look_up(&self, account: &Account, variable: &Variable) -> Result<String> {
        let known = self.known(&account.connection.id);
        if let Some(value) = held(&known).variables.get(&variable.id) {
            return Ok(value.clone());
        }
        let list = account.provider.list(&variable.list);
        let list = list.ok_or_else(|| Error::new(ErrorCode::Internal, "The provider file names no such list."))?;
        let entries = self.entries(&account.clone().quiet(), list).await?;
        let first = entries.into_iter().next().map(|choice| choice.value);
        let value = first.ok_or_else(|| {
            Error::new(ErrorCode::UnexpectedAnswer, format!("This account has no {}.", variable.label.to_lowercase()))
        })?;
        held(&known).variables.insert(variable.id.clone(), value.clone());
        Ok(value)
    }

    async fn entries(&self, account: &Account, list: &List) -> Result<Vec<Choice>> {
        let mut found = Vec::new();
        match list.of.as_ref().and_then(|of| account.provider.list(of)) {
            None => found = self.asked(account, list, &Variables::new()).await?,
            Some(of) => {
                for above in self.asked(account, of, &Variables::new()).await?.into_iter().take(MOST_ABOVE) {
                    let form = Variables::from([("value".to_owned(), above.value)]);
                    let below = self.asked(account, list, &form).await?.into_iter();
                    found.extend(below.map(|choice| Choice { detail: Some(above.label.clone()), ..choice }));
                }
            }
        }
        let mut seen = HashSet::new();
        // What stands there twice is one choice.
        found.retain(|choice| seen.insert(choice.value.clone()));
        Ok(found)
    }

    /// What a list’s request gives.
    async fn asked(&self, account: &Account, list: &List, form: &Variables) -> Result<Vec<Choice>> {
        let prepared = self.prepare_for(account, &list.request, form).await?;
        let mut exchange = self.send(account, &prepared, None).await?;
        if let Some(pages) = &list.pages {
            exchange = self.all_pages(account, pages, MOST_BYTES, &prepared, None, exchange).await?.exchange;
        }
        let answer = self.json(account, &prepared, exchange)?;
        let Some(items) = rows(&answer, &list.items) else {
            let what = format!("The answer holds no list at “{}”.", list.items);
            return Err(Error::new(ErrorCode::UnexpectedAnswer, what));
        };
        Ok(items.iter().filter_map(|item| entry(list, item)).collect())
    }

    /// Asks for the names that are not known, in the background, and waits for them a moment.
    async fn learn_names(self: &Arc<Self>, account: &Account, list: &List, names: &Names, entries: &[Choice]) {
        let known = self.known(&account.connection.id);
        let unknown: Vec<String> = {
            let mut known = held(&known);
            let is_unknown = |choice: &&Choice| !known.names.contains_key(&(list.id.clone(), choice.value.clone()));
            let unknown = entries.iter().take(names.most as usize).filter(is_unknown);
            let unknown: Vec<String> = unknown.map(|choice| choice.value.clone()).collect();
            if unknown.is_empty() || !known.asking.insert(list.id.clone()) {
                return;
            }
            unknown
        };
        let (desk, account, list, names) = (self.clone(), account.clone().quiet(), list.id.clone(), names.clone());
        let asking = tokio::spawn(async move {
            let asks = unknown.into_iter().map(|value| desk.learn_name(&account, &known, &list, &names, value));
            each(asks, AT_ONCE, |()| ()).await;
            held(&known).asking.remove(&list);
            let connection = account.connection.id;
            desk.sender.events.signal(Signal::ListChanged { connection, list });
        });
        let _ = tokio::time::timeout(PATIENCE, asking).await;
    }

    /// A name that cannot be had stays unknown: the value stands for it.
    async fn learn_name(&self, account: &Account, known: &Mutex<Known>, list: &str, names: &Names, value: String) {
        let form = Variables::from([("value".to_owned(), value.clone())]);
        let Ok(answer) = self.ask(account, &names.request, &form).await else { return };
        let name = text_at(&answer, &names.at).filter(|name| !name.trim().is_empty());
        let groups = names.groups.as_ref().map(|groups| groups_of(groups, &answer)).unwrap_or_default();
        held(known).names.insert((list.to_owned(), value), Named { name, groups });
    }

    fn with_names(&self, account: &Account, list: &List, mut entries: Vec<Choice>) -> Vec<Choice> {
        let known = self.known(&account.connection.id);
        let known = held(&known);
        for choice in &mut entries {
            let Some(named) = known.names.get(&(list.id.clone(), choice.value.clone())) else { continue };
            choice.groups.clone_from(&named.groups);
            if let Some(name) = &named.name {
                choice.detail = Some(choice.value.clone());
                choice.label.clone_from(name);
            }
        }
        entries
    }
}

/// An item of the answer as a choice; one without a value is left out.
fn entry(list: &List, item: &Value) -> Option<Choice> {
    let value = text_at(item, &list.value)?;
    let label = list.label.as_ref().and_then(|label| text_at(item, label)).filter(|label| !label.trim().is_empty());
    let detail = label.is_some().then(|| value.clone());
    let label = label.unwrap_or_else(|| value.clone());
    Some(Choice::new(value, label, detail))
}

fn groups_of(groups: &Groups, answer: &Value) -> Vec<String> {
    let items = rows(answer, &groups.at).unwrap_or_default();
    let mut names: Vec<String> = items.iter().filter_map(|group| text_at(group, &groups.name)).collect();
    names.retain(|name| !name.trim().is_empty());
    names
}
