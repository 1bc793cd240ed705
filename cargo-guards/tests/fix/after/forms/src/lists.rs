//! Lists that are merged with.

use resource_guards::uses;

use crate::{call, chair, desk};

#[uses(chair, desk)]
#[test]
fn one_more() {
    desk().unwrap();
    chair().unwrap();
}

#[uses(chair, desk,)]
#[test]
fn behind_a_comma() {
    desk().unwrap();
    chair().unwrap();
}

#[uses(
    chair, // to sit on
    desk,
)]
#[test]
fn in_lines() {
    desk().unwrap();
    chair().unwrap();
}

#[uses(
    // first
    chair,
    desk
    // last
)]
#[test]
fn in_lines_without_a_comma() {
    desk().unwrap();
    chair().unwrap();
}

#[uses(desk, phone)]
#[test]
fn the_middle_goes() {
    desk().unwrap();
    call("ada").unwrap();
}

#[uses(desk /* flat */)]
#[test]
fn the_last_two_go() {
    desk().unwrap();
}

#[uses(
    desk,
    phone,
)]
#[test]
fn a_line_goes() {
    desk().unwrap();
    call("ada").unwrap();
}

#[uses(chair)]
#[test]
fn one_for_another() {
    chair().unwrap();
}

#[uses(phone("ada", "bob", "eve"))]
#[test]
fn a_target_more() {
    call("ada").unwrap();
    call("bob").unwrap();
    call("eve").unwrap();
}

#[uses(phone("bob"), desk)]
#[test]
fn targets_go() {
    call("bob").unwrap();
    desk().unwrap();
}

#[uses(desk)]
#[test]
fn the_only_target_goes() {
    desk().unwrap();
}

#[uses(phone("a?strange??one?"))]
#[test]
fn a_target_for_another() {
    call("a strange [one]").unwrap();
}

#[uses(may(phone("ada") = "only on mondays"), may(chair = "when tired"), desk)]
#[test]
fn an_exception_stays() {
    desk().unwrap();
}

#[uses(may(phone("ada", "bob") = "only on mondays"))]
#[test]
fn an_exception_has_a_target_more() {
    call("bob").unwrap();
}
