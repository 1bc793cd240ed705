//! What is built: the flags of cargo that the command passes on, and the test binaries that come of them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{Message, Metadata, TargetKind};

use crate::flags::BuildFlags;
use crate::interrupt::Bound;
use crate::supervise::is_foreground;
use crate::talk::Talk;
use crate::{Error, Result};

/// A test binary that cargo has built.
#[derive(Debug, Clone)]
pub(crate) struct Built {
    /// As nextest names it: `package`, `package::test`, `package::bin/name`.
    pub(crate) id: String,
    pub(crate) package: String,
    pub(crate) path: PathBuf,
    /// The root of its package, where cargo runs it.
    pub(crate) root: PathBuf,
}

/// The cargo that runs this command, or the one on PATH.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The packages of the workspace, without their dependencies.
pub(crate) fn workspace(flags: &BuildFlags) -> Result<Metadata> {
    let mut command = cargo_metadata::MetadataCommand::new();
    command.no_deps().other_options(flags.of_metadata());
    if let Some(manifest) = &flags.manifest_path {
        command.manifest_path(manifest);
    }
    command.exec().map_err(|error| Error::Workspace(error.to_string()))
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory(flags: &BuildFlags, workspace: &Metadata) -> PathBuf {
    flags.target_directory().unwrap_or_else(|| workspace.target_directory.clone().into_std_path_buf())
}

/// Builds the test binaries; cargo's own messages go to standard error.
pub(crate) fn build(flags: &BuildFlags, workspace: &Metadata, talk: &Talk) -> Result<Vec<Built>> {
    let mut command = cargo();
    command.args(["test", "--no-run", "--message-format=json-render-diagnostics"]);
    command.args(talk.color.flags()).args(talk.quiet.then_some("--quiet"));
    command.args(flags.of_cargo_test()).stdin(Stdio::null()).stdout(Stdio::piped());
    let typed = line(&command);
    let start = |source| Error::Start { command: typed.clone(), source };
    // A terminal sends its signals to cargo too.
    let mut cargo = Bound::spawn(&mut command, !is_foreground()).map_err(start)?;
    let mut built = Vec::new();
    let roots: BTreeMap<_, _> =
        workspace.packages.iter().map(|package| (package.manifest_path.as_path(), package.name.as_str())).collect();
    if let Some(stdout) = cargo.child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(stdout)) {
            let Message::CompilerArtifact(artifact) = message.map_err(start)? else { continue };
            let (Some(path), true) = (artifact.executable, artifact.profile.test) else { continue };
            let Some(package) = roots.get(artifact.manifest_path.as_path()) else { continue };
            built.push(Built {
                id: id(package, &artifact.target.kind, &artifact.target.name),
                package: (*package).to_owned(),
                path: path.into_std_path_buf(),
                root: artifact.manifest_path.parent().map(|root| root.to_owned().into()).unwrap_or_default(),
            });
        }
    }
    let status = cargo.child.wait().map_err(start)?;
    if !status.success() {
        return Err(Error::Build { code: status.code().and_then(|code| code.try_into().ok()).unwrap_or(101) });
    }
    built.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(built)
}

/// The rule of nextest.
pub(crate) fn id(package: &str, kinds: &[TargetKind], target: &str) -> String {
    match kinds.first() {
        Some(TargetKind::Test) => format!("{package}::{target}"),
        Some(kind @ (TargetKind::Bin | TargetKind::Example | TargetKind::Bench)) => {
            format!("{package}::{kind}/{target}")
        }
        _ => package.to_owned(),
    }
}

/// What cargo puts on the search path of libraries when it runs tests, in front of the user's.
pub(crate) fn library_path(built: &[Built], flags: &BuildFlags) -> (&'static str, OsString) {
    let name = if cfg!(target_os = "macos") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    let mut dirs: Vec<PathBuf> = built
        .iter()
        .filter_map(|binary| binary.path.parent())
        .flat_map(|deps| [Some(deps), deps.parent()])
        .flatten()
        .map(Path::to_owned)
        .collect();
    dirs.sort();
    dirs.dedup();
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--print", "target-libdir"]).stdin(Stdio::null()).stderr(Stdio::null());
    rustc.args(flags.target.iter().flat_map(|target| ["--target", target]));
    if let Ok(output) = rustc.output() {
        dirs.push(String::from_utf8_lossy(&output.stdout).trim().into());
    }
    let users = std::env::var_os(name).unwrap_or_default();
    dirs.extend(std::env::split_paths(&users).filter(|dir| !dir.as_os_str().is_empty()));
    let joined = std::env::join_paths(dirs.iter().filter(|dir| !dir.as_os_str().as_encoded_bytes().contains(&b':')));
    (name, joined.unwrap_or(users))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binaries_are_named_as_nextest_names_them() {
        assert_eq!(id("my-lib", &[TargetKind::Lib], "my_lib"), "my-lib");
        assert_eq!(id("my-lib", &[TargetKind::ProcMacro], "my_lib"), "my-lib");
        assert_eq!(id("my-lib", &[TargetKind::CDyLib, TargetKind::RLib], "x"), "my-lib");
        assert_eq!(id("my-lib", &[TargetKind::Test], "all-it"), "my-lib::all-it");
        assert_eq!(id("my-lib", &[TargetKind::Bin], "tool"), "my-lib::bin/tool");
        assert_eq!(id("my-lib", &[TargetKind::Bench], "b"), "my-lib::bench/b");
    }
}
