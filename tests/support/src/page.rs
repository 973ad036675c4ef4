//! A page in a driven window, as a person has it: found by what things are called, clicked, typed into, read.

use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::axe::{self, Violation};
use crate::evidence::Camera;
use crate::query::{Query, Role};
use crate::wait::{SOON, wait_for};
use crate::{Failure, Outcome};

mod keyboard;

const FINDER: &str = include_str!("page.js");
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The page of an [`App`](crate::App) or a [`SystemBrowser`](crate::SystemBrowser). Whatever does not come about
/// within the patience fails with a sentence, a picture and the page's text.
#[derive(Clone, Debug)]
pub struct Page {
    client: Client,
    camera: Camera,
    patience: Duration,
}

/// How often it is looked whether something has come to rest.
const PATIENT: u32 = 20;

/// An element that was found, and what matters before it is used.
struct Found {
    element: Element,
    disabled: bool,
    tag: String,
}

#[derive(Deserialize)]
struct Answer {
    element: Option<Value>,
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    tag: String,
    /// Where it is, in whole pixels.
    #[serde(default)]
    at: [i32; 2],
    #[serde(default)]
    problem: String,
    #[serde(default)]
    names: Vec<String>,
}

impl Page {
    pub(crate) fn new(client: Client, camera: Camera) -> Self {
        Self { client, camera, patience: SOON }
    }

    /// How long things may take to appear: [`SOON`] unless set.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// The WebDriver session itself, for what has no word here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for an element.
    ///
    /// # Errors
    /// It did not appear; the message names what else of its role is there.
    pub async fn find(&self, query: &Query) -> Outcome<Element> {
        Ok(self.look_for(query, false).await?.element)
    }

    /// Whether it is there now, without waiting.
    ///
    /// # Errors
    /// The window cannot be asked.
    pub async fn has(&self, query: &Query) -> Outcome<bool> {
        Ok(self.look(query).await?.element.is_some())
    }

    /// Waits until it is no longer there.
    ///
    /// # Errors
    /// It is still there.
    pub async fn gone(&self, query: &Query) -> Outcome {
        let ask = async || matches!(self.has(query).await, Ok(false)).then_some(());
        self.or_testify(wait_for(ask, self.patience, &format!("{query} to go")).await).await
    }

    /// Whether it is there and disabled.
    ///
    /// # Errors
    /// It did not appear.
    pub async fn is_disabled(&self, query: &Query) -> Outcome<bool> {
        Ok(self.look_for(query, false).await?.disabled)
    }

    /// Waits until it can be used, where it is there but disabled for a while.
    ///
    /// # Errors
    /// It did not appear, or stayed disabled.
    pub async fn usable(&self, query: &Query) -> Outcome {
        self.look_for(query, true).await.map(drop)
    }

    /// Clicks it, once it can be used.
    ///
    /// # Errors
    /// It did not appear, stayed disabled, or something lies over it.
    pub async fn click(&self, query: &Query) -> Outcome {
        let (found, Err(cause)) = self.with_usable(query, Element::click).await? else {
            return Ok(());
        };
        let over = self.what_lies_over(&found.element).await.unwrap_or_default();
        let failure = Failure::from(cause).while_doing(&format!("click {query}{over}"));
        self.or_testify(Err(failure)).await
    }

    /// Clicks the button of this name.
    ///
    /// # Errors
    /// As [`Self::click`].
    pub async fn press_button(&self, name: &str) -> Outcome {
        self.click(&Query::button(name)).await
    }

    /// Replaces what is in a text field.
    ///
    /// # Errors
    /// It did not appear, or takes no text.
    pub async fn fill(&self, query: &Query, text: &str) -> Outcome {
        let type_over = async |field: &Element| {
            field.clear().await?;
            field.send_keys(text).await
        };
        let (_, typed) = self.with_usable(query, type_over).await?;
        let typed = typed.map_err(|cause| Failure::from(cause).while_doing(&format!("type into {query}")));
        self.or_testify(typed).await
    }

    /// Chooses from a list, the system's own or one that opens.
    ///
    /// # Errors
    /// The list or the choice did not appear.
    pub async fn choose(&self, field: &Query, choice: &str) -> Outcome {
        let found = self.look_for(field, true).await?;
        if found.tag == "SELECT" {
            return self.choose_native(&found.element, choice).await;
        }
        self.click(field).await?;
        self.click(&Query::new(Role::Option, choice)).await
    }

    /// Chooses from a list that narrows as one types.
    ///
    /// # Errors
    /// The list or the choice did not appear.
    pub async fn narrow_and_choose(&self, field: &Query, choice: &str) -> Outcome {
        self.click(field).await?;
        self.fill(field, choice).await?;
        self.click(&Query::new(Role::Option, choice)).await
    }

    /// The text one can see, blanks made single.
    ///
    /// # Errors
    /// The window cannot be reached.
    pub async fn text(&self) -> Outcome<String> {
        let text = self.execute("return document.body ? document.body.innerText : ''", Vec::new()).await?;
        Ok(words(text.as_str().unwrap_or_default()))
    }

    /// Waits for a text, whatever its letter case (styles may change it).
    ///
    /// # Errors
    /// It did not appear within `timeout`.
    pub async fn text_appears(&self, text: &str, timeout: Duration) -> Outcome {
        self.text_is_there(text, true, timeout).await
    }

    /// Waits for a text to go.
    ///
    /// # Errors
    /// It is still there after `timeout`.
    pub async fn text_gone(&self, text: &str, timeout: Duration) -> Outcome {
        self.text_is_there(text, false, timeout).await
    }

    /// Calls a method of the first element that this CSS selector finds, once there is one: for what no name leads to.
    ///
    /// # Errors
    /// It did not appear.
    pub async fn call(&self, selector: &str, method: &str) -> Outcome {
        let script = "const one = document.querySelector(arguments[0]); one?.[arguments[1]](); return one !== null";
        let call = async || {
            let found = self.execute(script, vec![json!(selector), json!(method)]).await.ok()?;
            (found == true).then_some(())
        };
        self.or_testify(wait_for(call, self.patience, &format!("{selector} to be there")).await).await
    }

    /// Runs a script and gives back what it returns.
    ///
    /// # Errors
    /// It threw, or the window cannot be reached.
    pub async fn execute(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Runs a script that calls its last argument when it is done.
    ///
    /// # Errors
    /// It threw, took too long, or the window cannot be reached.
    pub async fn execute_async(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.client.execute_async(script, arguments).await?)
    }

    /// What axe-core finds wrong on the page as it is now.
    ///
    /// # Errors
    /// axe-core is not installed or did not run.
    pub async fn axe(&self) -> Outcome<Vec<Violation>> {
        self.execute(&axe::library()?, Vec::new()).await?;
        let run: axe::Run = serde_json::from_value(self.execute_async(axe::RUN, Vec::new()).await?)?;
        run.found.ok_or_else(|| Failure::new(format!("axe-core: {}", run.failed.unwrap_or_default())))
    }

    /// Fails if axe-core finds anything; `screen` says where that was.
    ///
    /// # Errors
    /// It found something; the message lists it.
    pub async fn axe_finds_nothing(&self, screen: &str) -> Outcome {
        let found = self.axe().await?;
        if found.is_empty() {
            return Ok(());
        }
        let list: Vec<_> = found.iter().map(|one| format!("  {one}")).collect();
        self.or_testify(Err(Failure::new(format!("axe-core on {screen}:\n{}", list.join("\n"))))).await
    }

    /// A picture of what one sees.
    ///
    /// # Errors
    /// It could not be taken or written.
    pub async fn screenshot(&self, path: &Path) -> Outcome {
        self.camera.take(&self.client, path).await
    }

    /// Adds a picture and the page's text to a failure.
    ///
    /// # Errors
    /// The failure it was given.
    pub async fn or_testify<T>(&self, outcome: Outcome<T>) -> Outcome<T> {
        match outcome {
            Err(failure) => Err(self.camera.testify(&self.client, failure).await),
            fine => fine,
        }
    }

    async fn text_is_there(&self, text: &str, there: bool, timeout: Duration) -> Outcome {
        let wanted = words(text).to_lowercase();
        let ask = async || {
            let seen = self.text().await.ok()?.to_lowercase();
            (seen.contains(&wanted) == there).then_some(())
        };
        let what = format!("the text {text:?} to {}", if there { "appear" } else { "go" });
        self.or_testify(wait_for(ask, timeout, &what).await).await
    }

    /// Does this to it, once it can be used. What is drawn anew in between is looked for again, and so is a field that takes
    /// no text: another one by a longer name, found while the one that is meant was still to come.
    async fn with_usable(
        &self,
        query: &Query,
        act: impl AsyncFn(&Element) -> Result<(), CmdError>,
    ) -> Outcome<(Found, Result<(), CmdError>)> {
        let end = Instant::now() + self.patience;
        loop {
            let found = self.look_for(query, true).await?;
            let done = act(&found.element).await;
            let is_another = |cause: &CmdError| cause.is_stale_element_reference() || cause.is_invalid_element_state();
            if !done.as_ref().is_err_and(is_another) || Instant::now() >= end {
                return Ok((found, done));
            }
        }
    }

    async fn look(&self, query: &Query) -> Outcome<Answer> {
        Ok(serde_json::from_value(self.execute(FINDER, vec![query.arguments()]).await?)?)
    }

    async fn look_for(&self, query: &Query, usable: bool) -> Outcome<Found> {
        let mut last = String::from("the window did not answer");
        let (mut before, mut moved) = (None, 0);
        let mut ask = async || match self.look(query).await {
            // Where the page is still being laid out, a click would come down on what stands there by then. Some things never rest.
            Ok(answer) if usable && answer.element.is_some() && before != Some(answer.at) && moved < PATIENT => {
                (before, moved) = (Some(answer.at), moved + 1);
                last = "it moves".into();
                None
            }
            Ok(answer) if answer.element.is_some() && !(usable && answer.disabled) => Some(answer),
            Ok(answer) if answer.element.is_some() => {
                last = "it is disabled".into();
                None
            }
            Ok(answer) => {
                last = format!("{}; there are: {}", answer.problem, answer.names.join(", "));
                None
            }
            Err(cause) => {
                last = cause.to_string();
                None
            }
        };
        let waited = wait_for(&mut ask, self.patience, &query.to_string()).await;
        let waited = waited.map_err(|cause| Failure::new(format!("{cause}: {last}")));
        let answer = self.or_testify(waited).await?;
        let id = answer.element.as_ref().and_then(|element| element[ELEMENT].as_str());
        let id = id.ok_or_else(|| Failure::new("WebDriver gave back no element"))?;
        let element = Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()));
        Ok(Found { element, disabled: answer.disabled, tag: answer.tag })
    }

    async fn what_lies_over(&self, element: &Element) -> Outcome<String> {
        let argument = json!({ ELEMENT: &*element.element_id() });
        let over = self.execute(LIES_OVER, vec![argument]).await?;
        Ok(over.as_str().map(|over| format!(" (over it lies {over})")).unwrap_or_default())
    }

    async fn choose_native(&self, list: &Element, choice: &str) -> Outcome {
        let arguments = vec![json!({ ELEMENT: &*list.element_id() }), json!(choice)];
        let chosen = self.execute(CHOOSE, arguments).await?;
        let choices = chosen.as_str().map(|choices| format!("no choice {choice:?} among {choices}"));
        self.or_testify(choices.map_or(Ok(()), |why| Err(Failure::new(why)))).await
    }
}

const LIES_OVER: &str = r#"
const box = arguments[0].getBoundingClientRect();
const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
if (arguments[0].contains(top)) return null;
return top ? top.outerHTML.replace(/>[^]*/, ">").slice(0, 200) : "nothing, it is outside the window";
"#;

// The system draws the open list itself, out of WebDriver's reach: set the value and say so, as the list would.
const CHOOSE: &str = r#"
const [list, choice] = arguments;
const words = (text) => text.replace(/\s+/g, " ").trim();
const named = [...list.options].find((option) => words(option.label) === choice)
  ?? [...list.options].find((option) => words(option.label).startsWith(choice));
if (!named) return [...list.options].map((option) => option.label).join(", ");
list.value = named.value;
list.dispatchEvent(new Event("input", { bubbles: true }));
list.dispatchEvent(new Event("change", { bubbles: true }));
return null;
"#;

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
