use resource_guards::Fixture;

fn bare() -> Fixture<()> {
    Fixture::new(())
}

#[test]
fn enters() {
    let _bare = bare();
}
