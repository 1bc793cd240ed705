//! The body of a function as a value that the wrapper runs.
//!
//! `return` and `?` must leave the body and not the wrapper, and what the body is inferred to be must not change: without
//! its type written down, a body that ends in `panic!()` would be of type `!`, and `?` would not know its error.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Block, Expr, Ident, ItemFn, ReturnType, Stmt};

use crate::output::is_opaque;

/// The body as a closure.
pub(crate) fn closure(output: &ReturnType, body: &Block) -> TokenStream {
    let annotation = annotation(output).map(|written| quote!(-> #written));
    quote!(move || #annotation #body)
}

/// The body as a future.
///
/// An `async` block takes no annotation. A `return` that never runs tells its type before the body is read, so that the
/// body's own returns are converted to it.
pub(crate) fn future(output: &ReturnType, body: &Block) -> TokenStream {
    let Some(written) = annotation(output) else { return quote!(async move #body) };
    let out = Ident::new("out", Span::mixed_site());
    quote! {
        async move {
            if let ::core::option::Option::Some(#out) = ::core::option::Option::None::<#written> {
                return #out;
            }
            let #out: #written = #body;
            #[allow(unreachable_code)]
            #out
        }
    }
}

/// Puts `statements` in the place of the body.
pub(crate) fn replace(function: &mut ItemFn, statements: TokenStream) {
    function.block.stmts = vec![Stmt::Expr(Expr::Verbatim(statements), None)];
}

fn annotation(output: &ReturnType) -> Option<TokenStream> {
    match output {
        ReturnType::Default => Some(quote!(())),
        _ if is_opaque(output) => None,
        ReturnType::Type(_, written) => Some(written.to_token_stream()),
    }
}
