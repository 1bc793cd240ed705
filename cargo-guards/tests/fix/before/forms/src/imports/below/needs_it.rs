use super::*;

#[uses(desk)]
#[test]
fn used() {
    crate::desk().unwrap();
}
