//! The grammar between the parentheses: `tmux, http("api.github.com"), may(docker = "only on a cold cache")`.

use std::fmt;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, Lit, LitStr, Token, parenthesized, token};

use crate::errors::Errors;
use crate::name::{mistake_in_glob, mistake_in_name, mistake_in_reason};

/// What one attribute declares, in the order written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arguments(Vec<Item>);

/// One resource of a declaration.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    name: String,
    targets: Vec<String>,
    reason: Option<String>,
    /// The tokens of the name, for errors.
    tokens: TokenStream,
}

impl Arguments {
    /// Reads the arguments of `#[uses]` or `#[fixture_uses]`.
    ///
    /// # Errors
    ///
    /// All mistakes of all arguments, each at its place.
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        let mut errors = Errors::default();
        let mut items: Vec<Item> = Vec::new();
        for argument in split_at_commas(tokens, &mut errors) {
            let parse = |input: ParseStream<'_>| argument_of(input, &mut errors);
            let Err(error) = parse.parse2(argument).map(|found| items.extend(found)) else { continue };
            errors.push(error);
        }
        for (index, item) in items.iter().enumerate() {
            let earlier = items.iter().take(index).find(|earlier| earlier.name == item.name);
            if let Some(mistake) = earlier.map(|earlier| item.mistake_of_repeating(earlier)) {
                errors.add(&item.tokens, mistake);
            }
        }
        errors.none_or(Self(items))
    }

    /// The resources of both, where the first declaration of a name wins.
    pub(crate) fn merged_with(&self, other: &Self) -> Self {
        let mut merged = self.clone();
        for item in &other.0 {
            if merged.0.iter().all(|known| known.name != item.name) {
                merged.0.push(item.clone());
            }
        }
        merged
    }
}

/// The elements of `uses: &[…]`.
impl ToTokens for Arguments {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for Item { name, targets, reason, .. } in &self.0 {
            let may = match reason {
                Some(reason) => quote!(::core::option::Option::Some(#reason)),
                None => quote!(::core::option::Option::None),
            };
            tokens.extend(quote! {
                ::resource_guards::__private::Use { resource: #name, targets: &[#(#targets),*], may: #may },
            });
        }
    }
}

impl Item {
    fn mistake_of_repeating(&self, earlier: &Self) -> String {
        let name = &self.name;
        if self.reason.is_some() != earlier.reason.is_some() {
            return format!(
                "`{name}` is declared twice: a resource is either always used or may stay unused, not both"
            );
        }
        if self.targets.is_empty() || earlier.targets.is_empty() {
            return format!("`{name}` is declared twice");
        }
        let targets: Vec<_> = earlier.targets.iter().chain(&self.targets).map(|target| format!("{target:?}")).collect();
        format!("`{name}` is declared twice: name its targets in one place, {name}({})", targets.join(", "))
    }
}

/// As the user would write it.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let targets: Vec<_> = self.targets.iter().map(|target| format!("{target:?}")).collect();
        let targets = if targets.is_empty() { String::new() } else { format!("({})", targets.join(", ")) };
        match &self.reason {
            Some(reason) => write!(f, "may({}{targets} = {reason:?})", spell(&self.name)),
            None => write!(f, "{}{targets}", spell(&self.name)),
        }
    }
}

impl fmt::Display for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&items.join(", "))
    }
}

/// A name as Rust tokens. What begins with a digit after a hyphen may be no token (`2e`), so it is written as a string.
fn spell(name: &str) -> String {
    let is_token = |part: &str| part.parse::<u32>().is_ok() || !part.starts_with(|c: char| c.is_ascii_digit());
    if name.split('-').all(is_token) { name.to_owned() } else { format!("{name:?}") }
}

/// Splits first and parses then, so that a mistake in one argument hides none in the next.
fn split_at_commas(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let mut arguments = Vec::new();
    let mut current = TokenStream::new();
    for tree in tokens {
        match tree {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                let argument = std::mem::take(&mut current);
                if argument.is_empty() {
                    errors.add(comma, "expected the name of a resource before this comma");
                } else {
                    arguments.push(argument);
                }
            }
            tree => current.extend([tree]),
        }
    }
    if !current.is_empty() {
        arguments.push(current);
    }
    arguments
}

/// `tmux`, `http("host")` or `may(…)`.
fn argument_of(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Item>> {
    if input.fork().call(Ident::parse_any).is_ok_and(|first| first == "may") && !input.peek2(Token![-]) {
        return may(input, errors);
    }
    let item = resource(input, errors)?;
    if input.peek(Token![=]) {
        let Item { name, .. } = &item;
        return Err(input.error(format!("a reason belongs to an exception: write may({name} = \"…\")")));
    }
    if !input.is_empty() {
        return Err(input.error("expected `,` after a resource"));
    }
    Ok(vec![item])
}

/// `may(tmux = "reason", http("host") = "reason")`.
fn may(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Item>> {
    let keyword = input.call(Ident::parse_any)?;
    let usage = "`may` takes resources with reasons: may(tmux = \"only on a cold cache\")";
    if !input.peek(token::Paren) {
        return Err(syn::Error::new_spanned(keyword, usage));
    }
    let content;
    parenthesized!(content in input);
    if content.is_empty() {
        errors.add(&keyword, usage);
    }
    if !input.is_empty() {
        errors.push(input.error("expected `,` after `may(…)`"));
        input.parse::<TokenStream>()?;
    }
    let mut items = Vec::new();
    for pair in split_at_commas(content.parse()?, errors) {
        let parse = |input: ParseStream<'_>| exception(input, errors);
        match parse.parse2(pair) {
            Ok(item) => items.push(item),
            Err(error) => errors.push(error),
        }
    }
    Ok(items)
}

/// `tmux = "reason"`.
fn exception(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Item> {
    let mut item = resource(input, errors)?;
    if input.is_empty() {
        let usage = format!("`may` needs a reason: may({item} = \"…\")");
        errors.add(&item.tokens, usage);
        return Ok(item);
    }
    input.parse::<Token![=]>()?;
    let reason: LitStr =
        input.parse().map_err(|error| syn::Error::new(error.span(), "a reason is a string literal"))?;
    if let Some(mistake) = mistake_in_reason(&reason.value()) {
        errors.add(&reason, mistake);
    }
    item.reason = Some(reason.value());
    if input.is_empty() { Ok(item) } else { Err(input.error("expected `,` after a reason")) }
}

/// `tmux`, `docker-compose`, `"docker-compose"`, `http("host", …)`.
fn resource(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Item> {
    let (name, tokens) = name(input)?;
    if let Some(mistake) = mistake_in_name(&name) {
        errors.add(&tokens, mistake);
    }
    let mut targets = Vec::new();
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        let globs = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)
            .map_err(|error| syn::Error::new(error.span(), "a target is a string literal: http(\"api.github.com\")"))?;
        if globs.is_empty() {
            errors.add(&tokens, format!("no target between the parentheses: write `{name}` for any target"));
        }
        for glob in globs {
            if let Some(mistake) = mistake_in_glob(&glob.value()) {
                errors.add(&glob, mistake);
            }
            targets.push(glob.value());
        }
    }
    Ok(Item { name, targets, reason: None, tokens })
}

/// A name and its tokens. `docker-compose` and `s3-2` are several tokens to Rust.
fn name(input: ParseStream<'_>) -> syn::Result<(String, TokenStream)> {
    if input.peek(LitStr) {
        let literal: LitStr = input.parse()?;
        return Ok((literal.value(), literal.into_token_stream()));
    }
    let (mut text, mut tokens) = (String::new(), TokenStream::new());
    loop {
        if input.peek(Ident::peek_any) {
            let ident = input.call(Ident::parse_any)?;
            text.push_str(&ident.unraw().to_string());
            ident.to_tokens(&mut tokens);
        } else if input.peek(Lit) && !input.peek(LitStr) {
            let literal: Lit = input.parse()?;
            text.push_str(&literal.to_token_stream().to_string());
            literal.to_tokens(&mut tokens);
        } else if text.is_empty() {
            return Err(input.error("expected the name of a resource"));
        }
        if !input.peek(Token![-]) {
            return Ok((text, tokens));
        }
        let hyphen: Token![-] = input.parse()?;
        text.push('-');
        hyphen.to_tokens(&mut tokens);
    }
}

#[cfg(test)]
mod tests;
