//! What brackets, bars, fractions and roots enclose.

use super::error::TexErrorKind;
use super::expression::{Shape, divided, reciprocal};
use super::lexer::{Delim, Tok};
use super::parser::{Parser, Read};
use crate::expr::{Expr, Function};

impl<'a> Parser<'a, '_> {
    /// `(…)`, `[…]`, `\{…\}`, `\lvert…\rvert`, `\left.…\right|_{…}`.
    pub fn bracket(&mut self, delim: Delim) -> Read<(Expr, Shape)> {
        let (open, close) = (self.pos, self.source.partner[self.pos]);
        let closing = match self.source.toks[close].tok {
            Tok::Close(d, _) => d,
            _ => delim,
        };
        if delim == Delim::Brace && closing == Delim::Dot {
            return Ok((self.braced_array()?, Shape::Raised));
        }
        if delim == Delim::Dot && closing == Delim::Bar {
            let body = self.within("the closing bar", |p| p.sum())?;
            if self.peek() != Some(Tok::Sub) {
                return self.unexpected("the place of the evaluation: `_{x = a}`");
            }
            return Ok((self.evaluated(body)?, Shape::Raised));
        }
        if delim != closing || delim == Delim::Dot {
            let text = self.text(open..open + 1);
            let message = format!("`{text}` is closed by `{}`", self.text(close..close + 1));
            return self.error(TexErrorKind::Structure, self.span(open, close + 1), message);
        }
        if close == open + 1 {
            return self.error(
                TexErrorKind::Syntax,
                self.span(open, close + 1),
                "nothing between the brackets",
            );
        }
        let value = self.within("an operator, or the closing bracket", |p| p.sum())?;
        let value = if delim == Delim::Bar { Expr::Fun(Function::Abs, vec![value]) } else { value };
        Ok((value, Shape::Closed))
    }

    /// `|…|`, whose ends only the grammar can tell apart.
    pub fn bars(&mut self) -> Read<Expr> {
        let start = self.pos;
        self.pos += 1;
        let saved =
            (std::mem::replace(&mut self.bar_open, true), std::mem::replace(&mut self.bar_reserved, false));
        let value = self.sum()?;
        (self.bar_open, self.bar_reserved) = saved;
        if !self.eat(Tok::Bar) {
            let message = "`|` is never closed";
            return self.error(TexErrorKind::Structure, self.span(start, start + 1), message);
        }
        Ok(Expr::Fun(Function::Abs, vec![value]))
    }

    /// `\frac{a}{b}`, or a derivative written as one.
    pub fn fraction(&mut self) -> Read<(Expr, Shape)> {
        let start = self.pos;
        self.pos += 1;
        let top = self.argument("the numerator")?;
        let bottom = self.argument("the denominator")?;
        if let Some(value) = self.derivative(start, top.clone(), bottom.clone())? {
            return Ok((value, Shape::Raised));
        }
        let a = self.on_range(top, "the end of the numerator", |p| p.sum())?;
        let b = self.on_range(bottom, "the end of the denominator", |p| p.sum())?;
        Ok((divided(a, b), Shape::Raised))
    }

    /// `\sqrt{x}`, `\sqrt[n]{x}`.
    pub fn root(&mut self) -> Read<Expr> {
        self.pos += 1;
        let degree = if self.at_open(Delim::Bracket) {
            Some(self.within("the end of the root's degree", |p| p.sum())?)
        } else {
            None
        };
        let range = self.argument("what the root is taken of")?;
        let radicand = self.on_range(range, "the end of the root", |p| p.sum())?;
        Ok(Expr::pow(radicand, degree.map_or_else(|| Expr::ratio(1, 2), reciprocal)))
    }

    /// `{}^{n}\sqrt{x}`, as machine-read texts print an n-th root.
    pub fn prefixed_root(&mut self) -> Read<Expr> {
        let start = self.pos;
        self.pos = self.source.partner[start] + 1;
        self.pos += 1;
        let range = self.argument("the degree of a root")?;
        let degree = self.on_range(range, "the end of the root's degree", |p| p.sum())?;
        if self.peek() != Some(Tok::Command("\\sqrt")) || self.tok_at(self.pos + 1) != Some(Tok::LBrace) {
            return self.unexpected("`\\sqrt{…}` behind the degree of a root");
        }
        self.pos += 1;
        let range = self.argument("what the root is taken of")?;
        let radicand = self.on_range(range, "the end of the root", |p| p.sum())?;
        Ok(Expr::pow(radicand, reciprocal(degree)))
    }
}
