//! The attribute macros of `resource-guards`, which re-exports them: depend on that crate, not on this one.
//!
//! | file | subject |
//! | --- | --- |
//! | `arguments` | what stands between the parentheses |
//! | `attributes` | reading the attributes of an item |
//! | `name` | what a resource, a glob and a reason may be called |
//! | `subject` | what an attribute may stand on, and the errors of both together |
//! | `placement` | where in the list of attributes `#[uses]` is expanded, and why |
//! | `test`, `fixture` | the expansions |
//! | `body` | the body of a function as a value |
//! | `output` | return types, as far as the expansions depend on them |
//! | `declaration` | the registered declaration that both expansions begin with |
//! | `guarded` | `#[guarded]` on a module |

mod arguments;
mod attributes;
mod body;
mod declaration;
mod errors;
#[cfg(test)]
mod expansions;
mod fixture;
mod guarded;
mod name;
mod output;
mod placement;
mod subject;
mod test;

use proc_macro::TokenStream;

/// Declares the resources that a test uses.
///
/// The test fails if it uses a resource that is not in the list, also if it swallows the error, and if it passes
/// without using one that is.
///
/// ```ignore
/// use resource_guards::uses;
///
/// #[uses(tmux)]
/// #[test]
/// fn agent_opens_a_session() { /* … */ }
///
/// #[uses(docker, http("api.github.com", "*.crates.io"))]
/// #[tokio::test]
/// async fn publishes_an_image() { /* … */ }
///
/// #[uses(docker, may(tmux = "only on a cold cache"))]
/// #[test]
/// fn resumes() -> Result<(), Error> { /* … */ }
///
/// #[uses()]
/// #[test]
/// fn touches_nothing() { /* … */ }
/// ```
///
/// # Arguments
///
/// - `tmux`, `docker-compose`: a resource. A name that is no Rust token is written as a string: `"s3-2e"`.
/// - `http("api.github.com", "*.crates.io")`: only these targets of the resource; `*` and `?` are wild.
/// - `may(tmux = "only on a cold cache")`: the resource may be used and may stay unused, for the reason given. It also
///   takes targets, `may(http("localhost") = "…")`, and several pairs.
///
/// # Where it stands
///
/// Above or below `#[test]`, `#[tokio::test]`, `#[rstest]`, `#[test_case]`, `#[should_panic]` and `#[ignore]`, and
/// inside `proptest!`. With rstest, a position between two `#[case]`s belongs to the case below it alone: write it
/// above `#[rstest]` or below the last `#[case]` to cover them all.
///
/// # What it does
///
/// It wraps the body and registers the declaration; name, arguments and other attributes of the function stay. The
/// return type stays too where it is `()`, a `Result` or an `ExitCode`. Any other one is reported through
/// [`Termination`](std::process::Termination), as libtest would do it, and the function returns the `ExitCode`.
#[proc_macro_attribute]
pub fn uses(arguments: TokenStream, item: TokenStream) -> TokenStream {
    test::uses(arguments.into(), item.into()).into()
}

/// `#[uses]`, once the attributes above it are expanded. Written by `#[uses]` only.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __uses_here(arguments: TokenStream, item: TokenStream) -> TokenStream {
    test::uses_here(arguments.into(), item.into()).into()
}

/// Declares the resources that a fixture uses: its set-up, and its teardown where it returns a `Fixture`.
///
/// While the function runs, only this declaration authorises. A test that enters the fixture must declare the same
/// resources, so that selecting tests by resource finds it.
///
/// ```ignore
/// use resource_guards::{Fixture, fixture_uses};
///
/// #[fixture_uses(docker)]
/// fn database() -> Fixture<Container> {
///     Fixture::new(start())
/// }
/// ```
///
/// The arguments are those of [`#[uses]`](macro@uses). It stands on any function without a receiver (`self`), also an async
/// one or one of a type, above or below rstest's `#[fixture]`. Where the function returns a `Result`, an `Err` says that the
/// set-up failed: what it left unused is then no mistake.
#[proc_macro_attribute]
pub fn fixture_uses(arguments: TokenStream, item: TokenStream) -> TokenStream {
    fixture::fixture_uses(arguments.into(), item.into()).into()
}

/// Adds `#[uses()]` to every test of a module that has no `#[uses]`, in its inline submodules too.
///
/// A plain `#[test]` has no wrapper: it is judged, but under `cargo test` it shares its process with others. With an
/// empty declaration it is as exact as the declared ones.
///
/// ```ignore
/// #[cfg(test)]
/// #[resource_guards::guarded]
/// mod tests {
///     #[test]
///     fn touches_nothing() { /* … */ }
/// }
/// ```
///
/// Tests are the functions with an attribute called `test`, `rstest`, `test_case` or `case`, whatever its path.
/// A submodule with a `#[guarded]` of its own is left to that one. What stands inside of a macro invocation, as in
/// `proptest!`, and in a module of another file cannot be seen: write `#[uses()]` there.
#[proc_macro_attribute]
pub fn guarded(arguments: TokenStream, item: TokenStream) -> TokenStream {
    guarded::guarded(arguments.into(), item.into()).into()
}
