//! Many runs, and the simplest one that breaks the invariant.

use rayon::prelude::*;
use rug::{Integer, Rational};

use crate::expr::Relation;
use crate::prove::evaluate::{Point, Value};

use super::certificate::{Certificate, broken, kept, named};
use super::machine::{Asked, End, Ran, run};
use super::program::Question;

/// The verdict on a question.
#[derive(Clone, Debug)]
pub enum Judgement {
    /// A run breaks the invariant.
    Broken(Box<Broken>),
    /// Every run that is as assumed keeps it; how many are not.
    Kept { certificate: Box<Certificate>, left_out: usize },
    /// Nothing was found either way; why, for people.
    Open(Vec<String>),
}

/// The simplest run that breaks an invariant, of those that were made.
#[derive(Clone, Debug)]
pub struct Broken {
    pub at: Point,
    pub round: usize,
    /// The sides of the part that fails.
    pub sides: Option<(Value, Relation, Value)>,
    pub certificate: Certificate,
    /// How many runs break it, and how many there are.
    pub of: (usize, usize),
    /// The simplest run that keeps it.
    pub kept: Option<Certificate>,
    /// What became of the runs that decide nothing.
    pub open: Vec<String>,
}

/// Makes all runs of a question.
///
/// The simplest run that breaks the invariant does so after the fewest rounds; of several, it is the one with
/// the shortest parameters, and of those the first.
pub fn judge(q: &Question) -> Judgement {
    let unfolded = match q.unfolded() {
        Ok(unfolded) => unfolded,
        Err(why) => return Judgement::Open(vec![why]),
    };
    let asked = Asked { written: q, unfolded: &unfolded };
    let ran: Vec<Ran> = q.runs.par_iter().map(|at| run(&asked, at)).collect();
    let pairs: Vec<(&Point, &Ran)> = q.runs.iter().zip(&ran).filter(|(_, r)| r.end != End::LeftOut).collect();
    let left_out = q.runs.len() - pairs.len();
    let open: Vec<String> = pairs
        .iter()
        .filter_map(|(at, r)| match &r.end {
            End::Open(why) => Some(format!("{}: {why}", named(at))),
            _ => None,
        })
        .collect();
    let certified = |pairs: &[&(&Point, &Ran)]| {
        let runs: Vec<Ran> = pairs.iter().map(|(_, r)| (*r).clone()).collect();
        let question = q.of(pairs.iter().map(|(at, _)| (*at).clone()).collect());
        Certificate { found: kept(&unfolded, &runs), question }
    };
    let keeps: Vec<&(&Point, &Ran)> = pairs.iter().filter(|(_, r)| r.end == End::Kept).collect();
    let breaks = || pairs.iter().filter(|(_, r)| matches!(r.end, End::Broken { .. }));
    if let Some((at, ran)) = breaks().min_by_key(|(at, r)| (r.trace.len(), length(at)))
        && let (Some(found), End::Broken { sides, .. }) = (broken(&unfolded, ran), &ran.end)
    {
        let simplest = keeps.iter().min_by_key(|(at, r)| (r.trace.len(), length(at)));
        return Judgement::Broken(Box::new(Broken {
            at: (*at).clone(),
            round: ran.trace.len() - 1,
            sides: sides.as_deref().cloned(),
            certificate: Certificate { question: q.of(vec![(*at).clone()]), found },
            of: (breaks().count(), pairs.len()),
            kept: simplest.map(|one| certified(&[*one])),
            open,
        }));
    }
    match (pairs.is_empty(), open.is_empty()) {
        (true, _) => Judgement::Open(vec!["no run is as assumed".to_owned()]),
        (_, false) => Judgement::Open(open),
        (_, true) => Judgement::Kept { certificate: Box::new(certified(&keeps)), left_out },
    }
}

/// How simple the parameters of a run are: how many digits they take, then how large those make them.
fn length(at: &Point) -> (usize, Integer) {
    let size = |v: &Rational| Integer::from(v.numer().abs_ref()) + v.denom();
    (at.values().map(|v| v.to_string().len()).sum(), at.values().map(size).sum())
}
