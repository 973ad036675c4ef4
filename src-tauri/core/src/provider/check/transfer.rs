//! Whether an action that transfers a file makes sense.

use super::document::Node;
use super::sense::Sense;
use crate::provider::action::Action;
use crate::provider::field::FieldKind;
use crate::provider::template::names;
use crate::provider::transfer::Upload;

impl Sense<'_> {
    /// An upload has the one field of kind `file`, and sends it in one way; a transfer is of one file.
    pub(super) fn transfer(&mut self, node: &Node, action: &Action) {
        let files: Vec<_> = action.fields.iter().filter(|field| field.kind == FieldKind::File).collect();
        match &action.upload {
            Some(upload) => {
                if files.len() != 1 || files.iter().any(|field| field.optional) {
                    self.say(node, "action.field", "An upload needs one field of kind “file”, which is not optional.");
                }
                self.upload(node, upload);
            }
            None if !files.is_empty() => self.say(node, "action.field", "Only an upload can have a file."),
            None => {}
        }
        if let (Some(each), Some(_)) = (node.get_ref().get("each"), action.transfer()) {
            self.say(each, "action.each", "A transfer is of one file.");
        }
    }

    fn upload(&mut self, node: &Node, upload: &Upload) {
        let Some(node) = node.get_ref().get("upload") else { return };
        if upload.chunks.is_some() == upload.multipart.is_some() {
            self.say(node, "action.upload", "An upload needs one of chunks and multipart.");
        }
        if upload.request().is_some_and(|request| request.body.is_some()) {
            self.say(node, "action.upload", "The file itself is the body.");
        }
        let Some(chunks) = &upload.chunks else { return };
        let mut texts = chunks.request.query.values().chain([&chunks.request.url]);
        let is_numbered = texts.any(|text| names(text).any(|name| name == "chunk"));
        if let Some(node) = node.get_ref().get("chunks").filter(|_| !is_numbered) {
            self.say(node, "action.upload.chunks", "The server must be told which piece it is: {chunk}.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::super::example::ACME;

    const ACTION: &str = r#"
[[action]]
id = "send"
label = "Send"
summary = "Sends."
icon = "upload"
submit = "Send"
[action.view]
kind = "json"
[[action.field]]
id = "file"
label = "File"
kind = "file"
"#;
    const CHUNKS: &str = r#"
[[action.upload.step]]
take = { job = "/id" }
[action.upload.step.request]
method = "POST"
url = "/jobs"
body = { name = "{file}", size = "{file_size}" }
[action.upload.chunks]
bytes = 5_000_000
[action.upload.chunks.request]
method = "POST"
url = "/jobs/{job}/{chunk}"
"#;
    const FORM: &str = "[action.upload.multipart]\nfield = \"f\"\n[action.upload.multipart.request]\nurl = \"/x\"\n";

    fn keys(text: &str) -> Vec<String> {
        check(&[ACME, text].concat()).0.problems.into_iter().map(|problem| problem.key).collect()
    }

    #[test]
    fn an_upload_has_one_file_and_one_way_and_a_download_none() {
        let file = "[[action.field]]\nid = \"file\"\nlabel = \"File\"\nkind = \"file\"\n";
        let download = "[action.download.request]\nurl = \"/x/{file_size}\"\n";
        for good in [format!("{ACTION}{CHUNKS}"), format!("{ACTION}{FORM}")] {
            assert_eq!(keys(&good), [""; 0], "{good}");
        }
        for (text, key) in [
            (format!("{ACTION}{CHUNKS}{FORM}"), "action.upload"),
            (format!("{}{CHUNKS}", ACTION.replace(file, "")), "action.field"),
            (format!("{ACTION}{}", CHUNKS.replace("{chunk}", "next")), "action.upload.chunks"),
            (format!("{ACTION}{}", CHUNKS.replace("{job}", "{jbo}")), "action.upload.chunks.request.url"),
            (format!("{ACTION}{}", CHUNKS.replace("5_000_000", "0")), "action.upload.chunks.bytes"),
            (format!("{ACTION}{FORM}body = {{ a = 1 }}\n"), "action.upload"),
            (format!("{ACTION}{download}"), "action.field"),
            (format!("{}{download}", ACTION.replace(file, "")), "action.download.request.url"),
            (format!("{}{CHUNKS}", ACTION.replace("submit", "each = \"file\"\nsubmit")), "action.each"),
            (format!("{ACTION}[action.request]\nurl = \"/x\"\n{FORM}"), "action"),
            (ACTION.to_owned(), "action"),
        ] {
            let found = keys(&text);
            assert!(found.iter().any(|at| at == key), "{key}: {found:?}");
        }
    }
}
