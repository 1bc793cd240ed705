//! `cargo xtask truth`: what `cargo guards audit` says of public crates, against what strace sees in the very same run.
//!
//! The crates' sources come through cargo and stay in a folder for temporary files. Each test process runs under strace, as the
//! user's own runner inside of the audit's, and each traces for itself: which test it was is read from the trace alone.

mod audit;
mod compare;
mod crates;
mod strace;

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::{Error, Result, machine, run};
use compare::Comparison;
use crates::{CRATES, Public};

/// Options of `cargo xtask truth`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only these crates
    crates: Vec<String>,
}

/// Compares, and fails where a difference has no explanation.
pub(crate) fn run(options: &Options) -> Result<()> {
    let comparisons = compare_all(&options.crates)?;
    run::heading("audit against strace, as sets of (test, program or peer)");
    println!("{}", compare::table(&comparisons));
    let mut unexplained = 0;
    for comparison in &comparisons {
        for difference in &comparison.differences {
            println!("{}: {difference}", comparison.name);
            unexplained += usize::from(difference.why.is_none());
        }
    }
    match unexplained {
        0 => Ok(()),
        n => Err(Error::Unexpected(format!("{n} differences have no explanation"))),
    }
}

/// All crates, or those of these names.
fn compare_all(names: &[String]) -> Result<Vec<Comparison>> {
    let absent = ["strace", "cargo-nextest"].into_iter().filter(|name| machine::program(name).is_none());
    let absent: Vec<&str> = absent.collect();
    if !absent.is_empty() {
        return Err(Error::Unexpected(format!("these are needed and not installed: {}", absent.join(", "))));
    }
    let known: Vec<&str> = CRATES.iter().map(|public| public.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Error::Unexpected(format!("`{unknown}` is none of the crates: {}", known.join(", "))));
    }
    run::captured(&mut run::cargo(&["build", "--quiet", "--package", "cargo-guards"]))?;
    let base = env::temp_dir().join("resource-guards-truth");
    fs::create_dir_all(&base).map_err(Error::file("make", &base))?;
    // Another comparison may be at it.
    let lock = base.join("lock");
    let held = fs::File::create(&lock).and_then(|file| file.lock().map(|()| file));
    let _held = held.map_err(Error::file("lock", lock))?;
    let mut comparisons = Vec::new();
    for public in CRATES.iter().filter(|public| names.is_empty() || names.iter().any(|name| name == public.name)) {
        run::heading(&format!("{} {}", public.name, public.version));
        comparisons.push(compared(public, &base)?);
    }
    Ok(comparisons)
}

fn compared(public: &Public, base: &Path) -> Result<Comparison> {
    let root = crates::source(public, base)?;
    let traces = base.join("traces");
    let _ = fs::remove_dir_all(&traces);
    fs::create_dir_all(&traces).map_err(Error::file("make", &traces))?;
    let runner = strace::runner(base)?;
    let found = audit::run(public, &root, &runner, &traces, &program()?)?;
    let seen = strace::read_all(&traces)?;
    Ok(compare::compare(public.name, &found, &seen))
}

/// The `cargo-guards` that is built beside this program.
fn program() -> Result<PathBuf> {
    let own = env::current_exe().map_err(Error::file("find", "the program that runs"))?;
    let dir = own.ancestors().find(|dir| dir.join("cargo-guards").is_file());
    dir.map(|dir| dir.join("cargo-guards"))
        .ok_or_else(|| Error::Unexpected(format!("there is no cargo-guards beside `{}`", own.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The others take longer to build: `cargo xtask truth`.
    #[test]
    fn an_audit_of_five_public_crates_is_what_strace_sees() {
        let names = ["command-group", "run_script", "shared_child", "subprocess", "wait-timeout"].map(str::to_owned);
        let comparisons = compare_all(&names).unwrap_or_else(|error| panic!("{}", error.with_causes()));
        let table = compare::table(&comparisons);
        assert_eq!(comparisons.len(), names.len());
        for comparison in &comparisons {
            assert!(comparison.both > 0, "{} touches nothing:\n{table}", comparison.name);
            let unexplained: Vec<String> =
                comparison.differences.iter().filter(|one| one.why.is_none()).map(ToString::to_string).collect();
            assert!(unexplained.is_empty(), "{}: {}\n{table}", comparison.name, unexplained.join("\n"));
        }
    }
}
