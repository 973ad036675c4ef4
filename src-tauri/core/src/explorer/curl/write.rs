//! A request as a command, to be pasted into a shell. In place of the token stands what asks for it.

use reqwest::Method;

use crate::explorer::body::Said;
use crate::explorer::ready::{Ready, text};
use crate::provider::Presented;

/// As the token's place stands in an address that was typed.
const PLACE: &str = "%7Baccess_token%7D";

/// Writes it. `name` is what `keydesk token` knows the connection by.
pub fn write(ready: &Ready, name: &str) -> String {
    let prepared = &ready.prepared;
    let token = format!("\"$(keydesk token {})\"", quoted(name));
    let body = ready.carried.said();
    let mut words = vec!["curl".to_owned()];
    match (&prepared.method, body.is_empty()) {
        (&Method::GET, true) => {}
        (&Method::HEAD, true) => words.push("--head".to_owned()),
        (method, _) => words.push(format!("-X {}", quoted(method.as_str()))),
    }
    // One brace is a pattern to curl, and the address is one word.
    let url = prepared.url.as_str();
    let url = if ready.elsewhere { quoted(url) } else { address(url, &token) };
    words.push(format!("--globoff {url}"));
    match &ready.presented {
        _ if ready.elsewhere => {}
        Presented::Header { name, prefix } => {
            let prefix = prefix.as_ref().map(|prefix| format!("{prefix} ")).unwrap_or_default();
            words.push(format!("-H {}{token}", quoted(&format!("{name}: {prefix}"))));
        }
        Presented::Query(name) => words.push(format!("--url-query {}{token}", quoted(&format!("{name}=")))),
    }
    let own = &prepared.headers;
    if !own.iter().any(|(name, _)| name == "accept") {
        words.push(header("accept", prepared.accept));
    }
    words.extend(own.iter().map(|(name, value)| header(name.as_str(), &text(value))));
    let is_form = body.iter().any(|part| matches!(part, Said::Field { .. } | Said::File { .. }));
    // curl writes that of a form itself, with its own boundary.
    if let Some(media_type) = ready.carried.media_type().filter(|_| !is_form) {
        words.push(header("content-type", &text(media_type)));
    }
    words.extend(body.iter().map(carried));
    words.join(" \\\n  ")
}

/// The token goes into the path only, as when it is sent.
fn address(url: &str, token: &str) -> String {
    let (path, query) = url.split_at(url.find('?').unwrap_or(url.len()));
    let path = path.split(PLACE).map(quoted).collect::<Vec<_>>().join(token);
    if query.is_empty() { path } else { format!("{path}{}", quoted(query)) }
}

fn header(name: &str, value: &str) -> String {
    // Without a value it would take a header away.
    let line = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
    format!("-H {}", quoted(&line))
}

fn carried(part: &Said) -> String {
    match part {
        Said::Text(text) => format!("--data-raw {}", quoted(text)),
        Said::Whole(file) => format!("--data-binary {}", quoted(&format!("@{file}"))),
        Said::Field { name, value } => format!("--form-string {}", quoted(&format!("{name}={value}"))),
        // In quotes, where a comma or semicolon means nothing.
        Said::File { name, file } => format!("-F {}", quoted(&format!("{name}=@{file:?}"))),
    }
}

/// As one word of a POSIX shell. A NUL, which no word can hold, is left out.
fn quoted(text: &str) -> String {
    let text = text.replace('\0', "");
    format!("'{}'", text.replace('\'', "'\\''"))
}
