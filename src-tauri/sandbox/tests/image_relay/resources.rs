//! The resources that are alike, each in what it has of its own.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, read};

/// A resource, what makes a row of it, what changes one, and the statuses of a new and of a removed one.
type Row = (&'static str, Value, Option<(Method, Value)>, u16, Option<u16>);

fn rows() -> Vec<Row> {
    let name = || json!({ "name": "New" });
    let renamed = |method| Some((method, json!({ "name": "Changed" })));
    let link = json!({
        "folder_id": "3002", "purpose": "New", "allows_download": true, "show_tracking": false, "expires_on": ""
    });
    let invited = json!({
        "first_name": "Ida", "last_name": "Berg", "email": "ida@partner.example", "company": "", "permission_id": "3"
    });
    vec![
        ("/keyword_sets", name(), renamed(Method::PUT), 201, Some(204)),
        ("/keyword_sets/21/keywords", name(), renamed(Method::PUT), 201, Some(204)),
        ("/folder_links", link.clone(), None, 201, Some(204)),
        ("/upload_links", link, None, 201, Some(204)),
        ("/invited_users", invited, None, 201, Some(204)),
        ("/products", name(), renamed(Method::PUT), 200, Some(200)),
        ("/products/60001/variants", name(), renamed(Method::PATCH), 200, Some(200)),
        ("/product_catalogs", name(), renamed(Method::PUT), 200, Some(200)),
        ("/product_templates", name(), renamed(Method::PUT), 200, None),
        ("/product_dimensions", name(), renamed(Method::PUT), 200, None),
        ("/product_custom_attributes", name(), renamed(Method::PUT), 200, None),
    ]
}

#[tokio::test]
async fn row_is_made_read_changed_and_removed() {
    let client = Client::new().await;
    for (path, body, change, created, removed) in rows() {
        let (status, made) = client.send(Method::POST, path, &body).await;
        assert_eq!(status, created, "{path}: {made}");
        let one = format!("{path}/{}", made["id"]);
        assert_eq!(client.get(&format!("{one}.json")).await, (200, made), "{path}");
        let (_, list) = client.get(path).await;
        let list = if list.is_array() { &list } else { &list[&path[1..]] };
        assert!(list.as_array().unwrap().len() > 1, "{path}");
        if let Some((method, change)) = change {
            let (status, changed) = client.send(method, &one, &change).await;
            assert_eq!((status, &changed["name"]), (200, &change["name"]), "{path}");
        }
        if let Some(removed) = removed {
            assert_eq!(client.send(Method::DELETE, &one, &json!({})).await.0, removed, "{path}");
            assert_eq!(client.get(&one).await.0, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_missing_or_of_another_kind_is_refused() {
    let client = Client::new().await;
    for (path, body) in [
        ("/keyword_sets", json!({})),
        ("/keyword_sets", json!({ "name": "" })),
        ("/keyword_sets", json!({ "name": 7 })),
        ("/keyword_sets", json!([])),
        ("/folder_links", json!({ "folder_id": 1, "purpose": "x", "allows_download": true, "show_tracking": true })),
        ("/invited_users", json!({ "first_name": "Ida", "email": "ida@partner.example" })),
        ("/products", json!({ "name": "x", "has_variants": "yes" })),
    ] {
        assert_eq!(client.send(Method::POST, path, &body).await.0, 400, "{path} {body}");
    }
    for path in ["/keyword_sets/1/keywords", "/products/1/variants", "/keyword_sets/22/keywords/2101", "/products/x"] {
        assert_eq!(client.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn what_belongs_to_a_row_goes_with_it() {
    let client = Client::new().await;
    assert_eq!(client.get("/keyword_sets/21/keywords/2101").await.0, 200);
    assert_eq!(client.send(Method::DELETE, "/keyword_sets/21", &json!({})).await.0, 204);
    let tags = json!({ "tags": { "add_ids": [2101], "remove_ids": [] } });
    assert_eq!(client.send(Method::POST, "/files/500001/tags", &tags).await.0, 404);
}

#[tokio::test]
async fn products_are_paged_in_an_object_and_filtered() {
    let client = Client::new().await;
    let count = async |query: &str| client.get(&format!("/products?{query}")).await.1["pagination"]["count"].clone();
    let (_, page) = client.get("/products?page=3").await;
    assert_eq!((page["products"].as_array().unwrap().len(), &page["pagination"]["count"]), (40, &240.into()));
    assert_eq!(page["pagination"]["prev_page_path"], "/image-relay/api/v2/products?page=2");
    assert_eq!(count("name=bath+towel+01").await, 1);
    assert_eq!(count("in_category=205").await, 20);
    assert_eq!(count("with_variants=true").await, 12);
    assert_eq!(count("with_variant=301&in_category=201").await, 40);
    assert_eq!(count("with_variant_dimension_id=402").await, 0);
    assert_eq!(client.get("/product_catalogs/31/products").await.1["pagination"]["count"], 120);
    assert_eq!(client.get("/products/60001/catalog").await.1["name"], "Gift shop");
    assert_eq!(client.get("/product_channel_template_mappings/71").await.1["name"], "Web shop");
    let option = json!({ "value": "Rose" });
    let (_, dimension) = client.send(Method::POST, "/product_dimensions/401/add_option", &option).await;
    assert_eq!(dimension["options"][3], json!({ "id": 40_104, "value": "Rose" }));
}

#[tokio::test]
async fn folder_of_250_files_is_three_pages() {
    let client = Client::new().await;
    let (_, folders) = client.get("/folders/3007/children").await;
    let folder = folders[0]["id"].clone();
    for (page, rows) in [(1, 100), (2, 100), (3, 50), (4, 0)] {
        let (_, files) = client.get(&format!("/folders/{folder}/files?page={page}")).await;
        assert_eq!(files.as_array().unwrap().len(), rows);
    }
}

#[tokio::test]
async fn version_is_complete_when_all_chunks_came() {
    let client = Client::new().await;
    let (_, begun) = client.send(Method::POST, "/files/500001/versions", &json!({})).await;
    let path = format!("/files/500001/versions/{}", begun["uuid"].as_str().unwrap());
    let chunk =
        |number: u64, size: usize| client.with_key(Method::POST, &format!("{path}/chunk/{number}")).body(vec![7; size]);
    let complete = json!({ "file_name": "new.jpg", "chunk_count": 2 });
    let end = format!("{path}/complete");
    let complete = || client.send(Method::POST, &end, &complete);
    assert_eq!(read(chunk(1, 5 * 1024 * 1024)).await.0, 204);
    assert_eq!(complete().await.0, 422);
    assert_eq!(read(chunk(2, 5 * 1024 * 1024 + 1)).await.0, 422);
    assert_eq!(read(chunk(2, 100)).await.0, 204);
    let (status, file) = complete().await;
    assert_eq!((status, &file["filename"], &file["size"]), (201, &"new.jpg".into(), &5_242_980.into()));
    assert_eq!(complete().await.0, 404);
}

#[tokio::test]
async fn file_is_copied_synced_and_given_a_picture() {
    let client = Client::new().await;
    let (_, synced) = client.send(Method::POST, "/files/500001/synced_file", &json!({ "folder_ids": ["3002"] })).await;
    assert_eq!(synced["folder_ids"], json!([3001, 3002]));
    for spelling in ["duplicate", "dupicate"] {
        let body = json!({ "folder_id": "3008", "should_copy_metadata": false });
        let (status, copy) = client.send(Method::POST, &format!("/files/500001/{spelling}"), &body).await;
        assert_eq!((status, &copy["folder_ids"], copy["id"] == 500_001), (200, &json!([3008]), false));
    }
    let picture = |query: &str| client.with_key(Method::POST, &format!("/files/500001/thumbnail{query}")).body("PNG");
    assert_eq!(read(picture("?file_name=a.png")).await.0, 200);
    assert_eq!(read(picture("")).await.0, 400);
}

#[tokio::test]
async fn users_are_added_and_change_their_group() {
    let client = Client::new().await;
    let new = json!({
        "first_name": "Ida", "last_name": "Berg", "email": "ida@hillside.example", "company": "Hillside", "role_id": "3"
    });
    let (status, user) = client.send(Method::POST, "/users/sso_user", &new).await;
    assert_eq!((status, &user["permission_group_id"]), (201, &3.into()));
    assert_eq!(client.send(Method::POST, "/users/sso_user", &new).await.0, 400);
    let path = format!("/users/{}", user["id"]);
    assert_eq!(client.send(Method::PUT, &path, &json!({ "role_id": 2 })).await.1["permission_group_id"], 2);
    assert_eq!(client.send(Method::PUT, &path, &json!({ "role_id": 9 })).await.0, 400);
    let link = json!({ "purpose": "Newsletter", "asset_id": 500_001 });
    assert_eq!(client.send(Method::POST, "/quick_links", &link).await.0, 201);
    assert_eq!(client.get("/users/8101/quick_links").await.1[0]["filename"], "Hillside 001.jpg");
    assert_eq!(client.get(&format!("{path}/quick_links")).await.1, json!([]));
}
