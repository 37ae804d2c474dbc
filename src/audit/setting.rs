//! What holds around a claim: the game it speaks of, solved under the claim's assumptions, and
//! the facts about its symbols.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use crate::claim::elaborate::{Solved, family_of};
use crate::claim::{Context, ElaborateError, LimitReading, Reading};
use crate::expr::fold::{fold, fold_formula};
use crate::expr::fraction::sign_within;
use crate::expr::substitute::Substitution;
use crate::expr::{Case, Entry, Expr, Extremum, Formula, Kind, Relation, Scope, Set, Symbol};
use crate::functions::{AnyFunction, members};
use crate::game::Game;
use crate::game::extremum::{self, Closed, Problem, Tools};
use crate::game::induction::{self, Equilibrium, InductionError};
use crate::game::model::Definition;
use crate::prove::{Differentiate, Evidence, Judgement};
use crate::sums::atoms::Atoms;

use super::limit::Limits;
use super::named::Known;

/// A sum over more denominators is not put over a common one for the eye: that may take long.
const MOST_DENOMINATORS: usize = 12;
/// Larger terms, and those with higher powers, are not factored for the eye: that may take long.
const MOST_TO_FACTOR: usize = 300;
const HIGHEST_TO_FACTOR: i64 = 24;

/// A game under assumptions, with everything that is derived from it.
pub struct Setting<'a> {
    /// What is declared where the claim stands.
    pub scope: Scope,
    /// The game with the assumptions that fix symbols put into it.
    pub game: Option<Game>,
    pub solution: Option<Result<Equilibrium, InductionError>>,
    /// Whether a choice that was not solved for stands for itself.
    open: bool,
    /// Domains and assumptions, the names in them as what they stand for.
    pub facts: Vec<Formula>,
    /// The same as they are stated.
    pub stated: Vec<Formula>,
    /// Why an assumption is not understood, if one is not: then nothing is concluded here.
    pub obscure: Option<String>,
    /// Symbols fixed by the assumptions (`k_0 = 2`).
    pub specialise: Substitution,
    /// What names of the paper stand for.
    pub definitions: BTreeMap<Symbol, Expr>,
    /// Functions that are defined beside the game's own.
    pub functions: Vec<Definition>,
    /// Equations that define a name.
    pub equations: BTreeMap<Symbol, Formula>,
    /// Functions without a formula.
    pub any: Vec<AnyFunction>,
    /// What names of sets stand for.
    pub sets: BTreeMap<Symbol, Set>,
    pub(super) known: Known,
    pub(super) limits: Limits,
    tools: Tools<'a>,
    /// Each optimum is looked for once, whoever asks first.
    optima: Mutex<BTreeMap<Reading, Arc<OnceLock<Option<Closed>>>>>,
}

/// The value of an optimum, undefined where its place is tied; nothing where it is not settled what
/// else is as good.
fn single_value(which: Extremum, closed: Closed) -> Option<Expr> {
    if !closed.unsettled.is_empty() || (which.is_arg() && closed.ties != closed.tied) {
        return None;
    }
    if !which.is_arg() || closed.tied.is_empty() {
        return Some(closed.value);
    }
    let untied = Formula::and(closed.tied.into_iter().map(|tie| !tie).collect());
    Some(Expr::Cases(vec![Case { value: closed.value, condition: Some(untied) }]))
}

/// What names stand for around a claim.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    /// Names of the paper.
    pub definitions: BTreeMap<Symbol, Expr>,
    /// Equations that define a name.
    pub equations: BTreeMap<Symbol, Formula>,
    /// What the claim itself defines, which comes first.
    pub local: Vec<Definition>,
    pub sets: BTreeMap<Symbol, Set>,
    /// Functions without a formula.
    pub any: Vec<AnyFunction>,
}

impl<'a> Setting<'a> {
    /// The setting of a claim about `game` under `assuming`.
    pub fn new(
        scope: Scope,
        game: Option<&Game>,
        assuming: &[Formula],
        dictionary: Dictionary,
        tools: Tools<'a>,
        differentiate: &Differentiate,
    ) -> Setting<'a> {
        let (specialise, rest) = fixed_symbols(assuming, &scope);
        let Dictionary { mut definitions, equations, local, sets, any } = dictionary;
        let (names, functions): (Vec<_>, Vec<_>) = local.into_iter().partition(|d| d.parameters.is_empty());
        definitions.extend(names.into_iter().map(|d| (d.name, d.body)));
        let mut facts: Vec<Formula> = scope
            .entries()
            .filter(|e| e.kind == Kind::Variable)
            .flat_map(|e| e.domain.iter())
            .chain(&rest)
            .map(|f| fold_formula(&f.unchained().substitute_all(&specialise)))
            .filter(|f| *f != Formula::True)
            .collect();
        facts.dedup();
        let game = game.map(|g| specialised(g, &specialise));
        // In a game whose payoffs have formulas, a name without one is not another game's function.
        let without_formula =
            game.as_ref().is_none_or(|g| g.payoffs.iter().any(|p| p.body.has_applications()));
        let any = if without_formula { any } else { vec![] };
        let solution = game.as_ref().map(|g| solved(g, &facts, &scope, tools, differentiate));
        let mut setting = Setting {
            scope,
            game,
            solution,
            open: false,
            stated: facts.clone(),
            facts,
            obscure: None,
            specialise,
            definitions,
            functions,
            equations,
            any,
            sets,
            known: Known::default(),
            limits: Limits::default(),
            tools,
            optima: Mutex::default(),
        };
        setting.elaborate_facts();
        setting
    }

    /// The setting with formulas for functions: the game, the facts and the definitions that have
    /// them. Of the game, the last moves count as solved where the first ones are not.
    pub(super) fn with_functions(
        &self,
        game: Game,
        facts: Vec<Formula>,
        functions: Vec<Definition>,
        differentiate: &Differentiate,
    ) -> Setting<'a> {
        let parameters = about_parameters(&facts, &game, &self.scope);
        let solved = induction::solve_last(&game, &parameters, self.tools.judge, differentiate).0;
        let mut setting = Setting {
            scope: self.scope.clone(),
            solution: Some(Ok(solved)),
            open: self.open,
            game: Some(game),
            stated: facts.clone(),
            facts,
            obscure: None,
            specialise: self.specialise.clone(),
            definitions: self.definitions.clone(),
            functions: self.functions.iter().cloned().chain(functions).collect(),
            any: self.any.clone(),
            equations: self.equations.clone(),
            sets: self.sets.clone(),
            known: Known::default(),
            limits: Limits::default(),
            tools: self.tools,
            optima: Mutex::default(),
        };
        setting.elaborate_facts();
        setting
    }

    /// The setting where some symbols have values.
    pub(super) fn at(&self, values: &Substitution, differentiate: &Differentiate) -> Setting<'a> {
        self.again(values, self.open, differentiate)
    }

    /// The setting in which a choice that was not solved for stands for itself.
    pub(super) fn left_open(&self, differentiate: &Differentiate) -> Setting<'a> {
        self.again(&Substitution::new(), true, differentiate)
    }

    fn again(&self, values: &Substitution, open: bool, differentiate: &Differentiate) -> Setting<'a> {
        let facts = self.stated.iter().map(|f| fold_formula(&f.substitute_all(values)));
        let facts: Vec<Formula> = facts.filter(|f| *f != Formula::True).collect();
        let game = self.game.as_ref().map(|g| specialised(g, values));
        let solution = game.as_ref().map(|g| solved(g, &facts, &self.scope, self.tools, differentiate));
        let mut setting = Setting {
            scope: self.scope.clone(),
            solution,
            open,
            game,
            stated: facts.clone(),
            facts,
            obscure: None,
            specialise: self.specialise.iter().chain(values).map(|(s, v)| (s.clone(), v.clone())).collect(),
            definitions: self.definitions.clone(),
            functions: self.functions.clone(),
            any: self.any.clone(),
            equations: self.equations.clone(),
            sets: self.sets.clone(),
            known: Known::default(),
            limits: Limits::default(),
            tools: self.tools,
            optima: Mutex::default(),
        };
        setting.elaborate_facts();
        setting
    }

    /// What is declared of the ranges of some symbols, as it stands among the facts.
    pub(super) fn domain_of(&self, symbols: &[Symbol]) -> Vec<Formula> {
        let of_one = |s: &Symbol| self.scope.entry(s).map_or(vec![], |e| e.domain.clone());
        let domains = symbols.iter().flat_map(of_one);
        domains.map(|f| fold_formula(&f.unchained().substitute_all(&self.specialise))).collect()
    }

    /// Puts what names stand for into the facts, and what functions without a formula are applied
    /// to where that is left out. A fact about a name of which this is not known is obscure.
    fn elaborate_facts(&mut self) {
        let names = self.names();
        let parameters: Vec<Symbol> = self.any.iter().flat_map(|f| f.parameters.clone()).collect();
        let mut obscure = None;
        let mut of = |f: &Formula| {
            let has_names = f.free().iter().any(|s| names.contains(s));
            if !f.has_applications() && !has_names {
                return f.clone();
            }
            // Facts are about the symbols themselves, whatever is chosen.
            let symbols = f.free().into_iter().filter(|s| !names.contains(s));
            let held: Vec<Symbol> = symbols.chain(parameters.iter().cloned()).collect();
            let meant = self.with_context(&held, |c| c.formula(f));
            if has_names && !meant.as_ref().is_ok_and(|f| f.free().is_disjoint(&names)) {
                let why = meant.as_ref().err().map_or(String::new(), |e| format!(": {e}"));
                let shown = crate::tex::plain_formula(f);
                obscure.get_or_insert(format!("the assumption {shown} is not understood{why}"));
            }
            meant.map_or_else(|_| f.clone(), |f| fold_formula(&f.unchained()))
        };
        self.facts = self.facts.iter().map(&mut of).filter(|f| *f != Formula::True).collect();
        self.obscure = obscure;
    }

    /// The engines and the algebra.
    pub fn tools(&self) -> Tools<'a> {
        self.tools
    }

    /// The equilibrium, where it was found symbolically.
    pub fn equilibrium(&self) -> Option<&Equilibrium> {
        self.solution.as_ref().and_then(|s| s.as_ref().ok())
    }

    /// Runs `f` in the context in which the quantities `given` are held fixed; without any, the
    /// game's shares are.
    pub fn with_context<T>(&self, given: &[Symbol], f: impl FnOnce(Context<'_>) -> T) -> T {
        self.in_context(given, &|s| self.root(s), f)
    }

    /// The same, where names that an equation defines mean nothing: no equation is solved for the
    /// sake of another.
    pub fn without_names<T>(&self, given: &[Symbol], f: impl FnOnce(Context<'_>) -> T) -> T {
        self.in_context(given, &|_| None, f)
    }

    /// The same, where names of peaks without a closed form stand for themselves: what determines
    /// them ([`Setting::peaks_among`]) has to be added to the hypotheses.
    pub fn with_peaks<T>(&self, given: &[Symbol], f: impl FnOnce(Context<'_>) -> T) -> T {
        let named = |s: &Symbol| self.root(s).or_else(|| self.peak(s).map(|_| Expr::Sym(s.clone())));
        self.in_context(given, &named, f)
    }

    fn in_context<T>(
        &self,
        given: &[Symbol],
        named: &dyn Fn(&Symbol) -> Option<Expr>,
        f: impl FnOnce(Context<'_>) -> T,
    ) -> T {
        let shares = || self.game.iter().flat_map(|g| g.shares.iter().map(|s| s.symbol.clone()));
        let held = |x: &Symbol| family_of(x, self.scope.indices());
        let given: BTreeSet<Symbol> =
            if given.is_empty() { shares().collect() } else { given.iter().flat_map(held).collect() };
        let canonical = |e: &Expr| self.readable(e);
        let limit = |reading: &LimitReading| self.limit(reading).map(|found| found.value);
        let solve = |reading: &Reading| self.closed(reading).and_then(|c| single_value(reading.which, c));
        f(Context {
            solved: self.game.as_ref().map(|game| Solved {
                game,
                equilibrium: self.equilibrium(),
                open: self.open,
            }),
            given,
            definitions: self.definitions.clone(),
            functions: &self.functions,
            any: &self.any,
            sets: self.sets.clone(),
            names: self.names(),
            unknowns: BTreeSet::new(),
            varied: BTreeSet::new(),
            specialise: self.specialise.clone(),
            ranges: self.ranges(),
            indices: self.scope.indices(),
            optimum: Some(&solve),
            canonical: Some(&canonical),
            limit: Some(&limit),
            named: Some(named),
        })
    }

    /// The canonical form of a term, where it is proved to be the same everywhere in the setting;
    /// otherwise the term as the symbolic layer writes it.
    pub fn readable(&self, e: &Expr) -> Expr {
        if e.has_applications() {
            return e.clone();
        }
        let mut atoms = Atoms::new(self.scope.indices(), self.facts.clone(), self.tools.judge);
        let Some(plain) = atoms.term(e) else { return e.clone() };
        let facts = [&self.facts[..], &atoms.facts(&BTreeSet::new(), false)].concat();
        let form = extremum::readable(&plain, &facts, self.tools.judge);
        if form != plain {
            return atoms.back(&form);
        }
        let mut below = BTreeSet::new();
        denominators(&plain, &mut below);
        if below.len() > MOST_DENOMINATORS {
            return atoms.back(&plain);
        }
        let tidy = self.tools.algebra.tidy(&plain);
        if tidy.size() > MOST_TO_FACTOR || has_high_powers(&tidy) {
            return atoms.back(&tidy);
        }
        let factored = self.tools.algebra.factored(&tidy).map(|f| sign_within(&f));
        let length = |e: &Expr| crate::tex::plain(e).chars().count();
        atoms.back(&factored.filter(|f| length(f) < length(&tidy)).unwrap_or(tidy))
    }

    /// The closed form of an optimum over an interval, proved; found once and remembered.
    pub fn closed(&self, reading: &Reading) -> Option<Closed> {
        let slot = {
            let mut optima = self.optima.lock().expect("no thread panics while holding it");
            optima.entry(reading.clone()).or_default().clone()
        };
        slot.get_or_init(|| self.search(reading)).clone()
    }

    fn search(&self, reading: &Reading) -> Option<Closed> {
        self.has_optimum_of_reals(reading).ok()?;
        let closed = match self.problem(reading) {
            Some(problem) => self.maximiser(problem)?,
            None => self.on_half_line(reading)?,
        };
        if reading.which.is_arg() {
            return Some(closed);
        }
        let value =
            at_each_case(&closed.value, &|x| self.readable(&reading.body.substitute(&reading.variable, x)));
        Some(Closed { value, ..closed })
    }

    /// An error where an optimum is not one over a range of real numbers that is there for all parameters: neither
    /// derivatives nor the order of the reals say where an integer is best.
    pub fn has_optimum_of_reals(&self, reading: &Reading) -> Result<(), ElaborateError> {
        if self.scope.integers().any(|i| *i == reading.variable) {
            return Err(ElaborateError::NoClosedForm {
                variable: crate::tex::plain_symbol(&reading.variable),
            });
        }
        if self.is_inhabited(&reading.over) {
            return Ok(());
        }
        Err(ElaborateError::Undefined { name: "an optimum over a range that may be empty".into() })
    }

    /// Whether a range is proved to have a value in it for all parameters; without one there is no optimum.
    fn is_inhabited(&self, range: &Set) -> bool {
        let Set::Interval { lower: Some(a), lower_closed, upper: Some(b), upper_closed } = range else {
            return true;
        };
        let order = if *lower_closed && *upper_closed { Relation::Le } else { Relation::Lt };
        let ordered = fold_formula(&Formula::rel(a.clone(), order, b.clone()));
        ordered == Formula::True || self.tools.judge.proves(&self.facts, &ordered)
    }

    /// The closed form of a maximiser over a range without an upper or a lower end.
    fn on_half_line(&self, reading: &Reading) -> Option<Closed> {
        let body = &reading.body;
        if body.has_applications() || !body.gatherings().is_empty() {
            return None;
        }
        let objective = if reading.which.is_max() { body.clone() } else { fold(&-body.clone()) };
        let within = reading.over.contains(&Expr::Sym(reading.variable.clone()))?.unchained();
        let facts: Vec<Formula> =
            self.facts.iter().filter(|f| !f.free().contains(&reading.variable)).cloned().collect();
        let algebra = self.tools.algebra;
        let differentiate = |e: &Expr, x: &Symbol| algebra.derivative(e, x);
        let (value, evidence) = induction::maximiser(
            &reading.variable,
            &objective,
            within,
            &facts,
            self.tools.judge,
            &differentiate,
        )?;
        Some(Closed { value, ties: vec![], tied: vec![], unsettled: vec![], evidence })
    }

    /// The closed form of a maximiser, sums over families taken as quantities of their own.
    fn maximiser(&self, mut problem: Problem) -> Option<Closed> {
        let mut atoms = Atoms::new(self.scope.indices(), problem.facts.clone(), self.tools.judge);
        problem.objective = atoms.term(&problem.objective)?;
        if atoms.mention(&problem.variable) {
            return None;
        }
        problem.facts.extend(atoms.facts(&BTreeSet::new(), false));
        let closed = extremum::maximiser(&problem, self.tools)?;
        let back = |sets: Vec<Formula>| sets.iter().map(|f| atoms.back_formula(f)).collect();
        Some(Closed {
            value: atoms.back(&closed.value),
            ties: back(closed.ties),
            tied: back(closed.tied),
            unsettled: back(closed.unsettled),
            evidence: closed.evidence.into_iter().map(|e| e.naming(atoms.names())).collect(),
        })
    }

    /// The maximisation that an optimum over a closed interval asks for.
    pub fn problem(&self, reading: &Reading) -> Option<Problem> {
        let Set::Interval { lower: Some(a), lower_closed: true, upper: Some(b), upper_closed: true } =
            &reading.over
        else {
            return None;
        };
        let facts = self.facts.iter().filter(|f| !f.free().contains(&reading.variable)).cloned().collect();
        let objective =
            if reading.which.is_max() { reading.body.clone() } else { fold(&-reading.body.clone()) };
        Some(Problem {
            variable: reading.variable.clone(),
            objective,
            lower: a.clone(),
            upper: b.clone(),
            facts,
        })
    }

    /// The names that stand for something: those that are declared, and those of best responses.
    fn names(&self) -> BTreeSet<Symbol> {
        let declared = self.scope.entries().filter(|e| e.kind == Kind::Name).map(|e| e.symbol.clone());
        declared.chain(self.game.iter().flat_map(optimal_names)).collect()
    }

    /// The answer of all engines to a question about this setting's symbols.
    ///
    /// The engines take every symbol for a real number. Where one takes integer values only, a
    /// proof for all reals stands, and of a failure [`super::integers`] says whether it counts.
    pub fn judge(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if let Some(judgement) = super::response::judge(self, hypotheses, statement) {
            return judgement;
        }
        let judge = self.tools.judge;
        let judgement =
            super::roots::either_way(judge.judge(hypotheses, statement), hypotheses, statement, judge);
        let integers: BTreeSet<Symbol> = self.scope.integers().cloned().collect();
        super::integers::of_integers(judgement, &integers, hypotheses, statement, judge)
    }

    /// A statement as it reads where it was judged to fail: with the functions, if it is only said
    /// of certain ones.
    pub fn as_it_fails(&self, statement: &Formula, judgement: &Judgement) -> Formula {
        let Judgement::Fails { evidence, .. } = judgement else { return statement.clone() };
        let named: Vec<(Symbol, Expr)> = evidence.iter().flat_map(Evidence::stands_for).collect();
        let choice = members::named(&self.any, &named);
        members::chosen_formula(statement, &choice).unwrap_or_else(|| statement.clone())
    }

    /// The ranges of choices that are held fixed, as far as they are written with parameters and one another.
    pub fn ranges_of_choices(&self, given: &[Symbol]) -> Vec<Formula> {
        let choices: BTreeSet<&Symbol> = self.game.iter().flat_map(|g| g.choices()).collect();
        let moves = self.game.iter().flat_map(|g| g.moves()).filter(|m| given.contains(&m.variable));
        let is_open = |f: &Formula| f.free().iter().any(|s| choices.contains(s) && !given.contains(s));
        moves.flat_map(|m| m.from.iter()).filter(|f| !is_open(f)).cloned().collect()
    }

    /// The declared range of a symbol.
    pub fn range(&self, symbol: &Symbol) -> Option<Set> {
        self.ranges().remove(symbol)
    }

    fn ranges(&self) -> BTreeMap<Symbol, Set> {
        let entries = self.scope.entries().filter(|e| e.kind == Kind::Variable);
        let range = |e: &Entry| Set::between_bounds(&e.symbol, &e.domain).unwrap_or(Set::Reals);
        entries.map(|e| (e.symbol.clone(), range(e))).collect()
    }
}

/// The solution of a game, where its payoffs have formulas.
fn solved(
    game: &Game,
    facts: &[Formula],
    scope: &Scope,
    tools: Tools,
    differentiate: &Differentiate,
) -> Result<Equilibrium, InductionError> {
    if game.payoffs.iter().any(|p| p.body.has_applications()) {
        return Err(InductionError::AnyFunctions);
    }
    induction::solve(game, &about_parameters(facts, game, scope), tools.judge, differentiate)
}

/// The facts about parameters and shares alone: neither about choices nor about what names stand for.
fn about_parameters(facts: &[Formula], game: &Game, scope: &Scope) -> Vec<Formula> {
    let optimal = optimal_names(game);
    let is_name = |s: &Symbol| optimal.contains(s) || scope.entry(s).is_some_and(|e| e.kind == Kind::Name);
    let is_about = |f: &&Formula| f.free().iter().all(|s| game.choice_of(s).is_none() && !is_name(s));
    facts.iter().filter(is_about).cloned().collect()
}

/// The names of a game's best responses, at every letter if they are those of a family.
fn optimal_names(game: &Game) -> BTreeSet<Symbol> {
    let mut out: BTreeSet<Symbol> = game.moves().filter_map(|m| m.optimal.clone()).collect();
    for name in out.clone() {
        let Some((range, from)) = game.family(&name) else { continue };
        out.extend(range.all_letters().iter().filter_map(|to| name.reindexed(&from, to)));
    }
    out
}

/// Splits assumptions into those that fix a symbol's value and the others.
/// What is said of a member of a family (`k_i = 2`) is said of all of them.
fn fixed_symbols(assuming: &[Formula], scope: &Scope) -> (Substitution, Vec<Formula>) {
    let mut fixed = Substitution::new();
    let mut rest = vec![];
    for f in assuming {
        match f {
            // How many members a family has stays a fact, for they are counted by it.
            Formula::Rel(size @ Expr::Sym(_), Relation::Eq, _)
                if scope.indices().iter().any(|r| r.upper == *size) =>
            {
                rest.push(f.clone());
            }
            Formula::Rel(Expr::Sym(s), Relation::Eq, value @ Expr::Num(_)) => {
                fixed.insert(s.clone(), value.clone());
                for range in scope.indices() {
                    let Some(from) = range.letter_in(s) else { continue };
                    let others = range.all_letters();
                    let members = others.iter().filter_map(|to| s.reindexed(&from, to));
                    fixed.extend(members.map(|member| (member, value.clone())));
                }
            }
            other => rest.push(other.clone()),
        }
    }
    (fixed, rest)
}

fn specialised(game: &Game, with: &Substitution) -> Game {
    let mut game = game.clone();
    for p in &mut game.payoffs {
        p.body = fold(&p.body.substitute_all(with));
    }
    for f in &mut game.functions {
        f.body = fold(&f.body.substitute_all(with));
    }
    game
}

/// The term with `f` applied to the value of each outer case.
pub(super) fn at_each_case(e: &Expr, f: &dyn Fn(&Expr) -> Expr) -> Expr {
    match e {
        Expr::Cases(cs) => Expr::Cases(
            cs.iter()
                .map(|c| crate::expr::Case { value: f(&c.value), condition: c.condition.clone() })
                .collect(),
        ),
        plain => f(plain),
    }
}

/// Whether a literal exponent is too high to factor what it stands in.
fn has_high_powers(e: &Expr) -> bool {
    let here =
        matches!(e, Expr::Pow(_, n) if n.as_num().is_some_and(|n| n.clone().abs() > HIGHEST_TO_FACTOR));
    here || e.children().into_iter().any(has_high_powers)
}

/// What a term is divided by, in all of its parts.
fn denominators<'e>(e: &'e Expr, found: &mut BTreeSet<&'e Expr>) {
    if let Expr::Pow(base, n) = e
        && n.as_num().is_some_and(|n| *n < 0)
    {
        found.insert(base);
    }
    e.children().into_iter().for_each(|c| denominators(c, found));
}
