//! A source file: its text, and what of it matters here, with byte ranges.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use proc_macro2::{TokenStream, TokenTree};

use super::items::{self, Function, Import, Items, ModuleFile};
use crate::{Error, Result};

/// One file.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) modified: SystemTime,
    pub(super) functions: Vec<Function>,
    pub(super) modules: Vec<ModuleFile>,
    pub(super) imports: Vec<Import>,
    /// Where Rust begins: behind a byte order mark and a `#!` line.
    beginning: usize,
}

impl Source {
    fn read(path: PathBuf) -> Result<Self> {
        let bytes = fs::read(&path).map_err(Error::file("read", &path))?;
        let modified = fs::metadata(&path).and_then(|file| file.modified()).map_err(Error::file("read", &path))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let why = io::Error::new(io::ErrorKind::InvalidData, format!("it is no UTF-8: {}", error.utf8_error()));
            Error::file("read", &path)(why)
        })?;
        Self::of(path, text, modified)
    }

    /// The same with another text, to see what an edit made of it.
    pub(super) fn of(path: PathBuf, text: String, modified: SystemTime) -> Result<Self> {
        let items = items::of(&text).map_err(|error| Error::Source {
            path: path.clone(),
            line: error.span().start().line,
            why: error.to_string(),
        })?;
        let beginning = items::beginning(&text);
        let Items { functions, modules, imports } = items;
        Ok(Self { path, text, modified, functions, modules, imports, beginning })
    }

    /// The text of a function, from its first attribute on.
    pub(super) fn text_of(&self, function: &Function) -> &str {
        self.text.get(function.range.clone()).unwrap_or_default()
    }

    /// The identifiers in a piece of Rust, those that begin with `_` without it: rstest takes `_db` for the fixture `db`.
    /// `None`: it is not understood.
    pub(super) fn words(text: &str) -> Option<BTreeSet<String>> {
        fn add(tokens: TokenStream, words: &mut BTreeSet<String>) {
            for tree in tokens {
                match tree {
                    TokenTree::Group(group) => add(group.stream(), words),
                    TokenTree::Ident(word) => {
                        let word = word.to_string();
                        words.insert(word.trim_start_matches("r#").trim_start_matches('_').to_owned());
                    }
                    TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                }
            }
        }
        let mut words = BTreeSet::new();
        add(text.parse().ok()?, &mut words);
        Some(words)
    }

    /// What stands outside of functions and imports, with the lines kept.
    pub(super) fn outside(&self) -> String {
        let functions = self.functions.iter().map(|function| &function.range);
        let mut inside: Vec<&Range<usize>> = functions.chain(self.imports.iter().map(|import| &import.range)).collect();
        inside.sort_by_key(|range| range.start);
        let mut outside = String::new();
        let mut done = self.beginning;
        for range in inside {
            if range.start >= done {
                outside.push_str(&self.text[done..range.start]);
                outside.push(' ');
            }
            done = done.max(range.end);
        }
        outside.push_str(&self.text[done..]);
        outside
    }

    /// How the line ends that this byte is in; of the last line, as the one before.
    pub(super) fn line_end(&self, at: usize) -> &'static str {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = rest.find('\n').map(|end| at + end).or_else(|| self.text.rfind('\n'));
        if end.is_some_and(|end| self.text[..end].ends_with('\r')) { "\r\n" } else { "\n" }
    }

    /// What stands before this byte in its line.
    pub(super) fn before(&self, at: usize) -> &str {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        &self.text[start..at]
    }

    /// What stands behind this byte in its line, without its end.
    pub(super) fn behind(&self, at: usize) -> &str {
        let rest = &self.text[at..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// From the beginning of the line of this range to the beginning of the line behind it.
    pub(super) fn lines(&self, range: &Range<usize>) -> Range<usize> {
        let end = self.text[range.end..].find('\n').map_or(self.text.len(), |end| range.end + end + 1);
        range.start - self.before(range.start).len()..end
    }
}

/// The files that were read, each once, whatever it is called.
#[derive(Default)]
pub(super) struct Sources {
    all: Vec<Source>,
    by_path: BTreeMap<PathBuf, usize>,
}

impl Sources {
    /// The number of this file. `None`: there is none.
    pub(super) fn get(&mut self, path: &Path) -> Result<Option<usize>> {
        let Ok(path) = fs::canonicalize(path) else { return Ok(None) };
        if let Some(&known) = self.by_path.get(&path) {
            return Ok(Some(known));
        }
        if !path.is_file() {
            return Ok(None);
        }
        self.all.push(Source::read(path.clone())?);
        self.by_path.insert(path, self.all.len() - 1);
        Ok(Some(self.all.len() - 1))
    }

    pub(super) fn of(&self, source: usize) -> &Source {
        &self.all[source]
    }
}
