use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, read};

async fn begin(client: &Client, size: usize) -> Value {
    let body = json!({
        "folder_id": 3008, "file_type_id": 41, "prefix": "", "files": [{ "name": "tour.mp4", "size": size }], "terms": []
    });
    let (status, job) = client.send(Method::POST, "/upload_jobs", &body).await;
    assert_eq!(status, 201, "{job}");
    job
}

async fn chunk(client: &Client, job: &Value, number: u32, size: usize) -> u16 {
    let path = format!("/upload_jobs/{}/files/{}/chunks/{number}", job["id"], job["files"][0]["id"]);
    read(client.with_key(Method::POST, &path).body(vec![0; size])).await.0
}

#[tokio::test]
async fn file_comes_in_chunks_and_is_processed_before_it_has_an_asset() {
    let client = Client::new().await;
    let job = begin(&client, 150_000).await;
    assert_eq!(job["files"][0]["size"], 150_000);
    assert_eq!(chunk(&client, &job, 1, 100_000).await, 204);
    assert_eq!(chunk(&client, &job, 2, 50_000).await, 201);
    let path = format!("/upload_jobs/{}", job["id"]);
    let (_, processing) = client.get(&path).await;
    assert_eq!((&processing["finished"], &processing["files"][0]["asset_id"]), (&false.into(), &Value::Null));
    let (_, finished) = client.get(&path).await;
    assert_eq!(finished["finished"], true);
    let (status, file) = client.get(&format!("/files/{}", finished["files"][0]["asset_id"])).await;
    assert_eq!((status, &file["filename"], &file["folder_ids"]), (200, &"tour.mp4".into(), &json!([3008])));
}

#[tokio::test]
async fn chunk_that_does_not_fit_is_refused() {
    let client = Client::new().await;
    let job = begin(&client, 10_000_000).await;
    assert_eq!(chunk(&client, &job, 1, 5 * 1024 * 1024 + 1).await, 422);
    assert_eq!(chunk(&client, &job, 1, 0).await, 422);
    assert_eq!(chunk(&client, &job, 1, 5 * 1024 * 1024).await, 204);
    assert_eq!(chunk(&client, &job, 2, 5 * 1024 * 1024).await, 422);
    // The same chunk once more, after a lost answer, is no second one.
    assert_eq!(chunk(&client, &job, 1, 5 * 1024 * 1024).await, 204);
    assert_eq!(chunk(&client, &job, 2, 10_000_000 - 5 * 1024 * 1024).await, 201);
    assert_eq!(chunk(&client, &job, 3, 1).await, 422);
}

#[tokio::test]
async fn job_needs_a_folder_a_type_and_one_file() {
    let client = Client::new().await;
    let good = json!({ "folder_id": 3008, "file_type_id": 41, "files": [{ "name": "a", "size": 1 }] });
    for (name, value, status) in
        [("folder_id", json!(1), 404), ("file_type_id", json!(1), 404), ("files", json!([]), 400)]
    {
        let mut body = good.clone();
        body[name] = value;
        assert_eq!(client.send(Method::POST, "/upload_jobs", &body).await.0, status, "{name}");
    }
    assert_eq!(client.get("/upload_jobs/99").await.0, 404);
}
