use serde_json::Value;

use super::problem::Problem;
use crate::oauth::Parameters;

const MOST: usize = 1000;

/// The query of a list: `limit, offset, searchTerm, searchFields, sort, sortOrder` (providers.md §3).
pub(super) struct List {
    limit: usize,
    offset: usize,
    term: Option<String>,
    fields: Vec<String>,
    sort: Option<String>,
    descending: bool,
    query: Parameters,
}

impl List {
    /// `sortable` are the fields to sort by and to search in. Separated by commas in `searchFields`,
    /// and all of them without it: the sandbox's choice.
    pub(super) fn read(query: Option<&str>, sortable: &[&str]) -> Result<Self, Problem> {
        let query = Parameters::parse(query.unwrap_or_default().as_bytes());
        let known = |parameter: &str, field: &str| {
            if sortable.contains(&field) {
                return Ok(field.to_owned());
            }
            Err(Problem::invalid(parameter, &format!("Not a field: {field}")))
        };
        let fields = match query.get("searchFields") {
            Some(fields) => fields.split(',').map(|field| known("searchFields", field)).collect::<Result<_, _>>()?,
            None => sortable.iter().map(|field| (*field).to_owned()).collect(),
        };
        let descending = match query.get("sortOrder").map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(Problem::invalid("sortOrder", "asc or desc")),
        };
        Ok(Self {
            limit: number(&query, "limit")?.unwrap_or(MOST),
            offset: number(&query, "offset")?.unwrap_or_default(),
            term: query.get("searchTerm").map(str::to_lowercase),
            fields,
            sort: query.get("sort").map(|field| known("sort", field)).transpose()?,
            descending,
            query,
        })
    }

    /// A parameter of one list only.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    pub(super) fn apply(&self, mut items: Vec<Value>) -> Value {
        items.retain(|item| self.holds(item));
        if let Some(sort) = &self.sort {
            items.sort_by(|one, other| compare(&one[sort], &other[sort]));
        }
        if self.descending {
            items.reverse();
        }
        items.into_iter().skip(self.offset).take(self.limit).collect()
    }

    fn holds(&self, item: &Value) -> bool {
        let Some(term) = &self.term else { return true };
        self.fields.iter().any(|field| text(&item[field]).to_lowercase().contains(term))
    }
}

fn number(query: &Parameters, name: &str) -> Result<Option<usize>, Problem> {
    let Some(text) = query.get(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Problem::invalid(name, "Not a whole number"))
}

fn compare(one: &Value, other: &Value) -> std::cmp::Ordering {
    match (one.as_u64(), other.as_u64()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => text(one).cmp(&text(other)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
