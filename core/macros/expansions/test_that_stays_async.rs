#[uses(docker)]
async fn publishes() -> Result<(), Error> {
    publish().await?;
    Ok(())
}
