//! Answers in the window: of any size, of any kind, by keys.

use keydesk_support::{Outcome, Query, Role, wait_for};
use serde_json::{Value, json};

use crate::pictures::{looked_at, picture};
use crate::stage::{SOON, Stage};

/// In another API's explorer.
async fn explorer(provider: &str, login: &str) -> Outcome<Stage> {
    let stage = Stage::new().await?;
    stage.enter(provider, login).await?;
    stage.open_first().await?;
    stage.app.click(&Query::tab("Explorer")).await?;
    stage.app.find(&Query::field("Filter")).await?;
    Ok(stage)
}

/// Sends a request in a tab of its own.
async fn ask(stage: &Stage, path: &str) -> Outcome {
    let begun = async || {
        stage.app.press("Ctrl+T").await.ok()?;
        stage.app.has(&Query::field("Address")).await.ok()?.then_some(())
    };
    // What is open from before is read first.
    wait_for(begun, SOON, "a request to begin").await?;
    stage.app.fill(&Query::field("Address"), path).await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("200 OK", SOON).await
}

async fn view(stage: &Stage, name: &str) -> Outcome {
    stage.app.click(&Query::tab(name).within("section.answer")).await
}

/// What this script says of the page becomes that.
async fn becomes(stage: &Stage, script: &str, wanted: Value) -> Outcome {
    let script = format!("return ({script})");
    let is_there = async || (stage.app.execute(&script, vec![]).await.ok()? == wanted).then_some(());
    let outcome = wait_for(is_there, SOON, &format!("{script} to be {wanted}")).await;
    stage.app.or_testify(outcome).await
}

/// The last row of the tree, table or text that is drawn.
async fn last_row(stage: &Stage, role: &str, text: &str) -> Outcome {
    let script =
        format!("[...document.querySelectorAll('[role={role}]')].at(-1)?.textContent.includes('{text}') ?? false");
    becomes(stage, &script, json!(true)).await
}

async fn focus(stage: &Stage, role: &str) -> Outcome {
    stage.app.call(&format!("section.answer [role={role}]"), "focus").await
}

#[tokio::test]
async fn a_list_of_many_rows_is_read_to_its_end_as_table_tree_and_text() -> Outcome {
    let stage = explorer("another-api", "client_credentials").await?;
    let rows = 100_000;
    ask(&stage, &format!("/answers/rows?rows={rows}")).await?;
    let counted = "document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')";
    becomes(&stage, counted, json!((rows + 1).to_string())).await?;
    focus(&stage, "grid").await?;
    stage.app.press("End").await?;
    last_row(&stage, "row", &rows.to_string()).await?;
    looked_at(&stage.app, "answer-table").await?;

    view(&stage, "Tree").await?;
    focus(&stage, "tree").await?;
    stage.app.press("End").await?;
    last_row(&stage, "treeitem", &(rows - 1).to_string()).await?;
    stage.app.press("ArrowRight").await?;
    let opened = "document.querySelector('[role=treeitem][aria-selected=true]')?.getAttribute('aria-expanded')";
    becomes(&stage, opened, json!("true")).await?;
    stage.app.press("End").await?;
    last_row(&stage, "treeitem", "\"note\"").await?;
    looked_at(&stage.app, "answer-tree").await?;
    let drawn = "document.querySelectorAll('[role=treeitem]').length < 100";
    becomes(&stage, drawn, json!(true)).await?;

    view(&stage, "Raw").await?;
    focus(&stage, "list").await?;
    stage.app.press("End").await?;
    last_row(&stage, "listitem", &format!("\"id\":{rows},")).await?;
    picture(&stage.app, "answer-raw").await
}

#[tokio::test]
async fn a_text_is_looked_for_and_found_in_tree_and_raw() -> Outcome {
    let stage = explorer("another-api", "client_credentials").await?;
    ask(&stage, "/answers/rows?rows=20000").await?;
    view(&stage, "Tree").await?;
    focus(&stage, "tree").await?;
    stage.app.press("Ctrl+F").await?;
    stage.app.fill(&Query::field("Search in the answer").within("search"), "\"id\":17321,").await?;
    stage.app.text_appears("1 match", SOON).await?;
    stage.app.press("Enter").await?;
    stage.app.text_appears("1 of 1", SOON).await?;
    let found = "document.querySelector('[role=treeitem][aria-selected=true]')?.textContent.includes('17321') ?? false";
    becomes(&stage, found, json!(true)).await?;
    looked_at(&stage.app, "answer-search").await?;
    view(&stage, "Raw").await?;
    focus(&stage, "list").await?;
    stage.app.press("Ctrl+F").await?;
    stage.app.press("Enter").await?;
    becomes(&stage, "document.querySelector('.line.at mark')?.textContent", json!("\"id\":17321,")).await
}

#[tokio::test]
async fn numbers_are_exact_and_a_value_goes_into_another_request_by_keys() -> Outcome {
    let stage = explorer("another-api", "client_credentials").await?;
    ask(&stage, "/answers/exact").await?;
    stage.app.text_appears("123456789012345678901234567890", SOON).await?;
    stage.app.text_appears("0.1000000000000000055511151231257827", SOON).await?;
    becomes(&stage, "document.querySelectorAll('.tree-row .repeated').length", json!(2)).await?;
    focus(&stage, "tree").await?;
    stage.app.press("Home").await?;
    stage.app.press("ArrowDown").await?;
    stage.app.press("v").await?;
    stage.app.find(&Query::dialog("zebra")).await?;
    looked_at(&stage.app, "answer-value").await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("Kept. Say {{zebra}} for it", SOON).await?;
    let connections = stage.app.invoke("list_connections", json!({})).await?;
    let asked = json!({"connection": connections[0]["id"]});
    let variables = stage.app.invoke("list_variables", asked).await?;
    assert_eq!(variables[0], json!({"name": "zebra", "value": "123456789012345678901234567890"}));
    Ok(())
}

#[tokio::test]
async fn what_ends_in_the_middle_is_said_with_line_and_column() -> Outcome {
    let stage = explorer("another-api", "client_credentials").await?;
    ask(&stage, "/answers/broken").await?;
    stage.app.text_appears("The answer is not whole JSON", SOON).await?;
    stage.app.text_appears("line 4, column", SOON).await?;
    looked_at(&stage.app, "answer-fault").await?;
    stage.app.press_button("Go there").await?;
    let there = "document.querySelector('.line.at')?.textContent.includes('\"id\": 2') ?? false";
    becomes(&stage, there, json!(true)).await
}

#[tokio::test]
async fn a_hundred_thousand_levels_are_opened_and_walked() -> Outcome {
    let stage = explorer("another-api", "client_credentials").await?;
    ask(&stage, "/answers/levels?levels=100000").await?;
    view(&stage, "Tree").await?;
    focus(&stage, "tree").await?;
    stage.app.press("Home").await?;
    stage.app.press("*").await?;
    becomes(&stage, "document.querySelectorAll('[role=treeitem]').length > 5", json!(true)).await?;
    stage.app.press("End").await?;
    let level = "document.querySelector('[role=treeitem][aria-selected=true]')?.getAttribute('aria-level')";
    becomes(&stage, level, json!("100000")).await?;
    looked_at(&stage.app, "answer-levels").await
}

#[tokio::test]
async fn a_picture_a_document_and_bytes_are_shown_as_such() -> Outcome {
    let stage = explorer("another-api", "client_credentials").await?;
    ask(&stage, "/answers/image").await?;
    becomes(&stage, "document.querySelector('section.answer img')?.naturalWidth", json!(320)).await?;
    looked_at(&stage.app, "answer-image").await?;
    ask(&stage, "/answers/pdf").await?;
    stage.app.text_appears("Page 1 of 1", SOON).await?;
    becomes(&stage, "document.querySelector('.pdf .sr-only')?.textContent.includes('House rules')", json!(true))
        .await?;
    looked_at(&stage.app, "answer-pdf").await?;
    ask(&stage, "/answers/bytes?bytes=5000").await?;
    becomes(&stage, "document.querySelectorAll('[role=listitem]').length > 10", json!(true)).await?;
    looked_at(&stage.app, "answer-bytes").await?;
    view(&stage, "Headers").await?;
    stage.app.text_appears("application/octet-stream", SOON).await?;
    looked_at(&stage.app, "answer-headers").await?;
    view(&stage, "Timing").await?;
    stage.app.text_appears("Waited for the first byte", SOON).await?;
    looked_at(&stage.app, "answer-timing").await
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_looked_at_while_it_comes_and_cancelled() -> Outcome {
    let stage = explorer("another-api", "client_credentials").await?;
    ask(&stage, "/answers/slow?parts=10000&every_ms=20").await?;
    stage.app.text_appears("Receiving", SOON).await?;
    stage.app.text_appears("Part 20 of 10000", SOON).await?;
    looked_at(&stage.app, "answer-coming").await?;
    stage.app.click(&Query::button("Cancel").within("section.answer")).await?;
    stage.app.text_appears("What had come until then is shown", SOON).await
}

#[tokio::test]
async fn all_pages_of_a_list_are_loaded_as_one() -> Outcome {
    let stage = explorer("image-relay", "api_key").await?;
    ask(&stage, "/folders/3001/files?per_page=2").await?;
    stage.app.text_appears("There are more pages", SOON).await?;
    looked_at(&stage.app, "answer-pages").await?;
    let load = Query::new(Role::Pressable, "Load all");
    stage.app.click(&load).await?;
    stage.app.gone(&load).await?;
    stage.app.text_gone("There are more pages", SOON).await?;
    picture(&stage.app, "answer-all-pages").await
}
