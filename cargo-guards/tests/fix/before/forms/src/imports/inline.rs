mod first {
    use resource_guards::uses as declares;

    #[declares(desk)]
    #[test]
    fn unused() {}
}

mod second {
    use resource_guards::{Resource, uses as declares};

    #[declares(desk)]
    #[test]
    fn unused() {
        let _resource: Option<Resource> = None;
    }
}
