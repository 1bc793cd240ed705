//! `#[should_panic]`.

use resource_guards::uses;

use crate::sit_down;

#[uses(desk)]
#[test]
#[should_panic]
fn any_panic_is_wanted() {
    sit_down().unwrap();
    panic!("the chair breaks");
}

#[test]
#[should_panic(expected = "chair")]
#[uses(desk)]
fn a_certain_panic_is_wanted() {
    sit_down().unwrap();
    panic!("the chair breaks");
}

#[uses(desk)]
#[test]
#[should_panic(expected = "table")]
fn another_panic_is_wanted() {
    sit_down().unwrap();
    panic!("the chair breaks");
}

#[uses(desk)]
#[test]
#[should_panic]
fn a_wanted_panic_does_not_come() {
    sit_down().unwrap();
}

#[uses(desk)]
#[test]
#[should_panic(expected = "chair")]
fn a_wanted_panic_comes_and_the_declaration_is_unused() {
    panic!("the chair breaks");
}

#[uses()]
#[test]
#[should_panic(expected = "without declaring it")]
fn a_wanted_panic_comes_from_the_guard() {
    panic!("{}", sit_down().unwrap_err());
}

#[uses(desk)]
#[test]
#[should_panic]
fn a_panic_without_a_text_is_wanted() {
    sit_down().unwrap();
    std::panic::panic_any(7);
}

#[test]
#[should_panic(expected = "chair")]
fn a_plain_test_wants_a_panic() {
    panic!("the chair breaks");
}

#[test]
#[should_panic(expected = "chair")]
fn a_plain_test_wants_a_panic_and_sits_down() {
    let _ = sit_down();
    panic!("the chair breaks");
}
