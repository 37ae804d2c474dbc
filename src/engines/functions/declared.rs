//! What is known of a function without a formula.

use std::collections::BTreeSet;

use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Symbol};

/// A property of a function, as one of its first argument with the others fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Property {
    /// Has a derivative at every point of its domain, one-sided at its ends.
    Differentiable,
    NonDecreasing,
    Increasing,
    NonIncreasing,
    Decreasing,
    Concave,
    Convex,
    NonNegative,
    Positive,
}

impl Property {
    /// All of them.
    pub const ALL: [Property; 9] = [
        Property::Differentiable,
        Property::NonDecreasing,
        Property::Increasing,
        Property::NonIncreasing,
        Property::Decreasing,
        Property::Concave,
        Property::Convex,
        Property::NonNegative,
        Property::Positive,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Property::Differentiable => "differentiable",
            Property::NonDecreasing => "non-decreasing",
            Property::Increasing => "increasing",
            Property::NonIncreasing => "non-increasing",
            Property::Decreasing => "decreasing",
            Property::Concave => "concave",
            Property::Convex => "convex",
            Property::NonNegative => "non-negative",
            Property::Positive => "positive",
        }
    }

    /// Whether no function on an interval with interior has both.
    pub fn contradicts(self, other: Property) -> bool {
        use Property::{Decreasing, Increasing, NonDecreasing, NonIncreasing};
        let pair = |a, b| (self, other) == (a, b) || (other, self) == (a, b);
        pair(Increasing, Decreasing) || pair(Increasing, NonIncreasing) || pair(Decreasing, NonDecreasing)
    }
}

/// A function of which only properties are known.
#[derive(Clone, Debug, PartialEq)]
pub struct AnyFunction {
    pub name: Symbol,
    pub parameters: Vec<Symbol>,
    /// How many parameters at the end may be left out; each then stands for its argument.
    pub omitted: usize,
    /// Where it is defined, in terms of the parameters: an interval of the first.
    pub domain: Vec<Formula>,
    pub properties: BTreeSet<Property>,
    /// What else is known, for all values of the parameters in the domain.
    pub known: Vec<Formula>,
}

impl AnyFunction {
    /// Whether it has the property.
    pub fn is(&self, property: Property) -> bool {
        self.properties.contains(&property)
    }

    /// Whether it never falls.
    pub fn rises(&self) -> bool {
        self.is(Property::NonDecreasing) || self.is(Property::Increasing)
    }

    /// Whether it never rises.
    pub fn falls(&self) -> bool {
        self.is(Property::NonIncreasing) || self.is(Property::Decreasing)
    }

    /// The arguments with those that are left out; `None` if their number is wrong.
    pub fn completed(&self, args: &[Expr]) -> Option<Vec<Expr>> {
        let all = self.parameters.len();
        if args.len() > all || (!args.is_empty() && args.len() < all - self.omitted) {
            return None;
        }
        let rest = self.parameters[args.len()..].iter().map(|p| Expr::Sym(p.clone()));
        Some(args.iter().cloned().chain(rest).collect())
    }

    /// A statement about the parameters, said of arguments.
    pub fn at(&self, statement: &Formula, args: &[Expr]) -> Formula {
        let with: Substitution = self.parameters.iter().cloned().zip(args.iter().cloned()).collect();
        statement.substitute_all(&with)
    }
}
