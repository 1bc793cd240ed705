//! Return types, as far as the expansions depend on them.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypePath};

use crate::attributes::ends_with;

/// How the wrapper learns from a test's return value whether it passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is `()`, a `Result` or an `ExitCode`, which the wrapper reads.
    Kept,
    /// There is none: `!`.
    Never,
    /// [`std::process::Termination`] makes an `ExitCode` of it, which the wrapper reads.
    Reported,
}

impl Verdict {
    /// Judges by the name. A `Result` of another crate, such as `anyhow::Result`, is an alias of the real one.
    pub(crate) fn of(output: &ReturnType) -> Self {
        match written(output) {
            None => Self::Kept,
            Some(Type::Never(_)) => Self::Never,
            Some(Type::Tuple(tuple)) if tuple.elems.is_empty() => Self::Kept,
            Some(Type::Path(path)) if ends_with(&path.path, "ExitCode") => Self::Kept,
            Some(Type::Path(path)) if ends_with(&path.path, "Result") && has_known_success(path) => Self::Kept,
            Some(_) => Self::Reported,
        }
    }
}

/// Whether a `Result` is one of what the wrapper can read. An alias may name its success elsewhere.
fn has_known_success(result: &TypePath) -> bool {
    let arguments = result.path.segments.last().map(|last| &last.arguments);
    let Some(PathArguments::AngleBracketed(arguments)) = arguments else { return true };
    match arguments.args.first() {
        Some(GenericArgument::Type(success)) => {
            Verdict::of(&ReturnType::Type(<syn::Token![->]>::default(), Box::new(success.clone()))) == Verdict::Kept
        }
        _ => true,
    }
}

/// Whether it is a `Result`.
pub(crate) fn is_result(output: &ReturnType) -> bool {
    matches!(written(output), Some(Type::Path(path)) if ends_with(&path.path, "Result"))
}

/// Whether there is an `impl Trait` in it, which can be written in a signature only.
pub(crate) fn is_opaque(output: &ReturnType) -> bool {
    fn has_impl(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Ident(ident) => ident == "impl",
            TokenTree::Group(group) => has_impl(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    has_impl(output.to_token_stream())
}

/// The type without the groups that `macro_rules!` and parentheses put around it.
fn written(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, outermost) = output else { return None };
    let mut written = &**outermost;
    loop {
        written = match written {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            written => return Some(written),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(source: &str) -> ReturnType {
        syn::parse_str(source).expect("the source is a return type")
    }

    #[test]
    fn the_wrapper_reads_units_results_and_exit_codes() {
        for source in [
            "",
            "-> ()",
            "-> Result<(), E>",
            "-> anyhow::Result<()>",
            "-> Result<Result<(), E>, E>",
            "-> std::process::ExitCode",
            "-> (())",
        ] {
            assert_eq!(Verdict::of(&output(source)), Verdict::Kept, "{source}");
        }
    }

    #[test]
    fn any_other_type_is_reported() {
        for source in [
            "-> TestResult",
            "-> impl Termination",
            "-> Result<Mine, E>",
            "-> Outcome<Result<(), E>>",
            "-> u8",
            "-> (u8, u8)",
        ] {
            assert_eq!(Verdict::of(&output(source)), Verdict::Reported, "{source}");
        }
        assert_eq!(Verdict::of(&output("-> !")), Verdict::Never);
    }

    #[test]
    fn an_opaque_type_is_found_at_any_depth() {
        assert!(is_opaque(&output("-> impl Deref<Target = Pool>")));
        assert!(is_opaque(&output("-> Result<Fixture<impl Send>, E>")));
        assert!(!is_opaque(&output("-> Box<dyn Send>")));
        assert!(!is_opaque(&output("")));
    }
}
