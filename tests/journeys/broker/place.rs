//! I1, I2, I11: off unless the person says so, for this person alone, and gone when it ends.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use keydesk_core::{BrokerSettings, Doors, ErrorCode, Keydesk, Paths, Secret, SecretStore, Transport};
use tokio::net::TcpStream;

use super::{Stage, path};
use crate::house::House;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = names.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The addresses that somebody listens at with this port, as the system tells them.
fn listening(port: u16) -> Vec<String> {
    let all = ["/proc/net/tcp", "/proc/net/tcp6"].map(|file| fs::read_to_string(file).unwrap_or_default());
    let ours = format!(":{port:04X} ");
    let lines = all.iter().flat_map(|all| all.lines()).filter(|line| line.contains(" 0A "));
    let addresses = lines.filter_map(|line| line.split_whitespace().nth(1)).map(|address| format!("{address} "));
    addresses.filter(|address| address.contains(&ours)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_nothing_listens_before_the_person_says_so_nor_after_a_start_without_it() {
    let house = House::new();
    house.keydesk.wake().await;
    let view = house.keydesk.read_broker();
    assert_eq!(view.settings, BrokerSettings::default());
    assert!(!view.settings.on && !view.settings.tcp && !view.listening, "{view:?}");
    assert_eq!((view.socket, view.tcp), (None, None));
    house.keydesk.add_program("Backup").unwrap();
    assert!(!house.home.path().join("run").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_what_the_person_has_on_is_on_after_a_start() {
    let stage = Stage::with(false).await;
    let old = stage.header();
    stage.house.keydesk.quit_broker();
    let again = stage.house.again();
    again.wake().await;
    assert!(again.read_broker().listening);
    assert_ne!(stage.header(), old, "the secrets are new");
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_socket_and_secrets_are_this_person_s_alone_and_the_port_is_on_this_machine() {
    let stage = Stage::new().await;
    let run = stage.house.home.path().join("run");
    assert!(fs::metadata(stage.socket()).unwrap().file_type().is_socket());
    assert_eq!((mode(&run), mode(&stage.socket()), mode(&run.join("backup.header"))), (0o700, 0o600, 0o600));
    assert_eq!(mode(&stage.house.home.path().join("data/programs.json")), 0o600);
    assert_eq!(listening(stage.port()), [format!("0100007F:{:04X} ", stage.port())]);
    assert!(TcpStream::connect(("127.0.0.2", stage.port())).await.is_err());
}

/// Connects to a socket, sends, and prints what comes back. Ends with 7 where it is not let in.
const PROGRAM: &str = r#"
use Socket;
$SIG{PIPE} = "IGNORE";
socket(my $to, AF_UNIX, SOCK_STREAM, 0) or die;
connect($to, sockaddr_un($ARGV[0])) or exit 7;
syswrite($to, $ARGV[1]);
print while sysread($to, $_, 4096);
"#;

/// As another person on this machine, whom neither modes nor knowing the secret helps.
#[tokio::test(flavor = "multi_thread")]
async fn i2_another_user_of_this_machine_is_refused_also_where_the_modes_would_let_them() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    if fs::metadata(stage.socket()).unwrap().uid() != 0 {
        eprintln!("left out: only root can become another user");
        return;
    }
    let socket = stage.socket();
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n\r\n", path(&connection), stage.header());
    // Perl is on every Debian, where other users may start it, too.
    let says = |other: bool| {
        let mut program = Command::new("perl");
        program.args(["-e", PROGRAM]).arg(&socket).arg(&request).current_dir("/");
        if other {
            program.uid(65_534).gid(65_534);
        }
        let ran = program.output().unwrap();
        (ran.status.code().unwrap(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    let says = async |other| tokio::task::block_in_place(|| says(other));
    assert!(says(false).await.1.contains("access_token"));
    assert_eq!(says(true).await, (7, String::new()), "the modes");
    for folder in [stage.house.home.path(), socket.parent().unwrap()] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(says(true).await, (0, String::new()), "who the system says is there");
    assert!(says(false).await.1.contains("access_token"));
    assert_eq!(stage.handed_out().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_switching_it_off_or_quitting_removes_socket_port_and_secrets() {
    let stage = Stage::new().await;
    let run = stage.house.home.path().join("run");
    assert_eq!(files(&run), ["backup.header", "broker.lock", "broker.sock"]);
    let (port, secret) = (stage.port(), stage.header());
    let view = stage.set(false, true).await;
    assert!(!view.listening && view.socket.is_none() && view.programs[0].header_file.is_none(), "{view:?}");
    assert_eq!(files(&run), ["broker.lock"]);
    assert!(listening(port).is_empty());
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    stage.set(true, false).await;
    assert_ne!(stage.header(), secret);
    stage.house.keydesk.quit_broker();
    assert_eq!(files(&run), ["broker.lock"]);
    // A removed program's goes at once.
    stage.set(true, false).await;
    stage.house.keydesk.remove_program("backup").unwrap();
    assert_eq!(files(&run), ["broker.lock", "broker.sock"]);
}

/// The token is in memory still; other programs get none all the same. (With a keychain: tests/cli/broker.rs.)
#[tokio::test(flavor = "multi_thread")]
async fn i11_a_file_of_secrets_that_is_locked_stops_it_until_the_passphrase_is_given() {
    let mut house = House::new();
    let paths = Paths::under(house.home.path());
    house.keydesk = Keydesk::open(Doors {
        store: SecretStore::without_keychain(&paths),
        paths,
        clock: house.clock.clone(),
        browser: house.person.clone(),
        transport: Transport::default(),
    })
    .unwrap();
    let passphrase = Secret::new("a passphrase of some length");
    house.keydesk.use_file(&passphrase).await.unwrap();
    let stage = Stage::at_house(house, false).await;
    let (_sandbox, connection) = stage.granted().await;
    stage.asks(&path(&connection)).await.token();
    stage.house.keydesk.lock_file().await.unwrap();
    let answer = stage.asks(&path(&connection)).await;
    answer.is(423, "locked");
    assert_eq!(answer.body["cause"], "passphrase_needed");
    stage.house.keydesk.use_file(&passphrase).await.unwrap();
    stage.asks(&path(&connection)).await.token();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_process_that_died_has_left_is_cleared_and_one_that_lives_is_left_alone() {
    let stage = Stage::with(false).await;
    let other = stage.house.again();
    let view = other.set_broker(BrokerSettings { on: true, ..BrokerSettings::default() }).await.unwrap();
    assert!(!view.listening);
    let error = view.error.unwrap();
    assert_eq!(error.code, ErrorCode::BrokerBusy);
    assert!(error.message.contains("Another Keydesk"), "{error:?}");
    let (_sandbox, connection) = stage.granted().await;
    stage.asks(&path(&connection)).await.token();
    stage.house.keydesk.quit_broker();
    // As after kill -9: the socket and a header are there, and nobody holds the lock.
    let run = stage.house.home.path().join("run");
    drop(std::os::unix::net::UnixListener::bind(run.join("broker.sock")).unwrap());
    fs::write(run.join("gone.header"), "Keydesk-Program: of-a-process-that-died").unwrap();
    let view = other.set_broker(BrokerSettings { on: true, ..BrokerSettings::default() }).await.unwrap();
    assert!(view.listening && view.error.is_none(), "{view:?}");
    assert_eq!(files(&run), ["backup.header", "broker.lock", "broker.sock"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_busy_is_named_and_nothing_is_left_half_open() {
    let busy = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = busy.local_addr().unwrap().port();
    let house = House::new();
    let settings = BrokerSettings { on: true, tcp: true, tcp_port: Some(port) };
    let view = house.keydesk.set_broker(settings.clone()).await.unwrap();
    let error = view.error.unwrap();
    assert_eq!(error.code, ErrorCode::BrokerBusy);
    assert!(error.message.contains(&port.to_string()) && !view.listening, "{error:?}");
    assert_eq!(files(&house.home.path().join("run")), ["broker.lock"]);
    drop(busy);
    let view = house.keydesk.set_broker(settings).await.unwrap();
    assert_eq!(view.tcp, Some(format!("127.0.0.1:{port}")));
    let zero = BrokerSettings { on: true, tcp: true, tcp_port: Some(0) };
    assert_eq!(house.keydesk.set_broker(zero).await.unwrap_err().field.as_deref(), Some("tcp_port"));
}
