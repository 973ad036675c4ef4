//! Which part of a page is meant, in the words a person (or a screen reader) would use.

use std::fmt;

use serde_json::{Value, json};

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Something to press.
    Button,
    /// Something to fill in or choose from: text, password, list, checkbox, radio button, switch.
    Field,
    /// A tab of a tab list.
    Tab,
    /// A link.
    Link,
    /// Something to press, whether it looks like a button or like a link.
    Pressable,
    /// A heading.
    Heading,
    /// A dialog.
    Dialog,
    /// A choice of an open list.
    Option,
    /// An entry of a menu.
    MenuItem,
    /// A checkbox.
    Checkbox,
    /// A radio button.
    Radio,
    /// A row of a table.
    Row,
    /// Anything that says something by itself as it appears.
    Status,
}

impl Role {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Button => &["button"],
            Self::Field => &[
                "textbox",
                "searchbox",
                "spinbutton",
                "combobox",
                "listbox",
                "checkbox",
                "radio",
                "switch",
                "group",
                "radiogroup",
            ],
            Self::Tab => &["tab"],
            Self::Link => &["link"],
            Self::Pressable => &["button", "link"],
            Self::Heading => &["heading"],
            Self::Dialog => &["dialog", "alertdialog"],
            Self::Option => &["option"],
            Self::MenuItem => &["menuitem", "menuitemcheckbox", "menuitemradio"],
            Self::Checkbox => &["checkbox", "switch"],
            Self::Radio => &["radio"],
            Self::Row => &["row"],
            Self::Status => &["status", "alert", "log"],
        }
    }
}

/// A role, a name, and where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    role: Role,
    name: String,
    within: Option<String>,
    nth: Option<usize>,
}

impl Query {
    /// The thing of this role with this accessible name. An equal name wins over one that begins so, and that over one
    /// that contains it; letter case and spacing do not matter. An empty name means the first of this role.
    pub fn new(role: Role, name: impl Into<String>) -> Self {
        Self { role, name: name.into(), within: None, nth: None }
    }

    /// Only inside what this CSS selector finds first.
    #[must_use]
    pub fn within(mut self, selector: impl Into<String>) -> Self {
        self.within = Some(selector.into());
        self
    }

    /// Where several are meant: this one, counted from 0.
    #[must_use]
    pub fn nth(mut self, nth: usize) -> Self {
        self.nth = Some(nth);
        self
    }

    pub(crate) fn arguments(&self) -> Value {
        json!({ "roles": self.role.names(), "name": self.name, "within": self.within, "nth": self.nth })
    }
}

impl fmt::Display for Query {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} {:?}", self.role, self.name)?;
        self.nth.map_or(Ok(()), |nth| write!(formatter, " number {nth}"))?;
        self.within.as_ref().map_or(Ok(()), |within| write!(formatter, " within {within}"))
    }
}

macro_rules! short_forms {
    ($($name:ident $role:ident),* $(,)?) => {
        impl Query {
            $(#[doc = concat!("The ", stringify!($name), " of this name.")]
            pub fn $name(name: impl Into<String>) -> Self {
                Self::new(Role::$role, name)
            })*
        }
    };
}

short_forms!(button Button, pressable Pressable, field Field, tab Tab, link Link, heading Heading, dialog Dialog, option Option, row Row);
