use axum::http::StatusCode;
use axum::response::Response;

use crate::account::{PASSWORD, USERNAME};
use crate::page::{escape, page};

/// The page on which a person logs in at one of the authorization servers.
pub(crate) struct LoginPage<'a> {
    /// Says that this is the sandbox.
    pub(crate) badge: &'a str,
    /// Whose, for people.
    pub(crate) provider: &'a str,
    /// What is asked for, as HTML.
    pub(crate) introduction: &'a str,
    /// What the buttons lead to, as HTML.
    pub(crate) outcome: &'a str,
    /// What the button says that logs in.
    pub(crate) allow: &'a str,
    /// Whether there is "Remember me", and whether it is ticked.
    pub(crate) remember_me: Option<bool>,
}

impl LoginPage<'_> {
    /// The page as it is first shown, where one click logs in, or after `refused` was typed with a
    /// wrong password.
    pub(crate) fn show(&self, refused: Option<&str>) -> Response {
        let alert = "<p class=\"alert\" id=\"error\" role=\"alert\">\
            Wrong username or password. The demo account is below.</p>";
        let form = match refused {
            None => self.form(USERNAME, PASSWORD, ""),
            Some(username) => self.form(username, "", alert),
        };
        let Self { badge, provider, introduction, outcome, .. } = self;
        let body = format!(
            "<div class=\"card\">\n<span class=\"badge\">{badge}</span>\n\
             <h1>Log in to {provider}</h1>\n\
             <p class=\"quiet\">{introduction}</p>\n{form}\n</div>\n\
             <footer class=\"quiet\">\n<p>Demo account: <code>{USERNAME}</code>, \
             password <code>{PASSWORD}</code></p>\n<p>{outcome}</p>\n</footer>"
        );
        page(StatusCode::OK, &format!("Log in to {provider} (sandbox)"), false, &body)
    }

    /// No `action`: the form goes to the address it stands at, with the query that holds the request.
    fn form(&self, username: &str, password: &str, alert: &str) -> String {
        let username = escape(username);
        let invalid = if alert.is_empty() { "" } else { " aria-invalid=\"true\" aria-describedby=\"error\"" };
        let (remember_me, allow) = (self.remember_me(), self.allow);
        format!(
            "<form method=\"post\">\n{alert}\n\
             <label for=\"username\">Username</label>\n\
             <input id=\"username\" name=\"username\" type=\"text\" value=\"{username}\" \
             autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\"{invalid}>\n\
             <label for=\"password\">Password</label>\n\
             <input id=\"password\" name=\"password\" type=\"password\" value=\"{password}\" \
             autocomplete=\"off\"{invalid}>\n{remember_me}\
             <div class=\"buttons\">\n\
             <button id=\"log-in\" class=\"first\" name=\"answer\" value=\"log-in\">{allow}</button>\n\
             <button id=\"deny\" name=\"answer\" value=\"deny\">Deny</button>\n</div>\n</form>"
        )
    }

    fn remember_me(&self) -> String {
        let Some(ticked) = self.remember_me else {
            return String::new();
        };
        let checked = if ticked { " checked" } else { "" };
        format!(
            "<div class=\"check\"><input id=\"remember-me\" name=\"remember_me\" type=\"checkbox\" \
             value=\"yes\"{checked}>\n\
             <label for=\"remember-me\">Remember me</label></div>\n"
        )
    }
}

/// A request that nobody can be asked about.
pub(crate) fn cannot_start(message: &str) -> Response {
    let message = escape(message);
    let body = format!(
        "<div class=\"card\">\n<span class=\"badge\">Sandbox</span>\n<h1>This login can\u{2019}t start</h1>\n\
         <p class=\"alert\" role=\"alert\">{message}</p>\n\
         <p class=\"quiet\">Go back to the app that sent you here and check the connection\u{2019}s settings.</p>\n</div>"
    );
    page(StatusCode::BAD_REQUEST, "This login can\u{2019}t start", false, &body)
}
