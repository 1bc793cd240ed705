//! proptest.

use proptest::prelude::*;
use resource_guards::uses;

use crate::{chair, desk};

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    /// Documented.
    #[test]
    fn plain(times in 1u8..4) {
        (0..times).for_each(|_| desk().unwrap());
    }

    #[uses(desk)]
    #[test]
    fn another_resource(_ in 1u8..4) {
        chair().unwrap();
    }

    #[uses(desk)]
    #[test]
    fn unused(_ in 1u8..4) {}
}
