//! A crate that owns an SDK.

use resource_guards::{Resource, Violation};

/// Its chokepoint.
pub static SDK: Resource = Resource::new("sdk");

/// A call of the SDK.
pub fn send(what: &'static str) -> Result<(), Violation> {
    SDK.enforce(|| format!("send {what}"))
}
