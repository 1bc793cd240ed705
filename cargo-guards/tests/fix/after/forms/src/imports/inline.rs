mod first {
    #[test]
    fn unused() {}
}

mod second {
    use resource_guards::Resource;

    #[test]
    fn unused() {
        let _resource: Option<Resource> = None;
    }
}
