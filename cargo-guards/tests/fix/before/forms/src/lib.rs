//! Things that tests use, in every form that a test and its declaration have.

use resource_guards::{Resource, Violation};

pub static DESK: Resource = Resource::new("desk");
pub static CHAIR: Resource = Resource::new("chair");
pub static PHONE: Resource = Resource::new("phone");

pub fn desk() -> Result<(), Violation> {
    DESK.enforce(|| "desk")
}

pub fn chair() -> Result<(), Violation> {
    CHAIR.enforce(|| "chair")
}

pub fn call(whom: &str) -> Result<(), Violation> {
    PHONE.enforce_at(whom, || format!("call {whom}"))
}

#[cfg(test)]
resource_guards::install!(&DESK, &CHAIR, &PHONE);

#[cfg(test)]
mod cases;
#[cfg(test)]
mod conditions;
#[cfg(test)]
mod deep;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod guarded;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod included {
    include!("included.inc");
}
#[cfg(test)]
mod lists;
#[cfg(test)]
mod macros;
#[cfg(test)]
mod placement;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod runtimes;
#[cfg(test)]
mod spelling;
#[cfg(test)]
mod tables;
#[cfg(test)]
#[path = "elsewhere.inc"]
mod of_another_name;
