//! A request as it must arrive, and nothing else with it.

use keydesk_support::Received;
use serde_json::Value;
use url::form_urlencoded;

/// Stands for a value that is made up each time, and is not blank.
pub const ANY: &str = "*";

/// What every client may send, and what says nothing of who asks.
const ORDINARY: [&str; 7] =
    ["host", "user-agent", "accept", "accept-encoding", "content-type", "content-length", "transfer-encoding"];

#[derive(Clone)]
pub struct Wanted {
    method: &'static str,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Nothing,
    Form(Vec<(String, String)>),
    Json(Value),
    Bytes(Vec<u8>),
    /// A form with this one part: its name, that of its file, and what is in it.
    Part(&'static str, &'static str, Vec<u8>),
}

pub fn get(path: &str) -> Wanted {
    request("GET", path)
}

pub fn post(path: &str) -> Wanted {
    request("POST", path)
}

pub fn delete(path: &str) -> Wanted {
    request("DELETE", path)
}

pub fn request(method: &'static str, path: &str) -> Wanted {
    Wanted { method, path: path.to_owned(), query: Vec::new(), headers: Vec::new(), body: Body::Nothing }
}

impl Wanted {
    pub fn path(&self) -> &str {
        &self.path
    }

    /// With a header; only ordinary ones may be there besides.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// With exactly these parameters, in any order.
    pub fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        self.query = owned(pairs);
        self
    }

    /// With exactly these fields, in any order.
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        self.body = Body::Form(owned(pairs));
        self
    }

    /// With this JSON, where a number is a number.
    pub fn json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// With these bytes, as they are.
    pub fn bytes(mut self, body: &[u8]) -> Self {
        self.body = Body::Bytes(body.to_vec());
        self
    }

    /// With a file as the one part of a form (RFC 7578).
    pub fn part(mut self, name: &'static str, file: &'static str, content: &[u8]) -> Self {
        self.body = Body::Part(name, file, content.to_vec());
        self
    }

    /// That it is this request. Each is also told who asks (D14), and none from where.
    pub fn check(&self, received: &Received) {
        let what = format!("{} {}", received.method, received.path);
        assert_eq!((received.method.as_str(), &received.path), (self.method, &self.path));
        alike(&pairs(received.query.as_bytes()), &self.query, &format!("the query of {what}"));
        let sent = received.headers.iter().filter(|(name, _)| !ORDINARY.contains(&name.as_str()));
        alike(&sent.cloned().collect::<Vec<_>>(), &self.headers, &format!("the headers of {what}"));
        assert!(received.header("user-agent").is_some_and(|agent| agent.starts_with("Keydesk/")), "{what}");
        let kind = received.header("content-type");
        match &self.body {
            Body::Nothing => assert_eq!((kind, received.text().as_str()), (None, ""), "{what}"),
            Body::Form(wanted) => {
                assert_eq!(kind, Some("application/x-www-form-urlencoded"), "{what}");
                alike(&pairs(&received.body), wanted, &format!("the form of {what}"));
            }
            Body::Json(wanted) => {
                assert_eq!((kind, &received.json()), (Some("application/json"), wanted), "{what}");
            }
            Body::Bytes(wanted) => {
                assert_eq!(kind, Some("application/octet-stream"), "{what}");
                assert!(received.body == *wanted, "the bytes of {what}");
                assert_eq!(received.header("content-length"), Some(wanted.len().to_string().as_str()), "{what}");
            }
            Body::Part(name, file, content) => {
                let boundary = kind.and_then(|kind| kind.strip_prefix("multipart/form-data; boundary=")).unwrap();
                let mut wanted = format!(
                    "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                     Content-Type: application/octet-stream\r\n\r\n"
                )
                .into_bytes();
                wanted.extend(content);
                wanted.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
                assert!(received.body == wanted, "the form of {what}");
            }
        }
    }
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

/// That all pairs are there, once each, and no other.
fn alike(sent: &[(String, String)], wanted: &[(String, String)], what: &str) {
    let known = |name: &String| wanted.iter().any(|(own, value)| own == name && value == ANY);
    let any = |(name, value): &(String, String)| match known(name) && !value.trim().is_empty() {
        true => (name.clone(), ANY.to_owned()),
        false => (name.clone(), value.clone()),
    };
    let mut sent: Vec<_> = sent.iter().map(any).collect();
    let mut wanted = wanted.to_vec();
    sent.sort();
    wanted.sort();
    assert_eq!(sent, wanted, "{what}");
}
