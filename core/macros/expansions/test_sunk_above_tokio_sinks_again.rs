#[uses_here(docker)]
#[tokio::test]
async fn publishes() {
    publish().await;
}
