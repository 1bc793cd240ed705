//! The imports of attributes that go: they go too, where surely nothing else needs them.
//!
//! A private import can be named in its file and in the files of the modules inside of its own. Macros name things where they
//! are invoked, so one of which is not known what it makes keeps the import.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{ItemMacro, ItemMod, UseGroup, UseTree, Visibility};

use super::declared::List;
use super::edit::{self, Edit};
use super::items::{self, Attr, Import};
use super::source::Source;
use super::targets::Targets;

/// Macros that make items of which none names an import.
const MACROS: &[&str] = &["install", "lazy_static", "proptest", "thread_local"];

/// Attributes, by their last segments, that name no import in what they make of functions and modules.
const ATTRIBUTES: &[&str] = &[
    "allow",
    "bench",
    "case",
    "cfg",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "fixture",
    "fixture_uses",
    "forbid",
    "guarded",
    "ignore",
    "inline",
    "macro_use",
    "must_use",
    "path",
    "rstest",
    "serial",
    "should_panic",
    "skip",
    "test",
    "test_case",
    "test_matrix",
    "track_caller",
    "uses",
    "warn",
    "wasm_bindgen_test",
];

/// A file without them.
pub(super) struct Tidied {
    pub(super) source: Source,
    /// Those that went, with their lines.
    pub(super) gone: Vec<(usize, String)>,
    /// Those that nothing seems to need, but stay.
    pub(super) kept: Vec<String>,
}

/// Removes what `after` does not need and `before` did. `number` is that of the file.
pub(super) fn tidy(before: &Source, after: Source, number: usize, targets: &Targets) -> Tidied {
    let names = unneeded(before, &after);
    let mut tidied = Tidied { source: after, gone: Vec::new(), kept: Vec::new() };
    for name in names {
        match without(&name, &tidied.source, number, targets) {
            Some(source) => {
                tidied.source = source;
                let imports = before.imports.iter().filter(|import| import.name == name && is_of_attribute(import));
                let lines = imports.map(|import| before.text[..import.range.start].matches('\n').count() + 1);
                tidied.gone.extend(lines.map(|line| (line, name.clone())));
            }
            None => tidied.kept.push(name),
        }
    }
    tidied
}

fn is_of_attribute(import: &Import) -> bool {
    import.path.last().is_some_and(|last| last == "uses" || last == "fixture_uses")
}

/// The names of imports that some attribute needed, and none does now.
fn unneeded(before: &Source, after: &Source) -> Vec<String> {
    let is_called = |of: &Source, name: &str| {
        let mut attributes = of.functions.iter().flat_map(|function| &function.attributes);
        attributes.any(|attribute| attribute.path == [name] || may_name(of, attribute, name))
    };
    let may_name = |name: &&String| is_called(before, name) && !is_called(after, name);
    let imports = before.imports.iter().filter(|import| is_of_attribute(import));
    let names: BTreeSet<&String> = imports.map(|import| &import.name).collect();
    names.into_iter().filter(may_name).cloned().collect()
}

/// Whether an attribute names this under a condition.
fn may_name(source: &Source, attribute: &Attr, name: &str) -> bool {
    let words = || Source::words(&source.text[attribute.range.clone()]);
    attribute.is("cfg_attr") && words().is_none_or(|words| words.contains(name))
}

/// The file without the imports of a name, if surely nothing needs them.
fn without(name: &str, source: &Source, number: usize, targets: &Targets) -> Option<Source> {
    let mut edits = Vec::new();
    let mut below = BTreeSet::new();
    for import in source.imports.iter().filter(|import| import.name == name && is_of_attribute(import)) {
        edits.extend(removal(source, import)?);
        below.extend(targets.below(number, &import.module)?);
    }
    let after = Source::of(source.path.clone(), edit::apply(&source.text, &edits), source.modified).ok()?;
    below.remove(&number);
    let below: Vec<&Source> = below.into_iter().map(|number| targets.sources.of(number)).collect();
    let macros = Macros::that_name(name, &after, targets)?;
    let silent = |source: &Source| macros.are_silent_in(source).unwrap_or_default();
    (silent(&after) && below.into_iter().all(silent)).then_some(after)
}

/// The edits that remove an import. `None`: others may see it, or it is not understood.
fn removal(source: &Source, import: &Import) -> Option<Vec<Edit>> {
    let item: syn::ItemUse = syn::parse_str(source.text.get(import.range.clone())?).ok()?;
    if !matches!(item.vis, Visibility::Inherited) {
        return None;
    }
    match part(source, &item.tree, import.path.last()?, &import.name, import.range.start) {
        Part::Elsewhere => None,
        Part::All => Some(vec![whole(source, &import.range)]),
        Part::Some(edits) => Some(edits),
    }
}

/// How much of a tree an import is.
enum Part {
    Elsewhere,
    All,
    Some(Vec<Edit>),
}

fn part(source: &Source, tree: &UseTree, last: &str, name: &str, offset: usize) -> Part {
    let is_it = match tree {
        UseTree::Path(path) => return part(source, &path.tree, last, name, offset),
        UseTree::Group(group) => return part_of_group(source, group, last, name, offset),
        UseTree::Name(own) => own.ident == last && own.ident == name,
        UseTree::Rename(own) => own.ident == last && own.rename == name,
        UseTree::Glob(_) => false,
    };
    if is_it { Part::All } else { Part::Elsewhere }
}

fn part_of_group(source: &Source, group: &UseGroup, last: &str, name: &str, offset: usize) -> Part {
    let parts = group.items.iter().map(|tree| part(source, tree, last, name, offset));
    let Some((element, found)) = parts.enumerate().find(|(_, part)| !matches!(part, Part::Elsewhere)) else {
        return Part::Elsewhere;
    };
    if group.items.len() == 1 || matches!(found, Part::Some(_)) {
        return found;
    }
    let place = |span: Span| span.byte_range().start + offset..span.byte_range().end + offset;
    let list = List {
        range: place(group.brace_token.span.span()),
        elements: group.items.iter().map(|tree| place(tree.span())).collect(),
        commas: group.items.pairs().filter_map(|pair| Some(place(pair.punct()?.span()).start)).collect(),
    };
    // One name needs no braces, unless it is `self`.
    if let ([_, _], Some(tree)) = (&*list.elements, group.items.iter().nth(1 - element.min(1))) {
        let is_self = matches!(tree, UseTree::Name(name) if name.ident == "self");
        let is_self = is_self || matches!(tree, UseTree::Rename(name) if name.ident == "self");
        let text = &source.text[list.range.clone()];
        if !is_self && !matches!(tree, UseTree::Group(_)) && !text.contains("//") && !text.contains("/*") {
            return Part::Some(vec![Edit::replace(list.range.clone(), &source.text[place(tree.span())])]);
        }
    }
    Part::Some(edit::list(source, &list, &[element], &[]))
}

/// Removes the whole `use`, and what would be an empty line too many.
fn whole(source: &Source, range: &Range<usize>) -> Edit {
    let mut edit = edit::remove_attribute(source, range);
    let before = &source.text[..edit.start];
    let above = before.strip_suffix('\n').map(|before| before.strip_suffix('\r').unwrap_or(before));
    let begins = above.is_none_or(|above| above.trim_end_matches(' ').ends_with(['\n', '{']));
    let is_line = before.is_empty() || above.is_some();
    if is_line && begins && source.text.len() > edit.end && source.behind(edit.end).trim().is_empty() {
        edit.end = source.lines(&(edit.end..edit.end)).end;
    }
    edit
}

/// What macros may name.
struct Macros {
    /// The name, and those of the macros that write it.
    names: BTreeSet<String>,
    /// All that are defined in the workspace.
    defined: BTreeSet<String>,
}

impl Macros {
    fn that_name(name: &str, source: &Source, targets: &Targets) -> Option<Self> {
        let numbers: BTreeSet<usize> = targets.read().flat_map(|(_, tree)| tree.sources()).collect();
        let sources = numbers.into_iter().map(|number| targets.sources.of(number)).chain([source]);
        let mut definitions = Vec::new();
        for source in sources.filter(|source| source.text.contains("macro_rules")) {
            definitions.extend(Invoked::of(source)?.definitions);
        }
        let mut names = BTreeSet::from([name.to_owned()]);
        loop {
            let writes = definitions.iter().filter(|(_, words)| !words.is_disjoint(&names));
            let more: Vec<String> = writes.map(|(own, _)| own.clone()).filter(|own| !names.contains(own)).collect();
            if more.is_empty() {
                break;
            }
            names.extend(more);
        }
        Some(Self { names, defined: definitions.into_iter().map(|(own, _)| own).collect() })
    }

    /// Whether nothing in a file names it, also not by a macro.
    fn are_silent_in(&self, source: &Source) -> Option<bool> {
        let words = Source::words(&source.text[items::beginning(&source.text)..])?;
        let invoked = Invoked::of(source)?;
        let is_known = |name: &String| MACROS.contains(&name.as_str()) || self.defined.contains(name);
        let above = source.functions.iter().flat_map(|function| &function.attributes).map(|above| &above.path);
        let mut above = above.chain(&invoked.attributes);
        let known = |path: &Vec<String>| {
            [path.first(), path.last()].into_iter().flatten().any(|part| ATTRIBUTES.contains(&part.as_str()))
        };
        Some(words.is_disjoint(&self.names) && invoked.macros.iter().all(is_known) && above.all(known))
    }
}

/// What makes items of a file.
#[derive(Default)]
struct Invoked {
    macros: Vec<String>,
    /// The paths of those above modules.
    attributes: Vec<Vec<String>>,
    /// The macros that are defined here, with the words in them.
    definitions: Vec<(String, BTreeSet<String>)>,
    /// Whether one of them is not understood.
    unclear: bool,
}

impl Invoked {
    fn of(source: &Source) -> Option<Self> {
        let file: syn::File = syn::parse_str(&source.text[items::beginning(&source.text)..]).ok()?;
        let mut invoked = Self::default();
        invoked.visit_file(&file);
        (!invoked.unclear).then_some(invoked)
    }
}

impl<'ast> Visit<'ast> for Invoked {
    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        let Some(name) = &item.ident else {
            self.macros.extend(item.mac.path.segments.last().map(|segment| segment.ident.to_string()));
            return;
        };
        match Source::words(&item.mac.tokens.to_string()) {
            Some(words) => self.definitions.push((name.to_string(), words)),
            None => self.unclear = true,
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let path = |path: &syn::Path| path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.attributes.extend(item.attrs.iter().map(|attribute| path(attribute.path())));
        visit::visit_item_mod(self, item);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::UNIX_EPOCH;

    use super::*;

    /// The text without its imports of `uses`. `None`: they stay.
    fn removed(text: &str) -> Option<String> {
        let source = Source::of(PathBuf::from("a.rs"), text.to_owned(), UNIX_EPOCH).unwrap();
        let mut edits = Vec::new();
        for import in source.imports.iter().filter(|import| import.path.last().is_some_and(|last| last == "uses")) {
            edits.extend(removal(&source, import)?);
        }
        Some(edit::apply(text, &edits))
    }

    #[test]
    fn only_the_name_itself_goes() {
        for (text, after) in [
            ("use a::uses;\n", ""),
            ("use a::{uses};\n", ""),
            ("//! A.\n\nuse a::uses;\n\nfn f() {}\n", "//! A.\n\nfn f() {}\n"),
            ("mod m {\n    use a::uses;\n\n    fn f() {}\n}\n", "mod m {\n    fn f() {}\n}\n"),
            ("use a::b;\nuse a::uses;\n\nfn f() {}\n", "use a::b;\n\nfn f() {}\n"),
            ("use a::uses;\r\n\r\nfn f() {}\r\n", "fn f() {}\r\n"),
            ("#[cfg(test)]\nuse a::uses;\nuse a::b;\n", "use a::b;\n"),
            ("mod m { use a::uses; fn f() {} }\n", "mod m { fn f() {} }\n"),
            ("use a::{B, uses};\n", "use a::B;\n"),
            ("use a::{uses as u, B as C};\n", "use a::B as C;\n"),
            ("use a::{self, uses};\n", "use a::{self};\n"),
            ("use a::{uses, b::{c, d}};\n", "use a::b::{c, d};\n"),
            ("use a::{b::{c, uses}, d};\n", "use a::{b::c, d};\n"),
            ("use {a::uses, b::c};\n", "use b::c;\n"),
            ("use a::{B, fixture_uses, uses};\n", "use a::{B, fixture_uses};\n"),
            ("use a::{\n    B, // one\n    uses,\n};\n", "use a::{\n    B, // one\n};\n"),
        ] {
            assert_eq!(removed(text).as_deref(), Some(after), "{text}");
        }
        for text in ["pub use a::uses;\n", "pub(crate) use a::{B, uses};\n"] {
            assert_eq!(removed(text), None, "others may see it");
        }
    }

    #[test]
    fn what_a_macro_makes_may_name_it() {
        let silent = |text: &str| {
            let source = Source::of(PathBuf::from("a.rs"), text.to_owned(), UNIX_EPOCH).unwrap();
            let macros =
                Macros { names: BTreeSet::from(["uses".to_owned()]), defined: BTreeSet::from(["own".to_owned()]) };
            macros.are_silent_in(&source).unwrap()
        };
        for text in [
            "fn f() {}",
            "//! `uses`\n/// #[uses(a)]\nfn f() { \"uses\"; }",
            "use a::fixture_uses;",
            "own!(f);\nresource_guards::install!(&A);",
            "#[cfg(test)]\nmod m {\n    #[tokio::test]\n    #[should_panic]\n    async fn f() { g!(); }\n}",
        ] {
            assert!(silent(text), "{text}");
        }
        for text in [
            "#[uses(a)]\nfn f() {}",
            "#[a::uses(a)]\nfn f() {}",
            "proptest! { #[uses(a)] fn f() {} }",
            "macro_rules! m { () => { #[uses(a)] fn f() {} }; }",
            "fn f() { m!(uses); }",
            "#[cfg_attr(a, uses(b))]\nfn f() {}",
            "other!(f);",
            "include!(\"b.inc\");",
            "#[apply(template)]\nfn f(a: u8) {}",
            "#[suite]\nmod m {}",
        ] {
            assert!(!silent(text), "{text}");
        }
    }
}
