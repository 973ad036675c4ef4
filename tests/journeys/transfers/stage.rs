//! A server that takes files and gives them, a connection to it, and a file of a person.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keydesk_core::{
    ActionRequest, AddConnection, ConnectionView, Error, FieldValue, LogIn, SaveProvider, SaveTo, Secret,
    TransferState, TransferView,
};
use keydesk_support::{Answer, FakeServer, Received, drive};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::house::House;

/// How many bytes a piece has.
pub const CHUNK: usize = 100_000;
/// A file of four pieces, the last of them short.
pub const SIZE: usize = 3 * CHUNK + 4321;
pub const FILE: &str = "/files/7";

const LOGIN: &str = r#"
id = "drive"
name = "Drive"
summary = "A password"
[[parameter]]
id = "server"
label = "Server"
[api]
base_url = "{server}"
[[login]]
id = "password"
label = "Password"
summary = "A token."
[[login.field]]
id = "password"
label = "Password"
kind = "secret"
keep = "always"
[login.grant.token_request.request]
url = "{server}/token"
body = { password = "{password}" }
[login.renewal]
repeat = true
"#;
const CHUNKS: &str = r#"
[[action.upload.step]]
take = { job = "/id" }
[action.upload.step.request]
method = "POST"
url = "/jobs"
body = { name = "{file}", size = "{file_size}" }
[action.upload.chunks]
bytes = 100_000
more = [204]
done = [201]
[action.upload.chunks.request]
method = "POST"
url = "/jobs/{job}/chunks/{chunk}"
[[action.upload.after]]
[action.upload.after.request]
url = "/jobs/{job}"
[action.upload.after.until]
at = "/asset"
every_seconds = 0
at_most_seconds = 30
"#;
const FORM: &str = r#"
[action.upload.multipart]
field = "files"
[action.upload.multipart.request]
method = "POST"
url = "/upload"
"#;
const GET: &str = "[action.download.request]\nurl = \"/files/7\"\n";
const LINK: &str = r#"
[[action.download.step]]
take = { link = "/id" }
[action.download.step.request]
method = "POST"
url = "/links"
[[action.download.step]]
take = { address = "/url" }
[action.download.step.request]
url = "/links/{link}"
[action.download.step.until]
at = "/processing"
is = false
every_seconds = 0
[action.download.request]
url = "{address}"
"#;

/// A provider file with a form for each way.
pub fn provider() -> String {
    let (chunks, form) = (drive::send("chunks"), drive::send("form"));
    let (get, link) = (drive::fetch("fetch"), drive::fetch("fetch_by_link"));
    [LOGIN, &chunks, CHUNKS, &form, FORM, &get, GET, &link, LINK].concat()
}

pub struct Stage {
    pub house: House,
    pub server: FakeServer,
    pub connection: ConnectionView,
    files: tempfile::TempDir,
}

impl Stage {
    pub async fn new() -> Self {
        Self::in_house(House::new()).await
    }

    /// By a way that cuts one connection, when so many bytes have been sent over all of them.
    pub async fn cut_after(bytes: usize) -> Self {
        Self::set(House::new(), Some((bytes, ""))).await
    }

    /// By a way that answers so, and cuts, when so many bytes have been sent.
    pub async fn refused_after(bytes: usize, answer: &'static str) -> Self {
        Self::set(House::new(), Some((bytes, answer))).await
    }

    pub async fn in_house(house: House) -> Self {
        Self::set(house, None).await
    }

    /// Logged in. Each token has a number.
    async fn set(house: House, cut: Option<(usize, &'static str)>) -> Self {
        let server = FakeServer::start().await.unwrap();
        let url = match cut {
            Some((bytes, answer)) => cutter(server.address(), bytes, answer).await,
            None => server.url(""),
        };
        let numbers = AtomicUsize::new(1);
        server.answer_with("/token", move |_| {
            let number = numbers.fetch_add(1, Ordering::SeqCst);
            Answer::json(200, &json!({"access_token": format!("the-token-{number}"), "expires_in": 1_000_000_000}))
        });
        let text = provider();
        house.keydesk.save_provider(&SaveProvider { text, replaces: None, file: None }).unwrap();
        let parameters = BTreeMap::from([("server".to_owned(), url)]);
        let request = AddConnection { provider: "drive".to_owned(), label: None, parameters, ca: None, sandbox: false };
        let connection = house.keydesk.add_connection(request).unwrap();
        let stage = Self { house, server, connection, files: tempfile::tempdir().unwrap() };
        stage.log_in().await;
        stage
    }

    pub async fn log_in(&self) {
        let fields = [("password".to_owned(), Secret::new("the-password"))].into();
        let login = "password".to_owned();
        let request = LogIn { connection: self.connection.id.clone(), login, fields, keep: Vec::new() };
        self.house.keydesk.log_in(request).await.unwrap();
    }

    /// Another process, after this one has ended.
    pub async fn next_process(&mut self) {
        self.house.keydesk = self.house.again();
        self.log_in().await;
    }

    /// A file of the person with these bytes.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// What is kept of how far transfers are.
    pub fn records(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.house.home.path().join("data/transfers")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let records = paths.filter(|path| path.extension().is_some_and(|it| it == "json"));
        records.map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    /// Where downloads go.
    pub fn downloads(&self) -> PathBuf {
        self.house.home.path().join("exports")
    }

    /// The names of what is there.
    pub fn downloaded(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.downloads()) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub fn request(&self, action: &str) -> ActionRequest {
        let values: BTreeMap<String, FieldValue> = BTreeMap::new();
        ActionRequest { connection: self.connection.id.clone(), action: action.to_owned(), values, rows: None }
    }

    /// Begins to send a file.
    pub fn upload(&self, action: &str, path: &std::path::Path) -> TransferView {
        let chosen = self.house.keydesk.choose_file(path).unwrap();
        self.house.keydesk.start_transfer(self.request(action), Some(&chosen.id), SaveTo::Downloads).unwrap()
    }

    /// Begins to fetch one.
    pub fn fetch(&self, action: &str) -> TransferView {
        self.fetch_to(action, SaveTo::Downloads).unwrap()
    }

    pub fn fetch_to(&self, action: &str, to: SaveTo) -> Result<TransferView, Error> {
        self.house.keydesk.start_transfer(self.request(action), None, to)
    }

    pub fn view(&self, transfer: &TransferView) -> TransferView {
        let all = self.house.keydesk.list_transfers(Some(&self.connection.id));
        all.into_iter().find(|view| view.id == transfer.id).unwrap()
    }

    /// Waits until it stands as is wanted.
    pub async fn until(&self, transfer: &TransferView, wanted: impl Fn(&TransferView) -> bool) -> TransferView {
        for _ in 0..3000 {
            let view = self.view(transfer);
            if wanted(&view) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it is not as is wanted: {:?}", self.view(transfer));
    }

    /// Waits until it is over, or rests. Waits for a server are cut short.
    pub async fn over(&self, transfer: &TransferView) -> TransferView {
        self.until(transfer, |view| {
            if view.state == TransferState::Waiting {
                self.house.clock.forward(3600);
            }
            let rests = [TransferState::Done, TransferState::Failed, TransferState::Paused, TransferState::Stopped];
            rests.contains(&view.state)
        })
        .await
    }

    pub async fn done(&self, transfer: &TransferView) -> TransferView {
        let view = self.over(transfer).await;
        assert_eq!((view.state, &view.error), (TransferState::Done, &None));
        view
    }

    pub async fn failed(&self, transfer: &TransferView) -> Error {
        let view = self.over(transfer).await;
        assert_eq!(view.state, TransferState::Failed, "{view:?}");
        view.error.unwrap()
    }

    /// A server that makes jobs, takes the pieces of a file, and needs a look before it has the asset.
    pub fn takes_chunks(&self) {
        self.server.always("/jobs", Answer::json(201, &json!({"id": 5})));
        for chunk in 1..=3 {
            self.server.always(&chunk_path(chunk), Answer::new(204));
        }
        self.server.always(&chunk_path(4), Answer::new(201));
        self.server.answer("/jobs/5", Answer::json(200, &json!({"asset": null})));
        self.server.always("/jobs/5", Answer::json(200, &json!({"asset": 99})));
    }

    /// The last of each piece, one after the other.
    pub fn arrived(&self) -> Vec<u8> {
        let last = |chunk| self.server.received_at(&chunk_path(chunk)).pop().map(|it: Received| it.body);
        (1..).map_while(last).flatten().collect()
    }

    /// How often each piece came.
    pub fn counts(&self) -> [usize; 4] {
        [1, 2, 3, 4].map(|chunk| self.server.received_at(&chunk_path(chunk)).len())
    }
}

/// Listens before a server, and cuts a connection in the middle of a request, once.
async fn cutter(server: SocketAddr, after: usize, answer: &'static str) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    // What is not read here does not leave either.
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(64).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let left = Arc::new(AtomicUsize::new(after));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let left = left.clone();
            tokio::spawn(async move {
                let server = TcpStream::connect(server).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let up = async {
                    let mut block = vec![0; 4096];
                    while let Ok(read @ 1..) = from_client.read(&mut block).await {
                        let before = left.load(Ordering::SeqCst);
                        left.store(before.saturating_sub(read), Ordering::SeqCst);
                        if (1..=read).contains(&before) || to_server.write_all(&block[..read]).await.is_err() {
                            return;
                        }
                    }
                };
                let down = tokio::io::copy(&mut from_server, &mut to_client);
                let is_cut = tokio::select! {
                    () = up => true,
                    _ = down => false,
                };
                if is_cut && left.load(Ordering::SeqCst) == 0 {
                    let _ = to_client.write_all(answer.as_bytes()).await;
                    // Time to read it, though what is sent meanwhile is not read here.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            });
        }
    });
    url
}

pub fn chunk_path(chunk: usize) -> String {
    format!("/jobs/5/chunks/{chunk}")
}

/// Bytes that look like nothing.
pub fn bytes(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(next).collect()
}

pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Gives a file as a server does that knows ranges.
pub fn gives(bytes: &[u8], tag: &str, request: &Received) -> Answer {
    let tag = format!("\"{tag}\"");
    let is_same = request.header("if-range").is_none_or(|wanted| wanted == tag);
    let from: Option<usize> =
        request.header("range").filter(|_| is_same).map(|range| range[6..range.len() - 1].parse().unwrap());
    let (status, from, total) = (if from.is_some() { 206 } else { 200 }, from.unwrap_or(0), bytes.len());
    let answer = Answer::new(status).header("etag", &tag).body(&bytes[from..]);
    let answer = answer.header("content-disposition", "attachment; filename=\"room 7.bin\"");
    if status == 206 { answer.header("content-range", &format!("bytes {from}-{}/{total}", total - 1)) } else { answer }
}
