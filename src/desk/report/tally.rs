//! What is gathered for one line of a report, a page at a time. Nothing is kept of single tickets: of times, how often
//! each number of minutes was.

use std::collections::HashMap;

use crate::desk::report::line::Line;
use crate::desk::report::line::Times;
use crate::store::measures::report::Measured;
use crate::ticket::measure::MeasureKind;

#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) opened: i64,
    /// Open at the end.
    pub(super) backlog: i64,
    pub(super) ratings: i64,
    /// The sum of all ratings.
    pub(super) rated: i64,
    kinds: HashMap<MeasureKind, Spread>,
}

/// How the times of one kind are spread.
#[derive(Clone, Debug, Default)]
struct Spread {
    count: i64,
    met: i64,
    missed: i64,
    /// How many took so many minutes.
    minutes: HashMap<i64, i64>,
}

impl Tally {
    pub(super) fn take(&mut self, measured: &Measured) {
        let spread = self.kinds.entry(measured.kind).or_default();
        spread.count += measured.count;
        match measured.met {
            Some(0) => spread.missed += measured.count,
            Some(_) => spread.met += measured.count,
            None => {}
        }
        for minutes in measured.minutes() {
            *spread.minutes.entry(minutes).or_default() += 1;
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.opened += other.opened;
        self.backlog += other.backlog;
        self.ratings += other.ratings;
        self.rated += other.rated;
        for (kind, other) in &other.kinds {
            let spread = self.kinds.entry(*kind).or_default();
            spread.count += other.count;
            spread.met += other.met;
            spread.missed += other.missed;
            for (minutes, n) in &other.minutes {
                *spread.minutes.entry(*minutes).or_default() += n;
            }
        }
    }

    /// By how many fewer tickets are open than before, but for those that were opened.
    pub(super) fn ended(&self) -> i64 {
        self.count(MeasureKind::Resolved) + self.count(MeasureKind::Merged)
            - self.count(MeasureKind::Reopened)
    }

    pub(super) fn line(&self, name: String) -> Line {
        let times = |kind| self.kinds.get(&kind).map(Spread::times).unwrap_or_default();
        let (first_answer, next_answer) = (times(MeasureKind::FirstAnswer), times(MeasureKind::NextAnswer));
        Line {
            name,
            opened: self.opened,
            answered: first_answer.count + next_answer.count,
            resolved: self.count(MeasureKind::Resolved),
            backlog: self.backlog,
            first_answer,
            next_answer,
            resolution: times(MeasureKind::Resolved),
            targets_met: self.kinds.values().map(|spread| spread.met).sum(),
            targets_missed: self.kinds.values().map(|spread| spread.missed).sum(),
            ratings: self.ratings,
            rating_mean: (self.ratings > 0).then(|| (self.rated * 100 + self.ratings / 2) / self.ratings),
        }
    }

    fn count(&self, kind: MeasureKind) -> i64 {
        self.kinds.get(&kind).map_or(0, |spread| spread.count)
    }
}

impl Spread {
    fn times(&self) -> Times {
        let mut spread: Vec<(i64, i64)> = self.minutes.iter().map(|(minutes, n)| (*minutes, *n)).collect();
        spread.sort_unstable();
        let timed: i64 = spread.iter().map(|(_, n)| n).sum();
        // The least number of minutes within which so many tenths of them were.
        let within = |tenths: i64| {
            let mut upto = 0;
            spread.iter().find_map(|(minutes, n)| {
                upto += n;
                (upto * 10 >= timed * tenths).then_some(*minutes)
            })
        };
        Times { count: self.count, median: within(5), p90: within(9) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(minutes: &[i64]) -> (Option<i64>, Option<i64>) {
        let mut spread = Spread::default();
        for one in minutes {
            *spread.minutes.entry(*one).or_default() += 1;
        }
        let times = spread.times();
        (times.median, times.p90)
    }

    #[test]
    fn the_median_is_the_least_within_which_half_of_them_were() {
        for (minutes, median, p90) in [
            (&[][..], None, None),
            (&[7], Some(7), Some(7)),
            (&[1, 2], Some(1), Some(2)),
            (&[9, 1, 5], Some(5), Some(9)),
            (&[3, 3, 3, 90], Some(3), Some(90)),
            (&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], Some(5), Some(9)),
        ] {
            assert_eq!(times(minutes), (median, p90), "{minutes:?}");
        }
    }

    #[test]
    fn two_tallies_are_together_what_one_of_all_would_be() {
        let of = |minutes: &[i64]| {
            let mut tally = Tally { opened: 2, rated: 4, ratings: 1, ..Tally::default() };
            let spread = tally.kinds.entry(MeasureKind::Resolved).or_default();
            for one in minutes {
                *spread.minutes.entry(*one).or_default() += 1;
                (spread.count, spread.met) = (spread.count + 1, spread.met + 1);
            }
            tally
        };
        let mut both = of(&[1, 1, 2]);
        both.add(&of(&[2, 30]));
        let line = both.line("all".to_owned());
        assert_eq!(
            (line.opened, line.resolved, line.targets_met, line.ratings, line.rating_mean),
            (4, 5, 5, 2, Some(400))
        );
        assert_eq!(line.resolution, Times { count: 5, median: Some(2), p90: Some(30) });
        assert_eq!(both.ended(), 5);
    }
}
