//! Tests of code that sends mail.

use own_guard::send;
use resource_guards::uses;

resource_guards::install!();

#[uses(mail("*@example.org"))]
#[test]
fn a_declared_receiver_is_reached() {
    assert!(send("ada@example.org", "hello").is_ok());
}

#[uses(mail)]
#[test]
fn the_guard_points_at_a_sandbox() {
    assert!(std::env::var("MAIL_ENDPOINT").is_ok_and(|endpoint| endpoint.ends_with("/sandbox")));
    assert!(send("ada@example.org", "hello").is_ok());
}
