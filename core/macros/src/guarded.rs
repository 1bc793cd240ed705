//! The expansion of `#[guarded]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Item, ItemFn, ItemMod, Meta, parse_quote};

use crate::attributes::{conditional, ends_with, outer};
use crate::errors::Errors;

/// What makes a function a test.
const TESTS: [&str; 4] = ["test", "rstest", "test_case", "case"];

/// Adds `#[uses()]` to the tests of a module that have no `#[uses]`.
pub(crate) fn guarded(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    if !arguments.is_empty() {
        errors
            .add(arguments, "`#[guarded]` takes no arguments: it adds `#[uses()]` to the tests that have no `#[uses]`");
    }
    let module = match syn::parse2::<ItemMod>(item.clone()) {
        Ok(mut module) => {
            match &mut module.content {
                Some((_, items)) => items.iter_mut().for_each(guard),
                None => errors.add(
                    &module,
                    "`#[guarded]` cannot see into another file: write it on a module inside of that file, \
                     `#[guarded] mod tests { … }`, or `#[uses()]` on its tests",
                ),
            }
            module.into_token_stream()
        }
        Err(_) => {
            errors.add(&item, "`#[guarded]` belongs on a module with a body: `#[guarded] mod tests { … }`");
            item
        }
    };
    let errors = errors.into_tokens();
    quote!(#errors #module)
}

fn guard(item: &mut Item) {
    match item {
        Item::Fn(function) => guard_function(function),
        Item::Mod(module) if !outer(&module.attrs).any(|attribute| ends_with(attribute.path(), "guarded")) => {
            module.content.iter_mut().flat_map(|(_, items)| items).for_each(guard);
        }
        _ => {}
    }
}

/// The attribute comes first, as a user would write it above `#[test]`.
fn guard_function(function: &mut ItemFn) {
    let is_test = outer(&function.attrs).any(|found| TESTS.iter().any(|test| ends_with(found.path(), test)));
    let declares = outer(&function.attrs).any(|found| ends_with(found.path(), "uses"));
    if !is_test || declares {
        return;
    }
    let conditions: Vec<_> = outer(&function.attrs).filter_map(condition_of_uses).collect();
    let added: Attribute = if conditions.is_empty() {
        parse_quote!(#[::resource_guards::uses()])
    } else {
        parse_quote!(#[cfg_attr(not(any(#(#conditions),*)), ::resource_guards::uses())])
    };
    function.attrs.insert(0, added);
}

/// The predicate of `#[cfg_attr(predicate, uses(…))]`.
fn condition_of_uses(attribute: &Attribute) -> Option<Meta> {
    let (predicate, attributes) = conditional(&attribute.meta)?;
    attributes.iter().any(|found| ends_with(found.path(), "uses")).then_some(predicate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansion(arguments: &str, item: &str) -> String {
        let tokens = |source: &str| source.parse::<TokenStream>().expect("the source is Rust tokens");
        guarded(tokens(arguments), tokens(item)).to_string()
    }

    #[test]
    fn a_module_of_another_file_cannot_be_seen() {
        let expansion = expansion("", "mod tests;");
        assert!(
            expansion.contains("cannot see into another file") && expansion.ends_with("mod tests ;"),
            "{expansion}"
        );
    }

    #[test]
    fn what_is_no_module_is_kept_beside_the_error() {
        let expansion = expansion("", "fn f() {}");
        assert!(expansion.contains("belongs on a module") && expansion.ends_with("fn f () { }"), "{expansion}");
    }

    #[test]
    fn arguments_are_refused_and_the_tests_are_guarded_all_the_same() {
        let expansion = expansion("tmux", "mod tests { #[test] fn f() {} }");
        assert!(expansion.contains("takes no arguments") && expansion.contains("uses ()"), "{expansion}");
    }
}
