//! tokio.

use crate::desk;

#[resource_guards::uses(desk)]
#[tokio::test]
async fn plain() {
    desk().unwrap();
}

#[resource_guards::uses(desk)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_several_threads() {
    tokio::spawn(async { desk().unwrap() }).await.unwrap();
}

#[tokio::test]
async fn unused() {}
