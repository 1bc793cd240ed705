//! Nested modules, and one name in several of them.

mod upstairs {
    use resource_guards::uses;

    use crate::sit_down;

    #[uses(desk)]
    #[test]
    fn the_same_name() {
        sit_down().unwrap();
    }

    mod left {
        mod corner {
            use resource_guards::uses;

            #[uses(desk)]
            #[test]
            fn the_same_name() {}
        }
    }
}

mod downstairs {
    use crate::sit_down;

    #[test]
    fn the_same_name() {
        let _ = sit_down();
    }

    #[test]
    fn the_same_name_and_more() {}
}

/// A module and a test of one name.
mod twice {
    use crate::sit_down;

    #[resource_guards::uses(desk)]
    #[test]
    fn inside() {
        sit_down().unwrap();
    }
}

#[resource_guards::uses(desk)]
#[test]
fn twice() {}
