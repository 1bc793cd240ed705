//! `cargo guards list`: tests and what they declare.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::Config;
use crate::flags::BuildFlags;
use crate::format::Use;
use crate::output::{print, table};
use crate::selection::Selection;
use crate::talk::Talk;
use crate::{Result, build, catalog, exit};

/// The version of the JSON.
const VERSION: u32 = 1;

/// Options of `cargo guards list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only tests for which this holds: `docker and not (http or tmux)`
    #[arg(short = 'm', long = "select", value_name = "EXPR")]
    select: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// By resource instead of by test
    #[arg(long)]
    by_resource: bool,
    #[command(flatten)]
    flags: BuildFlags,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

#[derive(Serialize)]
struct Listing<'a> {
    version: u32,
    binaries: Vec<Binary<'a>>,
    tests: Vec<Test<'a>>,
}

#[derive(Serialize)]
struct Binary<'a> {
    id: &'a str,
    package: &'a str,
    /// Null: it has no guards.
    guards: Option<Vec<&'a str>>,
    errors: &'a [String],
}

#[derive(Serialize)]
struct Test<'a> {
    binary_id: &'a str,
    name: &'a str,
    /// Null: it is known only as it runs.
    declares: Option<&'a [Use]>,
    file: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct ByResource<'a> {
    version: u32,
    resources: Vec<Resource<'a>>,
}

#[derive(Serialize)]
struct Resource<'a> {
    name: &'a str,
    tests: Vec<Name<'a>>,
}

#[derive(Serialize)]
struct Name<'a> {
    binary_id: &'a str,
    name: &'a str,
}

/// Builds the tests and prints them.
pub(crate) fn run(options: &Options, talk: &Talk) -> Result<u8> {
    let workspace = build::workspace(&options.flags)?;
    let config = Config::of(workspace.workspace_root.as_std_path())?;
    let selection = Selection::make(options.select.as_deref(), &options.flags, &workspace, &config, talk)?;
    match (options.by_resource, options.format) {
        (false, Format::Table) => print(&tests_table(&selection))?,
        (false, Format::Json) => print(&json(&listing(&selection)))?,
        (true, Format::Table) => print(&resources_table(&selection))?,
        (true, Format::Json) => print(&json(&by_resource(&selection)))?,
    }
    if let Some(unknown) = catalog::unknown(selection.tests()).filter(|_| options.by_resource) {
        talk.note(format!("{unknown}; they may be missing here"));
    }
    if selection.len() == 0 {
        talk.note(match &options.select {
            Some(text) => format!("no test matches `{text}`"),
            None => "there are no tests".to_owned(),
        });
        return Ok(exit::NOTHING_MATCHED);
    }
    Ok(exit::SUCCESS)
}

fn json(value: &impl Serialize) -> String {
    // Strings, numbers and lists of them: there is nothing that JSON cannot hold.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn listing(selection: &Selection) -> Listing<'_> {
    let binaries = selection.catalog.binaries.iter().map(|binary| Binary {
        id: &binary.id,
        package: &binary.package,
        guards: binary.guards.as_ref().map(|guards| guards.iter().map(String::as_str).collect()),
        errors: &binary.errors,
    });
    let tests = selection.tests().map(|(binary, test)| Test {
        binary_id: &binary.id,
        name: &test.name,
        declares: test.is_known.then_some(&test.uses),
        file: test.at.as_ref().map(|(file, _)| file.as_str()),
        line: test.at.as_ref().map(|(_, line)| *line),
    });
    Listing { version: VERSION, binaries: binaries.collect(), tests: tests.collect() }
}

fn by_resource(selection: &Selection) -> ByResource<'_> {
    let known = selection.catalog.resources();
    let mut resources: BTreeMap<&str, Vec<Name<'_>>> = known.into_iter().map(|name| (name, Vec::new())).collect();
    for (binary, test) in selection.tests() {
        for (name, tests) in &mut resources {
            if test.declares(name) {
                tests.push(Name { binary_id: &binary.id, name: &test.name });
            }
        }
    }
    let resources = resources.into_iter().map(|(name, tests)| Resource { name, tests }).collect();
    ByResource { version: VERSION, resources }
}

fn tests_table(selection: &Selection) -> String {
    let rows = selection.tests().map(|(binary, test)| {
        let uses: Vec<String> = test.uses.iter().map(Use::written).collect();
        let none = match &binary.guards {
            None => "- (no guards)",
            Some(_) if test.is_known => "-",
            Some(_) => "? (as it runs)",
        };
        [binary.id.clone(), test.name.clone(), if uses.is_empty() { none.to_owned() } else { uses.join(", ") }]
    });
    table(["BINARY", "TEST", "DECLARES"], rows)
}

fn resources_table(selection: &Selection) -> String {
    let mut rows = Vec::new();
    for resource in by_resource(selection).resources {
        if resource.tests.is_empty() {
            rows.push([resource.name.to_owned(), "-".to_owned(), "-".to_owned()]);
        }
        for (n, test) in resource.tests.iter().enumerate() {
            let name = if n == 0 { resource.name } else { "" };
            rows.push([name.to_owned(), test.binary_id.to_owned(), test.name.to_owned()]);
        }
    }
    table(["RESOURCE", "BINARY", "TEST"], rows)
}
