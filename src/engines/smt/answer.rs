//! Scripts run: each `check-sat` answered within the time.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::check::{self, Interpretation};
use super::print;
use super::ratio::{Arithmetic, Ratio, Stop};
use super::reader::{Command, Script};
use super::term::Id;
use super::translate::{Translation, name_of, translate};
use crate::exact::{Exhausted, Meter, Var};
use crate::prove::order::{self, Budget, Model, Reason, RecheckError, Variable};

/// The answer to a `check-sat`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Satisfiable; the model as `get-model` prints it.
    Sat(String),
    Unsat,
    Unknown(Doubt),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("the time limit was reached")]
    Time,
    #[error("the problem is too large")]
    TooLarge,
    #[error("the search did not decide: {0}")]
    Search(String),
    #[error("the certificate was not accepted: {0}")]
    Certificate(String),
}

impl From<Stop> for Doubt {
    fn from(s: Stop) -> Doubt {
        match s {
            Stop::TooLarge => Doubt::TooLarge,
            Stop::Exhausted(_) => Doubt::Time,
        }
    }
}

impl From<Exhausted> for Doubt {
    fn from(_: Exhausted) -> Doubt {
        Doubt::Time
    }
}

/// A defect of the program: nothing is answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    #[error("a model that was found does not satisfy the assertions")]
    Model,
    #[error("the search for an answer broke off")]
    Panic,
    #[error("a thread could not be started")]
    NoThread,
}

/// What a command is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Answer(Answer),
    /// To `get-model`: the model of the last `check-sat`, if its answer was `sat`.
    Model(Option<String>),
}

/// The stack of a search; polynomials in many variables and deep conditions are gone through by
/// recursion. Only what is used of it is taken from the machine.
const STACK: usize = 1 << 30;
/// How long after the deadline a search that does not look at the clock is abandoned.
const GRACE: Duration = Duration::from_millis(200);

/// Runs a script, giving each reply as it comes. All questions together have until the deadline.
pub fn run(script: Script, deadline: Instant, mut each: impl FnMut(Reply)) -> Result<(), Defect> {
    let script = Arc::new(script);
    let mut assertions = vec![];
    let mut last = None;
    for command in &script.commands {
        match command {
            Command::Assert(id) => {
                assertions.push(*id);
                last = None;
            }
            Command::CheckSat => {
                let answer = within(Arc::clone(&script), assertions.clone(), deadline)?;
                last = match &answer {
                    Answer::Sat(model) => Some(model.clone()),
                    _ => None,
                };
                each(Reply::Answer(answer));
            }
            Command::GetModel => each(Reply::Model(last.clone())),
        }
    }
    Ok(())
}

/// The answer of a thread with a stack of its own, or none in time.
fn within(script: Arc<Script>, assertions: Vec<Id>, deadline: Instant) -> Result<Answer, Defect> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        // The receiver is gone if the answer comes too late.
        let _ = sender.send(answer(&script, &assertions, deadline));
    };
    thread::Builder::new().stack_size(STACK).spawn(work).map_err(|_| Defect::NoThread)?;
    let left = deadline.saturating_duration_since(Instant::now()) + GRACE;
    match receiver.recv_timeout(left) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => Ok(Answer::Unknown(Doubt::Time)),
        Err(RecvTimeoutError::Disconnected) => Err(Defect::Panic),
    }
}

fn answer(script: &Script, assertions: &[Id], deadline: Instant) -> Result<Answer, Defect> {
    let meter = Budget { steps: u64::MAX, deadline: Some(deadline) }.meter();
    let translation = match translate(&script.terms, script.constants.len(), assertions, &meter) {
        Ok(translation) => translation,
        Err(stop) => return Ok(Answer::Unknown(stop.into())),
    };
    match order::satisfiable(&translation.problem, &meter) {
        order::Answer::Sat(model) => match confirmed(script, assertions, &translation, &model, &meter) {
            Ok(Some(text)) => Ok(Answer::Sat(text)),
            Ok(None) => Err(Defect::Model),
            Err(stop) => Ok(Answer::Unknown(stop.into())),
        },
        order::Answer::Unsat(certificate) => {
            Ok(match order::recheck_tree(&certificate, &translation.problem.tree, &meter) {
                Ok(()) => Answer::Unsat,
                Err(RecheckError::Exhausted(e)) => Answer::Unknown(e.into()),
                Err(e) => Answer::Unknown(Doubt::Certificate(e.to_string())),
            })
        }
        order::Answer::Unknown(Reason::Exhausted(e)) => Ok(Answer::Unknown(e.into())),
        order::Answer::Unknown(why) => Ok(Answer::Unknown(Doubt::Search(why.to_string()))),
    }
}

/// The model as text, if the assertions hold there.
fn confirmed(
    script: &Script,
    assertions: &[Id],
    translation: &Translation,
    model: &Model,
    meter: &Meter,
) -> Result<Option<String>, Stop> {
    let mut at = interpretation(script, translation, model, meter)?;
    if !check::holds(&script.terms, assertions, &mut at, meter)? {
        return Ok(None);
    }
    print::model(&script.constants, &at, meter).map(Some)
}

fn interpretation(
    script: &Script,
    translation: &Translation,
    model: &Model,
    meter: &Meter,
) -> Result<Interpretation, Stop> {
    let place = |v: Var| {
        let name = Variable::Symbol(name_of(v));
        model.names().iter().position(|n| *n == name).expect("a model has all variables") as Var
    };
    let arithmetic = Arithmetic { meter };
    let mut zeros = vec![];
    for (dividend, v) in &translation.zeros {
        let renamed = |p: &crate::exact::Poly| p.rename(&place);
        let dividend = Ratio { num: renamed(&dividend.num), den: renamed(&dividend.den) };
        zeros.push((dividend, place(*v)));
    }
    let constants = 0..script.constants.len() as Var;
    let mut at = Interpretation {
        point: model.point().clone(),
        place: constants.map(place).collect(),
        zeros: vec![],
        used: vec![],
    };
    for (dividend, v) in zeros {
        let value = at.coordinate(v);
        let dividend = rational_where_possible(&at, dividend, &arithmetic)?;
        at.zeros.push((dividend, value));
    }
    Ok(at)
}

/// The quotient with rational coordinates substituted, if all its coordinates are rational.
fn rational_where_possible(
    at: &Interpretation,
    r: Ratio,
    arithmetic: &Arithmetic<'_>,
) -> Result<Ratio, Stop> {
    let values: Option<Vec<_>> = at.point.coords().iter().map(|c| c.as_rational().cloned()).collect();
    let Some(values) = values else { return Ok(r) };
    let (num, den) = (r.num.value(&values), r.den.value(&values));
    if den == 0 {
        return Ok(r);
    }
    arithmetic.divide(&Ratio::number(&num), &Ratio::number(&den))
}
