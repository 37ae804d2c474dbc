//! Extrema: the word, what it ranges over, and how far its body reaches.

use std::ops::Range;

use super::error::{TexError, TexErrorKind};
use super::lexer::{Delim, Tok};
use super::parser::{Parser, Read};
use crate::expr::{Expr, Extremum, Formula, Function, Gather, Kind, Relation, Set, Symbol};

/// What an extremum ranges over.
enum Index {
    /// A declared index letter: all of its range.
    Letter(Symbol, Expr),
    Variable(Symbol, Option<Set>),
    /// An index letter and the tokens of the names that it takes.
    Players(String, Vec<String>),
}

impl<'a> Parser<'a, '_> {
    /// `\max`, `\arg\min`, `\operatorname{argmax}`, and bare `argmax` before a subscript or a
    /// bracket: the extremum and the place behind the word.
    pub(super) fn extremum_word(&self) -> Option<(Extremum, usize)> {
        let at = self.pos;
        let bare = |s: &str| word(s);
        match self.peek()? {
            Tok::Command("\\max") => Some((Extremum::Max, at + 1)),
            Tok::Command("\\min") => Some((Extremum::Min, at + 1)),
            Tok::Command("\\argmax") => Some((Extremum::ArgMax, at + 1)),
            Tok::Command("\\argmin") => Some((Extremum::ArgMin, at + 1)),
            Tok::Command("\\arg") => match self.tok_at(at + 1)? {
                Tok::Command("\\max") => Some((Extremum::ArgMax, at + 2)),
                Tok::Command("\\min") => Some((Extremum::ArgMin, at + 2)),
                _ => None,
            },
            Tok::Command("\\operatorname" | "\\operatorname*" | "\\mathrm" | "\\text" | "\\textrm") => {
                let close = self.source.partner.get(at + 1).copied().filter(|&c| c > at + 1)?;
                let letters: String = (at + 2..close)
                    .map(|i| self.source.src[self.source.toks[i].span.clone()].to_owned())
                    .collect();
                Some((bare(&letters)?, close + 1))
            }
            Tok::Letter(_) => {
                let letters = self.letters();
                let end = at + letters.len();
                let marked = match self.tok_at(end) {
                    Some(Tok::Sub) => true,
                    Some(Tok::Open(..)) => matches!(letters.as_str(), "max" | "min"),
                    _ => false,
                };
                Some((bare(&letters).filter(|_| marked)?, end))
            }
            _ => None,
        }
    }

    pub(super) fn extremum(&mut self, which: Extremum, end: usize, operand: bool) -> Read<Expr> {
        let start = self.pos;
        self.pos = end;
        if !self.eat(Tok::Sub) {
            return self.finite_extremum(which, start);
        }
        let range = self.argument("what the extremum is taken over")?;
        self.extremum_over(which, range, operand, start)
    }

    /// `\underset{x \in S}{\arg\max} body`
    pub(super) fn underset_extremum(&mut self, operand: bool) -> Read<Expr> {
        let start = self.pos;
        self.pos += 1;
        let range = self.argument("what the extremum is taken over")?;
        let word = self.argument("the extremum")?;
        let which = self.on_range(word, "`\\max`, `\\min`, `\\arg\\max` or `\\arg\\min`", |p| {
            let Some((which, end)) = p.extremum_word() else {
                return p.unexpected("`\\max`, `\\min`, `\\arg\\max` or `\\arg\\min`");
            };
            p.pos = end;
            Ok(which)
        })?;
        self.extremum_over(which, range, operand, start)
    }

    /// The extremum over what the tokens of `range` say, with its body at the cursor.
    fn extremum_over(
        &mut self,
        which: Extremum,
        range: Range<usize>,
        operand: bool,
        start: usize,
    ) -> Read<Expr> {
        match self.on_range(range, "the end of the subscript", |p| p.range_of_extremum())? {
            Index::Variable(variable, over) => {
                let before = self.locals.len();
                if over.is_some() && self.scope.entry(&variable).is_none() {
                    self.locals.push(variable.clone());
                }
                let body = self.extremum_body(which, &variable, operand, start);
                self.locals.truncate(before);
                Ok(Expr::Optimum { which, variable, over: over.map(Box::new), body: Box::new(body?) })
            }
            Index::Letter(index, upper) => {
                if which.is_arg() {
                    let message = "the index at which an extremum is attained is no quantity";
                    return self.error(TexErrorKind::Unsupported, self.since(start), message);
                }
                let gather = if which.is_max() { Gather::Max } else { Gather::Min };
                let body = self.deeper(|p| p.product())?;
                if !self.tail.is_empty() || self.at_sign() {
                    let help = "put the body in brackets";
                    return self.ambiguous(
                        self.since(start),
                        "how far the body reaches is not visible",
                        help,
                    );
                }
                let (lower, upper) = (Box::new(Expr::int(1)), Box::new(upper));
                Ok(Expr::Over { gather, index, lower, upper, body: Box::new(body) })
            }
            Index::Players(letter, values) => {
                if which.is_arg() {
                    let message = "the place of an extremum over players is no number";
                    return self.error(TexErrorKind::Unsupported, self.since(start), message);
                }
                let function = if which.is_max() { Function::Max } else { Function::Min };
                Ok(Expr::Fun(function, self.instances(&letter, &values)?))
            }
        }
    }

    /// `\max(a, b)`, `\max\{a, b\}`
    fn finite_extremum(&mut self, which: Extremum, start: usize) -> Read<Expr> {
        let function = match which {
            Extremum::Max => Function::Max,
            Extremum::Min => Function::Min,
            _ => return self.unexpected("a subscript that says over what: `_{x \\in S}`"),
        };
        let bracket = [Delim::Paren, Delim::Bracket, Delim::Brace].into_iter().any(|d| self.at_open(d));
        if !bracket {
            return self.unexpected("a subscript, or the arguments in brackets");
        }
        let (open, close) = (self.source.toks[self.pos].tok, self.source.partner[self.pos]);
        if !matches!((open, self.source.toks[close].tok), (Tok::Open(a, _), Tok::Close(b, _)) if a == b) {
            let message = "brackets that do not match";
            return self.error(TexErrorKind::Structure, self.span(start, close + 1), message);
        }
        let args = self.within("`,` or the closing bracket", |p| p.arguments())?;
        Ok(Expr::Fun(function, args))
    }

    /// `x`, `x \in S`, `x \ge 0`, `a \le x \le b`, `P \in \{G, D\}`
    fn range_of_extremum(&mut self) -> Read<Index> {
        if let Some(players) = self.players()? {
            return Ok(players);
        }
        let start = self.pos;
        if self.at_name() {
            let (symbol, undeclared) = self.bound_variable()?;
            if let (true, Some(range)) = (self.at_end(), self.scope.range_of(&symbol)) {
                return Ok(Index::Letter(symbol, range.upper.clone()));
            }
            if self.at_end() {
                return match undeclared {
                    Some(error) => Err(error),
                    None => Ok(Index::Variable(symbol, None)),
                };
            }
            if self.eat_command("\\in") {
                let set = self.set()?;
                return Ok(Index::Variable(symbol, Some(set)));
            }
            self.pos = start;
        }
        let formula = self.relation_chain()?;
        match interval_of(&formula) {
            Some((variable, set)) => Ok(Index::Variable(variable, Some(set))),
            None => {
                let span = self.since(start);
                let error = TexError::new(
                    TexErrorKind::Unsupported,
                    span,
                    "the range of an extremum is not of a known form",
                );
                Err(error.expecting("`x \\in S`, `x \\ge a` or `a \\le x \\le b`"))
            }
        }
    }

    /// A variable that an operator binds: a declared one, or a single new letter. The error says
    /// what is wrong with it if it had to be declared.
    pub fn bound_variable(&mut self) -> Read<(Symbol, Option<TexError>)> {
        let start = self.pos;
        match self.name() {
            Ok(found) if found.power.is_none() && found.primes == 0 => match found.kind {
                Kind::Variable | Kind::Name => Ok((found.symbol, None)),
                _ => {
                    let message = format!("`{}` is no variable", found.symbol);
                    self.error(TexErrorKind::Syntax, found.span, message)
                }
            },
            Ok(found) => {
                let error =
                    TexError::new(TexErrorKind::Syntax, found.span, "a power where a variable is bound");
                Err(error.expecting("a variable"))
            }
            Err(error) if error.kind == TexErrorKind::Undeclared => {
                self.pos = start;
                let nucleus = self.nucleus()?;
                if nucleus.primes > 0 {
                    return Err(error);
                }
                let plain = self.text(start..nucleus.end).to_owned();
                if plain.chars().filter(char::is_ascii_alphabetic).count() > 1 && !plain.starts_with('\\') {
                    return Err(error);
                }
                Ok((Symbol::new(&plain), Some(error)))
            }
            Err(error) => Err(error),
        }
    }

    /// `P \in \{G, D\}` with players between the braces.
    fn players(&mut self) -> Read<Option<Index>> {
        let start = self.pos;
        let letter = matches!(self.peek(), Some(Tok::Letter(_)));
        let shape = letter
            && self.tok_at(start + 1) == Some(Tok::Command("\\in"))
            && matches!(self.tok_at(start + 2), Some(Tok::Open(Delim::Brace, _)));
        if !shape {
            return Ok(None);
        }
        let letter = self.text(start..start + 1).to_owned();
        self.pos = start + 2;
        let close = self.source.partner[self.pos];
        let first = self.on_range(self.pos + 1..close, "", |p| {
            let kind = if p.at_name() { p.name().ok().map(|f| f.kind) } else { None };
            p.pos = p.end;
            Ok(kind)
        })?;
        if first != Some(Kind::Player) {
            self.pos = start;
            return Ok(None);
        }
        let values = self.within("`,` or `\\}`", |p| {
            let mut values = vec![p.player()?];
            while p.eat(Tok::Char(',')) {
                values.push(p.player()?);
            }
            Ok(values)
        })?;
        Ok(Some(Index::Players(letter, values)))
    }

    fn player(&mut self) -> Read<String> {
        let found = self.name()?;
        if found.kind != Kind::Player {
            let message = format!("`{}` is no player", found.symbol);
            return self.error(TexErrorKind::Syntax, found.span, message);
        }
        Ok(found.symbol.latex().to_owned())
    }

    /// The body at the cursor, once for each value of the index letter inside names.
    fn instances(&mut self, letter: &str, values: &[String]) -> Read<Vec<Expr>> {
        let start = self.pos;
        let mut out = vec![];
        for value in values {
            self.count_instance()?;
            self.pos = start;
            self.alias.push((letter.to_owned(), value.clone()));
            let body = self.deeper(|p| p.product());
            self.alias.pop();
            out.push(body?);
            if !self.tail.is_empty() || self.at_sign() {
                let help = "put the body in brackets";
                return self.ambiguous(self.since(start), "how far the body reaches is not visible", help);
            }
        }
        Ok(out)
    }

    /// The body of an extremum: a product, and the sum behind it where its variable occurs there
    /// (see the room's header). What it leaves is handed on in `tail`.
    fn extremum_body(&mut self, which: Extremum, x: &Symbol, operand: bool, start: usize) -> Read<Expr> {
        self.slashed = false;
        let first = self.deeper(|p| p.product())?;
        if self.slashed {
            let message =
                format!("whether the slash divides the extremum over `{x}` or its body is not visible");
            return self.ambiguous(
                self.since(start),
                &message,
                "put the body in brackets, or write a fraction",
            );
        }
        if !self.at_sign() && self.tail.is_empty() {
            return Ok(first);
        }
        let mut rest = std::mem::take(&mut self.tail);
        rest.insert(0, first);
        let whole = match self.deeper(|p| p.more_terms(rest))? {
            Expr::Add(terms) => terms,
            other => vec![other],
        };
        let behind = &whole[1..];
        let bound = behind.iter().any(|e| e.mentions(x));
        let open = behind.iter().any(|e| self.may_depend(e, x));
        let takes_sum = if which.is_arg() { open } else { bound };
        let unclear =
            (takes_sum && operand) || (which.is_arg() && !open) || (!which.is_arg() && open && !bound);
        if unclear {
            let message = format!("whether the extremum over `{x}` takes the whole sum is not visible");
            return self.ambiguous(self.since(start), &message, "put the body in brackets");
        }
        if takes_sum {
            return Ok(Expr::Add(whole));
        }
        let mut whole = whole.into_iter();
        let first = whole.next().expect("a sum has a first term");
        self.tail = whole.collect();
        Ok(first)
    }

    /// Whether a term mentions `x`, or may by way of arguments or definitions left out in print.
    pub fn may_depend(&self, e: &Expr, x: &Symbol) -> bool {
        if e.mentions(x) {
            return true;
        }
        match e {
            Expr::Apply { args, .. } if args.is_empty() => true,
            Expr::Sym(s) => self.scope.entry(s).is_some_and(|entry| entry.kind == Kind::Name),
            Expr::Optimum { variable, .. } if variable == x => false,
            _ => e.children().into_iter().any(|c| self.may_depend(c, x)),
        }
    }
}

fn word(letters: &str) -> Option<Extremum> {
    match letters.replace(['\\', ' ', ',', '~'], "").as_str() {
        "max" => Some(Extremum::Max),
        "min" => Some(Extremum::Min),
        "argmax" => Some(Extremum::ArgMax),
        "argmin" => Some(Extremum::ArgMin),
        _ => None,
    }
}

/// The variable and the interval that `x \ge a` or `a \le x \le b` describe.
fn interval_of(f: &Formula) -> Option<(Symbol, Set)> {
    let half = |r: Relation, a: &Expr| match r {
        Relation::Gt | Relation::Ge => Some(Set::Interval {
            lower: Some(a.clone()),
            lower_closed: r == Relation::Ge,
            upper: None,
            upper_closed: false,
        }),
        Relation::Lt | Relation::Le => Some(Set::Interval {
            lower: None,
            lower_closed: false,
            upper: Some(a.clone()),
            upper_closed: r == Relation::Le,
        }),
        _ => None,
    };
    match f {
        Formula::Rel(Expr::Sym(x), r, a) => Some((x.clone(), half(*r, a)?)),
        Formula::Chain(a, rest) => match &rest[..] {
            [(r, Expr::Sym(x)), (s, b)] if is_lower(*r) && is_lower(*s) => Some((
                x.clone(),
                Set::Interval {
                    lower: Some(a.clone()),
                    lower_closed: *r == Relation::Le,
                    upper: Some(b.clone()),
                    upper_closed: *s == Relation::Le,
                },
            )),
            _ => None,
        },
        _ => None,
    }
}

fn is_lower(r: Relation) -> bool {
    matches!(r, Relation::Lt | Relation::Le)
}
