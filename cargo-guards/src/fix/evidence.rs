//! What the records of a run say about each function: tests by their names, fixtures by where they declare.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::Declared;
use super::items::Function;
use super::source::Source;
use super::targets::Targets;
use super::tree::At;
use crate::Result;
use crate::format::{Entered, Record, Use, Violation};

/// What an attribute declares for: a function, or one case of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    pub(super) at: At,
    /// The number of the `#[case]`, where the declaration stands above that one alone.
    pub(super) case: Option<usize>,
}

/// One test of the records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tried<'a> {
    pub(super) record: &'a Record,
    /// The number of its case.
    pub(super) case: Option<usize>,
}

/// A fixture.
#[derive(Debug, Default)]
pub(super) struct Fixture {
    /// Its paths: a file that is in several binaries has one in each.
    pub(super) paths: BTreeSet<String>,
    /// What it declared when the tests ran.
    pub(super) declared: Vec<Use>,
}

/// Something that cannot be mended here, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Left {
    /// ``test `a` of pkg``, ``fixture `b` ``.
    pub(super) subject: String,
    pub(super) what: String,
    pub(super) why: String,
}

impl Left {
    /// What no declaration mends.
    pub(super) fn irregular(record: &Record, violation: &Violation) -> Self {
        Self {
            subject: subject(record),
            what: violation.headline.clone(),
            why: "it has nothing to do with a declaration".to_owned(),
        }
    }
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Evidence<'a> {
    pub(super) tests: BTreeMap<Site, Vec<Tried<'a>>>,
    pub(super) fixtures: BTreeMap<At, Fixture>,
    /// From the path of a fixture to its function, or why it has none here.
    pub(super) places: BTreeMap<String, Result<At, String>>,
    pub(super) left: BTreeSet<Left>,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(records: &'a [Record], targets: &mut Targets) -> Result<Self> {
        let mut evidence = Self::default();
        evidence.add_fixtures(records, targets)?;
        for record in records {
            match test(record, targets)? {
                Ok((at, path)) => {
                    let case = case_of(&record.test, &path);
                    let own = case.filter(|&case| attribute(targets, at, "uses", Some(case)).is_some());
                    let site = Site { at, case: own };
                    evidence.tests.entry(site).or_default().push(Tried { record, case });
                }
                Err(why) => evidence.leave(record, &why),
            }
        }
        Ok(evidence)
    }

    fn add_fixtures(&mut self, records: &[Record], targets: &mut Targets) -> Result<()> {
        let mut found: BTreeMap<String, BTreeMap<Result<At, String>, &Entered>> = BTreeMap::new();
        for entered in records.iter().flat_map(|record| &record.entered) {
            found.entry(entered.path()).or_default().insert(fixture(entered, targets)?, entered);
        }
        // Those of several types, as `new`, or of a library and its program: what is recorded of them has the path alone.
        let several = found
            .iter()
            .filter(|(_, places)| places.len() > 1 || places.keys().flatten().any(|at| has_namesake(targets, *at)));
        let several: BTreeMap<At, &String> =
            several.flat_map(|(path, places)| places.keys().flatten().map(move |at| (*at, path))).collect();
        for (path, places) in &found {
            let Some((place, entered)) = places.first_key_value() else { continue };
            let place = match place {
                Ok(at) => match several.get(at) {
                    None => Ok(*at),
                    Some(path) => {
                        Err(format!("several fixtures are called `{path}`, and records do not tell them apart"))
                    }
                },
                Err(why) => Err(why.clone()),
            };
            if let Ok(at) = place {
                let fixture = self.fixtures.entry(at).or_default();
                fixture.paths.insert(path.clone());
                fixture.declared.clone_from(&entered.uses);
            }
            self.places.insert(path.clone(), place);
        }
        Ok(())
    }

    /// Nothing can be done about the violations of this record.
    fn leave(&mut self, record: &Record, why: &str) {
        for violation in &record.violations {
            let left = match &violation.resource {
                Some(_) => Left {
                    subject: subject(record),
                    what: violation.mend.clone().unwrap_or_else(|| violation.headline.clone()),
                    why: why.to_owned(),
                },
                None => Left::irregular(record, violation),
            };
            self.left.insert(left);
        }
    }

    /// The records in which a fixture was entered.
    pub(super) fn entering(&self, fixture: &Fixture) -> impl Iterator<Item = (Site, &Record)> {
        let paths = fixture.paths.clone();
        let all = self.tests.iter().flat_map(|(site, tried)| tried.iter().map(|one| (*site, one.record)));
        all.filter(move |(_, record)| record.fixtures.iter().any(|entered| paths.contains(entered)))
    }
}

/// A test, as it is called in what is said about it.
pub(super) fn subject(record: &Record) -> String {
    format!("test `{}` of {}", record.test, record.binary_id())
}

/// Why what outlives a test is left.
pub(super) const LATE: &str = "no declaration holds after the end of a test";

/// What is in the name of a record of nobody in particular.
const SOMEBODY: &str = "(which one could not be told)";

/// The function of a test with its path, or why there is none.
fn test(record: &Record, targets: &mut Targets) -> Result<Result<(At, String), String>> {
    if record.is_of_binary() {
        return Ok(Err(LATE.to_owned()));
    }
    if record.test.contains(SOMEBODY) {
        return Ok(Err("which test it was could not be told; nextest, or `#[guarded]`, tells".to_owned()));
    }
    if record.declared.is_some() && record.file.is_none() {
        return Ok(Err("its scope is opened by hand: declare it there".to_owned()));
    }
    let mut found: BTreeMap<At, String> = BTreeMap::new();
    if let Some(target) = targets.of_record(record) {
        let name = record.function.as_deref().unwrap_or(&record.test);
        if let Some((path, functions)) = targets.function(target, name)? {
            let exact = path == name;
            let functions = functions.into_iter().filter(|at| exact || has_cases(function(targets, *at)));
            let functions = functions.filter(|at| !targets.is_left_out(target, *at));
            found.extend(functions.map(|at| (at, path.clone())));
        }
    }
    if let (Some(file), Some(line)) = (&record.file, record.line) {
        let file = targets.file(file)?;
        found.retain(|at, _| file.is_none_or(|file| file == at.source));
        if found.len() > 1 {
            found.retain(|at, _| function(targets, *at).line == line);
        }
        // A file that `include!` brings in is no module.
        if let (true, Some(source)) = (found.is_empty(), file) {
            let path = record.function.clone().unwrap_or_else(|| record.test.clone());
            let name = path.rsplit("::").next().unwrap_or_default();
            let here = at_line(targets, source, name, line);
            found.extend(here.map(|at| (at, path)));
        }
    }
    if found.len() > 1 {
        let places: Vec<String> =
            found.keys().map(|at| format!("{}:{}", targets.shown(at.source), function(targets, *at).line)).collect();
        return Ok(Err(format!("there are several functions of that name: {}", places.join(", "))));
    }
    let Some((at, path)) = found.pop_first() else {
        return Ok(Err("its function is not in the source; a macro makes it (or `include!` brings it in), so write the attribute there".to_owned()));
    };
    if !targets.is_ours(at.source) {
        return Ok(Err(format!(
            "its file `{}` is in no package of this workspace, or generated",
            targets.shown(at.source)
        )));
    }
    let found = function(targets, at);
    match &found.in_macro {
        Some(name) if !found.is_test() && attribute(targets, at, "uses", None).is_none() => Ok(Err(format!(
            "macro `{name}!` makes a test of its function, so whether it takes attributes is not known"
        ))),
        _ => Ok(Ok((at, path))),
    }
}

fn function(targets: &Targets, at: At) -> &Function {
    &targets.sources.of(at.source).functions[at.function]
}

/// Whether its attributes may make tests below its own name.
fn has_cases(function: &Function) -> bool {
    function.is_test() && function.attributes.iter().any(|attribute| !(attribute.is("test") || attribute.is("doc")))
}

fn at_line(targets: &Targets, source: usize, name: &str, line: u32) -> Option<At> {
    let functions = &targets.sources.of(source).functions;
    let function = functions.iter().position(|function| function.name == name && function.line == line)?;
    Some(At { source, function })
}

/// Whether another type of the module, or the module itself, has a fixture of that name.
fn has_namesake(targets: &Targets, at: At) -> bool {
    let own = function(targets, at);
    let functions = targets.sources.of(at.source).functions.iter().enumerate();
    let mut others = functions.filter(|(n, _)| *n != at.function);
    // Two of a module itself are under conditions, and one of them was built.
    let of_type = |function: &Function| function.associated || function.in_macro.is_some();
    others.any(|(function, other)| {
        let is_other = other.name == own.name && other.module == own.module && (of_type(own) || of_type(other));
        is_other && attribute(targets, At { source: at.source, function }, "fixture_uses", None).is_some()
    })
}

/// The function of a fixture, or why there is none.
fn fixture(entered: &Entered, targets: &mut Targets) -> Result<Result<At, String>> {
    let Some(source) = targets.file(&entered.file)? else {
        return Ok(Err(format!("its file `{}` is not there", entered.file)));
    };
    if !targets.is_ours(source) {
        return Ok(Err(format!("its file `{}` is in no package of this workspace, or generated", entered.file)));
    }
    let name = entered.name.trim_start_matches("r#");
    if let Some(at) = at_line(targets, source, name, entered.line) {
        return Ok(Ok(at));
    }
    // Lines move when attributes are added above.
    let functions = targets.sources.of(source).functions.iter().enumerate();
    let named = functions.filter(|(_, f)| f.name == name).map(|(function, _)| At { source, function });
    let mut same = named.filter(|&at| attribute(targets, at, "fixture_uses", None).is_some());
    let (file, line) = (&entered.file, entered.line);
    match (same.next(), same.next()) {
        (Some(at), None) => Ok(Ok(at)),
        (Some(_), Some(_)) => Ok(Err(format!("{file} has several of that name, and none at line {line}"))),
        (None, _) => Ok(Err(format!(
            "at {file}:{line} is no function of a module or of a type: a macro makes it, or it is inside of a function or a trait"
        ))),
    }
}

/// The number in `f::case_2_name` of the function `f`.
fn case_of(test: &str, function: &str) -> Option<usize> {
    let case = test.strip_prefix(function)?.strip_prefix("::case_")?;
    let digits = case.find(|c: char| !c.is_ascii_digit()).unwrap_or(case.len());
    case[..digits].parse().ok()
}

/// The attribute that declares for all of a function, or for one of its cases alone.
pub(super) fn attribute(targets: &Targets, at: At, name: &str, case: Option<usize>) -> Option<Declared> {
    let source = targets.sources.of(at.source);
    attribute_in(source, &source.functions[at.function], name, case)
}

/// The same of a file that was not read from the disk. `name` is `uses` or `fixture_uses`.
pub(super) fn attribute_in(source: &Source, function: &Function, name: &str, case: Option<usize>) -> Option<Declared> {
    let renamed = source.imports.iter().filter(|import| import.path.last().is_some_and(|last| last == name));
    let names: Vec<&str> = renamed.map(|import| import.name.as_str()).chain([name]).collect();
    let cases: Vec<usize> = function.cases().iter().map(|attribute| attribute.range.start).collect();
    let rstest = function.attributes.iter().find(|attribute| attribute.is("rstest")).map(|found| found.range.start);
    function.attributes.iter().find_map(|attribute| {
        let declared = Declared::of(attribute, &names)?;
        let at = declared.attribute.start;
        // Between two cases it belongs to the one below.
        let below = cases.iter().position(|&place| place > at).filter(|_| rstest.is_some_and(|rstest| rstest < at));
        (below.map(|n| n + 1) == case).then_some(declared)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_have_numbers() {
        assert_eq!(case_of("a::f::case_2_standing", "a::f"), Some(2));
        assert_eq!(case_of("a::f::case_10::x_1", "a::f"), Some(10));
        assert_eq!(case_of("a::f::once", "a::f"), None);
        assert_eq!(case_of("a::f", "a::f"), None);
    }
}
