//! What is kept of the explorer: drafts, saved requests, variables, imported catalogues.

use std::collections::HashSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::catalogue::Catalogue;
use super::desk::Explorer;
use super::fill::is_name;
use super::request::{Draft, SavedRequest, Variable};
use crate::account::Account;
use crate::error::{Error, Result};
use crate::provider::Variables;

impl Explorer {
    /// What is open in the window, in the order in which it was opened.
    ///
    /// # Errors
    /// `not_saved`; also in all below.
    pub async fn drafts(&self, connection: String) -> Result<Vec<Draft>> {
        self.kept.ask(move |table| table.drafts(&connection)).await
    }

    /// Keeps a draft as it is now.
    ///
    /// # Errors
    /// See above.
    pub async fn save_draft(&self, draft: Draft) -> Result<()> {
        let draft = self.masked(draft)?;
        self.kept.ask(move |table| table.keep_draft(&draft)).await
    }

    /// Forgets a draft, and its answer; what is under way of it ends.
    ///
    /// # Errors
    /// See above.
    pub async fn close_draft(&self, draft: String) -> Result<()> {
        let under_way = self.under_way(&draft);
        let before = self.kept.ask(move |table| table.close_draft(&draft)).await?;
        for answer in before.into_iter().chain(under_way) {
            self.let_go(Some(answer)).await?;
        }
        Ok(())
    }

    /// The saved requests of a connection, by folder and name.
    ///
    /// # Errors
    /// See above.
    pub async fn saved(&self, connection: String) -> Result<Vec<SavedRequest>> {
        self.kept.ask(move |table| table.saved(&connection)).await
    }

    /// Keeps a request under a name.
    ///
    /// # Errors
    /// `invalid_input` of `name`; see above.
    pub async fn save(&self, saved: SavedRequest) -> Result<SavedRequest> {
        let mut saved = self.masked(saved)?;
        if saved.name.trim().is_empty() {
            return Err(Error::input("name", "A saved request needs a name."));
        }
        if saved.id.is_empty() {
            saved.id = uuid::Uuid::new_v4().to_string();
        }
        let folders = saved.folder.split('/').map(str::trim).filter(|name| !name.is_empty());
        saved.folder = folders.collect::<Vec<_>>().join("/");
        saved.name = saved.name.trim().to_owned();
        let kept = saved.clone();
        self.kept.ask(move |table| table.keep_saved(&kept)).await?;
        Ok(saved)
    }

    /// Forgets a saved request. What is open of it stays open.
    ///
    /// # Errors
    /// See above.
    pub async fn remove_saved(&self, saved: String) -> Result<()> {
        self.kept.ask(move |table| table.remove_saved(&saved)).await
    }

    /// The variables of a connection.
    ///
    /// # Errors
    /// See above.
    pub async fn variables(&self, connection: String) -> Result<Vec<Variable>> {
        self.kept.ask(move |table| table.variables(&connection)).await
    }

    /// Keeps them, in place of all.
    ///
    /// # Errors
    /// `invalid_input` of `variables` when a name stands twice or cannot stand in a text; see above.
    pub async fn set_variables(&self, connection: String, variables: Vec<Variable>) -> Result<Vec<Variable>> {
        let mut seen = HashSet::new();
        for Variable { name, .. } in &variables {
            if !is_name(name) {
                let why = format!("“{name}” cannot be used: a name is made of letters, digits, _, - and dots.");
                return Err(Error::input("variables", why));
            }
            if !seen.insert(name) {
                return Err(Error::input("variables", format!("“{name}” stands twice.")));
            }
        }
        let variables = self.masked(variables)?;
        let kept = variables.clone();
        self.kept.ask(move |table| table.set_variables(&connection, &kept)).await?;
        Ok(variables)
    }

    /// The catalogue of the provider file, filled with what the connection has, and those that were imported.
    ///
    /// # Errors
    /// See above.
    pub async fn catalogues(&self, account: &Account, has: &Variables) -> Result<Vec<Catalogue>> {
        let connection = account.connection.id.clone();
        let imported = self.kept.ask(move |table| table.catalogues(&connection)).await?;
        Ok(Catalogue::of_provider(account, has).into_iter().chain(imported).collect())
    }

    /// Keeps one that was imported.
    ///
    /// # Errors
    /// See above.
    pub async fn keep_catalogue(&self, connection: String, catalogue: Catalogue) -> Result<()> {
        self.kept.ask(move |table| table.keep_catalogue(&connection, &catalogue)).await
    }

    /// Forgets one that was imported.
    ///
    /// # Errors
    /// See above.
    pub async fn remove_catalogue(&self, connection: String, catalogue: String) -> Result<()> {
        self.kept.ask(move |table| table.remove_catalogue(&connection, &catalogue)).await
    }

    /// Without the secrets that are in use: what a person pasted may hold one, and none is written down (security.md F1).
    pub(super) fn masked<T: Serialize + DeserializeOwned>(&self, value: T) -> Result<T> {
        let failed = |error| Error::internal("write a request down", error);
        let mut json = serde_json::to_value(&value).map_err(failed)?;
        if !self.mask(&mut json) {
            return Ok(value);
        }
        serde_json::from_value(json).map_err(failed)
    }

    /// Masks each text, and not the JSON of it: a quote in a secret is written otherwise there. Whether there was something.
    fn mask(&self, json: &mut Value) -> bool {
        match json {
            Value::String(text) => {
                let masked = self.post.redactor.mask(text);
                let other = masked != *text;
                *text = masked;
                other
            }
            Value::Array(all) => all.iter_mut().fold(false, |some, one| self.mask(one) | some),
            Value::Object(all) => all.values_mut().fold(false, |some, one| self.mask(one) | some),
            _ => false,
        }
    }
}
