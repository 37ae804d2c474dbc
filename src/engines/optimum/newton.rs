//! Newton's method on the equilibrium conditions, and how the equilibrium moves with a share.

use super::OptimumError;
use super::crowd::Arrow;
use super::frame::{Active, Frame, System};
use super::jet::Jet;
use super::number::Scalar;

/// Steps after which refinement gives up.
const STEPS: u32 = 80;

/// Solves the conditions of the choices that are inside their ranges, from a close start in
/// `slots`, until a step changes no coordinate by more than its `2^-bits`-th part. Convergence
/// is quadratic where the second-order conditions hold strictly.
pub(super) fn refine<N: Scalar>(
    frame: &Frame,
    active: &[Active],
    slots: &mut [N],
    cx: N::Context,
    bits: i32,
) -> Result<(), OptimumError> {
    let unknown = Frame::interior(active);
    if unknown.is_empty() {
        return Ok(());
    }
    let variable = |i: usize| frame.primitives.choices[i].variable.clone();
    let mut reached = i32::MIN;
    for _ in 0..STEPS {
        let undefined = || OptimumError::Undefined(format!("the condition of `{}`", variable(unknown[0])));
        let linear = Linear::at(frame, active, &unknown, slots, cx)?.ok_or_else(undefined)?;
        let step = linear.solve(&linear.values()).ok_or_else(undefined)?;
        let mut worst = i32::MIN;
        for (&i, step) in unknown.iter().zip(&step) {
            worst = worst.max(advance(frame, i, &mut slots[frame.slot(i)], step));
        }
        if worst <= -bits {
            return Ok(());
        }
        reached = reached.max(-worst);
    }
    let digits = (f64::from(reached.max(0)) * std::f64::consts::LOG10_2) as u32;
    Err(OptimumError::NotConverged { variable: variable(unknown[0]), digits })
}

/// The conditions of the choices inside their ranges, linearised: their values, and their
/// derivatives by the coordinates of these choices.
enum Linear<N> {
    Full(Vec<N>, Vec<Vec<N>>),
    Arrow(Arrow<N>),
}

impl<N: Scalar> Linear<N> {
    fn at(
        frame: &Frame,
        active: &[Active],
        unknown: &[usize],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<Linear<N>>, OptimumError> {
        if let Some(crowd) = &frame.crowd {
            let arrow = crowd.linearised(active, slots, cx);
            debug_assert!(arrow.as_ref().is_none_or(|a| a.choices() == unknown));
            return Ok(arrow.map(Linear::Arrow));
        }
        let system = frame.system(active)?;
        Ok(linearised(frame, &system, unknown, slots, cx).map(|(v, m)| Linear::Full(v, m)))
    }

    fn values(&self) -> Vec<N> {
        match self {
            Linear::Full(values, _) => values.clone(),
            Linear::Arrow(arrow) => arrow.values(),
        }
    }

    fn solve(&self, rhs: &[N]) -> Option<Vec<N>> {
        match self {
            Linear::Full(_, matrix) => solve(matrix.clone(), rhs.to_vec()),
            Linear::Arrow(arrow) => arrow.solve(rhs),
        }
    }
}

/// Subtracts `step`, but never leaves the range; the binary exponent of the relative change.
fn advance<N: Scalar>(frame: &Frame, choice: usize, t: &mut N, step: &N) -> i32 {
    let range = &frame.primitives.choices[choice].range;
    let bounded = range.lower.is_some() || range.upper.is_some();
    let next = t.add(&step.neg());
    if bounded && next.compare(&next.like(0)) != Some(std::cmp::Ordering::Greater) {
        *t = t.mul(&t.like(4).recip().expect("four has a reciprocal"));
        return 0;
    }
    let size = next.exponent().unwrap_or(0);
    *t = next;
    match step.exponent() {
        Some(e) => e.saturating_sub(size),
        None if step.is_zero() => i32::MIN,
        None => 0,
    }
}

/// The conditions' values and their derivatives by the unknown coordinates.
fn linearised<N: Scalar>(
    frame: &Frame,
    system: &System,
    unknown: &[usize],
    slots: &[N],
    cx: N::Context,
) -> Option<(Vec<N>, Vec<Vec<N>>)> {
    let mut jets: Vec<Jet<N>> = slots.iter().map(|v| Jet::constant(v.clone(), 1)).collect();
    let mut values = vec![];
    let mut rows = vec![vec![]; unknown.len()];
    for &k in unknown {
        let slot = frame.slot(k);
        jets[slot].set(1, slots[slot].like(1));
        values.clear();
        for (row, &i) in rows.iter_mut().zip(unknown) {
            let jet = system.conditions[i].run(&jets, (cx, 1))?;
            row.push(jet.get(1).clone());
            values.push(jet.get(0).clone());
        }
        jets[slot].set(1, slots[slot].like(0));
    }
    Some((values, rows))
}

/// Solves a linear system by elimination with partial pivoting; `None` if it is singular or
/// anything in it is not finite.
pub(super) fn solve<N: Scalar>(mut rows: Vec<Vec<N>>, mut rhs: Vec<N>) -> Option<Vec<N>> {
    let n = rows.len();
    for k in 0..n {
        let pivot = (k..n).fold(k, |best, i| if rows[i][k].exceeds(&rows[best][k]) { i } else { best });
        rows.swap(k, pivot);
        rhs.swap(k, pivot);
        let inverse = rows[k][k].recip().filter(N::is_finite)?;
        let (pivot_row, pivot_rhs) = (rows[k].clone(), rhs[k].clone());
        for i in k + 1..n {
            let by = rows[i][k].mul(&inverse).neg();
            for (cell, p) in rows[i].iter_mut().zip(&pivot_row).skip(k) {
                *cell = cell.add(&by.mul(p));
            }
            rhs[i] = rhs[i].add(&by.mul(&pivot_rhs));
        }
    }
    for k in (0..n).rev() {
        for j in k + 1..n {
            let known = rows[k][j].mul(&rhs[j]);
            rhs[k] = rhs[k].add(&known.neg());
        }
        rhs[k] = rhs[k].mul(&rows[k][k].recip()?);
    }
    rhs.iter().all(N::is_finite).then_some(rhs)
}

/// The coordinates as series in the coordinate of one share, to the given order, along the
/// equilibrium through `slots`. `None` where the implicit function theorem does not apply.
pub(super) fn along<N: Scalar>(
    frame: &Frame,
    active: &[Active],
    slots: &[N],
    cx: N::Context,
    share: usize,
    order: usize,
) -> Option<Vec<Jet<N>>> {
    let unknown = Frame::interior(active);
    let mut jets: Vec<Jet<N>> = slots.iter().map(|v| Jet::constant(v.clone(), order)).collect();
    jets[share].set(1, slots[share].like(1));
    if unknown.is_empty() {
        return Some(jets);
    }
    let linear = Linear::at(frame, active, &unknown, slots, cx).ok()??;
    for k in 1..=order {
        let residual = |i: usize| {
            let jet = frame.condition(i, active, &jets, (cx, order)).ok()??;
            Some(jet.get(k).neg())
        };
        let rhs: Vec<N> = unknown.iter().map(|&i| residual(i)).collect::<Option<_>>()?;
        for (&i, coefficient) in unknown.iter().zip(linear.solve(&rhs)?) {
            jets[frame.slot(i)].set(k, coefficient);
        }
    }
    Some(jets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_needs_its_rows_exchanged_is_solved() {
        let x = solve(vec![vec![0.0, 2.0], vec![4.0, 1.0]], vec![6.0, 7.0]);
        assert_eq!(x, Some(vec![1.0, 3.0]));
    }

    #[test]
    fn a_singular_system_has_no_solution() {
        assert_eq!(solve(vec![vec![1.0, 2.0], vec![2.0, 4.0]], vec![1.0, 1.0]), None);
    }
}
