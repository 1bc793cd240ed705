//! The table of figures, and its place in the README.

use std::fmt::Write as _;
use std::fs;

use super::figures::Figures;
use crate::{Error, Result, machine, run};

/// The table stands between these lines of the README.
const MARKS: (&str, &str) = ("<!-- cargo xtask bench --write -->\n", "<!-- end -->\n");

/// How many tests the suites have.
const TESTS: f64 = 300.0;

/// One line of the table.
struct Line {
    what: &'static str,
    here: Option<String>,
    reference: Option<String>,
    /// The value that has a target, the most that it may be, and how it is written.
    target: Option<(Option<f64>, f64, &'static str)>,
}

/// The figures as a Markdown table, with the machine named.
pub(super) fn table(figures: &Figures, with_reference: bool, busy: Option<f64>) -> String {
    let mut text = format!("Measured on {}.\n", machine::description());
    if let Some(load) = busy {
        let _ = writeln!(
            text,
            "**The machine was busy with other work (load {load:.0}): what is said of whole suites is not to be trusted.**"
        );
    }
    text.push('\n');
    text.push_str("| what | here | reference | target | |\n| --- | --- | --- | --- | --- |\n");
    for line in lines(figures) {
        let not_run = if with_reference { "" } else { "not run" };
        let reference = line.reference.unwrap_or_else(|| not_run.to_owned());
        let here = line.here.unwrap_or_else(|| "not run".to_owned());
        let (target, met) = match line.target {
            None => (String::new(), ""),
            Some((value, most, unit)) => (
                format!("≤ {most}{unit}"),
                match value {
                    None => "not run",
                    Some(value) if value <= most => "met",
                    Some(_) => "**missed**",
                },
            ),
        };
        let _ = writeln!(text, "| {} | {here} | {reference} | {target} | {met} |", line.what);
    }
    text
}

fn lines(figures: &Figures) -> Vec<Line> {
    let ns = |name: &str| figures.median(name).map(|value| format!("{value:.1} ns"));
    let us = |seconds: Option<f64>| seconds.map(|value| format!("{:+.0} µs", value * 1e6 / TESTS));
    let over = |a: &str, b: &str| figures.paired(a, b, |a, b| a - b);
    let ratio = |a: &str, b: &str| figures.paired(a, b, |a, b| a / b);
    let call = |what, name: &str, most| Line {
        what,
        here: ns(name),
        reference: ns(&format!("reference-{name}")),
        target: Some((figures.median(name), most, " ns")),
    };

    let ping = |what, name: &str, most| {
        let ratio = ratio(name, "docker-ping-direct");
        Line {
            what, here: ratio.map(|ratio| format!("×{ratio:.3}")), reference: None, target: Some((ratio, most, ""))
        }
    };

    let watched = |what, name: &str, most| {
        let ratio = ratio(&format!("{name}-strict"), &format!("{name}-bare"));
        Line {
            what, here: ratio.map(|ratio| format!("×{ratio:.3}")), reference: None, target: Some((ratio, most, ""))
        }
    };
    let traced = |what| {
        let all = ["short", "spawns", "connects"].map(|name| ratio(&format!("{name}-strace"), &format!("{name}-bare")));
        let all: Option<Vec<String>> = all.into_iter().map(|one| one.map(|ratio| format!("×{ratio:.2}"))).collect();
        Line { what, here: all.map(|all| all.join(", ")), reference: None, target: None }
    };

    let ours = over("program-wrapped", "program-direct");
    let theirs = over("program-reference", "program-direct");
    let wrapped = ours.zip(theirs).map(|(ours, theirs)| ours / theirs);
    let suite = |what, [with, without]: [&str; 2], most: Option<f64>| {
        let [with, without] = [with, without].map(|name| format!("nextest-plain{name}"));
        let ratio = ratio(&with, &without);
        let between = figures.between(&with, &without);
        let between = between.map(|(low, high)| format!(" ({low:.3} to {high:.3})")).unwrap_or_default();
        let here = ratio.map(|ratio| format!("×{ratio:.3}{between}"));
        Line { what, here, reference: None, target: most.map(|most| (ratio, most, "")) }
    };
    let middleware = ratio("http-middleware", "http-direct");
    let isolated = figures.median("cargo-test-isolated").zip(figures.median("nextest-isolated")).map(|(a, b)| a / b);
    let started = |prefix: &str| over(&format!("{prefix}start-with"), &format!("{prefix}start-without"));
    let bulk = ratio("docker-save-direct", "docker-save-relay");
    let thousand = ratio("thousand-guards", "thousand-engine");
    let listing = over("listing-guards", "listing-engine");
    let seconds = |value: Option<f64>| value.map(|value| format!("{value:+.2} s"));
    let dev = ["dev-enforce-outside", "dev-enforce-known", "dev-enforce-known-target"].map(ns);

    vec![
        call("`enforce` outside a test", "enforce-outside", 2.0),
        call("`enforce`, a known use", "enforce-known", 50.0),
        call("`enforce_at`, a known target of 17", "enforce-known-target", 50.0),
        Line {
            what: "the three without optimisation",
            here: dev.into_iter().collect::<Option<Vec<_>>>().map(|all| all.join(", ")),
            reference: None,
            target: None,
        },
        Line {
            what: "a wrapped program over a direct spawn",
            here: ours
                .map(|ours| format!("+{ours:.0} µs{}", wrapped.map(|x| format!(", ×{x:.2}")).unwrap_or_default())),
            reference: theirs.map(|theirs| format!("+{theirs:.0} µs")),
            target: Some((wrapped, 0.35, " of the reference")),
        },
        Line {
            what: "an HTTP request through guard-http's middleware / without, over loopback",
            here: middleware.map(|ratio| format!("×{ratio:.3}")),
            reference: None,
            target: Some((middleware, 1.02, "")),
        },
        Line {
            what: "an HTTP request through guard-http's proxy / direct, over loopback",
            here: ratio("http-proxied", "http-unproxied").map(|ratio| format!("×{ratio:.2}")),
            reference: None,
            target: None,
        },
        Line {
            reference: ratio("pytest-guarded", "pytest-plain").map(|ratio| format!("×{ratio:.3} (pytest)")),
            ..suite(
                "nextest on one CPU, 300 plain tests, guarded binary / bare binary, the guards at `opt-level = 2`",
                ["-advised-one-cpu", "-one-cpu"],
                Some(1.05),
            )
        },
        suite("the same without optimisation", ["-guarded-one-cpu", "-one-cpu"], Some(1.05)),
        suite(
            "the guarded binary / itself with `RESOURCE_GUARDS=off`, without optimisation",
            ["-guarded-one-cpu", "-off-one-cpu"],
            Some(1.05),
        ),
        suite("that / the bare binary", ["-off-one-cpu", "-one-cpu"], None),
        suite("nextest on all CPUs, guarded / bare, `opt-level = 2`", ["-advised-summary", "-summary"], Some(1.05)),
        suite("the same without optimisation", ["-guarded-summary", "-summary"], Some(1.05)),
        Line {
            what: "300 isolated tests, `cargo test` / nextest",
            here: isolated.map(|ratio| format!("×{ratio:.2}")),
            reference: None,
            target: Some((isolated, 1.2, "")),
        },
        Line {
            what: "a plain test more, under nextest, without optimisation",
            here: us(over("nextest-plain-guarded-summary", "nextest-plain-summary")),
            reference: us(over("pytest-guarded", "pytest-plain")),
            target: None,
        },
        Line {
            what: "a test with `#[uses]` more, under nextest",
            here: us(over("nextest-isolated-summary", "nextest-beside-isolated-summary")),
            reference: None,
            target: None,
        },
        Line {
            what: "a test with `#[uses]` more, under `cargo test` (a process)",
            here: us(over("cargo-test-isolated", "cargo-test-plain")),
            reference: None,
            target: None,
        },
        Line {
            what: "a process with all guards over one without, optimised",
            here: started("").map(|us| format!("{us:+.0} µs")),
            reference: None,
            target: Some((started(""), 1000.0, " µs")),
        },
        Line {
            what: "the same without optimisation",
            here: started("dev-").map(|us| format!("{us:+.0} µs")),
            reference: None,
            target: Some((started("dev-"), 1000.0, " µs")),
        },
        watched("`--strict`, 300 tests of 2 ms / nextest without it", "short", 1.2),
        watched("`--strict`, a shell that runs 500 programs", "spawns", 1.12),
        watched("`--strict`, 10,000 connections to this machine", "connects", 1.5),
        traced("the three under `strace -f`"),
        ping("Docker's `ping`, guarded transport / bollard's own", "docker-ping-hook", 1.05),
        ping("Docker's `ping`, through the relay / direct", "docker-ping-relay", 1.5),
        Line {
            what: "the time of 64 MiB from Docker (`save`), through the relay / direct",
            here: bulk.map(|ratio| format!("×{ratio:.3}")),
            reference: None,
            target: Some((bulk, 1.25, "")),
        },
        Line {
            what: "`cargo guards report --html` on 10,000 tests",
            here: figures.median("report-html").map(|seconds| format!("{seconds:.2} s")),
            reference: None,
            target: Some((figures.median("report-html"), 1.0, " s")),
        },
        Line {
            what: "the same with `--json` and `--junit`",
            here: figures.median("report-all").map(|seconds| format!("{seconds:.2} s")),
            reference: None,
            target: Some((figures.median("report-all"), 1.0, " s")),
        },
        Line {
            what: "the size of that page",
            here: figures.median("report-html-megabytes").map(|size| format!("{size:.1} MB")),
            reference: None,
            target: Some((figures.median("report-html-megabytes"), 5.0, " MB")),
        },
        Line {
            what: "`cargo guards test` / `cargo nextest run`, 1,000 trivial tests of a guarded binary",
            here: thousand.map(|ratio| format!("×{ratio:.3}")),
            reference: None,
            target: Some((thousand, 1.05, "")),
        },
        Line {
            what: "selecting among 10,000 tests (`-m`), over nextest's own listing",
            here: seconds(listing),
            reference: None,
            target: Some((listing, 0.2, " s")),
        },
        Line {
            what: "`cargo guards test -m` that selects 10 of them, over nextest with an expression by hand",
            here: seconds(over("selected-guards", "selected-engine")),
            reference: None,
            target: None,
        },
    ]
}

/// Puts the table into the README.
pub(super) fn write(table: &str) -> Result<()> {
    let path = run::root().join("README.md");
    let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let new = placed(&text, table)
        .ok_or_else(|| Error::Unexpected(format!("`{}` has no place for the table: {MARKS:?}", path.display())))?;
    fs::write(&path, new).map_err(Error::file("write", &path))
}

fn placed(readme: &str, table: &str) -> Option<String> {
    let (before, rest) = readme.split_once(MARKS.0)?;
    let (_, after) = rest.split_once(MARKS.1)?;
    Some([before, MARKS.0, table, MARKS.1, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_called_so_and_what_is_not_measured_is_not_run() {
        let mut figures = Figures::default();
        figures.add("enforce-outside", 3.0);
        figures.add("enforce-known", 3.0);
        let table = table(&figures, false, None);
        assert!(table.contains("| `enforce` outside a test | 3.0 ns | not run | ≤ 2 ns | **missed** |"), "{table}");
        assert!(table.contains("| `enforce`, a known use | 3.0 ns | not run | ≤ 50 ns | met |"), "{table}");
        assert!(table.contains("| not run | not run | ≤ 1.2 | not run |"), "{table}");
    }

    #[test]
    fn the_table_replaces_the_old_one() {
        let readme = format!("a\n{}old\n{}b\n", MARKS.0, MARKS.1);
        let new = placed(&readme, "new\n").expect("a place");
        assert_eq!(new, format!("a\n{}new\n{}b\n", MARKS.0, MARKS.1));
        assert_eq!(placed("no marks", "new\n"), None);
    }
}
