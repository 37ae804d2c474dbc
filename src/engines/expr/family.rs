//! Families of symbols: `c_i` for every index `i` of a range.
//!
//! An index letter stands in the subscripts of the members of a family: `c_i`, `U_{D_i}`. A member
//! at another letter is the same name with that letter in its place ([`Symbol::reindexed`]). Free
//! letters stand for any one index of their range; the letter of an [`Expr::Over`] is bound. Primed
//! letters (`i'`, `i''`) are *working letters*: no paper can declare them, so that a bound letter
//! can always be told from a free one.

use super::{Case, Expr, Formula, Set, Symbol};

/// The letters that run through the same indices, from 1 to `upper`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexRange {
    /// Declared letters, at least one.
    pub letters: Vec<Symbol>,
    pub upper: Expr,
}

/// How many working letters a range has: how deeply gatherings over it may be nested.
const WORKING_LETTERS: usize = 3;

impl IndexRange {
    /// The working letters of the range.
    pub fn working(&self) -> Vec<Symbol> {
        let first = self.letters.first().expect("a range has a letter");
        (1..=WORKING_LETTERS).map(|n| Symbol::new(&format!("{}{}", first.latex(), "'".repeat(n)))).collect()
    }

    /// The letter for what is said of every member: facts about it are facts about the family.
    pub fn every(&self) -> Symbol {
        self.working().remove(0)
    }

    /// Declared letters, then working letters.
    pub fn all_letters(&self) -> Vec<Symbol> {
        [self.letters.clone(), self.working()].concat()
    }

    /// The letter of this range that stands in the symbol, if one does.
    pub fn letter_in(&self, symbol: &Symbol) -> Option<Symbol> {
        self.all_letters().into_iter().find(|letter| symbol.has_index(letter))
    }

    /// The member `head` at another letter, if the two are members of one family: that letter.
    pub fn letter_against(&self, symbol: &Symbol, head: &Symbol, at: &Symbol) -> Option<Symbol> {
        self.all_letters().into_iter().find(|letter| head.reindexed(at, letter).as_ref() == Some(symbol))
    }
}

impl Symbol {
    /// The symbol with `to` for every subscript that is the letter `from`; `None` if there is none.
    pub fn reindexed(&self, from: &Symbol, to: &Symbol) -> Option<Symbol> {
        if self == from {
            return Some(to.clone());
        }
        let mut out = String::new();
        let mut rest = self.latex();
        let mut found = false;
        while let Some(at) = subscript_in(rest) {
            out.push_str(&rest[..=at]);
            rest = rest[at + 1..].trim_start();
            let subscript = Subscript::at(rest);
            if Symbol::new(subscript.content) == *from {
                out.push_str(&behind_underscore(to));
                rest = &rest[subscript.length..];
                found = true;
            }
        }
        out.push_str(rest);
        found.then(|| Symbol::new(&out))
    }

    /// What stands in the subscripts, inner ones included.
    pub(super) fn subscripts(&self) -> Vec<Symbol> {
        let places = self.latex().match_indices('_').map(|(at, _)| self.latex()[at + 1..].trim_start());
        places.map(|rest| Symbol::new(Subscript::at(rest).content)).collect()
    }

    /// Whether some subscript is the letter, or the symbol is.
    pub fn has_index(&self, letter: &Symbol) -> bool {
        self.reindexed(letter, letter).is_some()
    }
}

/// A letter or a number as it stands behind an underscore.
fn behind_underscore(of: &Symbol) -> String {
    match of.latex() {
        digit if digit.len() == 1 && digit.bytes().all(|b| b.is_ascii_digit()) => digit.to_owned(),
        other => format!("{{{other}}}"),
    }
}

/// The place of the first underscore outside square brackets: what stands in those is a quotation,
/// as in the name of a quantity that a whole term stands for.
fn subscript_in(latex: &str) -> Option<usize> {
    let mut depth = 0_i32;
    latex.char_indices().find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        (c == '_' && depth == 0).then_some(at)
    })
}

/// What stands behind an underscore.
struct Subscript<'a> {
    content: &'a str,
    /// Bytes taken, braces included.
    length: usize,
}

impl Subscript<'_> {
    fn at(text: &str) -> Subscript<'_> {
        let mut depth = 0_usize;
        for (at, c) in text.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let length = at + c.len_utf8();
                let inside = text[..length].strip_prefix('{').and_then(|t| t.strip_suffix('}'));
                return Subscript { content: inside.unwrap_or(&text[..length]), length };
            }
        }
        Subscript { content: text, length: text.len() }
    }
}

impl Expr {
    /// Whether a free symbol has the letter as its index.
    pub fn has_index(&self, letter: &Symbol) -> bool {
        self.free().iter().any(|s| s.has_index(letter)) || self.names_index(letter)
    }

    /// The term with the letter `to` for the free letter `from`, in the names of functions too.
    pub fn reindexed(&self, from: &Symbol, to: &Symbol) -> Expr {
        let symbol = |s: &Symbol| s.reindexed(from, to).unwrap_or_else(|| s.clone());
        let boxed = |e: &Expr| Box::new(e.reindexed(from, to));
        match self {
            Expr::Sym(s) => Expr::Sym(symbol(s)),
            Expr::Apply { function, primes, args } => Expr::Apply {
                function: symbol(function),
                primes: *primes,
                args: args.iter().map(|a| a.reindexed(from, to)).collect(),
            },
            Expr::Derivative { body, variable, order } => {
                Expr::Derivative { body: boxed(body), variable: symbol(variable), order: *order }
            }
            Expr::At { body, variable, value } => {
                Expr::At { body: boxed(body), variable: symbol(variable), value: boxed(value) }
            }
            Expr::Optimum { which, variable, over, body } => Expr::Optimum {
                which: *which,
                variable: symbol(variable),
                over: over.as_ref().map(|s| Box::new(s.reindexed(from, to))),
                body: boxed(body),
            },
            Expr::Over { gather, index, lower, upper, body } => {
                let (index, body) = if index == from || !body.has_index(from) {
                    (index.clone(), body.clone())
                } else if index == to {
                    let taken = |letter: &Symbol| letter == from || body.has_index(letter);
                    let mut other = primed(to);
                    while taken(&other) {
                        other = primed(&other);
                    }
                    (other.clone(), Box::new(body.reindexed(index, &other).reindexed(from, to)))
                } else {
                    (index.clone(), boxed(body))
                };
                Expr::Over { gather: *gather, index, lower: boxed(lower), upper: boxed(upper), body }
            }
            _ => self.map(&mut |c| c.reindexed(from, to), &mut |f| f.reindexed(from, to)),
        }
    }

    /// The term with a value for every member of a family: `value` is that of the member `head`,
    /// which is at `letter`.
    pub fn substitute_family(
        &self,
        range: &IndexRange,
        head: &Symbol,
        letter: &Symbol,
        value: &Expr,
    ) -> Expr {
        match self {
            Expr::Sym(s) => match range.letter_against(s, head, letter) {
                Some(at) => value.reindexed(letter, &at),
                None => self.clone(),
            },
            _ => self.map(&mut |c| c.substitute_family(range, head, letter, value), &mut |f| {
                f.map(&mut |c| c.substitute_family(range, head, letter, value))
            }),
        }
    }

    /// The index and the body of a gathering as they are best shown: with the declared letter in the
    /// place of a working letter, where that one is not free in the body.
    pub fn shown_index(index: &Symbol, body: &Expr) -> (Symbol, Expr) {
        let declared = Symbol::new(index.latex().trim_end_matches('\''));
        if declared == *index || body.has_index(&declared) {
            return (index.clone(), body.clone());
        }
        (declared.clone(), body.reindexed(index, &declared))
    }

    /// Whether a function's name has the letter as its index where it is free.
    fn names_index(&self, letter: &Symbol) -> bool {
        match self {
            Expr::Apply { function, .. } if function.has_index(letter) => true,
            Expr::Over { index, .. } if index == letter => false,
            _ => self.children().into_iter().any(|c| c.names_index(letter)),
        }
    }

    /// Whether the value depends on the member `x` of a family through a gathering over the whole
    /// family: there `x` is no variable that could be set by itself.
    pub fn gathers(&self, x: &Symbol) -> bool {
        let letters = x.subscripts();
        self.gatherings().into_iter().any(|g| {
            let Expr::Over { index, body, .. } = g else { return false };
            let free = body.free();
            letters.iter().filter_map(|l| x.reindexed(l, index)).any(|member| free.contains(&member))
        })
    }

    /// Every gathering over an index, inner ones first.
    pub fn gatherings(&self) -> Vec<&Expr> {
        let mut found: Vec<&Expr> = match self {
            Expr::Cases(cs) => cs.iter().flat_map(case_terms).flat_map(Expr::gatherings).collect(),
            _ => self.children().into_iter().flat_map(Expr::gatherings).collect(),
        };
        if matches!(self, Expr::Over { .. }) {
            found.push(self);
        }
        found
    }
}

fn case_terms(case: &Case) -> Vec<&Expr> {
    let condition = case.condition.as_ref().map(Formula::terms).unwrap_or_default();
    std::iter::once(&case.value).chain(condition).collect()
}

/// The letter with another prime.
pub fn primed(letter: &Symbol) -> Symbol {
    Symbol::new(&format!("{}'", letter.latex()))
}

impl Formula {
    /// Whether a free symbol has the letter as its index.
    pub fn has_index(&self, letter: &Symbol) -> bool {
        self.free().iter().any(|s| s.has_index(letter))
    }

    /// The statement with the letter `to` for the free letter `from`.
    pub fn reindexed(&self, from: &Symbol, to: &Symbol) -> Formula {
        let all = |ps: &[Formula]| ps.iter().map(|p| p.reindexed(from, to)).collect();
        match self {
            Formula::In(a, s) => Formula::In(a.reindexed(from, to), s.reindexed(from, to)),
            Formula::Not(p) => Formula::Not(Box::new(p.reindexed(from, to))),
            Formula::And(ps) => Formula::And(all(ps)),
            Formula::Or(ps) => Formula::Or(all(ps)),
            Formula::Implies(p, q) => Formula::implies(p.reindexed(from, to), q.reindexed(from, to)),
            Formula::Iff(p, q) => {
                Formula::Iff(Box::new(p.reindexed(from, to)), Box::new(q.reindexed(from, to)))
            }
            _ => self.map(&mut |t| t.reindexed(from, to)),
        }
    }
}

impl Set {
    /// The set with the letter `to` for the free letter `from`.
    pub fn reindexed(&self, from: &Symbol, to: &Symbol) -> Set {
        let symbol = |s: &Symbol| s.reindexed(from, to).unwrap_or_else(|| s.clone());
        match self {
            Set::Such(x, p) => Set::Such(symbol(x), Box::new(p.reindexed(from, to))),
            Set::Named(s) => Set::Named(symbol(s)),
            Set::Union(ss) => Set::Union(ss.iter().map(|s| s.reindexed(from, to)).collect()),
            Set::Intersection(ss) => Set::Intersection(ss.iter().map(|s| s.reindexed(from, to)).collect()),
            _ => self.map(&mut |t| t.reindexed(from, to)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Gather;

    fn sum(index: &str, body: Expr) -> Expr {
        Expr::Over {
            gather: Gather::Sum,
            index: Symbol::new(index),
            lower: Box::new(Expr::int(1)),
            upper: Box::new(Expr::sym("n")),
            body: Box::new(body),
        }
    }

    #[test]
    fn a_letter_is_replaced_in_subscripts_only() {
        let (i, j) = (Symbol::new("i"), Symbol::new("j"));
        for (before, after) in [
            ("c_i", Some("c_j")),
            ("c_{i}", Some("c_j")),
            (r"U_{D_i}", Some(r"U_{D_j}")),
            (r"\alpha_i^*", Some(r"\alpha_j^*")),
            (r"\delta^{\text{Powerful } D_i}", Some(r"\delta^{\text{Powerful } D_j}")),
            ("i", Some("j")),
            ("c_0", None),
            (r"\pi_\phi", None),
            ("c_{ij}", None),
            ("i_0", None),
            ("c_", None),
            ("[c_i]", None),
        ] {
            assert_eq!(Symbol::new(before).reindexed(&i, &j), after.map(Symbol::new), "{before}");
        }
    }

    #[test]
    fn a_sum_over_a_family_depends_on_its_members() {
        let all = sum("j", Expr::sym(r"\alpha_j"));
        assert!(all.gathers(&Symbol::new(r"\alpha_i")));
        assert!(!all.gathers(&Symbol::new("c_i")) && !all.gathers(&Symbol::new(r"\alpha")));
    }

    #[test]
    fn a_bound_letter_is_neither_replaced_nor_captured() {
        let (i, j) = (Symbol::new("i"), Symbol::new("j"));
        let body = Expr::sym("c_i") * Expr::sym("k_j");
        assert_eq!(sum("i", body.clone()).reindexed(&i, &j), sum("i", body.clone()));
        let renamed = sum("i", body).reindexed(&j, &i);
        assert_eq!(renamed, sum("i'", Expr::sym("c_{i'}") * Expr::sym("k_i")));
        assert!(renamed.has_index(&i) && !renamed.has_index(&primed(&i)));
    }

    #[test]
    fn the_letter_that_makes_place_for_another_is_not_the_one_that_is_replaced() {
        let (i, working) = (Symbol::new("i"), primed(&Symbol::new("i")));
        let renamed = sum("i", Expr::sym("c_i") * Expr::sym("k_{i'}")).reindexed(&working, &i);
        assert_eq!(renamed, sum("i''", Expr::sym("c_{i''}") * Expr::sym("k_i")));
        let free = sum("i", Expr::sym("c_i") * Expr::sym("k_{i'}") * Expr::sym("d_j"));
        let renamed = free.reindexed(&Symbol::new("j"), &i);
        assert_eq!(renamed, sum("i''", Expr::sym("c_{i''}") * Expr::sym("k_{i'}") * Expr::sym("d_i")));
    }

    #[test]
    fn working_letters_are_shown_as_declared_ones_where_none_is_captured() {
        let shown = |e: &Expr| crate::tex::latex(e).replace("_{i}", "_i");
        let nested = sum("i'", sum("i''", Expr::sym("c_{i''}")) * Expr::sym("k_{i'}"));
        assert_eq!(shown(&nested), shown(&sum("i", sum("i", Expr::sym("c_i")) * Expr::sym("k_i"))));
        let free = sum("i'", Expr::sym("c_{i'}") * Expr::sym("k_i"));
        assert!(shown(&free).contains("i'"), "{}", shown(&free));
    }
}
