//! action over many, runs, trigger: also when the command is killed in the middle.

use std::collections::BTreeMap;
use std::time::Duration;

use keydesk_support::{Answer, FakeServer, Received, wait_until};
use serde_json::{Value, json};

use crate::faults::stage::kill;
use crate::house::{House, SOON};
use crate::ran::Ran;
use crate::waiting::interrupt;

const OPEN: &str = "/open";

/// Doors that can be opened, each by a request of its own.
const PROVIDER: &str = r#"
id = "doors"
name = "Doors"
summary = "A key"
[[parameter]]
id = "url"
label = "URL"
[api]
base_url = "{url}"
[api.daily_limit]
contains = "limit of the day"
resumes_after = "again at"
[[login]]
id = "key"
label = "API key"
summary = "Pasted"
[login.grant.paste]
token = "api_key"
label = "API key"
[[action]]
id = "open"
label = "Open doors"
summary = "Opens doors."
icon = "door-open"
submit = "Open"
changes = true
each = "doors"
[[action.field]]
id = "doors"
label = "Doors"
kind = "choices"
[[action.field]]
id = "minutes"
label = "Minutes"
kind = "number"
initial = "5"
[action.request]
method = "POST"
url = "/open"
body = { door = "{doors}", minutes = "{minutes}" }
[action.view]
kind = "json"
"#;

struct Doors {
    house: House,
    server: FakeServer,
}

impl Doors {
    async fn new() -> Self {
        let (house, server) = (House::new().await, FakeServer::start().await.unwrap());
        let file = house.home.path().join("doors.toml");
        std::fs::write(&file, PROVIDER).unwrap();
        house.run(&["providers", "add", file.to_str().unwrap()]).await.well();
        let url = format!("url={}", server.url(""));
        house.run(&["connect", "doors", "--name", "hotel", "--set", &url]).await.well();
        let login = ["login", "hotel", "--method", "key", "--secret-stdin", "token"];
        house.run_with(&login, "the-key-of-the-doors\n").await.well();
        server.always(OPEN, Answer::json(200, &json!({"open": true})));
        Self { house, server }
    }

    async fn run(&self, arguments: &[&str]) -> Ran {
        self.house.run(arguments).await
    }

    /// How often the server was told to open each door.
    fn opened(&self) -> BTreeMap<String, usize> {
        let mut opened = BTreeMap::new();
        for request in self.server.received_at(OPEN) {
            *opened.entry(request.json()["door"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        opened
    }

    fn list(&self, name: &str, count: usize) -> String {
        let lines: String = (0..count).map(|number| format!("d{number:04}\n")).collect();
        let file = self.house.home.path().join(name);
        std::fs::write(&file, lines).unwrap();
        format!("@{}", file.display())
    }

    async fn last(&self) -> Value {
        self.run(&["--json", "runs"]).await.well().json()[0].clone()
    }
}

fn counts(run: &Value) -> [u64; 5] {
    ["accepted", "failed", "unknown", "sending", "waiting"].map(|name| run["counts"][name].as_u64().unwrap())
}

#[tokio::test]
async fn h8_killed_in_the_middle_the_next_run_knows_what_was_sent_and_sends_nothing_twice() {
    let doors = Doors::new().await;
    let list = doors.list("many", 600);
    doors.server.answer_with(OPEN, |_| Answer::json(200, &json!({"open": true})).after(Duration::from_millis(10)));
    let child = doors.house.start(&["action", "hotel", "open", "--targets", &list, "--yes"]);
    let under_way = async || doors.opened().len() >= 150;
    wait_until(under_way, SOON, "some to be sent").await.unwrap();
    kill(child).await;
    let sent = doors.opened();
    assert!(sent.len() < 600 && sent.values().all(|times| *times == 1));

    // Nothing is sent before somebody says so; what is known of each target is true.
    let run = doors.last().await;
    assert_eq!(run["state"], "interrupted");
    let [accepted, failed, unknown, sending, waiting] = counts(&run);
    assert_eq!((failed, sending, accepted + unknown + waiting), (0, 0, 600));
    assert!(unknown > 0, "some were under way");
    let id = run["id"].as_str().unwrap();
    let shown = doors.run(&["--json", "runs", "show", &id[..8]]).await.well().json();
    for row in shown["results"].as_array().unwrap() {
        let was_sent = sent.contains_key(row["target"].as_str().unwrap());
        match row["state"].as_str().unwrap() {
            "accepted" => assert!(was_sent, "{row}"),
            "waiting" => assert!(!was_sent, "{row}"),
            state => assert_eq!(state, "unknown", "{row}"),
        }
    }
    assert_eq!(doors.opened().len(), sent.len());

    // Going on sends what waits and nothing else: what is unknown is told.
    let ran = doors.run(&["runs", "resume", "last"]).await.fails_with(5).says("unknown");
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("unknown")).count() as u64, unknown);
    let opened = doors.opened();
    assert!(opened.values().all(|times| *times == 1), "nothing is sent twice");
    assert_eq!(counts(&doors.last().await), [600 - unknown, 0, unknown, 0, 0]);
    doors.run(&["runs", "resume", "last"]).await.fails_with(2);

    // Those whose outcome is unknown only when it is said.
    doors.run(&["runs", "retry", "last"]).await.fails_with(2);
    doors.run(&["runs", "retry", "last", "--unknown"]).await.well();
    assert_eq!(doors.opened().len(), 600);
    let twice = doors.opened().values().filter(|times| **times == 2).count() as u64;
    assert!(twice <= unknown);
}

#[tokio::test]
async fn ctrl_c_pauses_between_requests_and_says_how_to_go_on() {
    let doors = Doors::new().await;
    let list = doors.list("many", 100);
    doors.server.answer_with(OPEN, |_| Answer::json(200, &json!({"open": true})).after(Duration::from_millis(20)));
    let child = doors.house.start(&["action", "hotel", "open", "--targets", &list, "--yes", "--at-once", "2"]);
    wait_until(async || doors.opened().len() >= 10, SOON, "some to be sent").await.unwrap();
    interrupt(child.id().unwrap());
    let ran = doors.house.end(child).await.fails_with(130).says("To go on: keydesk runs resume");
    let sent = doors.opened().len();
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("ok")).count(), sent, "{ran:?}");
    assert_eq!(doors.last().await["state"], "paused");
    let again = doors.run(&["runs", "resume", "last"]).await.well();
    assert_eq!(again.out.lines().count(), 100);
    assert!(doors.opened().values().all(|times| *times == 1));
}

#[tokio::test]
async fn many_targets_are_asked_about_first_and_come_from_a_list_a_file_or_a_csv() {
    let doors = Doors::new().await;
    let list = doors.list("many", 21);
    doors.run(&["action", "hotel", "open", "--targets", &list]).await.fails_with(2).says("21").says("--yes");
    assert!(doors.opened().is_empty());
    let ran = doors.run(&["action", "hotel", "open", "--targets", "a, b,a"]).await.well();
    assert_eq!(ran.out, "ok       200  a\nok       200  b\n");
    let ran = doors.house.run_with(&["action", "hotel", "open", "--targets", "-"], "c\nd\n\n").await.well();
    assert_eq!(ran.out.lines().count(), 2);

    let csv = |text: &str| {
        let file = doors.house.home.path().join("rows.csv");
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let good = csv("door,minutes,colour\ne,7,red\nf,,blue\n");
    doors.run(&["action", "hotel", "open", "--csv", &good]).await.well().says("“colour” fills nothing");
    let sent = doors.server.received_at(OPEN);
    let last: Vec<Value> = sent.iter().rev().take(2).map(Received::json).collect();
    assert!(last.contains(&json!({"door": "e", "minutes": 7})) && last.contains(&json!({"door": "f", "minutes": 5})));
    let bad = csv("door,minutes\ng,soon\nh,1,2,3\n");
    doors.run(&["action", "hotel", "open", "--csv", &bad]).await.fails_with(2).says("line 2").says("line 3");
    assert_eq!(doors.server.received_at(OPEN).len(), sent.len());
}

#[tokio::test]
async fn what_failed_is_told_exported_and_tried_again() {
    let doors = Doors::new().await;
    doors.server.answer_with(OPEN, |request| match request.json()["door"].as_str() {
        Some("b") => Answer::json(404, &json!({"message": "no such door"})),
        _ => Answer::json(200, &json!({"open": true})),
    });
    let ran = doors.run(&["action", "hotel", "open", "--targets", "a,b,c"]).await.fails_with(7);
    assert_eq!(ran.out, "ok       200  a\nfailed   404  b\nok       200  c\n");
    ran.says("b: The server answered 404. It says: no such door").says("keydesk runs retry");
    let json = doors.run(&["--json", "action", "hotel", "open", "--targets", "a,b"]).await.fails_with(7).json();
    assert_eq!(json["run"]["counts"]["failed"], 1);
    assert_eq!(
        (&json["results"][0]["state"], &json["results"][0]["body"]),
        (&json!("accepted"), &json!("{\"open\":true}"))
    );
    let shown = doors.run(&["runs", "show", "last", "--state", "failed"]).await.well().out;
    assert!(shown.starts_with("Open doors: done, 1 of 2 accepted, 1 failed\nfailed   404  b  "), "{shown}");
    let csv = doors.run(&["runs", "export", "last"]).await.well().out;
    assert!(csv.starts_with("number,target,label,state,") && csv.lines().count() == 3, "{csv}");
    let all = doors.run(&["--json", "runs", "export", "last"]).await.well().json();
    assert_eq!(all["rows"].as_array().unwrap().len(), 2, "{all}");
    doors.server.always(OPEN, Answer::json(200, &json!({"open": true})));
    doors.run(&["runs", "retry", "last"]).await.well();
    assert_eq!(doors.opened()["b"], 3);
    assert_eq!(doors.run(&["runs"]).await.well().out.lines().count(), 3);
    doors.run(&["runs", "remove", "last"]).await.well();
    assert_eq!(doors.run(&["runs"]).await.well().out.lines().count(), 2);
    doors.run(&["runs", "show", "nothing"]).await.fails_with(2);
}

/// The whole run, not a target of it: what waits is sent when a person says so.
#[tokio::test]
async fn h8_the_limit_of_a_day_pauses_the_command_and_it_says_from_when_on_it_can_go_on() {
    let doors = Doors::new().await;
    let words = "You have reached the limit of the day: again at 2036-11-23 00:00:00 UTC";
    let limited = || Answer::new(429).header("content-type", "text/plain").body(words);
    doors.server.answer(OPEN, Answer::json(200, &json!({"open": true})));
    doors.server.always(OPEN, limited());
    let list = doors.list("many", 40);
    let ran = doors.run(&["action", "hotel", "open", "--targets", &list, "--yes", "--at-once", "2"]).await;
    let ran = ran.fails_with(5).says(words).says("go on from 2036-11-23T00:00:00").says("keydesk runs resume");
    assert_eq!(ran.out, "ok       200  d0000\n");
    assert!(doors.opened().len() <= 3, "it is not hammered");
    let shown = doors.run(&["runs", "show", "last"]).await.well().out;
    assert!(shown.starts_with("Open doors: paused until 2036-11-23T00:00:0"), "{shown}");
    doors.server.always(OPEN, Answer::json(200, &json!({"open": true})));
    doors.run(&["runs", "resume", "last"]).await.well();
    assert_eq!(doors.last().await["state"], "done");
}

#[tokio::test]
async fn a_filled_form_is_saved_and_sent_by_its_name() {
    let doors = Doors::new().await;
    let save = ["action", "hotel", "open", "--targets", "a,b", "--set", "minutes=9", "--save-as", "Fire drill"];
    doors.run(&save).await.well();
    assert!(doors.opened().is_empty());
    assert!(doors.run(&["trigger"]).await.well().out.starts_with("Fire drill  hotel  open"));
    doors.run(&["trigger", "fire drill"]).await.well();
    assert_eq!(doors.opened().values().sum::<usize>(), 2);
    assert_eq!(doors.server.received_at(OPEN)[0].json()["minutes"], 9);
    doors.run(&["trigger", "fire dril"]).await.fails_with(2).says("Fire drill");
    doors.run(&["trigger", "Fire drill", "--remove"]).await.well();
    assert_eq!(doors.run(&["trigger"]).await.well().out, "");
}

/// What comes back from many at once does not fill the memory, nor does a server that never ends.
#[tokio::test]
async fn h6_endless_answers_of_many_at_once_are_cut_and_take_little_memory() {
    let doors = Doors::new().await;
    let drip = Duration::from_millis(1);
    doors.server.always(OPEN, Answer::new(200).body(vec![b'a'; 32 << 20]).drip(16 << 10, drip));
    let list = doors.list("many", 200);
    let child = doors.house.start(&["action", "hotel", "open", "--targets", &list, "--yes", "--at-once", "64"]);
    let status = format!("/proc/{}/status", child.id().unwrap());
    let peak = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let (seen, watched) = (peak.clone(), status.clone());
    let watching = tokio::spawn(async move {
        loop {
            let text = std::fs::read_to_string(&watched).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0);
            seen.fetch_max(kibibytes, std::sync::atomic::Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let ran = doors.house.end(child).await.well();
    watching.abort();
    assert_eq!(ran.out.lines().count(), 200);
    let kibibytes = peak.load(std::sync::atomic::Ordering::Relaxed);
    assert!(kibibytes > 0 && kibibytes < 100 * 1024, "{kibibytes} KiB");
}
