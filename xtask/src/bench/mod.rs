//! `cargo xtask bench`: what guards cost, as ratios of things that were run in turn on one machine.

mod calls;
mod command;
mod docker;
mod figures;
mod pages;
mod reference;
mod report;
mod startup;
mod strict;
mod suites;

use crate::{Error, Result, machine, run};
use figures::Figures;
use reference::Reference;

/// How to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Puts the table into README.md.
    #[arg(long)]
    write: bool,
    /// How many times the suites are run; nextest on 300 tests, where kinds differ by less than the noise, seven times as often.
    #[arg(long, default_value_t = 9)]
    rounds: u32,
}

/// Runs the measurements.
pub(crate) fn run(options: &Options) -> Result<()> {
    let busy = machine::busy();
    let temp = tempfile::Builder::new().prefix("resource-guards-bench-").tempdir().map_err(Error::Temporary)?;
    run::heading("the reference");
    let reference = Reference::install(temp.path());
    match &reference {
        Ok(reference) => println!("{}", reference.name()),
        Err(error) => println!("NOT RUN: {}", error.with_causes()),
    }
    let reference = reference.ok();

    let mut figures = Figures::default();
    run::heading("calls");
    calls::measure(&mut figures, temp.path(), reference.as_ref())?;
    run::heading("docker");
    docker::measure(&mut figures, temp.path())?;
    run::heading("start-up with all guards");
    startup::measure(&mut figures)?;
    run::heading("a report on 10,000 tests");
    pages::measure(&mut figures, temp.path())?;
    run::heading("suites of 300 tests");
    suites::measure(&mut figures, options.rounds, reference.as_ref())?;

    run::heading("cargo guards");
    command::measure(&mut figures, options.rounds)?;
    run::heading("the kernel's view");
    strict::measure(&mut figures, options.rounds, temp.path())?;

    let table = report::table(&figures, reference.is_some(), busy);
    run::heading("figures");
    println!("{table}");
    if options.write { report::write(&table) } else { Ok(()) }
}

/// What is measured in one round, in another order each time: whoever comes later finds another machine.
fn in_turn<T, const N: usize>(mut all: [T; N], round: u32) -> [T; N] {
    all.rotate_left(round as usize % N);
    if round % 2 == 1 {
        all.reverse();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_has_all_in_another_order() {
        let orders = [0, 1, 2, 3].map(|round| in_turn(['a', 'b', 'c'], round));
        assert_eq!(orders, [['a', 'b', 'c'], ['a', 'c', 'b'], ['c', 'a', 'b'], ['c', 'b', 'a']]);
    }
}
