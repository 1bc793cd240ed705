//! Archives of nextest: built on one machine, run in shards on others.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::engine::{self, Engine};
use crate::flags::BuildFlags;
use crate::{Error, Result, build};

/// Where the tests are, if they are not built here.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Tests that were built elsewhere")]
pub(crate) struct Archive {
    /// Run the tests of an archive that `cargo nextest archive` has made
    #[arg(long, value_name = "FILE")]
    archive_file: Option<PathBuf>,
    /// Where the workspace of the archive is on this machine
    #[arg(long, value_name = "DIRECTORY", requires = "archive_file")]
    workspace_remap: Option<PathBuf>,
}

impl Archive {
    /// Whether there is one.
    pub(crate) fn is_given(&self) -> bool {
        self.archive_file.is_some()
    }

    /// Where the workspace is on this machine.
    pub(crate) fn root(&self) -> PathBuf {
        self.workspace_remap.clone().unwrap_or_else(|| ".".into())
    }

    /// Fails where it does not fit to the other options.
    pub(crate) fn check(&self, engine: Engine, selects: bool) -> Result<()> {
        let why = match (self.is_given(), engine, selects) {
            (false, ..) | (true, Engine::Nextest, false) => return Ok(()),
            (true, Engine::CargoTest, _) => "only nextest runs an archive; install it (https://nexte.st)",
            (true, Engine::Nextest, true) => {
                "the tests of an archive cannot be selected by -m; where it is made, `cargo guards test -m EXPR \
                 --print-filterset` prints the selection, which goes here after `-- -E`"
            }
        };
        Err(Error::Usage(why.to_owned()))
    }

    /// The engine's command, if there is an archive. Flags of a build are passed on too, for nextest to complain about.
    pub(crate) fn command(&self, flags: &BuildFlags) -> Option<Command> {
        self.is_given().then(|| {
            let mut command = engine::nextest();
            command.args(self.words());
            command.args(BuildFlags { target_dir: None, manifest_path: None, ..flags.clone() }.of_nextest());
            command
        })
    }

    fn words(&self) -> impl Iterator<Item = OsString> {
        let given = [("--archive-file", &self.archive_file), ("--workspace-remap", &self.workspace_remap)];
        given.into_iter().filter_map(|(name, path)| Some([name.into(), path.clone()?.into_os_string()])).flatten()
    }

    /// Where the run is kept: in the target folder of the workspace on this machine, which need not have cargo.
    pub(crate) fn target_directory(&self, flags: &BuildFlags) -> PathBuf {
        if let Some(given) = flags.target_directory() {
            return given;
        }
        let root = self.workspace_remap.clone().unwrap_or_default();
        let manifest_path = flags.manifest_path.clone().or_else(|| Some(root.join("Cargo.toml")));
        match build::workspace(&BuildFlags { manifest_path, ..Default::default() }) {
            Ok(workspace) => workspace.target_directory.into_std_path_buf(),
            Err(_) => std::path::absolute(root.join("target")).unwrap_or_else(|_| root.join("target")),
        }
    }
}
