//! `cargo guards fix`.

mod evidence;
mod forms;
mod public;
mod refusals;
mod said;
mod strict;
pub(crate) mod world;
