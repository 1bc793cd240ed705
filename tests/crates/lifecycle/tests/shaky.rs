//! Tests among guards that may fail.

use lifecycle::Shaky;
use resource_guards::{Fixture, Resource, fixture_uses, uses};

resource_guards::install!(Shaky("first"), Shaky("second"), Shaky("third"));

fn call(name: &str) {
    let _ = Resource::named(name).enforce(|| "call");
}

#[uses(first)]
#[test]
fn passes() {
    call("first");
}

#[test]
fn plain() {}

#[uses(first)]
#[test]
fn panics() {
    call("second");
    panic!("my own message");
}

#[fixture_uses(second)]
fn broken() -> Fixture<()> {
    call("second");
    panic!("the set-up broke");
}

#[fixture_uses(third)]
fn breaks_at_its_end() -> Fixture<()> {
    call("third");
    Fixture::with_teardown((), |()| panic!("the teardown broke"))
}

#[uses(second)]
#[test]
fn has_a_broken_fixture() {
    let _broken = broken();
}

#[uses(third)]
#[test]
fn has_a_broken_teardown() {
    let _made = breaks_at_its_end();
}
