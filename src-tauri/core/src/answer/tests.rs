//! Answers from the first byte to the last row, through the door.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use keydesk_support::Disk;

use super::corpus::{REFUSED, TAKEN, UNDEFINED};
use super::{AnswerShape, Answers, JsonFaultReason as Wrong, JsonKind};
use crate::error::ErrorCode;
use crate::paths::Paths;
use crate::redact::Redactor;
use crate::secret::Secret;

/// A data folder of the test's own.
struct Stage {
    home: tempfile::TempDir,
    redactor: Arc<Redactor>,
    answers: Answers,
}

impl Stage {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let redactor = Arc::new(Redactor::default());
        let paths = Paths::under(home.path());
        paths.create().unwrap();
        let answers = Answers::new(&paths, redactor.clone()).unwrap();
        Self { home, redactor, answers }
    }

    fn write(&self, content: &[u8]) -> String {
        let mut writer = self.answers.begin(false).unwrap();
        content.chunks(1 << 20).for_each(|piece| writer.write(piece).unwrap());
        let id = writer.id().to_owned();
        writer.finish().unwrap();
        id
    }

    fn folder(&self) -> PathBuf {
        Paths::under(self.home.path()).data("answers")
    }

    /// Its shape when all of it was read through.
    async fn whole(&self, answer: &str) -> AnswerShape {
        loop {
            let shape = self.answers.shape(answer, true).await.unwrap();
            if shape.whole {
                return shape;
            }
        }
    }
}

#[tokio::test]
async fn h5_whatever_comes_ends_in_a_tree_or_in_a_fault_with_its_line_and_character() {
    let stage = Stage::new();
    let taken = TAKEN.iter().map(|content| (*content, Some(true), None));
    let refused =
        REFUSED.iter().map(|(content, reason, line, column)| (*content, Some(false), Some((*reason, *line, *column))));
    let undefined = UNDEFINED.iter().map(|(content, taken)| (*content, Some(*taken), None));
    for (content, is_taken, fault) in taken.chain(refused).chain(undefined) {
        let said = String::from_utf8_lossy(content);
        let answer = stage.write(content);
        let shape = stage.whole(&answer).await;
        if let Some(json) = shape.json {
            assert_eq!(Some(json.fault.is_none()), is_taken, "{said}");
            let all = stage.answers.toggle_json_row(&answer, 0, true, true).await.unwrap();
            let rows = stage.answers.json_rows(&answer, 0, 1000).await.unwrap();
            assert_eq!(rows.len() as u64, all, "{said}");
            assert!(!rows.is_empty() || json.fault.is_some(), "{said}");
            for row in rows {
                stage.answers.json_value(&answer, row.offset).await.unwrap();
            }
            if let Some(wanted) = fault {
                assert_eq!(json.fault.map(|it| (it.reason, it.line, it.column)), Some(wanted), "{said}");
            }
        } else {
            assert!(content.is_empty(), "{said}");
        }
        stage.answers.delete(&answer).unwrap();
    }
}

#[tokio::test]
async fn f1_an_answer_lies_on_the_disk_without_the_secrets_that_are_in_use_and_for_this_person_only() {
    let stage = Stage::new();
    stage.redactor.add("a", &Secret::new("canary-0123456789abcdef"));
    let mut writer = stage.answers.begin(false).unwrap();
    for piece in ["{\"token\": \"canary-0123", "456789abc", "def\", \"again\": \"canary-0123456789abcdef\"}"] {
        writer.write(piece.as_bytes()).unwrap();
        assert!(!fs::read_to_string(stage.folder().join(writer.id())).unwrap().contains("canary"));
    }
    let id = writer.id().to_owned();
    let written = writer.finish().unwrap();
    let path = stage.folder().join(&id);
    assert_eq!((written, fs::metadata(&path).unwrap().len()), (44, 44));
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"token\": \"•••\", \"again\": \"•••\"}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(stage.folder()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[tokio::test]
async fn an_answer_can_be_looked_at_while_it_comes() {
    let stage = Stage::new();
    let mut writer = stage.answers.begin(false).unwrap();
    let id = writer.id().to_owned();
    let shape = stage.answers.shape(&id, true).await.unwrap();
    assert!(shape.json.is_none() && !shape.whole && shape.size == 0);
    writer.write(b"[{\"a\": 1}, {\"a\": 2}, {\"a\"").unwrap();
    let shape = stage.answers.shape(&id, false).await.unwrap();
    let json = shape.json.unwrap();
    assert_eq!((json.rows, json.fault, json.table.unwrap().rows, shape.text_rows), (4, None, 3, 1));
    writer.write(b": 3}]\n").unwrap();
    writer.finish().unwrap();
    let shape = stage.whole(&id).await;
    assert_eq!((shape.size, shape.hex_rows, shape.text_rows), (31, 2, 1));
    let rows = stage.answers.json_rows(&id, 3, 1).await.unwrap();
    assert_eq!((rows[0].kind, rows[0].children, rows[0].index), (JsonKind::Object, Some(1), Some(2)));
    let rows = stage.answers.table_rows(&id, 2, 5).await.unwrap();
    assert_eq!(rows[0].cells, [Some("3".to_owned())]);
}

#[tokio::test]
async fn what_is_no_json_is_text_or_bytes() {
    let stage = Stage::new();
    let log = stage.write(b"[INFO] begun\r\n[WARN] slow\n");
    let shape = stage.answers.shape(&log, false).await.unwrap();
    assert!(shape.json.is_none() && shape.text && shape.whole && shape.text_rows == 2);
    let rows = stage.answers.text_rows(&log, 1, 9).await.unwrap();
    assert_eq!((rows[0].text.as_str(), rows[0].line, rows.len()), ("[WARN] slow", 2, 1));
    assert_eq!(stage.answers.image(&log).await.unwrap_err().code, ErrorCode::UnexpectedAnswer);
    let picture = stage.write(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
    let shape = stage.answers.shape(&picture, false).await.unwrap();
    assert!(shape.json.is_none() && !shape.text && shape.text_rows == 0 && shape.hex_rows == 1);
    let url = stage.answers.image(&picture).await.unwrap();
    assert!(url.starts_with("data:image/png;base64,iVBORw0KGgo"), "{url}");
    assert_eq!(stage.answers.base64(&picture, 1, 3).await.unwrap(), "UE5H");
    assert_eq!(stage.answers.hex_rows(&picture, 0, 9).await.unwrap()[0].text, ".PNG........IHDR");
}

#[tokio::test]
async fn what_is_found_leads_to_its_rows() {
    let stage = Stage::new();
    let id = stage.write(b"{\"name\": \"Front desk\",\n \"parts\": [{\"name\": \"front\"}]}");
    stage.whole(&id).await;
    let found = stage.answers.search(&id, "FRONT", false).await.unwrap();
    assert_eq!((found.total, found.cut), (2, false));
    let first = stage.answers.found(&id, 0).await.unwrap();
    assert_eq!((first.json_row, first.text_row), (Some(1), Some(0)));
    let second = stage.answers.found(&id, 1).await.unwrap();
    assert_eq!((second.json_row, second.text_row), (None, Some(1)), "its object is closed");
    assert_eq!(stage.answers.reveal_json(&id, second.offset).await.unwrap(), 4);
    assert_eq!(stage.answers.found(&id, 1).await.unwrap().json_row, Some(4));
    let value = stage.answers.json_value(&id, second.offset).await.unwrap();
    assert_eq!((value.pointer.as_str(), value.text.as_str()), ("/parts/0/name", "\"front\""));
    assert_eq!(stage.answers.found(&id, 2).await.unwrap_err().field.as_deref(), Some("number"));
}

#[tokio::test]
async fn h5_a_line_of_fifty_megabytes_is_rows_of_text_and_one_row_of_a_tree() {
    let stage = Stage::new();
    let mut content = vec![b'x'; 50_000_000];
    (content[0], content[1]) = (b'[', b'"');
    let end = content.len() - 8;
    content[end..].copy_from_slice(b"end\", 7]");
    let id = stage.write(&content);
    let shape = stage.whole(&id).await;
    assert_eq!((shape.text_rows, shape.json.unwrap().rows), (50_000, 3));
    let rows = stage.answers.json_rows(&id, 0, 9).await.unwrap();
    assert_eq!((rows[1].text.len(), rows[1].cut, rows[2].text.as_str()), (2000, true, "7"));
    let last = stage.answers.text_rows(&id, 49_999, 9).await.unwrap();
    assert!(last[0].text.ends_with("end\", 7]") && last[0].line == 1 && !last[0].begins_line);
    assert_eq!(stage.answers.search(&id, "end", true).await.unwrap().total, 1);
    assert_eq!(stage.answers.found(&id, 0).await.unwrap().text_row, Some(49_999));
}

#[tokio::test]
async fn saving_takes_the_place_of_no_file_and_a_name_is_never_a_place() {
    let stage = Stage::new();
    let id = stage.write(b"content");
    let folder = stage.home.path().join("downloads");
    for wanted in ["a.json", "a-2.json", "a-3.json"] {
        let path = stage.answers.save(&id, folder.clone(), "../../a.json").await.unwrap();
        assert_eq!(path, folder.join(wanted));
        assert_eq!(fs::read(path).unwrap(), b"content");
    }
}

#[tokio::test]
async fn what_nobody_refers_to_is_gone_at_the_next_start_and_an_id_leads_nowhere_else() {
    let stage = Stage::new();
    let (kept, orphan, deleted) = (stage.write(b"1"), stage.write(b"2"), stage.write(b"3"));
    stage.answers.delete(&deleted).unwrap();
    stage.answers.delete(&deleted).unwrap();
    fs::write(stage.folder().join("notes.txt"), "mine").unwrap();
    stage.answers.keep_only(&HashSet::new());
    assert_eq!(stage.whole(&orphan).await.size, 1, "it began since the start");
    let paths = Paths::under(stage.home.path());
    let stage = Stage { answers: Answers::new(&paths, stage.redactor.clone()).unwrap(), ..stage };
    stage.answers.keep_only(&HashSet::from([kept.clone()]));
    assert_eq!(stage.whole(&kept).await.size, 1);
    for gone in [&orphan, &deleted, "../settings.json", "notes.txt", ""] {
        let error = stage.answers.shape(gone, true).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("answer")));
    }
    assert!(stage.folder().join("notes.txt").exists(), "what is no answer is left alone");
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_is_there_stays() {
    let stage = Stage::new();
    let Some(disk) = Disk::over(&stage.folder()) else { return };
    let mut writer = stage.answers.begin(false).unwrap();
    let id = writer.id().to_owned();
    writer.write(b"[1, 2, ").unwrap();
    disk.fill().unwrap();
    let piece = vec![b' '; 1 << 20];
    let error = (0..10).find_map(|_| writer.write(&piece).err()).unwrap();
    assert_eq!(error.code, ErrorCode::NotWritten);
    drop(writer);
    let json = stage.whole(&id).await.json.unwrap();
    assert_eq!((json.rows, json.fault.unwrap().reason), (3, Wrong::UnexpectedEnd));
    disk.free().unwrap();
    assert_eq!(stage.answers.begin(false).unwrap().write(b"1"), Ok(()));
}
