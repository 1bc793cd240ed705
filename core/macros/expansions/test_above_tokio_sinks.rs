#[uses(docker)]
#[tokio::test(flavor = "multi_thread")]
async fn publishes() {
    publish().await;
}
