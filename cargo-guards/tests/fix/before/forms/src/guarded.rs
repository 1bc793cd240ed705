//! `#[guarded]`.

#[resource_guards::guarded]
mod tests {
    use crate::desk;

    #[test]
    fn plain() {
        desk().unwrap();
    }

    #[test]
    fn touches_nothing() {}

    mod inside {
        #[test]
        fn plain() {
            crate::chair().unwrap();
        }
    }
}
