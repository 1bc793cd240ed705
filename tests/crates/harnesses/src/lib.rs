//! What is tested with harnesses of one's own.

use std::process::Command;

use resource_guards::Resource;

/// A resource of our own.
pub static DESK: Resource = Resource::new("desk");

/// Sits down at the desk.
pub fn sit_down() -> Result<(), String> {
    DESK.enforce(|| "sit down").map_err(|violation| violation.to_string())
}

/// Packs something.
pub fn pack() -> bool {
    let packed = Command::new("tar").args(["cf", "/dev/null", "Cargo.toml"]).output();
    packed.is_ok_and(|packed| packed.status.success())
}
