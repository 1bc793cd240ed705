//! A selection as expressions of nextest: exact, and short enough for a command line.
//!
//! Tests are named by `test(=NAME)` where there are few. Where there are many that would be too long and slow (nextest
//! tries one matcher after the other), so their names are folded into regular expressions along their modules, and where
//! that is shorter, those that are *not* selected are named.

use std::collections::BTreeMap;

use crate::catalog::Catalog;

/// Up to so many tests of a binary are named one by one.
const FEW: usize = 24;

/// The bytes of names in one regular expression: nextest bounds the compiled size.
const PATTERN: usize = 16 << 10;

/// The length of one expression. An argument holds 128 KiB on Linux.
const LONGEST: usize = 96 << 10;

/// How deep modules are folded; what is deeper is written out.
const DEEPEST: usize = 40;

/// What selects no test.
const NOTHING: &str = "none()";

/// Expressions that select together, each for an `-E` of its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filterset(Vec<String>);

impl Filterset {
    /// Selects the tests of the catalog for which `selected` holds.
    pub(crate) fn of(catalog: &Catalog, selected: &[bool]) -> Self {
        let mut by_binary: BTreeMap<usize, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
        for (test, &is_selected) in catalog.tests.iter().zip(selected) {
            let (chosen, rest) = by_binary.entry(test.binary).or_default();
            if is_selected { chosen } else { rest }.push(&test.name);
        }
        let mut terms = Vec::new();
        for (binary, (chosen, rest)) in by_binary {
            terms.extend(binary_terms(&catalog.binaries[binary].id, chosen, rest));
        }
        let mut expressions: Vec<String> = Vec::new();
        for term in terms {
            match expressions.last_mut() {
                Some(last) if last.len() + term.len() < LONGEST => {
                    last.push_str(" | ");
                    last.push_str(&term);
                }
                _ => expressions.push(term),
            }
        }
        if expressions.is_empty() {
            expressions.push(NOTHING.to_owned());
        }
        Self(expressions)
    }

    /// The arguments of nextest that select what this selects and `users` expressions do, if there are any.
    pub(crate) fn arguments(&self, users: &[String]) -> Vec<String> {
        let narrowed = |ours: &String| match users {
            [] => ours.clone(),
            _ => format!("({ours}) & (({}))", users.join(") | (")),
        };
        self.0.iter().flat_map(|ours| ["-E".to_owned(), narrowed(ours)]).collect()
    }

    /// All in one, if it selects anything.
    pub(crate) fn nonempty(&self) -> Option<String> {
        Some(self.expression()).filter(|expression| expression != NOTHING)
    }

    /// All in one.
    pub(crate) fn expression(&self) -> String {
        self.0.join(" | ")
    }
}

fn binary_terms(id: &str, mut chosen: Vec<&str>, mut rest: Vec<&str>) -> Vec<String> {
    let id = format!("binary_id(={})", escaped(id));
    if chosen.is_empty() {
        return Vec::new();
    }
    if rest.is_empty() {
        return vec![id];
    }
    if chosen.len() <= FEW {
        let tests: Vec<String> = chosen.iter().map(|name| format!("test(={})", escaped(name))).collect();
        return vec![if tests.len() == 1 {
            format!("({id} & {})", tests[0])
        } else {
            format!("({id} & ({}))", tests.join(" | "))
        }];
    }
    chosen.sort_unstable();
    rest.sort_unstable();
    // Both are exact for the tests that were listed.
    let without = patterns(&rest);
    if without.len() == 1 && length(&rest) < length(&chosen) {
        return vec![format!("({id} & not {})", without[0])];
    }
    patterns(&chosen).into_iter().map(|pattern| format!("({id} & {pattern})")).collect()
}

fn length(names: &[&str]) -> usize {
    names.iter().map(|name| name.len() + 1).sum()
}

/// `test(/…/)` for sorted names, each with a bounded number of bytes.
fn patterns(names: &[&str]) -> Vec<String> {
    let mut patterns = Vec::new();
    let mut from = 0;
    while from < names.len() {
        let mut bytes = 0;
        let many = names[from..].iter().take_while(|name| {
            bytes += name.len();
            bytes <= PATTERN
        });
        let to = from + many.count().max(1);
        patterns.push(format!("test(/^{}$/)", folded(&names[from..to], 0)));
        from = to;
    }
    patterns
}

/// A regular expression for exactly these names, with common modules written once.
fn folded(names: &[&str], depth: usize) -> String {
    let mut alternatives = Vec::new();
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        match name.split_once("::") {
            Some((module, rest)) if depth < DEEPEST => modules.entry(module).or_default().push(rest),
            _ => alternatives.push(literal(name)),
        }
    }
    for (module, inside) in modules {
        alternatives.push(format!("{}::{}", literal(module), folded(&inside, depth + 1)));
    }
    if alternatives.len() == 1 { alternatives.remove(0) } else { format!("(?:{})", alternatives.join("|")) }
}

/// Characters as they are, or as both nextest and a regular expression read them.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for c in text.chars() {
        if plain(c) {
            literal.push(c);
        } else {
            literal.push_str(&format!("\\x{{{:x}}}", u32::from(c)));
        }
    }
    literal
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if plain(c) || matches!(c, '/' | '.') {
            escaped.push(c);
        } else {
            escaped.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        }
    }
    escaped
}

fn plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Binary, Test};

    fn catalog(binaries: usize, tests: usize) -> Catalog {
        let binary = |n| Binary {
            id: format!("package::test_{n}"),
            package: "package".to_owned(),
            path: "/t".into(),
            ..Binary::default()
        };
        let test = |binary, n: usize| Test {
            binary,
            name: format!("some_module::inner_{}::a_test_with_a_name_of_usual_length_{n}", n / 100),
            uses: Vec::new(),
            is_known: true,
            at: None,
        };
        Catalog {
            binaries: (0..binaries).map(binary).collect(),
            tests: (0..binaries).flat_map(|b| (0..tests).map(move |n| test(b, n))).collect(),
            ..Catalog::default()
        }
    }

    #[test]
    fn the_worst_selection_of_ten_thousand_tests_fits_into_a_command_line() {
        let catalog = catalog(2, 5000);
        let selected: Vec<bool> = (0..10_000).map(|n| n % 2 == 0).collect();
        let arguments = Filterset::of(&catalog, &selected).arguments(&[]);
        assert!(arguments.iter().all(|argument| argument.len() < 128 << 10));
        let length: usize = arguments.iter().map(String::len).sum();
        assert!(length < 300 << 10, "{length} bytes");
    }

    #[test]
    fn the_shorter_side_is_named() {
        let catalog = catalog(2, 5000);
        let all = Filterset::of(&catalog, &vec![true; 10_000]).expression();
        assert_eq!(all, "binary_id(=package::test_0) | binary_id(=package::test_1)");
        let mut selected = vec![true; 5000];
        selected.resize(10_000, false);
        selected[7] = false;
        let but_one = Filterset::of(&catalog, &selected).expression();
        let name = "some_module::inner_0::a_test_with_a_name_of_usual_length_7";
        assert_eq!(but_one, format!("(binary_id(=package::test_0) & not test(/^{name}$/))"));
        assert_eq!(Filterset::of(&catalog, &vec![false; 10_000]).expression(), "none()");
    }

    #[test]
    fn expressions_of_the_user_narrow_and_odd_names_are_escaped() {
        let set = Filterset(vec!["a | b".to_owned()]);
        assert_eq!(set.arguments(&["c".to_owned(), "d".to_owned()]), ["-E", "(a | b) & ((c) | (d))"]);
        assert_eq!(escaped("a b)\\"), "a\\u{20}b\\u{29}\\u{5c}");
        assert_eq!(literal("a.b/c"), "a\\x{2e}b\\x{2f}c");
    }
}
