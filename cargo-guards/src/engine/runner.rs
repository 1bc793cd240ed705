//! The selection under `cargo test`, which has no expressions: cargo runs this program in front of each test binary (as its
//! target runner), and it runs the binary with the exact names of its selected tests.
//!
//! Cargo still decides what is run, in what order and environment, and what the exit code is. The runner that the user has
//! configured is run too (`chain`).

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::{Error, Result, exit};

/// The first argument of this program when cargo runs it as a runner.
pub(crate) const COMMAND: &str = "__selected";

/// The bytes of names in one command line. The system's limit counts the environment too.
const NAMES: usize = 400 << 10;

/// The selected tests by binary. `None`: all of them.
pub(crate) type Binaries = BTreeMap<PathBuf, Option<Vec<String>>>;

/// What the runner is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// The user's own runner, with its arguments.
    pub(crate) chain: Vec<String>,
    /// A file that is made when cargo uses the runner.
    pub(crate) mark: PathBuf,
    pub(crate) binaries: Binaries,
    /// Whether other binaries, those of documentation tests, are run too.
    pub(crate) others: bool,
    /// Whether each test has a process of its own.
    #[serde(default)]
    pub(crate) each: bool,
}

impl Plan {
    /// Writes it, and gives the configuration that makes cargo use it.
    pub(crate) fn install(&self, path: &Path, triple: &str) -> Result<String> {
        let text = serde_json::to_vec(self).map_err(|source| Error::Json {
            what: "a selection",
            path: path.to_owned(),
            source,
        })?;
        fs::write(path, text).map_err(Error::file("write", path))?;
        let program = ourselves()?;
        let path = path.to_str().ok_or_else(|| no_text(path))?;
        configuration(triple, &[program, COMMAND.to_owned(), path.to_owned()])
    }
}

/// Words for cargo's configuration.
pub(crate) fn words(paths: &[PathBuf]) -> Result<Vec<String>> {
    paths.iter().map(|path| path.to_str().map(str::to_owned).ok_or_else(|| no_text(path))).collect()
}

/// The path of this program, for cargo's configuration.
fn ourselves() -> Result<String> {
    let program = std::env::current_exe().map_err(Error::file("find", "the program that runs"))?;
    program.to_str().map(str::to_owned).ok_or_else(|| no_text(&program))
}

fn no_text(path: &Path) -> Error {
    Error::Usage(format!("cargo's configuration cannot hold the path `{}`, which is no UTF-8", path.display()))
}

/// The configuration that makes cargo, or nextest, put these words in front of each test binary.
pub(crate) fn configuration(triple: &str, words: &[String]) -> Result<String> {
    let words = serde_json::to_string(words).map_err(|source| Error::Json {
        what: "a runner",
        path: words.first().map(PathBuf::from).unwrap_or_default(),
        source,
    })?;
    Ok(format!("target.{triple}.runner={words}"))
}

/// What cargo starts: `PLAN BINARY ARGUMENTS`.
pub(crate) fn main(arguments: &[OsString]) -> u8 {
    run(arguments).unwrap_or_else(|error| {
        anstream::eprintln!("error: {}", error.with_causes());
        exit::ERROR
    })
}

fn run(arguments: &[OsString]) -> Result<u8> {
    let [plan, binary, arguments @ ..] = arguments else {
        return Err(Error::Usage(format!("{COMMAND} is for cargo")));
    };
    let plan = Path::new(plan);
    let text = fs::read(plan).map_err(Error::file("read", plan))?;
    let plan: Plan = serde_json::from_slice(&text).map_err(|source| Error::Json {
        what: "a selection",
        path: plan.to_owned(),
        source,
    })?;
    fs::write(&plan.mark, "").map_err(Error::file("write", &plan.mark))?;
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let asked = real(Path::new(binary));
    let found = plan.binaries.iter().find(|(path, _)| real(path) == asked).map(|(_, selected)| selected);
    let Some(selected) = found.or(plan.others.then_some(&None)) else {
        return Err(Error::Usage(format!(
            "`{}` was built with other flags than the tests that were selected; give flags of the build before `--`",
            Path::new(binary).display()
        )));
    };
    let start = |names: Option<(&[OsString], &[&String])>| {
        let mut words = plan.chain.iter().map(OsStr::new).chain([binary.as_os_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        match names {
            None => command.args(arguments),
            Some((options, names)) => command.arg("--exact").args(options).arg("--").args(names),
        };
        command
    };
    let Some(selected) = selected else { return Err(exec(start(None))) };
    let asked = Asked::parse(arguments);
    let names: Vec<&String> = selected.iter().filter(|name| asked.matches(name)).collect();
    if names.is_empty() {
        return Ok(exit::SUCCESS);
    }
    let mut parts = if plan.each { names.chunks(1).collect() } else { chunks(&names) };
    if parts.len() == 1 {
        return Err(exec(start(Some((&asked.options, parts.remove(0))))));
    }
    let mut worst = 0;
    for part in parts {
        let mut command = start(Some((&asked.options, part)));
        let status = command.status().map_err(Error::file("run", PathBuf::from(binary)))?;
        let code = status.code().unwrap_or(128 + status.signal().unwrap_or_default());
        worst = worst.max(u8::try_from(code).unwrap_or(1));
    }
    Ok(worst)
}

/// Becomes the test binary.
fn exec(mut command: Command) -> Error {
    let path = PathBuf::from(command.get_program());
    Error::file("run", path)(command.exec())
}

/// Names that fit into one command line each.
fn chunks<'a, 'b>(names: &'a [&'b String]) -> Vec<&'a [&'b String]> {
    let mut chunks = Vec::new();
    let mut from = 0;
    let mut bytes = 0;
    for (n, name) in names.iter().enumerate() {
        // A pointer goes with each.
        bytes += name.len() + 9;
        if bytes > NAMES && n > from {
            chunks.push(&names[from..n]);
            from = n;
            bytes = name.len() + 9;
        }
    }
    chunks.push(&names[from..]);
    chunks
}

/// The user's own arguments of libtest. Filters are applied here, because `--exact` is added.
#[derive(Debug, Default)]
struct Asked {
    options: Vec<OsString>,
    filters: Vec<String>,
    skips: Vec<String>,
    exact: bool,
}

impl Asked {
    fn parse(arguments: &[OsString]) -> Self {
        let mut asked = Self::default();
        let mut words = arguments.iter();
        let mut only_filters = false;
        while let Some(word) = words.next() {
            let text = word.to_string_lossy();
            if only_filters || !text.starts_with('-') {
                asked.filters.push(text.into_owned());
                continue;
            }
            match &*text {
                "--" => only_filters = true,
                "--exact" => asked.exact = true,
                "--skip" => asked.skips.extend(words.next().map(|skip| skip.to_string_lossy().into_owned())),
                "--logfile" | "--test-threads" | "--color" | "--format" | "--shuffle-seed" | "-Z" => {
                    asked.options.push(word.clone());
                    asked.options.extend(words.next().cloned());
                }
                _ => match text.strip_prefix("--skip=") {
                    Some(skip) => asked.skips.push(skip.to_owned()),
                    None => asked.options.push(word.clone()),
                },
            }
        }
        asked
    }

    fn matches(&self, name: &str) -> bool {
        let by = |filter: &String| if self.exact { name == filter } else { name.contains(filter.as_str()) };
        (self.filters.is_empty() || self.filters.iter().any(by)) && !self.skips.iter().any(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_and_skips_of_the_user_narrow_the_selection() {
        let asked = |line: &str| Asked::parse(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>());
        let it = asked("--ignored a --skip b --test-threads 1 --skip=c -- -d");
        assert_eq!(it.options, ["--ignored", "--test-threads", "1"]);
        assert_eq!(it.filters, ["a", "-d"]);
        assert!(it.matches("xax") && it.matches("-d") && !it.matches("ab") && !it.matches("ac") && !it.matches("x"));
        assert!(asked("--exact a").matches("a") && !asked("--exact a").matches("ab"));
        assert!(asked("--nocapture").matches("anything"));
    }

    #[test]
    fn names_are_split_below_the_limit_and_none_is_lost() {
        let names: Vec<String> = (0..10_000).map(|n| format!("{}{n}", "m".repeat(90))).collect();
        let names: Vec<&String> = names.iter().collect();
        let chunks = chunks(&names);
        assert!(chunks.len() > 1);
        assert!(chunks.iter().all(|chunk| chunk.iter().map(|name| name.len() + 9).sum::<usize>() <= NAMES));
        assert_eq!(chunks.concat(), names);
    }
}
