//! The functions, modules and imports of a file, also those that stand inside of macro invocations.
//!
//! What a macro makes of its tokens is not known. But a `fn` under visible attributes, as in `proptest! { … }`, is a function
//! whose attributes can be edited (`tokens`).

mod tokens;

use std::ops::Range;

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{AttrStyle, Attribute, ItemFn, ItemMacro, ItemMod, ItemUse, Meta, Signature, UseTree, Visibility};

/// What makes a function a test, by the last segment of the attribute's path.
const TESTS: &[&str] = &["test", "rstest", "test_case", "test_matrix", "apply", "case", "wasm_bindgen_test", "bench"];

/// A function.
pub(super) struct Function {
    pub(super) name: String,
    /// The inline modules of this file that it is in.
    pub(super) module: Vec<String>,
    /// The line of its name.
    pub(super) line: u32,
    /// From its first attribute to the end of its body.
    pub(super) range: Range<usize>,
    /// Where it begins behind its attributes.
    pub(super) start: usize,
    pub(super) attributes: Vec<Attr>,
    /// Whether it is in the `impl` of a type: then it is no test, and its path has not the type.
    pub(super) associated: bool,
    /// The macro whose invocation it stands in.
    pub(super) in_macro: Option<String>,
    /// The predicates of `#[cfg]` that it is under in this file.
    pub(super) conditions: Vec<String>,
}

/// An attribute above a function.
pub(super) struct Attr {
    pub(super) range: Range<usize>,
    /// The segments of its path.
    pub(super) path: Vec<String>,
    pub(super) meta: Meta,
    /// How far the positions of `meta` are from those of the file.
    pub(super) offset: usize,
}

/// `mod name;`, whose body is in another file.
#[derive(Debug)]
pub(super) struct ModuleFile {
    pub(super) name: String,
    /// The inline modules that it is in.
    pub(super) inside: Vec<Inside>,
    /// The predicates of `#[cfg]` that it is under in this file.
    pub(super) conditions: Vec<String>,
    /// Of `#[path = "…"]`, also under a condition.
    pub(super) paths: Vec<String>,
    /// Whether all of them are under conditions, so that the usual place is possible too.
    pub(super) usual: bool,
}

/// An inline module.
#[derive(Debug, Clone)]
pub(super) struct Inside {
    pub(super) name: String,
    /// Of `#[path = "…"]`.
    pub(super) path: Option<String>,
    conditions: Vec<String>,
}

/// A name that `use` brings into a module.
#[derive(Debug)]
pub(super) struct Import {
    /// The inline modules of this file that it is in.
    pub(super) module: Vec<String>,
    /// The path; it ends with `*` for a glob.
    pub(super) path: Vec<String>,
    /// What it is called here.
    pub(super) name: String,
    /// The whole `use`.
    pub(super) range: Range<usize>,
}

#[derive(Default)]
pub(super) struct Items {
    pub(super) functions: Vec<Function>,
    pub(super) modules: Vec<ModuleFile>,
    pub(super) imports: Vec<Import>,
}

/// Reads a file.
pub(super) fn of(text: &str) -> syn::Result<Items> {
    let offset = beginning(text);
    let file: syn::File = syn::parse_str(&text[offset..])?;
    let mut finder = Finder { offset, lines: 0, items: Items::default(), inside: Vec::new(), associated: false };
    finder.lines = u32::try_from(text[..offset].matches('\n').count()).unwrap_or_default();
    finder.visit_file(&file);
    Ok(finder.items)
}

/// The length of what stands before the tokens of Rust: a byte order mark, a `#!` line.
pub(super) fn beginning(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let rest = &text[mark..];
    let is_line = rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[');
    mark + if is_line { rest.find('\n').unwrap_or(rest.len()) } else { 0 }
}

struct Finder {
    offset: usize,
    lines: u32,
    items: Items,
    inside: Vec<Inside>,
    /// Whether this is in the `impl` of a type.
    associated: bool,
}

impl Finder {
    fn range(&self, span: Span) -> Range<usize> {
        let range = span.byte_range();
        range.start + self.offset..range.end + self.offset
    }

    fn line(&self, span: Span) -> u32 {
        u32::try_from(span.start().line).unwrap_or_default() + self.lines
    }

    fn module(&self) -> Vec<String> {
        self.inside.iter().map(|module| module.name.clone()).collect()
    }

    fn conditions(&self, attributes: &[Attribute]) -> Vec<String> {
        let around = self.inside.iter().flat_map(|module| module.conditions.iter().cloned());
        around.chain(conditions(attributes)).collect()
    }

    fn attributes(&self, attributes: &[Attribute]) -> Vec<Attr> {
        let outer = attributes.iter().filter(|attribute| matches!(attribute.style, AttrStyle::Outer));
        outer
            .map(|attribute| Attr {
                range: self.range(attribute.pound_token.span).start
                    ..self.range(attribute.bracket_token.span.close()).end,
                path: attribute.path().segments.iter().map(|segment| segment.ident.unraw().to_string()).collect(),
                meta: attribute.meta.clone(),
                offset: self.offset,
            })
            .collect()
    }

    fn module_file(&mut self, name: String, attributes: &[Attribute]) {
        let (plain, conditional) = paths(attributes);
        let usual = plain.is_empty();
        self.items.modules.push(ModuleFile {
            name,
            inside: self.inside.clone(),
            conditions: self.conditions(attributes),
            paths: plain.into_iter().chain(conditional).collect(),
            usual,
        });
    }

    fn inline_module(&mut self, name: String, attributes: &[Attribute], inside: impl FnOnce(&mut Self)) {
        let (plain, conditional) = paths(attributes);
        let path = plain.into_iter().chain(conditional).next();
        self.inside.push(Inside { name, path, conditions: conditions(attributes) });
        inside(self);
        self.inside.pop();
    }

    fn whole_function(&mut self, above: &[Attribute], vis: &Visibility, sig: &Signature, block: &syn::Block) {
        let start = match vis {
            Visibility::Inherited => sig.span(),
            visible => visible.span(),
        };
        self.function(&sig.ident, above.to_vec(), start, Some(block.brace_token.span.close()), None);
    }

    fn function(
        &mut self,
        name: &proc_macro2::Ident,
        attributes: Vec<Attribute>,
        start: Span,
        end: Option<Span>,
        of: Option<&str>,
    ) {
        let conditions = self.conditions(&attributes);
        let attributes = self.attributes(&attributes);
        let start = self.range(start).start;
        let end = end.map_or(start, |end| self.range(end).end);
        self.items.functions.push(Function {
            name: name.unraw().to_string(),
            module: self.module(),
            line: self.line(name.span()),
            range: attributes.first().map_or(start, |first| first.range.start)..end,
            start,
            attributes,
            associated: self.associated,
            in_macro: of.map(str::to_owned),
            conditions,
        });
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.whole_function(&item.attrs, &item.vis, &item.sig, &item.block);
        // Items inside of its body are no tests.
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.whole_function(&item.attrs, &item.vis, &item.sig, &item.block);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let name = item.ident.unraw().to_string();
        match &item.content {
            None => self.module_file(name, &item.attrs),
            Some(_) => self.inline_module(name, &item.attrs, |finder| visit::visit_item_mod(finder, item)),
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let module = self.module();
        let range = self.range(item.span());
        let mut add = |path: Vec<String>, name: String| {
            self.items.imports.push(Import { module: module.clone(), path, name, range: range.clone() });
        };
        imports(&item.tree, &mut Vec::new(), &mut add);
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        let name = item.mac.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        // What stands in a definition is no function yet.
        if name != "macro_rules" {
            self.tokens(&item.mac.tokens, &name);
        }
    }

    /// That of a trait may be entered where nobody names it, as `drop` is.
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if item.trait_.is_none() {
            self.associated = true;
            visit::visit_item_impl(self, item);
            self.associated = false;
        }
    }

    fn visit_item_trait(&mut self, _: &'ast syn::ItemTrait) {}
}

/// The predicates of `#[cfg(…)]`.
fn conditions(attributes: &[Attribute]) -> Vec<String> {
    let all = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    all.filter_map(|attribute| Some(attribute.meta.require_list().ok()?.tokens.to_string())).collect()
}

/// The values of `#[path = "…"]`, and those under `#[cfg_attr]`.
fn paths(attributes: &[Attribute]) -> (Vec<String>, Vec<String>) {
    let mut plain = Vec::new();
    let mut conditional = Vec::new();
    for attribute in attributes {
        if attribute.path().is_ident("path") {
            plain.extend(value(&attribute.meta));
        } else if attribute.path().is_ident("cfg_attr") {
            let _ = attribute.parse_args_with(|input: syn::parse::ParseStream<'_>| {
                let metas = input.call(syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated)?;
                conditional.extend(metas.iter().filter(|meta| meta.path().is_ident("path")).filter_map(value));
                Ok(())
            });
        }
    }
    (plain, conditional)
}

fn value(meta: &Meta) -> Option<String> {
    match &meta.require_name_value().ok()?.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn imports(tree: &UseTree, path: &mut Vec<String>, add: &mut impl FnMut(Vec<String>, String)) {
    match tree {
        UseTree::Path(part) => {
            path.push(part.ident.unraw().to_string());
            imports(&part.tree, path, add);
            path.pop();
        }
        UseTree::Name(name) => {
            let name = name.ident.unraw().to_string();
            add([path.as_slice(), std::slice::from_ref(&name)].concat(), name);
        }
        UseTree::Rename(renamed) => {
            let own = renamed.ident.unraw().to_string();
            add([path.as_slice(), &[own]].concat(), renamed.rename.unraw().to_string());
        }
        UseTree::Glob(_) => add([path.as_slice(), &["*".to_owned()]].concat(), "*".to_owned()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| imports(tree, path, add)),
    }
}

impl Function {
    /// Where an attribute is added: above the first one that makes it a test, else above the first that is no documentation.
    pub(super) fn place(&self) -> usize {
        let test = self.attributes.iter().find(|attribute| attribute.makes_a_test());
        let first = || self.attributes.iter().find(|attribute| !attribute.is("doc"));
        test.or_else(first).map_or(self.start, |attribute| attribute.range.start)
    }

    /// Whether it has an attribute that makes it a test.
    pub(super) fn is_test(&self) -> bool {
        self.attributes.iter().any(Attr::makes_a_test)
    }

    /// The attributes `#[case(…)]` of rstest, in their order.
    pub(super) fn cases(&self) -> Vec<&Attr> {
        let is_rstest = self.attributes.iter().any(|attribute| attribute.is("rstest"));
        self.attributes
            .iter()
            .filter(|attribute| is_rstest && attribute.path.first().is_some_and(|p| p == "case"))
            .collect()
    }
}

impl Attr {
    /// Whether its path ends so.
    pub(super) fn is(&self, name: &str) -> bool {
        self.path.last().is_some_and(|last| last == name)
    }

    fn makes_a_test(&self) -> bool {
        TESTS.iter().any(|test| self.is(test)) || self.path.first().is_some_and(|first| first == "case")
    }
}
