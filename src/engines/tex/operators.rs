//! Operators: sums, logarithms and exponentials; extrema are in [`super::extrema`].

use super::error::{TexError, TexErrorKind};
use super::expression::divided;
use super::lexer::{Delim, Gap, Tok};
use super::parser::{Parser, Read};
use crate::expr::{Expr, Function, Gather, Kind, Toward};

impl<'a> Parser<'a, '_> {
    /// An operator at the cursor, if one begins there. `operand` says that something stands
    /// before it in the same product, or a minus sign.
    pub fn operator(&mut self, operand: bool) -> Read<Option<Expr>> {
        if let Some((which, end)) = self.extremum_word() {
            return self.extremum(which, end, operand).map(Some);
        }
        let Some(Tok::Command(c)) = self.peek() else { return Ok(None) };
        Ok(Some(match c {
            "\\ln" | "\\log" => self.logarithm()?,
            "\\exp" => {
                self.pos += 1;
                Expr::Fun(Function::Exp, vec![self.operand("\\exp")?])
            }
            "\\sum" => self.series()?,
            "\\lim" => self.limit()?,
            "\\underset" => self.underset_extremum(operand)?,
            _ => return Ok(None),
        }))
    }

    /// `\sum_{i=a}^{b} body`; with `\sum_i`, from 1 to a declared `n`.
    fn series(&mut self) -> Read<Expr> {
        let start = self.pos;
        self.pos += 1;
        let (mut below, mut above) = (None, None);
        loop {
            if below.is_none() && self.eat(Tok::Sub) {
                below = Some(self.argument("the index of the sum")?);
            } else if above.is_none() && self.eat(Tok::Sup) {
                above = Some(self.argument("the upper bound of the sum")?);
            } else {
                break;
            }
        }
        let Some(below) = below else { return self.unexpected("`_{i = 1}^{n}`: the sum's index and bounds") };
        let (index, lower) = self.on_range(below, "the end of the index", |p| {
            let (index, _) = p.bound_variable()?;
            let lower = if p.eat(Tok::Char('=')) { Some(p.sum()?) } else { None };
            Ok((index, lower))
        })?;
        let upper = match above {
            Some(range) => Some(self.on_range(range, "the end of the bound", |p| p.sum())?),
            None => None,
        };
        let range = self.scope.range_of(&index).map(|r| r.upper.clone());
        let n = self.scope.get("n").filter(|e| e.kind == Kind::Variable).map(|e| Expr::Sym(e.symbol.clone()));
        let (lower, upper) = match (lower, upper, range.or(n)) {
            (Some(lower), Some(upper), _) => (lower, upper),
            (None, None, Some(n)) => (Expr::int(1), n),
            _ => {
                let error =
                    TexError::new(TexErrorKind::Syntax, self.since(start), "a sum without its bounds");
                return Err(error.expecting("bounds: `\\sum_{i=1}^{n}`").help(
                    "`\\sum_i` alone runs over the range of `i` under [indices], or from 1 to a declared `n`",
                ));
            }
        };
        let before = self.locals.len();
        self.locals.push(index.clone());
        let body = self.deeper(|p| p.product());
        self.locals.truncate(before);
        Ok(Expr::Over {
            gather: Gather::Sum,
            index,
            lower: Box::new(lower),
            upper: Box::new(upper),
            body: Box::new(body?),
        })
    }

    /// `\lim_{x \to a} body`, `\lim_{x/y \to \infty} body`; the body is the product behind it.
    fn limit(&mut self) -> Read<Expr> {
        let start = self.pos;
        self.pos += 1;
        if !self.eat(Tok::Sub) {
            return self.unexpected("`_{x \\to a}`: what goes where");
        }
        let below = self.argument("what goes where")?;
        let (quantity, toward) = self.on_range(below, "the end of the subscript", |p| {
            let quantity = p.sum()?;
            if !(p.eat_command("\\to") || p.eat_command("\\rightarrow")) {
                return p.unexpected("`\\to`");
            }
            let infinity = Tok::Command("\\infty");
            let is_negative = p.peek() == Some(Tok::Char('-')) && p.tok_at(p.pos + 1) == Some(infinity);
            if is_negative {
                p.pos += 1;
            }
            let toward = match p.eat(infinity) {
                true if is_negative => Toward::MinusInfinity,
                true => Toward::Infinity,
                false => Toward::Value(Box::new(p.sum()?)),
            };
            Ok((Box::new(quantity), toward))
        })?;
        if quantity.free().is_empty() {
            let error =
                TexError::new(TexErrorKind::Syntax, self.since(start), "a limit in which nothing varies");
            return Err(error.expecting("a variable, or a term in some, before `\\to`"));
        }
        let body = self.deeper(|p| p.product())?;
        if !self.tail.is_empty() || self.at_sign() {
            let help = "put the body in brackets";
            return self.ambiguous(self.since(start), "how far the body reaches is not visible", help);
        }
        Ok(Expr::Limit { quantity, toward, body: Box::new(body) })
    }

    /// `\ln x`, `\log x`, `\log_b x`
    fn logarithm(&mut self) -> Read<Expr> {
        let natural = self.peek() == Some(Tok::Command("\\ln"));
        self.pos += 1;
        let base = if !natural && self.eat(Tok::Sub) {
            let range = self.argument("the base of the logarithm")?;
            Some(self.on_range(range, "the end of the base", |p| p.sum())?)
        } else {
            None
        };
        let argument = self.operand(if natural { "\\ln" } else { "\\log" })?;
        let ln = |a| Expr::Fun(Function::Ln, vec![a]);
        Ok(match base {
            Some(base) => divided(ln(argument), ln(base)),
            None => ln(argument),
        })
    }

    /// The argument of a function written with a backslash: a bracket, or a run of adjacent
    /// numerals, names and their powers (`\ln 2x`), as mathematicians read them.
    fn operand(&mut self, of: &str) -> Read<Expr> {
        if self.peek() == Some(Tok::Sup) {
            let help = format!("raise the value: `\\left({of}(x)\\right)^{{2}}`");
            return self.ambiguous(self.here(), "an exponent between a function and its argument", &help);
        }
        let bracket =
            [Delim::Paren, Delim::Bracket, Delim::Brace, Delim::Bar].into_iter().any(|d| self.at_open(d));
        if bracket || self.peek() == Some(Tok::Bar) {
            let argument = self.deeper(|p| p.bracket_alone())?;
            if self.peek() == Some(Tok::Sup) {
                let help = "put the whole function, or the argument's power, in brackets";
                return self.ambiguous(self.here(), "what the exponent applies to is not visible", help);
            }
            return Ok(argument);
        }
        let mut factors = vec![];
        while self.at_name() && self.gap() != Gap::Wide
            || (matches!(self.peek(), Some(Tok::Digit(_))) && factors.is_empty())
        {
            factors.push(self.deeper(|p| p.factor(true))?);
        }
        if factors.is_empty() {
            let lone = matches!(
                self.peek(),
                Some(Tok::Command("\\frac" | "\\dfrac" | "\\tfrac" | "\\sqrt" | "\\ln" | "\\log" | "\\exp"))
            );
            if !lone {
                return self.unexpected(&format!("the argument of `{of}`"));
            }
            factors.push(self.deeper(|p| p.factor(true))?);
        }
        if matches!(
            self.peek(),
            Some(Tok::Open(..) | Tok::Digit(_) | Tok::Char('/' | '*'))
                | Some(Tok::Command(
                    "\\frac" | "\\dfrac" | "\\tfrac" | "\\sqrt" | "\\cdot" | "\\times" | "\\div"
                ))
        ) {
            let message = format!("how far the argument of `{of}` reaches is not visible");
            return self.ambiguous(self.here(), &message, "put the argument in brackets");
        }
        Ok(if factors.len() == 1 { factors.remove(0) } else { Expr::Mul(factors) })
    }
}
