mod innermost;

#[test]
fn the_same_name() {
    crate::chair().unwrap();
}
