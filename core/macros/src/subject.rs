//! What an attribute stands on, and whether it may.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Item, ItemFn, Meta};

use crate::arguments::Arguments;
use crate::attributes::ends_with;
use crate::errors::Errors;

/// The two attributes that declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declares {
    /// `#[uses]`.
    Test,
    /// `#[fixture_uses]`.
    Fixture,
}

impl Declares {
    /// Which of the two `attribute` is, under whatever path.
    fn of(attribute: &Attribute) -> Option<Self> {
        let called = |name| ends_with(attribute.path(), name);
        if called("fixture_uses") {
            return Some(Self::Fixture);
        }
        (called("uses") || called("uses_here") || called("__uses_here")).then_some(Self::Test)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Test => "uses",
            Self::Fixture => "fixture_uses",
        }
    }

    fn home(self) -> &'static str {
        match self {
            Self::Test => "`#[uses]` belongs on a test function",
            Self::Fixture => "`#[fixture_uses]` belongs on a function that sets up a fixture",
        }
    }
}

/// Reads both inputs of an attribute and expands it. With a mistake in either, all mistakes are emitted beside the
/// item, which loses our attributes, so that no other error follows from them.
pub(crate) fn expand(
    declares: Declares,
    arguments: TokenStream,
    item: TokenStream,
    expansion: impl FnOnce(&Arguments, ItemFn) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = errors.keep(Arguments::parse(arguments));
    let mut function = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(not_a_function(declares, &item, error));
            let errors = errors.into_tokens();
            return quote!(#errors #item);
        }
    };
    check_signature(declares, &function, &mut errors);
    check_others(declares, arguments.as_ref(), &function, &mut errors);
    match errors.none_or(arguments.unwrap_or_default()) {
        Ok(arguments) => expansion(&arguments, function),
        Err(error) => {
            let error = error.into_compile_error();
            function.attrs.retain(|attribute| Declares::of(attribute).is_none());
            quote!(#error #function)
        }
    }
}

/// What stands there instead, and where the attribute belongs.
fn not_a_function(declares: Declares, item: &TokenStream, error: syn::Error) -> syn::Error {
    let found = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Const(_)) => "a constant",
        Ok(Item::Enum(_)) => "an enum",
        Ok(Item::ExternCrate(_)) => "an `extern crate`",
        Ok(Item::ForeignMod(_)) => "an `extern` block",
        Ok(Item::Impl(_)) => "an `impl` block; write it on the functions inside",
        Ok(Item::Macro(_)) => "a macro invocation; write it inside, above the `fn`",
        Ok(Item::Mod(_)) if declares == Declares::Test => "a module; `#[guarded]` is for modules",
        Ok(Item::Mod(_)) => "a module; write it on the functions inside",
        Ok(Item::Static(_)) => "a static",
        Ok(Item::Struct(_)) => "a struct",
        Ok(Item::Trait(_) | Item::TraitAlias(_)) => "a trait",
        Ok(Item::Type(_)) => "a type alias",
        Ok(Item::Union(_)) => "a union",
        Ok(Item::Use(_)) => "an import",
        _ if syn::parse2::<syn::TraitItemFn>(item.clone()).is_ok() => "a function without a body",
        _ => return error,
    };
    syn::Error::new_spanned(item, format!("{}, and this is {found}", declares.home()))
}

fn check_signature(declares: Declares, function: &ItemFn, errors: &mut Errors) {
    let home = declares.home();
    if let Some(keyword) = &function.sig.constness {
        errors.add(keyword, format!("{home}, and a `const fn` cannot use a resource: remove `const`"));
    }
    if let Some(receiver) = function.sig.receiver() {
        errors
            .add(receiver, format!("{home}, and this is a method: remove the receiver or declare where it is called"));
    }
}

/// Looks for other declarations on the function. The compiler shows each attribute the ones that are left.
fn check_others(declares: Declares, own: Option<&Arguments>, function: &ItemFn, errors: &mut Errors) {
    let name = declares.name();
    for attribute in &function.attrs {
        match Declares::of(attribute) {
            None => {}
            Some(other) if other == declares => {
                let both = own.zip(arguments_of(attribute)).map(|(own, other)| own.merged_with(&other));
                let once = both.map(|both| format!(": write it once, #[{name}({both})]")).unwrap_or_default();
                errors.add(attribute, format!("`#[{name}]` stands on this function twice{once}"));
            }
            Some(_) => errors.add(
                attribute,
                "a function is a test or a fixture, not both: `#[uses]` is for tests, `#[fixture_uses]` for fixtures",
            ),
        }
    }
}

fn arguments_of(attribute: &Attribute) -> Option<Arguments> {
    match &attribute.meta {
        Meta::Path(_) => Some(Arguments::default()),
        Meta::List(list) => Arguments::parse(list.tokens.clone()).ok(),
        Meta::NameValue(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mistakes, and the item that is emitted beside them.
    fn mistakes(declares: Declares, arguments: &str, item: &str) -> (Vec<String>, String) {
        let tokens = |source: &str| source.parse::<TokenStream>().expect("the source is Rust tokens");
        let output = expand(declares, tokens(arguments), tokens(item), |_, _| panic!("there is a mistake"));
        let output = syn::parse2::<syn::File>(output).expect("the output is Rust");
        let (errors, items): (Vec<_>, Vec<_>) = output
            .items
            .into_iter()
            .partition(|item| matches!(item, Item::Macro(found) if ends_with(&found.mac.path, "compile_error")));
        let texts = errors.into_iter().filter_map(|error| match error {
            Item::Macro(found) => found.mac.parse_body::<syn::LitStr>().ok().map(|text| text.value()),
            _ => None,
        });
        (texts.collect(), quote!(#(#items)*).to_string())
    }

    #[track_caller]
    fn only_mistake(declares: Declares, arguments: &str, item: &str, part: &str) {
        let (found, _) = mistakes(declares, arguments, item);
        assert!(found.len() == 1 && found.iter().all(|mistake| mistake.contains(part)), "{item}: {found:?}");
    }

    #[test]
    fn what_is_no_function_is_named_and_kept() {
        for (item, name) in [
            ("struct S;", "this is a struct"),
            ("const C: u8 = 1;", "this is a constant"),
            ("impl S { fn f() {} }", "write it on the functions inside"),
            ("mod tests { }", "`#[guarded]` is for modules"),
            ("proptest! { fn f(n: u8) {} }", "write it inside, above the `fn`"),
            ("fn f();", "a function without a body"),
        ] {
            only_mistake(Declares::Test, "tmux", item, name);
        }
        let (_, kept) = mistakes(Declares::Test, "tmux", "struct S;");
        assert_eq!(kept, "struct S ;");
    }

    #[test]
    fn a_test_is_no_constant_and_no_method() {
        only_mistake(Declares::Test, "", "const fn f() {}", "remove `const`");
        only_mistake(Declares::Fixture, "", "fn f(&self) {}", "this is a method");
        only_mistake(Declares::Fixture, "", "fn f(self: Box<Self>) {}", "this is a method");
    }

    #[test]
    fn two_declarations_are_answered_with_one() {
        only_mistake(
            Declares::Test,
            "docker",
            "#[test] #[resource_guards::uses(tmux, docker)] fn f() {}",
            "write it once, #[uses(docker, tmux)]",
        );
        only_mistake(
            Declares::Fixture,
            "docker",
            "#[fixture_uses] fn f() {}",
            "write it once, #[fixture_uses(docker)]",
        );
        only_mistake(Declares::Test, "docker", "#[uses(Tmux)] fn f() {}", "`#[uses]` stands on this function twice");
        only_mistake(Declares::Test, "docker", "#[uses_here(tmux)] fn f() {}", "#[uses(docker, tmux)]");
        only_mistake(Declares::Fixture, "docker", "#[uses(docker)] fn f() {}", "not both");
    }

    #[test]
    fn mistakes_of_arguments_and_item_are_reported_together_and_the_function_stays() {
        let (found, kept) =
            mistakes(Declares::Test, "Tmux, may(git)", "#[test] #[uses(a)] #[fixture_uses(b)] const fn f(&self) {}");
        assert_eq!(found.len(), 6, "{found:#?}");
        assert_eq!(kept, "# [test] const fn f (& self) { }");
    }
}
