//! Calls that are guarded in this process.

use std::pin::pin;

use futures::executor::block_on_stream;
use futures::stream::{self, StreamExt as _};
use resource_guards::uses;

use crate::client::{Client, Letter, MAIL, Pages};

fn letter(to: &str) -> Letter {
    Letter { to: to.to_owned(), pages: vec![1, 2, 3] }
}

/// The pages as a stream.
fn pages(pages: Pages) -> impl futures::Stream<Item = Result<u32, resource_guards::Violation>> {
    let mut pages = Box::pin(pages);
    stream::poll_fn(move |context| pages.as_mut().poll_page(context))
}

#[uses(mail)]
#[test]
fn arguments_and_result_of_a_guarded_call_pass_through_unchanged() {
    let mut client = Client::default();
    assert_eq!(client.send(letter("ada")).unwrap(), letter("ada"));
    assert_eq!(client.pages_sent, 6);
}

#[uses()]
#[test]
fn a_refused_call_is_checked_before_the_original_runs() {
    let mut client = Client::default();
    let violation = client.send(letter("ada")).unwrap_err();
    assert_eq!((client.pages_sent, violation.resource()), (0, Some("mail")));
}

#[test]
fn a_call_of_a_plain_test_is_refused() {
    assert!(Client::default().send(letter("ada")).is_err());
}

#[uses(mail)]
#[tokio::test]
async fn an_async_call_is_guarded() {
    assert_eq!(Client::default().send_later(letter("ada")).await.unwrap(), letter("ada"));
}

#[tokio::test]
async fn an_undeclared_async_call_is_refused() {
    assert!(Client::default().send_later(letter("ada")).await.is_err());
}

#[uses(mail)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_async_call_of_a_task_is_guarded() {
    let sent = tokio::spawn(async { Client::default().send_later(letter("ada")).await });
    assert!(sent.await.unwrap().is_ok());
}

#[uses(mail)]
#[test]
fn a_stream_is_guarded() {
    let client = Client::default();
    let fetched: Vec<u32> = block_on_stream(pages(client.fetch(letter("ada")))).map(Result::unwrap).collect();
    assert_eq!(fetched, [1, 2, 3]);
}

#[uses(mail)]
#[test]
fn a_stream_that_nobody_asks_for_a_page_is_no_use() {
    drop(pages(Client::default().fetch(letter("ada"))));
}

#[tokio::test]
async fn an_undeclared_stream_is_refused() {
    let mut pages = pin!(pages(Client::default().fetch(letter("ada"))));
    assert!(pages.next().await.unwrap().is_err());
}

#[uses(mail("ada", "*.org"))]
#[test]
fn targets_match_globs() {
    let mut client = Client::default();
    assert!(client.send(letter("ada")).is_ok());
    assert!(client.send(letter("list.org")).is_ok());
}

#[uses(mail("ada"))]
#[test]
fn another_target_is_refused() {
    let mut client = Client::default();
    assert!(client.send(letter("ada")).is_ok());
    assert!(client.send(letter("bob")).is_err());
}

#[uses(mail("ada", "bob"))]
#[test]
fn a_target_is_never_used() {
    assert!(Client::default().send(letter("ada")).is_ok());
}

#[uses(may(mail = "only where there is somebody to write to"))]
#[test]
fn an_exception_stays_unused() {}

#[uses(may(mail = "only where there is somebody to write to"))]
#[test]
fn an_exception_is_used() {
    assert!(Client::default().send(letter("ada")).is_ok());
}

#[uses(mail)]
#[test]
fn evidence_is_asked_for_once() {
    let mut asked = 0;
    for _ in 0..1_000 {
        let count = || {
            asked += 1;
            "counted"
        };
        MAIL.enforce(count).unwrap();
    }
    assert_eq!(asked, 1);
}

#[uses()]
#[test]
fn a_guard_gives_tests_an_environment() {
    assert_eq!(std::env::var("MAIL_ADDRESS").unwrap(), "nobody@localhost");
}

#[uses()]
#[test]
fn a_call_is_guarded_without_a_wrapper() {
    assert_eq!(std::env::var("PATH").unwrap(), std::env::var("PATH_OF_THE_USER").unwrap());
}
