#[fixture_uses(docker)]
fn database() -> Result<Container, Error> {
    start()
}
