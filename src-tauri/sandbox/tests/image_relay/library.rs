use reqwest::Method;
use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn folder_is_made_renamed_and_removed() {
    let client = Client::new().await;
    let (status, folder) = client.send(Method::POST, "/folders/3001/children", &json!({ "name": "Pool" })).await;
    assert_eq!((status, &folder["parent_id"]), (201, &3001.into()));
    let path = format!("/folders/{}", folder["id"]);
    let (status, renamed) = client.send(Method::PUT, &path, &json!({ "name": "Garden" })).await;
    assert_eq!((status, &renamed["name"]), (200, &"Garden".into()));
    let (_, moved) = client.send(Method::PUT, &path, &json!({ "parent_id": "3002" })).await;
    assert_eq!((&moved["name"], &moved["parent_id"]), (&"Garden".into(), &3002.into()));
    for parent in [json!(1), folder["id"].clone()] {
        assert_eq!(client.send(Method::PUT, &path, &json!({ "parent_id": parent })).await.0, 400);
    }
    let (_, children) = client.get("/folders/3002/children").await;
    assert!(children.as_array().unwrap().iter().any(|child| child["name"] == "Garden"));
    assert_eq!(client.send(Method::DELETE, &path, &json!({})).await.0, 204);
    assert_eq!(client.get(&path).await.0, 404);
    assert_eq!(client.send(Method::DELETE, "/folder/3008", &json!({})).await.0, 204);
}

#[tokio::test]
async fn folder_names_are_checked() {
    let client = Client::new().await;
    for name in ["", "a/b", "a & b", "<a>"] {
        let (status, _) = client.send(Method::POST, "/folders/3001/children", &json!({ "name": name })).await;
        assert_eq!(status, 400, "{name}");
    }
    assert_eq!(client.send(Method::POST, "/folders/1/children", &json!({ "name": "x" })).await.0, 404);
}

#[tokio::test]
async fn files_of_a_folder_are_filtered_and_gathered_from_below() {
    let client = Client::new().await;
    let count = |path: &'static str| {
        let client = &client;
        async move { client.get(path).await.1.as_array().unwrap().len() }
    };
    assert_eq!(count("/folders/3005/files").await, 9);
    assert_eq!(count("/folders/3005/files?recursive=true").await, 15);
    assert_eq!(count("/folders/3005/files?query=press+00").await, 9);
    assert_eq!(count("/folders/3005/files?file_type_id=1").await, 0);
    let (_, root) = client.get("/folders/root").await;
    assert_eq!((&root["id"], &root["child_count"], &root["asset_count"]), (&3001.into(), &6.into(), &3.into()));
}

#[tokio::test]
async fn file_is_added_by_address_and_removed() {
    let client = Client::new().await;
    let body = json!({
        "filename": "a.jpg", "folder_id": 3001, "file_type_id": 41, "terms": [], "url": "https://hillside.example/a.jpg"
    });
    let (status, file) = client.send(Method::POST, "/files", &body).await;
    assert_eq!(status, 201, "{file}");
    let path = format!("/files/{}", file["id"]);
    assert_eq!(client.get(&path).await.1["filename"], "a.jpg");
    assert_eq!(client.send(Method::DELETE, &path, &json!({})).await.0, 204);
    assert_eq!(client.get(&path).await.0, 404);
    assert_eq!(client.send(Method::POST, "/files", &json!({ "filename": "a.jpg" })).await.0, 400);
}

#[tokio::test]
async fn collection_only_ever_gains_files() {
    let client = Client::new().await;
    let (status, made) =
        client.send(Method::POST, "/collections", &json!({ "name": "New", "asset_ids": "500001, 500002" })).await;
    assert_eq!((status, &made["file_count"]), (201, &2.into()));
    let path = format!("/collections/{}", made["id"]);
    let (_, changed) = client.send(Method::PUT, &path, &json!({ "asset_ids": "500002,500003" })).await;
    assert_eq!(changed["file_count"], 3);
    let (_, files) = client.get(&format!("{path}/files")).await;
    assert_eq!(files.as_array().unwrap().len(), 3);
    assert_eq!(client.send(Method::POST, "/collections", &json!({ "name": "x", "asset_ids": "a" })).await.0, 400);
    assert_eq!(client.send(Method::DELETE, &path, &json!({})).await.0, 204);
}

#[tokio::test]
async fn quick_link_is_processing_at_first() {
    let client = Client::new().await;
    let body = json!({ "purpose": "Newsletter", "asset_id": 500_001, "max_width": 800 });
    let (status, link) = client.send(Method::POST, "/quick_links", &body).await;
    assert_eq!((status, &link["processing"]), (201, &true.into()));
    let path = format!("/quick_links/{}", link["id"]);
    assert_eq!(client.get(&path).await.1["processing"], true);
    assert_eq!(client.get(&path).await.1["processing"], false);
    assert_eq!(client.get("/quick_links").await.1.as_array().unwrap().len(), 1);
    assert_eq!(client.send(Method::DELETE, &path, &json!({})).await.0, 204);
}

#[tokio::test]
async fn webhook_is_made_paused_and_removed() {
    let client = Client::new().await;
    let body = json!({
        "resource": "file", "action": "created", "url": "https://hillside.example/hook", "notification_emails": []
    });
    let (status, webhook) = client.send(Method::POST, "/webhooks", &body).await;
    assert_eq!((status, &webhook["state"]), (201, &"normal".into()));
    let path = format!("/webhooks/{}", webhook["id"]);
    assert_eq!(client.send(Method::PUT, &path, &json!({ "state": "paused" })).await.1["state"], "paused");
    assert_eq!(client.send(Method::PUT, &path, &json!({ "state": "error" })).await.0, 400);
    assert_eq!(client.send(Method::DELETE, &path, &json!({})).await.0, 204);
    let unknown = json!({ "resource": "weather", "action": "changed", "url": "https://hillside.example/hook" });
    assert_eq!(client.send(Method::POST, "/webhooks", &unknown).await.0, 400);
}

#[tokio::test]
async fn terms_and_keywords_of_a_file_are_changed() {
    let client = Client::new().await;
    let term =
        |value: &str, overwrite| json!({ "terms": [{ "term_id": "411", "value": value }], "overwrite": overwrite });
    for (value, overwrite, holds) in
        [("Anna", true, "Anna"), ("and Ben", false, "Anna and Ben"), ("Cleo", true, "Cleo")]
    {
        let (_, file) = client.send(Method::POST, "/files/500001/terms", &term(value, overwrite)).await;
        assert_eq!(file["terms"][0], json!({ "term_id": 411, "value": holds }));
    }
    let (_, keywords) = client.get("/keyword_sets/21/keywords").await;
    assert_eq!((&keywords[1]["name"], &keywords[1]["id"]), (&"summer".into(), &2102.into()));
    let tags = |add: &[u64], remove: &[u64]| json!({ "tags": { "add_ids": add, "remove_ids": remove } });
    let (_, file) = client.send(Method::POST, "/files/500001/tags", &tags(&[2101, 2102], &[])).await;
    assert_eq!(file["tags"][1], json!({ "tag_id": 2102, "value": "summer" }));
    let (_, file) = client.send(Method::POST, "/files/500001/tags", &tags(&[], &[2101])).await;
    assert_eq!(file["tags"].as_array().unwrap().len(), 1);
    assert_eq!(client.send(Method::POST, "/files/500001/tags", &tags(&[1], &[])).await.0, 404);
    let (_, found) = client.get("/folders/3001/files?recursive=true&query=summer").await;
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn file_is_moved_into_folders_and_out_of_others() {
    let client = Client::new().await;
    let (status, file) =
        client.send(Method::POST, "/files/500001/move", &json!({ "folder_ids": ["3008", "3007"] })).await;
    assert_eq!((status, &file["folder_ids"]), (200, &json!([3008, 3007])));
    assert_eq!(client.get("/folders/3008/files").await.1.as_array().unwrap().len(), 1);
    assert_eq!(client.get("/folders/3001/files").await.1.as_array().unwrap().len(), 2);
    assert_eq!(client.send(Method::POST, "/files/500001/move", &json!({ "folder_ids": [] })).await.0, 404);
}

/// Not of the API: whoever knows the address is let in, and nobody who presents a token.
#[tokio::test]
async fn each_file_has_a_picture_of_its_own() {
    let client = Client::new().await;
    let mut seen = Vec::new();
    for id in [500_001, 500_002] {
        let (_, file) = client.get(&format!("/files/{id}")).await;
        let url = file["short_lived_thumbnail"].as_str().unwrap().to_owned();
        let path = url.split_once("/image-relay").unwrap().1.to_owned();
        assert_eq!(client.presented(Method::GET, &path, "Bearer x").send().await.unwrap().status(), 400);
        let response = client.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "image/png");
        let picture = response.bytes().await.unwrap();
        assert!(picture.starts_with(b"\x89PNG") && picture.len() < 32 * 1024);
        assert!(!seen.contains(&picture));
        seen.push(picture);
    }
}
