//! The budget of one question for the engines that have none of their own: `identity`, `signs`.
//!
//! Their work is spread over small functions on polynomials, called from everywhere and by the
//! re-check, which is to run to its end. So the budget is not an argument of each but belongs to the
//! thread while [`within`] runs; where there is none, nothing is ever used up. Steps are counted so
//! that answers do not depend on the machine; the deadline is a safety net.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use crate::exact::Meter;

struct Budget {
    meter: Meter,
    deadline: Option<Instant>,
    /// What is used up stays so: the meter looks at the clock now and then only.
    used_up: Cell<bool>,
}

thread_local! {
    static BUDGET: RefCell<Option<Rc<Budget>>> = const { RefCell::new(None) };
}

/// Runs `work` with at most `steps` steps until `deadline`; a budget that is set already stays
/// the one that counts.
pub fn within<T>(steps: u64, deadline: Option<Instant>, work: impl FnOnce() -> T) -> T {
    /// Takes the budget away again, also when `work` panics.
    struct Scope;
    impl Drop for Scope {
        fn drop(&mut self) {
            BUDGET.with(|b| *b.borrow_mut() = None);
        }
    }
    if current().is_some() {
        return work();
    }
    let budget = Budget { meter: Meter::new(steps, deadline), deadline, used_up: Cell::new(false) };
    BUDGET.with(|b| *b.borrow_mut() = Some(Rc::new(budget)));
    let _scope = Scope;
    work()
}

/// A budget for a piece of work that does not count as a part of the work around it.
pub struct Own {
    budget: Rc<Budget>,
}

impl Own {
    /// A budget of `steps` steps until `deadline`, not begun.
    pub fn new(steps: u64, deadline: Option<Instant>) -> Own {
        Own {
            budget: Rc::new(Budget {
                meter: Meter::new(steps, deadline),
                deadline,
                used_up: Cell::new(false),
            }),
        }
    }

    /// Runs `work` on this budget; the one around it counts again afterwards.
    pub fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        /// Puts the outer budget back, also when `work` panics.
        struct Scope(Option<Rc<Budget>>);
        impl Drop for Scope {
            fn drop(&mut self) {
                BUDGET.with(|b| *b.borrow_mut() = self.0.take());
            }
        }
        let _scope = Scope(BUDGET.with(|b| b.borrow_mut().replace(self.budget.clone())));
        work()
    }

    /// Whether the budget was used up.
    pub fn is_used_up(&self) -> bool {
        self.budget.used_up.get()
    }
}

fn current() -> Option<Rc<Budget>> {
    BUDGET.with(|b| b.borrow().clone())
}

/// The deadline of the budget, if there is one.
pub fn deadline() -> Option<Instant> {
    current().and_then(|b| b.deadline)
}

/// Takes steps from the budget, if there is one; `None` once it is used up.
pub(super) fn spend(steps: usize) -> Option<()> {
    let Some(budget) = current() else { return Some(()) };
    if budget.meter.charge(steps as u64).is_err() {
        budget.used_up.set(true);
    }
    (!budget.used_up.get()).then_some(())
}

/// Takes steps from the budget, if there is one, for work that cannot be left off halfway.
pub(super) fn note(steps: usize) {
    let _ = spend(steps);
}

/// Whether the budget is used up.
pub(super) fn is_used_up() -> bool {
    spend(0).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_used_up_inside_its_scope_only() {
        assert_eq!(spend(100), Some(()));
        let (first, second) = within(10, None, || (spend(10), within(100, None, || spend(1))));
        assert_eq!((first, second), (Some(()), None));
        assert_eq!(spend(100), Some(()));
    }

    #[test]
    fn an_own_budget_is_apart_from_the_one_around_it() {
        let own = Own::new(10, None);
        let steps = within(5, None, || (own.run(|| spend(8)), spend(5), own.run(|| spend(8)), spend(1)));
        assert_eq!(steps, (Some(()), Some(()), None, None));
        assert!(own.is_used_up());
    }

    #[test]
    fn a_deadline_that_has_passed_uses_it_up() {
        let then = within(u64::MAX, Some(Instant::now()), || {
            note(1 << 20);
            spend(1)
        });
        assert_eq!(then, None);
    }
}
