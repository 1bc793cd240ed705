#[test]
fn unused() {}
