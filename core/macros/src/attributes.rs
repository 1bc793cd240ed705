//! Reading the attributes of an item.

use syn::punctuated::Punctuated;
use syn::{AttrStyle, Attribute, Meta, Path, Token};

/// Whether the last segment of `path` is `name`: a user may have imported a macro or may name its crate.
pub(crate) fn ends_with(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
}

/// The attributes before the item, without those inside of its braces.
pub(crate) fn outer(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| matches!(attribute.style, AttrStyle::Outer))
}

/// The predicate and the attributes of `cfg_attr(predicate, attribute, …)`.
pub(crate) fn conditional(meta: &Meta) -> Option<(Meta, Vec<Meta>)> {
    let list = meta.require_list().ok().filter(|list| list.path.is_ident("cfg_attr"))?;
    let mut parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?.into_iter();
    Some((parts.next()?, parts.collect()))
}
