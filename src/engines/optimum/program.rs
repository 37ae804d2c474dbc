//! Terms compiled for fast evaluation.

use std::collections::BTreeMap;

use super::OptimumError;
use super::number::{Literal, Number};
use crate::expr::{Expr, Formula, Function, Relation, Symbol};

/// Where the values of symbols stand in the list that a program is run on.
pub(super) type Slots = BTreeMap<Symbol, usize>;

/// The place of a symbol's value in that list.
pub(super) type Places<'a> = &'a dyn Fn(&Symbol) -> Option<usize>;

/// A term in which symbols are places in a list.
#[derive(Clone, Debug)]
pub(super) struct Program(Node);

#[derive(Clone, Debug)]
enum Node {
    Literal(Literal),
    Slot(usize),
    Add(Vec<Node>),
    Mul(Vec<Node>),
    IntegerPower(Box<Node>, i64),
    Power(Box<Node>, Box<Node>),
    Ln(Box<Node>),
    Exp(Box<Node>),
    Abs(Box<Node>),
    /// The largest (`true`) or smallest of the nodes.
    Extremum(bool, Vec<Node>),
    Cases(Vec<(Node, Test)>),
}

#[derive(Clone, Debug)]
enum Test {
    Always,
    Never,
    Rel(Node, Relation, Node),
    Not(Box<Test>),
    And(Vec<Test>),
    Or(Vec<Test>),
    Iff(Box<Test>, Box<Test>),
}

impl Program {
    /// Compiles an elementary term over the symbols of `slots`.
    ///
    /// `Err`: a symbol without a slot, an operator that elaboration has not removed.
    pub fn new(e: &Expr, slots: &Slots) -> Result<Program, OptimumError> {
        Program::over(e, &|x| slots.get(x).copied())
    }

    /// The same with places that a function tells.
    pub fn over(e: &Expr, slots: Places) -> Result<Program, OptimumError> {
        compile(e, slots).map(Program)
    }

    /// The value at a point; `None` where the term is undefined. A maximum or an absolute value
    /// whose branches meet has a value, but no series unless the branches agree in it.
    pub fn run<N: Number>(&self, slots: &[N], cx: N::Context) -> Option<N> {
        eval(&self.0, slots, cx)
    }

    /// The value in machine numbers; `None` where it is undefined or not finite.
    #[cfg(test)]
    pub fn near(&self, slots: &[f64]) -> Option<f64> {
        self.run(slots, ()).filter(|v| v.is_finite())
    }

    /// Whether the value may depend on a place in the list.
    pub fn mentions(&self, slot: usize) -> bool {
        mentions(&self.0, slot)
    }
}

fn compile(e: &Expr, slots: Places) -> Result<Node, OptimumError> {
    let list = |xs: &[Expr]| xs.iter().map(|x| compile(x, slots)).collect::<Result<Vec<_>, _>>();
    let boxed = |x: &Expr| compile(x, slots).map(Box::new);
    Ok(match e {
        Expr::Num(n) => Node::Literal(Literal::new(n)),
        Expr::Sym(x) => Node::Slot(slots(x).ok_or_else(|| OptimumError::Unbound(x.clone()))?),
        Expr::Add(xs) => Node::Add(list(xs)?),
        Expr::Mul(xs) => Node::Mul(list(xs)?),
        Expr::Pow(b, p) => match p.as_int() {
            Some(n) => Node::IntegerPower(boxed(b)?, n),
            None => Node::Power(boxed(b)?, boxed(p)?),
        },
        Expr::Fun(Function::Ln, xs) => Node::Ln(boxed(argument(xs)?)?),
        Expr::Fun(Function::Exp, xs) => Node::Exp(boxed(argument(xs)?)?),
        Expr::Fun(Function::Abs, xs) => Node::Abs(boxed(argument(xs)?)?),
        Expr::Fun(f @ (Function::Max | Function::Min), xs) => {
            argument(xs)?;
            Node::Extremum(*f == Function::Max, list(xs)?)
        }
        Expr::Cases(cs) => Node::Cases(
            cs.iter()
                .map(|c| {
                    let test = c.condition.as_ref().map_or(Ok(Test::Always), |f| compile_test(f, slots))?;
                    Ok((compile(&c.value, slots)?, test))
                })
                .collect::<Result<_, _>>()?,
        ),
        Expr::Apply { function, .. } => return Err(OptimumError::Unbound(function.clone())),
        _ => return Err(OptimumError::Unsupported("an operator inside a payoff or an objective".into())),
    })
}

fn mentions(node: &Node, slot: usize) -> bool {
    let any = |xs: &[Node]| xs.iter().any(|x| mentions(x, slot));
    match node {
        Node::Literal(_) => false,
        Node::Slot(i) => *i == slot,
        Node::Add(xs) | Node::Mul(xs) | Node::Extremum(_, xs) => any(xs),
        Node::IntegerPower(a, _) | Node::Ln(a) | Node::Exp(a) | Node::Abs(a) => mentions(a, slot),
        Node::Power(a, b) => mentions(a, slot) || mentions(b, slot),
        // Where conditions decide, no more is said than that they may.
        Node::Cases(_) => true,
    }
}

fn argument(xs: &[Expr]) -> Result<&Expr, OptimumError> {
    xs.first().ok_or_else(|| OptimumError::Unsupported("a function without arguments".into()))
}

fn compile_test(f: &Formula, slots: Places) -> Result<Test, OptimumError> {
    let boxed = |f: &Formula| compile_test(f, slots).map(Box::new);
    let list = |fs: &[Formula]| fs.iter().map(|f| compile_test(f, slots)).collect::<Result<Vec<_>, _>>();
    Ok(match f.unchained() {
        Formula::True => Test::Always,
        Formula::False => Test::Never,
        Formula::Rel(a, r, b) => Test::Rel(compile(&a, slots)?, r, compile(&b, slots)?),
        Formula::Not(p) => Test::Not(boxed(&p)?),
        Formula::And(ps) => Test::And(list(&ps)?),
        Formula::Or(ps) => Test::Or(list(&ps)?),
        Formula::Implies(p, q) => Test::Or(vec![Test::Not(boxed(&p)?), compile_test(&q, slots)?]),
        Formula::Iff(p, q) => Test::Iff(boxed(&p)?, boxed(&q)?),
        Formula::In(..) | Formula::Chain(..) => {
            return Err(OptimumError::Unsupported("a condition on a set that is only named".into()));
        }
    })
}

fn eval<N: Number>(node: &Node, slots: &[N], cx: N::Context) -> Option<N> {
    let go = |n: &Node| eval(n, slots, cx);
    match node {
        Node::Literal(v) => Some(N::literal(v, cx)),
        Node::Slot(i) => slots.get(*i).cloned(),
        Node::Add(xs) => combine(xs, slots, cx, N::add).or_else(|| xs.is_empty().then(|| whole(0, cx))),
        Node::Mul(xs) => combine(xs, slots, cx, N::mul).or_else(|| xs.is_empty().then(|| whole(1, cx))),
        Node::IntegerPower(b, n) => go(b)?.integer_power(*n),
        Node::Power(b, p) => go(b)?.power(&go(p)?),
        Node::Ln(a) => go(a)?.ln(),
        Node::Exp(a) => Some(go(a)?.exp()),
        Node::Abs(a) => {
            let value = go(a)?;
            largest(vec![value.neg(), value], true)
        }
        Node::Extremum(max, xs) => largest(xs.iter().map(go).collect::<Option<_>>()?, *max),
        Node::Cases(cs) => {
            for (value, test) in cs {
                if holds(test, slots, cx)? {
                    return go(value);
                }
            }
            None
        }
    }
}

fn combine<N: Number>(xs: &[Node], slots: &[N], cx: N::Context, op: fn(&N, &N) -> N) -> Option<N> {
    let mut values = xs.iter().map(|x| eval(x, slots, cx));
    let first = values.next()??;
    values.try_fold(first, |sum, v| v.map(|v| op(&sum, &v)))
}

fn whole<N: Number>(n: i64, cx: N::Context) -> N {
    N::literal(&Literal::new(&rug::Rational::from(n)), cx)
}

fn largest<N: Number>(values: Vec<N>, max: bool) -> Option<N> {
    let mut values = values.into_iter();
    let mut best = values.next()?;
    for v in values {
        let order = v.compare(&best)?;
        if order.is_eq() && !v.identical(&best) {
            return None;
        }
        if if max { order.is_gt() } else { order.is_lt() } {
            best = v;
        }
    }
    Some(best)
}

fn holds<N: Number>(test: &Test, slots: &[N], cx: N::Context) -> Option<bool> {
    Some(match test {
        Test::Always => true,
        Test::Never => false,
        Test::Rel(a, r, b) => r.holds(eval(a, slots, cx)?.compare(&eval(b, slots, cx)?)?),
        Test::Not(p) => !holds(p, slots, cx)?,
        Test::And(ps) => {
            for p in ps {
                if !holds(p, slots, cx)? {
                    return Some(false);
                }
            }
            true
        }
        Test::Or(ps) => {
            for p in ps {
                if holds(p, slots, cx)? {
                    return Some(true);
                }
            }
            false
        }
        Test::Iff(p, q) => holds(p, slots, cx)? == holds(q, slots, cx)?,
    })
}

#[cfg(test)]
mod tests {
    use rug::Float;

    use super::*;
    use crate::expr::Case;

    fn at(e: &Expr, x: f64) -> Option<f64> {
        let slots = Slots::from([(Symbol::new("x"), 0)]);
        Program::new(e, &slots).expect("elementary").near(&[x])
    }

    #[test]
    fn a_term_is_undefined_where_its_semantics_says_so() {
        let x = Expr::sym("x");
        let cases = Expr::Cases(vec![Case {
            value: Expr::int(7),
            condition: Some(Formula::rel(x.clone(), Relation::Gt, Expr::int(0))),
        }]);
        assert_eq!(at(&Expr::recip(x.clone()), 0.0), None);
        assert_eq!(at(&Expr::sqrt(x.clone()), -1.0), None);
        assert_eq!(at(&Expr::sqrt(x.clone()), 0.0), Some(0.0));
        assert_eq!(at(&Expr::pow(x.clone(), Expr::int(2)), -3.0), Some(9.0));
        assert_eq!(at(&cases, 1.0), Some(7.0));
        assert_eq!(at(&cases, -1.0), None);
        assert_eq!(at(&Expr::Fun(Function::Ln, vec![x]), 0.0), None);
    }

    #[test]
    fn a_literal_is_exact_to_the_precision_in_which_it_is_evaluated() {
        let third = Program::new(&Expr::ratio(1, 3), &Slots::new()).expect("a literal");
        let value = third.run::<Float>(&[], 300).expect("defined");
        let error: Float = value * 3u32 - 1u32;
        assert!(error.abs() < 1e-89);
    }

    #[test]
    fn a_symbol_without_a_value_is_an_error() {
        let unbound = Program::new(&Expr::sym("z"), &Slots::new());
        assert_eq!(unbound.err(), Some(OptimumError::Unbound(Symbol::new("z"))));
    }
}
