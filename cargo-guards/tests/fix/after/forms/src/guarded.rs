//! `#[guarded]`.

#[resource_guards::guarded]
mod tests {
    use crate::desk;

    #[resource_guards::uses(desk)]
    #[test]
    fn plain() {
        desk().unwrap();
    }

    #[test]
    fn touches_nothing() {}

    mod inside {
        #[resource_guards::uses(chair)]
        #[test]
        fn plain() {
            crate::chair().unwrap();
        }
    }
}
