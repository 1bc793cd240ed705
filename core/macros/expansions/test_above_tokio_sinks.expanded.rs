#[tokio::test(flavor = "multi_thread")]
#[::resource_guards::__private::uses_here(docker)]
async fn publishes() {
    publish().await;
}
