use keydesk_sandbox::USERNAME;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, HILLSIDE, OTHER, SUPER, error_id, is_page, read, text};

fn client_ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| text(&item["client_id"])).collect()
}

#[tokio::test]
async fn refresh_tokens_are_listed_without_their_values() {
    let client = Client::start().await;
    let login = client.offline("keydesk-1").await;
    client.offline("keydesk-2").await;
    let (status, list) = client.get("/users/me/tokens", text(&login["token"])).await;
    assert_eq!((status, &list["total"], &list["filtered"]), (200, &json!(2), &json!(2)));
    let item = &list["items"][0];
    assert_eq!((&item["client_id"], &item["mobile"]), (&json!("keydesk-1"), &json!(false)));
    assert_eq!((&item["user_uuid"], &item["tenant_uuid"]), (&login["auth_id"], &json!(HILLSIDE)));
    assert!(text(&item["created_at"]).ends_with("+00:00"));
    assert!(!list.to_string().contains(text(&login["refresh_token"])));
}

#[tokio::test]
async fn a_list_is_cut_searched_and_sorted() {
    let client = Client::start().await;
    for client_id in ["b", "c", "a", "ab"] {
        client.offline(client_id).await;
    }
    let token = client.online(USERNAME).await;
    for (query, expected) in [
        ("", vec!["b", "c", "a", "ab"]),
        ("order=client_id", vec!["a", "ab", "b", "c"]),
        ("order=client_id&direction=desc&limit=2", vec!["c", "b"]),
        ("order=client_id&offset=3", vec!["c"]),
        ("limit=0", vec![]),
    ] {
        let (_, list) = client.get(&format!("/users/me/tokens?{query}"), &token).await;
        assert_eq!(client_ids(&list), expected, "{query}");
    }
    let (_, list) = client.get("/users/me/tokens?search=c", &token).await;
    assert_eq!((client_ids(&list), &list["total"], &list["filtered"]), (vec!["c"], &json!(4), &json!(1)));
    for wrong in ["order=shoes", "direction=up", "limit=-1", "offset=x"] {
        let (status, answer) = client.get(&format!("/users/me/tokens?{wrong}"), &token).await;
        assert_eq!((status, error_id(&answer)), (400, "invalid-list-param"), "{wrong}");
        assert!(answer["message"].is_object(), "{wrong}");
    }
}

#[tokio::test]
async fn a_refresh_token_is_deleted_by_its_client_id() {
    let client = Client::start().await;
    let login = client.offline("my.app").await;
    let token = text(&login["token"]);
    let (status, answer) = client.delete("/users/me/tokens/other", token).await;
    assert_eq!((status, error_id(&answer)), (404, "cannot-find-refresh-token-matching-client-id"));
    assert_eq!(client.delete("/users/me/tokens/my.app", token).await.0, 204);
    assert_eq!(client.delete("/users/me/tokens/my.app", token).await.0, 404);
    client.offline("a/b").await;
    let (status, answer) = client.delete("/users/me/tokens/a%2Fb", token).await;
    assert!(status == 404 && is_page(&answer), "a slash leads nowhere");
}

#[tokio::test]
async fn others_refresh_tokens_are_for_administrators() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    let (own, above, other) = (text(&login["token"]), client.online(SUPER).await, client.online(OTHER).await);
    let path = format!("/users/{}/tokens", text(&login["auth_id"]));
    for (token, expected) in [(own, 200), (above.as_str(), 200), (other.as_str(), 401)] {
        assert_eq!(client.get(&path, token).await.0, expected);
    }
    assert_eq!(client.get("/tokens", own).await.0, 401);
    let (_, list) = client.get("/tokens", &above).await;
    assert_eq!(list["total"], 0, "of the top tenant there is none");
    let (_, list) = client.get("/tokens?recurse=true", &above).await;
    assert_eq!(client_ids(&list), ["a"]);
    let request = client.presenting(Method::GET, "/tokens", &above).header("Wazo-Tenant", HILLSIDE);
    assert_eq!(client_ids(&read(request).await.1), ["a"]);
    assert_eq!(client.delete(&format!("{path}/a"), &above).await.0, 204);
}
