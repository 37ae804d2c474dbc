//! What is wrong with a paper's files.

use std::fmt::{self, Write as _};
use std::ops::Range;

use miette::{GraphicalReportHandler, LabeledSpan, SourceCode};
use thiserror::Error;

use super::source::Source;

/// One thing that is wrong, where it stands and what to do about it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub problem: Problem,
    /// The place in a file; none if the file itself is the problem.
    pub place: Option<Box<Place>>,
    pub help: Option<String>,
}

/// A piece of a file.
#[derive(Clone, Debug)]
pub struct Place {
    pub source: Source,
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is said at the piece itself: `expected …`.
    pub label: Option<String>,
}

/// The kinds of things that can be wrong.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    #[error("there is no file or folder `{0}`")]
    Missing(String),
    #[error("the folder `{0}` holds no paper")]
    EmptyFolder(String),
    #[error("the folder `{0}` has no `paper.toml`")]
    NoPaperFile(String),
    #[error("`{0}` is not a `.toml` file")]
    NotToml(String),
    #[error("`{0}` is a folder, and a file was expected")]
    Folder(String),
    #[error("`{0}` is neither a file nor a folder")]
    NotRegular(String),
    #[error("`{path}` has {size} bytes, and at most {limit} are read")]
    TooLarge { path: String, size: u64, limit: u64 },
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable { path: String, reason: String },
    #[error("`{path}` is not UTF-8 text: line {line} holds the byte 0x{byte:02x}")]
    NotUtf8 { path: String, line: usize, byte: u8 },
    #[error("not valid TOML: {0}")]
    Syntax(String),
    #[error("unknown key `{key}` in {table}")]
    UnknownKey { key: String, table: String },
    #[error("{table} has no `{key}`")]
    MissingKey { key: String, table: String },
    #[error("`{key}` is {found}, and {expected} was expected")]
    WrongType { key: String, found: String, expected: String },
    #[error("a backslash in double quotes")]
    Escaped,
    #[error("{0}")]
    Latex(String),
    #[error("`{0}` is not an id")]
    BadId(String),
    #[error("the id `{0}` is used twice")]
    DuplicateId(String),
    #[error("the symbol `{0}` is declared twice")]
    DuplicateSymbol(String),
    #[error("the game `{0}` is described twice")]
    DuplicateGame(String),
    #[error("two papers are called `{0}`")]
    DuplicatePaper(String),
    #[error("`{0}` is not a symbol")]
    BadSymbol(String),
    #[error("`{0}` is not a kind or a domain of a symbol")]
    BadDomain(String),
    #[error("`{symbol}` is declared as {declared}, and is used here as {used}")]
    Clash { symbol: String, declared: String, used: String },
    #[error("`{0}` is not declared")]
    Undeclared(String),
    #[error("there is no game `{0}`")]
    UnknownGame(String),
    #[error("there is no claim `{0}`")]
    UnknownClaim(String),
    #[error("the paper has no version `{0}`")]
    UnknownVersion(String),
    #[error("the game has no player `{0}`")]
    UnknownPlayer(String),
    #[error("the player `{0}` has no payoff")]
    Unpaid(String),
    #[error("`{0}` is chosen twice")]
    ChosenTwice(String),
    #[error("`{variable}` is bounded by `{later}`, which is chosen later")]
    ChosenLater { variable: String, later: String },
    #[error("{0}")]
    Definition(String),
    #[error("line `{line}` is not {expected}")]
    Line { line: String, expected: String },
    #[error("{0}")]
    Incomplete(String),
    #[error("a displayed formula has two reasons")]
    DuplicateDisplayed,
    #[error("{0}")]
    Display(String),
    #[error("`{function}` is applied to {given} argument{}", if *given == 1 { "" } else { "s" })]
    Arguments { function: String, given: usize },
    #[error("`{0}` cannot be shared")]
    BadShare(String),
    #[error("nothing to check")]
    NothingToCheck,
}

impl Problem {
    /// A stable name for the kind of problem.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Missing(_) => "missing",
            Problem::EmptyFolder(_) => "empty-folder",
            Problem::NoPaperFile(_) => "no-paper-file",
            Problem::NotToml(_) => "not-toml",
            Problem::Folder(_) => "folder",
            Problem::NotRegular(_) => "not-regular",
            Problem::TooLarge { .. } => "too-large",
            Problem::Unreadable { .. } => "unreadable",
            Problem::NotUtf8 { .. } => "not-utf-8",
            Problem::Syntax(_) => "syntax",
            Problem::UnknownKey { .. } => "unknown-key",
            Problem::MissingKey { .. } => "missing-key",
            Problem::WrongType { .. } => "wrong-type",
            Problem::Escaped => "escaped",
            Problem::Latex(_) => "latex",
            Problem::BadId(_) => "bad-id",
            Problem::DuplicateId(_) => "duplicate-id",
            Problem::DuplicateSymbol(_) => "duplicate-symbol",
            Problem::DuplicateGame(_) => "duplicate-game",
            Problem::DuplicatePaper(_) => "duplicate-paper",
            Problem::BadSymbol(_) => "bad-symbol",
            Problem::BadDomain(_) => "bad-domain",
            Problem::Clash { .. } => "clash",
            Problem::Undeclared(_) => "undeclared",
            Problem::UnknownGame(_) => "unknown-game",
            Problem::UnknownClaim(_) => "unknown-claim",
            Problem::UnknownVersion(_) => "unknown-version",
            Problem::UnknownPlayer(_) => "unknown-player",
            Problem::Unpaid(_) => "unpaid",
            Problem::ChosenTwice(_) => "chosen-twice",
            Problem::ChosenLater { .. } => "chosen-later",
            Problem::Definition(_) => "definition",
            Problem::Line { .. } => "line",
            Problem::Incomplete(_) => "incomplete",
            Problem::Arguments { .. } => "arguments",
            Problem::BadShare(_) => "bad-share",
            Problem::DuplicateDisplayed => "duplicate-displayed",
            Problem::Display(_) => "display",
            Problem::NothingToCheck => "nothing-to-check",
        }
    }
}

impl Diagnostic {
    /// A problem with a file or folder as a whole.
    pub fn general(problem: Problem, help: impl Into<String>) -> Diagnostic {
        Diagnostic { problem, place: None, help: Some(help.into()) }
    }
    /// A problem at a place of a file.
    pub fn at(source: &Source, span: Range<usize>, problem: Problem, help: Option<String>) -> Diagnostic {
        let place = Place { source: source.clone(), span: source.clamp(span), label: None };
        Diagnostic { problem, place: Some(Box::new(place)), help }
    }
    /// The line, from 1, of the place.
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|p| p.source.line_of(p.span.start))
    }
    /// The piece of the file that the diagnostic points at.
    pub fn piece(&self) -> Option<&str> {
        self.place.as_ref().map(|p| &p.source.text()[p.span.clone()])
    }
}

/// Bytes of the widest line that is drawn: miette cannot place a mark beyond 65535.
const WIDEST: usize = 10_000;

impl Place {
    /// Bytes from the beginning of its first line to its end.
    fn column_of_end(&self) -> usize {
        let before = &self.source.text()[..self.span.start];
        self.span.end - before.rfind('\n').map_or(0, |at| at + 1)
    }
}

/// Renders diagnostics for people, one after the other, in the look of `handler`.
pub fn render(diagnostics: &[Diagnostic], handler: &GraphicalReportHandler) -> Result<String, fmt::Error> {
    let mut out = String::new();
    for (i, d) in diagnostics.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        match d.place.as_ref().filter(|p| p.column_of_end() > WIDEST) {
            Some(p) => writeln!(out, "  × {d}\n  at byte {} of {}", p.span.start, p.source.path().display())?,
            None => handler.render_report(&mut out, d)?,
        }
    }
    Ok(out)
}

/// How many candidates are listed when none is near.
const MOST_LISTED: usize = 12;

/// The candidate nearest to `word`, if one is near enough to be what was meant: at most one slip, and
/// another for every four characters, but never all of them.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(word, c), c))
        .filter(|(distance, c)| {
            let length = word.chars().count().max(c.chars().count());
            *distance <= 1 + length / 4 && *distance < length
        })
        .min()
        .map(|(_, c)| c)
}

/// `did you mean …?` if something is near, and otherwise the list of what there is.
pub(super) fn suggest(word: &str, what: &str, candidates: &[&str]) -> String {
    match (nearest(word, candidates.iter().copied()), candidates) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("there are no {what}"),
        (None, all) if all.len() > MOST_LISTED => {
            format!("none of the {} {what} is spelled like it", all.len())
        }
        (None, all) => format!("the {what} are `{}`", all.join("`, `")),
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl std::error::Error for Diagnostic {}

impl miette::Diagnostic for Diagnostic {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.problem.code()))
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|p| p.source.named() as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        let label = place.label.clone().or(Some("here".to_owned()));
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(label, place.span.clone()))))
    }
}
