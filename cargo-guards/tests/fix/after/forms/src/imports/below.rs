//! What is imported here is needed in a module below.

use resource_guards::uses;

mod needs_it;

#[test]
fn unused() {}
