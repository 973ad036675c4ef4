//! Providers: list, read, check, save, remove, export.

use std::io::Write;
use std::path::PathBuf;

use serde::Deserialize;
use specta::Type;

use super::Keydesk;
use crate::error::{Error, ErrorCode, Result};
use crate::event::Signal;
use crate::paths::write_beside;
use crate::provider::{ProviderCheck, ProviderView, SetAside};

/// A provider file that is to be kept.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct SaveProvider {
    /// The file.
    pub text: String,
    /// The person's own provider that it stands in place of.
    pub replaces: Option<String>,
    /// The file that was set aside and that it mends.
    pub file: Option<String>,
}

impl Keydesk {
    /// The providers that are known.
    pub fn list_providers(&self) -> Vec<ProviderView> {
        self.registry.all().iter().map(|known| ProviderView::of(&known.provider, known.own())).collect()
    }

    /// The provider files that cannot be used, with the reasons.
    pub fn list_set_aside(&self) -> Vec<SetAside> {
        self.registry.set_aside()
    }

    /// A provider's file.
    ///
    /// # Errors
    /// `unknown_provider`.
    pub fn read_provider(&self, id: &str) -> Result<String> {
        self.registry.known(id).map(|known| known.text)
    }

    /// What a text is as a provider file. Nothing is sent, run or kept (security.md H7).
    pub fn check_provider(&self, text: &str, replaces: Option<&str>) -> ProviderCheck {
        self.registry.check(text, replaces).0
    }

    /// Adds a provider, or changes one of the person's own.
    ///
    /// # Errors
    /// `provider_faulty`, `provider_in_use` when its id changes under connections, or `internal` when it cannot be kept.
    pub fn save_provider(&self, request: &SaveProvider) -> Result<ProviderView> {
        let checked = self.check_provider(&request.text, request.replaces.as_deref());
        if let Some(old) = request.replaces.as_deref().filter(|old| checked.id.as_deref() != Some(old)) {
            self.unused(old)?;
        }
        let known = self.registry.save(&request.text, request.replaces.as_deref(), request.file.as_deref())?;
        self.events.signal(Signal::ProvidersChanged);
        // What its connections are made of may have changed.
        self.events.signal(Signal::ConnectionChanged(None));
        Ok(ProviderView::of(&known.provider, known.own()))
    }

    /// Removes one of the person's own providers.
    ///
    /// # Errors
    /// `provider_in_use` that names its connections, `invalid_input` for a built-in one, `unknown_provider`, or `internal`.
    pub fn remove_provider(&self, id: &str) -> Result<()> {
        self.unused(id)?;
        self.registry.remove(id)?;
        self.events.signal(Signal::ProvidersChanged);
        Ok(())
    }

    /// Deletes a provider file that was set aside.
    ///
    /// # Errors
    /// `invalid_input` when there is none of that name, or `internal`.
    pub fn remove_set_aside(&self, file: &str) -> Result<()> {
        self.registry.remove_set_aside(file)?;
        self.events.signal(Signal::ProvidersChanged);
        Ok(())
    }

    /// Writes a provider's file to the person's downloads, beside what is there, and says where.
    ///
    /// # Errors
    /// `unknown_provider`, or `internal` when it cannot be written.
    pub fn export_provider(&self, id: &str) -> Result<PathBuf> {
        let known = self.registry.known(id)?;
        let folder = self.paths.exports().map_err(|error| Error::internal("find the downloads", error))?;
        let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
            file.write_all(known.text.as_bytes())?;
            write_beside(file, folder, &format!("{id}.toml"))
        });
        written.map_err(|error| Error::internal("write the file", error))
    }

    fn unused(&self, id: &str) -> Result<()> {
        let all = self.connections.all();
        let used: Vec<&str> = all.iter().filter(|it| it.provider == id).map(|it| it.label.as_str()).collect();
        if used.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::ProviderInUse,
            format!("Used by {}. Remove these connections first.", used.join(", ")),
        ))
    }
}
