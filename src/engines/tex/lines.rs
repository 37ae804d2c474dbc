//! Derivations: lines of statements, continued chains and remarks.

use std::ops::Range;

use super::error::TexErrorKind;
use super::formula::{Connective, Item};
use super::lexer::{Gap, Tok};
use super::parser::{Parser, Read};
use super::words::Remark;
use crate::expr::{Expr, Formula, Relation};

/// A line of a derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The bytes of the line in the source.
    pub span: Range<usize>,
    /// The arrow before the line.
    pub connective: Option<Connective>,
    pub body: Body,
    pub remark: Option<Remark>,
    /// `\tag{5}`, `\label{eq:x}`, or a trailing `(5)`.
    pub label: Option<String>,
}

/// What a line states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Statement(Formula),
    /// The line begins with a relation, whose left side is the end of the line before.
    Continues(Relation, Expr, Vec<(Relation, Expr)>),
    /// A term without a relation: the start of a chain that the next line continues.
    Term(Expr),
}

impl<'a> Parser<'a, '_> {
    /// All lines of the text.
    pub fn lines(&mut self) -> Read<Vec<Line>> {
        let mut out = vec![];
        for range in self.split(0..self.end, Tok::Newline) {
            if !range.is_empty() {
                let line = self.on_range(range.clone(), "the end of the line", |p| p.line(range))?;
                out.push(line);
            }
        }
        Ok(out)
    }

    fn line(&mut self, range: Range<usize>) -> Read<Line> {
        let span = self.span(range.start, range.end);
        let label_at_end = self.trailing_label(range)?;
        let outer_end = self.end;
        if let Some((from, _)) = &label_at_end {
            self.end = *from;
        }
        let connective = self.connective();
        if self.peek() == Some(Tok::Char('+')) {
            return self.ambiguous(
                self.here(),
                "a line that begins with `+`",
                "join it to the line that it continues",
            );
        }
        let body = self.body()?;
        self.punctuation();
        let mut remark = None;
        let mut labels: Vec<String> = vec![];
        while !self.at_end() {
            if let Some((tag, text)) = self.label()? {
                labels.insert(if tag { 0 } else { labels.len() }, text);
            } else if remark.is_none()
                && (self.word().is_some() || self.at_remark() || self.at_bracketed_remark())
            {
                remark = Some(self.remark()?);
            } else {
                return self.unexpected("an operator, a relation, a remark, or the end of the line");
            }
            self.punctuation();
        }
        if let Some((_, text)) = label_at_end {
            labels.push(text);
            self.end = outer_end;
            self.pos = outer_end;
        }
        Ok(Line { span, connective, body, remark, label: labels.into_iter().next() })
    }

    /// `\tag{5}` (true) or `\label{eq:x}` (false) with its text.
    pub(super) fn label(&mut self) -> Read<Option<(bool, String)>> {
        let tag = match self.peek() {
            Some(Tok::Command("\\tag")) => true,
            Some(Tok::Command("\\label")) => false,
            _ => return Ok(None),
        };
        self.pos += 1;
        let argument = self.argument("the label")?;
        Ok(Some((tag, self.text(argument).trim().to_owned())))
    }

    fn body(&mut self) -> Read<Body> {
        if let Some(relation) = self.relation()? {
            let first = self.sum()?;
            return Ok(Body::Continues(relation, first, self.chain()?));
        }
        let start = self.pos;
        let item = self.item()?;
        let over = self.at_end()
            || self.at_remark()
            || self.at_bracketed_remark()
            || matches!(self.peek(), Some(Tok::Char('.') | Tok::Command("\\tag" | "\\label")))
            || (matches!(self.peek(), Some(Tok::Char(',' | ';'))) && self.pos + 1 >= self.end);
        match item {
            Item::Term(e) if over => Ok(Body::Term(e)),
            item => {
                let (left, _) = self.list_from(item, start)?;
                self.implication(left).map(Body::Statement)
            }
        }
    }

    /// `(by Lemma 2)` behind a wide space.
    fn at_bracketed_remark(&self) -> bool {
        if !matches!(self.peek(), Some(Tok::Open(super::lexer::Delim::Paren, false))) {
            return false;
        }
        let mut probe = Parser::new(self.source, self.scope, &[]);
        (probe.pos, probe.end) = (self.pos + 1, self.source.partner[self.pos]);
        probe.at_remark()
    }

    /// `(5)` at the end of the line behind a wide space: the place where it begins and its text.
    fn trailing_label(&self, range: Range<usize>) -> Read<Option<(usize, String)>> {
        let toks = &self.source.toks;
        let mut close = range.end - 1;
        while close > range.start && matches!(toks[close].tok, Tok::Char('.' | ',')) {
            close -= 1;
        }
        let open = self.source.partner[close];
        let paren = matches!(toks[close].tok, Tok::Close(super::lexer::Delim::Paren, false));
        let digits = open + 1..close;
        let number =
            paren && !digits.is_empty() && digits.clone().all(|i| matches!(toks[i].tok, Tok::Digit(_)));
        if !number || open <= range.start {
            return Ok(None);
        }
        let operand = matches!(
            toks[open - 1].tok,
            Tok::Letter(_) | Tok::Digit(_) | Tok::RBrace | Tok::Close(..) | Tok::Char('.' | ',' | '*')
        );
        if toks[open].gap == Gap::Wide && operand {
            return Ok(Some((open, self.text(digits).to_owned())));
        }
        let call = matches!(toks[open - 1].tok, Tok::Letter(_) | Tok::RBrace | Tok::Prime | Tok::Char('*'));
        if toks[open - 1].tok == Tok::Char('.') || (matches!(toks[open - 1].tok, Tok::Digit(_)) && !call) {
            let message = "a number in brackets at the end of a line may be a label or a factor";
            return self.ambiguous(
                self.span(open, close + 1),
                message,
                "write `\\tag{…}` for a label, or `\\cdot` for a product",
            );
        }
        Ok(None)
    }
}

/// Joins lines that only continue a term: those that begin with `+`, and those that begin with
/// `-` and state nothing. The places of line breaks to drop.
pub(super) fn continuations(
    source: &super::structure::Source<'_>,
) -> Result<Vec<usize>, super::error::TexError> {
    let scope = crate::expr::Scope::new();
    let parser = Parser::new(source, &scope, &[]);
    let ranges = parser.split(0..source.toks.len(), Tok::Newline);
    let mut drop = vec![];
    let mut earlier = false;
    for range in ranges {
        let first = range.clone().next().map(|at| source.toks[at].tok);
        let plus = first == Some(Tok::Char('+'));
        let minus = first == Some(Tok::Char('-'));
        if earlier && (plus || minus) {
            let states = states_something(&parser, &range);
            if minus && states {
                let span = source.toks[range.start].span.clone();
                let message = "a line that begins with `-` and has a relation of its own";
                return Err(super::error::TexError::new(TexErrorKind::Ambiguous, span, message)
                    .help("join it to the line before, or begin it with `\\Rightarrow`"));
            }
            drop.push(range.start - 1);
        }
        earlier |= !range.is_empty();
    }
    Ok(drop)
}

fn states_something(parser: &Parser<'_, '_>, range: &Range<usize>) -> bool {
    let mut at = range.start;
    while at < range.end {
        let tok = parser.source.toks[at].tok;
        let relation = match tok {
            Tok::Char('=' | '<' | '>') => true,
            Tok::Command(c) => super::formula::relation_command(c).is_some() || c == "\\in",
            _ => false,
        };
        if relation {
            return true;
        }
        at = at.max(parser.source.partner[at]) + 1;
    }
    false
}
