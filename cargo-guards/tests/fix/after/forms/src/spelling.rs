//! How the attribute is called.

mod not_imported {
    #[resource_guards::uses(desk)]
    #[test]
    fn plain() {
        crate::desk().unwrap();
    }
}

mod imported_in_a_group {
    use resource_guards::{Resource, uses};

    #[allow(dead_code, reason = "the import is to have two names")]
    static LAMP: Resource = Resource::new("lamp");

    #[uses(desk)]
    #[test]
    fn plain() {
        crate::desk().unwrap();
    }

    mod below {
        #[allow(unused_imports, reason = "needed when it is mended")]
        use super::*;

        #[uses(desk)]
        #[test]
        fn plain() {
            crate::desk().unwrap();
        }
    }

    mod beside {
        #[resource_guards::uses(desk)]
        #[test]
        fn plain() {
            crate::desk().unwrap();
        }
    }

    #[uses(desk)]
    #[test]
    fn declared() {
        crate::desk().unwrap();
    }
}

mod imported_as {
    use resource_guards::uses as declares;

    #[declares(desk)]
    #[test]
    fn plain() {
        crate::desk().unwrap();
    }

    #[declares(desk, chair)]
    #[test]
    fn merged() {
        crate::chair().unwrap();
        crate::desk().unwrap();
    }
}

mod imported_by_a_glob {
    use resource_guards::*;

    #[uses(desk)]
    #[test]
    fn plain() {
        crate::desk().unwrap();
    }

    #[uses(desk)]
    #[test]
    fn declared() {
        crate::desk().unwrap();
    }
}
