//! The expansion of `#[uses]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ItemFn, Local, LocalInit, Stmt, parse_quote};

use crate::arguments::Arguments;
use crate::body::{closure, future, replace};
use crate::declaration::{self, declaration};
use crate::output::Verdict;
use crate::placement;
use crate::subject::{Declares, expand};

/// `#[uses]`: in place, or below the attributes that must be expanded first.
pub(crate) fn uses(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(Declares::Test, arguments.clone(), item, |parsed, function| {
        if placement::sinks(&function) { placement::sink(&arguments, function) } else { wrap(parsed, function) }
    })
}

/// `#[uses_here]`: in place.
pub(crate) fn uses_here(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(Declares::Test, arguments.clone(), item, |parsed, function| {
        if placement::sinks_again(&function) { placement::sink(&arguments, function) } else { wrap(parsed, function) }
    })
}

fn wrap(arguments: &Arguments, mut function: ItemFn) -> TokenStream {
    let declaration = declaration("Test", arguments, &function);
    let constant = declaration::ident();
    let is_async = function.sig.asyncness.is_some();
    if !is_async {
        await_teardowns(&mut function);
    }
    let verdict = Verdict::of(&function.sig.output);
    let written = match verdict {
        Verdict::Kept => function.sig.output.clone(),
        Verdict::Never | Verdict::Reported => {
            std::mem::replace(&mut function.sig.output, parse_quote!(-> ::std::process::ExitCode))
        }
    };
    // A body that never returns is a body of any type; reporting its result would be code that is never reached.
    let written = if verdict == Verdict::Never { function.sig.output.clone() } else { written };
    let body = if is_async { future(&written, &function.block) } else { closure(&written, &function.block) };
    let call = match (is_async, verdict) {
        (false, Verdict::Reported) => quote! {
            ::resource_guards::__private::run(&#constant, move || ::std::process::Termination::report((#body)()))
        },
        (false, _) => quote!(::resource_guards::__private::run(&#constant, #body)),
        (true, Verdict::Reported) => quote! {
            ::resource_guards::__private::run_async(&#constant, async move {
                ::std::process::Termination::report(#body.await)
            })
            .await
        },
        (true, _) => quote!(::resource_guards::__private::run_async(&#constant, #body).await),
    };
    replace(&mut function, quote!(#declaration #call));
    function.into_token_stream()
}

/// `#[tokio::test]` makes of an `async fn` a `fn` that begins with `let body = async { … };` and runs that. Async
/// teardowns of fixtures must be awaited on its runtime, so at the end of that block.
fn await_teardowns(function: &mut ItemFn) {
    let Some(Stmt::Local(Local { init: Some(LocalInit { expr, .. }), .. })) = function.block.stmts.first_mut() else {
        return;
    };
    if let Expr::Async(_) = **expr {
        **expr = parse_quote!(::resource_guards::__private::drained(#expr));
    }
}
