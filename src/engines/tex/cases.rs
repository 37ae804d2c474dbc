//! Case distinctions.

use std::ops::Range;

use super::error::TexErrorKind;
use super::lexer::Tok;
use super::parser::{Parser, Read};
use super::structure::environment;
use crate::expr::{Case, Expr};

/// Words that introduce a condition.
pub(super) const CONDITION_WORDS: [&str; 9] =
    ["for", "if", "when", "whenever", "where", "for all", "for every", "for any", "with"];
const ELSE_WORDS: [&str; 2] = ["else", "otherwise"];

impl<'a> Parser<'a, '_> {
    /// `\begin{cases} … \end{cases}` at the cursor.
    pub fn cases(&mut self) -> Read<Expr> {
        let (name, body) = environment(self.source.src, &self.source.toks, self.pos)?;
        let close = self.source.partner[self.pos];
        if !["cases", "dcases"].contains(&name) {
            let message = format!("unknown environment `{name}`");
            let span = self.span(self.pos, body);
            return self.error(TexErrorKind::Unsupported, span, message);
        }
        let value = self.rows(body..close)?;
        self.pos = environment(self.source.src, &self.source.toks, close)?.1;
        Ok(value)
    }

    /// `\left\{ \begin{array}{ll} … \end{array} \right.` at the cursor.
    pub fn braced_array(&mut self) -> Read<Expr> {
        let (open, outer_close) = (self.pos, self.source.partner[self.pos]);
        let array = self.tok_at(open + 1) == Some(Tok::Command("\\begin"))
            && environment(self.source.src, &self.source.toks, open + 1)?.0 == "array";
        if !array {
            let message = "`\\{` without its partner";
            return self.error(TexErrorKind::Structure, self.span(open, open + 1), message);
        }
        let mut body = environment(self.source.src, &self.source.toks, open + 1)?.1;
        if self.tok_at(body) == Some(Tok::LBrace) {
            body = self.source.partner[body] + 1;
        }
        let close = self.source.partner[open + 1];
        if environment(self.source.src, &self.source.toks, close)?.1 != outer_close {
            let message = "something between the array and its closing bracket";
            return self.error(TexErrorKind::Syntax, self.span(close, outer_close), message);
        }
        let value = self.rows(body..close)?;
        self.pos = outer_close + 1;
        Ok(value)
    }

    fn rows(&mut self, body: Range<usize>) -> Read<Expr> {
        let mut cases: Vec<Case> = vec![];
        for row in self.split(body.clone(), Tok::Newline) {
            if row.is_empty() {
                continue;
            }
            if cases.last().is_some_and(|c| c.condition.is_none()) {
                let span = self.span(row.start, row.end);
                return self.error(TexErrorKind::Syntax, span, "a case behind the one for everything else");
            }
            cases.push(self.row(row)?);
        }
        if cases.is_empty() {
            let span = self.span(body.start.saturating_sub(1), body.end);
            return self.error(TexErrorKind::Syntax, span, "a case distinction without cases");
        }
        Ok(Expr::Cases(cases))
    }

    fn row(&mut self, row: Range<usize>) -> Read<Case> {
        let cells = self.split(row.clone(), Tok::Amp);
        let (value, condition) = match &cells[..] {
            [whole] => (whole.clone(), None),
            [value, condition] => (value.clone(), Some(condition.clone())),
            _ => {
                let span = self.span(row.start, row.end);
                return self.error(TexErrorKind::Syntax, span, "a case with more than two columns");
            }
        };
        let one_cell = condition.is_none();
        let (value, inline) = self.on_range(value, "`&` and the condition", |p| {
            let value = p.sum()?;
            p.punctuation();
            let condition = if one_cell { Some(p.condition()?) } else { None };
            Ok((value, condition))
        })?;
        let condition = match (inline, condition) {
            (Some(condition), _) => condition,
            (None, Some(range)) => self.on_range(range, "the end of the case", |p| p.condition())?,
            (None, None) => return self.unexpected("a condition"),
        };
        Ok(Case { value, condition })
    }

    /// `for x > 0`, `x > 0`, `else`; with a comma or full stop behind it.
    fn condition(&mut self) -> Read<Option<crate::expr::Formula>> {
        let word = self.condition_word();
        if word.as_deref().is_some_and(|w| ELSE_WORDS.contains(&w)) {
            self.punctuation();
            return Ok(None);
        }
        if word.is_none() {
            self.eat_command("\\forall");
        }
        let formula = self.formula()?;
        self.punctuation();
        Ok(Some(formula))
    }

    /// A word that a condition may begin with, consumed.
    fn condition_word(&mut self) -> Option<String> {
        let (word, end) = self.word_in_text()?;
        let word = word.trim_end_matches(['.', ',', ';', ':']).to_owned();
        if !CONDITION_WORDS.contains(&word.as_str()) && !ELSE_WORDS.contains(&word.as_str()) {
            return None;
        }
        self.pos = end;
        Some(word)
    }

    /// Skips the punctuation that ends a piece of displayed mathematics.
    pub fn punctuation(&mut self) {
        while matches!(self.peek(), Some(Tok::Char('.' | ',' | ';'))) {
            self.pos += 1;
        }
    }

    /// The parts of a token range between the separators that stand outside all brackets.
    pub fn split(&self, range: Range<usize>, separator: Tok<'_>) -> Vec<Range<usize>> {
        let mut out = vec![];
        let (mut from, mut at) = (range.start, range.start);
        while at < range.end {
            if self.source.toks[at].tok == separator {
                out.push(from..at);
                from = at + 1;
            }
            at = at.max(self.source.partner[at]) + 1;
        }
        out.push(from..range.end);
        out
    }
}
