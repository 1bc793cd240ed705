//! The flags of `cargo build` that are passed on.

use std::ffi::OsString;
use std::path::PathBuf;

use cargo_metadata::Target;
use serde::{Deserialize, Serialize};
use wildmatch::WildMatch;

/// What to build, as for `cargo test`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args)]
#[serde(default)]
#[command(next_help_heading = "What to build")]
pub(crate) struct BuildFlags {
    /// Package to test (may be repeated)
    #[arg(short, long, value_name = "SPEC")]
    pub(crate) package: Vec<String>,
    /// Test all packages of the workspace
    #[arg(long, alias = "all")]
    pub(crate) workspace: bool,
    /// Package to leave out
    #[arg(long, value_name = "SPEC")]
    pub(crate) exclude: Vec<String>,
    /// Only the library's unit tests
    #[arg(long)]
    pub(crate) lib: bool,
    /// All binaries' unit tests
    #[arg(long)]
    pub(crate) bins: bool,
    /// One binary's unit tests
    #[arg(long, value_name = "NAME")]
    pub(crate) bin: Vec<String>,
    /// All targets that have tests
    #[arg(long)]
    pub(crate) tests: bool,
    /// One integration test
    #[arg(long, value_name = "NAME")]
    pub(crate) test: Vec<String>,
    /// All examples
    #[arg(long)]
    pub(crate) examples: bool,
    /// One example
    #[arg(long, value_name = "NAME")]
    pub(crate) example: Vec<String>,
    /// All targets that have benchmarks
    #[arg(long)]
    pub(crate) benches: bool,
    /// One target of benchmarks
    #[arg(long, value_name = "NAME")]
    pub(crate) bench: Vec<String>,
    /// All targets
    #[arg(long)]
    pub(crate) all_targets: bool,
    /// Features to activate, separated by commas or spaces
    #[arg(short = 'F', long, value_name = "FEATURES")]
    pub(crate) features: Vec<String>,
    /// Activate all features
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Leave the default feature out
    #[arg(long)]
    pub(crate) no_default_features: bool,
    /// Number of parallel jobs of the build
    #[arg(short = 'j', long, visible_alias = "build-jobs", value_name = "N")]
    pub(crate) jobs: Option<String>,
    /// Build with optimisations
    #[arg(short, long)]
    pub(crate) release: bool,
    /// Build with this profile of cargo
    #[arg(long, value_name = "NAME", conflicts_with = "release")]
    pub(crate) cargo_profile: Option<String>,
    /// Build for this target triple
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Option<String>,
    /// Where cargo puts what it builds
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) target_dir: Option<PathBuf>,
    /// Cargo.toml of the workspace
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// Cargo.lock must not change
    #[arg(long)]
    pub(crate) locked: bool,
    /// Do not use the network
    #[arg(long)]
    pub(crate) offline: bool,
    /// Both of these
    #[arg(long)]
    pub(crate) frozen: bool,
    /// Configuration of cargo
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    pub(crate) config: Vec<String>,
}

/// Arguments being put together.
#[derive(Default)]
struct Words(Vec<OsString>);

impl Words {
    fn flag(&mut self, name: &str, given: bool) {
        self.0.extend(given.then(|| name.into()));
    }

    fn values<V: Into<OsString> + Clone>(&mut self, name: &str, values: impl IntoIterator<Item = V>) {
        for value in values {
            self.0.extend([name.into(), value.into()]);
        }
    }
}

impl BuildFlags {
    /// For `cargo test`.
    pub(crate) fn of_cargo_test(&self) -> Vec<OsString> {
        let mut words = self.common();
        words.values("--profile", &self.cargo_profile);
        words.values("--jobs", &self.jobs);
        words.0
    }

    /// For `cargo nextest`.
    pub(crate) fn of_nextest(&self) -> Vec<OsString> {
        let mut words = self.common();
        words.values("--cargo-profile", &self.cargo_profile);
        words.values("--build-jobs", &self.jobs);
        words.0
    }

    /// For `cargo metadata`, the manifest's path left out.
    pub(crate) fn of_metadata(&self) -> Vec<String> {
        let flags = [("--locked", self.locked), ("--offline", self.offline), ("--frozen", self.frozen)];
        let flags = flags.into_iter().filter(|(_, given)| *given).map(|(name, _)| name.to_owned());
        flags.chain(self.config.iter().flat_map(|value| ["--config".to_owned(), value.clone()])).collect()
    }

    /// The absolute path of `--target-dir`.
    pub(crate) fn target_directory(&self) -> Option<PathBuf> {
        self.target_dir.as_ref().and_then(|dir| std::path::absolute(dir).ok())
    }

    /// Whether targets are named, so that cargo leaves documentation tests out.
    pub(crate) fn names_targets(&self) -> bool {
        let all = self.lib || self.bins || self.tests || self.examples || self.benches || self.all_targets;
        all || [&self.bin, &self.test, &self.example, &self.bench].iter().any(|names| !names.is_empty())
    }

    /// Whether features are named, so that another build may have what this one has not.
    pub(crate) fn chooses_features(&self) -> bool {
        self.no_default_features || !self.features.is_empty()
    }

    /// Whether the tests of a target are built, if its package is: by default, or because it is asked for.
    pub(crate) fn builds(&self, target: &Target) -> bool {
        let named = |patterns: &[String]| patterns.iter().any(|pattern| WildMatch::new(pattern).matches(&target.name));
        target.test
            || target.is_bin() && named(&self.bin)
            || target.is_test() && named(&self.test)
            || target.is_example() && (self.examples || self.all_targets || named(&self.example))
            || target.is_bench() && (self.benches || self.all_targets || named(&self.bench))
    }

    fn common(&self) -> Words {
        let mut words = Words::default();
        words.values("--package", &self.package);
        words.flag("--workspace", self.workspace);
        words.values("--exclude", &self.exclude);
        words.flag("--lib", self.lib);
        words.flag("--bins", self.bins);
        words.values("--bin", &self.bin);
        words.flag("--tests", self.tests);
        words.values("--test", &self.test);
        words.flag("--examples", self.examples);
        words.values("--example", &self.example);
        words.flag("--benches", self.benches);
        words.values("--bench", &self.bench);
        words.flag("--all-targets", self.all_targets);
        words.values("--features", &self.features);
        words.flag("--all-features", self.all_features);
        words.flag("--no-default-features", self.no_default_features);
        words.flag("--release", self.release);
        words.values("--target", &self.target);
        words.values("--target-dir", &self.target_dir);
        words.values("--manifest-path", &self.manifest_path);
        words.flag("--locked", self.locked);
        words.flag("--offline", self.offline);
        words.flag("--frozen", self.frozen);
        words.values("--config", &self.config);
        words
    }
}
