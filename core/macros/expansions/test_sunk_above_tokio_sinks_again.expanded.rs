#[tokio::test]
#[::resource_guards::__private::uses_here(docker)]
async fn publishes() {
    publish().await;
}
