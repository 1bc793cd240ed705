//! What stands in the parentheses of `#[uses(…)]`, with the place of each part.

use std::ops::Range;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::Meta;
use syn::parse::Parser as _;

use super::items::Attr;
use crate::format::Use;

/// An attribute that declares.
#[derive(Debug)]
pub(super) struct Declared {
    /// The whole attribute.
    pub(super) attribute: Range<usize>,
    /// Behind its path, where parentheses are added if there are none.
    pub(super) behind_path: usize,
    pub(super) list: Option<List>,
    pub(super) entries: Vec<Entry>,
    /// Whether it stands in `#[cfg_attr(…)]`.
    pub(super) conditional: bool,
}

/// Elements between parentheses.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// With the parentheses.
    pub(super) range: Range<usize>,
    /// Without the commas.
    pub(super) elements: Vec<Range<usize>>,
    /// The place of each comma.
    pub(super) commas: Vec<usize>,
}

/// One resource.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) item: Use,
    /// The number of its element in the attribute's list.
    pub(super) element: usize,
    /// Where a list of targets is added.
    pub(super) behind_name: usize,
    pub(super) targets: Option<List>,
}

impl Declared {
    /// Reads an attribute, if it is `#[uses]` or `#[fixture_uses]` or contains one under a condition. `names` are what it is
    /// called here.
    pub(super) fn of(attribute: &Attr, names: &[&str]) -> Option<Self> {
        let called = |path: &[String]| path.last().is_some_and(|last| names.contains(&last.as_str()));
        if called(&attribute.path) {
            return Self::read(&attribute.meta, attribute, false);
        }
        if !attribute.is("cfg_attr") {
            return None;
        }
        let parser = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
        let metas = parser.parse2(attribute.meta.require_list().ok()?.tokens.clone()).ok()?;
        metas.iter().skip(1).find_map(|meta| {
            let last = meta.path().segments.last()?.ident.to_string();
            names.contains(&last.as_str()).then(|| Self::read(meta, attribute, true)).flatten()
        })
    }

    fn read(meta: &Meta, attribute: &Attr, conditional: bool) -> Option<Self> {
        use syn::spanned::Spanned as _;
        let behind_path = meta.path().segments.last()?.ident.span().byte_range().end + attribute.offset;
        let mut declared =
            Self { attribute: attribute.range.clone(), behind_path, list: None, entries: Vec::new(), conditional };
        let Meta::List(list) = meta else { return Some(declared) };
        let delimiters = list.delimiter.span().span();
        let range = delimiters.byte_range();
        let range = range.start + attribute.offset..range.end + attribute.offset;
        let (read, elements) = split(&list.tokens, range, attribute.offset);
        for (n, element) in elements.iter().enumerate() {
            declared.entries.extend(entries(element, n, attribute.offset)?);
        }
        declared.list = Some(read);
        Some(declared)
    }

    pub(super) fn uses(&self) -> Vec<Use> {
        self.entries.iter().map(|entry| entry.item.clone()).collect()
    }

    pub(super) fn entry(&self, resource: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.item.resource == resource)
    }
}

fn range_of(tree: &TokenTree, offset: usize) -> Range<usize> {
    let range = tree.span().byte_range();
    range.start + offset..range.end + offset
}

/// The elements of a list, as places and as tokens.
fn split(tokens: &TokenStream, range: Range<usize>, offset: usize) -> (List, Vec<Vec<TokenTree>>) {
    let mut list = List { range, elements: Vec::new(), commas: Vec::new() };
    let mut elements: Vec<Vec<TokenTree>> = Vec::new();
    let mut current = Vec::new();
    let mut end = |current: &mut Vec<TokenTree>, list: &mut List| {
        if let (Some(first), Some(last)) = (current.first(), current.last()) {
            list.elements.push(range_of(first, offset).start..range_of(last, offset).end);
            elements.push(std::mem::take(current));
        }
    };
    for tree in tokens.clone() {
        match tree {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                list.commas.push(range_of(&TokenTree::Punct(comma), offset).start);
                end(&mut current, &mut list);
            }
            tree => current.push(tree),
        }
    }
    end(&mut current, &mut list);
    (list, elements)
}

/// The resources of one element: one, or those of `may(…)`.
fn entries(element: &[TokenTree], n: usize, offset: usize) -> Option<Vec<Entry>> {
    if let [TokenTree::Ident(may), TokenTree::Group(group)] = element
        && may == "may"
    {
        let (_, pairs) = split(&group.stream(), 0..0, offset);
        return pairs.iter().map(|pair| entry(pair, n, offset)).collect();
    }
    Some(vec![entry(element, n, offset)?])
}

/// `tmux`, `docker-compose`, `http("host")`, and the same with `= "reason"`.
fn entry(tokens: &[TokenTree], element: usize, offset: usize) -> Option<Entry> {
    let mut name = String::new();
    let mut behind_name = 0;
    let mut targets = None;
    let mut item = Use { resource: String::new(), targets: Vec::new(), may: None };
    let mut tokens = tokens.iter();
    while let Some(tree) = tokens.next() {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                let (list, texts) = split(&group.stream(), parentheses(group, offset), offset);
                item.targets = texts.iter().map(|text| literal(text.first()?)).collect::<Option<_>>()?;
                targets = Some(list);
            }
            TokenTree::Punct(equals) if equals.as_char() == '=' => item.may = Some(literal(tokens.next()?)?),
            tree => {
                behind_name = range_of(tree, offset).end;
                match literal(tree) {
                    Some(text) => name.push_str(&text),
                    None => name.push_str(tree.to_string().trim_start_matches("r#")),
                }
            }
        }
    }
    item.resource = name;
    (!item.resource.is_empty()).then_some(Entry { item, element, behind_name, targets })
}

fn parentheses(group: &Group, offset: usize) -> Range<usize> {
    let range = group.span().byte_range();
    range.start + offset..range.end + offset
}

fn literal(tree: &TokenTree) -> Option<String> {
    match tree {
        TokenTree::Literal(literal) => match syn::Lit::new(literal.clone()) {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
