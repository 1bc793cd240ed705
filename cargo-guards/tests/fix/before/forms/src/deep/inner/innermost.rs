#[test]
fn the_same_name() {}

#[test]
fn another() {
    crate::desk().unwrap();
}
