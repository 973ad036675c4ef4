use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::field;
use super::tenant::is_within;
use crate::oauth::Parameters;

/// The query of a list: `order, direction, limit, offset, search, recurse` (providers.md §5.2).
pub(super) struct List {
    order: Option<String>,
    descending: bool,
    limit: Option<usize>,
    offset: usize,
    search: Option<String>,
    recurse: bool,
}

impl List {
    pub(super) fn read(query: Option<&str>, columns: &[&str], order: Option<&str>) -> Result<Self, Failure> {
        let query = Parameters::parse(query.unwrap_or_default().as_bytes());
        let mut errors = Map::new();
        let direction = choice(&query, "direction", &["asc", "desc"], &mut errors);
        let chosen = choice(&query, "order", columns, &mut errors);
        let limit = number(&query, "limit", &mut errors);
        let offset = number(&query, "offset", &mut errors);
        if !errors.is_empty() {
            return Err(Failure::list_parameters(Value::Object(errors)));
        }
        Ok(Self {
            order: chosen.or(order.map(str::to_owned)),
            descending: direction.as_deref() == Some("desc"),
            limit,
            offset: offset.unwrap_or_default(),
            search: query.get("search").map(str::to_lowercase),
            recurse: query.get("recurse").is_some_and(|value| value.eq_ignore_ascii_case("true")),
        })
    }

    /// Whether what belongs to `tenant` is listed in `scope`.
    pub(super) fn covers(&self, tenant: &str, scope: &str) -> bool {
        tenant == scope || (self.recurse && is_within(tenant, scope))
    }

    /// `{"total","filtered","items"}`; `search` looks into `searched`.
    pub(super) fn apply(&self, mut items: Vec<Value>, searched: &[&str]) -> Value {
        let total = items.len();
        if let Some(search) = &self.search {
            items.retain(|item| searched.iter().any(|field| text(&item[field]).to_lowercase().contains(search)));
        }
        let filtered = items.len();
        if let Some(order) = &self.order {
            items.sort_by_key(|item| text(&item[order]));
        }
        if self.descending {
            items.reverse();
        }
        let limit = self.limit.unwrap_or(usize::MAX);
        let items: Vec<_> = items.into_iter().skip(self.offset).take(limit).collect();
        json!({ "total": total, "filtered": filtered, "items": items })
    }
}

fn choice(query: &Parameters, name: &str, choices: &[&str], errors: &mut Map<String, Value>) -> Option<String> {
    let value = query.get(name)?;
    if !choices.contains(&value) {
        errors.insert(name.to_owned(), json!([field::not_one_of(choices)]));
    }
    Some(value.to_owned())
}

fn number(query: &Parameters, name: &str, errors: &mut Map<String, Value>) -> Option<usize> {
    let error = match query.get(name)?.parse::<i64>() {
        Ok(number) => match usize::try_from(number) {
            Ok(number) => return Some(number),
            Err(_) => field::out_of_range(0, None),
        },
        Err(_) => field::not_a_number(),
    };
    errors.insert(name.to_owned(), json!([error]));
    None
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
