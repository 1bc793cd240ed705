//! One test for each line of a table, each in a scope of its own.

use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use resource_guards::Scope;

resource_guards::install!(guard_binary::Binary("tar"));

const CASES: [(&str, &str); 2] = [("asks for the version", "--version"), ("asks for help", "--help")];

fn main() {
    let trials = CASES.map(|(name, option)| Trial::test(name, move || judged(name, option))).into();
    // Scopes take turns by themselves: threads gain nothing here.
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    libtest_mimic::run(&arguments, trials).exit();
}

fn judged(name: &str, option: &str) -> Result<(), Failed> {
    let verdict = Scope::new(name).uses("tar").run(|| {
        let output = Command::new("tar").arg(option).output();
        output.is_ok_and(|output| output.status.success()).then_some(()).ok_or("tar failed")
    });
    Ok(verdict??)
}
