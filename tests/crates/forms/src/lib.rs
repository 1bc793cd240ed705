//! A desk, and tests of it in every form that a Rust test has.
#![forbid(unsafe_code)]

use resource_guards::{Resource, Violation};

/// What tests declare.
pub static DESK: Resource = Resource::new("desk");

/// Sits down at the desk.
pub fn sit_down() -> Result<(), Violation> {
    DESK.enforce(|| "sit down")
}

#[cfg(test)]
resource_guards::install!(&DESK);

#[cfg(test)]
mod cases;
#[cfg(test)]
mod guarded;
#[cfg(test)]
mod modules;
#[cfg(test)]
mod panics;
#[cfg(test)]
mod placement;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod results;
#[cfg(test)]
mod runtimes;
#[cfg(test)]
mod tables;
