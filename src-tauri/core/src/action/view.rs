//! Actions and requests as the interface shows them.

use serde::Serialize;
use specta::Type;

use crate::exchange::Prepared;
use crate::jwt::Member;
use crate::provider::{Action, FieldView, Presented, ResultView, TransferKind};

/// A form.
#[derive(Debug, Clone, Serialize, Type)]
#[allow(missing_docs)] // as in `Action`
pub struct ActionView {
    pub id: String,
    pub label: String,
    pub summary: String,
    pub icon: String,
    /// The heading that it stands under.
    pub group: Option<String>,
    pub submit: String,
    pub fields: Vec<FieldView>,
    /// The field whose values each get a request of their own.
    pub target_field: Option<String>,
    /// Whether it changes something; what only reads may run by itself.
    pub changes: bool,
    /// Whether what it reads moves, so that it makes sense to ask again and again.
    pub watch: bool,
    /// Which way a file goes: such an action is no run but a transfer.
    pub transfer: Option<TransferKind>,
    pub view: ResultView,
}

impl From<&Action> for ActionView {
    fn from(action: &Action) -> Self {
        Self {
            id: action.id.clone(),
            label: action.label.clone(),
            summary: action.summary.clone(),
            icon: action.icon.clone(),
            group: action.group.clone(),
            submit: action.submit.clone(),
            fields: action.fields.iter().map(FieldView::from).collect(),
            target_field: action.each.clone(),
            changes: action.changes,
            watch: action.watch,
            transfer: action.transfer(),
            view: action.view.clone(),
        }
    }
}

/// What will be sent.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RequestPreview {
    /// What people call the target, where there are several.
    pub label: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The URL, redacted.
    pub url: String,
    /// The headers; the token is masked.
    pub headers: Vec<Member>,
    /// The body.
    pub body: Option<String>,
}

impl RequestPreview {
    pub(super) fn of(prepared: &Prepared, presented: &Presented, label: Option<String>) -> Self {
        const DOTS: &str = "••••••••";
        let mut url = prepared.shown_url();
        let mut headers = Vec::new();
        match presented {
            Presented::Header { name, prefix } => {
                let prefix = prefix.as_ref().map(|prefix| format!("{prefix} ")).unwrap_or_default();
                headers.push(member(name, &format!("{prefix}{DOTS}")));
            }
            Presented::Query(name) => {
                let mark = if url.contains('?') { '&' } else { '?' };
                url = format!("{url}{mark}{name}={DOTS}");
            }
        }
        headers.push(member("Accept", prepared.accept));
        headers.push(member("User-Agent", crate::transport::USER_AGENT));
        let own = prepared.headers.iter();
        headers.extend(own.map(|(name, value)| member(name.as_str(), value.to_str().unwrap_or_default())));
        if prepared.body.is_some() {
            headers.push(member("Content-Type", "application/json"));
        }
        Self { label, method: prepared.method.to_string(), url, headers, body: prepared.body.clone() }
    }
}

fn member(name: &str, value: &str) -> Member {
    Member { name: name.to_owned(), value: value.to_owned() }
}
