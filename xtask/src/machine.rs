//! What this machine has, and what it is called.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{Error, Result, run};

/// Where a program of this name is on PATH.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// The version of nextest, if it is installed.
pub(crate) fn nextest() -> Option<String> {
    let output = run::captured(&mut run::cargo(&["nextest", "--version"])).ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace().nth(1).map(str::to_owned)
}

/// Does something on the first processor that this thread may use, children included. `None` where the system has no way.
#[cfg(target_os = "linux")]
pub(crate) fn on_one_cpu<R>(work: impl FnOnce() -> R) -> Option<R> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let all = sched_getaffinity(None).ok()?;
    let mut one = CpuSet::new();
    one.set((0..CpuSet::MAX_CPU).find(|cpu| all.is_set(*cpu))?);
    sched_setaffinity(None, &one).ok()?;
    let done = work();
    sched_setaffinity(None, &all).ok()?;
    Some(done)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn on_one_cpu<R>(_: impl FnOnce() -> R) -> Option<R> {
    None
}

/// Whether this is a CI run, where nothing may be missing.
pub(crate) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// What is absent of the things that the tests need. In CI that is an error, elsewhere it is said.
pub(crate) fn require(nextest: Option<&str>) -> Result<()> {
    let mut absent = Vec::new();
    if nextest.is_none() {
        absent.push("nextest (`cargo install --locked cargo-nextest`): its half of the tests is not run".to_owned());
    }
    for name in ["git", "tar", "tmux", "curl", "python3", "strace", "chromium", "xmllint"] {
        if program(name).is_none() {
            absent.push(format!("{name}: the tests that need it fail"));
        }
    }
    if run::root().join("guard-docker").is_dir() && !docker_answers() {
        absent.push(
            "a docker daemon that answers `docker info`: the tests that need it fail, the demo has a stand-in"
                .to_owned(),
        );
    }
    if is_ci() && !absent.is_empty() {
        return Err(Error::Absent(absent));
    }
    for what in absent {
        println!("ABSENT: {what}");
    }
    Ok(())
}

fn docker_answers() -> bool {
    let mut command = Command::new("docker");
    command.arg("info").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The load of a machine that is busy with other work, where wall times mean little.
pub(crate) fn busy() -> Option<f64> {
    let load: f64 = fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()?;
    // Building this program alone may have taken every core for a while.
    let own = std::thread::available_parallelism().map_or(1, usize::from);
    (load > own as f64 + 1.0).then_some(load)
}

/// The processor, its cores, the kernel and the compiler.
pub(crate) fn description() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").ok();
    let model = cpu.as_deref().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        line.split_once(": ").map(|(_, model)| model.trim())
    });
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rustc = run::captured(Command::new("rustc").arg("--version"))
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default();
    let rustc = rustc.split(" (").next().unwrap_or_default().to_owned();
    format!(
        "{}, {cores} cores, {} {}, {rustc}, nextest {}",
        model.unwrap_or("unknown processor"),
        env::consts::OS,
        kernel.trim(),
        nextest().unwrap_or_else(|| "absent".to_owned())
    )
}
