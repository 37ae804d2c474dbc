//! A budget for long computations.

use std::cell::Cell;
use std::time::Instant;

/// The budget ran out; nothing is known of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exhausted {
    /// The number of steps allowed was reached.
    #[error("the step limit was reached")]
    Steps,
    /// The deadline passed.
    #[error("the time limit was reached")]
    Time,
}

/// How many steps may still be taken, and until when.
///
/// A step is roughly the product of two machine-word coefficients, some ten nanoseconds. Counting steps keeps answers
/// the same from run to run; the deadline is a safety net. As operands grow with the steps spent
/// on them, a bound on steps also bounds memory.
#[derive(Debug)]
pub struct Meter {
    limit: u64,
    spent: Cell<u64>,
    deadline: Option<Instant>,
    since_look: Cell<u64>,
}

/// Steps between two looks at the clock.
const STEPS_PER_LOOK: u64 = 4096;

impl Meter {
    /// A meter that allows `limit` steps until `deadline`.
    pub fn new(limit: u64, deadline: Option<Instant>) -> Self {
        Meter { limit, spent: Cell::new(0), deadline, since_look: Cell::new(0) }
    }

    /// A meter that never runs out.
    pub fn unlimited() -> Self {
        Meter::new(u64::MAX, None)
    }

    /// Takes `steps` steps from the budget.
    pub fn charge(&self, steps: u64) -> Result<(), Exhausted> {
        let spent = self.spent.get().saturating_add(steps);
        self.spent.set(spent);
        if spent > self.limit {
            return Err(Exhausted::Steps);
        }
        let since = self.since_look.get() + steps;
        if since < STEPS_PER_LOOK {
            self.since_look.set(since);
            return Ok(());
        }
        self.since_look.set(0);
        match self.deadline {
            Some(end) if Instant::now() >= end => Err(Exhausted::Time),
            _ => Ok(()),
        }
    }

    /// The steps taken so far.
    pub fn spent(&self) -> u64 {
        self.spent.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_that_is_overdrawn_says_so() {
        let meter = Meter::new(10, None);
        assert_eq!(meter.charge(10), Ok(()));
        assert_eq!(meter.charge(1), Err(Exhausted::Steps));
    }

    #[test]
    fn a_deadline_that_has_passed_is_noticed() {
        let meter = Meter::new(u64::MAX, Some(Instant::now()));
        assert_eq!(meter.charge(STEPS_PER_LOOK), Err(Exhausted::Time));
    }
}
