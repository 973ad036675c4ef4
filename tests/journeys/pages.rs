//! Lists in pages: every scheme, its end, its caps, and what a server does that means no good.

use std::collections::BTreeMap;

use keydesk_core::{ErrorCode, RunRow};
use keydesk_support::{Answer, FakeServer, Received};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::acme::Acme;

const THINGS: &str = r#"
[[action]]
id = "things"
label = "Things"
summary = "All things."
icon = "list"
submit = "Read"
[[action.field]]
id = "kind"
label = "Kind"
optional = true
[action.request]
url = "/things"
query = { kind = "{kind}" }
[action.view]
kind = "json"
[action.pages]
"#;

struct Things {
    acme: Acme,
    server: FakeServer,
}

impl Things {
    async fn with(pages: &str) -> Self {
        let server = FakeServer::start().await.unwrap();
        let acme = Acme::at(&server.url(""), &format!("{THINGS}{pages}")).await;
        Self { acme, server }
    }

    fn answers(&self, answer: impl Fn(&BTreeMap<String, String>) -> Answer + Send + Sync + 'static) {
        self.server.answer_with("/v1/things", move |received| answer(&query(received)));
    }

    async fn read(&self) -> RunRow {
        self.acme.house.run(&self.acme.connection, "things", &[]).await.results.remove(0)
    }

    /// All there is.
    async fn whole(&self) -> Value {
        let result = self.read().await;
        assert!(result.error.is_none() && !result.truncated, "{:?}", result.error);
        serde_json::from_str(&result.body.unwrap()).unwrap()
    }

    /// The queries that were received.
    fn asked(&self) -> Vec<String> {
        self.server.received_at("/v1/things").into_iter().map(|received| received.query).collect()
    }
}

fn query(received: &Received) -> BTreeMap<String, String> {
    form_urlencoded::parse(received.query.as_bytes()).into_owned().collect()
}

fn number(query: &BTreeMap<String, String>, name: &str) -> usize {
    query.get(name).map_or(0, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_by_a_cursor_end_with_an_empty_one_or_none() {
    for end in [json!(""), json!(null)] {
        let things = Things::with("scheme = \"cursor\"\nrows = \"/data\"").await;
        let last = end.clone();
        things.answers(move |query| {
            let (rows, next) = match query.get("cursor").map(String::as_str) {
                None => (json!([1, 2]), json!("a b&c")),
                Some("a b&c") => (json!([3]), json!("d")),
                _ => (json!([4]), last.clone()),
            };
            Answer::json(200, &json!({"total": 4, "data": rows, "cursor": next}))
        });
        assert_eq!(things.whole().await, json!({"total": 4, "data": [1, 2, 3, 4], "cursor": end}));
        assert_eq!(things.asked(), ["", "cursor=a+b%26c", "cursor=d"]);
    }
}

/// As Image Relay's first style (section 2.2).
#[tokio::test(flavor = "multi_thread")]
async fn pages_by_a_number_in_the_answer_end_with_null() {
    let things = Things::with("scheme = \"page_object\"\nrows = \"/things\"").await;
    things.answers(|query| {
        let page = number(query, "page").max(1);
        let next = (page < 3).then_some(page + 1);
        Answer::json(200, &json!({"things": [page], "pagination": {"current": page, "next": next}}))
    });
    assert_eq!(things.whole().await["things"], json!([1, 2, 3]));
    assert_eq!(things.asked(), ["", "page=2", "page=3"]);
}

/// As its second style.
#[tokio::test(flavor = "multi_thread")]
async fn pages_by_a_link_header_end_where_there_is_none() {
    let things = Things::with("scheme = \"link_header\"\nrows = \"\"").await;
    things.answers(|query| {
        let page = number(query, "page").max(1);
        let answer = Answer::json(200, &json!([page]));
        let link = format!("</v1/things?page=1>; rel=\"prev\", </v1/things?page={}>; rel=\"next\"", page + 1);
        if page < 3 { answer.header("link", &link) } else { answer }
    });
    assert_eq!(things.whole().await, json!([1, 2, 3]));
}

/// As Spoke Zone's OTA files (section 3).
#[tokio::test(flavor = "multi_thread")]
async fn pages_by_an_offset_end_with_one_without_rows_and_keep_the_rest_of_the_query() {
    let things = Things::with("scheme = \"offset\"\nrows = \"\"\nparameter = \"skip\"").await;
    things.answers(|query| {
        assert_eq!(query.get("kind").map(String::as_str), Some("a b"));
        let skip = number(query, "skip");
        Answer::json(200, &json!((skip..5).take(2).collect::<Vec<_>>()))
    });
    let values = [("kind", keydesk_core::FieldValue::Text("a b".to_owned()))];
    let run = things.acme.house.run(&things.acme.connection, "things", &values).await;
    assert_eq!(run.results[0].body.as_deref(), Some("[0,1,2,3,4]"));
    assert_eq!(things.asked().len(), 4);
    // One that knows no offset gives the same page again, which is not shown twice.
    let things = Things::with("scheme = \"offset\"\nrows = \"\"").await;
    things.answers(|_| Answer::json(200, &json!([1, 2])));
    assert_eq!(things.whole().await, json!([1, 2]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_page_is_shown_letter_by_letter_as_it_came() {
    let things = Things::with("scheme = \"cursor\"\nrows = \"/data\"").await;
    let body = "{ \"data\" : [ {\"id\": 12345678901234567890123, \"x\": 1.50} ],  \"cursor\":\"\" }";
    things.answers(move |_| Answer::new(200).header("content-type", "application/json").body(body));
    assert_eq!(things.read().await.body.as_deref(), Some(body));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_end_at_what_is_wanted_at_most_and_it_is_said_that_there_are_more() {
    let things = Things::with("scheme = \"cursor\"\nrows = \"/data\"\nmost = 5").await;
    things.answers(|query| {
        let from = number(query, "cursor");
        Answer::json(200, &json!({"data": [from, from + 1], "cursor": (from + 2).to_string()}))
    });
    let result = things.read().await;
    let whole: Value = serde_json::from_str(result.body.as_deref().unwrap()).unwrap();
    assert_eq!((&whole["data"], result.truncated), (&json!([0, 1, 2, 3, 4]), true));
    assert_eq!(things.asked().len(), 3);
    // And before it is too large to be shown whole.
    let things = Things::with("scheme = \"cursor\"\nrows = \"/data\"").await;
    things.answers(|query| {
        let from = number(query, "cursor");
        Answer::json(200, &json!({"data": ["x".repeat(60_000)], "cursor": (from + 1).to_string()}))
    });
    let result = things.read().await;
    assert!(result.truncated);
    assert_eq!(things.asked().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_leads_in_a_circle_or_never_ends_is_left() {
    let things = Things::with("scheme = \"cursor\"\nrows = \"/data\"").await;
    things.answers(|query| {
        let next = if query.get("cursor").is_some_and(|cursor| cursor == "a") { "b" } else { "a" };
        Answer::json(200, &json!({"data": [next], "cursor": next}))
    });
    assert!(things.read().await.truncated);
    assert_eq!(things.asked(), ["", "cursor=a", "cursor=b"]);
    let things = Things::with("scheme = \"page_object\"\nrows = \"/data\"\nmost = 100000").await;
    things.answers(|query| {
        let page = number(query, "page");
        Answer::json(200, &json!({"data": [page], "pagination": {"next": page + 1}}))
    });
    let result = things.read().await;
    assert_eq!((things.asked().len(), result.truncated), (50, true));
}

/// H2: a link leads the token to no other server.
#[tokio::test(flavor = "multi_thread")]
async fn h2_a_next_page_at_another_server_is_not_asked_for() {
    let things = Things::with("scheme = \"link_header\"\nrows = \"\"").await;
    let other = FakeServer::start().await.unwrap();
    let link = format!("<{}>; rel=\"next\"", other.url("/v1/things"));
    things.answers(move |_| Answer::json(200, &json!([1])).header("link", &link));
    assert_eq!(things.read().await.error.unwrap().code, ErrorCode::LoginNeeded);
    assert!(other.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_fails_is_the_answer_and_half_a_list_is_never_shown_as_the_whole() {
    for (answer, code) in [
        (Answer::json(500, &json!({"message": "Out of order"})), ErrorCode::ServerFailed),
        (Answer::json(429, &json!({})), ErrorCode::RateLimited),
    ] {
        let things = Things::with("scheme = \"cursor\"\nrows = \"/data\"").await;
        things.answers(move |query| match query.get("cursor") {
            None => Answer::json(200, &json!({"data": [1], "cursor": "a"})),
            Some(_) => answer.clone(),
        });
        let result = things.read().await;
        assert_eq!(result.error.unwrap().code, code);
    }
}

/// As Image Relay’s second style where the Link header is still missing (section 2.2).
#[tokio::test(flavor = "multi_thread")]
async fn pages_by_number_end_with_one_that_is_not_full_and_begin_where_they_were_asked_to() {
    let rows = |page: usize, of: usize| (0..of).skip((page - 1) * 2).take(2).collect::<Vec<_>>();
    for (size, of, asked) in [
        ("size = 2", 5, &["", "page=2", "page=3"][..]),
        ("size = 2", 4, &["", "page=2", "page=3"]),
        ("size = 2", 1, &[""]),
        ("", 3, &["", "page=2", "page=3"]),
    ] {
        let things = Things::with(&format!("scheme = \"page_number\"\nrows = \"\"\n{size}")).await;
        things.answers(move |query| Answer::json(200, &json!(rows(number(query, "page").max(1), of))));
        assert_eq!(things.whole().await, json!((0..of).collect::<Vec<_>>()));
        assert_eq!(things.asked(), asked, "{size} {of}");
    }
    let things = Things::with("scheme = \"page_number\"\nrows = \"\"\nsize = 2\nparameter = \"kind\"").await;
    things.answers(move |query| Answer::json(200, &json!(rows(number(query, "kind"), 7))));
    let values = [("kind", keydesk_core::FieldValue::Text("3".to_owned()))];
    let run = things.acme.house.run(&things.acme.connection, "things", &values).await;
    assert_eq!(run.results[0].body.as_deref(), Some("[4,5,6]"));
}

const LISTS: &str = r#"
[[list]]
id = "sets"
items = ""
value = "/id"
label = "/name"
[list.request]
url = "/sets"
[list.pages]
scheme = "page_number"
rows = ""
size = 2
[[list]]
id = "words"
of = "sets"
items = "/words"
value = ""
[list.request]
url = "/sets/{value}"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_all_its_pages_and_one_of_another_is_asked_for_each_of_its_entries() {
    let server = FakeServer::start().await.unwrap();
    server.answer_with("/v1/sets", |received| {
        let sets = [json!({"id": 1, "name": "Season"}), json!({"id": 2, "name": "Light"}), json!({"id": 3})];
        let page = number(&query(received), "page").max(1);
        Answer::json(200, &sets.into_iter().skip((page - 1) * 2).take(2).collect())
    });
    for (set, words) in [(1, json!(["spring", "autumn"])), (2, json!(["dusk", "spring"])), (3, json!([]))] {
        server.always(&format!("/v1/sets/{set}"), Answer::json(200, &json!({"words": words})));
    }
    let acme = Acme::at(&server.url(""), LISTS).await;
    let list = |id: &'static str| acme.house.keydesk.list_choices(&acme.connection.id, id);
    let labels: Vec<_> = list("sets").await.unwrap().into_iter().map(|choice| choice.label).collect();
    assert_eq!(labels, ["Season", "Light", "3"]);
    // What stands there twice is one choice.
    let words = list("words").await.unwrap().into_iter().map(|choice| (choice.value, choice.detail.unwrap()));
    let wanted = [("spring", "Season"), ("autumn", "Season"), ("dusk", "Light")];
    assert_eq!(words.collect::<Vec<_>>(), wanted.map(|(word, set)| (word.to_owned(), set.to_owned())));
    // One of which a part cannot be had is not shown as if it were all.
    server.always("/v1/sets/2", Answer::new(500));
    assert_eq!(list("words").await.unwrap_err().code, ErrorCode::ServerFailed);
}
