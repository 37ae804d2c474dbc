//! Answers that were given already, so that the same question is not worked on twice in a run.
//!
//! An audit asks much again: the lines of a derivation share their hypotheses, and closed forms
//! are looked for among the same candidates. Nothing outlives the process.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One question's answer, locked while it is worked out.
type Slot<A> = Arc<Mutex<Option<A>>>;

/// Answers by question. A question must contain everything on which its answer depends.
pub struct Memory<Q, A>(Mutex<HashMap<Q, Slot<A>>>);

impl<Q, A> Default for Memory<Q, A> {
    fn default() -> Self {
        Memory(Mutex::default())
    }
}

impl<Q, A> fmt::Debug for Memory<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl<Q: Eq + Hash, A: Clone> Memory<Q, A> {
    /// The answer to a question: the one given before, or `ask`'s, which is kept if `lasting` says
    /// so; an answer that hangs on a clock is not to be kept.
    ///
    /// Who asks what another thread is working on waits for that answer. `ask` must not come back
    /// to the same question, nor run other work that might.
    pub fn recall(&self, question: Q, ask: impl FnOnce() -> A, lasting: impl FnOnce(&A) -> bool) -> A {
        let slot = locked(&self.0).entry(question).or_default().clone();
        let mut answer = locked(&slot);
        if let Some(known) = &*answer {
            return known.clone();
        }
        let found = ask();
        if lasting(&found) {
            *answer = Some(found.clone());
        }
        found
    }
}

/// A panic elsewhere cannot leave an answer half-written: it is put in place whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_question_is_worked_on_once_whichever_thread_asks() {
        let (memory, asked) = (Memory::default(), AtomicUsize::new(0));
        let square = |n: u64| {
            asked.fetch_add(1, Ordering::SeqCst);
            n * n
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    (0..50).for_each(|n| assert_eq!(memory.recall(n, || square(n), |_| true), n * n));
                });
            }
        });
        assert_eq!(asked.load(Ordering::SeqCst), 50);
    }

    #[test]
    fn an_answer_that_does_not_last_is_asked_for_again() {
        let memory = Memory::default();
        assert_eq!(memory.recall("late", || None, Option::is_some), None);
        assert_eq!(memory.recall("late", || Some(1), Option::is_some), Some(1));
        assert_eq!(memory.recall("late", || Some(2), Option::is_some), Some(1));
    }

    #[test]
    fn a_question_whose_work_panicked_can_be_asked_again() {
        let memory: Memory<u8, u8> = Memory::default();
        let work = || memory.recall(7, || panic!("a defect"), |_| true);
        assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
        assert_eq!(memory.recall(7, || 49, |_| true), 49);
    }
}
