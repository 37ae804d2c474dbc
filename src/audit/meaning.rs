//! What a claim's formula is said to be.

use crate::document::{Claim, Means};
use crate::expr::{Expr, Symbol};
use crate::game::Concept;

/// What a printed formula is said to be.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// The statement speaks for itself: every name in it has a meaning.
    Statement,
    /// The printed set is the game's Pareto set.
    ParetoSet,
    /// The printed name is the optimum; `unique` if it is said to be the only one.
    Optimum { term: Expr, unique: bool },
    /// The printed name is a term of the game.
    Term(Expr),
    /// The printed name is the game's solution by a concept.
    Solution(Concept),
    /// The printed equation defines the name: there must be exactly one value for it, and if the
    /// paper says by which concept it is a solution, that of the concept.
    Definition { name: Symbol, concept: Option<Concept> },
}

impl Meaning {
    /// Whether it is a choice among all agreements that can be made.
    pub fn is_about_agreements(&self) -> bool {
        matches!(
            self,
            Meaning::ParetoSet | Meaning::Solution(_) | Meaning::Definition { concept: Some(_), .. }
        )
    }

    /// What a claim's formula is said to be.
    pub fn of(claim: &Claim) -> Meaning {
        if let Some(name) = &claim.defines {
            let concept = match claim.means.as_ref().map(|m| &m.value) {
                Some(Means::Solution(concept)) => Some(concept.clone()),
                _ => None,
            };
            return Meaning::Definition { name: name.value.clone(), concept };
        }
        match claim.means.as_ref().map(|m| &m.value) {
            // A shape has nothing printed and is judged by itself.
            None | Some(Means::Equilibrium | Means::Unimodal { .. } | Means::Statement(_)) => {
                Meaning::Statement
            }
            Some(Means::Is(term @ Expr::Optimum { which, .. })) if which.is_arg() => {
                Meaning::Optimum { term: term.clone(), unique: true }
            }
            Some(Means::ParetoSet) => Meaning::ParetoSet,
            Some(Means::Solution(concept)) => Meaning::Solution(concept.clone()),
            Some(Means::IsAmong(term)) => Meaning::Optimum { term: term.clone(), unique: false },
            Some(Means::Is(term)) => Meaning::Term(term.clone()),
        }
    }
}
