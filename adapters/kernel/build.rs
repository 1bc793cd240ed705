//! Compiles `runner/`, a program without a C library and without the standard one. Cargo has no kind of target for it: how
//! a panic ends is said for a whole workspace, and this one must abort where the others unwind.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=runner");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let var = |name: &str| env::var_os(name).unwrap_or_default();
    let has_view = var("CARGO_CFG_TARGET_OS") == "linux"
        && ["x86_64", "aarch64"].iter().any(|arch| var("CARGO_CFG_TARGET_ARCH") == *arch);
    if !has_view {
        return;
    }
    let program = PathBuf::from(var("OUT_DIR")).join("runner");
    let mut rustc = Command::new(var("RUSTC"));
    rustc.args(["--edition=2024", "--crate-name=runner", "--crate-type=bin", "--cap-lints=allow", "--target"]);
    rustc.arg(var("TARGET")).args(["-Cpanic=abort", "-Copt-level=s", "-Cstrip=symbols", "-Crelocation-model=static"]);
    rustc.args(["-static", "-nostdlib", "-nostartfiles"].map(|flag| format!("-Clink-arg={flag}")));
    if var("CARGO_CFG_TARGET_ENV") == "musl" {
        // Else what begins a program is taken from there too.
        rustc.arg("-Clink-self-contained=no");
    }
    if let Some(linker) = env::var("RUSTC_LINKER").ok().filter(|linker| !linker.is_empty()) {
        rustc.arg(format!("-Clinker={linker}"));
    }
    rustc.arg("runner/main.rs").arg("-o").arg(&program);
    let output = rustc.output().unwrap_or_else(|error| panic!("cannot start {rustc:?}: {error}"));
    let made = output.status.success() && fs::metadata(&program).is_ok_and(|made| made.len() > 0);
    assert!(
        made,
        "the runner of --strict cannot be compiled; a linker that is called like `cc` and knows -nostdlib is needed \
         (linker in cargo's configuration)\n{rustc:?}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
