use resource_guards::{Fixture, fixture_uses, uses};

#[fixture_uses(desk)]
fn bare() -> Fixture<()> {
    Fixture::new(())
}

#[uses(desk)]
#[test]
fn enters() {
    let _bare = bare();
}
