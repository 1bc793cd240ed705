//! Patterns that no target matches, among others that one may match.

use resource_guards::{Fixture, GuardError, Resource, ResourceGuard, Site, async_trait, fixture_uses, uses};

static DEPOT: Resource = Resource::new("depot");
static SHARED: Resource = Resource::new("shared");
static DESCRIBED: Resource = Resource::new("described");

/// Its targets are numbers.
struct Numbers(&'static Resource);

#[async_trait]
impl ResourceGuard for Numbers {
    fn resource(&self) -> &Resource {
        self.0
    }

    async fn install(&self, _: &mut Site) -> Result<(), GuardError> {
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        Ok(())
    }

    fn mistake_in_target(&self, pattern: &str) -> Option<String> {
        pattern.contains(char::is_alphabetic).then(|| "a target is a number; write its digits".to_owned())
    }

    fn name(&self) -> String {
        format!("numbers of {}", self.0.name())
    }
}

resource_guards::install!(
    guard_http::Http,
    guard_binary::Binary("cat"),
    Numbers(&DEPOT),
    Numbers(&SHARED),
    &SHARED,
    Numbers(&DESCRIBED)
);

#[uses(http("https://api.github.com"))]
#[test]
fn a_scheme() {}

#[uses(http("api.github.com:443", "api.github.com", "API.github.com"))]
#[test]
fn a_port_beside_a_host_and_capitals() {}

#[uses(may(http("api.github.com/path") = "a path"))]
#[test]
fn an_exception() {}

#[fixture_uses(http("https://me@API.github.com.:8443/a/b"))]
fn everything_at_once() -> Fixture<()> {
    Fixture::new(())
}

#[uses(http("bücher.example"), depot("one", "2"))]
#[test]
fn letters_that_are_not_ascii_and_a_guard_of_ones_own() {}

#[uses(htpp("https://api.github.com"))]
#[test]
fn a_misspelt_name_is_told_too() {}

#[uses(http("::1", "2001:db8::*", "*.crates.io", "10.0.0.?", "xn--bcher-kva.example", "my_host", "127.1"))]
#[test]
fn hosts() {}

/// Another guard of the resource may have other targets.
#[uses(shared("one"))]
#[test]
fn what_one_of_two_guards_refuses() {}

/// So may what `guards.toml` describes.
#[uses(described("one"), only_described("one"))]
#[test]
fn what_is_described_too() {
    _ = everything_at_once();
}

#[uses(cat("gr?ße.txt"))]
#[test]
fn the_argument_of_a_program() {}

#[test]
fn plain() {}
