//! Lists that are merged with.

use resource_guards::uses;

use crate::{call, chair, desk};

#[uses(chair)]
#[test]
fn one_more() {
    desk().unwrap();
    chair().unwrap();
}

#[uses(chair,)]
#[test]
fn behind_a_comma() {
    desk().unwrap();
    chair().unwrap();
}

#[uses(
    chair, // to sit on
)]
#[test]
fn in_lines() {
    desk().unwrap();
    chair().unwrap();
}

#[uses(
    // first
    chair
    // last
)]
#[test]
fn in_lines_without_a_comma() {
    desk().unwrap();
    chair().unwrap();
}

#[uses(desk, chair, phone)]
#[test]
fn the_middle_goes() {
    desk().unwrap();
    call("ada").unwrap();
}

#[uses(desk /* flat */, chair /* soft */, phone)]
#[test]
fn the_last_two_go() {
    desk().unwrap();
}

#[uses(
    desk,
    chair, // goes with its line
    phone,
)]
#[test]
fn a_line_goes() {
    desk().unwrap();
    call("ada").unwrap();
}

#[uses(desk)]
#[test]
fn one_for_another() {
    chair().unwrap();
}

#[uses(phone("ada", "bob"))]
#[test]
fn a_target_more() {
    call("ada").unwrap();
    call("bob").unwrap();
    call("eve").unwrap();
}

#[uses(phone("ada", "bob", "eve"), desk)]
#[test]
fn targets_go() {
    call("bob").unwrap();
    desk().unwrap();
}

#[uses(phone("ada"), desk)]
#[test]
fn the_only_target_goes() {
    desk().unwrap();
}

#[uses(phone("ada"))]
#[test]
fn a_target_for_another() {
    call("a strange [one]").unwrap();
}

#[uses(may(phone("ada") = "only on mondays"), may(chair = "when tired"))]
#[test]
fn an_exception_stays() {
    desk().unwrap();
}

#[uses(may(phone("ada") = "only on mondays"))]
#[test]
fn an_exception_has_a_target_more() {
    call("bob").unwrap();
}
