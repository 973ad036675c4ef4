use std::fmt::Write;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::home::Desk;
use crate::oauth::Parameters;
use crate::page::{escape, page};
use crate::shared::Shared;

/// What a form field may hold at most: an hour of latency would look like a hang.
const LONGEST_LIFETIME: u64 = 10 * 365 * 24 * 60 * 60;
const LONGEST_LATENCY: u64 = 60_000;
const MOST_FAULTS: u64 = 1000;

/// What the settings form can be told to do, and what is said after it.
const DONE: [(&str, &str); 4] = [
    ("set", "Set. It counts from now on."),
    ("expire", "Every access token given so far has ended. Refresh tokens stay good."),
    ("revoke", "Every code, access token and refresh token given so far is revoked."),
    ("fail", "Planned. The failures come first at that path."),
];

/// POST from the home page's forms. A page of another origin can send one too, but not hide whose it
/// is: browsers say so in Origin.
pub(crate) async fn change(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_own_origin(&headers, desk.shared.port) {
        return (StatusCode::FORBIDDEN, "Not a page of the sandbox\n").into_response();
    }
    let form = Parameters::parse(&body);
    match obey(&desk, &form) {
        Ok(done) => (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/?done={done}#settings"))]).into_response(),
        Err(message) => refuse(message),
    }
}

/// None at all is a program's on this machine, which needs no browser to do harm.
fn is_own_origin(headers: &HeaderMap, port: u16) -> bool {
    let own = |origin: &str| ["127.0.0.1", "localhost"].iter().any(|name| origin == format!("http://{name}:{port}"));
    headers.get_all(header::ORIGIN).iter().all(|origin| origin.to_str().is_ok_and(own))
}

fn obey(desk: &Desk, form: &Parameters) -> Result<&'static str, &'static str> {
    let Some((asked, _)) = DONE.iter().find(|(name, _)| form.get("do") == Some(name)) else {
        return Err("The sandbox doesn\u{2019}t know what to do.");
    };
    match *asked {
        "set" => set(&desk.shared, form)?,
        "expire" => desk.providers.expire_access_tokens(),
        "revoke" => desk.providers.revoke_all(),
        _ => fail(&desk.shared, form)?,
    }
    Ok(asked)
}

fn set(shared: &Shared, form: &Parameters) -> Result<(), &'static str> {
    let lifetime = number(form, "access_token_lifetime", 1..=LONGEST_LIFETIME)
        .ok_or("An access token lives a second at least, and ten years at most.")?;
    let latency = number(form, "latency", 0..=LONGEST_LATENCY).ok_or("Answers are held back for a minute at most.")?;
    shared.change(|options| {
        options.access_token_lifetime = Duration::from_secs(lifetime);
        options.latency = Duration::from_millis(latency);
    });
    Ok(())
}

fn fail(shared: &Shared, form: &Parameters) -> Result<(), &'static str> {
    let path = form.get("path").map(str::trim).filter(|path| path.starts_with('/')).ok_or("A path begins with /.")?;
    let status = number(form, "status", 200..=599).ok_or("A status is a number from 200 to 599.")?;
    let status = u16::try_from(status).map_err(|_| "A status is a number from 200 to 599.")?;
    let times = number(form, "times", 0..=MOST_FAULTS).ok_or("Up to a thousand requests can be made to fail.")?;
    let times = usize::try_from(times).map_err(|_| "Up to a thousand requests can be made to fail.")?;
    shared.faults.plan(path, status, "{\"error\":\"failed_on_purpose\"}", times);
    Ok(())
}

fn number(form: &Parameters, name: &str, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
    form.get(name)?.trim().parse().ok().filter(|number| range.contains(number))
}

fn refuse(message: &str) -> Response {
    let body = format!(
        "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n<h1>Nothing was changed</h1>\n\
         <p class=\"alert\" role=\"alert\">{}</p>\n<p><a href=\"/#settings\">Back to the settings</a></p>\n</div>",
        escape(message)
    );
    page(StatusCode::BAD_REQUEST, "Nothing was changed", false, &body)
}

/// The forms, and what the last one did.
pub(crate) fn card(shared: &Shared, done: Option<&str>) -> String {
    let said = DONE.iter().find(|(name, _)| done == Some(name));
    let said = said.map(|(_, said)| format!("<p class=\"notice\" role=\"status\">{said}</p>\n")).unwrap_or_default();
    let options = shared.options();
    let (lifetime, latency) = (options.access_token_lifetime.as_secs(), options.latency.as_millis());
    let paths = shared.record.requests().into_keys().filter(|path| !path.contains('?') && path.len() > 1).fold(
        String::new(),
        |mut html, path| {
            let _ = write!(html, "<option value=\"{}\">", escape(&path));
            html
        },
    );
    format!(
        "<div class=\"card\" id=\"settings\">\n<h2>Settings while it runs</h2>\n{said}\
         <form class=\"line\" method=\"post\" action=\"/sandbox/settings\">\n\
         <p><label for=\"lifetime\">Access tokens live (seconds)</label>\
         <input id=\"lifetime\" name=\"access_token_lifetime\" type=\"number\" min=\"1\" max=\"{LONGEST_LIFETIME}\" \
         value=\"{lifetime}\" required></p>\n\
         <p><label for=\"latency\">Hold answers back (ms)</label>\
         <input id=\"latency\" name=\"latency\" type=\"number\" min=\"0\" max=\"{LONGEST_LATENCY}\" \
         value=\"{latency}\" required></p>\n\
         <button name=\"do\" value=\"set\">Set</button>\n</form>\n\
         <form class=\"line\" method=\"post\" action=\"/sandbox/settings\">\n\
         <p class=\"wide\"><label for=\"path\">Fail requests to the path</label>\
         <input id=\"path\" name=\"path\" type=\"text\" list=\"paths\" placeholder=\"/oauth/token\" \
         autocomplete=\"off\" spellcheck=\"false\" required>\
         <datalist id=\"paths\">{paths}</datalist></p>\n\
         <p><label for=\"status\">With status</label>\
         <input id=\"status\" name=\"status\" type=\"number\" min=\"200\" max=\"599\" value=\"503\" required></p>\n\
         <p><label for=\"times\">So many times</label>\
         <input id=\"times\" name=\"times\" type=\"number\" min=\"0\" max=\"{MOST_FAULTS}\" value=\"1\" required></p>\n\
         <button name=\"do\" value=\"fail\">Plan</button>\n</form>\n\
         <form class=\"line\" method=\"post\" action=\"/sandbox/settings\">\n\
         <button name=\"do\" value=\"expire\">End all access tokens now</button>\n\
         <button name=\"do\" value=\"revoke\">Revoke everything</button>\n</form>\n</div>"
    )
}
