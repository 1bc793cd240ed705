//! The registered declaration that both expansions begin with.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ItemFn;

use crate::arguments::Arguments;

/// The name of the constant.
pub(crate) fn ident() -> Ident {
    Ident::new("__DECLARATION", Span::mixed_site())
}

/// The constant and its registration. They stand inside of the function, so that their names clash with nothing.
///
/// `subject` is a variant of `Subject`.
pub(crate) fn declaration(subject: &str, arguments: &Arguments, function: &ItemFn) -> TokenStream {
    let constant = ident();
    let subject = Ident::new(subject, Span::call_site());
    let name = function.sig.ident.to_string();
    // Located at the name, because `line!` of a macro's own token is the line of the outermost macro: for a test
    // inside `proptest!`, that is the line of `proptest!`.
    let at = function.sig.ident.span();
    let line = quote_spanned!(at=> ::core::line!());
    let file = quote_spanned!(at=> ::core::file!());
    quote! {
        const #constant: ::resource_guards::__private::Declaration = ::resource_guards::__private::Declaration {
            subject: ::resource_guards::__private::Subject::#subject,
            module: ::core::module_path!(),
            name: #name,
            file: #file,
            line: #line,
            uses: &[#arguments],
        };
        ::resource_guards::__private::inventory::submit! { #constant }
    }
}
