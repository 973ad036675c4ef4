//! Rows that are listed, made, read, changed and removed alike: what tells one kind from another is data.

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post, put};
use axum::{Extension, Json};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Desk;
use super::api::read;
use super::id::number;
use super::library::Library;
use super::paging::Paging;
use super::problem::Problem;
use crate::oauth::Parameters;

/// A kind of rows, and what may be done with them.
pub(super) struct Resource {
    /// In a path, and that of its table.
    pub(super) name: &'static str,
    /// The resource that each row belongs to one of, and the member that says to which.
    pub(super) within: Option<(&'static str, &'static str)>,
    pub(super) style: Style,
    pub(super) may: &'static [May],
    pub(super) fields: &'static [Field],
    /// Whether a list that is asked for so holds this row.
    pub(super) wanted: fn(&Parameters, &Value) -> bool,
    /// What the server adds to a new row.
    pub(super) made: fn(&Desk, &mut Map<String, Value>),
    pub(super) created: StatusCode,
    pub(super) removed: StatusCode,
}

/// How a list says which page it is (providers.md §2.2).
#[derive(Clone, Copy)]
pub(super) enum Style {
    /// An object around it.
    Object,
    /// A Link header.
    Link,
    /// Not at all.
    Bare,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    List,
    Read,
    Create,
    Put,
    Patch,
    Delete,
}

/// A member that a body may have.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    Number,
    /// The number of a folder that there is.
    Folder,
    List,
}

impl Kind {
    /// The value as it is kept. A number may come as a text, as everywhere in this API.
    fn read(self, library: &Library, value: &Value) -> Option<Value> {
        let number = || value.as_u64().or_else(|| value.as_str()?.parse().ok());
        match self {
            Self::Text => value.is_string().then(|| value.clone()),
            Self::Flag => value.is_boolean().then(|| value.clone()),
            Self::List => value.is_array().then(|| value.clone()),
            Self::Number => number().map(Value::from),
            Self::Folder => number().filter(|id| library.folders.get(*id).is_some()).map(Value::from),
        }
    }
}

impl Resource {
    /// Its paths.
    pub(super) fn routes(&'static self) -> Vec<(String, MethodRouter<Desk>)> {
        let (all, one) = match self.within {
            None => (format!("/{}", self.name), format!("/{}/{{id}}", self.name)),
            Some((outer, _)) => {
                (format!("/{outer}/{{id}}/{}", self.name), format!("/{outer}/{{id}}/{}/{{row}}", self.name))
            }
        };
        let method = |may| match may {
            May::List => (&all, get(list)),
            May::Create => (&all, post(create)),
            May::Read => (&one, get(show)),
            May::Put => (&one, put(change)),
            May::Patch => (&one, axum::routing::patch(change)),
            May::Delete => (&one, axum::routing::delete(remove)),
        };
        let methods = self.may.iter().map(|may| method(*may));
        methods.map(|(path, methods)| (path.clone(), methods.layer(Extension(self)))).collect()
    }

    /// The rows below one of the outer resource, or all; none where that one is not.
    fn rows<'a>(&self, library: &'a Library, ids: Ids) -> Result<Vec<&'a Value>, Problem> {
        let rows = library.rows(self.name).iter();
        let Some((outer, member)) = self.within else { return Ok(rows.collect()) };
        library.row(outer, ids.outer).ok_or(Problem::not_found())?;
        Ok(rows.filter(|row| row[member] == ids.outer).collect())
    }

    fn find<'a>(&self, library: &'a mut Library, ids: Ids) -> Result<&'a mut Value, Problem> {
        let row = library.table(self.name).get_mut(ids.row).ok_or(Problem::not_found())?;
        let is_within = self.within.is_none_or(|(_, member)| row[member] == ids.outer);
        if is_within { Ok(row) } else { Err(Problem::not_found()) }
    }

    /// What a body says of a row. Members that are not known are heard and not heeded.
    fn said(&self, library: &Library, body: &[u8]) -> Result<Map<String, Value>, Problem> {
        let body: Map<String, Value> = read(body)?;
        let given = self.fields.iter().filter_map(|field| Some((field, body.get(field.name)?)));
        let mut said = Map::new();
        for (field, value) in given {
            let empty = value.is_null() || (!field.required && value == "");
            let read = if empty { Some(Value::Null) } else { field.kind.read(library, value) };
            let read = read.ok_or(Problem::bad_request("A member of the body is not what it must be"))?;
            said.insert(field.name.to_owned(), read);
        }
        Ok(said)
    }
}

/// The numbers in a path: that of the row, and where there is one that of the row it belongs to.
#[derive(Clone, Copy)]
struct Ids {
    outer: u64,
    row: u64,
}

impl<S: Sync> FromRequestParts<S> for Ids {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let named =
            Path::<Vec<(String, String)>>::from_request_parts(parts, &()).await.map_err(|_| Problem::not_found())?;
        let ids: Option<Vec<u64>> = named.iter().map(|(_, text)| number(text)).collect();
        match ids.ok_or(Problem::not_found())?[..] {
            [] => Ok(Self { outer: 0, row: 0 }),
            [id] => Ok(Self { outer: id, row: id }),
            [outer, row, ..] => Ok(Self { outer, row }),
        }
    }
}

type Of = Extension<&'static Resource>;

async fn list(State(desk): State<Desk>, Extension(of): Of, ids: Ids, paging: Paging) -> Result<Response, Problem> {
    let library = desk.library();
    let rows = of.rows(&library, ids)?;
    let rows: Vec<Value> = rows.into_iter().filter(|row| (of.wanted)(&paging.query, row)).cloned().collect();
    Ok(match of.style {
        Style::Object => paging.object(of.name, &rows),
        Style::Link => paging.array(&desk.shared.url, &rows),
        Style::Bare => paging.bare(&rows),
    })
}

async fn show(State(desk): State<Desk>, Extension(of): Of, ids: Ids) -> Result<Json<Value>, Problem> {
    of.find(&mut desk.library(), ids).map(|row| Json(row.clone()))
}

async fn create(State(desk): State<Desk>, Extension(of): Of, ids: Ids, body: Bytes) -> Result<Response, Problem> {
    let mut library = desk.library();
    of.rows(&library, ids)?;
    let said = of.said(&library, &body)?;
    let mut row = Map::new();
    for field in of.fields {
        let value = said.get(field.name).cloned().unwrap_or_default();
        if field.required && (value.is_null() || value == "") {
            return Err(Problem::bad_request("A member that is required is missing"));
        }
        row.insert(field.name.to_owned(), value);
    }
    if let Some((_, member)) = of.within {
        row.insert(member.to_owned(), json!(ids.outer));
    }
    let now = json!(Timestamp::now().to_string());
    row.insert("created_at".to_owned(), now.clone());
    row.insert("updated_at".to_owned(), now);
    (of.made)(&desk, &mut row);
    let row = library.table(of.name).insert(Value::Object(row));
    Ok((of.created, Json(row)).into_response())
}

/// PUT and PATCH alike: what is said is changed.
async fn change(State(desk): State<Desk>, Extension(of): Of, ids: Ids, body: Bytes) -> Result<Json<Value>, Problem> {
    let mut library = desk.library();
    let said = of.said(&library, &body)?;
    let row = of.find(&mut library, ids)?;
    for (name, value) in said {
        row[name] = value;
    }
    row["updated_at"] = json!(Timestamp::now().to_string());
    Ok(Json(row.clone()))
}

/// With what belongs to it.
async fn remove(State(desk): State<Desk>, Extension(of): Of, ids: Ids) -> Result<StatusCode, Problem> {
    let mut library = desk.library();
    of.find(&mut library, ids)?;
    library.table(of.name).remove(ids.row);
    for (inner, member) in super::resources::below(of.name) {
        library.table(inner).retain(|row| row[member] != ids.row);
    }
    Ok(of.removed)
}
