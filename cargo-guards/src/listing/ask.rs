//! Asking a test binary what it contains, with bounds: it may crash, hang, or print without end.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use resource_guards::tool;
use serde::Deserialize;

use crate::build::Built;
use crate::catalog::Binary;
use crate::format::{Guard, Manifest, VERSION};
use crate::interrupt::Bound;
use crate::{Error, Result};

/// The variable that gives test binaries more time, in seconds.
const TIMEOUT: &str = "RESOURCE_GUARDS_LIST_TIMEOUT";

/// What a binary may take to answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    time: Duration,
    bytes: u64,
    /// What gives it more time.
    variable: Option<&'static str>,
}

/// How long a process may hold the output of a binary that has ended.
const GRACE: Duration = Duration::from_millis(500);

/// What a guard may take to say whether its resource is there.
const PROBE_BOUNDS: Bounds = Bounds { time: Duration::from_secs(10), bytes: 1 << 20, variable: None };

/// How many characters of a reason are shown.
const REASON: usize = 300;

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

impl Bounds {
    /// Those of the environment.
    pub(crate) fn from_env() -> Result<Self> {
        let seconds = match std::env::var_os(TIMEOUT) {
            None => Some(30),
            Some(given) => given.to_str().and_then(|given| given.parse().ok()).filter(|&seconds| seconds > 0),
        };
        let seconds = seconds.ok_or_else(|| Error::Usage(format!("{TIMEOUT} must be a number of seconds above 0")))?;
        Ok(Self { time: Duration::from_secs(seconds), bytes: 64 << 20, variable: Some(TIMEOUT) })
    }
}

/// The names of the ignored tests of a binary.
pub(crate) fn ignored(binary: &Binary, library_path: &(&'static str, OsString)) -> Result<Vec<String>> {
    let mut command = listing(&binary.path, &binary.root, &binary.package, (library_path.0, &library_path.1));
    command.arg("--ignored");
    let listed = bounded(command, Bounds::from_env()?).and_then(|text| names(&String::from_utf8_lossy(&text)));
    listed.map_err(|why| Error::Listing { binary: binary.id.clone(), path: binary.path.clone(), why })
}

/// Asks one binary. `library_path` is what cargo would set.
pub(crate) fn ask(binary: &Built, library_path: (&str, &OsStr), bounds: Bounds) -> Result<Answer> {
    let run = |manifest: bool| {
        let mut command = listing(&binary.path, &binary.root, &binary.package, library_path);
        if manifest {
            command.env(tool::MANIFEST, "1");
        }
        bounded(command, bounds).and_then(|text| String::from_utf8(text).map_err(|_| "it printed no UTF-8".to_owned()))
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

/// What asking a guard about its resource came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Probed {
    Available,
    /// Why.
    Missing(String),
    /// The guard cannot tell (`None`), or did not come to tell.
    Unknown(Option<String>),
}

/// Asks one guard of a binary, in a process of its own: one that hangs or crashes takes no other answer with it.
pub(crate) fn probe(binary: &Binary, guard: &Guard, library_path: (&str, &OsStr)) -> Probed {
    #[derive(Deserialize)]
    struct Answer {
        resource: String,
        guard: String,
        availability: String,
        reason: Option<String>,
    }
    let mut command = listing(&binary.path, &binary.root, &binary.package, library_path);
    command.env(tool::PROBE, format!("{}\t{}", guard.resource, guard.name));
    let text = match bounded(command, PROBE_BOUNDS) {
        Ok(text) => text,
        Err(why) => return Probed::Unknown(Some(format!("its probe failed: {}", one_line(&why)))),
    };
    // A guard may print, too.
    let answers = text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Answer>(line).ok());
    let mut ours = answers.filter(|answer| answer.resource == guard.resource && answer.guard == guard.name);
    let Some(Answer { availability, reason, .. }) = ours.next() else {
        return Probed::Unknown(Some(
            "its test binary gave no answer; is its resource-guards an older one?".to_owned(),
        ));
    };
    let reason = reason.map(|reason| one_line(&reason));
    match availability.as_str() {
        "available" => Probed::Available,
        "missing" => Probed::Missing(reason.unwrap_or_else(|| "its guard says so".to_owned())),
        _ => Probed::Unknown(reason),
    }
}

/// A reason as part of a line, not endless.
fn one_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(REASON).collect()
}

/// A command that lists the tests of a binary, unless a variable makes it do something else.
fn listing(path: &Path, root: &Path, package: &str, library_path: (&str, &OsStr)) -> Command {
    let mut command = Command::new(path);
    command.args(["--list", "--format", "terse"]).current_dir(root).env(library_path.0, library_path.1);
    command.env("CARGO_MANIFEST_DIR", root).env("CARGO_PKG_NAME", package);
    for variable in [tool::SCOPE, tool::SESSION, tool::RUN, tool::MANIFEST, tool::PROBE] {
        command.env_remove(variable);
    }
    command
}

fn manifest(text: &str) -> Result<Manifest, String> {
    let manifest: Manifest =
        serde_json::from_str(text).map_err(|error| format!("it printed a manifest that is none: {error}"))?;
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
    };
    if let Some(wrong) = manifest.guards.iter().map(|guard| &guard.resource).find(|name| !is_name(name)) {
        let shown: String = wrong.chars().take(80).flat_map(char::escape_debug).collect();
        return Err(format!("it printed a manifest that is none: `{shown}` is no name of a resource"));
    }
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
            // No argument can hold a NUL.
            name(line).filter(|name| !name.contains('\0')).ok_or_else(|| {
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
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Bound::spawn(&mut command, true).map_err(|error| format!("it cannot be run: {error}"))?;
    let output = watched(&mut child, bounds);
    if output.is_err() {
        child.kill();
    }
    let (status, stdout, stderr) = output?;
    if status.success() {
        return Ok(stdout);
    }
    let said = String::from_utf8_lossy(&stderr);
    let said: String = said.trim().chars().take(SHOWN).collect();
    Err(if said.is_empty() { format!("it ended with {status}") } else { format!("it ended with {status}:\n{said}") })
}

fn watched(bound: &mut Bound, bounds: Bounds) -> Result<(ExitStatus, Vec<u8>, Vec<u8>), String> {
    let child = &mut bound.child;
    let deadline = Instant::now() + bounds.time;
    let late = || {
        let seconds = bounds.time.as_secs_f64();
        let hint = bounds.variable.map(|name| format!("; if it only needs more time, set {name} to more seconds"));
        format!("it did not end within {seconds} s{}", hint.unwrap_or_default())
    };
    let unknown = |error| format!("it cannot be waited for: {error}");
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
    let mut outputs = [None, None];
    let mut ended: Option<(ExitStatus, Instant)> = None;
    while outputs.iter().any(Option::is_none) {
        let (n, bytes): (usize, io::Result<Vec<u8>>) = match results.recv_timeout(Duration::from_millis(20)) {
            Ok(result) => result,
            Err(RecvTimeoutError::Disconnected) => return Err("its output cannot be read".to_owned()),
            Err(RecvTimeoutError::Timeout) => {
                match ended {
                    Some((_, at)) if at.elapsed() > GRACE => {
                        return Err(
                            "it has ended, but a process that it started holds its output open; such a process \
                                    must not be started while tests are listed"
                                .to_owned(),
                        );
                    }
                    Some(_) => {}
                    None if Instant::now() >= deadline => return Err(late()),
                    None => ended = child.try_wait().map_err(unknown)?.map(|status| (status, Instant::now())),
                }
                continue;
            }
        };
        let bytes = bytes.map_err(|error| format!("its output cannot be read: {error}"))?;
        if bytes.len() as u64 > bounds.bytes {
            return Err(format!("it printed more than {}", size(bounds.bytes)));
        }
        outputs[n] = Some(bytes);
    }
    let [stdout, stderr] = outputs.map(Option::unwrap_or_default);
    loop {
        let status = match ended {
            Some((status, _)) => Some(status),
            None => child.try_wait().map_err(unknown)?,
        };
        match status {
            Some(status) => return Ok((status, stdout, stderr)),
            None if Instant::now() < deadline => thread::sleep(Duration::from_micros(500)),
            None => return Err(late()),
        }
    }
}

fn size(bytes: u64) -> String {
    if bytes.is_multiple_of(1 << 20) { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Result<String, String> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let bounds = Bounds { time: Duration::from_millis(400), bytes: 10_000, variable: None };
        bounded(command, bounds).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn a_binary_that_hangs_crashes_or_floods_is_an_error() {
        assert_eq!(sh("echo a: test").unwrap(), "a: test\n");
        assert!(sh("sleep 60").unwrap_err().contains("did not end within"));
        assert!(sh("sleep 60 & sleep 60").unwrap_err().contains("did not end within"));
        assert!(sh("sleep 60 & echo a: test").unwrap_err().contains("holds its output open"));
        assert_eq!(sh("sleep 0.2 & echo a: test").unwrap(), "a: test\n");
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
