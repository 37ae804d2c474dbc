//! The text of a paper's file, and places in it.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::NamedSource;

/// A file of a paper, by its place in [`super::Paper::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// A file that was read, with what it takes to point into it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Source(Arc<Content>);

#[derive(Debug)]
struct Content {
    path: PathBuf,
    named: NamedSource<Arc<str>>,
    line_starts: Vec<usize>,
}

impl Source {
    /// The file at `path`, whose content is `text`.
    pub fn new(path: &Path, text: String) -> Source {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let named = NamedSource::new(path.display().to_string(), text.into());
        Source(Arc::new(Content { path: path.to_owned(), named, line_starts }))
    }
    /// The path as it is shown to the user.
    pub fn path(&self) -> &Path {
        &self.0.path
    }
    /// The whole content.
    pub fn text(&self) -> &str {
        self.0.named.inner()
    }
    /// The content with its name, for rendering.
    pub fn named(&self) -> &NamedSource<Arc<str>> {
        &self.0.named
    }
    /// The number, from 1, of the line that holds the byte at `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.0.line_starts.partition_point(|start| *start <= offset)
    }
    /// The nearest range of whole characters of the text that holds `span`.
    pub fn clamp(&self, span: Range<usize>) -> Range<usize> {
        let len = self.text().len();
        let (mut start, mut end) = (span.start.min(len), span.end.min(len));
        while !self.text().is_char_boundary(start) {
            start -= 1;
        }
        while !self.text().is_char_boundary(end) {
            end += 1;
        }
        start..end.max(start)
    }
}

/// What a piece of a file was read as, with the piece itself and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    pub value: T,
    /// The piece as it stands in the file, quotes excluded.
    pub text: String,
    pub file: FileId,
    /// The bytes of the file that hold `text`.
    pub span: Range<usize>,
    /// The line, from 1, on which the piece begins.
    pub line: usize,
}

impl<T> Located<T> {
    /// The same piece, read as `value`.
    pub fn with<U>(&self, value: U) -> Located<U> {
        Located { value, text: self.text.clone(), file: self.file, span: self.span.clone(), line: self.line }
    }
    /// The bytes of the file that hold `part`, a range of bytes of `text`.
    pub fn part(&self, part: Range<usize>) -> Range<usize> {
        self.span.start + part.start..self.span.start + part.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_by_any_of_its_bytes() {
        let s = Source::new(Path::new("x"), "ab\nc\n\nd".to_owned());
        let lines: Vec<usize> = (0..7).map(|i| s.line_of(i)).collect();
        assert_eq!(lines, [1, 1, 1, 2, 2, 3, 4]);
    }

    #[test]
    fn a_range_is_widened_to_whole_characters_and_cut_at_the_end() {
        let s = Source::new(Path::new("x"), "aδb".to_owned());
        assert_eq!(s.clamp(2..2), 1..3);
        assert_eq!(s.clamp(3..99), 3..4);
        assert_eq!(s.clamp(98..99), 4..4);
    }
}
