//! How long the stages of a run took, on the clock and on all processors together; no report has it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A part of a run; the parts follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Reading,
    Recalling,
    Solving,
    Judging,
    Measuring,
    Writing,
}

impl Stage {
    /// What is done in it, in words.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Reading => "papers read",
            Stage::Recalling => "earlier audit looked up",
            Stage::Solving => "games solved",
            Stage::Judging => "claims judged",
            Stage::Measuring => "numeric route",
            Stage::Writing => "pages written",
        }
    }
}

/// What a stage took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Time on the clock.
    pub clock: Duration,
    /// Time that all threads had a processor, their sum; none where the system does not tell. Other
    /// processes, such as that of the symbolic layer, are not in it.
    pub processors: Option<Duration>,
}

/// What was asked of the symbolic layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How many requests there were; what was answered before is not asked again.
    pub requests: u64,
    /// How long threads waited for the answers, their sum.
    pub waited: Duration,
}

/// The stages that there were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stages {
    spent: BTreeMap<Stage, Spent>,
    pub symbolic: Asked,
}

impl Stages {
    /// Does some work and adds what it took to its stage.
    pub fn timed<T>(&mut self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let (clock, before) = (Instant::now(), processors());
        let done = work();
        let processors = before.zip(processors()).map(|(before, after)| after.saturating_sub(before));
        self.add(stage, Spent { clock: clock.elapsed(), processors });
        done
    }

    /// This with what a run after it took.
    pub fn and(mut self, further: &Stages) -> Stages {
        for (stage, spent) in &further.spent {
            self.add(*stage, *spent);
        }
        self.symbolic.requests += further.symbolic.requests;
        self.symbolic.waited += further.symbolic.waited;
        self
    }

    /// The stages in their order.
    pub fn list(&self) -> Vec<(Stage, Spent)> {
        self.spent.iter().map(|(stage, spent)| (*stage, *spent)).collect()
    }

    fn add(&mut self, stage: Stage, more: Spent) {
        let none = Spent { clock: Duration::ZERO, processors: Some(Duration::ZERO) };
        let spent = self.spent.entry(stage).or_insert(none);
        spent.clock += more.clock;
        spent.processors = spent.processors.zip(more.processors).map(|(sum, more)| sum + more);
    }
}

/// The time that this process's threads had a processor until now.
#[cfg(unix)]
fn processors() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()
}

#[cfg(not(unix))]
fn processors() -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_comes_twice_has_the_sum_and_stages_keep_their_order() {
        let one = Spent { clock: Duration::from_secs(1), processors: Some(Duration::from_secs(3)) };
        let mut stages = Stages::default();
        stages.add(Stage::Judging, one);
        stages.add(Stage::Reading, Spent { processors: None, ..one });
        let mut further = Stages::default();
        further.add(Stage::Judging, one);
        further.symbolic.requests = 2;
        let all = stages.and(&further);
        let twice = Spent { clock: Duration::from_secs(2), processors: Some(Duration::from_secs(6)) };
        let read = Spent { clock: Duration::from_secs(1), processors: None };
        assert_eq!(all.list(), [(Stage::Reading, read), (Stage::Judging, twice)]);
        assert_eq!(all.symbolic.requests, 2);
    }

    #[test]
    fn what_sleeps_takes_time_and_no_processor() {
        let mut stages = Stages::default();
        let answer = stages.timed(Stage::Solving, || {
            std::thread::sleep(Duration::from_millis(50));
            7
        });
        let [(Stage::Solving, spent)] = stages.list()[..] else { panic!("{stages:?}") };
        assert_eq!(answer, 7);
        assert!(spent.clock >= Duration::from_millis(50), "{spent:?}");
    }
}
