//! What the points of an interval say of a best response.

use crate::expr::{Expr, Formula, Relation};

/// The points of an interval that facts are said of.
pub struct Points<'f, D: Fn(&Expr) -> Expr> {
    pub value: &'f dyn Fn(&Expr) -> Expr,
    pub slope: Option<D>,
    pub unimodal: bool,
    pub lower: Option<Expr>,
    pub upper: Option<Expr>,
    /// Another point, and that it lies in the interval.
    pub further: Option<(Formula, Expr)>,
    /// The best response.
    pub s: Expr,
}

impl<D: Fn(&Expr) -> Expr> Points<'_, D> {
    /// What is said of the best response.
    pub fn facts(&self) -> Vec<Formula> {
        let ends: Vec<&Expr> = self.lower.iter().chain(&self.upper).collect();
        let mut out: Vec<Formula> = ends.iter().flat_map(|p| self.of_point(p)).collect();
        if let Some((feasible, p)) = &self.further {
            let said = self.of_point(p).into_iter();
            out.extend(said.map(|f| Formula::or(vec![!feasible.clone(), f])));
        }
        // Of a further point it is enough that it is worse; more facts make a larger question.
        if self.further.is_none() {
            out.extend(self.first_order());
        }
        out
    }

    /// The first-order condition at the best response.
    fn first_order(&self) -> Vec<Formula> {
        let Some(slope) = &self.slope else { return vec![] };
        let slope = slope(&self.s);
        let s = || self.s.clone();
        let mut out = vec![];
        // Not at the upper end, it has no better point above; not at the lower end, none below.
        let at = |end: &Option<Expr>| end.as_ref().map(|e| Formula::eq(s(), e.clone()));
        let or = |end: Option<Formula>, relation| {
            let sign = Formula::rel(slope.clone(), relation, Expr::int(0));
            Formula::or(end.into_iter().chain([sign]).collect())
        };
        out.push(or(at(&self.upper), Relation::Le));
        out.push(or(at(&self.lower), Relation::Ge));
        out
    }

    /// What an end of the interval says of the best response.
    fn of_point(&self, p: &Expr) -> Vec<Formula> {
        let (best, here) = ((self.value)(&self.s), (self.value)(p));
        let rel = |a: &Expr, relation, b: &Expr| Formula::rel(a.clone(), relation, b.clone());
        let mut out = vec![rel(&best, Relation::Ge, &here)];
        if self.unimodal {
            // Every other point is worse than the one where it turns.
            out.push(Formula::or(vec![rel(&self.s, Relation::Eq, p), rel(&best, Relation::Gt, &here)]));
        }
        let Some(slope) = &self.slope else { return out };
        let slope = slope(p);
        let is_end = |end: &Option<Expr>| end.as_ref().map(|e| rel(p, Relation::Eq, e));
        for (sign, end, side) in
            [(Relation::Gt, &self.upper, Relation::Gt), (Relation::Lt, &self.lower, Relation::Lt)]
        {
            let unless = |fact: Formula| {
                let not = !rel(&slope, sign, &Expr::int(0));
                Formula::or([not].into_iter().chain(is_end(end)).chain([fact]).collect())
            };
            out.push(unless(rel(&best, Relation::Gt, &here)));
            if self.unimodal {
                out.push(unless(rel(&self.s, side, p)));
                let weak = if side == Relation::Gt { Relation::Ge } else { Relation::Le };
                let not = !rel(&slope, sign, &Expr::int(0));
                out.push(Formula::or(vec![not, rel(&self.s, weak, p)]));
            }
        }
        out
    }
}
