use std::collections::BTreeMap;

use serde_json::Value;

use super::table::Table;
use super::upload_job::UploadJobs;
use super::version::Versions;

/// What the hotel keeps at Image Relay.
#[derive(Default)]
pub(super) struct Library {
    pub(super) users: Table,
    pub(super) folders: Table,
    pub(super) files: Table,
    pub(super) collections: Table,
    pub(super) quick_links: Table,
    pub(super) webhooks: Table,
    pub(super) upload_jobs: UploadJobs,
    pub(super) versions: Versions,
    /// Those of the resources that are alike, by their names.
    pub(super) resources: BTreeMap<&'static str, Table>,
}

impl Library {
    /// Numbers the rows of a resource from here on.
    pub(super) fn begin(&mut self, resource: &'static str, first: u64) {
        self.resources.insert(resource, Table::from(first));
    }

    pub(super) fn table(&mut self, resource: &'static str) -> &mut Table {
        self.resources.entry(resource).or_default()
    }

    pub(super) fn rows(&self, resource: &str) -> &[Value] {
        self.resources.get(resource).map(Table::rows).unwrap_or_default()
    }

    pub(super) fn row(&self, resource: &str, id: u64) -> Option<&Value> {
        self.resources.get(resource)?.get(id)
    }

    /// The files of a folder, and of those below it if `recursive`.
    pub(super) fn files_in(&self, folder: u64, recursive: bool) -> Vec<Value> {
        let is_in = |file: &&Value| file["folder_ids"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == folder));
        let mut files: Vec<Value> = self.files.rows().iter().filter(is_in).cloned().collect();
        if recursive {
            let below = self.folders.with("parent_id", folder);
            files.extend(below.iter().filter_map(|row| row["id"].as_u64()).flat_map(|id| self.files_in(id, true)));
        }
        files
    }
}
