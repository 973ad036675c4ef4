//! The forms of Image Relay: folders as a tree, files with their pictures, quick links, collections, webhooks. The sandbox
//! takes five requests a second and answers more by a 429: none of these may be one too many.

use keydesk_core::{ErrorCode, FieldValue, ResultView, RowAction};
use keydesk_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::{Chosen, Done, Fails, First, Person, Rows, Typed, Values, at, one_of};
use crate::house::sandbox;

async fn alice(sandbox: &Sandbox) -> Person {
    Person::at(sandbox, "image-relay", "api_key").await
}

impl Person {
    /// Opens another form from a row, as the window does, and sends it.
    async fn open(&self, opened: &RowAction, row: &Value) -> Value {
        let form = self.action(&opened.action);
        let initial = form.fields.iter().filter_map(|field| Some((field.id.clone(), field.initial.clone()?)));
        let mut values: std::collections::BTreeMap<String, FieldValue> =
            initial.map(|(id, value)| (id, FieldValue::Text(value))).collect();
        for (field, pointer) in &opened.set {
            let text = match at(row, pointer).unwrap_or_else(|| panic!("nothing at {pointer} of {row}")) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let field = form.fields.iter().find(|known| known.id == *field).unwrap();
            values.insert(field.id.clone(), one_of(field, text));
        }
        let values: Vec<_> = values.iter().map(|(id, value)| (id.as_str(), value.clone())).collect();
        let run = self.house.run(&self.connection, &form.id, &values).await;
        let result = run.results.into_iter().next().unwrap();
        assert!(result.error.is_none(), "{}: {:?}", form.id, result.error);
        serde_json::from_str(&result.body.unwrap()).unwrap()
    }

    fn opens(&self, from: &str, to: &str) -> RowAction {
        let view = self.action(from).view;
        let found = view.opens().iter().find(|opened| opened.action == to);
        found.unwrap_or_else(|| panic!("{from} does not open {to}")).clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_gets_from_the_tree_of_folders_to_files_their_details_and_a_quick_link_without_typing_a_number() {
    let sandbox = sandbox().await;
    let alice = alice(&sandbox).await;
    let top = alice.read("folders", &[]).await;
    let names: Vec<&str> = top.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Rooms", "Restaurant", "Spa and pool", "Press", "Weddings", "Archive"]);
    let ResultView::Tree { children, .. } = alice.action("folders").view else { panic!("no tree") };
    let below = alice.open(&children, &top[3]).await;
    let ResultView::Tree { rows_at, label, children: deeper, .. } = alice.action(&children.action).view else {
        panic!("what is below is a tree too")
    };
    let rows = at(&below, &rows_at).unwrap();
    assert_eq!((at(&rows[0], &label).unwrap(), &deeper), (json!("Logos"), &children));

    let files = alice.open(&alice.opens("subfolders", "files"), &rows[0]).await;
    let ResultView::Grid { rows_at, image, label, .. } = alice.action("files").view else { panic!("no grid") };
    let file = at(&files, &rows_at).unwrap()[0].clone();
    assert_eq!(at(&file, &label).unwrap(), "Logos 001.jpg");
    let url = at(&file, &image).unwrap();
    let picture = alice.house.keydesk.read_image(&alice.connection.id, url.as_str().unwrap()).await.unwrap();
    assert!(picture.starts_with("data:image/png;base64,iVBORw0KGgo"), "{picture:.60}");

    let details = alice.open(&alice.opens("files", "file"), &file).await;
    assert_eq!(details["filename"], "Logos 001.jpg");
    let mut link = alice.opens("file", "create_quick_link");
    link.set.insert("purpose".to_owned(), "/filename".to_owned());
    let link = alice.open(&link, &details).await;
    assert_eq!((&link["processing"], &link["purpose"]), (&json!(false), &json!("Logos 001.jpg")));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_turned_page_by_page_searched_and_gathered_from_below() {
    let sandbox = sandbox().await;
    let alice = alice(&sandbox).await;
    let rooms = || ("folder", Chosen("Rooms"));
    alice
        .fill_each(vec![
            ("who_am_i", vec![], Values(vec![("/login", json!("alice@hillside.example"))])),
            ("files", vec![rooms()], Rows(100)),
            ("files", vec![rooms(), ("page", Typed("2"))], Rows(34)),
            ("files", vec![rooms(), ("query", Typed("Rooms 13"))], Rows(5)),
            ("files", vec![("folder", Chosen("Press"))], Rows(9)),
            ("files", vec![("folder", Chosen("Press")), ("recursive", Typed("true"))], Rows(15)),
            ("search_files", vec![("query", Typed("logos"))], Rows(6)),
            ("search_files", vec![("query", Typed("nothing such"))], Rows(0)),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_made_renamed_and_deleted_and_names_that_cannot_be_are_told() {
    let sandbox = sandbox().await;
    let alice = alice(&sandbox).await;
    alice
        .fill_each(vec![
            ("create_top_folder", vec![("name", Typed("Garden"))], Values(vec![("/parent_id", json!(3001))])),
            (
                "create_folder",
                vec![("folder", Chosen("Garden")), ("name", Typed("Roses"))],
                Values(vec![("/name", json!("Roses"))]),
            ),
            ("subfolders", vec![("folder", Chosen("Garden"))], Rows(1)),
            (
                "rename_folder",
                vec![("folder", Chosen("Garden")), ("name", Typed("Park"))],
                Values(vec![("/name", json!("Park"))]),
            ),
            ("delete_folder", vec![("folder", Chosen("Park"))], Done),
            ("create_top_folder", vec![("name", Typed("Sun & rain"))], Fails(ErrorCode::BadRequest, "may not contain")),
            ("folders", vec![], Rows(6)),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_terms_and_keywords_is_moved_and_deleted() {
    let sandbox = sandbox().await;
    let alice = alice(&sandbox).await;
    let logo = || ("file", Chosen("Logos 002"));
    alice
        .fill_each(vec![
            (
                "set_term",
                vec![logo(), ("term", Chosen("Photographer")), ("value", Typed("Ben Castillo"))],
                Values(vec![("/terms/0", json!({"term_id": 411, "value": "Ben Castillo"}))]),
            ),
            (
                "set_term",
                vec![
                    logo(),
                    ("term", Chosen("Photographer")),
                    ("value", Typed("and Anna")),
                    ("overwrite", Typed("false")),
                ],
                Values(vec![("/terms/0/value", json!("Ben Castillo and Anna"))]),
            ),
            (
                "change_keywords",
                vec![logo(), ("add", First(2))],
                Values(vec![("/tags/0/value", json!("spring")), ("/tags/1/value", json!("summer"))]),
            ),
            (
                "change_keywords",
                vec![logo(), ("remove", First(1))],
                Values(vec![("/tags", json!([{"tag_id": 2102, "value": "summer"}]))]),
            ),
            (
                "file",
                vec![logo()],
                Values(vec![("/filename", json!("Logos 002.jpg")), ("/tags/0/value", json!("summer"))]),
            ),
            (
                "move_files",
                vec![("files", First(2)), ("folder", Chosen("Archive"))],
                Values(vec![("/folder_ids", json!([3008]))]),
            ),
            ("files", vec![("folder", Chosen("Archive"))], Rows(2)),
            ("delete_file", vec![logo()], Done),
            ("search_files", vec![("query", Typed("logos"))], Rows(5)),
        ])
        .await;
    // Keywords of all sets are one list, and say of which set they are.
    let keywords = alice.house.keydesk.list_choices(&alice.connection.id, "keywords").await.unwrap();
    let dusk = keywords.iter().find(|choice| choice.label == "dusk").unwrap();
    assert_eq!((keywords.len(), dusk.detail.as_deref()), (8, Some("Light")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quick_link_is_made_once_and_waited_for_until_it_can_be_used() {
    let sandbox = sandbox().await;
    let alice = alice(&sandbox).await;
    let form =
        || vec![("file", Chosen("Spa and pool 003")), ("purpose", Typed("Newsletter")), ("max_width", Typed("800"))];
    alice
        .fill_each(vec![
            (
                "create_quick_link",
                form(),
                Values(vec![("/processing", json!(false)), ("/purpose", json!("Newsletter"))]),
            ),
            ("quick_links", vec![], Rows(1)),
            ("quick_link", vec![("link", Chosen("Newsletter"))], Values(vec![("/processing", json!(false))])),
        ])
        .await;
    assert_eq!(sandbox.count("/image-relay/api/v2/quick_links.json"), 3, "made once, read twice");
    // What cannot be had afterwards takes nothing away: the link was made.
    let link = "/image-relay/api/v2/quick_links/9002.json";
    sandbox.fail_next(link, 502, "", 9);
    alice
        .fill_each(vec![
            ("create_quick_link", form(), Values(vec![("/id", json!(9002)), ("/processing", json!(true))])),
            ("quick_links", vec![], Rows(2)),
        ])
        .await;
    assert!(sandbox.count(link) >= 1);
    alice.fill_each(vec![("delete_quick_link", vec![("link", Chosen("Newsletter"))], Done)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn collections_are_made_filled_read_and_deleted() {
    let sandbox = sandbox().await;
    let alice = alice(&sandbox).await;
    alice
        .fill_each(vec![
            ("collections", vec![], Rows(2)),
            ("collection_files", vec![("collection", Chosen("Brochure"))], Rows(9)),
            (
                "create_collection",
                vec![("name", Typed("Summer")), ("file", Chosen("Weddings 001"))],
                Values(vec![("/file_count", json!(1))]),
            ),
            (
                "add_to_collection",
                vec![("files", First(3)), ("collection", Chosen("Summer")), ("name", Typed("Summer"))],
                Values(vec![("/name", json!("Summer"))]),
            ),
            ("collection_files", vec![("collection", Chosen("Summer"))], Rows(4)),
            ("delete_collection", vec![("collection", Chosen("Summer"))], Done),
            ("create_collection", vec![("name", Typed("Empty"))], Values(vec![("/file_count", json!(0))])),
            ("collections", vec![], Rows(3)),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_made_paused_gone_on_with_and_deleted() {
    let sandbox = sandbox().await;
    let alice = alice(&sandbox).await;
    let hook = || ("webhook", Chosen("https://hillside.example/hook"));
    alice
        .fill_each(vec![
            ("supported_webhooks", vec![], Rows(3)),
            (
                "create_webhook",
                vec![
                    ("resource", Chosen("file")),
                    ("what", Typed("processed")),
                    ("address", Typed("https://hillside.example/hook")),
                    ("emails", Typed("[\"ops@hillside.example\"]")),
                ],
                Values(vec![("/state", json!("normal")), ("/notification_emails/0", json!("ops@hillside.example"))]),
            ),
            ("webhooks", vec![], Rows(1)),
            ("pause_webhook", vec![hook()], Values(vec![("/state", json!("paused"))])),
            ("resume_webhook", vec![hook()], Values(vec![("/state", json!("normal"))])),
            ("delete_webhook", vec![hook()], Done),
            ("webhooks", vec![], Rows(0)),
        ])
        .await;
}

/// Section 2.2. Also where several things are looked at at once: the lists of a form, and files beside them.
#[tokio::test(flavor = "multi_thread")]
async fn h8_lists_pages_and_reads_together_are_no_more_than_five_a_second() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let alice = alice(&sandbox).await;
    let list = |id: &'static str| alice.house.keydesk.list_choices(&alice.connection.id, id);
    let (files, keywords, terms, folders, read) = tokio::join!(
        list("files"),
        list("keywords"),
        list("terms"),
        list("folders"),
        alice.read("search_files", &[("query", Typed("press"))]),
    );
    assert_eq!((files.unwrap().len(), folders.unwrap().len()), (489, 6));
    assert_eq!((keywords.unwrap().len(), terms.unwrap().len()), (8, 2));
    assert_eq!(read.as_array().unwrap().len(), 9);
}
