//! `#[cfg(…)]`, where there are several functions of one name: which of them was built.

use std::process::{Command, Stdio};
use std::str::FromStr as _;

use cargo_platform::{Cfg, CfgExpr};

/// What holds for the machine that the tests were built for.
pub(super) fn of_machine(triple: Option<&str>) -> Vec<Cfg> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--print", "cfg"]).args(triple.iter().flat_map(|triple| ["--target", triple])).stdin(Stdio::null());
    let output = rustc.output().map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&output);
    let lines = text.lines().filter_map(|line| Cfg::from_str(line).ok());
    lines.chain(Cfg::from_str("test")).collect()
}

/// Whether it is certain that a predicate does not hold. What it says of features is not known here.
pub(super) fn fails(predicate: &str, machine: &[Cfg]) -> bool {
    let known = !machine.is_empty() && !predicate.contains("feature");
    known && CfgExpr::from_str(predicate).is_ok_and(|predicate| !predicate.matches(machine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_fails() {
        let machine = of_machine(None);
        assert!(!fails("test", &machine) && !fails("any (unix , windows)", &machine));
        assert!(fails("not (test)", &machine) && fails("all (unix , windows)", &machine));
        assert!(!fails("feature = \"x\"", &machine) && !fails("no predicate", &machine));
    }
}
