//! Tokens. A stored one leaves by `copy_token` and `reveal_token` only.

use keydesk_core::{
    Comparison, ConnectionView, CopyForm, DecodedToken, Introspection, LogOutView, Refusal, RefusedAnswer, Secret,
    TokenDetails, VerifiedToken, VerifyToken, WhichToken,
};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn renew_token(here: Here<'_>, connection: String) -> Answer<ConnectionView> {
    here.keydesk.renew_token(&connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn log_out(here: Here<'_>, connection: String) -> Answer<LogOutView> {
    here.keydesk.log_out(&connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn copy_token(here: Here<'_>, connection: String, form: CopyForm) -> Answer<()> {
    let secret = here.keydesk.copy_token(&connection, form).await?;
    here.clipboard.write_secret(secret, here.keydesk.read_settings().clear_clipboard_seconds).await
}

#[tauri::command]
#[specta::specta]
pub async fn reveal_token(here: Here<'_>, connection: String) -> Answer<String> {
    Ok(here.keydesk.reveal_token(&connection).await?.expose().to_owned())
}

#[tauri::command]
#[specta::specta]
pub async fn read_token(here: Here<'_>, connection: String) -> Answer<TokenDetails> {
    here.keydesk.read_token(&connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn decode_token(here: Here<'_>, token: Secret) -> Answer<DecodedToken> {
    here.keydesk.decode_token(&token)
}

#[tauri::command]
#[specta::specta]
pub async fn verify_token(here: Here<'_>, request: VerifyToken) -> Answer<VerifiedToken> {
    here.keydesk.verify_token(&request).await
}

#[tauri::command]
#[specta::specta]
pub async fn compare_tokens(here: Here<'_>, first: WhichToken, second: WhichToken) -> Answer<Comparison> {
    here.keydesk.compare_tokens(&first, &second).await
}

#[tauri::command]
#[specta::specta]
pub async fn introspect_token(here: Here<'_>, connection: String) -> Answer<Introspection> {
    here.keydesk.introspect_token(&connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn explain_refusal(here: Here<'_>, answer: RefusedAnswer) -> Answer<Refusal> {
    here.keydesk.explain_refusal(&answer).await
}
