//! Tables of definitions, `where = { 'f(x)' = 'x^2' }`, and their expansion.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::expr::substitute::Substitution;
use crate::expr::{Entry, Expr, Formula, Kind, Scope, Symbol};
use crate::game::model::Definition as Function;
use crate::tex;

use super::diagnostic::Problem;
use super::fields::Fields;
use super::source::Located;
use super::symbols::imply;

/// The number of nodes beyond which an expansion is given up: definitions that double each other
/// grow exponentially.
const LARGEST_EXPANSION: usize = 50_000;

/// `f(x) = body`, or `A = body`.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The whole left side as it is written.
    pub head: Located<Symbol>,
    pub params: Vec<Symbol>,
    pub body: Located<Expr>,
}

impl Definition {
    /// The definition without its place in a file.
    pub fn function(&self) -> Function {
        Function {
            name: self.head.value.clone(),
            parameters: self.params.clone(),
            body: self.body.value.clone(),
        }
    }
}

/// Reads the table under `key`, and declares what it defines in `scope`. Bodies may use every
/// definition of the table, whatever their order, but none may use itself.
pub(super) fn read(fields: &Fields, key: &str, scope: &mut Scope) -> Vec<Definition> {
    let cx = fields.cx;
    let mut heads = vec![];
    for (left, item) in fields.entries(key) {
        let Some(head) = cx.read(&left, tex::parse_head) else { continue };
        let kind = if head.value.parameters.is_empty() { Kind::Name } else { Kind::Function };
        let entry = Entry { symbol: head.value.name.clone(), kind, domain: vec![] };
        imply(cx, scope, entry, &left);
        heads.push((head, item));
    }
    let mut out: Vec<Definition> = vec![];
    for (head, item) in heads {
        let tex::Head { name, parameters: params } = head.value.clone();
        let Some(text) = cx.latex(&head.text, item) else { continue };
        let mut inner = scope.clone();
        for p in &params {
            inner.variable(p.clone(), vec![]);
        }
        let Some(body) = cx.read(&text, |src| tex::parse_expr(src, &inner)) else { continue };
        if out.iter().any(|d| d.head.value == name) {
            let message = format!("`{name}` is defined twice");
            cx.report(head.span, Problem::Definition(message), "keep one of the definitions");
            continue;
        }
        out.push(Definition { head: head.with(name), params, body });
    }
    for d in &out {
        if let Err(message) = expand(&d.body.value, &out) {
            cx.report(d.body.span.clone(), Problem::Definition(message), "define it without itself");
            return vec![];
        }
    }
    scope.spread();
    spread(&mut out, scope);
    out
}

/// Adds the definitions of the members of families at every letter at which none is given.
fn spread(definitions: &mut Vec<Definition>, scope: &Scope) {
    for range in scope.indices() {
        for d in definitions.clone() {
            let Some(from) = range.letter_in(&d.head.value) else { continue };
            for to in range.all_letters() {
                let at = |s: &Symbol| s.reindexed(&from, &to).unwrap_or_else(|| s.clone());
                if definitions.iter().any(|known| known.head.value == at(&d.head.value)) {
                    continue;
                }
                definitions.push(Definition {
                    head: d.head.with(at(&d.head.value)),
                    params: d.params.iter().map(at).collect(),
                    body: d.body.with(d.body.value.reindexed(&from, &to)),
                });
            }
        }
    }
}

/// The term with every defined function and name replaced by what it stands for.
///
/// `Err` says, for people, why it cannot be done: a definition that needs itself, a wrong number
/// of arguments, a function without its arguments or with primes, a bound variable that occurs
/// free in a definition, or a result of more than 50,000 nodes.
pub fn expand(term: &Expr, definitions: &[Definition]) -> Result<Expr, String> {
    let by_name = definitions.iter().map(|d| (&d.head.value, d)).collect();
    let expander =
        Expander { by_name, open: RefCell::default(), size: RefCell::new(0), error: RefCell::default() };
    let out = expander.term(term);
    match expander.error.into_inner() {
        Some(error) => Err(error),
        None => Ok(out),
    }
}

struct Expander<'a> {
    by_name: BTreeMap<&'a Symbol, &'a Definition>,
    /// The definitions that are being expanded around the current term.
    open: RefCell<Vec<&'a Symbol>>,
    size: RefCell<usize>,
    error: RefCell<Option<String>>,
}

impl<'a> Expander<'a> {
    fn fail(&self, message: String) -> Expr {
        self.error.borrow_mut().get_or_insert(message);
        Expr::int(0)
    }

    fn term(&self, e: &Expr) -> Expr {
        *self.size.borrow_mut() += 1;
        if self.error.borrow().is_some() {
            return Expr::int(0);
        }
        if *self.size.borrow() > LARGEST_EXPANSION {
            return self.fail(format!("the definitions expand to more than {LARGEST_EXPANSION} terms"));
        }
        if let Some(bound) = bound_variable(e)
            && (self.occurs(bound) || self.captures(e, bound))
        {
            return self.fail(format!("the bound variable `{bound}` occurs in a definition"));
        }
        match e {
            Expr::Sym(s) => match self.by_name.get(s) {
                Some(d) => self.unfold(d, &[]),
                None => e.clone(),
            },
            Expr::Apply { function, primes, args } => match self.by_name.get(function) {
                Some(_) if *primes > 0 => self.fail(format!(
                    "`{function}` has a definition, so write its derivative as `\\frac{{\\partial}}"
                )),
                Some(d) => self.unfold(d, args),
                None => self.inside(e),
            },
            _ => self.inside(e),
        }
    }

    fn inside(&self, e: &Expr) -> Expr {
        e.map(&mut |c| self.term(c), &mut |f| self.formula(f))
    }

    fn formula(&self, f: &Formula) -> Formula {
        f.map(&mut |c| self.term(c))
    }

    fn unfold(&self, d: &'a Definition, args: &[Expr]) -> Expr {
        let name = &d.head.value;
        if args.len() != d.params.len() {
            return self.fail(format!("`{name}` takes {} here: `{}`", count(d.params.len()), d.head.text));
        }
        if self.open.borrow().contains(&name) {
            return self.fail(format!("the definition of `{name}` needs itself"));
        }
        // Arguments belong to the place of the call: they are expanded before the name is open. They
        // replace the parameters before the body is expanded, for a parameter may be spelled like a
        // symbol that another definition uses freely.
        let with: Substitution = d.params.iter().cloned().zip(args.iter().map(|a| self.term(a))).collect();
        self.open.borrow_mut().push(name);
        let out = self.term(&d.body.value.substitute_all(&with));
        self.open.borrow_mut().pop();
        out
    }

    /// Whether the symbol is defined, or free in the body of a definition.
    fn occurs(&self, s: &Symbol) -> bool {
        let free = |d: &Definition| -> BTreeSet<Symbol> {
            d.body.value.free().into_iter().filter(|x| !d.params.contains(x)).collect()
        };
        self.by_name.contains_key(s) || self.by_name.values().any(|d| free(d).contains(s))
    }
}

impl Expander<'_> {
    /// Whether a definition of something that is no member of a family speaks of a member at the
    /// letter that a gathering binds.
    fn captures(&self, e: &Expr, index: &Symbol) -> bool {
        let loose = |d: &&Definition| {
            let own = d.head.value.has_index(index) || d.params.iter().any(|p| p.has_index(index));
            !own && d.body.value.has_index(index)
        };
        matches!(e, Expr::Over { .. }) && self.by_name.values().any(loose)
    }
}

fn count(n: usize) -> String {
    match n {
        0 => "no argument".to_owned(),
        1 => "one argument".to_owned(),
        n => format!("{n} arguments"),
    }
}

fn bound_variable(e: &Expr) -> Option<&Symbol> {
    match e {
        Expr::Derivative { variable, .. } | Expr::At { variable, .. } | Expr::Optimum { variable, .. } => {
            Some(variable)
        }
        Expr::Over { index, .. } => Some(index),
        Expr::Limit { quantity, .. } => quantity.as_sym(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::FileId;
    use crate::expr::Extremum;

    fn define(name: &str, params: &[&str], body: Expr) -> Definition {
        let piece = Located { value: (), text: name.to_owned(), file: FileId(0), span: 0..0, line: 1 };
        Definition {
            head: piece.with(Symbol::new(name)),
            params: params.iter().map(|p| Symbol::new(p)).collect(),
            body: piece.with(body),
        }
    }

    fn call(function: &str, args: Vec<Expr>) -> Expr {
        Expr::Apply { function: Symbol::new(function), primes: 0, args }
    }

    #[test]
    fn parameters_are_replaced_by_the_arguments_all_at_once() {
        let (x, y) = (Expr::sym("x"), Expr::sym("y"));
        let f = define("f", &["x", "y"], x.clone() - y.clone());
        assert_eq!(expand(&call("f", vec![y.clone(), x.clone()]), &[f]), Ok(y - x));
    }

    #[test]
    fn definitions_may_use_one_another_and_themselves_as_arguments() {
        let x = Expr::sym("x");
        let f = define("f", &["x"], call("g", vec![x.clone()]));
        let g = define("g", &["x"], x.clone() + Expr::int(1));
        let twice = call("f", vec![call("f", vec![x.clone()])]);
        assert_eq!(expand(&twice, &[f, g]), Ok(x + Expr::int(1) + Expr::int(1)));
    }

    #[test]
    fn a_parameter_is_told_from_a_free_symbol_with_the_same_name() {
        let x = Expr::sym("x");
        let f = define("f", &["x"], call("g", vec![x.clone()]));
        let g = define("g", &["y"], Expr::sym("y") + x.clone());
        assert_eq!(expand(&call("f", vec![Expr::int(1)]), &[f, g]), Ok(Expr::int(1) + x));
    }

    #[test]
    fn a_definition_that_needs_itself_is_refused() {
        let f = define("f", &["x"], call("g", vec![Expr::sym("x")]));
        let g = define("g", &["x"], call("f", vec![Expr::sym("x")]));
        let error = expand(&call("f", vec![Expr::int(1)]), &[f, g]);
        assert_eq!(error, Err("the definition of `f` needs itself".to_owned()));
    }

    #[test]
    fn a_bound_variable_is_never_captured() {
        let (x, y) = (Symbol::new("x"), Symbol::new("y"));
        let f = define("f", &["y"], Expr::Sym(x.clone()) + Expr::Sym(y));
        let max = Expr::Optimum {
            which: Extremum::Max,
            variable: x.clone(),
            over: None,
            body: Box::new(call("f", vec![Expr::Sym(x)])),
        };
        assert_eq!(expand(&max, &[f]), Err("the bound variable `x` occurs in a definition".to_owned()));
    }

    #[test]
    fn definitions_that_double_each_other_are_given_up() {
        let mut all = vec![define("f_0", &["x"], Expr::sym("x"))];
        for i in 1..40 {
            let inner = call(&format!("f_{}", i - 1), vec![Expr::sym("x")]);
            all.push(define(&format!("f_{i}"), &["x"], inner.clone() + inner));
        }
        let error = expand(&call("f_39", vec![Expr::int(1)]), &all).expect_err("too large");
        assert!(error.contains("more than 50000"), "{error}");
    }

    #[test]
    fn a_wrong_number_of_arguments_is_refused() {
        let f = define("f", &["x"], Expr::sym("x"));
        let error = expand(&call("f", vec![]), &[f]).expect_err("no argument");
        assert_eq!(error, "`f` takes one argument here: `f`");
    }
}
