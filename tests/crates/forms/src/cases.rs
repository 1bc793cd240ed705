//! rstest: every case is a test.

use resource_guards::uses;
use rstest::rstest;

use crate::sit_down;

#[uses(desk)]
#[rstest]
#[case(true)]
#[case::standing(false)]
fn above_rstest(#[case] sits: bool) {
    if sits {
        sit_down().unwrap();
    }
}

#[rstest]
#[case(true)]
#[case(false)]
#[uses(desk)]
fn below_the_last_case(#[case] sits: bool) {
    if sits {
        sit_down().unwrap();
    }
}

#[rstest]
#[case(true)]
#[uses(desk)]
#[case(true)]
#[case(false)]
fn between_two_cases(#[case] sits: bool) {
    if sits {
        let _ = sit_down();
    }
}

#[uses(desk)]
#[rstest]
fn every_value(#[values(1, 2)] times: u8) {
    (0..times).for_each(|_| sit_down().unwrap());
}

#[uses(desk)]
#[rstest]
#[case(1)]
#[case(0)]
#[tokio::test]
async fn async_cases(#[case] times: u8) {
    for _ in 0..times {
        sit_down().unwrap();
        tokio::task::yield_now().await;
    }
}

#[rstest]
#[case(true)]
#[case(false)]
fn plain_cases(#[case] sits: bool) {
    if sits {
        let _ = sit_down();
    }
}
