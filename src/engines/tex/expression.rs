//! Sums, products, powers, brackets, fractions and roots.

use std::ops::Range;

use rug::Rational;

use super::error::TexErrorKind;
use super::lexer::{Delim, Gap, Tok};
use super::names::Found;
use super::parser::{Parser, Read};
use crate::expr::{Expr, Kind};

/// What may be written next to its neighbour in a product.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
    PlusMinus,
    MinusPlus,
}

impl<'a> Parser<'a, '_> {
    /// A sum of signed products.
    pub fn sum(&mut self) -> Read<Expr> {
        self.deeper(|p| {
            let first_sign = p.sign();
            let start = p.pos;
            let first = p.factors(first_sign.is_some_and(|s| s != Sign::Plus))?;
            let mut terms = vec![signed(first_sign.unwrap_or(Sign::Plus), first)];
            p.settle_bar(&[], start)?;
            terms.append(&mut p.tail);
            p.more_terms(terms)
        })
    }

    /// The rest of a sum whose first terms are read.
    pub fn more_terms(&mut self, mut terms: Vec<Expr>) -> Read<Expr> {
        while let Some(sign) = self.sign() {
            let start = self.pos;
            let term = self.factors(sign != Sign::Plus)?;
            self.settle_bar(&terms, start)?;
            terms.push(signed(sign, term));
            terms.append(&mut self.tail);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Expr::Add(terms) })
    }

    pub fn at_sign(&self) -> bool {
        matches!(self.peek(), Some(Tok::Char('+' | '-') | Tok::Command("\\pm" | "\\mp")))
    }

    fn sign(&mut self) -> Option<Sign> {
        let sign = match self.peek()? {
            Tok::Char('+') => Sign::Plus,
            Tok::Char('-') => Sign::Minus,
            Tok::Command("\\pm") => Sign::PlusMinus,
            Tok::Command("\\mp") => Sign::MinusPlus,
            _ => return None,
        };
        self.pos += 1;
        Some(sign)
    }

    /// Refuses an evaluation bar that may reach further left than the factor before it.
    fn settle_bar(&mut self, before: &[Expr], start: usize) -> Read<()> {
        if let Some((variable, span)) = self.last_bar.take()
            && before.iter().any(|e| self.may_depend(e, &variable))
        {
            let from = self.span(start, start + 1).start;
            return self.ambiguous(
                from..span.end,
                "how far left the evaluation bar reaches is not visible",
                "enclose what is evaluated: `\\left. … \\right|_{…}`",
            );
        }
        Ok(())
    }

    /// A product without a sign; see [`Parser::factors`].
    pub fn product(&mut self) -> Read<Expr> {
        self.factors(false).map(multiplied)
    }

    /// The factors of a product, adjacent or joined by `\cdot`, `\times`, `*`, or with one `/`.
    /// `signed` says that a minus sign stands before it.
    fn factors(&mut self, signed: bool) -> Read<Vec<Expr>> {
        let start = self.pos;
        let mut factors = vec![self.factor(signed)?];
        let mut divided = false;
        loop {
            if !self.tail.is_empty() {
                break;
            }
            let explicit = self.times();
            let slash = !explicit && (self.eat(Tok::Char('/')) || self.eat_command("\\div"));
            if !explicit && !slash && !self.at_factor() {
                break;
            }
            if divided {
                return self.ambiguous(
                    self.span(start, self.pos.max(start + 1)),
                    "what the slash divides by is not visible",
                    "put the divisor in brackets, or write a fraction",
                );
            }
            if !explicit && !slash {
                self.check_adjacent(&factors)?;
            }
            let before = self.last_bar.take();
            let factor = self.factor(true)?;
            if before.is_some() && self.last_bar.is_none() {
                self.last_bar = before;
            }
            if let Some((variable, span)) = self.last_bar.clone()
                && factors.iter().any(|e| self.may_depend(e, &variable))
            {
                return self.ambiguous(
                    span,
                    "how far left the evaluation bar reaches is not visible",
                    "enclose what is evaluated: `\\left. … \\right|_{…}`",
                );
            }
            divided = slash;
            self.slashed |= slash;
            let factor = if slash { quotient_part(&mut factors, factor) } else { factor };
            factors.push(factor);
            if slash && factors.len() == 2 && factors[0].is_one() {
                factors.remove(0);
            }
        }
        Ok(factors)
    }

    fn times(&mut self) -> bool {
        self.eat(Tok::Char('*')) || self.eat_command("\\cdot") || self.eat_command("\\times")
    }

    /// Refuses two numbers, or a number behind a factor, without a sign between them.
    fn check_adjacent(&self, factors: &[Expr]) -> Read<()> {
        if matches!(self.peek(), Some(Tok::Digit(_))) {
            let help = match factors.last() {
                Some(Expr::Num(_)) => "write a number without spaces in it, or `\\cdot` between two numbers",
                _ => "write `\\cdot` before the number, or braces round a subscript of several digits",
            };
            return self.ambiguous(self.here(), "a number directly behind a factor", help);
        }
        Ok(())
    }

    /// Whether another factor can begin at the cursor, without a sign of multiplication.
    pub fn at_factor(&self) -> bool {
        if self.gap() == Gap::Wide || self.at_remark() {
            return false;
        }
        match self.peek() {
            Some(Tok::Digit(_)) => true,
            Some(Tok::LBrace) => true,
            Some(Tok::Bar) => !self.bar_open && self.tok_at(self.pos + 1) != Some(Tok::Sub),
            Some(Tok::Open(..)) => true,
            Some(Tok::Command(c)) => starts_factor(c),
            Some(_) => self.at_name(),
            None => false,
        }
    }

    /// A factor with its power and evaluation bars. `operand` says that something stands before
    /// it in the same product, or a minus sign.
    pub fn factor(&mut self, operand: bool) -> Read<Expr> {
        let start = self.pos;
        let mut value = self.primary(operand)?;
        let mut raised = matches!(value.1, Shape::Raised);
        for _ in 0..super::structure::DEEPEST {
            if self.peek() == Some(Tok::Sup) {
                if raised || value.1 != Shape::Closed {
                    return self.ambiguous(
                        self.span(start, self.pos + 1),
                        "what the exponent applies to is not visible",
                        "put the base in brackets",
                    );
                }
                self.pos += 1;
                let exponent = self.exponent()?;
                value.0 = Expr::pow(value.0, exponent);
                raised = true;
            } else if self.at_evaluation_bar() && !self.bar_reserved {
                value.0 = self.evaluation(value.0, start)?;
            } else {
                return Ok(value.0);
            }
        }
        self.error(TexErrorKind::Limit, self.here(), "too many evaluation bars on one factor")
    }

    fn exponent(&mut self) -> Read<Expr> {
        let range = self.argument("an exponent")?;
        self.on_range(range, "the end of the exponent", |p| p.sum())
    }

    /// A bracket alone; what follows it is left for the caller to judge.
    pub fn bracket_alone(&mut self) -> Read<Expr> {
        self.primary(true).map(|(value, _)| value)
    }

    /// A closed piece of a product.
    fn primary(&mut self, operand: bool) -> Read<(Expr, Shape)> {
        if let Some(symbol) = self.whole()? {
            return Ok(symbol);
        }
        match self.peek() {
            Some(Tok::Digit(_)) => Ok((self.number()?, Shape::Closed)),
            Some(Tok::LBrace) => Ok((self.prefixed_root()?, Shape::Raised)),
            Some(Tok::Bar) => Ok((self.bars()?, Shape::Closed)),
            Some(Tok::Open(delim, _)) => self.bracket(delim),
            Some(Tok::Command("\\frac" | "\\dfrac" | "\\tfrac")) => self.fraction(),
            Some(Tok::Command("\\sqrt")) => Ok((self.root()?, Shape::Closed)),
            Some(Tok::Command("\\begin")) => Ok((self.cases()?, Shape::Raised)),
            _ => {
                if let Some(value) = self.operator(operand)? {
                    return Ok((value, Shape::Raised));
                }
                if self.at_name() {
                    return self.named();
                }
                self.no_term()
            }
        }
    }

    /// A name in square brackets, a length or a gradient, which have brackets or bars as parts of their names.
    fn whole(&mut self) -> Read<Option<(Expr, Shape)>> {
        if let Some(symbol) = self.bracketed_name() {
            return Ok(Some((Expr::Sym(symbol), Shape::Closed)));
        }
        let shape = if self.peek() == Some(Tok::Command("\\nabla")) { Shape::Raised } else { Shape::Closed };
        Ok(self.whole_name()?.map(|symbol| (Expr::Sym(symbol), shape)))
    }

    /// Refuses what begins no term.
    fn no_term<T>(&self) -> Read<T> {
        if self.at_sign() {
            return self.ambiguous(self.here(), "two signs in a row", "put the signed term in brackets");
        }
        match self.peek() {
            Some(Tok::Command("\\infty")) => self.error(
                TexErrorKind::Unsupported,
                self.here(),
                "`\\infty` is no number: it can only end an interval",
            ),
            Some(Tok::Command(c)) if !is_known(c) => {
                let error = super::error::TexError::new(
                    TexErrorKind::Unsupported,
                    self.here(),
                    format!("unknown command `{c}`"),
                );
                let error = if self.at_whole_name() {
                    error.help(
                        "of lengths and gradients nothing is known: declare the whole as a symbol, such as \
                         `'\\|x - y\\|' = '\\ge 0'`",
                    )
                } else {
                    error
                };
                Err(error.expecting("a term"))
            }
            _ => self.unexpected("a term"),
        }
    }

    /// A numeral; decimals are exact.
    fn number(&mut self) -> Read<Expr> {
        let start = self.pos;
        let digits = |p: &mut Self| {
            let from = p.pos;
            while matches!(p.peek(), Some(Tok::Digit(_))) && (p.pos == from || p.gap() == Gap::None) {
                p.pos += 1;
            }
            from..p.pos
        };
        let whole = digits(self);
        let mut text = self.text(whole.clone()).to_owned();
        let mut places = 0;
        let fraction_follows = self.peek() == Some(Tok::Char('.'))
            && self.gap() == Gap::None
            && matches!(self.tok_at(self.pos + 1), Some(Tok::Digit(_)))
            && self.source.toks[self.pos + 1].gap == Gap::None;
        if whole.len() > 1 && text.starts_with('0') {
            return self.ambiguous(
                self.span(start, self.pos),
                "a number that begins with 0",
                "drop the zero",
            );
        }
        if fraction_follows {
            self.pos += 1;
            let fraction = digits(self);
            text.push_str(self.text(fraction.clone()));
            places = fraction.len();
        }
        let value: rug::Integer = text.parse().expect("a run of decimal digits is an integer");
        let scale = rug::Integer::from(rug::Integer::u_pow_u(10, places as u32));
        Ok(Expr::Num(Rational::from((value, scale))))
    }

    /// A declared name: a symbol with its power, or a function with its arguments.
    fn named(&mut self) -> Read<(Expr, Shape)> {
        let found = self.name()?;
        match found.kind {
            Kind::Player => {
                let message = format!("`{}` is a player, not a number", found.symbol);
                self.error(TexErrorKind::Syntax, found.span, message)
            }
            Kind::Function => self.application(found),
            Kind::Variable | Kind::Name => {
                let symbol = Expr::Sym(found.symbol);
                match found.power {
                    Some(range) => {
                        let exponent = self.on_range(range, "the end of the exponent", |p| p.sum())?;
                        Ok((Expr::pow(symbol, exponent), Shape::Raised))
                    }
                    None => Ok((symbol, Shape::Closed)),
                }
            }
        }
    }

    fn application(&mut self, found: Found) -> Read<(Expr, Shape)> {
        let calls = self.at_open(Delim::Paren) && self.gap() != Gap::Wide;
        if found.power.is_some() {
            return self.ambiguous(
                found.span,
                "an exponent between a function and its argument",
                "raise the value: `\\left(f(x)\\right)^{2}`",
            );
        }
        if self.at_open(Delim::Bracket) && self.gap() != Gap::Wide {
            let message = "square brackets behind a function";
            return self.ambiguous(self.here(), message, "write `f(…)`, or `f \\cdot […]` for a product");
        }
        let args = if calls { self.within("`,` or `)`", |p| p.arguments())? } else { vec![] };
        Ok((Expr::Apply { function: found.symbol, primes: found.primes, args }, Shape::Closed))
    }

    /// Terms separated by `,` or `;`, up to the end of the bracket.
    pub fn arguments(&mut self) -> Read<Vec<Expr>> {
        let mut args = vec![self.sum()?];
        while self.eat(Tok::Char(',')) || self.eat(Tok::Char(';')) {
            args.push(self.sum()?);
        }
        Ok(args)
    }

    /// The tokens from `from` to the cursor, for messages.
    pub fn since(&self, from: usize) -> Range<usize> {
        self.span(from, self.pos.max(from + 1))
    }
}

/// Whether an exponent may follow a piece without brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Closed,
    Raised,
}

/// The product of `factors` under its sign. A leading numeral takes the minus sign itself.
fn signed(sign: Sign, factors: Vec<Expr>) -> Expr {
    match sign {
        Sign::Plus => multiplied(factors),
        Sign::Minus => multiplied(negated(factors)),
        Sign::PlusMinus => Expr::PlusMinus(Box::new(multiplied(factors))),
        Sign::MinusPlus => Expr::PlusMinus(Box::new(multiplied(negated(factors)))),
    }
}

fn multiplied(mut factors: Vec<Expr>) -> Expr {
    if factors.len() == 1 { factors.remove(0) } else { Expr::Mul(factors) }
}

fn negated(mut factors: Vec<Expr>) -> Vec<Expr> {
    match &mut factors[0] {
        Expr::Num(n) => *n = Rational::from(-&*n),
        _ => factors.insert(0, Expr::int(-1)),
    }
    factors
}

/// `1/n`, folded for a numeral other than zero.
pub(super) fn reciprocal(n: Expr) -> Expr {
    match n {
        Expr::Num(v) if v != 0 => Expr::Num(v.recip()),
        n => Expr::recip(n),
    }
}

/// `a/b` in the shape that [`crate::expr`] gives fractions.
pub(super) fn divided(a: Expr, b: Expr) -> Expr {
    match (a, b) {
        (Expr::Num(x), Expr::Num(y)) if y != 0 => Expr::Num(x / y),
        (a, b) if a.is_one() => Expr::recip(b),
        (a, b) => a / b,
    }
}

/// The factor that `… / b` adds to a product; a lone numeral is divided at once.
fn quotient_part(factors: &mut [Expr], b: Expr) -> Expr {
    match (factors, b) {
        ([Expr::Num(a)], Expr::Num(d)) if d != 0 => {
            let value = Rational::from(&*a / &d);
            *a = Rational::from(1);
            Expr::Num(value)
        }
        (_, b) => Expr::recip(b),
    }
}

fn starts_factor(c: &str) -> bool {
    matches!(
        c,
        "\\frac"
            | "\\dfrac"
            | "\\tfrac"
            | "\\sqrt"
            | "\\begin"
            | "\\max"
            | "\\min"
            | "\\arg"
            | "\\argmax"
            | "\\argmin"
            | "\\ln"
            | "\\log"
            | "\\exp"
            | "\\sum"
            | "\\lim"
            | "\\underset"
    ) || super::names::is_letter_command(c)
        || !is_known(c)
}

/// Commands that have a meaning somewhere in the grammar.
fn is_known(c: &str) -> bool {
    super::formula::relation_command(c).is_some()
        || super::formula::connective_command(c).is_some()
        || super::names::is_letter_command(c)
        || [
            "\\in",
            "\\notin",
            "\\land",
            "\\lor",
            "\\wedge",
            "\\vee",
            "\\neg",
            "\\lnot",
            "\\cap",
            "\\cup",
            "\\pm",
            "\\mp",
            "\\cdot",
            "\\times",
            "\\div",
            "\\end",
            "\\tag",
            "\\label",
            "\\forall",
            "\\mid",
            "\\top",
            "\\bot",
            "\\partial",
            "\\stackrel",
            "\\not",
            "\\overset",
            "\\mathbb",
            "\\colon",
            "\\emptyset",
            "\\infty",
            "\\prime",
            "\\to",
            "\\rightarrow",
        ]
        .contains(&c)
}
