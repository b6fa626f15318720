//! A span of working time as an operator writes it: `3d` or `12h`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How long a ticket may wait, in working time. A day is 24 hours of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Days(u32),
    Hours(u32),
}

/// A text that is no limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no limit; write days like `3d` or hours like `12h`, from 1h to 3650d")]
pub struct NotALimit(String);

impl Limit {
    /// The working time that it is.
    pub fn time(self) -> Duration {
        match self {
            Self::Days(days) => Duration::from_hours(24 * u64::from(days)),
            Self::Hours(hours) => Duration::from_hours(u64::from(hours)),
        }
    }
}

impl FromStr for Limit {
    type Err = NotALimit;

    fn from_str(text: &str) -> Result<Self, NotALimit> {
        let text = text.trim();
        let limit = match text.split_at_checked(text.len().saturating_sub(1)) {
            Some((number, "d")) => number.parse().ok().map(Self::Days),
            Some((number, "h")) => number.parse().ok().map(Self::Hours),
            _ => None,
        };
        let possible = Duration::from_hours(1)..=Duration::from_hours(3_650 * 24);
        let limit = limit.filter(|limit| possible.contains(&limit.time()));
        limit.ok_or_else(|| NotALimit(text.chars().take(30).collect()))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}d"),
            Self::Hours(hours) => write!(f, "{hours}h"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_days_or_hours() {
        for (text, time) in [
            ("3d", Duration::from_hours(72)),
            (" 12h ", Duration::from_hours(12)),
            ("1h", Duration::from_hours(1)),
        ] {
            let limit: Limit = text.parse().unwrap();
            assert_eq!((limit.time(), limit.to_string().as_str()), (time, text.trim()));
        }
        for text in ["", "d", "3", "0d", "0h", "-1d", "1.5d", "3w", "3651d", "99999999999d", "é", "1dé"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }
}
