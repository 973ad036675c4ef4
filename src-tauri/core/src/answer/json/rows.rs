//! The rows of a tree: what is open in it, and a window onto that.

use std::hash::RandomState;

use super::member::{Cursor, Member};
use super::names::{hash, name_of, repeated, shown};
use super::tree::Tree;
use super::walk::{DOCUMENT, Json};
use crate::answer::view::JsonRow;
use crate::error::{Error, Result};

/// What of a name or a value a row shows, in characters.
const SHOWN: usize = 2000;
/// How many are opened at once. The rest stays closed.
const MOST_OPENED: usize = 200_000;
/// How many may be open.
const MOST_OPEN: usize = 1_000_000;

/// The rows of one text. The outermost value is open at first.
#[derive(Default)]
pub struct Rows {
    pub(super) tree: Tree,
    /// What is open and has not ended yet.
    growing: Vec<u64>,
    hashes: RandomState,
}

impl Rows {
    /// How many are visible now.
    ///
    /// # Errors
    /// When the disk refuses; also in all below.
    pub fn total(&mut self, json: &mut Json) -> Result<u64> {
        self.keep_up(json)?;
        Ok(self.tree.rows())
    }

    /// A window onto them.
    ///
    /// # Errors
    /// See above.
    pub fn list(&mut self, json: &mut Json, from: u64, count: u32) -> Result<Vec<JsonRow>> {
        self.keep_up(json)?;
        let Some((mut container, index)) = self.tree.place(from) else { return Ok(Vec::new()) };
        let mut cursor = json.member_number(container, index)?;
        let mut rows = Vec::new();
        while rows.len() < count as usize {
            let visible = self.tree.node(container).map_or(0, |node| node.count);
            let member = if cursor.index < visible { json.next(&mut cursor)? } else { None };
            let Some(member) = member else {
                let Some(node) = self.tree.node(container).filter(|_| container != DOCUMENT) else { break };
                let (parent, index) = (node.parent, node.index);
                let end = cursor.end.map_or_else(|| json.end_of_container(container), Ok)?;
                (cursor, container) = (json.after(parent, index, end)?, parent);
                continue;
            };
            rows.push(self.row(json, from + rows.len() as u64, container, &member)?);
            if self.tree.node(member.at).is_some() {
                (cursor, container) = (json.members(member.at)?, member.at);
            } else {
                json.skip(&mut cursor, &member)?;
            }
        }
        Ok(rows)
    }

    fn row(&mut self, json: &mut Json, row: u64, container: u64, member: &Member) -> Result<JsonRow> {
        let node = self.tree.node(member.at);
        let (open, count) = (node.is_some(), node.map(|node| node.count));
        let (text, cut, children) = if member.is_container() {
            (String::new(), false, Some(count.map_or_else(|| json.count(member.at), Ok)?))
        } else {
            let end = json.end(member)?;
            let (text, cut) = shown(json, member.at, end, SHOWN)?;
            (text, cut, None)
        };
        Ok(JsonRow {
            row,
            offset: member.at,
            depth: self.tree.node(container).map_or(0, |node| node.depth),
            name: member.name.map(|name| name_of(json, name, SHOWN)).transpose()?,
            index: (member.name.is_none() && container != DOCUMENT).then_some(member.index),
            kind: member.kind,
            text,
            cut,
            children,
            open,
            repeated: self.is_repeated(json, container, member)?,
        })
    }

    /// Opens or closes the object or array of a row, and with `all` what is in it.
    ///
    /// # Errors
    /// `invalid_input` where there are too many open ones; see above.
    pub fn toggle(&mut self, json: &mut Json, row: u64, open: bool, all: bool) -> Result<u64> {
        self.keep_up(json)?;
        if let Some((container, index)) = self.tree.place(row)
            && let Some(member) = json.member_number(container, index).and_then(|mut at| json.next(&mut at))?
            && member.is_container()
        {
            let is_open = self.tree.node(member.at).is_some();
            if is_open && (!open || all) {
                self.tree.close(member.at);
            }
            if open && (all || !is_open) {
                self.has_room()?;
                if all {
                    self.add_all(json, container, &member)?;
                } else {
                    self.add(json, container, &member)?;
                }
                self.make_visible(member.at, container);
            }
            self.growing.retain(|at| self.tree.node(*at).is_some());
        }
        Ok(self.tree.rows())
    }

    /// Opens what is above a place, and gives its row.
    ///
    /// # Errors
    /// See above.
    pub fn reveal(&mut self, json: &mut Json, place: u64) -> Result<u64> {
        self.keep_up(json)?;
        let path = json.path(place)?;
        let closed: Vec<_> =
            path.windows(2).filter(|step| self.tree.node(step[0].member.at).is_none()).map(|step| step[0]).collect();
        if !closed.is_empty() {
            self.has_room()?;
        }
        for step in &closed {
            self.add(json, step.container, &step.member)?;
        }
        // The innermost first: each then has all its rows when it is counted.
        let (Some(first), rest) = (closed.first(), closed.get(1..).unwrap_or_default()) else {
            return Ok(self.row_of(&path).unwrap_or_default());
        };
        rest.iter().rev().for_each(|step| _ = self.tree.link(step.member.at));
        self.make_visible(first.member.at, first.container);
        Ok(self.row_of(&path).unwrap_or_default())
    }

    /// The row at a place, where it is visible.
    ///
    /// # Errors
    /// See above.
    pub fn visible(&mut self, json: &mut Json, place: u64) -> Result<Option<u64>> {
        self.keep_up(json)?;
        let path = json.path(place)?;
        let is_visible = path.windows(2).all(|step| self.tree.node(step[0].member.at).is_some());
        Ok(if is_visible { self.row_of(&path) } else { None })
    }

    fn row_of(&self, path: &[super::path::Step]) -> Option<u64> {
        path.last().map(|step| self.tree.row(step.container, step.member.index))
    }

    fn has_room(&self) -> Result<()> {
        if self.tree.len() < MOST_OPEN {
            Ok(())
        } else {
            Err(Error::input("row", "Too much is open: close something."))
        }
    }

    fn make_visible(&mut self, at: u64, container: u64) {
        let rows = self.tree.link(at);
        self.tree.grew(container, rows as i64);
    }

    /// Opens one, which is not visible by that yet.
    fn add(&mut self, json: &mut Json, container: u64, member: &Member) -> Result<()> {
        let count = json.count(member.at)?;
        self.tree.add(member.at, container, member.index, count);
        self.watch(json, member.at);
        Ok(())
    }

    fn watch(&mut self, json: &Json, at: u64) {
        if json.known(at).is_some_and(|known| known.end.is_none()) {
            self.growing.push(at);
        }
    }

    /// Opens one with all that is in it, in one walk along it.
    fn add_all(&mut self, json: &mut Json, container: u64, outermost: &Member) -> Result<()> {
        let most = self.tree.len() + MOST_OPENED.min(MOST_OPEN - self.tree.len());
        self.tree.add(outermost.at, container, outermost.index, 0);
        self.watch(json, outermost.at);
        let mut walk: Vec<(Member, Cursor)> = vec![(*outermost, json.members(outermost.at)?)];
        while let Some((within, cursor)) = walk.last_mut() {
            let is_full = self.tree.len() >= most;
            // What was noted of a large one spares the walk to its end, when nothing more is opened in it.
            let known = if is_full { json.known(within.at) } else { None };
            let next = if known.is_some() { None } else { json.next(cursor)? };
            match next {
                Some(member) if member.is_container() && !is_full => {
                    self.tree.add(member.at, within.at, member.index, 0);
                    self.watch(json, member.at);
                    walk.push((member, json.members(member.at)?));
                }
                Some(member) => json.skip(cursor, &member)?,
                None => {
                    let (at, count) = (within.at, known.map_or(cursor.index, |known| known.count));
                    let end = known.map_or(cursor.end, |known| known.end).unwrap_or(DOCUMENT);
                    if let Some(node) = self.tree.node_mut(at) {
                        node.count = count;
                    }
                    walk.pop();
                    if let Some((_, outer)) = walk.last_mut() {
                        self.tree.link(at);
                        outer.at = end;
                    }
                }
            }
        }
        Ok(())
    }

    /// Counts what came since, of what is open and has not ended.
    fn keep_up(&mut self, json: &mut Json) -> Result<()> {
        if self.tree.rows() == 0
            && let Some(root) = json.members(DOCUMENT).and_then(|mut at| json.next(&mut at))?
            && let Some(document) = self.tree.node_mut(DOCUMENT)
        {
            document.count = 1;
            if root.is_container() {
                self.tree.add(root.at, DOCUMENT, 0, 0);
                self.make_visible(root.at, DOCUMENT);
                self.growing.push(root.at);
            }
        }
        for at in std::mem::take(&mut self.growing) {
            let known = json.known(at);
            let count = known.map_or_else(|| json.count(at), |known| Ok(known.count))?;
            let Some(node) = self.tree.node_mut(at) else { continue };
            let more = count as i64 - node.count as i64;
            node.count = count;
            if more != 0 {
                self.tree.grew(at, more);
            }
            if known.is_some_and(|known| known.end.is_none()) {
                self.growing.push(at);
            }
        }
        Ok(())
    }

    /// Whether a name stands in its object more than once, which is looked for when all of the object is there.
    fn is_repeated(&mut self, json: &mut Json, container: u64, member: &Member) -> Result<bool> {
        let Some(name) = member.name else { return Ok(false) };
        let is_there = json.known(container).is_none_or(|known| known.end.is_some());
        if is_there && self.tree.node(container).is_some_and(|node| node.repeated.is_none()) {
            let repeated = repeated(json, container, &self.hashes)?;
            if let Some(node) = self.tree.node_mut(container) {
                node.repeated = Some(repeated);
            }
        }
        let repeated = self.tree.node(container).and_then(|node| node.repeated.as_ref());
        let Some(repeated) = repeated.filter(|repeated| !repeated.is_empty()) else { return Ok(false) };
        let hash = hash(json, name, &self.hashes)?;
        Ok(repeated.binary_search(&hash).is_ok())
    }
}
