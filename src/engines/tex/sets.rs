//! Sets of reals.

use super::error::{TexError, TexErrorKind};
use super::lexer::{Delim, Tok};
use super::parser::{Parser, Read};
use crate::expr::{Expr, Formula, Kind, Set};

impl<'a> Parser<'a, '_> {
    /// A set, or a union or an intersection of sets.
    pub fn set(&mut self) -> Read<Set> {
        self.deeper(|p| {
            let start = p.pos;
            let mut sets = vec![p.simple_set()?];
            let mut union = None;
            loop {
                let here = match p.peek() {
                    Some(Tok::Command("\\cup")) => true,
                    Some(Tok::Command("\\cap")) if p.set_follows(p.pos + 1) => false,
                    _ => break,
                };
                if union.is_some_and(|u| u != here) {
                    let message = "`\\cup` beside `\\cap` without brackets";
                    return p.ambiguous(p.since(start), message, "put one of the two in brackets");
                }
                union = Some(here);
                p.pos += 1;
                sets.push(p.simple_set()?);
            }
            Ok(match union {
                None => sets.remove(0),
                Some(true) => Set::Union(sets),
                Some(false) => Set::Intersection(sets),
            })
        })
    }

    /// Whether a set, and not a statement, begins at `at` (behind a `\cap`).
    fn set_follows(&self, at: usize) -> bool {
        let statement_behind = |end: usize| match self.tok_at(end) {
            None => false,
            Some(Tok::Command(c)) => {
                super::formula::relation_command(c).is_some()
                    || matches!(c, "\\in" | "\\notin" | "\\cdot" | "\\times")
            }
            Some(Tok::Char(c)) => "=<>+-*/:".contains(c),
            Some(Tok::Close(..) | Tok::Newline | Tok::Bar | Tok::Amp) => false,
            Some(_) => true,
        };
        match self.tok_at(at) {
            Some(Tok::Command("\\mathbb" | "\\emptyset")) => true,
            Some(Tok::Open(Delim::Brace, _)) => true,
            Some(Tok::Open(Delim::Paren | Delim::Bracket, _)) => {
                let set = self.holds_comma(at) || self.set_follows(at + 1);
                set && !statement_behind(self.source.partner[at] + 1)
            }
            Some(_) => self.named_set_at(at).is_some_and(|end| !statement_behind(end)),
            None => false,
        }
    }

    /// The place behind a declared name at `at` that may stand for a set.
    fn named_set_at(&self, at: usize) -> Option<usize> {
        let mut probe = Parser::new(self.source, self.scope, &[]);
        probe.alias = self.alias.clone();
        (probe.pos, probe.end) = (at, self.end);
        let found = probe.name().ok()?;
        (found.kind == Kind::Name && found.power.is_none()).then_some(probe.pos)
    }

    fn simple_set(&mut self) -> Read<Set> {
        match self.peek() {
            Some(Tok::Command("\\emptyset" | "\\varnothing")) => {
                self.pos += 1;
                Ok(Set::Finite(vec![]))
            }
            Some(Tok::Command("\\mathbb")) => self.number_set(),
            Some(Tok::Open(Delim::Brace, _)) => self.braced_set(),
            Some(Tok::Open(Delim::Paren | Delim::Bracket, _)) if self.holds_comma(self.pos) => {
                self.interval()
            }
            Some(Tok::Open(Delim::Paren, _)) => {
                self.within("`\\cup`, `\\cap` or the closing bracket", |p| p.set())
            }
            Some(_) if self.at_name() => {
                let found = self.name()?;
                if found.kind != Kind::Name || found.power.is_some() {
                    let message = format!("`{}` is not declared as the name of a set", found.symbol);
                    return self.error(TexErrorKind::Syntax, found.span, message);
                }
                Ok(Set::Named(found.symbol))
            }
            _ => self.unexpected("a set: `[a, b]`, `\\{a, b\\}`, `\\mathbb{R}` or a declared name"),
        }
    }

    /// `\mathbb{R}`; `\mathbb{R}^+`, `\mathbb{R}_{>0}` (positive), `\mathbb{R}_{\ge 0}`.
    fn number_set(&mut self) -> Read<Set> {
        let start = self.pos;
        self.pos += 1;
        let range = self.argument("the set's letter")?;
        if self.text(range) != "R" {
            let error = TexError::new(
                TexErrorKind::Unsupported,
                self.since(start),
                "a set of numbers other than the reals",
            );
            return Err(error.expecting("`\\mathbb{R}`"));
        }
        let above = |lower_closed| Set::Interval {
            lower: Some(Expr::int(0)),
            lower_closed,
            upper: None,
            upper_closed: false,
        };
        if !matches!(self.peek(), Some(Tok::Sup | Tok::Sub)) {
            return Ok(Set::Reals);
        }
        self.pos += 1;
        let sign = match self.peek() {
            Some(Tok::Char('+')) => {
                self.pos += 1;
                "+".to_owned()
            }
            _ => {
                let range = self.argument("which reals are meant")?;
                self.text(range).replace(char::is_whitespace, "")
            }
        };
        match sign.as_str() {
            "+" | "++" | ">0" => Ok(above(false)),
            "\\ge0" | "\\geq0" | "\\geqslant0" => Ok(above(true)),
            _ => {
                let error =
                    TexError::new(TexErrorKind::Unsupported, self.since(start), "unknown part of the reals");
                Err(error.expecting("`^+`, `_{>0}` or `_{\\ge 0}`"))
            }
        }
    }

    /// `[a, b]`, `(a, b]`, `[a, \infty)`
    fn interval(&mut self) -> Read<Set> {
        let (open, close) = (self.pos, self.source.partner[self.pos]);
        let closed = |tok| matches!(tok, Tok::Open(Delim::Bracket, _) | Tok::Close(Delim::Bracket, _));
        let lower_closed = closed(self.source.toks[open].tok);
        let upper_closed = closed(self.source.toks[close].tok);
        let (lower, upper) = self.within("the end of the interval", |p| {
            let lower = p.bound(Tok::Char('-'))?;
            if !p.eat(Tok::Char(',')) {
                return p.unexpected("`,` between the ends of the interval");
            }
            Ok((lower, p.bound(Tok::Char('+'))?))
        })?;
        if (lower.is_none() && lower_closed) || (upper.is_none() && upper_closed) {
            let message = "an interval closed at infinity";
            return Err(TexError::new(TexErrorKind::Syntax, self.span(open, close + 1), message)
                .help("write a round bracket beside `\\infty`"));
        }
        Ok(Set::Interval { lower, lower_closed, upper, upper_closed })
    }

    /// An end of an interval; `None` for infinity with the sign of that end.
    fn bound(&mut self, sign: Tok<'_>) -> Read<Option<Expr>> {
        let infinite = Tok::Command("\\infty");
        let signed = self.peek() == Some(sign) && self.tok_at(self.pos + 1) == Some(infinite);
        if signed {
            self.pos += 2;
            return Ok(None);
        }
        if sign == Tok::Char('+') && self.eat(infinite) {
            return Ok(None);
        }
        let end = self.sum()?;
        self.refuse_two_values(&end)?;
        Ok(Some(end))
    }

    /// Refuses a term with `\pm` where one value is needed.
    pub fn refuse_two_values(&self, e: &Expr) -> Read<()> {
        if super::formula::has_plus_minus(e) {
            return self.ambiguous(self.here(), "a bound with `\\pm`", "write one of both values");
        }
        Ok(())
    }

    /// `\{a, b\}` or `\{x : P\}`
    fn braced_set(&mut self) -> Read<Set> {
        let close = self.source.partner[self.pos];
        if !matches!(self.source.toks[close].tok, Tok::Close(Delim::Brace, _)) {
            let message = "a brace that is not closed by a brace";
            return self.error(TexErrorKind::Structure, self.span(self.pos, close + 1), message);
        }
        if close == self.pos + 1 {
            let message = "nothing between the braces";
            let error = TexError::new(TexErrorKind::Syntax, self.span(self.pos, close + 1), message);
            return Err(error.help("the empty set is `\\emptyset`"));
        }
        self.within("`,` or `\\}`", |p| {
            if let Some(set) = p.builder()? {
                return Ok(set);
            }
            let mut members = vec![];
            loop {
                members.extend(expanded(&p.sum()?));
                if !p.eat(Tok::Char(',')) {
                    return Ok(Set::Finite(members));
                }
            }
        })
    }

    /// `x : P` or `x \in S : P` between braces, if that is what stands there.
    fn builder(&mut self) -> Read<Option<Set>> {
        let start = self.pos;
        let stroke = |t: Option<Tok<'_>>| {
            matches!(t, Some(Tok::Char(':') | Tok::Bar | Tok::Command("\\mid" | "\\colon")))
        };
        if !self.at_name() {
            return Ok(None);
        }
        self.nucleus()?;
        let built = stroke(self.peek()) || self.peek() == Some(Tok::Command("\\in"));
        self.pos = start;
        if !built {
            return Ok(None);
        }
        let (variable, _) = self.bound_variable()?;
        let mut parts = vec![];
        if self.eat_command("\\in") {
            parts.push(Formula::In(Expr::Sym(variable.clone()), self.set()?));
        }
        if !stroke(self.peek()) {
            return self.unexpected("`:` before the condition");
        }
        self.pos += 1;
        self.locals.push(variable.clone());
        let condition = self.formula();
        self.locals.pop();
        parts.push(condition?);
        Ok(Some(Set::Such(variable, Box::new(Formula::and(parts)))))
    }
}

/// The values of a term with `\pm`: one without it, two with it (all signs taken together, upper
/// ones first).
pub(super) fn expanded(e: &Expr) -> Vec<Expr> {
    if super::formula::has_plus_minus(e) { vec![chosen(e, true), chosen(e, false)] } else { vec![e.clone()] }
}

fn chosen(e: &Expr, upper: bool) -> Expr {
    match e {
        Expr::PlusMinus(a) if upper => chosen(a, upper),
        Expr::PlusMinus(a) => match chosen(a, upper) {
            Expr::Mul(mut factors) => {
                match &mut factors[0] {
                    Expr::Num(n) => *n = rug::Rational::from(-&*n),
                    _ => factors.insert(0, Expr::int(-1)),
                }
                Expr::Mul(factors)
            }
            other => -other,
        },
        other => other.map(&mut |c| chosen(c, upper), &mut |f| f.clone()),
    }
}
