//! `#[guarded]` modules: plain tests are as exact as declared ones.

#[resource_guards::guarded]
mod tests {
    use resource_guards::uses;

    use crate::sit_down;

    #[test]
    fn a_plain_test_sits_down() {
        let _ = sit_down();
    }

    #[test]
    fn a_plain_test_stands() {}

    #[uses(desk)]
    #[test]
    fn a_declared_test_sits_down() {
        sit_down().unwrap();
    }

    #[tokio::test]
    async fn a_plain_async_test_sits_down() {
        let _ = sit_down();
    }

    #[rstest::rstest]
    #[case(true)]
    #[case(false)]
    fn a_plain_case_sits_down(#[case] sits: bool) {
        if sits {
            let _ = sit_down();
        }
    }

    mod inside {
        #[test]
        #[should_panic]
        fn a_plain_test_sits_down_and_panics() {
            let _ = crate::sit_down();
            panic!();
        }
    }
}
