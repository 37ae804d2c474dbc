//! Cells of the parameter space: the sign vectors of finitely many polynomials.

use crate::expr::{Case, Expr, Formula, Relation};
use crate::prove::Judge;

use super::Tools;

/// The most polynomials that are used to cut the parameter space; past it there are too many
/// cells to be worth a closed form.
const MOST_WALLS: usize = 6;

/// The signs a wall can have in a cell.
pub const SIGNS: [Relation; 3] = [Relation::Lt, Relation::Eq, Relation::Gt];

/// A decomposition of the parameter space.
#[derive(Clone, Debug)]
pub struct Cells {
    /// Polynomials whose sign is constant in each cell.
    pub walls: Vec<Expr>,
    /// Each non-empty cell, as the sign of every wall.
    pub cells: Vec<Vec<Relation>>,
}

impl Cells {
    /// The cells cut by the irreducible factors of `terms` whose sign is not one and the same under
    /// `facts`: a wall that nobody stands on may still have people on both sides.
    pub fn cut(terms: &[Expr], facts: &[Formula], tools: Tools) -> Option<Cells> {
        let mut walls: Vec<Expr> = vec![];
        for term in terms {
            // A wall that is not found costs a closed form, not its soundness.
            let Some((numerator, denominator)) = tools.algebra.fraction(term) else { continue };
            for side in [numerator, denominator] {
                for factor in tools.algebra.factors(&side).unwrap_or_default() {
                    let flipped = tools.algebra.tidy(&-factor.clone());
                    if !walls.contains(&factor)
                        && !walls.contains(&flipped)
                        && !has_one_sign(&factor, facts, tools.judge)
                    {
                        walls.push(factor);
                    }
                }
            }
        }
        if walls.len() > MOST_WALLS {
            return None;
        }
        let mut cells = vec![vec![]];
        for depth in 0..walls.len() {
            let mut next = vec![];
            for cell in cells {
                for sign in SIGNS {
                    let mut longer: Vec<Relation> = cell.clone();
                    longer.push(sign);
                    let mut conditions = facts.to_vec();
                    conditions.extend(conditions_of(&walls[..=depth], &longer));
                    if tools.judge.satisfiable(&conditions) != Some(false) {
                        next.push(longer);
                    }
                }
            }
            cells = next;
        }
        Some(Cells { walls, cells })
    }

    /// The conditions that define a cell.
    pub fn conditions(&self, cell: &[Relation]) -> Vec<Formula> {
        conditions_of(&self.walls, cell)
    }

    /// A short formula that picks out exactly the cells numbered in `chosen` among all cells:
    /// `True` for all of them, a bound on one wall if that is enough, else the cells one by one.
    pub fn describe(&self, chosen: &[usize]) -> Formula {
        if chosen.len() == self.cells.len() {
            return Formula::True;
        }
        for (w, wall) in self.walls.iter().enumerate() {
            let signs: Vec<Relation> =
                SIGNS.into_iter().filter(|s| chosen.iter().any(|c| self.cells[*c][w] == *s)).collect();
            let picked: Vec<usize> =
                (0..self.cells.len()).filter(|c| signs.contains(&self.cells[*c][w])).collect();
            if picked == chosen {
                return bound(wall, &signs);
            }
        }
        Formula::or(chosen.iter().map(|c| Formula::and(self.conditions(&self.cells[*c]))).collect())
    }
}

/// The cases `value where condition`, the last one as `else`; a single value stands alone.
pub fn by_cases(mut parts: Vec<(Expr, Formula)>) -> Expr {
    if parts.len() == 1 {
        return parts.remove(0).0;
    }
    Expr::Cases(parts.into_iter().map(|(value, f)| Case { value, condition: Some(f) }).collect())
}

fn has_one_sign(term: &Expr, facts: &[Formula], judge: &dyn Judge) -> bool {
    let is = |r: Relation| judge.proves(facts, &Formula::Rel(term.clone(), r, Expr::int(0)));
    is(Relation::Gt) || is(Relation::Lt)
}

fn conditions_of(walls: &[Expr], signs: &[Relation]) -> Vec<Formula> {
    walls.iter().zip(signs).map(|(wall, sign)| bound(wall, &[*sign])).collect()
}

/// The statement that a wall has one of the signs, written with a single symbol on the left where
/// the wall is linear with a unit coefficient in one.
fn bound(wall: &Expr, signs: &[Relation]) -> Formula {
    let relation = match signs {
        [Relation::Lt, Relation::Eq] => Relation::Le,
        [Relation::Eq, Relation::Gt] => Relation::Ge,
        [Relation::Lt, Relation::Gt] => Relation::Ne,
        [one] => *one,
        _ => return Formula::True,
    };
    let (left, relation, right) = separated(wall, relation);
    Formula::Rel(left, relation, right)
}

/// `wall R 0` with positive terms on one side and negative ones on the other.
fn separated(wall: &Expr, relation: Relation) -> (Expr, Relation, Expr) {
    let terms = match wall {
        Expr::Add(xs) => xs.clone(),
        other => vec![other.clone()],
    };
    let (mut plus, mut minus) = (vec![], vec![]);
    for t in terms {
        match negated(&t) {
            Some(opposite) => minus.push(opposite),
            None => plus.push(t),
        }
    }
    let side = |mut xs: Vec<Expr>| match xs.len() {
        0 => Expr::int(0),
        1 => xs.remove(0),
        _ => Expr::Add(xs),
    };
    (side(plus), relation, side(minus))
}

/// `-t`, if `t` carries a negative literal coefficient.
fn negated(t: &Expr) -> Option<Expr> {
    match t {
        Expr::Num(n) if *n < 0 => Some(Expr::Num(-n.clone())),
        Expr::Mul(xs) => match xs.first()?.as_num() {
            Some(n) if *n < 0 => {
                let mut factors = xs.clone();
                factors[0] = Expr::Num(-n.clone());
                Some(crate::expr::fold::fold(&Expr::Mul(factors)))
            }
            _ => None,
        },
        _ => None,
    }
}
