//! JSON as a table: the first list of objects, which is the whole or stands one level down.

use std::collections::HashMap;

use super::member::Member;
use super::names::{name_of, shown};
use super::path::escaped;
use super::walk::{DOCUMENT, Json};
use crate::answer::view::{JsonKind, TableRow, TableShape};
use crate::error::Result;

/// What of a cell or a name is shown, in characters.
const SHOWN: usize = 200;
/// How many rows say which columns there are.
const ROWS: u64 = 200;
/// How many columns there are at most.
const MOST_COLUMNS: usize = 500;
/// How many members of an object are looked at.
const MOST_MEMBERS: u64 = 2000;

/// The table of one text, as far as it is known.
#[derive(Debug, Default)]
pub struct Table {
    found: Option<Found>,
}

#[derive(Debug, Clone)]
struct Found {
    list: u64,
    pointer: String,
    columns: Vec<String>,
    /// Whether more rows may bring more columns.
    open: bool,
}

impl Table {
    /// What there is of it; none where there is no list of objects.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn shape(&mut self, json: &mut Json) -> Result<Option<TableShape>> {
        let Some(Found { list, pointer, columns, .. }) = self.found(json)?.cloned() else { return Ok(None) };
        let rows = json.count(list)?;
        Ok(Some(TableShape { columns, rows, pointer }))
    }

    /// A window onto its rows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn rows(&mut self, json: &mut Json, from: u64, count: u32) -> Result<Vec<TableRow>> {
        let Some(Found { list, columns, .. }) = self.found(json)?.cloned() else { return Ok(Vec::new()) };
        let places: HashMap<&str, usize> = columns.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut cursor = json.member_number(list, from)?;
        let mut rows = Vec::new();
        while rows.len() < count as usize
            && let Some(member) = json.next(&mut cursor)?
        {
            let mut cells = vec![None; columns.len()];
            each_member(json, &member, |json, name, inner| {
                if let Some(place) = places.get(name.as_str()) {
                    let end = json.end(inner)?;
                    cells[*place] = Some(shown(json, inner.at, end, SHOWN)?.0);
                }
                Ok(true)
            })?;
            rows.push(TableRow { row: member.index, offset: member.at, cells });
            json.skip(&mut cursor, &member)?;
        }
        Ok(rows)
    }

    fn found(&mut self, json: &mut Json) -> Result<Option<&Found>> {
        if self.found.is_none() {
            self.found = list(json)?.map(|(list, pointer)| Found { list, pointer, columns: Vec::new(), open: true });
        }
        if let Some(found) = self.found.as_mut().filter(|found| found.open) {
            found.columns = columns(json, found.list)?;
            let has_ended = json.known(found.list).is_none_or(|known| known.end.is_some());
            found.open = !has_ended && json.count(found.list)? < ROWS;
        }
        Ok(self.found.as_ref())
    }
}

/// Where the list begins, and its pointer.
fn list(json: &mut Json) -> Result<Option<(u64, String)>> {
    let mut cursor = json.members(DOCUMENT)?;
    let Some(outermost) = json.next(&mut cursor)? else { return Ok(None) };
    if is_list(json, &outermost)? {
        return Ok(Some((outermost.at, String::new())));
    }
    let mut found = None;
    each_member(json, &outermost, |json, name, member| {
        if is_list(json, member)? {
            found = Some((member.at, format!("/{}", escaped(&name))));
        }
        Ok(found.is_none())
    })?;
    Ok(found)
}

/// Whether it is a list that begins with an object.
fn is_list(json: &mut Json, member: &Member) -> Result<bool> {
    if member.kind != JsonKind::Array {
        return Ok(false);
    }
    let mut cursor = json.members(member.at)?;
    Ok(json.next(&mut cursor)?.is_some_and(|first| first.kind == JsonKind::Object))
}

/// The names of the first rows' members, in the order in which they turn up.
fn columns(json: &mut Json, list: u64) -> Result<Vec<String>> {
    let mut columns: Vec<String> = Vec::new();
    let mut known: HashMap<String, ()> = HashMap::new();
    let mut cursor = json.members(list)?;
    while let Some(row) = json.next(&mut cursor)?.filter(|row| row.index < ROWS) {
        each_member(json, &row, |_, name, _| {
            if columns.len() < MOST_COLUMNS && known.insert(name.clone(), ()).is_none() {
                columns.push(name);
            }
            Ok(columns.len() < MOST_COLUMNS)
        })?;
        json.skip(&mut cursor, &row)?;
    }
    Ok(columns)
}

/// Hands over the first members of an object, until it is told to end.
fn each_member(
    json: &mut Json,
    object: &Member,
    mut then: impl FnMut(&mut Json, String, &Member) -> Result<bool>,
) -> Result<()> {
    if object.kind != JsonKind::Object {
        return Ok(());
    }
    let mut cursor = json.members(object.at)?;
    while let Some(member) = json.next(&mut cursor)?.filter(|member| member.index < MOST_MEMBERS) {
        let name = member.name.map(|name| name_of(json, name, SHOWN)).transpose()?.unwrap_or_default();
        if !then(json, name, &member)? {
            break;
        }
        json.skip(&mut cursor, &member)?;
    }
    Ok(())
}
