//! Writes a thousand tests: every 97th uses what it does not declare, every 101st declares what it does not use.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let mut tests = String::new();
    for n in 0..1000 {
        let (uses, body) = match (n % 97, n % 101) {
            (1, _) => ("sdk", "offend"),
            (_, 1) => ("sdk, program, never", "work"),
            _ => ("sdk, program", "work"),
        };
        writeln!(tests, "#[uses({uses})]\n#[test]\nfn t{n:03}() {{\n    {body}(\"t{n:03}\");\n}}").unwrap();
    }
    let file = Path::new(&env::var_os("OUT_DIR").unwrap()).join("tests.rs");
    fs::write(file, tests).unwrap();
    println!("cargo::rerun-if-changed=build.rs");
}
