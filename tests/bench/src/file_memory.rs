//! What a file of a gigabyte takes of memory, up and down, each cut once in the middle: `keydesk action` at its most, less what
//! the same takes for a small file.

use std::fs::File;
use std::process::Command;

use keydesk_support::{Failure, Outcome, drive};

use crate::cli::{Cli, succeeds};
use crate::figure::{Figure, median};
use crate::file_server::FileServer;
use crate::run_throughput::peak;

const LARGE: u64 = 1_000_000_000;
const SMALL: u64 = 100_000;
const ROUNDS: usize = 3;
/// What a large one may take more than a small one, in MiB.
const MOST: f64 = 50.0;

const CHUNKS: &str = r#"
[action.upload.chunks]
bytes = 5_000_000
[action.upload.chunks.request]
method = "POST"
url = "/chunks/{chunk}"
"#;
const FILE: &str = r#"
[[action.field]]
id = "size"
label = "Size"
[action.download.request]
url = "/files/{size}"
"#;

pub async fn measure() -> Outcome<[Figure; 2]> {
    let server = FileServer::start()?;
    let cli = Cli::new()?;
    let file = [drive::KEY, &drive::send("send"), CHUNKS, &drive::fetch("fetch"), FILE].concat();
    log_in(&cli, &file, &server.url).await?;
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        up.push(upload(&cli, &server, LARGE).await? - upload(&cli, &server, SMALL).await?);
        down.push(download(&cli, &server, LARGE).await? - download(&cli, &server, SMALL).await?);
    }
    Ok([
        Figure::at_most("upload-memory", "MiB", median(up), MOST, 1.0),
        Figure::at_most("download-memory", "MiB", median(down), MOST, 1.0),
    ])
}

async fn upload(cli: &Cli, server: &FileServer, size: u64) -> Outcome<f64> {
    let path = cli.home().join("file");
    // Holes take no room.
    File::create(&path)?.set_len(size)?;
    server.cut_once_at(size / 2);
    let peak = peak(send(cli, &path.display().to_string())).await?;
    server.took(size)?;
    Ok(peak)
}

fn send(cli: &Cli, path: &str) -> Command {
    cli.command(&["action", "bench", "send", "--set", &format!("file={path}")])
}

async fn download(cli: &Cli, server: &FileServer, size: u64) -> Outcome<f64> {
    let path = cli.home().join("fetched");
    server.cut_once_at(size / 2);
    let (size_set, out) = (format!("size={size}"), path.display().to_string());
    let peak = peak(cli.command(&["action", "bench", "fetch", "--set", &size_set, "--out", &out])).await?;
    let fetched = std::fs::metadata(&path)?.len();
    std::fs::remove_file(&path)?;
    server.was_cut()?;
    if fetched == size { Ok(peak) } else { Err(Failure::new(format!("{fetched} bytes were fetched, not {size}"))) }
}

/// At a server, by a provider file of this text.
pub async fn log_in(cli: &Cli, text: &str, url: &str) -> Outcome {
    let file = cli.home().join("drive.toml");
    std::fs::write(&file, text)?;
    cli.run(&["providers", "add", &file.display().to_string()]).await?;
    cli.run(&["connect", "drive", "--name", "bench", "--set", &format!("url={url}")]).await?;
    let key = cli.home().join("key");
    std::fs::write(&key, "the-key-of-the-drive\n")?;
    let mut login = cli.command(&["login", "bench", "--method", "key", "--secret-stdin", "token"]);
    login.stdin(File::open(key)?);
    succeeds(login).await
}
