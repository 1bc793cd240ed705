//! test-case: every row is a test.

use resource_guards::uses;
use test_case::test_case;

use crate::sit_down;

#[uses(desk)]
#[test_case(1; "once")]
#[test_case(0; "never")]
fn above_test_case(times: u8) {
    (0..times).for_each(|_| sit_down().unwrap());
}

#[test_case(1; "once")]
#[test_case(0; "never")]
#[uses(desk)]
fn below_test_case(times: u8) {
    (0..times).for_each(|_| sit_down().unwrap());
}

#[uses(desk)]
#[test_case(1 => 2; "right")]
#[test_case(2 => 2; "wrong")]
fn with_a_result(times: u8) -> u8 {
    sit_down().unwrap();
    times * 2
}

#[uses(desk)]
#[test_case(1 => panics "chair"; "breaks")]
#[test_case(1 => panics "table"; "holds")]
fn with_a_panic(_: u8) -> u8 {
    sit_down().unwrap();
    panic!("the chair breaks");
}

#[test_case(1; "once")]
#[test_case(0; "never")]
fn plain(times: u8) {
    (0..times).for_each(|_| drop(sit_down()));
}
