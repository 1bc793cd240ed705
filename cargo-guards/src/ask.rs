//! Asking a test binary what it contains, with bounds: it may crash, hang, or print without end.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use resource_guards::tool;

use crate::build::Built;
use crate::format::{Manifest, VERSION};
use crate::{Error, Result};

/// What a binary may take to answer.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    time: Duration,
    bytes: u64,
}

const BOUNDS: Bounds = Bounds { time: Duration::from_secs(30), bytes: 64 << 20 };

/// How much of standard error is shown.
const SHOWN: usize = 2000;

/// What a binary says about itself.
#[derive(Debug)]
pub(crate) struct Answer {
    /// `None`: it has no guards.
    pub(crate) manifest: Option<Manifest>,
    /// The names of its tests, in its order, ignored ones included.
    pub(crate) tests: Vec<String>,
}

/// Asks one binary. `library_path` is what cargo would set.
pub(crate) fn ask(binary: &Built, library_path: (&str, &OsStr)) -> Result<Answer> {
    let run = |manifest: bool| {
        let mut command = Command::new(&binary.path);
        command.args(["--list", "--format", "terse"]).current_dir(&binary.root).env(library_path.0, library_path.1);
        command.env("CARGO_MANIFEST_DIR", &binary.root).env("CARGO_PKG_NAME", &binary.package);
        command.env_remove(tool::SCOPE).env_remove(tool::SESSION).env_remove(tool::RUN).env_remove(tool::MANIFEST);
        if manifest {
            command.env(tool::MANIFEST, "1");
        }
        bounded(command, BOUNDS).and_then(|text| String::from_utf8(text).map_err(|_| "it printed no UTF-8".to_owned()))
    };
    let answer = || {
        let first = run(true)?;
        if !first.trim_start().starts_with('{') {
            return Ok(Answer { manifest: None, tests: names(&first)? });
        }
        let manifest = manifest(&first)?;
        Ok(Answer { manifest: Some(manifest), tests: names(&run(false)?)? })
    };
    answer().map_err(|why: String| Error::Listing { binary: binary.id.clone(), path: binary.path.clone(), why })
}

fn manifest(text: &str) -> Result<Manifest, String> {
    let manifest: Manifest =
        serde_json::from_str(text).map_err(|error| format!("it printed a manifest that is none: {error}"))?;
    if manifest.version != VERSION {
        return Err(format!(
            "its manifest has version {}, and this is made for version {VERSION}: use cargo-guards and \
             resource-guards of the same release",
            manifest.version
        ));
    }
    Ok(manifest)
}

/// The names in libtest's terse listing.
fn names(text: &str) -> Result<Vec<String>, String> {
    let name = |line: &str| line.strip_suffix(": test").or_else(|| line.strip_suffix(": benchmark")).map(str::to_owned);
    text.lines()
        .map(|line| {
            name(line).ok_or_else(|| {
                let shown: String = line.chars().take(80).flat_map(char::escape_debug).collect();
                format!(
                    "`{shown}` is no line of a listing (`NAME: test`); a harness of its own must understand \
                     `--list --format terse`, as nextest asks it"
                )
            })
        })
        .collect()
}

/// Runs a command that must succeed within the bounds, and gives what it printed.
fn bounded(mut command: Command, bounds: Bounds) -> Result<Vec<u8>, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|error| format!("it cannot be run: {error}"))?;
    let output = watched(&mut child, bounds);
    if output.is_err() {
        // Nothing that it started stays either.
        if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = child.wait();
    }
    let (status, stdout, stderr) = output?;
    if status.success() {
        return Ok(stdout);
    }
    let said = String::from_utf8_lossy(&stderr);
    let said: String = said.trim().chars().take(SHOWN).collect();
    Err(if said.is_empty() { format!("it ended with {status}") } else { format!("it ended with {status}:\n{said}") })
}

fn watched(child: &mut Child, bounds: Bounds) -> Result<(ExitStatus, Vec<u8>, Vec<u8>), String> {
    let deadline = Instant::now() + bounds.time;
    let late = || format!("it did not end within {:?}", bounds.time);
    let (sender, results) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|s| Box::new(s) as _), child.stderr.take().map(|s| Box::new(s) as _)];
    for (n, stream) in streams.into_iter().enumerate() {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = stream.map_or(Ok(0), |stream| stream.take(bounds.bytes + 1).read_to_end(&mut bytes));
            let _ = sender.send((n, read.map(|_| bytes)));
        });
    }
    let mut outputs = [Vec::new(), Vec::new()];
    for _ in 0..outputs.len() {
        let left = deadline.saturating_duration_since(Instant::now());
        let (n, bytes): (usize, io::Result<Vec<u8>>) = results.recv_timeout(left).map_err(|_| late())?;
        outputs[n] = bytes.map_err(|error| format!("its output cannot be read: {error}"))?;
        if outputs[n].len() as u64 > bounds.bytes {
            return Err(format!("it printed more than {} bytes", bounds.bytes));
        }
    }
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                let [stdout, stderr] = outputs;
                return Ok((status, stdout, stderr));
            }
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_micros(500)),
            Ok(None) => return Err(late()),
            Err(error) => return Err(format!("it cannot be waited for: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Result<String, String> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let bounds = Bounds { time: Duration::from_millis(400), bytes: 10_000 };
        bounded(command, bounds).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn a_binary_that_hangs_crashes_or_floods_is_an_error() {
        assert_eq!(sh("echo a: test").unwrap(), "a: test\n");
        assert!(sh("sleep 60").unwrap_err().contains("did not end within"));
        assert!(sh("sleep 60 & sleep 60").unwrap_err().contains("did not end within"));
        assert!(sh("exec >&- 2>&-; sleep 60").unwrap_err().contains("did not end within"));
        assert!(sh("kill -SEGV $$").unwrap_err().contains("signal"));
        assert!(sh("echo why >&2; exit 3").unwrap_err().ends_with("3:\nwhy"));
        assert!(
            sh("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done").unwrap_err().contains("more than")
        );
    }

    #[test]
    fn garbage_is_an_error() {
        assert_eq!(names("a::b: test\nc d: benchmark\n").unwrap(), ["a::b", "c d"]);
        assert_eq!(names("").unwrap(), [""; 0]);
        assert!(names("hello\u{7}").unwrap_err().starts_with("`hello\\u{7}` is no line"));
        assert!(manifest("{").unwrap_err().contains("manifest"));
        assert!(manifest("{\"version\": 9}").unwrap_err().contains("version 9"));
    }
}
