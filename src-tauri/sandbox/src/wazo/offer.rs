use crate::account::{PASSWORD, USERNAME};
use crate::offer::{Offer, logins};

pub(crate) fn offer(url: &str) -> Offer {
    let account = [("username", USERNAME), ("password", PASSWORD)];
    // A host must be given, and isn't used: `server_url` says where to go.
    let parameters = [("host", "sandbox.invalid".to_owned()), ("server_url", format!("{url}/wazo"))];
    Offer {
        provider: "wazo".to_owned(),
        label: "Wazo".to_owned(),
        parameters: parameters.map(|(name, value)| (name.to_owned(), value)).into(),
        logins: logins([("online", &account), ("offline", &account)]),
    }
}
