//! The expansion of `#[fixture_uses]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{ItemFn, Visibility};

use crate::arguments::Arguments;
use crate::attributes::outer;
use crate::body::{closure, future, replace};
use crate::declaration::{self, declaration};
use crate::output::is_result;
use crate::subject::{Declares, expand};

/// `#[fixture_uses]`: always in place, since the function is the same above and below rstest's `#[fixture]`.
pub(crate) fn fixture_uses(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(Declares::Fixture, arguments, item, |parsed, function| {
        if is_accessor_of_rstest(&function) { function.into_token_stream() } else { wrap(parsed, function) }
    })
}

fn wrap(arguments: &Arguments, mut function: ItemFn) -> TokenStream {
    let declaration = declaration("Fixture", arguments, &function);
    let constant = declaration::ident();
    let output = &function.sig.output;
    let failed = if is_result(output) { quote!(::core::result::Result::is_err) } else { quote!(|_| false) };
    let call = if function.sig.asyncness.is_some() {
        let body = future(output, &function.block);
        quote!(::resource_guards::__private::fixture_async(&#constant, #failed, #body).await)
    } else {
        let body = closure(output, &function.block);
        quote!(::resource_guards::__private::fixture(&#constant, #failed, #body))
    };
    replace(&mut function, quote!(#declaration #call));
    function.into_token_stream()
}

/// rstest's `#[fixture]` copies what stands below it onto the function and onto the accessor `get` that calls it.
/// Wrapped both, every entry would count twice, once under the name `get`.
fn is_accessor_of_rstest(function: &ItemFn) -> bool {
    let has = |attribute: &str| outer(&function.attrs).any(|found| found.to_token_stream().to_string() == attribute);
    function.sig.ident == "get"
        && matches!(function.vis, Visibility::Public(_))
        && has(&quote!(#[doc(hidden)]).to_string())
        && has(&quote!(#[allow(unused_mut)]).to_string())
}
