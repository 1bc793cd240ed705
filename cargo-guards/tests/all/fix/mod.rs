//! `cargo guards fix`.

mod evidence;
mod forms;
mod public;
mod refusals;
pub(crate) mod world;
