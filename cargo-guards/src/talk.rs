//! What is said to the user on standard error. Standard output is for data.

use std::ffi::OsString;
use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum as _;

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
    /// What a command line asks for that is not parsed yet: mistakes in it are told in these colours.
    pub(crate) fn asked(arguments: &[OsString]) -> Self {
        let words = || arguments.iter().take_while(|word| *word != "--").filter_map(|word| word.to_str());
        let after = words().zip(words().skip(1)).filter(|(word, _)| *word == "--color").map(|(_, value)| value);
        let joined = words().filter_map(|word| word.strip_prefix("--color="));
        after.chain(joined).find_map(|value| Self::from_str(value, true).ok()).unwrap_or_default()
    }

    /// For the messages of clap.
    pub(crate) fn of_clap(self) -> clap::ColorChoice {
        match self {
            Self::Auto => clap::ColorChoice::Auto,
            Self::Always => clap::ColorChoice::Always,
            Self::Never => clap::ColorChoice::Never,
        }
    }

    /// For cargo and nextest. Without a choice they have their own: `CARGO_TERM_COLOR`, their configuration.
    pub(crate) fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Auto => &[],
            Self::Always => &["--color", "always"],
            Self::Never => &["--color", "never"],
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

    /// Says something that has its own form.
    pub(crate) fn shown(&self, text: impl Display) {
        if !self.quiet {
            anstream::eprintln!("{text}");
        }
    }

    /// Says why the command ends.
    pub(crate) fn error(&self, text: impl Display) {
        anstream::eprintln!("{BAD}error{BAD:#}: {text}");
    }
}
