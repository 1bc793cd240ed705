//! Golden expansions: each `expansions/NAME.rs` and what its first attribute of ours makes of it, `NAME.expanded.rs`.
//!
//! `EXPANSIONS=write` writes what is made; look at the difference before committing it.

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, File, Item, Meta};

fn attributes(item: &mut Item) -> &mut Vec<Attribute> {
    match item {
        Item::Fn(function) => &mut function.attrs,
        Item::Mod(module) => &mut module.attrs,
        _ => panic!("an input is a function or a module"),
    }
}

/// Expands as the compiler would: the attribute is taken off, the others stay.
fn expand(source: &str) -> String {
    let mut item: Item = syn::parse_str(source).expect("the input is an item");
    let names = ["uses", "uses_here", "fixture_uses", "guarded"];
    let of_ours = |attribute: &Attribute| names.iter().position(|name| attribute.path().is_ident(name));
    let attributes = attributes(&mut item);
    let (index, which) = attributes
        .iter()
        .enumerate()
        .find_map(|(index, attribute)| Some((index, of_ours(attribute)?)))
        .expect("the input has an attribute of ours");
    let arguments = match attributes.remove(index).meta {
        Meta::List(list) => list.tokens,
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    let item = item.into_token_stream();
    let expanded = match which {
        0 => crate::test::uses(arguments, item),
        1 => crate::test::uses_here(arguments, item),
        2 => crate::fixture::fixture_uses(arguments, item),
        _ => crate::guarded::guarded(arguments, item),
    };
    prettyplease::unparse(&syn::parse2::<File>(expanded).expect("the expansion is Rust"))
}

#[test]
fn expansions_are_as_recorded() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("expansions");
    let mut compared = 0;
    for entry in fs::read_dir(&directory).expect("the directory of expansions is there") {
        let input = entry.expect("the directory can be read").path();
        if input.extension().is_none_or(|extension| extension != "rs") || input.to_string_lossy().contains(".expanded.")
        {
            continue;
        }
        let recorded = input.with_extension("expanded.rs");
        let expanded = expand(&fs::read_to_string(&input).expect("the input can be read"));
        if std::env::var("EXPANSIONS").is_ok_and(|wish| wish == "write") {
            fs::write(&recorded, &expanded).expect("the expansion can be written");
        }
        assert_eq!(fs::read_to_string(&recorded).unwrap_or_default(), expanded, "{}", input.display());
        compared += 1;
    }
    assert!(compared > 10, "only {compared} inputs");
}
