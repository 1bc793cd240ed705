//! `#[uses]`, and nobody who watches.

use resource_guards::uses;

#[uses(tar)]
#[test]
fn declares() {}

#[test]
fn plain() {}
