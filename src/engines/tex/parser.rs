//! The cursor that the grammar's functions share.

use std::ops::Range;

use super::error::{TexError, TexErrorKind};
use super::lexer::{Delim, Gap, Tok};
use super::structure::{DEEPEST, Source};
use crate::expr::{Expr, Scope, Symbol};

/// How often a body may be read again for another player.
const MOST_INSTANCES: u32 = 1000;
/// How many evaluation bars a text may have: each of them looks at all factors before it.
const MOST_BARS: u32 = 200;
/// The longest run of letters that is looked at as one word.
const LONGEST_WORD: usize = 64;

/// A cursor over a part of a token list.
pub(super) struct Parser<'a, 's> {
    pub source: &'s Source<'a>,
    pub pos: usize,
    /// The cursor's limit, exclusive.
    pub end: usize,
    pub scope: &'s Scope,
    /// Bound variables that the scope need not declare.
    pub locals: Vec<Symbol>,
    /// Index letters and what stands for them inside names.
    pub alias: Vec<(String, String)>,
    /// Whether a `|` closes an absolute value here.
    pub bar_open: bool,
    /// Whether an evaluation bar belongs to an operator further out.
    pub bar_reserved: bool,
    /// Terms that an extremum at the end of a product has read past.
    pub tail: Vec<Expr>,
    /// Whether a product outside the brackets read since it was last cleared has a slash.
    pub slashed: bool,
    /// The variable of the evaluation bar that was read last, and its place.
    pub last_bar: Option<(Symbol, Range<usize>)>,
    /// The length of the longest run of letters with which a declared name begins.
    pub longest_word: usize,
    /// The length of the longest declared name that is a length or a gradient as a whole.
    pub longest_whole: usize,
    depth: u32,
    instances: u32,
    bars: u32,
}

pub(super) type Read<T> = Result<T, TexError>;

impl<'a, 's> Parser<'a, 's> {
    pub fn new(source: &'s Source<'a>, scope: &'s Scope, alias: &[(&str, &str)]) -> Self {
        Parser {
            source,
            pos: 0,
            end: source.toks.len(),
            scope,
            locals: vec![],
            alias: alias.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect(),
            bar_open: false,
            bar_reserved: false,
            tail: vec![],
            slashed: false,
            last_bar: None,
            longest_word: scope
                .entries()
                .map(|e| e.symbol.key().chars().take_while(char::is_ascii_alphabetic).count())
                .max()
                .unwrap_or(0)
                .max(1),
            longest_whole: scope
                .entries()
                .map(|e| e.symbol.key())
                .filter(|key| key.starts_with("\\|") || key.starts_with("\\nabla"))
                .map(str::len)
                .max()
                .unwrap_or(0),
            depth: 0,
            instances: 0,
            bars: 0,
        }
    }

    pub fn peek(&self) -> Option<Tok<'a>> {
        self.tok_at(self.pos)
    }
    pub fn tok_at(&self, at: usize) -> Option<Tok<'a>> {
        (at < self.end).then(|| self.source.toks[at].tok)
    }
    pub fn at_end(&self) -> bool {
        self.pos >= self.end
    }
    pub fn gap(&self) -> Gap {
        self.source.toks.get(self.pos).filter(|_| !self.at_end()).map_or(Gap::None, |t| t.gap)
    }
    /// Consumes `tok` if it is next.
    pub fn eat(&mut self, tok: Tok<'_>) -> bool {
        let found = self.peek() == Some(tok);
        if found {
            self.pos += 1;
        }
        found
    }
    pub fn eat_command(&mut self, name: &str) -> bool {
        self.eat(Tok::Command(name))
    }

    /// The bytes of the tokens from `from` up to, not including, `to`.
    pub fn span(&self, from: usize, to: usize) -> Range<usize> {
        let toks = &self.source.toks;
        match (toks.get(from), to.checked_sub(1).and_then(|last| toks.get(last))) {
            (Some(first), Some(last)) if last.span.end >= first.span.start => first.span.start..last.span.end,
            (Some(first), _) => first.span.clone(),
            (None, _) => {
                let end = toks.last().map_or(0, |t| t.span.end);
                end..end
            }
        }
    }
    /// The bytes of the next token, or the empty range where the text ends.
    pub fn here(&self) -> Range<usize> {
        if self.at_end() {
            let end = match self.end.checked_sub(1) {
                Some(last) => self.source.toks[last].span.end,
                None => 0,
            };
            return end..end;
        }
        self.source.toks[self.pos].span.clone()
    }
    /// The user's text of a token range.
    pub fn text(&self, range: Range<usize>) -> &'a str {
        &self.source.src[self.span(range.start, range.end)]
    }

    pub fn error<T>(&self, kind: TexErrorKind, span: Range<usize>, message: impl Into<String>) -> Read<T> {
        Err(TexError::new(kind, span, message))
    }
    /// The next token cannot stand here.
    pub fn unexpected<T>(&self, expected: &str) -> Read<T> {
        let message = if self.at_end() {
            match self.source.toks.get(self.end) {
                Some(next) => format!("unexpected `{}`", &self.source.src[next.span.clone()]),
                None => "unexpected end of the formula".to_owned(),
            }
        } else {
            format!("unexpected `{}`", self.text(self.pos..self.pos + 1))
        };
        let span = if self.at_end() {
            self.source.toks.get(self.end).map_or(self.here(), |t| t.span.clone())
        } else {
            self.here()
        };
        Err(TexError::new(TexErrorKind::Syntax, span, message).expecting(expected))
    }
    pub fn ambiguous<T>(&self, span: Range<usize>, message: &str, help: &str) -> Read<T> {
        Err(TexError::new(TexErrorKind::Ambiguous, span, message).help(help))
    }
    pub fn expect_end(&self, expected: &str) -> Read<()> {
        if self.at_end() { Ok(()) } else { self.unexpected(expected) }
    }

    /// Runs `read` one level deeper.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= 2 * DEEPEST {
            let message = format!("the formula is nested more than {DEEPEST} levels deep");
            return self.error(TexErrorKind::Limit, self.here(), message);
        }
        self.depth += 1;
        let out = read(self);
        self.depth -= 1;
        out
    }

    /// Runs `read` on the tokens of `range` alone, which it must use up, and restores the cursor.
    pub fn on_range<T>(
        &mut self,
        range: Range<usize>,
        expected: &str,
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Read<T> {
        let saved = (self.pos, self.end, self.bar_open, self.bar_reserved);
        let (last_bar, slashed) = (self.last_bar.take(), self.slashed);
        let tail = std::mem::take(&mut self.tail);
        (self.pos, self.end, self.bar_open, self.bar_reserved) = (range.start, range.end, false, false);
        let out = self.deeper(|p| {
            let value = read(p)?;
            p.expect_end(expected)?;
            Ok(value)
        });
        (self.pos, self.end, self.bar_open, self.bar_reserved) = saved;
        (self.last_bar, self.slashed) = (last_bar, slashed);
        self.tail = tail;
        out
    }

    /// Runs `read` on what stands between the bracket at the cursor and its partner, and moves
    /// behind the partner.
    pub fn within<T>(&mut self, expected: &str, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let close = self.source.partner[self.pos];
        let out = self.on_range(self.pos + 1..close, expected, read)?;
        self.pos = close + 1;
        Ok(out)
    }

    /// The tokens of an argument or script at the cursor: a group, or a single token. Moves
    /// behind it; the range leaves the braces out.
    pub fn argument(&mut self, of: &str) -> Read<Range<usize>> {
        match self.peek() {
            Some(Tok::LBrace) => {
                let close = self.source.partner[self.pos];
                let range = self.pos + 1..close;
                self.pos = close + 1;
                if range.is_empty() {
                    let message = format!("{of} is empty");
                    return self.error(TexErrorKind::Syntax, self.span(range.start - 1, close + 1), message);
                }
                Ok(range)
            }
            Some(Tok::Letter(_) | Tok::Digit(_) | Tok::Command(_) | Tok::Char('*')) => {
                let start = self.pos;
                self.pos += 1;
                if let Some(Tok::Command(c)) = self.tok_at(start) {
                    for _ in 0..argument_count(c) {
                        self.simple_argument(of)?;
                    }
                }
                Ok(start..self.pos)
            }
            _ => self.unexpected(&format!("{of}, in braces")),
        }
    }

    /// An argument that is a group or one token without arguments of its own.
    fn simple_argument(&mut self, of: &str) -> Read<()> {
        self.pos = match self.peek() {
            Some(Tok::LBrace) => self.source.partner[self.pos] + 1,
            Some(Tok::Letter(_) | Tok::Digit(_)) => self.pos + 1,
            Some(Tok::Command(c)) if argument_count(c) == 0 => self.pos + 1,
            _ => return self.unexpected(&format!("{of}, in braces")),
        };
        Ok(())
    }

    /// Counts one more reading of the same tokens.
    pub fn count_instance(&mut self) -> Read<()> {
        self.instances += 1;
        if self.instances > MOST_INSTANCES {
            let message = format!("more than {MOST_INSTANCES} instances of indexed bodies");
            return self.error(TexErrorKind::Limit, self.here(), message);
        }
        Ok(())
    }

    /// Counts one more evaluation bar.
    pub fn count_bar(&mut self) -> Read<()> {
        self.bars += 1;
        if self.bars > MOST_BARS {
            let message = format!("more than {MOST_BARS} evaluation bars");
            return self.error(TexErrorKind::Limit, self.here(), message);
        }
        Ok(())
    }

    /// The letters that follow one another without a gap from the cursor on, up to a limit that
    /// no word reaches.
    pub fn letters(&self) -> String {
        let mut word = String::new();
        for at in (self.pos..self.end).take(LONGEST_WORD) {
            match self.source.toks[at].tok {
                Tok::Letter(c) if at == self.pos || self.source.toks[at].gap == Gap::None => word.push(c),
                _ => break,
            }
        }
        word
    }

    /// Whether the bracket at `open` (round or square) holds statements rather than a term.
    pub fn holds_relation(&self, open: usize) -> bool {
        let close = self.source.partner[open];
        let mut at = open + 1;
        while at < close {
            let tok = self.source.toks[at].tok;
            if matches!(tok, Tok::LBrace | Tok::Command("\\begin")) {
                at = self.source.partner[at];
            } else if is_relational(tok) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether a comma or semicolon stands directly between the bracket at `open` and its partner.
    pub fn holds_comma(&self, open: usize) -> bool {
        let close = self.source.partner[open];
        let mut at = open + 1;
        while at < close {
            let tok = self.source.toks[at].tok;
            if matches!(tok, Tok::LBrace | Tok::Open(..) | Tok::Command("\\begin")) {
                at = self.source.partner[at];
            } else if tok == Tok::Char(',') || tok == Tok::Char(';') {
                return true;
            }
            at += 1;
        }
        false
    }

    pub fn at_open(&self, delim: Delim) -> bool {
        matches!(self.peek(), Some(Tok::Open(d, _)) if d == delim)
    }
}

/// How many arguments a command takes when it stands as an argument itself.
fn argument_count(c: &str) -> usize {
    match c {
        "\\frac" | "\\dfrac" | "\\tfrac" => 2,
        c if super::structure::STYLES.contains(&c) || matches!(c, "\\mathbb" | "\\overline" | "\\sqrt") => 1,
        _ => 0,
    }
}

/// Tokens that only statements contain.
fn is_relational(tok: Tok<'_>) -> bool {
    match tok {
        Tok::Char('=' | '<' | '>') => true,
        Tok::Command(c) => {
            super::formula::relation_command(c).is_some()
                || [
                    "\\in", "\\notin", "\\land", "\\lor", "\\wedge", "\\vee", "\\neg", "\\lnot", "\\top",
                    "\\bot",
                ]
                .contains(&c)
                || super::formula::connective_command(c).is_some()
        }
        _ => false,
    }
}
