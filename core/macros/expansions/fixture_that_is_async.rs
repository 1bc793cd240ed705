#[fixture_uses(docker)]
async fn database() -> Result<Container, Error> {
    start().await
}
