#[fixture_uses(docker)]
pub fn database(name: &str) -> Fixture<Container> {
    Fixture::new(start(name))
}
