//! A pasted command as a request of a connection.

use url::Url;
use url::form_urlencoded;

use super::command::Command;
use super::words::words;
use crate::account::Account;
use crate::error::{Error, Result};
use crate::explorer::request::{BodyPart, ExplorerRequest, ReadCurl, RequestBody, RequestRow};
use crate::provider::{Presented, fill_url};
use crate::redact::{header_lets_in, parameter_lets_in};
use crate::transport::is_at;

/// Headers that are made with a request.
const MADE: [&str; 5] = ["host", "content-length", "transfer-encoding", "connection", "accept-encoding"];

/// Reads a command. What says who asks is left out: the connection presents its own token.
///
/// # Errors
/// `invalid_input` of `text` when it is no command of curl, or names no address.
pub fn read(account: &Account, presented: &Presented, text: &str) -> Result<ReadCurl> {
    let mut command = Command::read(words(text)?)?;
    let address = command.url.take().ok_or_else(|| Error::input("text", "The command names no address."))?;
    let address = if address.contains("://") { address } else { format!("https://{address}") };
    let no = |error| Error::input("text", format!("Its address is none ({error})."));
    let mut url = Url::parse(&address).map_err(no)?;
    if !url.username().is_empty() || url.password().is_some() {
        command
            .leave_out("The user name in the address was left out: the connection presents its own token.".to_owned());
        // Only an address without a host refuses.
        let _ = (url.set_username(""), url.set_password(None));
    }
    let headers = headers(&mut command, presented);
    let method = method(&command);
    let mut query = query(&mut command, &mut url, presented);
    let (body, headers) = body(&mut command, headers);
    let body = if command.get { RequestBody::None } else { body };
    let elsewhere = !is_at(&url, &account.owner.origins);
    let url = path_of(account, &url).unwrap_or_else(|| url.into());
    query.iter_mut().for_each(|row| row.on = true);
    let follow = command.follow;
    let request = ExplorerRequest { method, url, parameters: Vec::new(), query, headers, body, follow };
    Ok(ReadCurl { request, left_out: command.left_out, elsewhere })
}

fn method(command: &Command) -> String {
    let carries = !command.data.is_empty() || command.has_file || command.is_json || !command.parts.is_empty();
    let usual = match carries && !command.get {
        _ if command.head => "HEAD",
        true => "POST",
        false => "GET",
    };
    command.method.clone().unwrap_or_else(|| usual.to_owned())
}

fn headers(command: &mut Command, presented: &Presented) -> Vec<RequestRow> {
    let mut kept = Vec::new();
    for (name, value) in std::mem::take(&mut command.headers) {
        let own = presented.header().is_some_and(|own| own.eq_ignore_ascii_case(&name));
        let lower = name.to_ascii_lowercase();
        if own || header_lets_in(&name) {
            command.leave_out(format!("{name} was left out: the connection presents its own token."));
        } else if !MADE.contains(&lower.as_str()) {
            kept.push(row(&name, &value));
        }
    }
    kept
}

/// The query as rows; what presents a token is left out. One that rows cannot say stays in the address.
fn query(command: &mut Command, url: &mut Url, presented: &Presented) -> Vec<RequestRow> {
    let given = url.query().unwrap_or_default().to_owned();
    let mut more = std::mem::take(&mut command.query);
    if command.get {
        more.append(&mut command.data);
    }
    let all = std::iter::once(given).chain(more).filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join("&");
    let presents = |name: &str| parameter_lets_in(name) || presented.query() == Some(name);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(all.as_bytes()).into_owned().collect();
    for (name, _) in pairs.iter().filter(|(name, _)| presents(name)) {
        command.leave_out(format!("{name} in the query was left out: the connection presents its own token."));
    }
    if all.split('&').any(|pair| !pair.is_empty() && !pair.contains('=')) {
        let kept = all.split('&').filter(|pair| !presents(pair.split('=').next().unwrap_or_default()));
        let kept = kept.collect::<Vec<_>>().join("&");
        url.set_query(Some(&kept).filter(|kept| !kept.is_empty()).map(String::as_str));
        return Vec::new();
    }
    url.set_query(None);
    pairs.iter().filter(|(name, _)| !presents(name)).map(|(name, value)| row(name, value)).collect()
}

/// What the command carries; the header that says what it is goes with it.
fn body(command: &mut Command, mut headers: Vec<RequestRow>) -> (RequestBody, Vec<RequestRow>) {
    if !command.parts.is_empty() {
        headers.retain(|row| !is_type(row));
        let parts = std::mem::take(&mut command.parts);
        let parts = parts.into_iter().map(|(part, may_be_file)| self::part(command, &part, may_be_file)).collect();
        return (RequestBody::Multipart { parts }, headers);
    }
    if command.data.is_empty() {
        let body = if command.is_json { RequestBody::Json { text: String::new() } } else { RequestBody::None };
        return (body, headers);
    }
    let text = if command.is_json { command.data.concat() } else { command.data.join("&") };
    let said = headers.iter().find(|row| is_type(row)).map(|row| row.value.clone());
    headers.retain(|row| !is_type(row));
    let usual = if command.is_json { "application/json" } else { "application/x-www-form-urlencoded" };
    let media_type = said.unwrap_or_else(|| usual.to_owned());
    let short = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = short == "application/json" && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
    let body = match form(&text) {
        _ if is_json => RequestBody::Json { text },
        Some(rows) if short == "application/x-www-form-urlencoded" => RequestBody::Form { rows },
        _ => RequestBody::Text { text, media_type },
    };
    (body, headers)
}

/// A form, where rows say exactly this.
fn form(text: &str) -> Option<Vec<RequestRow>> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    let named = text.split('&').all(|pair| pair.find('=').is_some_and(|at| at > 0));
    named.then(|| pairs.iter().map(|(name, value)| row(name, value)).collect())
}

fn part(command: &mut Command, part: &str, may_be_file: bool) -> BodyPart {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    if may_be_file && value.starts_with(['@', '<']) {
        command.leave_out(format!("The file of “{name}” was left out: no file is read. Choose it."));
        return BodyPart { name: name.to_owned(), value: String::new(), file: None, on: true };
    }
    let value = if may_be_file { value.split(";type=").next().unwrap_or_default() } else { value };
    BodyPart { name: name.to_owned(), value: value.to_owned(), file: None, on: true }
}

fn is_type(row: &RequestRow) -> bool {
    row.name.eq_ignore_ascii_case("content-type")
}

/// The path below the API's address, where it is one.
fn path_of(account: &Account, url: &Url) -> Option<String> {
    let base = fill_url(account.base_url(), account.owner.variables.as_ref()).ok()?;
    let base = Url::parse(&base).ok()?;
    let rest = url.as_str().strip_prefix(base.as_str().trim_end_matches('/'))?;
    rest.starts_with('/').then(|| rest.to_owned())
}

fn row(name: &str, value: &str) -> RequestRow {
    RequestRow { name: name.to_owned(), value: value.to_owned(), on: true }
}
