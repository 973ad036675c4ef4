//! Bookings are read, made, changed and removed.

use serde_json::{Value, json};

use crate::client::{Client, read};

#[tokio::test]
async fn bookings_are_read_made_changed_and_removed_with_200_alone() {
    let client = Client::new().await;
    let token = client.log_in().await.1["authToken"].as_str().unwrap().to_owned();
    let send = async |method: &str, path: &str, body: Option<Value>| {
        let request = client.request(method, path).bearer_auth(&token);
        read(body.into_iter().fold(request, |request, body| request.json(&body))).await
    };
    let (status, made) = send("POST", "/bookings", Some(json!({"passenger": "Grace", "journey": "Zoo"}))).await;
    assert_eq!((status, &made["id"], &made["state"]), (200, &json!(4107), &json!("waiting")));
    for method in ["PUT", "PATCH"] {
        assert_eq!(send(method, "/bookings/4107", Some(json!({"state": method}))).await.1["state"], method);
    }
    assert_eq!(send("GET", "/bookings?state=PATCH", None).await.1["bookings"][0]["id"], 4107);
    assert_eq!(send("GET", "/bookings/4107", None).await.1["passenger"], "Grace");
    assert_eq!(send("DELETE", "/bookings/4107", None).await.0, 200);
    for (method, path, body, status) in [
        ("DELETE", "/bookings/4107", None, 404),
        ("GET", "/bookings/nobody", None, 404),
        ("POST", "/bookings", Some(json!({"passenger": "Grace"})), 400),
        ("POST", "/bookings", Some(json!({"colour": "red"})), 400),
        ("PATCH", "/bookings/4101", None, 400),
    ] {
        let (answered, body) = send(method, path, body).await;
        assert!(answered == status && body["message"].is_string(), "{method} {path}: {answered} {body}");
    }
    assert_eq!(read(client.request("POST", "/bookings")).await.0, 401);
}
