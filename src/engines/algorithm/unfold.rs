//! Functions put in and derivatives taken, so that what is left can be evaluated.
//!
//! From the inside out: a derivative is taken of a term without functions, by
//! [`crate::expr::derive`], before arguments are put in for parameters.

use std::cell::{Cell, RefCell};

use crate::expr::derive::derivative;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Symbol};
use crate::tex::plain;

use super::program::Function;

/// The size beyond which a term is given up.
const LARGEST: usize = 50_000;
/// The most functions inside one another: terms are walked by recursion.
const DEEPEST: usize = 16;

/// The term with every function put in and every derivative taken; `Err` says, for people, why not.
pub fn unfolded(e: &Expr, functions: &[Function]) -> Result<Expr, String> {
    let unfolder = Unfolder::new(functions);
    let out = unfolder.term(e, &[]);
    unfolder.finished(out, |e| e.is_elementary().then_some(()).ok_or_else(|| plain(e)))
}

/// The same for a formula.
pub fn unfolded_formula(f: &Formula, functions: &[Function]) -> Result<Formula, String> {
    let unfolder = Unfolder::new(functions);
    let out = unfolder.formula(f, &[]);
    unfolder.finished(out, |f| f.is_elementary().then_some(()).ok_or_else(|| crate::tex::plain_formula(f)))
}

struct Unfolder<'a> {
    functions: &'a [Function],
    /// The functions that are being put in around the current term.
    open: RefCell<Vec<Symbol>>,
    size: Cell<usize>,
    error: RefCell<Option<String>>,
}

impl<'a> Unfolder<'a> {
    fn new(functions: &'a [Function]) -> Self {
        Unfolder { functions, open: RefCell::default(), size: Cell::new(0), error: RefCell::default() }
    }

    fn finished<T>(self, out: T, elementary: impl Fn(&T) -> Result<(), String>) -> Result<T, String> {
        if let Some(error) = self.error.into_inner() {
            return Err(error);
        }
        elementary(&out).map_err(|what| format!("`{what}` is nothing that can be evaluated"))?;
        Ok(out)
    }

    fn fail(&self, message: String) -> Expr {
        self.error.borrow_mut().get_or_insert(message);
        Expr::int(0)
    }

    /// `hidden` are the parameters of the function whose body this is.
    fn term(&self, e: &Expr, hidden: &[Symbol]) -> Expr {
        self.size.set(self.size.get() + 1);
        if self.error.borrow().is_some() {
            return Expr::int(0);
        }
        if self.size.get() > LARGEST {
            return self.fail(format!("with every function put in there are more than {LARGEST} terms"));
        }
        match e {
            Expr::Sym(s) if !hidden.contains(s) => match self.named(s) {
                Some(f) => self.put_in(f, 0, &[]),
                None => e.clone(),
            },
            Expr::Apply { function, primes, args } => {
                let args: Vec<Expr> = args.iter().map(|a| self.term(a, hidden)).collect();
                match self.named(function) {
                    Some(f) => self.put_in(f, *primes, &args),
                    None => self.fail(format!("`{function}` has no formula here")),
                }
            }
            Expr::Derivative { body, variable, order } => {
                let body = self.term(body, hidden);
                self.derived(body, variable, *order)
            }
            Expr::At { body, variable, value } => {
                let (body, value) = (self.term(body, hidden), self.term(value, hidden));
                body.substitute(variable, &value)
            }
            _ => e.map(&mut |c| self.term(c, hidden), &mut |f| self.formula(f, hidden)),
        }
    }

    fn formula(&self, f: &Formula, hidden: &[Symbol]) -> Formula {
        f.map(&mut |e| self.term(e, hidden))
    }

    fn named(&self, name: &Symbol) -> Option<&'a Function> {
        self.functions.iter().find(|f| f.name == *name)
    }

    fn put_in(&self, f: &Function, primes: u32, args: &[Expr]) -> Expr {
        if args.len() != f.parameters.len() {
            return self.fail(format!(
                "`{}` takes {} arguments, and {} are given",
                f.name,
                f.parameters.len(),
                args.len()
            ));
        }
        if self.open.borrow().contains(&f.name) {
            return self.fail(format!("`{}` is defined by itself", f.name));
        }
        if self.open.borrow().len() >= DEEPEST {
            return self.fail(format!("functions are nested more than {DEEPEST} deep"));
        }
        self.open.borrow_mut().push(f.name.clone());
        let body = self.term(&f.body, &f.parameters);
        self.open.borrow_mut().pop();
        let body = match f.parameters.first() {
            Some(first) => self.derived(body, first, primes),
            None => body,
        };
        let with: Substitution = f.parameters.iter().cloned().zip(args.iter().cloned()).collect();
        let out = body.substitute_all(&with);
        self.size.set(self.size.get().saturating_add(out.size()));
        out
    }

    fn derived(&self, body: Expr, by: &Symbol, order: u32) -> Expr {
        let mut out = body;
        for _ in 0..order {
            self.size.set(self.size.get().saturating_add(out.size()));
            if self.error.borrow().is_some() || self.size.get() > LARGEST {
                break;
            }
            out = match derivative(&out, by) {
                Some(d) => d,
                None => {
                    self.fail(format!("there is no term for the derivative of `{}` by `{by}`", plain(&out)))
                }
            };
        }
        out
    }
}
