#[uses(docker)]
async fn publishes() -> TestResult {
    publish().await?;
    Ok(())
}
