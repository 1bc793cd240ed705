//! Functions and modules among the tokens of a macro.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::Attribute;
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;

use super::Finder;

impl Finder {
    /// Adds them. `of` is the macro.
    pub(super) fn tokens(&mut self, tokens: &TokenStream, of: &str) {
        let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let mut attributes = TokenStream::new();
        let mut start = None;
        let mut n = 0;
        while let Some(tree) = trees.get(n) {
            n += 1;
            match tree {
                TokenTree::Punct(pound) if pound.as_char() == '#' => match trees.get(n) {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
                        attributes.extend([tree.clone(), trees[n].clone()]);
                        n += 1;
                    }
                    // An inner one, `#![…]`, or no attribute.
                    _ => attributes = TokenStream::new(),
                },
                TokenTree::Ident(word) if word == "fn" || word == "mod" => {
                    let start = start.take().unwrap_or_else(|| word.span());
                    let above = Attribute::parse_outer.parse2(std::mem::take(&mut attributes)).unwrap_or_default();
                    let Some(TokenTree::Ident(name)) = trees.get(n) else { continue };
                    let body = trees[n..].iter().position(is_end).map(|at| n + at);
                    let last = body.and_then(|body| trees.get(body)).or(trees.last());
                    if word == "fn" {
                        self.function(name, above, start, last.map(TokenTree::span), Some(of));
                        n = body.map_or(trees.len(), |body| body + 1);
                        continue;
                    }
                    match last {
                        Some(TokenTree::Group(body)) => {
                            self.inline_module(name.unraw().to_string(), &above, |finder| {
                                finder.tokens(&body.stream(), of);
                            })
                        }
                        _ => self.module_file(name.unraw().to_string(), &above),
                    }
                    n = body.map_or(trees.len(), |body| body + 1);
                }
                TokenTree::Ident(word) => {
                    let begins = ["pub", "async", "unsafe", "extern"].iter().any(|other| word == other);
                    start = if begins { start.or(Some(word.span())) } else { None };
                    if !begins && word != "crate" {
                        attributes = TokenStream::new();
                    }
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis && start.is_some() => {}
                TokenTree::Literal(_) if start.is_some() => {}
                TokenTree::Group(group) => {
                    (attributes, start) = (TokenStream::new(), None);
                    self.group(group, of);
                }
                _ => (attributes, start) = (TokenStream::new(), None),
            }
        }
    }

    fn group(&mut self, group: &Group, of: &str) {
        if group.delimiter() != Delimiter::Bracket {
            self.tokens(&group.stream(), of);
        }
    }
}

fn is_end(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}
