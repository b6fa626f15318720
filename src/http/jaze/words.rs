//! The Jaze Tickets API's own words for priorities, states, senders and filters.

use jiff::Timestamp as Moment;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de::Error;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::store::ticket_lists::Shown;
use crate::ticket::id::UserId;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

/// What stands for a value that there is not.
pub(crate) const NULL: &str = "NULL";

/// How urgent a ticket is, in four steps instead of five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Urgency {
    Low,
    Medium,
    High,
    Urgent,
}

/// A ticket's state as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Open,
    OnHold,
    Unassigned,
    Closed,
}

/// Which tickets a list is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StateFilter {
    #[default]
    All,
    Unresolved,
    Overdue,
    DueToday,
    Open,
    OnHold,
    Unassigned,
    Closed,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sender {
    Admin,
    User,
}

impl Urgency {
    pub(crate) fn priority(self) -> Priority {
        let number = match self {
            Self::Urgent => 1,
            Self::High => 2,
            Self::Medium => 3,
            Self::Low => 4,
        };
        Priority::try_from(number).unwrap_or_default()
    }
}

impl From<Priority> for Urgency {
    /// The least of five reads as the least of four.
    fn from(priority: Priority) -> Self {
        match priority.number() {
            1 => Self::Urgent,
            2 => Self::High,
            3 => Self::Medium,
            _ => Self::Low,
        }
    }
}

impl State {
    pub(crate) fn of(status: Status, held_at: Option<Timestamp>, owner_id: Option<UserId>) -> Self {
        match (status.is_open(), held_at, owner_id) {
            (false, _, _) => Self::Closed,
            (true, Some(_), _) => Self::OnHold,
            (true, None, None) => Self::Unassigned,
            (true, None, Some(_)) => Self::Open,
        }
    }
}

impl<'de> Deserialize<'de> for StateFilter {
    /// As it is written, without blanks.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, filter)| *filter);
        found.ok_or_else(|| {
            let words = Self::WORDS.map(|(word, _)| word).join(", ");
            D::Error::custom(format_args!("must be one of: {words}"))
        })
    }
}

impl StateFilter {
    const WORDS: [(&'static str, Self); 8] = [
        ("all", Self::All),
        ("unresolved", Self::Unresolved),
        ("overdue", Self::Overdue),
        ("duetoday", Self::DueToday),
        ("open", Self::Open),
        ("onhold", Self::OnHold),
        ("unassigned", Self::Unassigned),
        ("closed", Self::Closed),
    ];

    /// None where today has no end.
    pub(crate) fn shown(self, timezone: &TimeZone, now: Timestamp) -> Option<Shown> {
        Some(match self {
            Self::All => Shown::All,
            Self::Unresolved => Shown::Unresolved,
            Self::Overdue => Shown::Due(Timestamp(i64::MIN), now),
            Self::DueToday => today(timezone, now)?,
            Self::Open => Shown::Open,
            Self::OnHold => Shown::OnHold,
            Self::Unassigned => Shown::Unassigned,
            Self::Closed => Shown::Closed,
        })
    }
}

/// From the beginning of the day that `now` is in until that of the next.
fn today(timezone: &TimeZone, now: Timestamp) -> Option<Shown> {
    let zoned = Moment::from_microsecond(now.0).ok()?.to_zoned(timezone.clone());
    let today = zoned.start_of_day().ok()?;
    let next = zoned.tomorrow().ok()?.start_of_day().ok()?;
    let micros = |zoned: &jiff::Zoned| Timestamp(zoned.timestamp().as_microsecond());
    Some(Shown::Due(micros(&today), micros(&next)))
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::Error;

    use super::*;

    #[test]
    fn today_is_a_day_of_the_account() {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        // 20:00 UTC is 01:30 of the next day there.
        let today = StateFilter::DueToday.shown(&kolkata, Timestamp::from_seconds(20 * 3600));
        let midnight = |day: i64| Timestamp::from_seconds(day * 86_400 - 19_800);
        assert_eq!(today, Some(Shown::Due(midnight(1), midnight(2))));
    }

    #[test]
    fn every_filter_of_the_contract_is_known_and_no_other() {
        let read = |word: &str| {
            let deserializer: serde::de::value::StrDeserializer<'_, Error> = word.into_deserializer();
            StateFilter::deserialize(deserializer)
        };
        for (word, filter) in StateFilter::WORDS {
            assert_eq!(read(word), Ok(filter));
            assert_eq!(serde_json::to_value(filter).unwrap(), word, "as the document has it");
        }
        for word in ["Open", "resolved", "1", "all "] {
            let told = read(word).unwrap_err().to_string();
            assert_eq!(
                told,
                "must be one of: all, unresolved, overdue, duetoday, open, onhold, unassigned, closed"
            );
        }
    }

    #[test]
    fn every_urgency_has_a_priority_and_the_priority_its_urgency() {
        for urgency in [Urgency::Low, Urgency::Medium, Urgency::High, Urgency::Urgent] {
            assert_eq!(Urgency::from(urgency.priority()), urgency);
        }
        assert_eq!(Urgency::from(Priority::LOWEST), Urgency::Low);
    }

    #[test]
    fn a_state_is_shown_by_the_first_thing_that_is_true() {
        let (held, owner) = (Some(Timestamp(1)), Some(UserId(1)));
        for (status, held_at, owner_id, state) in [
            (Status::Merged, held, None, State::Closed),
            (Status::Resolved, None, owner, State::Closed),
            (Status::Closed, None, None, State::Closed),
            (Status::Open, held, owner, State::OnHold),
            (Status::Reopened, held, None, State::OnHold),
            (Status::Open, None, None, State::Unassigned),
            (Status::Reopened, None, owner, State::Open),
        ] {
            assert_eq!(State::of(status, held_at, owner_id), state);
        }
    }
}
