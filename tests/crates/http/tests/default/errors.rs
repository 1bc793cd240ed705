//! What a client of the middleware gets when it is refused.

use http_clients::clients::reqwest::{client, guarded, on_a_runtime};
use reqwest_middleware::{ClientBuilder, Error, Next, Result};
use resource_guards::uses;

const URL: &str = "http://api.github.test/users";

fn tell(error: &Error) {
    let violation = guard_http::violation(error).expect("it was refused");
    println!("downcast: {:?} of {:?}; {:?}", violation.kind(), violation.resource(), violation.mend());
}

#[uses()]
#[test]
fn the_error_of_a_refused_request_has_the_violation() {
    tell(&on_a_runtime(guarded().get(URL).send()).unwrap_err());
}

/// Says more about every error.
struct Context;

#[async_trait::async_trait]
impl reqwest_middleware::Middleware for Context {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut http::Extensions,
        next: Next<'_>,
    ) -> Result<reqwest::Response> {
        next.run(request, extensions).await.map_err(|error| match error {
            Error::Middleware(error) => Error::Middleware(error.context("in vain")),
            other => other,
        })
    }
}

#[uses()]
#[test]
fn another_middleware_may_wrap_it() {
    let client = ClientBuilder::new(client()).with(Context).with(guard_http::Middleware).build();
    tell(&on_a_runtime(client.get(URL).send()).unwrap_err());
}

#[uses()]
#[test]
fn other_errors_have_none() {
    let error = on_a_runtime(guarded().get("http://127.0.0.1:1/").send()).unwrap_err();
    assert!(guard_http::violation(&error).is_none(), "{error}");
}
