//! A mistake in `guards.toml`, with the place that it is about.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::Source;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// What is pointed at.
    pub(super) at: Range<usize>,
    pub(super) what: String,
    /// What stands beside the caret: how to mend it.
    pub(super) mend: String,
    /// Another place that belongs to it.
    pub(super) beside: Option<(Range<usize>, String)>,
}

impl Mistake {
    pub(super) fn new(at: Range<usize>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { at, what: what.into(), mend: mend.into(), beside: None }
    }

    pub(super) fn beside(self, at: Range<usize>, what: impl Into<String>) -> Self {
        Self { beside: Some((at, what.into())), ..self }
    }

    /// The message over the lines of the file, as an error or as a note.
    pub(super) fn shown(&self, source: &Source) -> String {
        self.rendered(source, Level::ERROR)
    }

    pub(super) fn noted(&self, source: &Source) -> String {
        self.rendered(source, Level::NOTE)
    }

    fn rendered(&self, source: &Source, level: Level<'_>) -> String {
        let here = std::env::current_dir().unwrap_or_default();
        let path = source.path.strip_prefix(here).unwrap_or(&source.path).display().to_string();
        let beside = self.beside.iter().map(|(at, what)| AnnotationKind::Context.span(at.clone()).label(what));
        let snippet = Snippet::source(&source.text)
            .path(path)
            .annotation(AnnotationKind::Primary.span(self.at.clone()).label(&self.mend))
            .annotations(beside);
        Renderer::styled().render(&[level.primary_title(&self.what).element(snippet)])
    }
}
