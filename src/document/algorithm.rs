//! `[algorithm.NAME]`: what is done again and again.

use std::collections::BTreeSet;
use std::sync::Arc;

use rug::Rational;
use toml_edit::{Item, TableLike};

use crate::algorithm::{Function, MOST_PASSES, MOST_ROUNDS, Program, Step};
use crate::algorithm::{unfolded, unfolded_formula};
use crate::expr::derive::derivative;
use crate::expr::{Entry, Expr, Formula, Kind, Scope, Symbol};
use crate::prove::evaluate::{Point, Value, value};
use crate::tex;

use super::diagnostic::{Problem, suggest};
use super::fields::{Context, Fields, list_of};
use super::source::Located;

const KEYS: [&str; 9] =
    ["parameters", "data", "where", "losses", "state", "before", "counter", "rounds", "steps"];
const STEP_KEYS: [&str; 7] = ["set", "to", "if", "while", "do", "else", "at-most"];

/// Bits that suffice for a number in a file: it is rational.
const BITS: u32 = 64;

/// An algorithm that a file declares.
#[derive(Clone, Debug)]
pub struct Algorithm {
    /// Every name that its terms and claims about it may use.
    pub(super) scope: Arc<Scope>,
    pub(super) parameters: Vec<Symbol>,
    /// The names that have a value, apart from functions.
    pub(super) valued: BTreeSet<Symbol>,
    pub(super) program: Program,
}

/// Reads one `[algorithm.NAME]`. What is wrong is reported, and the algorithm left out.
pub(super) fn read(
    cx: Context,
    name: &Located<String>,
    table: &dyn TableLike,
    around: &Scope,
) -> Option<Algorithm> {
    let before = cx.problems.borrow().len();
    let fields = Fields::new(cx, table, name.span.clone(), "an algorithm", &KEYS);
    let mut names = Names { cx, scope: around.clone(), valued: BTreeSet::new() };
    let parameters: Vec<Symbol> =
        fields.latex_list("parameters").iter().filter_map(|p| names.declare(p)).collect();
    let data = data(&fields, &mut names);
    let state: Vec<(Symbol, &Item)> = fields
        .entries("state")
        .into_iter()
        .filter_map(|(x, item)| Some((names.declare(&x)?, item)))
        .collect();
    if state.is_empty() {
        fields.missing("state", "give each variable its initial value: state = { 'x' = 'x_0' }");
    }
    let variables: BTreeSet<Symbol> = state.iter().map(|(x, _)| x.clone()).collect();
    let before_round = before_round(&fields, &mut names, &variables);
    let counter = fields.latex("counter").and_then(|c| names.declare(&c));
    let functions = functions(&fields, &mut names);
    if cx.problems.borrow().len() > before {
        // What uses a name that was not understood would only repeat it.
        return None;
    }
    let reader = Reader { cx, names: &names, functions: &functions, variables: &variables };
    let initial = state
        .into_iter()
        .filter_map(|(x, item)| Some((x.clone(), reader.term(&cx.latex(x.latex(), item)?)?)))
        .collect();
    let rounds = reader.rounds(&fields);
    let steps = reader.steps(&fields, "steps");
    if fields.get("steps").is_none() {
        fields.missing("steps", "list what is done in a round: steps = [{ set = 'x', to = '…' }]");
    }
    let rounds = rounds?;
    if cx.problems.borrow().len() > before {
        return None;
    }
    let program = Program { functions, data, state: initial, before: before_round, counter, rounds, steps };
    Some(Algorithm { scope: Arc::new(names.scope), parameters, valued: names.valued, program })
}

/// The names of an algorithm, as they are declared.
struct Names<'a> {
    cx: Context<'a>,
    scope: Scope,
    valued: BTreeSet<Symbol>,
}

impl Names<'_> {
    /// Declares a variable or a parameter, whatever else the paper calls so.
    fn declare(&mut self, name: &Located<String>) -> Option<Symbol> {
        let head = self.cx.read(name, tex::parse_head)?.value;
        if !head.parameters.is_empty() {
            let problem = Problem::BadSymbol(name.value.clone());
            self.cx.report(name.span.clone(), problem, "functions stand under `where` or `losses`");
            return None;
        }
        self.add(name, head.name)
    }

    fn add(&mut self, name: &Located<String>, symbol: Symbol) -> Option<Symbol> {
        if !self.valued.insert(symbol.clone()) {
            let problem = Problem::DuplicateSymbol(name.value.clone());
            self.cx.report(name.span.clone(), problem, "each name of an algorithm has one meaning");
            return None;
        }
        self.scope.variable(symbol.clone(), vec![]);
        Some(symbol)
    }
}

/// The `data` table: `'z_i' = ['1', '-2']` gives `z_1` and `z_2` their values.
fn data(fields: &Fields, names: &mut Names) -> Vec<(Symbol, Rational)> {
    let mut out = vec![];
    for (family, item) in fields.entries("data") {
        let symbol = Symbol::new(&family.value);
        let letter = names.scope.indices().iter().find_map(|range| range.letter_in(&symbol));
        let Some(letter) = letter else {
            let message = format!("`{}` has no index letter", family.value);
            let help = "declare the letter: [indices] i = '1, \\ldots, n', and write 'z_i'";
            fields.cx.report(family.span, Problem::Incomplete(message), help);
            continue;
        };
        let Some(general) = names.declare(&family) else { continue };
        for (k, value) in list_of(item).iter().enumerate() {
            let Some(number) = number(fields.cx, &family.value, value) else { continue };
            let member = general.reindexed(&letter, &Symbol::new(&(k + 1).to_string()));
            let Some(member) = member.and_then(|m| names.add(&family, m)) else { continue };
            out.push((member, number));
        }
    }
    names.scope.spread();
    out
}

/// The `before` table: `'x^{old}' = 'x'`.
fn before_round(fields: &Fields, names: &mut Names, variables: &BTreeSet<Symbol>) -> Vec<(Symbol, Symbol)> {
    let mut out = vec![];
    for (name, item) in fields.entries("before") {
        let Some(of) = fields.cx.latex(&name.value, item) else { continue };
        let Some(of) = variable(fields.cx, &of, variables) else { continue };
        if let Some(name) = names.declare(&name) {
            out.push((name, of));
        }
    }
    out
}

/// A variable of the state.
fn variable(cx: Context, name: &Located<String>, variables: &BTreeSet<Symbol>) -> Option<Symbol> {
    let symbol = Symbol::new(&name.value);
    if variables.contains(&symbol) {
        return Some(symbol);
    }
    let known: Vec<&str> = variables.iter().map(Symbol::latex).collect();
    let problem = Problem::Incomplete(format!("`{}` is not a variable of the algorithm", name.value));
    cx.report(name.span.clone(), problem, suggest(&name.value, "variables under `state`", &known));
    None
}

/// The tables `where` and `losses`, whose functions may use one another, whatever their order.
fn functions(fields: &Fields, names: &mut Names) -> Vec<Function> {
    let cx = fields.cx;
    let mut heads = vec![];
    for key in ["where", "losses"] {
        for (left, item) in fields.entries(key) {
            let Some(head) = cx.read(&left, tex::parse_head) else { continue };
            let tex::Head { name, parameters } = head.value.clone();
            let twice = heads.iter().any(|(h, ..): &(Located<tex::Head>, _, _)| h.value.name == name);
            if twice || names.valued.contains(&name) {
                let problem = Problem::DuplicateSymbol(left.value.clone());
                cx.report(left.span, problem, "each name of an algorithm has one meaning");
                continue;
            }
            let kind = if parameters.is_empty() { Kind::Name } else { Kind::Function };
            names.scope.redeclare(Entry { symbol: name, kind, domain: vec![] });
            heads.push((head, item, key));
        }
    }
    names.scope.spread();
    let mut out: Vec<Function> = vec![];
    let mut places = vec![];
    for (head, item, key) in heads {
        let tex::Head { name, parameters } = head.value.clone();
        let Some(text) = cx.latex(&head.text, item) else { continue };
        let mut inner = names.scope.clone();
        for p in &parameters {
            inner.variable(p.clone(), vec![]);
        }
        let Some(body) = cx.read(&text, |src| tex::parse_expr(src, &inner)) else { continue };
        out.push(Function { name, parameters, body: body.value.clone() });
        places.push((body, key));
    }
    let complete = out.clone();
    for (f, (body, key)) in complete.iter().zip(&places) {
        // Its own parameters are no functions, whatever else is called so.
        let others: Vec<Function> =
            complete.iter().filter(|g| !f.parameters.contains(&g.name)).cloned().collect();
        if let Err(message) = sound(f, &others, *key == "losses") {
            cx.report(body.span.clone(), Problem::Definition(message), "write it as a term that has values");
            continue;
        }
        valued(cx, &body.with(f.body.clone()), &others, &names.valued, &f.parameters);
    }
    out
}

/// Whether a function can be put in, and a loss be differentiated.
fn sound(f: &Function, functions: &[Function], is_loss: bool) -> Result<(), String> {
    // The name itself is put in, so that a function that needs itself is seen to.
    let args = f.parameters.iter().map(|p| Expr::Sym(p.clone())).collect();
    let whole = match f.parameters.is_empty() {
        true => Expr::Sym(f.name.clone()),
        false => Expr::Apply { function: f.name.clone(), primes: 0, args },
    };
    let body = unfolded(&whole, functions)?;
    if is_loss && f.parameters.is_empty() {
        return Err(format!("the loss `{}` has no arguments", f.name));
    }
    let rough = f.parameters.iter().find(|p| is_loss && derivative(&body, p).is_none());
    rough.map_or(Ok(()), |p| Err(format!("there is no term for the derivative of `{}` by `{p}`", f.name)))
}

/// Reports what has no value among the symbols of a term with its functions put in.
fn valued(cx: Context, at: &Located<Expr>, functions: &[Function], known: &BTreeSet<Symbol>, own: &[Symbol]) {
    if let Ok(term) = unfolded(&at.value, functions) {
        unvalued(cx, &at.with(()), &term.free(), known, own);
    }
}

fn unvalued(
    cx: Context,
    at: &Located<()>,
    free: &BTreeSet<Symbol>,
    known: &BTreeSet<Symbol>,
    own: &[Symbol],
) {
    if let Some(missing) = free.iter().find(|s| !known.contains(s) && !own.contains(s)) {
        let names: Vec<&str> = known.iter().map(Symbol::latex).collect();
        let problem = Problem::Incomplete(format!("`{missing}` has no value in the algorithm"));
        let help = suggest(missing.latex(), "names with a value", &names);
        cx.report(at.span.clone(), problem, help);
    }
}

/// What terms and steps of an algorithm are read with.
struct Reader<'a> {
    cx: Context<'a>,
    names: &'a Names<'a>,
    functions: &'a [Function],
    variables: &'a BTreeSet<Symbol>,
}

impl Reader<'_> {
    fn term(&self, text: &Located<String>) -> Option<Expr> {
        let read = self.cx.read(text, |src| tex::parse_expr(src, &self.names.scope))?;
        match unfolded(&read.value, self.functions) {
            Ok(term) => {
                unvalued(self.cx, &text.with(()), &term.free(), &self.names.valued, &[]);
                Some(read.value)
            }
            Err(why) => {
                self.cx.report(
                    text.span.clone(),
                    Problem::Incomplete(why),
                    "write it with what has a formula",
                );
                None
            }
        }
    }

    fn formula(&self, text: &Located<String>) -> Option<Located<Formula>> {
        formula(self.cx, text, &self.names.scope, self.functions, &self.names.valued)
    }

    /// `rounds = 20` or `rounds = 'T'`.
    fn rounds(&self, fields: &Fields) -> Option<Expr> {
        match fields.get("rounds") {
            None => {
                fields.missing("rounds", "say how many rounds there are: rounds = 20, or a parameter");
                None
            }
            Some(item) if item.is_integer() => {
                let n = counted(fields, "rounds", item, MOST_ROUNDS)?;
                Some(Expr::int(n.into()))
            }
            Some(item) => self.term(&self.cx.latex("rounds", item)?),
        }
    }

    fn steps(&self, fields: &Fields, key: &str) -> Vec<Step> {
        let steps = fields.tables(key);
        steps
            .into_iter()
            .filter_map(|(table, place)| self.step(&Fields::new(self.cx, table, place, "a step", &STEP_KEYS)))
            .collect()
    }

    fn step(&self, fields: &Fields) -> Option<Step> {
        let has = |key: &str| fields.get(key).is_some();
        let kinds: Vec<&str> = ["set", "if", "while"].into_iter().filter(|k| has(k)).collect();
        let [kind] = kinds.as_slice() else {
            let help = "write { set = 'x', to = '…' }, { if = '…', do = […] } or { while = '…', do = […], at-most = 50 }";
            fields.missing("set", help);
            return None;
        };
        let fitting: &[&str] = match *kind {
            "set" => &["set", "to"],
            "if" => &["if", "do", "else"],
            _ => &["while", "do", "at-most"],
        };
        if let Some(odd) = STEP_KEYS.iter().find(|k| has(k) && !fitting.contains(k)) {
            let problem =
                Problem::UnknownKey { key: (*odd).to_owned(), table: format!("a step with `{kind}`") };
            self.cx.report(fields.key_span(odd), problem, format!("it has `{}`", fitting.join("`, `")));
            return None;
        }
        if *kind == "set" {
            return self.set(fields);
        }
        if !has("do") {
            fields.missing("do", "list the steps inside: do = [{ set = 'x', to = '…' }]");
            return None;
        }
        let condition = fields.latex(kind).and_then(|text| self.formula(&text)).map(|f| f.value);
        let body = self.steps(fields, "do");
        if *kind == "if" {
            let otherwise = self.steps(fields, "else");
            return Some(Step::If { condition: condition?, then: body, otherwise });
        }
        let Some(bound) = fields.get("at-most") else {
            fields.missing("at-most", "say after how many passes the loop is given up: at-most = 50");
            return None;
        };
        let at_most = counted(fields, "at-most", bound, MOST_PASSES)?;
        Some(Step::While { condition: condition?, body, at_most })
    }

    /// `{ set = ['x', 'y'], to = ['…', '…'] }`: all at once.
    fn set(&self, fields: &Fields) -> Option<Step> {
        let (names, terms) = (fields.latex_list("set"), fields.latex_list("to"));
        if names.len() != terms.len() {
            let problem = Problem::Incomplete(format!("{} names and {} terms", names.len(), terms.len()));
            self.cx.report(fields.key_span("set"), problem, "give each name its term: set = 'x', to = '…'");
            return None;
        }
        let pairs = names.iter().zip(&terms).map(|(x, to)| {
            let (x, to) = (variable(self.cx, x, self.variables), self.term(to));
            Some((x?, to?))
        });
        Some(Step::Set(pairs.collect::<Vec<_>>().into_iter().collect::<Option<_>>()?))
    }
}

/// A formula whose symbols all have values.
pub(super) fn formula(
    cx: Context,
    text: &Located<String>,
    scope: &Scope,
    functions: &[Function],
    known: &BTreeSet<Symbol>,
) -> Option<Located<Formula>> {
    let read = cx.read(text, |src| tex::parse_formula(src, scope))?;
    match unfolded_formula(&read.value, functions) {
        Ok(f) => {
            unvalued(cx, &text.with(()), &f.free(), known, &[]);
            Some(read)
        }
        Err(why) => {
            cx.report(text.span.clone(), Problem::Incomplete(why), "write it with what has a formula");
            None
        }
    }
}

/// An integer from 1 to a bound.
fn counted(fields: &Fields, key: &str, item: &Item, most: u32) -> Option<u32> {
    let found = item.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=most).contains(n));
    if found.is_none() {
        fields.cx.wrong_type(key, item, &format!("an integer from 1 to {most}"));
    }
    found
}

/// A rational number: `3`, `'1/2'`, `'\frac{1}{2}'`.
pub(super) fn number(cx: Context, key: &str, item: &Item) -> Option<Rational> {
    if let Some(n) = item.as_integer() {
        return Some(n.into());
    }
    let text = cx.latex(key, item)?;
    let term = cx.read(&text, |src| tex::parse_expr(src, &Scope::new()))?;
    match value(&term.value, &Point::new(), BITS) {
        Value::Exact(q) => Some(q),
        _ => {
            let problem = Problem::Incomplete(format!("`{}` is no rational number", text.value));
            cx.report(text.span, problem, "write a number such as '1/2'");
            None
        }
    }
}
