//! One run of an algorithm.

use std::collections::BTreeMap;

use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::evaluate::{Environment, Point, Truth, Value, truth_among, value_among};
use crate::tex::{plain, plain_formula, plain_symbol};

use super::program::{Program, Question, Step, When};
use super::{MOST_ASSIGNMENTS, MOST_BITS, MOST_ROUNDS};

/// The precision at which a run begins; it doubles from there.
const FIRST_BITS: u32 = 128;

/// What became of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// The variables before the first round and after each one, as far as the run went.
    pub trace: Vec<Environment>,
    pub end: End,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// The start is not as assumed.
    LeftOut,
    /// The invariant holds wherever it was looked at.
    Kept,
    /// The invariant fails after the last round of the trace: this part of it, with its sides.
    Broken { part: Formula, sides: Option<Box<(Value, Relation, Value)>> },
    /// It could not go on, or something was not decided; why, for people.
    Open(String),
}

/// Why a run does not go on.
enum Stop {
    /// More precision may help.
    Undecided(String),
    Final(String),
}

/// A question as it is written and as it is run.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub written: &'a Question,
    /// The same with every function put in.
    pub unfolded: &'a Question,
}

/// Runs a question's algorithm from `at`, with the precision doubled until everything is decided
/// or [`MOST_BITS`] is reached.
pub fn run(asked: &Asked, at: &Point) -> Ran {
    let mut bits = FIRST_BITS;
    loop {
        let (ran, imprecise) = Machine::new(asked, at, bits).run();
        if !imprecise || bits >= MOST_BITS {
            return ran;
        }
        bits *= 2;
    }
}

struct Machine<'a> {
    q: &'a Question,
    written: &'a Question,
    program: &'a Program,
    bits: u32,
    values: Environment,
    trace: Vec<Environment>,
    assignments: u32,
    /// Names of values at the start of the round that the variables still have.
    unchanged: Substitution,
    /// The first round after which the invariant was not decided.
    open: Option<String>,
}

impl<'a> Machine<'a> {
    fn new(asked: &Asked<'a>, at: &Point, bits: u32) -> Self {
        let (q, written) = (asked.unfolded, asked.written);
        let data = q.program.data.iter().cloned();
        let values = data.chain(at.clone()).map(|(s, v)| (s, Value::Exact(v))).collect::<BTreeMap<_, _>>();
        Machine {
            q,
            written,
            program: &q.program,
            bits,
            values,
            trace: vec![],
            assignments: 0,
            unchanged: Substitution::new(),
            open: None,
        }
    }

    /// The run, and whether more precision may tell more of it.
    fn run(mut self) -> (Ran, bool) {
        let (end, imprecise) = match self.rounds() {
            Ok(end) => match (&end, self.open.take()) {
                (End::Kept, Some(open)) => (End::Open(open), true),
                (_, open) => (end, open.is_some()),
            },
            Err(Stop::Undecided(why)) => (End::Open(why), true),
            Err(Stop::Final(why)) => {
                let imprecise = self.open.is_some();
                (End::Open(self.open.take().unwrap_or(why)), imprecise)
            }
        };
        (Ran { trace: self.trace, end }, imprecise)
    }

    fn rounds(&mut self) -> Result<End, Stop> {
        for (x, initial) in &self.program.state {
            let value = self.value(initial, "the start")?;
            self.values.insert(x.clone(), value);
        }
        self.record();
        for (assumed, shown) in self.q.assuming.iter().zip(&self.written.assuming) {
            if !self.decided(assumed, shown, "the start")? {
                return Ok(End::LeftOut);
            }
        }
        let rounds = self.number_of_rounds()?;
        for round in 1..=rounds {
            if let Some(counter) = &self.program.counter {
                self.values.insert(counter.clone(), Value::Exact(round.into()));
            }
            for (name, of) in &self.program.before {
                let value = self.values.get(of).cloned().unwrap_or(Value::Unknown);
                self.values.insert(name.clone(), value);
                self.unchanged.insert(name.clone(), Expr::Sym(of.clone()));
            }
            let place = format!("round {round}");
            self.steps(&self.program.steps, &self.written.program.steps, &place)?;
            self.record();
            if (self.q.when == When::AfterEachRound || round == rounds)
                && let Some(end) = self.look(&place)?
            {
                return Ok(end);
            }
        }
        Ok(End::Kept)
    }

    fn number_of_rounds(&self) -> Result<u32, Stop> {
        let rounds = match self.value(&self.program.rounds, "the start")? {
            Value::Exact(n) if n.is_integer() => n.numer().to_u32(),
            _ => None,
        };
        rounds.filter(|n| (1..=MOST_ROUNDS).contains(n)).ok_or_else(|| {
            let rounds = plain(&self.program.rounds);
            Stop::Final(format!("the number of rounds, {rounds}, is no integer from 1 to {MOST_ROUNDS}"))
        })
    }

    fn record(&mut self) {
        let of = |x: &Symbol| self.values.get(x).cloned().unwrap_or(Value::Unknown);
        let row = self.program.state.iter().map(|(x, _)| (x.clone(), of(x))).collect();
        self.trace.push(row);
    }

    /// Looks at the invariant: how the run ends if it fails.
    fn look(&mut self, place: &str) -> Result<Option<End>, Stop> {
        let invariant = self.told(&self.q.invariant);
        match truth_among(&invariant, &self.values, self.bits) {
            Truth::True => {}
            Truth::False => {
                let (failing, part) = self.failing(&invariant, &self.written.invariant.unchained());
                let sides = match &failing {
                    Formula::Rel(a, r, b) => {
                        let value = |e: &Expr| value_among(e, &self.values, self.bits);
                        Some(Box::new((value(a), *r, value(b))))
                    }
                    _ => None,
                };
                return Ok(Some(End::Broken { part, sides }));
            }
            Truth::Undefined => {
                let what = plain_formula(&self.written.invariant);
                return Err(Stop::Final(format!("after {place} `{what}` is undefined")));
            }
            Truth::Unknown => {
                let what = plain_formula(&self.written.invariant);
                let why = format!("after {place} it is not decided whether `{what}`");
                self.open.get_or_insert(why);
            }
        }
        Ok(None)
    }

    /// A part of a conjunction that fails, or the whole, as it is run and as it is written.
    fn failing(&self, f: &Formula, written: &Formula) -> (Formula, Formula) {
        if let (Formula::And(parts), Formula::And(all)) = (f, written)
            && parts.len() == all.len()
            && let Some((p, w)) =
                parts.iter().zip(all).find(|(p, _)| truth_among(p, &self.values, self.bits) == Truth::False)
        {
            return self.failing(p, w);
        }
        (f.clone(), written.clone())
    }

    /// A formula in which a value from the start of the round that a variable still has is that variable: they
    /// are the same number, whatever is known of it.
    fn told(&self, f: &Formula) -> Formula {
        f.unchained().substitute_all(&self.unchanged)
    }

    fn steps(&mut self, steps: &[Step], written: &[Step], place: &str) -> Result<(), Stop> {
        for (step, written) in steps.iter().zip(written) {
            match (step, written) {
                (Step::Set(parts), _) => self.set(parts, place)?,
                (
                    Step::If { condition, then, otherwise },
                    Step::If { condition: shown, then: first, otherwise: second },
                ) => {
                    if self.decided(condition, shown, place)? {
                        self.steps(then, first, place)?;
                    } else {
                        self.steps(otherwise, second, place)?;
                    }
                }
                (
                    Step::While { condition, body, at_most },
                    Step::While { condition: shown, body: inside, .. },
                ) => {
                    let mut passes = 0;
                    while self.decided(condition, shown, place)? {
                        if passes == *at_most {
                            let shown = plain_formula(shown);
                            return Err(Stop::Final(format!(
                                "in {place} the loop `while {shown}` does not end within {at_most} passes"
                            )));
                        }
                        passes += 1;
                        self.spend()?;
                        self.steps(body, inside, place)?;
                    }
                }
                _ => unreachable!("putting functions in leaves the steps as they are"),
            }
        }
        Ok(())
    }

    fn set(&mut self, parts: &[(Symbol, Expr)], place: &str) -> Result<(), Stop> {
        let mut values = vec![];
        for (x, to) in parts {
            self.spend()?;
            values.push((x.clone(), self.value(to, place)?));
        }
        self.unchanged.retain(|_, of| !values.iter().any(|(x, _)| of.as_sym() == Some(x)));
        self.values.extend(values);
        Ok(())
    }

    fn spend(&mut self) -> Result<(), Stop> {
        self.assignments += 1;
        if self.assignments > MOST_ASSIGNMENTS {
            return Err(Stop::Final(format!("it takes more than {MOST_ASSIGNMENTS} assignments")));
        }
        Ok(())
    }

    fn value(&self, e: &Expr, place: &str) -> Result<Value, Stop> {
        match value_among(e, &self.values, self.bits) {
            Value::Undefined(reason) => {
                Err(Stop::Final(format!("in {place} `{}` is undefined: {}", plain(&reason.term), reason.why)))
            }
            Value::Unknown => Err(Stop::Undecided(format!("in {place} `{}` has no enclosure", plain(e)))),
            value => Ok(value),
        }
    }

    fn decided(&self, condition: &Formula, written: &Formula, place: &str) -> Result<bool, Stop> {
        let shown = || plain_formula(written);
        match truth_among(&self.told(condition), &self.values, self.bits) {
            Truth::True => Ok(true),
            Truth::False => Ok(false),
            Truth::Undefined => {
                Err(Stop::Final(format!("in {place} the condition `{}` is undefined", shown())))
            }
            Truth::Unknown => {
                let near = self.shown_values(condition);
                Err(Stop::Undecided(format!("in {place} it is not decided whether `{}`{near}", shown())))
            }
        }
    }

    /// `, where x = 1/2`: the variables of a condition that was not decided.
    fn shown_values(&self, f: &Formula) -> String {
        let free = f.free();
        let of_state = self.program.state.iter().filter(|(x, _)| free.contains(x));
        let shown = of_state.map(|(x, _)| {
            let value = self.values.get(x).map(super::certificate::shown).unwrap_or_default();
            format!("{} = {value}", plain_symbol(x))
        });
        let shown: Vec<String> = shown.collect();
        if shown.is_empty() { String::new() } else { format!(", where {}", shown.join(", ")) }
    }
}
