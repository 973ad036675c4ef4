//! Requests as a person builds them, and what came of them.

use std::time::Duration;

use keydesk_core::{Error, ExplorerRequest, RequestBody, RequestRow, SentView};
use keydesk_support::FakeServer;

use crate::acme::Acme;

pub fn row(name: &str, value: &str) -> RequestRow {
    RequestRow { name: name.to_owned(), value: value.to_owned(), on: true }
}

pub fn off(name: &str, value: &str) -> RequestRow {
    RequestRow { on: false, ..row(name, value) }
}

pub fn rows(rows: &[(&str, &str)]) -> Vec<RequestRow> {
    rows.iter().map(|(name, value)| row(name, value)).collect()
}

pub fn request(method: &str, url: &str) -> ExplorerRequest {
    ExplorerRequest {
        method: method.to_owned(),
        url: url.to_owned(),
        parameters: Vec::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: RequestBody::None,
        follow: true,
    }
}

pub fn get(url: &str) -> ExplorerRequest {
    request("GET", url)
}

pub fn json(text: &str) -> RequestBody {
    RequestBody::Json { text: text.to_owned() }
}

/// A server, and an account at it.
pub async fn stage() -> (FakeServer, Acme) {
    let server = FakeServer::start().await.unwrap();
    let acme = Acme::at(&server.url(""), "").await;
    (server, acme)
}

impl Acme {
    pub async fn begin(&self, request: &ExplorerRequest, elsewhere: Option<&str>) -> Result<SentView, Error> {
        self.house.keydesk.send_request(&self.connection.id, None, request.clone(), elsewhere).await
    }

    /// Sends, and waits for all of the answer.
    pub async fn explore(&self, request: &ExplorerRequest) -> SentView {
        self.over(&self.begin(request, None).await.unwrap()).await
    }

    /// Waits until nothing more comes.
    pub async fn over(&self, sent: &SentView) -> SentView {
        self.until(sent, |sent| sent.state.is_over()).await
    }

    pub async fn until(&self, sent: &SentView, reached: impl Fn(&SentView) -> bool) -> SentView {
        let mut view = self.house.keydesk.read_sent(&sent.id).await.unwrap();
        for _ in 0..1000 {
            if reached(&view) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            view = self.house.keydesk.read_sent(&sent.id).await.unwrap();
        }
        panic!("it does not come so far: {view:?}");
    }

    /// What came of it, whole.
    pub async fn body(&self, sent: &SentView) -> Vec<u8> {
        std::fs::read(self.house.keydesk.save_answer(&sent.id).await.unwrap()).unwrap()
    }

    pub async fn denied(&self, request: &ExplorerRequest) -> Error {
        self.begin(request, None).await.expect_err("it was sent")
    }
}
