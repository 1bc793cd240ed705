//! The engines that users run their tests with.

/// What runs the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `cargo test`
    CargoTest,
    /// `cargo test -- --test-threads=1`
    OneThread,
    /// `cargo nextest run`
    Nextest,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CargoTest, Self::OneThread, Self::Nextest];

    /// The command as a user types it.
    #[must_use]
    pub fn command(self) -> &'static str {
        match self {
            Self::CargoTest => "cargo test",
            Self::OneThread => "cargo test -- --test-threads=1",
            Self::Nextest => "cargo nextest run",
        }
    }

    /// The arguments of cargo: all binaries are run, and everything is printed in a form that can be read.
    pub(crate) fn cargo_arguments(self) -> &'static [&'static str] {
        match self {
            Self::CargoTest | Self::OneThread => &["test", "--no-fail-fast", "--color=never"],
            Self::Nextest => &[
                "nextest",
                "run",
                "--no-fail-fast",
                "--color=never",
                "--user-config-file=none",
                "--show-progress=none",
                "--status-level=all",
                "--final-status-level=none",
                "--success-output=immediate",
                "--failure-output=immediate",
            ],
        }
    }

    /// The arguments after `--`.
    pub(crate) fn test_arguments(self) -> &'static [&'static str] {
        match self {
            Self::OneThread => &["--test-threads=1"],
            Self::CargoTest | Self::Nextest => &[],
        }
    }
}
