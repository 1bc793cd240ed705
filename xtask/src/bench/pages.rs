//! What a report on 10,000 tests takes, and how large its page is: `cargo guards report` on a run that is written here.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::figures::Figures;
use crate::{Error, Result, run};

/// How many records the run has.
const TESTS: usize = 10_000;

/// How often the report is made.
const ROUNDS: u32 = 5;

/// What tests declare and use: the resource, its chokepoint, what was seen of a use, and its target.
const USES: [[&str; 4]; 6] = [
    ["docker", "relay", "POST /containers/create", "/containers/create"],
    ["git", "PATH wrapper", "git clone …", "clone"],
    ["http", "proxy", "GET api.example.org/v1/projects", "api.example.org"],
    ["postgres", "call", "query of table accounts", "accounts"],
    ["tar", "PATH wrapper", "tar --extract …", "--extract"],
    ["tmux", "PATH wrapper", "tmux new-session …", "new-session"],
];

/// Measures the page alone, and all forms together, as CI wants them.
pub(super) fn measure(figures: &mut Figures, temp: &Path) -> Result<()> {
    let target = temp.join("reported");
    write_run(&target)?;
    let program = program()?;
    let page = temp.join("page.html");
    for _ in 0..ROUNDS {
        for (name, forms) in [("report-html", &["html"][..]), ("report-all", &["html", "json", "junit"])] {
            let mut report = std::process::Command::new(&program);
            report.arg("report").arg("--target-dir").arg(&target).current_dir(run::root());
            for form in forms {
                let file = if *form == "html" { page.clone() } else { temp.join(form) };
                report.arg(format!("--{form}")).arg(file);
            }
            let (took, _) = run::timed(&mut report)?;
            figures.add(name, took.as_secs_f64());
        }
    }
    let bytes = fs::metadata(&page).map_err(Error::file("read", &page))?.len();
    figures.add("report-html-megabytes", bytes as f64 / 1e6);
    Ok(())
}

/// Builds the command, and gives its path.
fn program() -> Result<PathBuf> {
    let arguments = ["build", "--release", "--message-format=json", "--package=cargo-guards", "--bin=cargo-guards"];
    let output = run::captured(&mut run::cargo(&arguments))?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| Some(message.get("executable")?.as_str()?.into()))
        .ok_or_else(|| Error::Unexpected("cargo names no binary of `cargo-guards`".to_owned()))
}

/// Writes a run of `cargo guards test` with its records.
fn write_run(target: &Path) -> Result<()> {
    let dir = target.join("guards").join("1764080000000-1");
    let records = dir.join("records");
    fs::create_dir_all(&records).map_err(Error::file("make", &records))?;
    let header = json!({
        "version": 1, "engine": "nextest", "selection": null, "started": 1_764_080_000_000_u64, "complete": true,
        "exit_code": 100, "kept": true,
    });
    write(&dir.join("run.json"), &header)?;
    (0..TESTS).try_for_each(|n| write(&records.join(format!("test-{n}.json")), &record(n)))
}

fn write(path: &Path, value: &Value) -> Result<()> {
    fs::write(path, value.to_string()).map_err(Error::file("write", path))
}

/// The record of one test. Two fifths are plain; the others declare one or two resources and use each a few times. One in
/// a hundred uses what it does not declare.
fn record(n: usize) -> Value {
    let name = format!("service::module_{}::tests::a_request_is_answered_as_the_contract_says_{n}", n % 40);
    let file = format!("service/src/module_{}.rs", n % 40);
    let use_of = |which: usize, verb: &str| {
        let [resource, chokepoint, what, target] = USES[which % USES.len()];
        json!({
            "resource": resource, "verb": verb, "chokepoint": chokepoint, "what": what, "target": target,
            "pid": 1000 + n, "stretches": [0], "within": [],
        })
    };
    let declared: Vec<usize> = if n % 5 < 2 { Vec::new() } else { (n..=n + n % 2).collect() };
    let mut uses: Vec<Value> = declared.iter().flat_map(|&d| vec![use_of(d, "used"); 1 + d % 3]).collect();
    let mut violations = Vec::new();
    let mut messages = Vec::new();
    if n.is_multiple_of(100) {
        let [resource, chokepoint, what, _] = USES[(n + 3) % USES.len()];
        uses.push(use_of(n + 3, "blocked"));
        let headline = format!("test `{name}` used `{resource}` without declaring it");
        let seen = format!("{what} ({chokepoint}, pid {})", 1000 + n);
        let mend = format!("add #[uses({resource})] at {file}:{n}, or stop using {resource}");
        messages.push(format!("RESOURCE GUARD: {headline}\n  seen: {seen}\n  mend: {mend}"));
        violations.push(json!({
            "kind": "undeclared-use", "subject": format!("test `{name}`"), "resource": resource, "target": null,
            "headline": headline, "within": null, "seen": [seen], "mend": mend,
        }));
    }
    let plain = declared.is_empty();
    let item = |d: &usize| json!({ "resource": USES[d % USES.len()][0], "targets": [], "may": null });
    json!({
        "version": 1, "test": name, "binary": format!("/target/debug/deps/service_{}-0a", n % 20),
        "binary_id": format!("service::part_{}", n % 20), "attempt": 1, "package": "service",
        "file": if plain { Value::Null } else { file.into() },
        "line": if plain { Value::Null } else { (n + 1).into() },
        "declared": if plain { Value::Null } else { declared.iter().map(item).collect() },
        "ending": "passed", "outcome": "ok", "seconds": 0.002, "uses": uses, "fixtures": [],
        "violations": violations, "messages": messages, "notes": [], "exceptions": [], "probed": [],
    })
}
