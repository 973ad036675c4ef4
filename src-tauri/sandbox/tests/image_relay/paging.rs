use reqwest::Method;

use crate::client::Client;

#[tokio::test]
async fn arrays_name_their_neighbours_in_a_link_header() {
    let client = Client::new().await;
    let response = client.with_key(Method::GET, "/folders/3002/files?query=rooms").send().await.unwrap();
    let url = format!("{}/image-relay/api/v2/folders/3002/files?query=rooms&page=2", client.sandbox.url());
    assert_eq!(response.headers()["link"], format!("<{url}>; rel=\"next\""));
    let files: Vec<serde_json::Value> = response.json().await.unwrap();
    assert_eq!(files.len(), 100);
    let response = client.with_key(Method::GET, "/folders/3002/files?page=2").send().await.unwrap();
    let link = response.headers()["link"].to_str().unwrap();
    assert!(link.contains("rel=\"prev\"") && !link.contains("rel=\"next\""));
    let files: Vec<serde_json::Value> = response.json().await.unwrap();
    assert_eq!(files.len(), 34);
}

#[tokio::test]
async fn objects_say_which_page_they_are() {
    let client = Client::new().await;
    let (_, body) = client.get("/folders/3001/children?per_page=2&page=2").await;
    assert_eq!(body["folders"].as_array().unwrap().len(), 2);
    let pagination = &body["pagination"];
    assert_eq!((&pagination["current"], &pagination["pages"], &pagination["count"]), (&2.into(), &3.into(), &6.into()));
    assert_eq!(
        (&pagination["previous"], &pagination["next"], &pagination["per_page"]),
        (&1.into(), &3.into(), &2.into())
    );
    let next = "/image-relay/api/v2/folders/3001/children?per_page=2&page=3";
    assert_eq!(pagination["next_page_path"], next);
    let (_, last) = client.get("/folders/3001/children?per_page=2&page=3").await;
    assert!(last["pagination"]["next"].is_null() && last["pagination"]["next_page_path"].is_null());
}

#[tokio::test]
async fn some_lists_have_no_link_header_yet() {
    let client = Client::new().await;
    let response = client.with_key(Method::GET, "/permissions?per_page=2").send().await.unwrap();
    assert!(!response.headers().contains_key("link"));
    let (_, second) = client.get("/permissions?per_page=2&page=2").await;
    assert_eq!(second.as_array().unwrap().len(), 1);
    assert_eq!(client.get("/permissions?per_page=2&page=3").await.1, serde_json::json!([]));
}
