//! The attribute of one declaration, and the edits that make it what it should be.

use resource_guards::tool::written;

use super::declared::Declared;
use super::edit::{self, Edit};
use super::evidence::{Site, attribute};
use super::removal::Parts;
use super::source::Source;
use super::targets::Targets;
use super::want::{Wants, desired};
use crate::format::Use;

/// The attribute of one declaration, now and as it should be.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) site: Site,
    /// `uses` or `fixture_uses`.
    pub(super) name: &'static str,
    pub(super) declared: Option<Declared>,
    pub(super) desired: Vec<Use>,
}

impl Piece {
    pub(super) fn of(
        site: Site,
        name: &'static str,
        wants: Option<&Wants>,
        gone: Option<&Parts>,
        targets: &Targets,
    ) -> Self {
        let declared = attribute(targets, site.at, name, site.case);
        let now = declared.as_ref().map(Declared::uses).unwrap_or_default();
        let desired = desired(&now, wants.unwrap_or(&Wants::new()), gone.unwrap_or(&Parts::new()));
        Self { site, name, declared, desired }
    }

    pub(super) fn now(&self) -> Vec<Use> {
        self.declared.as_ref().map(Declared::uses).unwrap_or_default()
    }

    /// What is added and removed, in words.
    pub(super) fn said(&self) -> String {
        let now = self.now();
        let words = |of: &[Use], without: &[Use]| -> Vec<String> {
            let mut words = Vec::new();
            for item in of {
                match without.iter().find(|other| other.resource == item.resource) {
                    None => words.push(item.written()),
                    Some(other) if item.may != other.may => words.push(item.written()),
                    Some(other) if item.targets.is_empty() && !other.targets.is_empty() => {
                        words.push(item.resource.clone())
                    }
                    Some(other) => {
                        let new: Vec<String> =
                            item.targets.iter().filter(|target| !other.targets.contains(target)).cloned().collect();
                        words.extend(
                            (!new.is_empty() && !other.targets.is_empty()).then(|| written(&item.resource, &new)),
                        );
                    }
                }
            }
            words
        };
        let added = words(&self.desired, &now);
        let removed = words(&now, &self.desired);
        let part = |verb: &str, words: &[String]| (!words.is_empty()).then(|| format!("{verb} {}", words.join(", ")));
        [part("add", &added), part("remove", &removed)].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// The edits that make of what is declared what is desired.
    pub(super) fn edits(
        &self,
        source: &Source,
        spelled: impl FnOnce() -> Result<String, String>,
    ) -> Result<Vec<Edit>, String> {
        let function = &source.functions[self.site.at.function];
        let text = |uses: &[&Use]| -> Vec<String> { uses.iter().map(|item| item.written()).collect() };
        let Some(declared) = &self.declared else {
            let items = text(&self.desired.iter().collect::<Vec<_>>()).join(", ");
            let place = match self.site.case {
                Some(case) => function.cases().get(case - 1).map(|attribute| attribute.range.start),
                None => None,
            };
            let attribute = format!("#[{}({items})]", spelled()?);
            return Ok(vec![edit::add_attribute(source, place.unwrap_or_else(|| function.place()), &attribute)]);
        };
        if self.desired.is_empty() && !declared.conditional {
            return Ok(vec![edit::remove_attribute(source, &declared.attribute)]);
        }
        let is_new = |item: &&Use| declared.entry(&item.resource).is_none_or(|entry| entry.item.may != item.may);
        let new = text(&self.desired.iter().filter(is_new).collect::<Vec<_>>());
        let Some(list) = &declared.list else {
            return Ok(vec![Edit::insert(declared.behind_path, format!("({})", new.join(", ")))]);
        };
        let mut edits = Vec::new();
        let mut removed = Vec::new();
        for entry in &declared.entries {
            let now = &entry.item.targets;
            let same = |item: &&Use| item.resource == entry.item.resource && item.may == entry.item.may;
            let Some(item) = self.desired.iter().find(same) else {
                removed.push(entry.element);
                continue;
            };
            let Some(targets) = &entry.targets else { continue };
            if item.targets.is_empty() && !now.is_empty() {
                edits.push(Edit::remove(entry.behind_name..targets.range.end));
                continue;
            }
            let gone: Vec<usize> =
                now.iter().enumerate().filter(|(_, target)| !item.targets.contains(target)).map(|(n, _)| n).collect();
            let added: Vec<String> =
                item.targets.iter().filter(|t| !now.contains(t)).map(|t| format!("{t:?}")).collect();
            edits.extend(edit::list(source, targets, &gone, &added));
        }
        edits.extend(edit::list(source, list, &removed, &new));
        Ok(edits)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::UNIX_EPOCH;

    use super::super::evidence::attribute_in;
    use super::super::tree::At;
    use super::super::want::same;
    use super::*;

    const SITE: Site = Site { at: At { source: 0, function: 0 }, case: None };

    fn source(text: &str) -> Source {
        Source::of(PathBuf::from("a.rs"), text.to_owned(), UNIX_EPOCH).unwrap()
    }

    fn declares(source: &Source) -> Vec<Use> {
        attribute_in(source, &source.functions[0], "uses", None).map(|declared| declared.uses()).unwrap_or_default()
    }

    /// The text when its first function declares these.
    fn edited(text: &str, desired: Vec<Use>) -> String {
        let source = source(text);
        let declared = attribute_in(&source, &source.functions[0], "uses", None);
        let piece = Piece { site: SITE, name: "uses", declared, desired };
        edit::apply(text, &piece.edits(&source, || Ok("uses".to_owned())).unwrap())
    }

    fn item(resource: &str, targets: &[&str]) -> Use {
        let targets = targets.iter().map(|&target| target.to_owned()).collect();
        Use { resource: resource.to_owned(), targets, may: None }
    }

    /// All ways to leave some out.
    fn subsets<T: Clone>(of: &[T]) -> Vec<Vec<T>> {
        (0..1u32 << of.len())
            .map(|mask| of.iter().enumerate().filter(|(n, _)| mask >> n & 1 == 1).map(|(_, one)| one.clone()).collect())
            .collect()
    }

    #[test]
    fn whatever_goes_and_comes_the_list_says_it_and_the_rest_stays() {
        let body = "#[test] // it is one\nfn f() {\n    g(); // #[uses(a)]\n}\n";
        for list in [
            "(a, b-2e, c(\"x\", \"y\"))",
            "( a , \"b-2e\",c(\"x\",\"y\",) , )",
            "(\n    a, // one\n    \"b-2e\", /* two */\n    c(\"x\", \"y\"),\n    // end\n)",
            "(\n    // begin\n    a,\n    \"b-2e\",\n    c(\n        \"x\",\n        \"y\"\n    )\n)",
            "(a,\n       \"b-2e\",\n       c(\"x\", \"y\"))",
            "(a, // one\n       \"b-2e\", /* two */\n       c(\"x\", // x\n        \"y\") // three\n)",
            "(/* zero */ a /* one */, \"b-2e\" // two\n    , c(\"x\" /* x */, \"y\" /* y */) /* three */,)",
            "(\n    // a\n    a, // one\n    // b\n    \"b-2e\", c(\n    \"x\", // x\n    // y\n    \"y\" // y\n), // c\n)",
        ] {
            for end in ["\n", "\r\n"] {
                let text = format!("/// #[uses(z)]\n#[uses{list}]\n{body}").replace("b-2e", "b-2").replace('\n', end);
                let now = [item("a", &[]), item("b-2", &[]), item("c", &["x", "y"])];
                assert!(same(&declares(&source(&text)), &now), "{text}");
                for mut desired in subsets(&now).into_iter().flat_map(|kept| {
                    let reason = Some("it \"may\"".to_owned());
                    let more = subsets(&[Use { may: reason, ..item("d", &[]) }, item("e-2e", &["*.org"])]);
                    more.into_iter().map(move |new| [kept.clone(), new].concat())
                }) {
                    for targets in [&["x", "y"][..], &["x"], &["y", "z"], &["w", "z"], &[]] {
                        for wanted in desired.iter_mut().filter(|wanted| wanted.resource == "c") {
                            let may = (targets == ["y", "z"]).then(|| "now".to_owned());
                            *wanted = Use { may, ..item("c", targets) };
                        }
                        let after = edited(&text, desired.clone());
                        assert!(same(&declares(&source(&after)), &desired), "{desired:?}:\n{text}{after}");
                        assert!(after.ends_with(&body.replace('\n', end)), "{desired:?}:\n{after}");
                        assert!(after.starts_with(&format!("/// #[uses(z)]{end}")), "{after}");
                        assert_eq!(after.matches('\n').count(), after.matches(end).count(), "{after:?}");
                        let gone = after == format!("/// #[uses(z)]{end}{}", body.replace('\n', end));
                        assert_eq!(gone, desired.is_empty(), "{after}");
                    }
                }
            }
        }
    }

    /// What becomes of a list, where of `a`, `b` and `c` these are left, or come.
    fn list(before: &str, desired: &str) -> String {
        let desired = desired.split(' ').map(|resource| item(resource, &[])).collect();
        let after = edited(&format!("#[uses{before}]\nfn f() {{}}\n"), desired);
        after.strip_prefix("#[uses").and_then(|after| after.strip_suffix("]\nfn f() {}\n")).expect(&after).to_owned()
    }

    #[test]
    fn comments_stay_with_what_they_are_about() {
        let lines = "(\n    a, // one\n    b, /* two */\n    // end\n)";
        let above = "(\n    // why a\n    a,\n    // why b,\n    // really\n    b,\n)";
        let heading = "(\n    // both\n    a,\n    b,\n\n    // the last\n    c\n)";
        let hanging = "(a, // one\n       b)";
        for (before, desired, after) in [
            // What comes stands behind the last one, not below a comment.
            (lines, "a b d", "(\n    a, // one\n    b, /* two */\n    d,\n    // end\n)"),
            ("(\n    a // one\n    // end\n)", "a d e", "(\n    a, // one\n    d,\n    e\n    // end\n)"),
            ("(a // one\n)", "a d", "(a, // one\n    d\n)"),
            ("(\n    a, b, // both\n)", "a b d", "(\n    a, b, // both\n    d,\n)"),
            ("(a /* one */)", "a d", "(a /* one */, d)"),
            ("(a /* one */,)", "a d", "(a /* one */, d,)"),
            ("(a, /* one */)", "a d", "(a, /* one */ d,)"),
            (hanging, "a b d", "(a, // one\n       b, d)"),
            // What is replaced takes its comments with it.
            (lines, "b d", "(\n    d,\n    b, /* two */\n    // end\n)"),
            (lines, "a d", "(\n    a, // one\n    d,\n    // end\n)"),
            (lines, "d e", "(\n    d,\n    e,\n    // end\n)"),
            (lines, "d e f", "(\n    d,\n    e,\n    f,\n    // end\n)"),
            ("(\n    a // one\n)", "d e", "(\n    d,\n    e\n)"),
            ("(a /* one */, b)", "b d", "(d, b)"),
            ("(a, b /* two */)", "a d", "(a, d)"),
            (above, "b d", "(\n    d,\n    // why b,\n    // really\n    b,\n)"),
            (heading, "b c d", "(\n    // both\n    d,\n    b,\n\n    // the last\n    c\n)"),
            // And so does what goes.
            (lines, "b", "(\n    b, /* two */\n    // end\n)"),
            (lines, "a", "(\n    a, // one\n    // end\n)"),
            (above, "b", "(\n    // why b,\n    // really\n    b,\n)"),
            (above, "a", "(\n    // why a\n    a,\n)"),
            (heading, "b c", "(\n    // both\n    b,\n\n    // the last\n    c\n)"),
            (heading, "c", "(\n\n    // the last\n    c\n)"),
            (heading, "a b", "(\n    // both\n    a,\n    b,\n\n)"),
            (hanging, "b", "(b)"),
            (hanging, "a", "(a // one\n       )"),
            ("(a, // one\n b,)", "a", "(a, // one\n )"),
            ("(a, // one\n // why b\n b)", "a", "(a // one\n )"),
            ("(a, b, // both\n c)", "a c", "(a, // both\n c)"),
            ("(a, b, // both\n c)", "c", "(\n c)"),
            ("(a,\n b)", "b", "(b)"),
            ("(a, b,\n c)", "a c", "(a,\n c)"),
            ("(a /* one */, b /* two */, c)", "a", "(a /* one */)"),
            ("(a, /* two */ b, /* three */ c)", "a c", "(a, /* three */ c)"),
            ("(a, b /* two */)", "a", "(a)"),
        ] {
            assert_eq!(list(before, desired), after, "{desired} of {before}");
            let crlf = |text: &str| text.replace('\n', "\r\n");
            assert_eq!(list(&crlf(before), desired), crlf(after), "{desired} of {before}, with carriage returns");
        }
    }

    #[test]
    fn an_attribute_goes_with_its_lines_and_comes_where_it_belongs() {
        let none = "#!/usr/bin/env x\n\n/// Documented.\n#[allow(unused)]\n#[test]\npub(crate) async fn f() {}\n";
        let one = none.replace("#[test]", "#[uses(a)]\n#[test]");
        assert_eq!(edited(none, vec![item("a", &[])]), one);
        assert_eq!(edited(&one, Vec::new()), none);
        assert_eq!(edited("fn f() {}", vec![item("a", &[])]), "#[uses(a)]\nfn f() {}");
        assert_eq!(edited("pub unsafe fn f() {}", vec![item("a", &[])]), "#[uses(a)]\npub unsafe fn f() {}");
        assert_eq!(edited("#[uses]\nfn f() {}", vec![item("a", &["b"])]), "#[uses(a(\"b\"))]\nfn f() {}");
    }
}
