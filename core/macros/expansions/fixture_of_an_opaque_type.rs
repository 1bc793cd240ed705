#[fixture]
#[fixture_uses(docker)]
fn database() -> impl Deref<Target = Container> {
    start()
}
