//! From the paper's language to elementary terms.
//!
//! The reading of a payoff or a choice depends on what is *held fixed*. In a subgame where the
//! quantities [`Context::given`] are fixed, every other choice is the subgame-perfect best
//! response to them: `U_G(\alpha_0, \delta)` is the payoff when later movers respond to
//! `\alpha_0`, `U_G(\delta)` the equilibrium payoff, and `\partial U_G / \partial \alpha_0`
//! differentiates the first of them, for under a derivative, an evaluation bar or an optimum the
//! bound variable is held fixed. Where several choose at once, a choice that such an operator varies, or
//! that is an argument, leaves the others' of its stage where they are; a name among choices that are all
//! given is the best response to these.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::derive::derivative;
use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Case, Expr, Extremum, Formula, IndexRange, Set, Symbol, Toward};
use crate::functions::AnyFunction;
use crate::game::model::Definition;
use crate::game::{Equilibrium, Game, Payoff};
use crate::tex::plain_symbol;

use super::ElaborateError;

/// A game with what is known of its solution.
#[derive(Clone, Copy)]
pub struct Solved<'a> {
    pub game: &'a Game,
    /// `None` where backward induction did not go through symbolically.
    pub equilibrium: Option<&'a Equilibrium>,
    /// Whether a choice for which no formula was found stands for itself, as where no payoff has one.
    pub open: bool,
}

/// What the names in a formula stand for.
#[derive(Clone)]
pub struct Context<'a> {
    pub solved: Option<Solved<'a>>,
    /// The choices and shares that are held fixed; all other choices are best responses.
    pub given: BTreeSet<Symbol>,
    /// Those that are held because an operator varies them, or as an argument: who chooses at the same time does not see
    /// that.
    pub varied: BTreeSet<Symbol>,
    /// Names with a meaning: `\delta^{P}` as the term it was defined to be.
    pub definitions: BTreeMap<Symbol, Expr>,
    /// Functions with a meaning beside those of the game.
    pub functions: &'a [Definition],
    /// Functions without a formula.
    pub any: &'a [AnyFunction],
    /// Sets with a name.
    pub sets: BTreeMap<Symbol, Set>,
    /// Everything that is declared as a name: without a definition it means nothing.
    pub names: BTreeSet<Symbol>,
    /// Names to be left as they are: the unknowns of an argument.
    pub unknowns: BTreeSet<Symbol>,
    /// Assumptions of the form `symbol = value`, applied everywhere.
    pub specialise: Substitution,
    /// The declared range of each symbol, for optima that are printed without one.
    pub ranges: BTreeMap<Symbol, Set>,
    /// The ranges of index letters.
    pub indices: &'a [IndexRange],
    /// Closed forms of optima, by an engine.
    pub optimum: Option<&'a ClosedForms<'a>>,
    /// Canonical forms of terms, proved to be the same wherever the facts hold.
    pub canonical: Option<&'a Canonical<'a>>,
    /// Limits, by an engine.
    pub limit: Option<&'a Limits<'a>>,
    /// Names that are defined without a term.
    pub named: Option<&'a Named<'a>>,
}

/// An optimum whose body has been elaborated: `argmax over variable in over of body`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    pub which: Extremum,
    pub variable: Symbol,
    pub over: Set,
    pub body: Expr,
}

/// A limit whose terms have been elaborated: of `body`, as `quantity` goes to its goal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LimitReading {
    pub quantity: Expr,
    pub toward: Toward,
    pub body: Expr,
}

/// Finds the value of a limit.
pub type Limits<'a> = dyn Fn(&LimitReading) -> Option<Expr> + 'a;

/// Finds the value of a name that an equation defines; or the name itself, of which the caller
/// knows what determines it.
pub type Named<'a> = dyn Fn(&Symbol) -> Option<Expr> + 'a;

/// Finds the closed form of an optimum.
pub type ClosedForms<'a> = dyn Fn(&Reading) -> Option<Expr> + 'a;

/// Finds the canonical form of a term; the term itself where there is none.
pub type Canonical<'a> = dyn Fn(&Expr) -> Expr + 'a;

type Elaborated<T> = Result<T, ElaborateError>;

impl<'a> Context<'a> {
    /// The elementary term that `e` stands for, folded.
    pub fn term(&self, e: &Expr) -> Elaborated<Expr> {
        Ok(fold(&self.raw(e)?))
    }

    /// The elementary statement that `f` makes.
    pub fn formula(&self, f: &Formula) -> Elaborated<Formula> {
        Ok(match f {
            Formula::True | Formula::False => f.clone(),
            Formula::Rel(a, r, b) => Formula::Rel(self.term(a)?, *r, self.term(b)?),
            Formula::Chain(a, rest) => {
                let rest = rest.iter().map(|(r, b)| Ok((*r, self.term(b)?))).collect::<Elaborated<_>>()?;
                Formula::Chain(self.term(a)?, rest)
            }
            Formula::In(a, s) => Formula::In(self.term(a)?, self.set(s)?),
            Formula::Not(p) => !self.formula(p)?,
            Formula::And(ps) => Formula::and(self.formulas(ps)?),
            Formula::Or(ps) => Formula::or(self.formulas(ps)?),
            Formula::Implies(p, q) => Formula::implies(self.formula(p)?, self.formula(q)?),
            Formula::Iff(p, q) => Formula::Iff(Box::new(self.formula(p)?), Box::new(self.formula(q)?)),
        })
    }

    fn formulas(&self, ps: &[Formula]) -> Elaborated<Vec<Formula>> {
        ps.iter().map(|p| self.formula(p)).collect()
    }

    /// The set that `s` stands for, with elementary ends and members; `\pm` gives two members.
    pub fn set(&self, s: &Set) -> Elaborated<Set> {
        Ok(match s {
            Set::Reals => Set::Reals,
            Set::Named(name) => {
                let meant = self.sets.get(name);
                self.set(meant.ok_or_else(|| ElaborateError::Undefined { name: plain_symbol(name) })?)?
            }
            Set::Interval { lower, lower_closed, upper, upper_closed } => Set::Interval {
                lower: lower.as_ref().map(|e| self.term(e)).transpose()?,
                lower_closed: *lower_closed,
                upper: upper.as_ref().map(|e| self.term(e)).transpose()?,
                upper_closed: *upper_closed,
            },
            Set::Finite(xs) => {
                let both = xs.iter().flat_map(signed_readings);
                Set::Finite(both.map(|e| self.term(&e)).collect::<Elaborated<_>>()?)
            }
            Set::Such(x, p) => {
                let p = self.holding(x).formula(p)?;
                Set::between_bounds(x, std::slice::from_ref(&p)).unwrap_or(Set::Such(x.clone(), Box::new(p)))
            }
            Set::Union(ss) => Set::Union(ss.iter().map(|s| self.set(s)).collect::<Elaborated<_>>()?),
            Set::Intersection(ss) => {
                Set::Intersection(ss.iter().map(|s| self.set(s)).collect::<Elaborated<_>>()?)
            }
        })
    }

    /// An optimum with its body elaborated and its range found.
    pub fn optimum(&self, e: &Expr) -> Elaborated<Option<Reading>> {
        let Expr::Optimum { which, variable, over, body } = e else { return Ok(None) };
        self.fixed(variable)?;
        let over = self.range(variable, over.as_deref())?;
        let body = self.holding(variable).term(body)?;
        self.alone(variable, &body)?;
        Ok(Some(Reading { which: *which, variable: variable.clone(), over, body }))
    }

    /// A limit with its terms elaborated.
    pub fn limit(&self, e: &Expr) -> Elaborated<Option<LimitReading>> {
        let Expr::Limit { quantity, toward, body } = e else { return Ok(None) };
        let inner = quantity.free().iter().fold(self.clone(), |c, x| c.holding(x));
        let toward = match toward {
            Toward::Value(value) => Toward::Value(Box::new(self.term(value)?)),
            infinite => infinite.clone(),
        };
        Ok(Some(LimitReading { quantity: inner.term(quantity)?, toward, body: inner.term(body)? }))
    }

    /// The range of an optimum's variable: the one that is printed, or the variable's own.
    pub fn range(&self, variable: &Symbol, over: Option<&Set>) -> Elaborated<Set> {
        over.or_else(|| self.ranges.get(variable)).map_or(Ok(Set::Reals), |s| self.set(s))
    }

    /// The same context with `x` held fixed, as under an operator that binds it; of the member of
    /// a family, the whole family is.
    pub fn holding(&self, x: &Symbol) -> Context<'a> {
        let mut inner = self.clone();
        inner.given.extend(family_of(x, self.indices));
        inner.varied.extend(family_of(x, self.indices));
        inner.definitions.remove(x);
        inner.specialise.remove(x);
        inner
    }

    /// The value that an assumption gives to `x`, which an operator varies: a derivative is taken first.
    /// The payoffs of a game have the value put in already, and cannot be varied.
    fn fixed(&self, x: &Symbol) -> Elaborated<Option<&Expr>> {
        let value = self.specialise.get(x);
        if value.is_some() && self.solved.is_some() {
            return Err(ElaborateError::Fixed { variable: plain_symbol(x) });
        }
        Ok(value)
    }

    fn raw(&self, e: &Expr) -> Elaborated<Expr> {
        Ok(match e {
            Expr::Num(_) => e.clone(),
            Expr::Sym(s) => self.symbol(s)?,
            Expr::Apply { function, primes: 0, args } => self.application(function, args)?,
            Expr::Apply { function, primes, args } => match self.without_formula(function) {
                Some(f) => self.any_function(f, *primes, args)?,
                None => self.slope(function, *primes, args)?,
            },
            Expr::Derivative { body, variable, order } => {
                let fixed = self.fixed(variable)?;
                let mut value = self.holding(variable).term(body)?;
                // The rules for products and powers would leave the derivative of `x x^p` undefined
                // at zero, where that of `x^{p + 1}` is not.
                if let Some(canonical) = self.canonical.filter(|_| splits_powers(&value, variable)) {
                    value = fold(&canonical(&value));
                }
                for _ in 0..*order {
                    value = derivative(&value, variable).ok_or_else(|| ElaborateError::NoDerivative {
                        body: crate::tex::plain(&value),
                        variable: plain_symbol(variable),
                    })?;
                }
                match fixed {
                    Some(at) => value.substitute(variable, at),
                    None => value,
                }
            }
            Expr::At { body, variable, value } => {
                self.fixed(variable)?;
                let at = self.term(value)?;
                let body = self.holding(variable).term(body)?;
                self.alone(variable, &body)?;
                body.substitute(variable, &at)
            }
            Expr::Optimum { variable, .. } => {
                let reading = self.optimum(e)?.expect("the term is an optimum");
                let found = self.optimum.and_then(|solve| solve(&reading));
                found.ok_or_else(|| ElaborateError::NoClosedForm { variable: plain_symbol(variable) })?
            }
            Expr::Over { gather, index, lower, upper, body } => {
                let letter = self.working_letter(index, body)?;
                Expr::Over {
                    gather: *gather,
                    lower: Box::new(self.raw(lower)?),
                    upper: Box::new(self.raw(upper)?),
                    body: Box::new(self.raw(&body.reindexed(index, &letter))?),
                    index: letter,
                }
            }
            Expr::PlusMinus(_) => return Err(ElaborateError::TwoValues),
            Expr::Limit { .. } => {
                let reading = self.limit(e)?.expect("the term is a limit");
                let found = self.limit.and_then(|find| find(&reading));
                found.ok_or_else(|| ElaborateError::NoLimit {
                    quantity: crate::tex::plain(&reading.quantity),
                })?
            }
            Expr::Cases(cs) => Expr::Cases(
                cs.iter()
                    .map(|c| {
                        let condition = c.condition.as_ref().map(|f| self.formula(f)).transpose()?;
                        Ok(Case { value: self.raw(&c.value)?, condition })
                    })
                    .collect::<Elaborated<_>>()?,
            ),
            Expr::Add(xs) => Expr::Add(self.raws(xs)?),
            Expr::Mul(xs) => Expr::Mul(self.raws(xs)?),
            Expr::Fun(f, xs) => Expr::Fun(*f, self.raws(xs)?),
            Expr::Pow(b, p) => Expr::pow(self.raw(b)?, self.raw(p)?),
        })
    }

    /// A letter that no paper uses, for a gathering's index.
    fn working_letter(&self, index: &Symbol, body: &Expr) -> Elaborated<Symbol> {
        let unknown = || ElaborateError::Index { index: plain_symbol(index) };
        let range = self.indices.iter().find(|r| r.all_letters().contains(index)).ok_or_else(unknown)?;
        range.working().into_iter().find(|l| l == index || !body.has_index(l)).ok_or_else(unknown)
    }

    /// Refuses to vary one member of a family by itself where a gathering takes all of them.
    fn alone(&self, variable: &Symbol, body: &Expr) -> Elaborated<()> {
        if body.gathers(variable) {
            return Err(ElaborateError::Gathered { variable: plain_symbol(variable) });
        }
        Ok(())
    }

    fn raws(&self, xs: &[Expr]) -> Elaborated<Vec<Expr>> {
        xs.iter().map(|x| self.raw(x)).collect()
    }

    fn symbol(&self, s: &Symbol) -> Elaborated<Expr> {
        if let Some(value) = self.specialise.get(s) {
            return Ok(value.clone());
        }
        if self.given.contains(s) || self.unknowns.contains(s) {
            return Ok(Expr::Sym(s.clone()));
        }
        if let Some(meaning) = self.definitions.get(s) {
            let mut inner = self.clone();
            inner.definitions.remove(s);
            return match inner.raw(meaning) {
                Err(error @ ElaborateError::NoClosedForm { .. }) => self.named(s).ok_or(error),
                other => other,
            };
        }
        if let Some(solved) = self.solved {
            for m in solved.game.moves() {
                for name in std::iter::once(&m.variable).chain(&m.optimal) {
                    match solved.game.letters(name, s) {
                        Some(None) => return self.best_response(solved, &m.variable),
                        Some(Some((from, to))) => {
                            return Ok(self.best_response(solved, &m.variable)?.reindexed(&from, &to));
                        }
                        None => {}
                    }
                }
            }
        }
        if self.names.contains(s) {
            return self.named(s).ok_or_else(|| ElaborateError::Undefined { name: plain_symbol(s) });
        }
        Ok(Expr::Sym(s.clone()))
    }

    fn named(&self, s: &Symbol) -> Option<Expr> {
        self.named.and_then(|find| find(s))
    }

    /// The best response `variable` where the given choices are fixed and the others respond.
    fn best_response(&self, solved: Solved<'a>, variable: &Symbol) -> Elaborated<Expr> {
        let unsolved = || ElaborateError::UnsolvedChoice { variable: plain_symbol(variable) };
        if solved.equilibrium.is_none() && solved.game.payoffs.iter().any(|p| p.body.has_applications()) {
            return self.any_response(solved, variable);
        }
        let beside: Vec<&Symbol> = solved.game.chosen_beside(variable).collect();
        let fixed = |x: &&Symbol| self.given.contains(*x) && !self.varied.contains(*x);
        let found = match beside.iter().filter(|x| fixed(x)).count() {
            0 => solved.equilibrium.and_then(|e| e.response(variable)),
            n if n == beside.len() => solved.equilibrium.and_then(|e| e.reaction(variable)),
            _ => return Err(unsolved()),
        };
        let value = match found {
            Some(value) => value,
            None if solved.open => return self.any_response(solved, variable),
            None => return Err(unsolved()),
        };
        let mut earlier = Substitution::new();
        for choice in solved.game.choices().take_while(|c| *c != variable) {
            if !self.given.contains(choice) && value.mentions(choice) {
                earlier.insert(choice.clone(), self.best_response(solved, choice)?);
            }
        }
        Ok(value.substitute_all(&earlier).substitute_all(&self.specialise))
    }

    /// A best response that no formula is known for: a function of what is chosen before it, the
    /// last choice first, and of the shares.
    fn any_response(&self, solved: Solved<'a>, variable: &Symbol) -> Elaborated<Expr> {
        let mut stages = solved.game.stages.iter();
        let earlier = stages.by_ref().take_while(|s| s.moves.iter().all(|m| m.variable != *variable));
        let mut before: Vec<&Symbol> = earlier.flat_map(|s| &s.moves).map(|m| &m.variable).collect();
        before.reverse();
        before.extend(solved.game.shares.iter().map(|s| &s.symbol));
        let args = before.into_iter().map(|s| self.symbol(s)).collect::<Elaborated<_>>()?;
        let of_move = solved.game.moves().find(|m| m.variable == *variable);
        let name = of_move.and_then(|m| m.optimal.clone()).unwrap_or_else(|| variable.clone());
        Ok(Expr::Apply { function: name, primes: 0, args })
    }

    fn application(&self, function: &Symbol, args: &[Expr]) -> Elaborated<Expr> {
        let undefined = || ElaborateError::Undefined { name: plain_symbol(function) };
        if let Some(definition) = self.functions.iter().find(|d| d.name == *function) {
            return self.defined(definition, args);
        }
        if let Some(f) = self.without_formula(function) {
            return self.any_function(f, 0, args);
        }
        let solved = self.solved.ok_or_else(|| ElaborateError::NoGame { name: plain_symbol(function) })?;
        for payoff in &solved.game.payoffs {
            match solved.game.letters(&payoff.function, function) {
                Some(None) if payoff.parameters.len() == args.len() && !args.is_empty() => {
                    return self.payoff_in_order(solved, payoff, args);
                }
                Some(None) => return self.payoff(solved, function, (&payoff.body, None), args),
                Some(Some((from, to))) => {
                    let body = payoff.body.reindexed(&from, &to);
                    return self.payoff(solved, function, (&body, Some((from, to))), args);
                }
                None => {}
            }
        }
        self.defined(solved.game.function_named(function).ok_or_else(undefined)?, args)
    }

    /// The function without a formula that a name stands for here.
    fn without_formula(&self, name: &Symbol) -> Option<&'a AnyFunction> {
        let defined = self.functions.iter().any(|d| d.name == *name)
            || self.solved.is_some_and(|s| s.game.function_named(name).is_some());
        self.any.iter().find(|f| f.name == *name && !defined)
    }

    /// A function without a formula at its arguments, those that are left out included.
    fn any_function(&self, f: &AnyFunction, primes: u32, args: &[Expr]) -> Elaborated<Expr> {
        let complete = f.completed(args).ok_or_else(|| ElaborateError::Arity {
            name: plain_symbol(&f.name),
            expected: f.parameters.len(),
            found: args.len(),
        })?;
        Ok(Expr::Apply { function: f.name.clone(), primes, args: self.raws(&complete)? })
    }

    /// The derivative, by its first argument, of a function that is given by a formula.
    fn slope(&self, function: &Symbol, primes: u32, args: &[Expr]) -> Elaborated<Expr> {
        let undefined = || ElaborateError::Undefined { name: format!("{}'", plain_symbol(function)) };
        let definition = self.functions.iter().find(|d| d.name == *function).ok_or_else(undefined)?;
        let first = definition.parameters.first().ok_or_else(undefined)?;
        let mut body = definition.body.clone();
        for _ in 0..primes {
            body = derivative(&body, first).ok_or_else(|| ElaborateError::NoDerivative {
                body: crate::tex::plain(&body),
                variable: plain_symbol(first),
            })?;
        }
        self.defined(&Definition { body, ..definition.clone() }, args)
    }

    /// The value of a function that is given by a formula.
    fn defined(&self, definition: &Definition, args: &[Expr]) -> Elaborated<Expr> {
        if args.is_empty() {
            return self.raw(&definition.body);
        }
        let declared = self.any.iter().find(|f| f.name == definition.name);
        let complete = declared.and_then(|f| f.completed(args));
        let args = complete.as_deref().unwrap_or(args);
        if args.len() != definition.parameters.len() {
            return Err(ElaborateError::Arity {
                name: plain_symbol(&definition.name),
                expected: definition.parameters.len(),
                found: args.len(),
            });
        }
        let with: Substitution = definition.parameters.iter().cloned().zip(self.raws(args)?).collect();
        // The body is written over the function's own parameters; everything else in it is a
        // parameter of the model.
        Ok(definition.body.substitute_all(&with).substitute_all(&self.specialise))
    }

    /// A payoff that is declared as a function of certain quantities, at such arguments; the choices
    /// among them are held fixed.
    fn payoff_in_order(&self, solved: Solved<'a>, payoff: &Payoff, args: &[Expr]) -> Elaborated<Expr> {
        let places = payoff.parameters.iter().cloned();
        let values: Substitution = places.zip(self.raws(args)?).collect();
        let mut inner = self.clone();
        let chosen = |s: &&Symbol| solved.game.choices().any(|c| c == *s);
        inner.given = payoff.parameters.iter().filter(chosen).cloned().collect();
        inner.varied = inner.given.clone();
        Ok(inner.raw(&payoff.body)?.substitute_all(&values))
    }

    /// A payoff with the arguments that are printed held fixed. An argument that is itself a
    /// share or a choice stands for itself; the others fill the free places, shares first, then
    /// choices in the order of play.
    fn payoff(
        &self,
        solved: Solved<'a>,
        name: &Symbol,
        (body, letters): (&Expr, Option<(Symbol, Symbol)>),
        args: &[Expr],
    ) -> Elaborated<Expr> {
        if args.is_empty() {
            return self.raw(body);
        }
        let places: Vec<Symbol> = solved
            .game
            .shares
            .iter()
            .map(|s| s.symbol.clone())
            .chain(solved.game.choices().cloned())
            .map(|place| match &letters {
                Some((from, to)) => place.reindexed(from, to).unwrap_or(place),
                None => place,
            })
            .collect();
        let named: BTreeSet<Symbol> =
            args.iter().filter_map(Expr::as_sym).filter(|s| places.contains(s)).cloned().collect();
        let mut open = places.iter().filter(|p| !named.contains(*p));
        let mut inner = self.clone();
        inner.given = named.clone();
        inner.varied = named.clone();
        let mut values = Substitution::new();
        for arg in args {
            match arg.as_sym().filter(|s| named.contains(*s)) {
                // A choice that is printed as an argument but not held fixed outside stands for
                // its best response there.
                Some(s) => {
                    values.insert(s.clone(), self.symbol(s)?);
                }
                None => {
                    let place = open.next().ok_or_else(|| ElaborateError::Arity {
                        name: plain_symbol(name),
                        expected: places.len(),
                        found: args.len(),
                    })?;
                    inner.given.insert(place.clone());
                    values.insert(place.clone(), self.raw(arg)?);
                }
            }
        }
        Ok(inner.raw(body)?.substitute_all(&values))
    }
}

/// Whether a power of something in `x`, with an exponent that is no natural number, stands in a
/// product with something else in `x`, or in another such power.
fn splits_powers(e: &Expr, x: &Symbol) -> bool {
    let among = match e {
        Expr::Mul(xs) => xs.iter().filter(|f| f.mentions(x)).count() > 1 && xs.iter().any(|f| has_root(f, x)),
        Expr::Pow(b, p) => !is_natural(p) && has_root(b, x),
        _ => false,
    };
    among || e.children().into_iter().any(|c| splits_powers(c, x))
}

/// Whether a power of something in `x` has an exponent that is no natural number.
fn has_root(e: &Expr, x: &Symbol) -> bool {
    matches!(e, Expr::Pow(b, p) if b.mentions(x) && !is_natural(p))
        || e.children().into_iter().any(|c| has_root(c, x))
}

fn is_natural(p: &Expr) -> bool {
    p.as_int().is_some_and(|n| n >= 0)
}

/// The symbol, and the members at the other letters of the family that it belongs to.
pub fn family_of(x: &Symbol, indices: &[IndexRange]) -> BTreeSet<Symbol> {
    let members = indices.iter().filter_map(|range| Some((range, range.letter_in(x)?)));
    let others = members.flat_map(|(range, from)| {
        range.all_letters().into_iter().filter_map(move |to| x.reindexed(&from, &to))
    });
    others.chain([x.clone()]).collect()
}

/// The readings of a term in which every `\pm` takes one sign, plus first.
fn signed_readings(e: &Expr) -> Vec<Expr> {
    fn with_sign(e: &Expr, plus: bool) -> Expr {
        match e {
            Expr::PlusMinus(a) if plus => with_sign(a, plus),
            Expr::PlusMinus(a) => -with_sign(a, plus),
            _ => e.map(&mut |c| with_sign(c, plus), &mut Formula::clone),
        }
    }
    let (plus, minus) = (with_sign(e, true), with_sign(e, false));
    if plus == minus { vec![plus] } else { vec![plus, minus] }
}
