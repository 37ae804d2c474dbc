//! Derivatives and evaluations.

use std::ops::Range;

use super::error::{TexError, TexErrorKind};
use super::lexer::{Delim, Gap, Tok};
use super::parser::{Parser, Read};
use crate::expr::{Expr, Kind, Symbol};

impl<'a> Parser<'a, '_> {
    /// Whether `|_{…}` stands at the cursor.
    pub fn at_evaluation_bar(&self) -> bool {
        !self.bar_open && self.peek() == Some(Tok::Bar) && self.tok_at(self.pos + 1) == Some(Tok::Sub)
    }

    /// `… |_{x = a}` behind `body`.
    pub fn evaluation(&mut self, body: Expr, start: usize) -> Read<Expr> {
        self.count_bar()?;
        self.pos += 1;
        let value = self.evaluated(body)?;
        if let Expr::At { variable, .. } = &value {
            self.last_bar = Some((variable.clone(), self.since(start)));
        }
        Ok(value)
    }

    /// `_{x = a}` behind an evaluation bar.
    pub fn evaluated(&mut self, body: Expr) -> Read<Expr> {
        self.pos += 1;
        let range = self.argument("the place of the evaluation")?;
        let (variable, value) = self.on_range(range, "the end of the subscript", |p| {
            let (variable, undeclared) = p.bound_variable()?;
            if let Some(error) = undeclared {
                return Err(error);
            }
            if !p.eat(Tok::Char('=')) {
                return p.unexpected("`=`: an evaluation is written `|_{x = a}`");
            }
            Ok((variable, p.sum()?))
        })?;
        Ok(Expr::At { body: Box::new(body), variable, value: Box::new(value) })
    }

    /// A derivative, if the fraction with this numerator and denominator is one.
    pub fn derivative(
        &mut self,
        start: usize,
        top: Range<usize>,
        bottom: Range<usize>,
    ) -> Read<Option<Expr>> {
        let Some(mark) = self.differential(&top, &bottom)? else { return Ok(None) };
        let (order, body_from) = self.on_range(top.clone(), "", |p| {
            p.pos = mark.top;
            let order = p.order()?;
            let from = p.pos;
            p.pos = p.end;
            Ok((order, from))
        })?;
        let variables =
            self.on_range(bottom.clone(), "the end of the denominator", |p| p.differentials(&mark))?;
        let total: u32 = variables.iter().map(|(_, n)| n).sum();
        if total != order {
            let message = format!("a derivative of order {order} by variables of order {total}");
            return self.error(TexErrorKind::Syntax, self.since(start), message);
        }
        let body = if body_from < top.end {
            let body = self.on_range(body_from..top.end, "the end of the numerator", |p| p.product())?;
            self.written_arguments(body, &variables, start)?
        } else {
            self.derivative_body(start)?
        };
        Ok(Some(match body {
            Body::Done(value) => value,
            Body::Of(body) => nested(body, &variables),
        }))
    }

    /// Where the `\partial` or `d` of a derivative stands in its numerator, if it is one.
    fn differential(&self, top: &Range<usize>, bottom: &Range<usize>) -> Read<Option<Mark>> {
        let toks = &self.source.toks;
        let partial = |at: usize| toks[at].tok == Tok::Command("\\partial");
        match (partial(top.start), partial(bottom.start)) {
            (true, true) => return Ok(Some(Mark { top: top.start + 1, partial: true })),
            (false, false) => {}
            _ => {
                let span = self.span(top.start, bottom.end);
                return self.error(TexErrorKind::Syntax, span, "`\\partial` in one half of a fraction only");
            }
        }
        let (Some(up), Some(down)) = (self.letter_d(top.start), self.letter_d(bottom.start)) else {
            return Ok(None);
        };
        let named = down < bottom.end
            && matches!(toks[down].tok, Tok::Letter(_) | Tok::Command(_))
            && !matches!(toks[down].tok, Tok::Command(c) if !super::names::is_letter_command(c));
        let operator = up == top.end || matches!(toks[up].tok, Tok::Letter(_) | Tok::Command(_) | Tok::Sup);
        if !named || !operator {
            return Ok(None);
        }
        if toks[top.start].tok == Tok::Letter('d') && self.scope.get("d").is_some() {
            return self.ambiguous(
                self.span(top.start, bottom.end),
                "`d` is a declared name, and this may be a derivative",
                "write `\\partial` or `\\mathrm{d}` for a derivative, and `d \\cdot x` for a product",
            );
        }
        Ok(Some(Mark { top: up, partial: false }))
    }

    /// The place behind a `d` or `\mathrm{d}` at `at`.
    fn letter_d(&self, at: usize) -> Option<usize> {
        let toks = &self.source.toks;
        match toks[at].tok {
            Tok::Letter('d') => Some(at + 1),
            Tok::Command("\\mathrm") if toks.get(at + 2).is_some_and(|t| t.tok == Tok::Letter('d')) => {
                (self.source.partner.get(at + 1) == Some(&(at + 3))).then_some(at + 4)
            }
            _ => None,
        }
    }

    /// `^n` behind `\partial`; 1 without it.
    fn order(&mut self) -> Read<u32> {
        if !self.eat(Tok::Sup) {
            return Ok(1);
        }
        let range = self.argument("the order of the derivative")?;
        self.order_in(range)
    }

    fn order_in(&mut self, range: Range<usize>) -> Read<u32> {
        let text = self.text(range.clone()).trim();
        match text.parse::<u32>() {
            Ok(n) if (1..=20).contains(&n) => Ok(n),
            _ => {
                let span = self.span(range.start, range.end);
                let error = TexError::new(
                    TexErrorKind::Unsupported,
                    span,
                    "the order of a derivative is not a small number",
                );
                Err(error.expecting("a number from 1 to 20"))
            }
        }
    }

    /// `\partial x^2 \partial y` in a denominator.
    fn differentials(&mut self, mark: &Mark) -> Read<Vec<(Symbol, u32)>> {
        let mut out = vec![];
        while !self.at_end() {
            let marked = if mark.partial {
                self.eat_command("\\partial")
            } else {
                let behind = self.letter_d(self.pos).filter(|&to| to <= self.end);
                self.pos = behind.unwrap_or(self.pos);
                behind.is_some()
            };
            if !marked {
                return self.unexpected("`\\partial` before each variable");
            }
            let found = self.name()?;
            if found.kind != Kind::Variable && found.kind != Kind::Name || found.primes > 0 {
                let message = format!("`{}` is no variable to differentiate by", found.symbol);
                return self.error(TexErrorKind::Syntax, found.span, message);
            }
            let order = match found.power {
                Some(range) => self.order_in(range)?,
                None => 1,
            };
            out.push((found.symbol, order));
        }
        Ok(out)
    }

    /// What stands behind `\frac{\partial}{\partial x}`: a bracket, or a product up to the next
    /// sign or relation.
    fn derivative_body(&mut self, start: usize) -> Read<Body> {
        let bracket = [Delim::Paren, Delim::Bracket, Delim::Brace].into_iter().any(|d| self.at_open(d));
        if self.gap() == Gap::Wide || self.at_end() {
            return self.unexpected("what the derivative is taken of");
        }
        if !bracket || self.bracket_is_name() {
            let saved = std::mem::replace(&mut self.bar_reserved, true);
            let body = self.deeper(|p| p.product());
            self.bar_reserved = saved;
            let body = body?;
            if !self.tail.is_empty() {
                return self.ambiguous(
                    self.since(start),
                    "what the derivative is taken of is not visible",
                    "put it in brackets",
                );
            }
            return Ok(Body::Of(body));
        }
        let body = self.deeper(|p| p.bracket_alone())?;
        let adjacent = match self.peek() {
            Some(Tok::Sup | Tok::Open(..) | Tok::Digit(_)) => self.gap() != Gap::Wide,
            Some(Tok::Command("\\frac" | "\\dfrac" | "\\tfrac" | "\\sqrt" | "\\cdot" | "\\times")) => true,
            Some(Tok::Char('/' | '*')) => true,
            _ => self.at_name() && self.gap() != Gap::Wide && !self.at_remark(),
        };
        if adjacent {
            return self.ambiguous(
                self.here(),
                "whether the derivative includes what follows its bracket is not visible",
                "put the derivative, or all that it is taken of, in brackets",
            );
        }
        Ok(Body::Of(body))
    }

    fn bracket_is_name(&mut self) -> bool {
        let at = self.pos;
        let named = self.bracketed_name().is_some();
        self.pos = at;
        named
    }

    /// A bracket behind a complete derivative `\frac{\partial f}{\partial x}`: the place at which
    /// the derivative of a function is taken, or, behind a quantity, a variable as a function of
    /// which the derivative is seen (which changes nothing).
    fn written_arguments(&mut self, body: Expr, variables: &[(Symbol, u32)], start: usize) -> Read<Body> {
        if !self.at_open(Delim::Paren) || self.gap() == Gap::Wide {
            return Ok(Body::Of(body));
        }
        let unclear = |p: &Self| {
            p.ambiguous(
                p.since(start),
                "whether the bracket multiplies the derivative or is its argument is not visible",
                "write `\\cdot` for a product, or `\\Big|_{x = a}` for an evaluation",
            )
        };
        let open = self.pos;
        match (&body, variables) {
            (Expr::Apply { args, .. }, [(x, _)]) if args.is_empty() => {
                let mut args = self.within("`)`", |p| p.arguments())?;
                if args.len() != 1 {
                    return unclear(self);
                }
                let derivative = nested(body, variables);
                let value = Box::new(args.remove(0));
                Ok(Body::Done(Expr::At { body: Box::new(derivative), variable: x.clone(), value }))
            }
            (Expr::Sym(_), _) => {
                let args = self.within("`)`", |p| p.arguments())?;
                let seen = match &args[..] {
                    [Expr::Sym(s)] => {
                        let kind = self.scope.entry(s).map(|e| e.kind.clone());
                        kind == Some(Kind::Variable) && variables.iter().all(|(x, _)| x != s)
                    }
                    _ => false,
                };
                if !seen {
                    self.pos = open + 1;
                    return unclear(self);
                }
                Ok(Body::Of(body))
            }
            _ => {
                self.pos = open + 1;
                unclear(self)
            }
        }
    }
}

/// How a derivative is marked: behind which token of the numerator its order stands.
struct Mark {
    top: usize,
    partial: bool,
}

enum Body {
    Of(Expr),
    Done(Expr),
}

/// The derivative of `body` by each variable, the last one first.
fn nested(body: Expr, variables: &[(Symbol, u32)]) -> Expr {
    variables.iter().rev().fold(body, |body, (variable, order)| Expr::Derivative {
        body: Box::new(body),
        variable: variable.clone(),
        order: *order,
    })
}
