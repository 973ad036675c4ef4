//! Which objects and arrays are open, and so which row is which: by how many rows the open ones before it have. Nothing of
//! what is closed is held.

use std::collections::HashMap;

use super::walk::DOCUMENT;

/// The open ones, by where they begin.
pub struct Tree {
    nodes: HashMap<u64, Node>,
}

/// An open object or array.
#[derive(Debug, Default)]
pub struct Node {
    /// What it is a member of.
    pub parent: u64,
    /// Its number there.
    pub index: u64,
    /// How deep its members stand.
    pub depth: u32,
    /// How many members it has.
    pub count: u64,
    /// Its open members, in order.
    open: Vec<Inner>,
    /// How many rows the open members have.
    inside: u64,
    /// Names that stand in it more than once, by their hashes, when that was looked for.
    pub repeated: Option<Vec<u64>>,
}

/// An open member of an open one.
#[derive(Debug, Clone, Copy)]
struct Inner {
    index: u64,
    at: u64,
    /// How many rows the open members before it have.
    before: u64,
}

impl Node {
    /// How many rows are in it.
    pub fn rows(&self) -> u64 {
        self.count + self.inside
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: HashMap::from([(DOCUMENT, Node::default())]) }
    }
}

impl Tree {
    /// How many rows are visible.
    pub fn rows(&self) -> u64 {
        self.nodes.get(&DOCUMENT).map_or(0, Node::rows)
    }

    /// What is open and begins here.
    pub fn node(&self, at: u64) -> Option<&Node> {
        self.nodes.get(&at)
    }

    /// The same, to note something of it.
    pub fn node_mut(&mut self, at: u64) -> Option<&mut Node> {
        self.nodes.get_mut(&at)
    }

    /// Of what the row is a member, and its number there.
    pub fn place(&self, row: u64) -> Option<(u64, u64)> {
        let (mut container, mut row) = (DOCUMENT, row);
        loop {
            let node = self.nodes.get(&container).filter(|node| row < node.rows())?;
            let before = node.open.partition_point(|inner| inner.index + inner.before <= row);
            let Some(inner) = before.checked_sub(1).map(|last| node.open[last]) else { return Some((container, row)) };
            let further = row - (inner.index + inner.before);
            let rows = self.nodes.get(&inner.at).map_or(0, Node::rows);
            match further.checked_sub(1) {
                None => return Some((container, inner.index)),
                Some(into) if into < rows => (container, row) = (inner.at, into),
                Some(_) => return Some((container, inner.index + further - rows)),
            }
        }
    }

    /// The row of a member of what is open.
    pub fn row(&self, container: u64, index: u64) -> u64 {
        let (mut container, mut index, mut row) = (container, index, 0);
        while let Some(node) = self.nodes.get(&container) {
            let before = node.open.partition_point(|inner| inner.index < index);
            let inside = before.checked_sub(1).map(|last| node.open[last]);
            row += index + inside.map_or(0, |inner| inner.before + self.nodes.get(&inner.at).map_or(0, Node::rows));
            if container == DOCUMENT {
                break;
            }
            row += 1;
            (container, index) = (node.parent, node.index);
        }
        row
    }

    /// Opens one, with its members as they are closed. What it is a member of need not be open yet; [`Self::link`] makes
    /// it visible.
    pub fn add(&mut self, at: u64, parent: u64, index: u64, count: u64) {
        let depth = if parent == DOCUMENT { 1 } else { self.nodes.get(&parent).map_or(0, |node| node.depth + 1) };
        self.nodes.insert(at, Node { parent, index, depth, count, ..Node::default() });
    }

    /// Counts what is in an open one as visible in what it is a member of, and in that only.
    pub fn link(&mut self, at: u64) -> u64 {
        let Some((parent, index, rows)) = self.nodes.get(&at).map(|node| (node.parent, node.index, node.rows())) else {
            return 0;
        };
        let Some(node) = self.nodes.get_mut(&parent) else { return 0 };
        let place = node.open.partition_point(|inner| inner.index < index);
        let before = node.open.get(place).map_or(node.inside, |next| next.before);
        node.open.insert(place, Inner { index, at, before });
        node.inside += rows;
        node.open[place + 1..].iter_mut().for_each(|inner| inner.before += rows);
        rows
    }

    /// So many rows more, or less, are in an open one: all that it stands in have as many more.
    pub fn grew(&mut self, at: u64, more: i64) {
        let (mut parent, mut index) = match self.nodes.get(&at) {
            Some(node) if at != DOCUMENT => (node.parent, node.index),
            _ => return,
        };
        while let Some(node) = self.nodes.get_mut(&parent) {
            let after = node.open.partition_point(|inner| inner.index <= index);
            node.inside = node.inside.saturating_add_signed(more);
            node.open[after..].iter_mut().for_each(|inner| inner.before = inner.before.saturating_add_signed(more));
            if parent == DOCUMENT {
                break;
            }
            (parent, index) = (node.parent, node.index);
        }
    }

    /// Closes one and all that is open in it.
    pub fn close(&mut self, at: u64) {
        let Some((parent, rows)) = self.nodes.get(&at).map(|node| (node.parent, node.rows())) else { return };
        self.grew(at, -(rows as i64));
        if let Some(node) = self.nodes.get_mut(&parent) {
            node.open.retain(|inner| inner.at != at);
        }
        let mut gone = vec![at];
        while let Some(at) = gone.pop() {
            gone.extend(self.nodes.remove(&at).into_iter().flat_map(|node| node.open).map(|inner| inner.at));
        }
    }

    /// How many are open.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }
}
