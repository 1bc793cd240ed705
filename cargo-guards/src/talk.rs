//! What is said to the user on standard error. Standard output is for data.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// As cargo and nextest take it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }

    /// Makes it the choice of the whole process.
    pub(crate) fn apply(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

pub(crate) const HEADING: Style = Style::new().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const CAREFUL: Style = AnsiColor::Yellow.on_default().bold();

/// The voice of the command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    pub(crate) quiet: bool,
    pub(crate) color: Color,
}

impl Talk {
    /// Says something that can be left out.
    pub(crate) fn note(&self, text: impl Display) {
        if !self.quiet {
            anstream::eprintln!("{CAREFUL}note{CAREFUL:#}: {text}");
        }
    }

    /// Says why the command ends.
    pub(crate) fn error(&self, text: impl Display) {
        anstream::eprintln!("{BAD}error{BAD:#}: {text}");
    }
}
