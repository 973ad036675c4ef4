//! A TOML document with the places where its values stand.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Problem, sentence};

/// A value where it stands.
pub(super) type Node<'a> = Spanned<DeValue<'a>>;

/// A document, as far as it could be read.
pub(super) struct Document<'a> {
    /// Where each line begins.
    lines: Vec<usize>,
    pub root: Spanned<DeTable<'a>>,
}

/// Deeper than any provider file. The parser counts nested tables and dotted keys apart, so that both together lead
/// deeper than what walks the document can bear.
const DEEPEST: usize = 64;
/// Larger than any provider file.
const LARGEST: usize = 512 * 1024;

impl<'a> Document<'a> {
    /// Reads what can be read; what cannot is a problem each.
    pub fn parse(text: &'a str) -> (Self, Vec<Problem>) {
        if text.len() > LARGEST {
            return (Self::empty(), vec![problem(1, "This is larger than any provider file: more than 512 KiB.")]);
        }
        let (root, errors) = DeTable::parse_recoverable(text);
        if depth(root.get_ref()) > DEEPEST {
            // Taking it apart would go as deep; it is small.
            std::mem::forget(root);
            return (Self::empty(), vec![problem(1, "This is nested deeper than any provider file.")]);
        }
        let begins = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let document = Self { lines: std::iter::once(0).chain(begins).collect(), root };
        let place = |error: &toml::de::Error| error.span().map_or(1, |span| document.line(span.start));
        let problems = errors.iter().map(|error| problem(place(error), &sentence(error.message()))).collect();
        (document, problems)
    }

    fn empty() -> Self {
        Self { lines: vec![0], root: Spanned::new(0..0, DeTable::new()) }
    }

    /// The text at a key of the first level.
    pub fn text(&self, key: &str) -> Option<String> {
        self.root.get_ref().get(key)?.get_ref().as_str().map(str::to_owned)
    }

    /// The line of a place, from 1.
    pub fn line(&self, at: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|begin| *begin <= at)).unwrap_or(u32::MAX)
    }

    /// Every text in it, with the key that it stands at.
    pub fn texts(&self) -> Vec<(&str, &str)> {
        let mut texts = Vec::new();
        for (name, node) in self.root.get_ref() {
            collect(name.get_ref(), node, &mut texts);
        }
        texts
    }
}

fn collect<'n>(key: &'n str, node: &'n Node, texts: &mut Vec<(&'n str, &'n str)>) {
    match node.get_ref() {
        DeValue::String(text) => texts.push((key, text)),
        DeValue::Array(items) => items.iter().for_each(|item| collect(key, item, texts)),
        DeValue::Table(table) => table.iter().for_each(|(name, node)| collect(name.get_ref(), node, texts)),
        _ => {}
    }
}

/// How deep a document is, without going there by recursion.
fn depth(root: &DeTable) -> usize {
    let mut deepest = 0;
    let mut open: Vec<(usize, &Node)> = root.values().map(|node| (1, node)).collect();
    while let Some((depth, node)) = open.pop() {
        deepest = deepest.max(depth);
        match node.get_ref() {
            DeValue::Array(items) => open.extend(items.iter().map(|item| (depth + 1, item))),
            DeValue::Table(table) => open.extend(table.values().map(|node| (depth + 1, node))),
            _ => {}
        }
    }
    deepest
}

fn problem(line: u32, message: &str) -> Problem {
    Problem { line, key: String::new(), message: message.to_owned(), suggestion: None }
}
