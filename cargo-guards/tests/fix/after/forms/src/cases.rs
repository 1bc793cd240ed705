//! rstest.

use resource_guards::uses;
use rstest::rstest;

use crate::{chair, desk};

#[uses(desk)]
#[rstest]
#[case(1)]
#[case::twice(2)]
fn all_cases(#[case] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[rstest]
#[uses(chair)]
#[case(true)]
#[case::standing(false)]
#[uses(chair)]
#[case(true)]
fn some_cases(#[case] sits: bool) {
    if sits {
        chair().unwrap();
    }
}

#[uses(desk)]
#[rstest]
fn every_value(#[values(1, 2)] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[uses(desk)]
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
#[uses(desk)]
#[case(1)]
#[case(0)]
fn declared_for_the_wrong_case(#[case] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}

#[uses(desk)]
#[rstest]
#[case(1)]
#[tokio::test]
async fn an_async_case(#[case] times: u8) {
    (0..times).for_each(|_| desk().unwrap());
}
