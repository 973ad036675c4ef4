use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::Server;
use super::caller::Caller;
use super::failure::Failure;

/// calld's GET `/users/me/voicemails` (providers.md §5.2). What it answers is not in that page: here a box with its
/// folders.
pub(super) async fn own(State(server): State<Arc<Server>>, headers: HeaderMap) -> Result<Json<Value>, Failure> {
    let caller = Caller::demand_elsewhere(&server, &headers, "calld.users.me.voicemails.read")?;
    let message = |id: &str, name: &str, number: &str, seconds: u64, at: u64| json!({ "id": id, "caller_id_name": name, "caller_id_num": number, "duration": seconds, "timestamp": at });
    Ok(Json(json!({
        "id": 1,
        "name": caller.token.user.username,
        "number": "8001",
        "folders": [
            { "id": 1, "name": "INBOX", "type": "new", "messages": [
                message("1790000000-00000001", "Room 214", "214", 23, 1_790_000_000),
                message("1790003600-00000002", "Laundry", "181", 9, 1_790_003_600),
            ] },
            { "id": 2, "name": "Old", "type": "old", "messages": [] },
        ],
    })))
}
