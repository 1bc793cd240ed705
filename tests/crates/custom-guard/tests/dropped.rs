//! The linker drops a crate that nothing names, and with it the guard that it registers.

use resource_guards::uses;

resource_guards::install!();

#[uses(beacon)]
#[test]
fn its_resource_is_unknown() {}
