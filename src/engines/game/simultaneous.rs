//! A stage at which several players choose at once.
//!
//! What is found is the only Nash equilibrium in pure strategies (Osborne and Rubinstein, *A Course in
//! Game Theory*, ch. 2). At an equilibrium every choice is inside of its range, where the slope of the
//! player's payoff is zero, or at an end that belongs to it, where the slope does not point inside. For
//! each such pattern the conditions are solved together. A solution counts once it is proved that every
//! choice is feasible and the only best response to the others, whose choices stand still (the payoff
//! continuous and strictly concave in the own choice, as for one player); it is the equilibrium once it
//! is proved that no pattern allows another one, for any parameters. What is not proved is an error that
//! says so. Payoffs in pieces are [`super::pieces`]'.

use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::{Differentiate, Evidence, Judge, Judgement, identity};
use crate::tex::plain_symbol;

use super::Move;
use super::induction::{InductionError, Response, Slope, best_response, continuity, ends};
use super::pieces;
use super::system::{self, Unsolved};

/// The most patterns of ends that are gone through.
const MOST_PATTERNS: usize = 243;

/// A player who chooses, with the payoff in terms of the stage's choices and what was before.
#[derive(Clone)]
pub(super) struct Chooser<'a> {
    pub m: &'a Move,
    pub payoff: Expr,
}

/// Where a choice is at an equilibrium.
#[derive(Clone, PartialEq)]
enum Place {
    /// Where the slope of the payoff is zero.
    Flat,
    /// At an end, with the sign that the slope has to have there, or zero.
    End(Expr, Relation),
}

/// The choices of an equilibrium, each with the proofs that it is the only best response to the others.
pub(super) struct Found {
    pub values: Substitution,
    pub evidence: Vec<Vec<Evidence>>,
}

/// A stage with what is known around it.
pub(super) struct Together<'a> {
    pub choosers: &'a [Chooser<'a>],
    /// About parameters, shares and earlier choices.
    pub facts: &'a [Formula],
    pub judge: &'a dyn Judge,
    pub differentiate: &'a Differentiate<'a>,
}

/// The responses of all who choose at a stage. `facts` are about parameters and what was chosen before.
///
/// Cost: a system and some questions for each pattern of inner places and ends, of which there are up to
/// three to the power of the number of players.
pub(super) fn responses(
    choosers: &[Chooser],
    facts: &[Formula],
    judge: &dyn Judge,
    differentiate: &Differentiate,
) -> Result<Vec<Response>, InductionError> {
    let stage = Together { choosers, facts, judge, differentiate };
    stage.apart()?;
    let (found, shared) = if pieces::has_pieces(choosers) {
        pieces::equilibrium(&stage)?
    } else {
        let found = stage.equilibrium()?;
        let shared = stage.only(&found.values)?;
        (found, shared)
    };
    let response = |(c, evidence): (&Chooser, Vec<Evidence>)| {
        let variable = c.m.variable.clone();
        let value = found.values[&variable].clone();
        let evidence = [evidence, shared.clone()].concat();
        Response { player: c.m.player.clone(), variable, value, reaction: stage.reaction(c), evidence }
    };
    Ok(choosers.iter().zip(found.evidence).map(response).collect())
}

impl Together<'_> {
    /// The names of the choices, for messages.
    pub fn names(&self) -> String {
        let names: Vec<String> = self.choosers.iter().map(|c| plain_symbol(&c.m.variable)).collect();
        names.join(", ")
    }

    pub fn not_settled(&self, what: &'static str) -> InductionError {
        InductionError::NotSettled { variables: self.names(), what }
    }

    pub fn variables(&self) -> Vec<Symbol> {
        self.choosers.iter().map(|c| c.m.variable.clone()).collect()
    }

    /// What is known where all choices are in their ranges.
    pub fn feasible(&self) -> Vec<Formula> {
        self.facts.iter().chain(self.choosers.iter().flat_map(|c| &c.m.from)).cloned().collect()
    }

    /// Refuses a range that moves with what others choose at the same time: that is no game in which
    /// each chooses for himself.
    fn apart(&self) -> Result<(), InductionError> {
        for c in self.choosers {
            let others = || self.choosers.iter().filter(|o| o.m.variable != c.m.variable);
            if others().any(|o| c.m.from.iter().any(|f| f.free().contains(&o.m.variable))) {
                return Err(InductionError::Coupled { variable: plain_symbol(&c.m.variable) });
            }
        }
        Ok(())
    }

    pub fn proof(&self, facts: &[Formula], goal: &Formula) -> Option<Vec<Evidence>> {
        let goal = fold_formula(goal);
        if goal == Formula::True {
            return Some(vec![]);
        }
        match self.judge.judge_plainly(facts, &goal) {
            Judgement::Holds(evidence) => Some(evidence),
            _ => None,
        }
    }

    /// An equilibrium: that of the first pattern whose solution is one for all parameters. The error is
    /// the one of the pattern without ends.
    fn equilibrium(&self) -> Result<Found, InductionError> {
        let mut first = None;
        for pattern in self.patterns()? {
            match self.solutions(&pattern) {
                Ok(solutions) => {
                    for values in solutions.values {
                        match self.mutual(&values, &pattern) {
                            Ok(evidence) => return Ok(Found { values, evidence }),
                            Err(error) => drop(first.get_or_insert(error)),
                        }
                    }
                }
                Err(error) => drop(first.get_or_insert(error)),
            }
        }
        Err(first.unwrap_or_else(|| self.not_settled("there is an equilibrium")))
    }

    /// All patterns, the one without ends first.
    fn patterns(&self) -> Result<Vec<Vec<Place>>, InductionError> {
        let mut patterns: Vec<Vec<Place>> = vec![vec![]];
        for c in self.choosers {
            let ends = ends(c.m).into_iter().map(|(end, sign)| Place::End(end, sign));
            let places: Vec<Place> = [Place::Flat].into_iter().chain(ends).collect();
            patterns = places
                .iter()
                .flat_map(|place| {
                    patterns.iter().map(|p| [p.as_slice(), std::slice::from_ref(place)].concat())
                })
                .collect();
            if patterns.len() > MOST_PATTERNS {
                return Err(self.not_settled("there is an equilibrium, with so many ends,"));
            }
        }
        patterns.sort_by_key(|p| p.iter().filter(|place| **place != Place::Flat).count());
        Ok(patterns)
    }

    /// The slope of each payoff in the own choice.
    fn slopes(&self) -> Result<Vec<Expr>, InductionError> {
        self.choosers
            .iter()
            .map(|c| {
                let slope = (self.differentiate)(&c.payoff, &c.m.variable);
                let variable = || plain_symbol(&c.m.variable);
                slope.ok_or_else(|| InductionError::NotDifferentiable { variable: variable() })
            })
            .collect()
    }

    /// What satisfies the first-order conditions of a pattern.
    fn solutions(&self, pattern: &[Place]) -> Result<system::Solutions, InductionError> {
        let variables = self.variables();
        let ends: Substitution = variables
            .iter()
            .zip(pattern)
            .filter_map(|(x, place)| match place {
                Place::End(end, _) => Some((x.clone(), end.clone())),
                Place::Flat => None,
            })
            .collect();
        let flat = |place: &&Place| **place == Place::Flat;
        let terms: Vec<Expr> = self
            .slopes()?
            .iter()
            .zip(pattern)
            .filter(|(_, place)| flat(place))
            .map(|(slope, _)| fold(&slope.substitute_all(&ends)))
            .collect();
        let unknowns: Vec<Symbol> = variables.iter().filter(|x| !ends.contains_key(x)).cloned().collect();
        let mut found = system::solve(&terms, &unknowns, self.facts).map_err(|why| match why {
            Unsolved::Singular => InductionError::Singular { variables: self.names() },
            Unsolved::Other => InductionError::SystemNotSolved { variables: self.names() },
        })?;
        for values in &mut found.values {
            for value in values.values_mut() {
                let short = identity::normal(value, self.facts).unwrap_or_else(|| value.clone());
                *value = fold(&short);
            }
            values.extend(ends.clone());
        }
        Ok(found)
    }

    /// The proofs that each choice is the only best response to the others.
    fn mutual(&self, values: &Substitution, pattern: &[Place]) -> Result<Vec<Vec<Evidence>>, InductionError> {
        let one = |(c, place): (&Chooser, &Place)| {
            let away = match place {
                Place::Flat => Relation::Eq,
                Place::End(_, sign) => *sign,
            };
            let mut others = values.clone();
            let own = others.remove(&c.m.variable).expect("every choice has a value");
            let payoff = fold(&c.payoff.substitute_all(&others));
            Slope::new(c.m, &payoff, self.facts, self.judge, self.differentiate)?.best_at(&own, away)
        };
        self.choosers.iter().zip(pattern).map(one).collect()
    }

    /// The proofs that there is no other equilibrium than `values`, whatever the parameters: where the
    /// conditions of a pattern hold, the choices are these.
    fn only(&self, values: &Substitution) -> Result<Vec<Evidence>, InductionError> {
        let slopes = self.slopes()?;
        let mut evidence = vec![];
        // Only where it has a slope everywhere does a best choice show in the slope.
        for (c, slope) in self.choosers.iter().zip(&slopes) {
            for e in [&c.payoff, slope] {
                for condition in continuity(e, &c.m.variable) {
                    let proof = self.proof(&self.feasible(), &condition);
                    evidence.extend(proof.ok_or_else(|| self.not_settled("there is a slope everywhere"))?);
                }
            }
        }
        for pattern in self.patterns()? {
            let proofs = self.solved_pattern(values, &pattern, &slopes);
            let proofs = proofs.or_else(|| self.whole_pattern(values, &pattern, &slopes));
            evidence.extend(proofs.ok_or_else(|| self.not_settled("there is no other equilibrium"))?);
        }
        Ok(evidence)
    }

    /// By what satisfies the equations of the pattern.
    fn solved_pattern(
        &self,
        values: &Substitution,
        pattern: &[Place],
        slopes: &[Expr],
    ) -> Option<Vec<Evidence>> {
        let found = self.solutions(pattern).ok()?;
        let feasible = self.feasible();
        let mut evidence = vec![];
        for condition in &found.conditions {
            evidence.extend(self.proof(&feasible, condition)?);
        }
        for others in &found.values {
            if others == values {
                continue;
            }
            let known = self.choosers.iter().flat_map(|c| &c.m.from).cloned();
            let known = known.chain(signs(slopes, pattern)).map(|f| f.substitute_all(others));
            let known = Formula::and(known.map(|f| f.unchained()).collect());
            let same = values.iter().map(|(x, value)| Formula::eq(others[x].clone(), value.clone()));
            let same = Formula::and(same.collect());
            evidence.extend(self.proof(self.facts, &Formula::or(vec![!known, same]))?);
        }
        Some(evidence)
    }

    /// By the conditions of the pattern as they stand.
    fn whole_pattern(
        &self,
        values: &Substitution,
        pattern: &[Place],
        slopes: &[Expr],
    ) -> Option<Vec<Evidence>> {
        let equal = |e: &Expr| Formula::eq(e.clone(), Expr::int(0));
        let equations =
            self.choosers.iter().zip(pattern).zip(slopes).map(|((c, place), slope)| match place {
                Place::Flat => equal(slope),
                Place::End(end, _) => Formula::eq(Expr::Sym(c.m.variable.clone()), end.clone()),
            });
        let known = Formula::and(equations.chain(signs(slopes, pattern)).collect());
        let same = values.iter().map(|(x, value)| Formula::eq(Expr::Sym(x.clone()), value.clone()));
        let goal = Formula::or(vec![!known, Formula::and(same.collect())]);
        self.proof(&self.feasible(), &goal)
    }

    /// What is best for a player whatever the others choose, if that is one formula.
    fn reaction(&self, c: &Chooser) -> Option<Expr> {
        let others = self.choosers.iter().filter(|o| o.m.variable != c.m.variable);
        let facts: Vec<Formula> = self.facts.iter().chain(others.flat_map(|o| &o.m.from)).cloned().collect();
        best_response(c.m, &c.payoff, &facts, self.judge, self.differentiate).ok().map(|r| r.value)
    }
}

/// What the slopes have to be at the ends of a pattern.
fn signs<'a>(slopes: &'a [Expr], pattern: &'a [Place]) -> impl Iterator<Item = Formula> + 'a {
    slopes.iter().zip(pattern).filter_map(|(slope, place)| match place {
        Place::End(_, sign) => Some(Formula::Rel(slope.clone(), *sign, Expr::int(0))),
        Place::Flat => None,
    })
}
