//! `cargo guards fix`.

mod arguments;
mod evidence;
mod forms;
mod public;
mod refusals;
mod said;
mod strict;
pub(crate) mod world;
