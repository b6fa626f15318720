//! Spans of working time for targets, as an operator writes them: `30m`, `4h`, `3d`, and how near to their end
//! somebody is reminded: `75%`, `1h`.

use std::str::FromStr;
use std::time::Duration;

/// A span of working time. A day is 24 hours of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

/// When somebody is told that the end of a span is near.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Remind {
    #[default]
    Never,
    /// After this part of the time, in hundredths.
    Share(u32),
    /// So long before the end.
    Before(Duration),
}

/// A text that is no span.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotASpan {
    #[error(
        "`{0}` is no time; write minutes like `30m`, hours like `4h` or days like `3d`, from 1m to 3650d"
    )]
    Time(String),
    #[error("`{0}` is neither a part of the time, from `1%` to `99%`, nor a time before its end, like `1h`")]
    Remind(String),
}

/// Longest span.
const LONGEST: Duration = Duration::from_hours(3_650 * 24);

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let text = text.trim();
        let minutes = match text.split_at_checked(text.len().saturating_sub(1)) {
            Some((number, "m")) => Some((number, 1)),
            Some((number, "h")) => Some((number, 60)),
            Some((number, "d")) => Some((number, 24 * 60)),
            _ => None,
        };
        let number = minutes.and_then(|(number, by)| Some(number.parse::<u32>().ok().map(u64::from)? * by));
        let span = number.filter(|&minutes| minutes > 0).map(Duration::from_mins);
        let shown = || NotASpan::Time(text.chars().take(30).collect());
        span.filter(|span| *span <= LONGEST).map(Self).ok_or_else(shown)
    }
}

impl FromStr for Remind {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let text = text.trim();
        let wrong = || NotASpan::Remind(text.chars().take(30).collect());
        match text.strip_suffix('%') {
            _ if text.is_empty() => Ok(Self::Never),
            Some(share) => {
                let share = share.parse().ok().filter(|share| (1..100).contains(share));
                share.map(Self::Share).ok_or_else(wrong)
            }
            None => text.parse().map(|Span(time)| Self::Before(time)).map_err(|_| wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_minutes_hours_or_days() {
        for (text, minutes) in [("30m", 30), (" 4h ", 240), ("3d", 3 * 1440), ("3650d", 3650 * 1440)] {
            assert_eq!(text.parse(), Ok(Span(Duration::from_mins(minutes))), "{text}");
        }
        for text in [
            "",
            "m",
            "4",
            "0m",
            "0h",
            "-1d",
            "1.5h",
            "3w",
            "3651d",
            "4294967295d",
            "99999999999m",
            "é",
            "1mé",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_reminder_is_a_part_of_the_time_or_a_time_before_its_end() {
        assert_eq!("".parse(), Ok(Remind::Never));
        assert_eq!("75%".parse(), Ok(Remind::Share(75)));
        assert_eq!(" 90m".parse(), Ok(Remind::Before(Duration::from_mins(90))));
        for text in ["0%", "100%", "%", "-5%", "7.5%", "soon", "1"] {
            assert!(text.parse::<Remind>().is_err(), "{text}");
        }
    }
}
