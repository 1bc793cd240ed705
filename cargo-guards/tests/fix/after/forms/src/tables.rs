//! test-case.

use resource_guards::uses;
use test_case::test_case;

use crate::{call, desk};

#[uses(desk)]
#[test_case(1; "once")]
#[test_case(2; "twice")]
fn rows(times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[test_case(1; "once")]
#[test_case(2; "twice")]
#[uses(desk)]
fn below_the_rows(times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[uses(may(desk = "not every case uses it"))]
#[test_case(true; "sits")]
#[test_case(false; "stands")]
fn some_rows(sits: bool) {
    if sits {
        desk().unwrap();
    }
}

#[uses(may(phone("ada", "bob") = "not every case uses it"))]
#[test_case(true; "two")]
#[test_case(false; "one")]
fn some_targets(both: bool) {
    call("ada").unwrap();
    if both {
        call("bob").unwrap();
    }
}
