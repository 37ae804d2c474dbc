//! Terms as they travel over the pipe: one line of postfix tokens.
//!
//! `x0 2 ^ 3/4 *2` is `x0^2 · 3/4`. Postfix needs no brackets, so that neither side's parser
//! nests, however deep the term; the shape of the term is kept exactly. Symbols travel as
//! numbers into a table that the client keeps, so that no LaTeX ever reaches the other side.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::str::FromStr as _;

use rug::{Integer, Rational};

use super::CasError;
use crate::expr::{Expr, Function, Symbol};

/// The deepest term that is sent: the child's stack holds about twice as much.
pub const MAX_DEPTH: usize = 200;

/// The most symbols that a request may mention.
pub const MAX_SYMBOLS: usize = 256;

/// The symbols of one request, in their own order, so that the numbering depends on nothing but
/// the request.
#[derive(Debug, Default)]
pub struct Table(Vec<Symbol>);

impl Table {
    /// The table of the symbols in `terms` and `more`. Terms deeper than [`MAX_DEPTH`], terms
    /// outside the elementary operations and more than [`MAX_SYMBOLS`] symbols are errors.
    pub fn of(terms: &[&Expr], more: &[Symbol]) -> Result<Table, CasError> {
        let mut symbols: BTreeSet<Symbol> = more.iter().cloned().collect();
        for term in terms {
            check(term, 0, &mut symbols)?;
        }
        if symbols.len() > MAX_SYMBOLS {
            return Err(CasError::TooManySymbols { found: symbols.len(), limit: MAX_SYMBOLS });
        }
        Ok(Table(symbols.into_iter().collect()))
    }

    /// The place of a symbol.
    pub fn place(&self, symbol: &Symbol) -> Option<usize> {
        self.0.binary_search(symbol).ok()
    }

    /// The term as a line of tokens. `None` where the term is not covered by the table.
    pub fn write(&self, term: &Expr) -> Option<String> {
        let mut line = String::new();
        write_term(term, &|s| self.place(s), &mut line)?;
        Some(line)
    }

    /// The term that a line of tokens stands for.
    pub fn read(&self, line: &str) -> Result<Expr, CasError> {
        read_term(line, &|place| self.0.get(place).cloned())
            .ok_or_else(|| CasError::Protocol(format!("`{line}` is not a term")))
    }
}

/// The symbol that stands in the child for place `place` of the client's table.
pub fn neutral(place: usize) -> Symbol {
    Symbol::new(&format!("x{place:05}"))
}

/// The place for which a symbol stands in the child.
pub fn place_of(symbol: &Symbol) -> Option<usize> {
    symbol.key().strip_prefix('x')?.parse().ok()
}

/// [`Table::write`] for the child's neutral symbols.
pub fn write_neutral(term: &Expr) -> Option<String> {
    let mut line = String::new();
    write_term(term, &place_of, &mut line)?;
    Some(line)
}

/// [`Table::read`] for the child's neutral symbols.
pub fn read_neutral(line: &str) -> Option<Expr> {
    read_term(line, &|place| (place < MAX_SYMBOLS).then(|| neutral(place)))
}

fn check(term: &Expr, depth: usize, symbols: &mut BTreeSet<Symbol>) -> Result<(), CasError> {
    if depth > MAX_DEPTH {
        return Err(CasError::TooDeep { limit: MAX_DEPTH });
    }
    match term {
        Expr::Num(_) => {}
        Expr::Sym(s) => {
            symbols.insert(s.clone());
        }
        Expr::Add(_) | Expr::Mul(_) | Expr::Pow(..) => {}
        Expr::Fun(Function::Ln | Function::Exp, xs) if xs.len() == 1 => {}
        other => return Err(CasError::Unsupported { term: Box::new(other.clone()) }),
    }
    term.children().into_iter().try_for_each(|c| check(c, depth + 1, symbols))
}

fn write_term(term: &Expr, place: &dyn Fn(&Symbol) -> Option<usize>, line: &mut String) -> Option<()> {
    for c in term.children() {
        write_term(c, place, line)?;
    }
    if !line.is_empty() {
        line.push(' ');
    }
    match term {
        Expr::Num(n) => write!(line, "{n}"),
        Expr::Sym(s) => write!(line, "x{}", place(s)?),
        Expr::Add(xs) => write!(line, "+{}", xs.len()),
        Expr::Mul(xs) => write!(line, "*{}", xs.len()),
        Expr::Pow(..) => write!(line, "^"),
        Expr::Fun(Function::Ln, _) => write!(line, "ln"),
        Expr::Fun(Function::Exp, _) => write!(line, "exp"),
        _ => return None,
    }
    .ok()
}

fn read_term(line: &str, symbol: &dyn Fn(usize) -> Option<Symbol>) -> Option<Expr> {
    let mut stack: Vec<Expr> = vec![];
    for token in line.split(' ') {
        let next = match token.as_bytes().first()? {
            b'x' => Expr::Sym(symbol(token[1..].parse().ok()?)?),
            b'+' => Expr::Add(take(&mut stack, &token[1..])?),
            b'*' => Expr::Mul(take(&mut stack, &token[1..])?),
            b'^' => {
                let exponent = stack.pop()?;
                Expr::pow(stack.pop()?, exponent)
            }
            b'l' if token == "ln" => Expr::Fun(Function::Ln, vec![stack.pop()?]),
            b'e' if token == "exp" => Expr::Fun(Function::Exp, vec![stack.pop()?]),
            _ => Expr::Num(read_rational(token)?),
        };
        stack.push(next);
    }
    let term = stack.pop()?;
    stack.is_empty().then_some(term)
}

fn take(stack: &mut Vec<Expr>, count: &str) -> Option<Vec<Expr>> {
    let start = stack.len().checked_sub(count.parse().ok()?)?;
    Some(stack.split_off(start))
}

fn read_rational(token: &str) -> Option<Rational> {
    let (n, d) = token.split_once('/').unwrap_or((token, "1"));
    let (n, d) = (Integer::from_str(n).ok()?, Integer::from_str(d).ok()?);
    (d != 0).then(|| Rational::from((n, d)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(e: &Expr) -> Expr {
        let table = Table::of(&[e], &[]).expect("elementary");
        let line = table.write(e).expect("covered");
        table.read(&line).expect("readable")
    }

    #[test]
    fn a_term_arrives_in_the_shape_in_which_it_was_sent() {
        let (a, b) = (Expr::sym(r"\delta^{\text{Large } B}"), Expr::sym("b"));
        let ln = Expr::Fun(Function::Ln, vec![a.clone()]);
        let exp = Expr::Fun(Function::Exp, vec![Expr::ratio(-7, 3)]);
        let e = Expr::pow(a.clone() - b, Expr::Add(vec![])) / (ln * exp);
        assert_eq!(round_trip(&e), e);
        assert_eq!(round_trip(&Expr::Mul(vec![])), Expr::Mul(vec![]));
    }

    #[test]
    fn a_long_literal_keeps_all_its_digits() {
        let digits = "123456789012345678901234567890123456789/7";
        let e = Expr::Num(Rational::from_str(digits).expect("rational"));
        assert_eq!(round_trip(&e), e);
    }

    #[test]
    fn the_spelling_of_a_symbol_comes_back_but_is_never_sent() {
        let e = Expr::sym(r"\delta^{\text{Large } B}");
        let table = Table::of(&[&e], &[]).expect("elementary");
        assert_eq!(table.write(&e).as_deref(), Some("x0"));
        let back = table.read("x0").expect("readable");
        assert_eq!(back.as_sym().map(Symbol::latex), Some(r"\delta^{\text{Large } B}"));
    }

    #[test]
    fn a_term_outside_the_elementary_operations_is_named_in_the_error() {
        let max = Expr::Fun(Function::Max, vec![Expr::sym("a"), Expr::int(0)]);
        let error = Table::of(&[&(Expr::int(1) + max.clone())], &[]).expect_err("a maximum");
        assert_eq!(error, CasError::Unsupported { term: Box::new(max) });
    }

    #[test]
    fn a_term_that_nests_too_deep_is_an_error() {
        let mut e = Expr::sym("a");
        for _ in 0..=MAX_DEPTH {
            e = Expr::pow(e, Expr::sym("b"));
        }
        assert_eq!(Table::of(&[&e], &[]).expect_err("deep"), CasError::TooDeep { limit: MAX_DEPTH });
    }

    #[test]
    fn a_garbled_line_is_no_term() {
        let table = Table::of(&[&Expr::sym("a")], &[]).expect("elementary");
        for line in ["", "x0 x0", "x1", "x0 +2", "1/0", "x", "+", "^", "0.5", "+18446744073709551615", "lna"]
        {
            assert!(table.read(line).is_err(), "{line}");
        }
    }
}
