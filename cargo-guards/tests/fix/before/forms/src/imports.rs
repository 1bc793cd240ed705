//! Imports of attributes that go: none may be unused when it is built again, and none may be missing.
#![deny(unused_imports)]

/// Declares by what is imported where it is invoked.
macro_rules! needs_a_desk {
    ($name:ident) => {
        #[uses(desk)]
        #[test]
        fn $name() {
            crate::desk().unwrap();
        }
    };
}

mod alone;
mod below;
mod by_a_macro;
mod fixture;
mod grouped;
mod inline;
mod still_needed;
