//! `#[tokio::test]`.

use resource_guards::{Violation, uses};

use crate::sit_down;

async fn sit_down_later() -> Result<(), Violation> {
    tokio::task::yield_now().await;
    sit_down()
}

#[uses(desk)]
#[tokio::test]
async fn above_tokio() {
    sit_down_later().await.unwrap();
}

#[tokio::test]
#[uses(desk)]
async fn below_tokio() {
    sit_down_later().await.unwrap();
}

#[uses(desk)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_several_threads() {
    tokio::spawn(sit_down_later()).await.unwrap().unwrap();
}

#[uses()]
#[tokio::test]
async fn above_tokio_undeclared() {
    assert!(sit_down_later().await.is_err());
}

#[tokio::test]
#[uses()]
async fn below_tokio_undeclared() {
    assert!(sit_down_later().await.is_err());
}

#[uses(desk)]
#[tokio::test]
async fn unused_under_tokio() {}

#[uses(desk)]
#[tokio::test]
async fn a_result_under_tokio() -> Result<(), Violation> {
    sit_down_later().await?;
    Ok(())
}

#[uses(desk)]
#[tokio::test]
#[should_panic(expected = "chair")]
async fn a_panic_under_tokio() {
    sit_down_later().await.unwrap();
    panic!("the chair breaks");
}

#[tokio::test]
async fn a_plain_test_under_tokio() {
    assert!(sit_down_later().await.is_err());
}
