//! proptest.

use proptest::prelude::*;
use resource_guards::uses;

use crate::sit_down;

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[uses(desk)]
    #[test]
    fn above_test(times in 1u8..4) {
        for _ in 0..times {
            sit_down().unwrap();
        }
    }

    #[test]
    #[uses(desk)]
    fn below_test(times in 1u8..4) {
        for _ in 0..times {
            sit_down().unwrap();
        }
    }

    #[uses(desk)]
    #[test]
    fn unused(_ in 1u8..4) {}

    #[uses()]
    #[test]
    fn undeclared(_ in 1u8..4) {
        let _ = sit_down();
    }

    #[uses(desk)]
    #[test]
    fn a_property_does_not_hold(times in 1u8..4) {
        sit_down().unwrap();
        prop_assert!(times > 10, "the chair breaks");
    }

    #[test]
    fn plain(_ in 1u8..4) {
        let _ = sit_down();
    }
}
