//! One run of an algorithm.

use std::collections::BTreeMap;

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
    Broken { part: Formula, sides: Option<(Value, Relation, Value)> },
    /// It could not go on, or something was not decided; why, for people.
    Open(String),
}

/// Why a run does not go on.
enum Stop {
    /// More precision may help.
    Undecided(String),
    Final(String),
}

/// Runs an unfolded question's algorithm from `at`, with the precision doubled until everything is decided
/// or [`MOST_BITS`] is reached.
pub fn run(q: &Question, at: &Point) -> Ran {
    let mut bits = FIRST_BITS;
    loop {
        let (ran, imprecise) = Machine::new(q, at, bits).run();
        if !imprecise || bits >= MOST_BITS {
            return ran;
        }
        bits *= 2;
    }
}

struct Machine<'a> {
    q: &'a Question,
    program: &'a Program,
    bits: u32,
    values: Environment,
    trace: Vec<Environment>,
    assignments: u32,
    /// The first round after which the invariant was not decided.
    open: Option<String>,
}

impl<'a> Machine<'a> {
    fn new(q: &'a Question, at: &Point, bits: u32) -> Self {
        let data = q.program.data.iter().cloned();
        let values = data.chain(at.clone()).map(|(s, v)| (s, Value::Exact(v))).collect::<BTreeMap<_, _>>();
        Machine { q, program: &q.program, bits, values, trace: vec![], assignments: 0, open: None }
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
        for assumed in &self.q.assuming {
            if !self.decided(assumed, "the start")? {
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
            }
            let place = format!("round {round}");
            self.steps(&self.program.steps, &place)?;
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
        let invariant = self.q.invariant.unchained();
        match truth_among(&invariant, &self.values, self.bits) {
            Truth::True => {}
            Truth::False => {
                let part = self.failing(&invariant);
                let sides = match &part {
                    Formula::Rel(a, r, b) => {
                        let value = |e: &Expr| value_among(e, &self.values, self.bits);
                        Some((value(a), *r, value(b)))
                    }
                    _ => None,
                };
                return Ok(Some(End::Broken { part, sides }));
            }
            Truth::Undefined => {
                let what = plain_formula(&self.q.invariant);
                return Err(Stop::Final(format!("after {place} `{what}` is undefined")));
            }
            Truth::Unknown => {
                let what = plain_formula(&self.q.invariant);
                let why = format!("after {place} it is not decided whether `{what}`");
                self.open.get_or_insert(why);
            }
        }
        Ok(None)
    }

    /// A part of a conjunction that fails, or the whole.
    fn failing(&self, f: &Formula) -> Formula {
        match f {
            Formula::And(parts) => parts
                .iter()
                .find(|p| truth_among(p, &self.values, self.bits) == Truth::False)
                .map_or_else(|| f.clone(), |p| self.failing(p)),
            _ => f.clone(),
        }
    }

    fn steps(&mut self, steps: &[Step], place: &str) -> Result<(), Stop> {
        for step in steps {
            match step {
                Step::Set(parts) => self.set(parts, place)?,
                Step::If { condition, then, otherwise } => {
                    let branch = if self.decided(condition, place)? { then } else { otherwise };
                    self.steps(branch, place)?;
                }
                Step::While { condition, body, at_most } => {
                    let mut passes = 0;
                    while self.decided(condition, place)? {
                        if passes == *at_most {
                            let condition = plain_formula(condition);
                            return Err(Stop::Final(format!(
                                "in {place} the loop `while {condition}` does not end within {at_most} passes"
                            )));
                        }
                        passes += 1;
                        self.spend()?;
                        self.steps(body, place)?;
                    }
                }
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

    fn decided(&self, condition: &Formula, place: &str) -> Result<bool, Stop> {
        let shown = || plain_formula(condition);
        match truth_among(&condition.unchained(), &self.values, self.bits) {
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
