//! What kind of process this is, from its arguments. Inherited variables prove nothing: they are believed only where
//! the arguments, or the parent's id, agree with them.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use super::changes::Changes;
use super::vars;
use crate::registry::Installed;

/// How this process runs tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Process {
    /// It lists tests or prints help: nothing is guarded.
    Listing,
    /// It runs exactly one test, and is the only process to do so. `Ours`: the parent judges it.
    One { test: String, by: Runner },
    /// It runs many tests as threads (`cargo test`).
    Many(Arguments),
    /// It has a `main` of its own, or runs benchmarks: nothing is judged until a scope is opened by hand.
    ByHand,
}

/// Who started a process for one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// This library, in the process that runs many tests.
    Ours,
    /// nextest.
    Nextest,
}

impl Process {
    /// Classifies the running process. A joined `session` is given when the process was started by ours.
    pub(crate) fn current(installed: Installed) -> Self {
        let arguments = Arguments::parse(env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()));
        if arguments.lists {
            return Self::Listing;
        }
        if !installed.libtest || arguments.benches {
            return Self::ByHand;
        }
        let Some(test) = arguments.exactly_one() else { return Self::Many(arguments) };
        if env::var(vars::PARENT).is_ok_and(|pid| pid.parse() == Ok(std::os::unix::process::parent_id())) {
            return Self::One { test, by: Runner::Ours };
        }
        let nextest = env::var("NEXTEST_EXECUTION_MODE").is_ok_and(|mode| mode == "process-per-test")
            && env::var("NEXTEST_TEST_NAME").is_ok_and(|name| name == test);
        if nextest {
            return Self::One { test, by: Runner::Nextest };
        }
        Self::Many(arguments)
    }
}

/// What matters here of libtest's arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) filters: Vec<String>,
    skips: Vec<String>,
    exact: bool,
    ignored: Option<&'static str>,
    pub(crate) nocapture: bool,
    lists: bool,
    benches: bool,
}

impl Arguments {
    fn parse(arguments: impl Iterator<Item = String>) -> Self {
        let mut parsed = Self::default();
        let mut arguments = arguments;
        let mut only_filters = false;
        while let Some(argument) = arguments.next() {
            if only_filters || !argument.starts_with('-') || argument == "-" {
                parsed.filters.push(argument);
                continue;
            }
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            match name {
                "--" => only_filters = true,
                "--exact" => parsed.exact = true,
                "--list" | "--help" | "-h" => parsed.lists = true,
                "--bench" => parsed.benches = true,
                "--nocapture" | "--no-capture" => parsed.nocapture = true,
                "--ignored" => parsed.ignored = Some("--ignored"),
                "--include-ignored" => parsed.ignored = Some("--include-ignored"),
                "--skip" => parsed.skips.extend(value.or_else(|| arguments.next())),
                "--logfile" | "--test-threads" | "--color" | "--format" | "--shuffle-seed" | "-Z"
                    if value.is_none() =>
                {
                    arguments.next();
                }
                _ => {}
            }
        }
        parsed.nocapture |= env::var_os("RUST_TEST_NOCAPTURE").is_some_and(|value| value != "0");
        parsed
    }

    pub(super) fn exactly_one(&self) -> Option<String> {
        match self.filters.as_slice() {
            [test] if self.exact => Some(test.clone()),
            _ => None,
        }
    }

    /// The arguments that list the tests which these arguments run, and the ignored ones, which they may not run.
    pub(crate) fn listing(&self) -> Vec<String> {
        self.listing_of(self.ignored)
    }

    /// The arguments that list the tests in the former listing which are ignored, and not run.
    pub(crate) fn listing_of_ignored(&self) -> Option<Vec<String>> {
        self.ignored.is_none().then(|| self.listing_of(Some("--ignored")))
    }

    fn listing_of(&self, ignored: Option<&str>) -> Vec<String> {
        let mut listing = vec!["--list".to_owned(), "--format=terse".to_owned()];
        listing.extend(self.exact.then(|| "--exact".to_owned()));
        listing.extend(ignored.map(str::to_owned));
        listing.extend(self.skips.iter().map(|skip| format!("--skip={skip}")));
        listing.push("--".to_owned());
        listing.extend(self.filters.iter().cloned());
        listing
    }
}

/// The arguments that make a test binary run one test, as our child.
pub(super) fn one_test(test: &str) -> [&str; 5] {
    ["--exact", test, "--nocapture", "--include-ignored", "--test-threads=1"]
}

/// What a process was at its start, so that children get the same whatever tests changed since.
#[derive(Debug)]
pub(crate) struct Birth {
    pub(crate) exe: PathBuf,
    pub(crate) cwd: Option<PathBuf>,
    pub(crate) environment: Vec<(OsString, OsString)>,
}

impl Birth {
    pub(crate) fn current() -> std::io::Result<Self> {
        Ok(Self { exe: env::current_exe()?, cwd: env::current_dir().ok(), environment: env::vars_os().collect() })
    }

    /// Undoes changes of the environment.
    pub(crate) fn put_back(&mut self, before: &Changes) {
        self.environment.retain(|(name, _)| before.get(name).is_none());
        let put_back = before.iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        self.environment.extend(put_back);
    }

    /// A command that runs this binary again, as it was started.
    pub(crate) fn again(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.exe);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(cwd) = &self.cwd {
            command.current_dir(cwd);
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Arguments {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn one_exact_filter_names_a_test() {
        assert_eq!(parse("--exact a::b --nocapture").exactly_one().as_deref(), Some("a::b"));
        assert_eq!(parse("a::b --exact --skip x --test-threads 1").exactly_one().as_deref(), Some("a::b"));
        assert_eq!(parse("a::b").exactly_one(), None);
        assert_eq!(parse("--exact a b").exactly_one(), None);
    }

    #[test]
    fn a_listing_lists_what_a_run_would_run() {
        let listing = parse("--ignored foo --skip bar --format json -- --odd").listing();
        assert_eq!(listing.join(" "), "--list --format=terse --ignored --skip=bar -- foo --odd");
        assert_eq!(parse("--ignored").listing_of_ignored(), None);
        assert_eq!(parse("--include-ignored").listing_of_ignored(), None);
        let ignored = parse("foo").listing_of_ignored().map(|listing| listing.join(" "));
        assert_eq!(ignored.as_deref(), Some("--list --format=terse --ignored -- foo"));
    }
}
