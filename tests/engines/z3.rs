//! The solver Z3 as a second opinion, through a translation that shares nothing with ours.
//!
//! Where there is no executable (see [`solver`]) the comparison is skipped with a message.

#[path = "../support/z3.rs"]
mod solver;

use std::fmt::Write as _;

use proofread::expr::{Expr, Formula, Function, Relation};

/// One question: can the formula be satisfied?
#[derive(Default)]
struct Script {
    constraints: Vec<String>,
    roots: Vec<(Expr, String)>,
}

/// The script that asks whether `f` can be satisfied.
fn script(f: &Formula) -> String {
    let mut s = Script::default();
    let goal = s.formula(f, true);
    let mut out = "(push)".to_owned();
    for symbol in f.free() {
        write!(out, "(declare-const |{}| Real)", symbol.key()).expect("strings grow");
    }
    for (_, name) in &s.roots {
        write!(out, "(declare-const {name} Real)").expect("strings grow");
    }
    for c in &s.constraints {
        write!(out, "(assert {c})").expect("strings grow");
    }
    writeln!(out, "(assert {goal})(check-sat)(pop)").expect("strings grow");
    out
}

impl Script {
    /// The formula, or its denial; an atom with an undefined side is false either way.
    fn formula(&mut self, f: &Formula, positive: bool) -> String {
        match f {
            Formula::True | Formula::False => ((*f == Formula::True) == positive).to_string(),
            Formula::Not(p) => self.formula(p, !positive),
            Formula::And(ps) => self.list(if positive { "and" } else { "or" }, ps, positive),
            Formula::Or(ps) => self.list(if positive { "or" } else { "and" }, ps, positive),
            Formula::Rel(a, r, b) => {
                let mut defined = vec![];
                let (a, b) = (self.term(a, &mut defined), self.term(b, &mut defined));
                let op = match if positive { *r } else { r.negated() } {
                    Relation::Eq => "=",
                    Relation::Ne => "distinct",
                    Relation::Lt => "<",
                    Relation::Le => "<=",
                    Relation::Gt => ">",
                    Relation::Ge => ">=",
                };
                format!("(and true {} ({op} {a} {b}))", defined.join(" "))
            }
            Formula::Iff(p, q) if **q == Formula::False => format!("(not {})", self.formula(p, true)),
            other => panic!("not drawn: {other:?}"),
        }
    }

    fn list(&mut self, head: &str, ps: &[Formula], positive: bool) -> String {
        let parts: Vec<String> = ps.iter().map(|p| self.formula(p, positive)).collect();
        format!("({head} {})", parts.join(" "))
    }

    /// The term; what it needs to be defined goes to `defined`.
    fn term(&mut self, e: &Expr, defined: &mut Vec<String>) -> String {
        match e {
            Expr::Num(n) => {
                let sign = if *n < 0 { "(- 1)" } else { "1" };
                format!("(* {sign} (/ {}.0 {}.0))", n.numer().clone().abs(), n.denom())
            }
            Expr::Sym(s) => format!("|{}|", s.key()),
            Expr::Add(xs) | Expr::Mul(xs) => {
                let parts: Vec<String> = xs.iter().map(|x| self.term(x, defined)).collect();
                let (op, unit) = if matches!(e, Expr::Add(_)) { ("+", 0) } else { ("*", 1) };
                format!("({op} {unit} {})", parts.join(" "))
            }
            Expr::Pow(b, x) => self.power(b, x, defined),
            Expr::Fun(f, xs) => {
                let parts: Vec<String> = xs.iter().map(|x| self.term(x, defined)).collect();
                let pick = |op: &str| {
                    let first = parts[0].clone();
                    parts[1..].iter().fold(first, |a, b| format!("(ite ({op} {a} {b}) {a} {b})"))
                };
                match f {
                    Function::Abs => format!("(ite (>= {0} 0) {0} (- {0}))", parts[0]),
                    Function::Max => pick(">="),
                    Function::Min => pick("<="),
                    other => panic!("not drawn: {other:?}"),
                }
            }
            other => panic!("not drawn: {other:?}"),
        }
    }

    fn power(&mut self, b: &Expr, x: &Expr, defined: &mut Vec<String>) -> String {
        let base = self.term(b, defined);
        if let Some(n) = x.as_int() {
            let product = vec![base.clone(); n.unsigned_abs() as usize].join(" ");
            if n >= 0 {
                return format!("(* 1 {product})");
            }
            defined.push(format!("(distinct {base} 0)"));
            return format!("(/ 1 (* 1 {product}))");
        }
        assert_eq!(x.as_num(), Some(&rug::Rational::from((1, 2))), "only square roots are drawn");
        defined.push(format!("(>= {base} 0)"));
        if let Some((_, name)) = self.roots.iter().find(|(e, _)| e == b) {
            return name.clone();
        }
        let name = format!("root{}", self.roots.len());
        self.roots.push((b.clone(), name.clone()));
        self.constraints.push(format!("(=> (>= {base} 0) (and (>= {name} 0) (= (* {name} {name}) {base})))"));
        name
    }
}

/// Z3's answers (`sat`, `unsat`, `unknown`), or `None` where the executable is absent.
pub fn ask(questions: &[Formula]) -> Option<Vec<String>> {
    solver::answers(questions.iter().map(script).collect(), 2000)
}

/// Marks a statement that is to be false or undefined. A denial alone would be false where the
/// statement is undefined.
pub fn not_true(statement: &Formula) -> Formula {
    Formula::Iff(Box::new(statement.clone()), Box::new(Formula::False))
}
