//! The Python library that this one is modelled on, installed for real.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::{Error, Result, run};

/// What pip installs.
const PACKAGES: [&str; 2] = ["resource-guards==0.1.9", "pytest"];

/// As in the library's README.
const CONFTEST: &str = "\
from imbue.resource_guards import resource_guards as guards

for name in ['git', 'tar', 'tmux', 'true']:
    guards.register_resource_guard(name)

def pytest_configure(config):
    guards.register_guarded_resource_markers(config)

def pytest_sessionstart(session):
    guards.start_resource_guards(session)

def pytest_sessionfinish(session, exitstatus):
    guards.stop_resource_guards()
";

/// Lets the library write its own wrapper, and keeps a copy.
const WRAPPER: &str = "\
import os, shutil, sys
from imbue.resource_guards import resource_guards as guards
guards.register_resource_guard('true')
guards.create_resource_guard_wrappers()
shutil.copy(os.path.join(guards._guard_wrapper_dir, 'true'), sys.argv[1])
guards.cleanup_resource_guard_wrappers()
";

/// Nanoseconds a call: medians of many short batches, less an empty loop.
const ENFORCE: &str = "\
import os, statistics, sys, timeit
from imbue.resource_guards.resource_guards import _build_guard_env, enforce_sdk_guard, register_sdk_guard
register_sdk_guard('sdk', lambda: None, lambda: None)
def cost(batch):
    call = timeit.Timer(lambda: enforce_sdk_guard('sdk')).repeat(repeat=200, number=batch)
    empty = timeit.Timer(lambda: None).repeat(repeat=200, number=batch)
    return (statistics.median(call) - statistics.median(empty)) / batch * 1e9
print(cost(500))
os.environ.update({k: v for k, v in _build_guard_env({'sdk'}, sys.argv[1]).items()})
print(cost(100))
";

/// An installed reference.
#[derive(Debug)]
pub(super) struct Reference {
    python: PathBuf,
    dir: PathBuf,
}

impl Reference {
    /// Installs it, and writes the suites.
    pub(super) fn install(temp: &Path) -> Result<Self> {
        let dir = temp.join("reference");
        let venv = dir.join("venv");
        run::captured(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        let python = venv.join("bin").join("python");
        run::captured(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES))?;
        let reference = Self { python, dir };

        let tests: String = (0..300).map(|n| format!("def test_{n:03}():\n    pass\n\n")).collect();
        for (guarded, folder) in [(false, "plain"), (true, "guarded")] {
            let folder = reference.dir.join(folder);
            write(&folder.join("test_suite.py"), &tests)?;
            if guarded {
                write(&folder.join("conftest.py"), CONFTEST)?;
            }
        }
        write(&reference.dir.join("tracking").join("empty"), "")?;
        run::captured(reference.script(WRAPPER).arg(reference.dir.join("wrapper")))?;
        Ok(reference)
    }

    /// What was installed.
    pub(super) fn name(&self) -> String {
        let version = run::captured(Command::new(&self.python).arg("--version"))
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
            .unwrap_or_default();
        format!("{} under {version}", PACKAGES.join(" and "))
    }

    /// Where its wrapper of `true` is, and the environment of a test that may run it.
    pub(super) fn wrapper(&self) -> [(&'static str, OsString); 4] {
        [
            ("BENCH_REFERENCE_WRAPPER", self.dir.join("wrapper").into()),
            ("_PYTEST_GUARD_PHASE", "call".into()),
            ("_PYTEST_GUARD_TRUE", "allow".into()),
            ("_PYTEST_GUARD_TRACKING_DIR", self.dir.join("tracking").into()),
        ]
    }

    /// Nanoseconds of its enforcement outside of a test, and of a use that it knows.
    pub(super) fn enforce(&self) -> Result<(f64, f64)> {
        let output = run::captured(self.script(ENFORCE).arg(self.dir.join("tracking")))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut numbers = text.lines().map_while(|line| line.parse().ok());
        numbers
            .next()
            .zip(numbers.next())
            .ok_or_else(|| Error::Unexpected(format!("the reference's enforcement was not measured: {text}")))
    }

    /// How long pytest takes for 300 tests.
    pub(super) fn suite(&self, guarded: bool) -> Result<Duration> {
        let mut pytest = Command::new(&self.python);
        pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]).current_dir(self.dir.join(if guarded {
            "guarded"
        } else {
            "plain"
        }));
        Ok(run::timed(&mut pytest)?.0)
    }

    fn script(&self, text: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.args(["-c", text]);
        command
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(Error::file("make", folder))?;
    fs::write(path, text).map_err(Error::file("write", path))
}
