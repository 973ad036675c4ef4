//! An action over many targets.

mod daily;
mod faults;
mod files;
mod people;
mod stage;

pub use stage::followed;
