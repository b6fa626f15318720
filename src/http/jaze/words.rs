//! The Jaze Tickets API's own words for priorities, states and times.

use jiff::Timestamp as Moment;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;
use crate::config::Config;
use crate::store::ticket_lists::Shown;
use crate::ticket::id::UserId;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

/// What stands for a value that there is not.
pub(crate) const NULL: &str = "NULL";
pub(crate) const PRIORITIES: &[&str] = &["low", "medium", "high", "urgent"];
pub(crate) const FILTERS: &[&str] =
    &["all", "unresolved", "overdue", "duetoday", "open", "onhold", "unassigned", "closed"];

pub(crate) fn priority(word: &str) -> Option<Priority> {
    let number = match word {
        "urgent" => 1,
        "high" => 2,
        "medium" => 3,
        "low" => 4,
        _ => return None,
    };
    Priority::try_from(number).ok()
}

/// The least of five reads as the least of four.
pub(crate) fn priority_word(priority: Priority) -> &'static str {
    match priority.number() {
        1 => "urgent",
        2 => "high",
        3 => "medium",
        _ => "low",
    }
}

/// A ticket's state as it is shown.
pub(crate) fn status_word(
    status: Status,
    held_at: Option<Timestamp>,
    owner_id: Option<UserId>,
) -> &'static str {
    match (status.is_open(), held_at, owner_id) {
        (false, _, _) => "closed",
        (true, Some(_), _) => "onhold",
        (true, None, None) => "unassigned",
        (true, None, Some(_)) => "open",
    }
}

/// Which tickets a status filter wants; none for a word that is no filter.
pub(crate) fn filter(word: &str, timezone: &TimeZone, now: Timestamp) -> Option<Shown> {
    Some(match word {
        "" | "all" => Shown::All,
        "unresolved" => Shown::Unresolved,
        "overdue" => Shown::Due(Timestamp(i64::MIN), now),
        "duetoday" => {
            let (from, until) = day(timezone, now)?;
            Shown::Due(from, until)
        }
        "open" => Shown::Open,
        "onhold" => Shown::OnHold,
        "unassigned" => Shown::Unassigned,
        "closed" => Shown::Closed,
        _ => return None,
    })
}

/// The account's time zone; the desk's if it has none.
pub(crate) fn timezone(config: &Config) -> &TimeZone {
    config.jaze.timezone.as_ref().unwrap_or(&config.desk.timezone)
}

/// `YYYY-MM-DD HH:MM:SS`.
pub(crate) fn time(at: Timestamp, timezone: &TimeZone) -> String {
    let moment = Moment::from_microsecond(at.0).unwrap_or_default();
    moment.to_zoned(timezone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `dd-mm-yyyy H:m`, with one digit or two.
pub(crate) fn parse_time(text: &str, timezone: &TimeZone) -> Option<Timestamp> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | ' ');
    let text = Some(text.trim()).filter(|text| text.chars().all(plain))?;
    let (date, time) = text.split_once(' ')?;
    let mut date = date.split('-');
    let mut time = time.trim().split(':');
    let mut date_part =
        |digits: usize| date.next().filter(|part| (1..=digits).contains(&part.len()))?.parse().ok();
    let (day, month, year): (i16, i16, i16) = (date_part(2)?, date_part(2)?, date_part(4)?);
    let mut time_part = || time.next().filter(|part| (1..=2).contains(&part.len()))?.parse::<i8>().ok();
    let (hour, minute) = (time_part()?, time_part()?);
    if date.next().is_some() || time.next().is_some() {
        return None;
    }
    let (day, month) = (i8::try_from(day).ok()?, i8::try_from(month).ok()?);
    let moment = DateTime::new(year, month, day, hour, minute, 0, 0).ok()?;
    let zoned = timezone.to_ambiguous_zoned(moment).compatible().ok()?;
    Some(Timestamp(zoned.timestamp().as_microsecond()))
}

/// The beginning of the day that `now` is in, and that of the next.
fn day(timezone: &TimeZone, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let zoned = Moment::from_microsecond(now.0).ok()?.to_zoned(timezone.clone());
    let today = zoned.start_of_day().ok()?;
    let next = zoned.tomorrow().ok()?.start_of_day().ok()?;
    let micros = |zoned: &jiff::Zoned| Timestamp(zoned.timestamp().as_microsecond());
    Some((micros(&today), micros(&next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written_in_the_accounts_zone() {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        let read = |text: &str| parse_time(text, &kolkata).map(|at| time(at, &kolkata));
        assert_eq!(read("21-11-2016 17:01"), Some("2016-11-21 17:01:00".to_owned()));
        assert_eq!(read("1-2-2016 7:5"), Some("2016-02-01 07:05:00".to_owned()));
        assert_eq!(parse_time("01-01-1970 5:30", &kolkata), Some(Timestamp(0)));
        for wrong in [
            "",
            "21-11-2016",
            "2016-11-21 17:01",
            "31-02-2016 1:1",
            "1-1-2016 24:00",
            "1-1-2016 1:1:1",
            "1-1-1-2016 1:1",
            "a-1-2016 1:1",
            "1-1-2016 1:60",
            "1-1-99999 1:1",
            "+1-1-2016 1:1",
            "1--2016 1:1",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn today_is_a_day_of_the_account() {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        // 20:00 UTC is 01:30 of the next day there.
        let Some(Shown::Due(from, until)) = filter("duetoday", &kolkata, Timestamp::from_seconds(20 * 3600))
        else {
            panic!("`duetoday` is a filter");
        };
        assert_eq!(
            (time(from, &kolkata), time(until, &kolkata)),
            ("1970-01-02 00:00:00".to_owned(), "1970-01-03 00:00:00".to_owned())
        );
    }

    #[test]
    fn every_filter_of_the_contract_is_known_and_no_other() {
        for word in FILTERS {
            assert!(filter(word, &TimeZone::UTC, Timestamp(0)).is_some(), "{word}");
        }
        for word in ["Open", "resolved", "1", "all "] {
            assert!(filter(word, &TimeZone::UTC, Timestamp(0)).is_none(), "{word}");
        }
    }

    #[test]
    fn every_priority_has_a_word_and_the_word_its_priority() {
        for word in PRIORITIES {
            assert_eq!(priority(word).map(priority_word), Some(*word));
        }
        assert_eq!(priority_word(Priority::LOWEST), "low");
    }

    #[test]
    fn a_state_is_shown_by_the_first_thing_that_is_true() {
        let (held, owner) = (Some(Timestamp(1)), Some(UserId(1)));
        for (status, held_at, owner_id, word) in [
            (Status::Merged, held, None, "closed"),
            (Status::Resolved, None, owner, "closed"),
            (Status::Closed, None, None, "closed"),
            (Status::Open, held, owner, "onhold"),
            (Status::Reopened, held, None, "onhold"),
            (Status::Open, None, None, "unassigned"),
            (Status::Reopened, None, owner, "open"),
        ] {
            assert_eq!(status_word(status, held_at, owner_id), word);
        }
    }
}
