//! The language of algorithms, and what is asked of one.

use rug::Rational;
use serde::{Deserialize, Serialize};

use crate::expr::{Expr, Formula, Symbol};
use crate::prove::evaluate::Point;

/// `f(x) := body`, or a name for a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    pub name: Symbol,
    pub parameters: Vec<Symbol>,
    pub body: Expr,
}

/// One step of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Variables get the values that the terms have before any of them changes.
    Set(Vec<(Symbol, Expr)>),
    If {
        condition: Formula,
        then: Vec<Step>,
        otherwise: Vec<Step>,
    },
    While {
        condition: Formula,
        body: Vec<Step>,
        /// The passes after which the loop is given up.
        at_most: u32,
    },
}

/// An algorithm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    pub functions: Vec<Function>,
    /// Numbers that are the same in every run.
    pub data: Vec<(Symbol, Rational)>,
    /// The variables, with their initial values; a value may use the variables before it.
    pub state: Vec<(Symbol, Expr)>,
    /// Names for the values that variables have at the start of a round.
    pub before: Vec<(Symbol, Symbol)>,
    /// The number of the round, from 1.
    pub counter: Option<Symbol>,
    pub rounds: Expr,
    pub steps: Vec<Step>,
}

/// When an invariant is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    AfterEachRound,
    /// After the last round only.
    AtTheEnd,
}

/// Whether an algorithm keeps an invariant in some runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub program: Program,
    pub invariant: Formula,
    pub when: When,
    /// What is assumed of parameters and initial values; other runs are left out.
    pub assuming: Vec<Formula>,
    /// The parameters of each run.
    pub runs: Vec<Point>,
}

impl Step {
    /// The step with its terms and formulas changed.
    pub fn try_map(
        &self,
        term: &dyn Fn(&Expr) -> Result<Expr, String>,
        formula: &dyn Fn(&Formula) -> Result<Formula, String>,
    ) -> Result<Step, String> {
        let all = |steps: &[Step]| {
            steps.iter().map(|s| s.try_map(term, formula)).collect::<Result<Vec<Step>, String>>()
        };
        Ok(match self {
            Step::Set(parts) => Step::Set(
                parts.iter().map(|(x, to)| Ok((x.clone(), term(to)?))).collect::<Result<_, String>>()?,
            ),
            Step::If { condition, then, otherwise } => {
                Step::If { condition: formula(condition)?, then: all(then)?, otherwise: all(otherwise)? }
            }
            Step::While { condition, body, at_most } => {
                Step::While { condition: formula(condition)?, body: all(body)?, at_most: *at_most }
            }
        })
    }
}

impl Question {
    /// The question with every function put in.
    pub fn unfolded(&self) -> Result<Question, String> {
        let functions = &self.program.functions;
        let term = |e: &Expr| super::unfolded(e, functions);
        let formula = |f: &Formula| super::unfolded_formula(f, functions);
        let program = Program {
            functions: vec![],
            state: self
                .program
                .state
                .iter()
                .map(|(x, e)| Ok((x.clone(), term(e)?)))
                .collect::<Result<_, String>>()?,
            rounds: term(&self.program.rounds)?,
            steps: self
                .program
                .steps
                .iter()
                .map(|s| s.try_map(&term, &formula))
                .collect::<Result<_, String>>()?,
            ..self.program.clone()
        };
        Ok(Question {
            program,
            invariant: formula(&self.invariant)?,
            assuming: self.assuming.iter().map(formula).collect::<Result<_, String>>()?,
            ..self.clone()
        })
    }

    /// The same question of some runs only.
    pub fn of(&self, runs: Vec<Point>) -> Question {
        Question { runs, ..self.clone() }
    }
}
