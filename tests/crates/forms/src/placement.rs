//! Where `#[uses]` stands, and what else stands there.

use resource_guards::uses;

use crate::sit_down;

#[uses(desk)]
#[test]
fn above_test() {
    sit_down().unwrap();
}

#[test]
#[uses(desk)]
fn below_test() {
    sit_down().unwrap();
}

#[test]
#[resource_guards::uses(desk)]
fn by_its_path() {
    sit_down().unwrap();
}

#[cfg_attr(all(), uses(desk))]
#[test]
fn under_a_condition() {
    sit_down().unwrap();
}

#[cfg_attr(any(), uses(desk))]
#[test]
fn under_a_condition_that_does_not_hold() {
    assert!(sit_down().is_err());
}

#[uses(desk)]
#[test]
#[ignore = "takes long"]
fn above_ignore() {
    sit_down().unwrap();
}

#[test]
#[ignore]
#[uses(desk)]
fn below_ignore() {}

macro_rules! sitting {
    ($($name:ident),*) => {
        $(
            #[uses(desk)]
            #[test]
            fn $name() {
                sit_down().unwrap();
            }
        )*
    };
}

sitting!(written_by_a_macro, written_by_a_macro_too);

#[uses(desk)]
#[test]
fn r#match() {
    sit_down().unwrap();
}

#[uses(desk)]
#[test]
fn grüße() {
    sit_down().unwrap();
}

#[uses(desk)]
#[test]
#[allow(unused_variables, clippy::let_unit_value)]
/// Documented.
fn among_lints_and_documentation() {
    let sitting = sit_down().unwrap();
}
