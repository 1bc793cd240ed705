mod tests {
    use super::*;
    fn helper() {}
    #[::resource_guards::uses()]
    #[test]
    fn plain() {}
    #[::resource_guards::uses()]
    #[tokio::test]
    async fn plain_async() {}
    #[::resource_guards::uses()]
    #[rstest]
    #[case(1)]
    fn plain_cases(#[case] n: u8) {}
    #[resource_guards::uses(tmux)]
    #[test]
    fn declared() {}
    #[cfg_attr(not(any(unix)), ::resource_guards::uses())]
    #[test]
    #[cfg_attr(unix, uses(tmux))]
    fn declared_on_unix() {}
    mod deeper {
        #[::resource_guards::uses()]
        #[test]
        fn plain() {}
    }
    #[guarded]
    mod with_its_own {
        #[test]
        fn plain() {}
    }
}
