//! Sentences about agreements and payoffs, and what they are about.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A shape that a payoff may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    Unimodal,
    Increasing,
    Decreasing,
    Concave,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Shape; 4] = [Shape::Unimodal, Shape::Increasing, Shape::Decreasing, Shape::Concave];

    /// What the shape is called.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Unimodal => "strictly unimodal",
            Shape::Increasing => "strictly increasing",
            Shape::Decreasing => "strictly decreasing",
            Shape::Concave => "strictly concave",
        }
    }
}

/// A player, or a family of players with an index letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// `A`, or `B_i` for a family.
    pub name: String,
    /// What its payoff is called: `U_A`, `U_{B_i}`.
    pub payoff: String,
    /// The index letter of a family.
    pub letter: Option<String>,
}

/// Whether members of the family may abstain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abstaining {
    /// Nobody: who has a negative payoff has it.
    Nobody,
    /// A member with a negative payoff abstains and gets 0; the others' payoffs are what they are.
    Apart,
    /// As before, and the leader loses what the member adds, a positive amount; where all abstain there is
    /// no agreement. The leader's payoff is called as if everybody stayed.
    Costing { leader: usize },
}

/// What a theorem is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// At most one is a family, and it is the last.
    pub groups: Vec<Group>,
    /// Each payoff has one of these shapes.
    pub shapes: Vec<Shape>,
    pub continuous: bool,
    pub abstaining: Abstaining,
}

impl Frame {
    /// The family, if there is one.
    pub fn family(&self) -> Option<&Group> {
        self.groups.last().filter(|g| g.letter.is_some())
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    Lt,
    Le,
    Eq,
    Ne,
    Ge,
    Gt,
}

impl Relation {
    /// Whether it holds between two things that compare so.
    pub fn holds(self, o: std::cmp::Ordering) -> bool {
        match self {
            Relation::Lt => o.is_lt(),
            Relation::Le => o.is_le(),
            Relation::Eq => o.is_eq(),
            Relation::Ne => o.is_ne(),
            Relation::Ge => o.is_ge(),
            Relation::Gt => o.is_gt(),
        }
    }
    /// The one that holds where this one does not.
    pub fn negated(self) -> Relation {
        match self {
            Relation::Lt => Relation::Ge,
            Relation::Le => Relation::Gt,
            Relation::Eq => Relation::Ne,
            Relation::Ne => Relation::Eq,
            Relation::Ge => Relation::Lt,
            Relation::Gt => Relation::Le,
        }
    }
    fn sign(self) -> &'static str {
        match self {
            Relation::Lt => "<",
            Relation::Le => "≤",
            Relation::Eq => "=",
            Relation::Ne => "≠",
            Relation::Ge => "≥",
            Relation::Gt => ">",
        }
    }
}

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spot {
    Variable(String),
    /// The agreement at which the payoff of a group is highest, by the group's place.
    Peak(usize),
    Zero,
    One,
}

/// What a payoff is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worth {
    Disagreement,
    At(Spot),
}

/// A sentence. Groups are spoken of by their place in the frame; a family's stands for the member
/// that the index letter is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sentence {
    Place(Spot, Relation, Spot),
    /// The payoff of a group at an agreement, against its payoff elsewhere.
    Payoff(usize, Spot, Relation, Worth),
    /// No agreement dominates it, nor does disagreement; without a place: disagreement itself.
    Optimal(Option<Spot>),
    Not(Box<Sentence>),
    And(Vec<Sentence>),
    Or(Vec<Sentence>),
    Implies(Box<Sentence>, Box<Sentence>),
    Iff(Box<Sentence>, Box<Sentence>),
    All(String, Box<Sentence>),
    Some(String, Box<Sentence>),
    Every(Box<Sentence>),
    Any(Box<Sentence>),
}

impl Sentence {
    /// For people; names as `name` shows them.
    pub fn plain(&self, frame: &Frame, name: &dyn Fn(&str) -> String) -> String {
        Words { sentence: self, frame, name }.to_string()
    }

    /// What it excludes, for a hypothesis that excludes a coincidence.
    pub fn denied(&self) -> Sentence {
        let all = |ps: &[Sentence]| ps.iter().map(Sentence::denied).collect();
        match self {
            Sentence::Place(a, r, b) => Sentence::Place(a.clone(), r.negated(), b.clone()),
            Sentence::Payoff(g, a, r, w) => Sentence::Payoff(*g, a.clone(), r.negated(), w.clone()),
            Sentence::And(ps) => Sentence::Or(all(ps)),
            Sentence::Every(p) => Sentence::Any(Box::new(p.denied())),
            other => Sentence::Not(Box::new(other.clone())),
        }
    }
}

struct Words<'a> {
    sentence: &'a Sentence,
    frame: &'a Frame,
    name: &'a dyn Fn(&str) -> String,
}

impl Words<'_> {
    fn spot(&self, s: &Spot) -> String {
        match s {
            Spot::Variable(v) => (self.name)(v),
            Spot::Peak(g) => format!("peak({})", (self.name)(&self.frame.groups[*g].name)),
            Spot::Zero => "0".into(),
            Spot::One => "1".into(),
        }
    }
    fn inner(&self, s: &Sentence) -> String {
        let words = Words { sentence: s, ..*self }.to_string();
        match s {
            Sentence::Place(..) | Sentence::Payoff(..) | Sentence::Optimal(_) | Sentence::Not(_) => words,
            _ => format!("({words})"),
        }
    }
    fn list(&self, parts: &[Sentence], word: &str) -> String {
        parts.iter().map(|p| self.inner(p)).collect::<Vec<_>>().join(word)
    }
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |s: &Sentence| Words { sentence: s, ..*self }.to_string();
        let letter = || self.frame.family().and_then(|g| g.letter.clone()).unwrap_or_default();
        match self.sentence {
            Sentence::Place(a, r, b) => write!(f, "{} {} {}", self.spot(a), r.sign(), self.spot(b)),
            Sentence::Payoff(g, a, r, worth) => {
                let payoff = (self.name)(&self.frame.groups[*g].payoff);
                write!(f, "{payoff}({}) {} ", self.spot(a), r.sign())?;
                match worth {
                    Worth::Disagreement => write!(f, "0"),
                    Worth::At(b) => write!(f, "{payoff}({})", self.spot(b)),
                }
            }
            Sentence::Optimal(None) => write!(f, "optimal(disagreement)"),
            Sentence::Optimal(Some(s)) => write!(f, "optimal({})", self.spot(s)),
            Sentence::Not(p) => write!(f, "not {}", self.inner(p)),
            Sentence::And(ps) => write!(f, "{}", self.list(ps, " and ")),
            Sentence::Or(ps) => write!(f, "{}", self.list(ps, " or ")),
            Sentence::Implies(p, q) => write!(f, "{} implies {}", self.inner(p), self.inner(q)),
            Sentence::Iff(p, q) => write!(f, "{} iff {}", self.inner(p), self.inner(q)),
            Sentence::All(v, p) => write!(f, "for all {}: {}", (self.name)(v), whole(p)),
            Sentence::Some(v, p) => write!(f, "for some {}: {}", (self.name)(v), whole(p)),
            Sentence::Every(p) => write!(f, "for all {}: {}", letter(), whole(p)),
            Sentence::Any(p) => write!(f, "for some {}: {}", letter(), whole(p)),
        }
    }
}
