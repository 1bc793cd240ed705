//! rstest.

use resource_guards::uses;
use rstest::rstest;

use crate::{chair, desk};

#[rstest]
#[case(1)]
#[case::twice(2)]
fn all_cases(#[case] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[rstest]
#[case(true)]
#[case::standing(false)]
#[case(true)]
fn some_cases(#[case] sits: bool) {
    if sits {
        chair().unwrap();
    }
}

#[rstest]
fn every_value(#[values(1, 2)] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[uses(desk, chair)]
#[rstest]
#[case(1)]
#[case(2)]
fn no_case_needs_it(#[case] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[uses(desk)]
#[rstest]
#[case(1)]
#[case(0)]
fn one_case_needs_it(#[case] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[rstest]
#[case(1)]
#[uses(desk)]
#[case(0)]
fn declared_for_the_wrong_case(#[case] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[rstest]
#[case(1)]
#[tokio::test]
async fn an_async_case(#[case] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[rstest]
fn some_values(#[values(true, false)] sits: bool) {
    if sits {
        chair().unwrap();
    }
}

#[rstest]
#[case(true)]
#[case(false)]
fn some_values_of_a_case(#[case] has_chairs: bool, #[values(true, false)] sits: bool) {
    if has_chairs && sits {
        chair().unwrap();
    }
}

#[uses(desk)]
#[rstest]
#[case(true)]
#[case(false)]
fn declared_above_all_cases(#[case] sits: bool) {
    desk().unwrap();
    if sits {
        chair().unwrap();
    }
}
