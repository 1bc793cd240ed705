#[guarded]
mod tests {
    use super::*;

    fn helper() {}

    #[test]
    fn plain() {}

    #[tokio::test]
    async fn plain_async() {}

    #[rstest]
    #[case(1)]
    fn plain_cases(#[case] n: u8) {}

    #[resource_guards::uses(tmux)]
    #[test]
    fn declared() {}

    #[test]
    #[cfg_attr(unix, uses(tmux))]
    fn declared_on_unix() {}

    mod deeper {
        #[test]
        fn plain() {}
    }

    #[guarded]
    mod with_its_own {
        #[test]
        fn plain() {}
    }
}
