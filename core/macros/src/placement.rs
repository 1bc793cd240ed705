//! Where in the list of attributes `#[uses]` is expanded.
//!
//! Attributes are expanded from the first to the last, and each is shown the ones that are left. Of those, the macros
//! that make tests copy what stands below them onto the functions that they generate:
//!
//! - rstest and test-case generate a test for every case. It evaluates the arguments, fixtures among them, calls the
//!   user's function and, for `=> expected`, compares. Expanded above them, `#[uses]` would wrap the user's function
//!   alone and would give all cases its name; expanded below, it wraps the generated test, under the generated name.
//! - `#[tokio::test]` turns `async fn` into a `fn` that builds a runtime. Expanded below it, `#[uses]` wraps the
//!   runtime, too, and a test that runs again in a child process does so before it has started threads.
//!
//! So where `#[uses]` sees an attribute that may be a macro, it *sinks*: it checks its arguments and writes
//! `#[uses_here]` as the last attribute. `#[uses_here]` is expanded in place, but for one thing: test-case takes its own
//! attributes out of the list by swapping, and rstest puts an explicit `#[test_attr(…)]` behind the copied ones, so that
//! it can come to stand above `#[tokio::test]` again. Above such a test attribute of an `async fn` it sinks once more.
//! That ends, since the attribute that it sinks below is a macro and gone when it is looked at next.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{AttrStyle, ItemFn, Meta, Path};

use crate::attributes::{conditional, ends_with, outer};

/// Attributes of the language that are no macros, and `test`, which only reads the name of the function.
#[rustfmt::skip]
const INERT: &[&str] = &[
    "allow", "bench", "cfg", "cold", "coverage", "deny", "deprecated", "doc", "expect", "export_name", "forbid",
    "ignore", "inline", "link_section", "must_use", "no_mangle", "rustc_test_marker", "should_panic",
    "target_feature", "test", "track_caller", "unsafe", "warn",
];

/// Tools whose attributes the compiler leaves alone.
const TOOLS: &[&str] = &["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];

/// Whether `#[uses]` must let other attributes be expanded first.
pub(crate) fn sinks(function: &ItemFn) -> bool {
    outer(&function.attrs).any(|attribute| !is_inert(&attribute.meta))
}

/// Whether `#[uses_here]` stands above an attribute that makes the `async fn` a test.
pub(crate) fn sinks_again(function: &ItemFn) -> bool {
    let makes_a_test = |meta: &Meta| meta.path().segments.len() > 1 && ends_with(meta.path(), "test");
    function.sig.asyncness.is_some()
        && outer(&function.attrs).any(|attribute| makes_a_test(&attribute.meta) && !is_inert(&attribute.meta))
}

/// The function with `#[uses_here]` as its last attribute.
pub(crate) fn sink(arguments: &TokenStream, mut function: ItemFn) -> TokenStream {
    let (outer, inner) = std::mem::take(&mut function.attrs)
        .into_iter()
        .partition::<Vec<_>, _>(|attribute| matches!(attribute.style, AttrStyle::Outer));
    function.attrs = inner;
    quote! {
        #(#outer)*
        #[::resource_guards::__private::uses_here(#arguments)]
        #function
    }
}

fn is_inert(meta: &Meta) -> bool {
    if let Some((_, attributes)) = conditional(meta) {
        return attributes.iter().all(is_inert);
    }
    let path = meta.path();
    match path.get_ident() {
        Some(name) => name == "cfg_attr" || INERT.iter().any(|inert| name == inert),
        None => is_of_a_tool(path) || is_test_of_the_prelude(path),
    }
}

fn is_of_a_tool(path: &Path) -> bool {
    path.segments.first().is_some_and(|first| TOOLS.iter().any(|tool| first.ident == tool))
}

/// `::core::prelude::v1::test`, which generated code writes for `test`.
fn is_test_of_the_prelude(path: &Path) -> bool {
    let mut segments = path.segments.iter();
    ends_with(path, "test")
        && segments.next().is_some_and(|first| first.ident == "core" || first.ident == "std")
        && segments.next().is_some_and(|second| second.ident == "prelude")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(source: &str) -> ItemFn {
        syn::parse_str(source).expect("the source is a function")
    }

    #[test]
    fn attributes_of_the_language_leave_it_in_place() {
        for attributes in [
            "",
            "#[test]",
            "#[::core::prelude::v1::test]",
            "/// documented\n#[test] #[should_panic(expected = \"x\")] #[ignore = \"slow\"]",
            "#[cfg(unix)] #[cfg_attr(miri, ignore)] #[allow(clippy::all)] #[clippy::msrv = \"1.89\"] #[test]",
            "#[unsafe(no_mangle)] #[rustfmt::skip]",
        ] {
            assert!(!sinks(&function(&format!("{attributes} fn f() {{}}"))), "{attributes}");
        }
    }

    #[test]
    fn macros_that_make_tests_are_expanded_first() {
        for attributes in [
            "#[tokio::test]",
            "#[tokio::test(flavor = \"multi_thread\")]",
            "#[rstest] #[case(1)]",
            "#[test_case(1 => 2)]",
            "#[test] #[serial]",
            "#[cfg_attr(unix, tokio::test)]",
        ] {
            assert!(sinks(&function(&format!("{attributes} fn f() {{}}"))), "{attributes}");
        }
    }

    #[test]
    fn it_sinks_again_only_above_a_test_attribute_of_an_async_function() {
        assert!(sinks_again(&function("#[tokio::test] async fn f() {}")));
        assert!(!sinks_again(&function("#[test] async fn f() {}")));
        assert!(!sinks_again(&function("#[core::prelude::v1::test] async fn f() {}")));
        assert!(!sinks_again(&function("#[serial] async fn f() {}")));
        assert!(!sinks_again(&function("#[test_log::test] fn f() {}")));
    }

    #[test]
    fn the_hidden_attribute_becomes_the_last_one() {
        let arguments = quote!(tmux);
        let sunk = sink(&arguments, function("#[rstest] #[case(1)] fn f(n: u8) { #![allow(unused)] }"));
        let function: ItemFn = syn::parse2(sunk).expect("the expansion is a function");
        let paths: Vec<_> = outer(&function.attrs).filter_map(|attribute| attribute.path().segments.last()).collect();
        assert_eq!(quote!(#(#paths)*).to_string(), "rstest case uses_here");
    }
}
