//! What is wrong with a piece of LaTeX, and where.

use std::ops::Range;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TexErrorKind {
    /// Not LaTeX: a brace or bracket without its partner, a lone backslash.
    Structure,
    /// A token that cannot stand where it stands.
    Syntax,
    /// A name that the scope does not declare.
    Undeclared,
    /// More than one reading; nothing is guessed.
    Ambiguous,
    /// LaTeX that has a meaning, but none that this reader knows.
    Unsupported,
    /// Too long or too deeply nested.
    Limit,
}

/// A refusal: its place in the source (bytes), what is wrong, what was expected, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TexError {
    pub span: Range<usize>,
    pub message: String,
    pub expected: Option<String>,
    pub help: Option<String>,
    pub kind: TexErrorKind,
}

impl TexError {
    /// An error of the given kind at `span`.
    pub(super) fn new(kind: TexErrorKind, span: Range<usize>, message: impl Into<String>) -> TexError {
        TexError { span, message: message.into(), expected: None, help: None, kind }
    }
    /// The same error, saying what was expected.
    pub(super) fn expecting(mut self, what: impl Into<String>) -> TexError {
        self.expected = Some(what.into());
        self
    }
    /// The same error, saying what to do.
    pub(super) fn help(mut self, what: impl Into<String>) -> TexError {
        self.help = Some(what.into());
        self
    }
}
