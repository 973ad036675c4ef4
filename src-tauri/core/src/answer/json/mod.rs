//! JSON of any size and depth as a tree and as a table: exact numbers, in order, with names that stand twice.
//!
//! scan.rs reads it through once and index.rs keeps its notes; walk.rs goes from member to member by them. tree.rs knows what is
//! open, rows.rs makes rows of both, path.rs leads from a place to its row.

mod digits;
#[cfg(test)]
mod document;
mod index;
mod member;
mod names;
mod path;
mod rows;
mod scan;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod unescaped;
mod walk;

pub use rows::Rows;
pub use scan::Scan;
pub use table::Table;
pub use walk::Json;
