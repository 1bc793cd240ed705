//! Which tests may enter a fixture: by the names that functions mention, so rather too many than too few.

use std::collections::BTreeSet;

use super::source::Source;
use super::targets::Targets;
use super::tree::At;

/// The tests that mention the fixture, or a function that does. An error says where it is mentioned in a way that cannot be
/// followed.
pub(super) fn tests(fixture: At, targets: &Targets) -> Result<BTreeSet<At>, String> {
    let own = &targets.sources.of(fixture.source).functions[fixture.function];
    let mut names = BTreeSet::from([own.name.clone()]);
    let sources: BTreeSet<usize> = targets.read().flat_map(|(_, tree)| tree.sources()).collect();
    let mut functions: Vec<(At, &str, bool, BTreeSet<String>)> = Vec::new();
    for &number in &sources {
        let source = targets.sources.of(number);
        for (n, function) in source.functions.iter().enumerate() {
            let words = Source::words(source.text_of(function))
                .ok_or_else(|| format!("`{}` of {} is not understood", function.name, targets.shown(number)))?;
            let is_test = function.is_test() || function.in_macro.is_some();
            functions.push((At { source: number, function: n }, &function.name, is_test, words));
        }
    }
    loop {
        let known = names.len();
        for (at, name, is_test, words) in &functions {
            if !is_test && *at != fixture && !words.is_disjoint(&names) {
                names.insert((*name).to_owned());
            }
        }
        if names.len() == known {
            break;
        }
    }
    for &number in &sources {
        let source = targets.sources.of(number);
        let outside = Source::words(&source.outside());
        let outside = outside.ok_or_else(|| format!("{} is not understood", targets.shown(number)))?;
        if let Some(name) = outside.intersection(&names).next() {
            return Err(format!("`{name}` is mentioned outside of functions in {}", targets.shown(number)));
        }
    }
    let mentions = functions
        .into_iter()
        .filter(|(at, _, is_test, words)| *is_test && *at != fixture && !words.is_disjoint(&names));
    Ok(mentions.map(|(at, ..)| at).collect())
}
