use keydesk_sandbox::USERNAME;
use reqwest::Method;

use crate::client::{Client, kind, read};

const LOG: &str = "/api/v1/deviceUser/read-only/saveLogFile";
const FIRMWARE: &str = "/api/v1/deviceUser/read-only/models/firmware";

fn form(parts: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    parts.iter().map(part).collect::<String>() + "--b--\r\n"
}

#[tokio::test]
async fn deprecated_log_comes_as_a_form() {
    let client = Client::start().await;
    let token = client.log_in(USERNAME).await;
    let send = |parts: &[(&str, &str)]| {
        let request = client.request(Method::POST, LOG).header("x-access-token", &token);
        read(request.header("content-type", "multipart/form-data; boundary=b").body(form(parts)))
    };
    let (status, saved) = send(&[("deviceId", "1001"), ("uploadType", "log"), ("files", "ready")]).await;
    assert_eq!((status, &saved["size"]), (200, &5.into()), "{saved}");
    for (parts, status, wanted) in [
        (&[("deviceId", "1001"), ("uploadType", "log")][..], 400, "required-field"),
        (&[("deviceId", "1001"), ("uploadType", "film"), ("files", "x")], 400, "invalid-field"),
        (&[("deviceId", "1001"), ("uploadType", "log"), ("files", "")], 400, "invalid-field"),
        (&[("deviceId", "1"), ("uploadType", "log"), ("files", "x")], 404, "entity-not-found"),
    ] {
        let (told, body) = send(parts).await;
        assert_eq!((told, kind(&body)), (status, wanted));
    }
}

#[tokio::test]
async fn deprecated_firmware_is_that_of_the_active_files() {
    let client = Client::start().await;
    let token = client.log_in(USERNAME).await;
    let (_, list) = client.get(FIRMWARE, &token).await;
    let ids: Vec<_> =
        list.as_array().unwrap().iter().map(|firmware| firmware["firmware_id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [502, 504]);
    let (status, one) = client.get(&format!("{FIRMWARE}/502"), &token).await;
    assert_eq!((status, &one["version_number"]), (200, &"2.1.0".into()));
    assert_eq!(client.get(&format!("{FIRMWARE}/501"), &token).await.0, 404);
}
