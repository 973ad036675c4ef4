use reqwest::Method;

use crate::client::{Client, ids, kind};

const OTA_FILES: &str = "/api/v2/ota-files";

#[tokio::test]
async fn ota_files_are_listed_by_query() {
    let client = Client::start().await;
    let token = client.device_token().await;
    let cases: [(&str, &[u64]); 6] = [
        ("", &[501, 502, 503, 504, 505, 506]),
        ("isActive=1&module=firmware", &[502, 504]),
        ("isActive=0", &[501, 506]),
        ("limit=2&offset=2", &[503, 504]),
        ("searchTerm=battery&searchFields=releaseNotes,version", &[504]),
        ("module=app&sort=createdDate&sortOrder=desc", &[505, 503]),
    ];
    for (query, expected) in cases {
        let (status, list) = client.get(&format!("{OTA_FILES}?{query}"), &token).await;
        assert_eq!((status, ids(&list).as_slice()), (200, expected), "{query}");
    }
    let (status, answer) = client.get(&format!("{OTA_FILES}?isActive=yes"), &token).await;
    assert_eq!((status, kind(&answer)), (400, "invalid-field"));
}

#[tokio::test]
async fn only_active_ota_files_are_given() {
    let client = Client::start().await;
    let token = client.device_token().await;
    let request = client.request(Method::GET, &format!("{OTA_FILES}/502/file")).header("x-access-token", &token);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
    assert_eq!(response.bytes().await.unwrap().len(), 4096);
    for path in ["/501/file", "/1/file"] {
        let (status, answer) = client.get(&format!("{OTA_FILES}{path}"), &token).await;
        assert_eq!((status, kind(&answer)), (404, "entity-not-found"));
    }
}
