//! An action over many targets.

mod faults;
mod files;
mod people;
mod stage;
