//! `[caps]`: how much mail may be caused before it is held back, gathered, or only counted.
//!
//! Values only; what counts, and what becomes of what is too much, is said in `desk`.

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;

use crate::config::value;

/// How many windows a list of numbers is for.
pub const WINDOWS: usize = 5;
/// So many newest mails to an address are looked at for each that is written.
const MOST_LOOKED_AT: i64 = 10_000;

/// `[caps]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    #[serde(deserialize_with = "value::count")]
    pub(crate) acknowledgements: i64,
    #[serde(deserialize_with = "value::count")]
    pub(crate) acknowledgements_unproven: i64,
    #[serde(deserialize_with = "value::count")]
    pub(crate) acknowledgements_unproven_domain: i64,
    #[serde(deserialize_with = "value::count")]
    pub(crate) acknowledgements_unproven_provider: i64,
    #[serde(deserialize_with = "value::count")]
    pub(crate) acknowledgements_api: i64,
    pub ticket_mails: Steps,
    pub(crate) recipient_mails: Steps,
    pub(crate) staff_mails: Steps,
    #[serde(deserialize_with = "value::count")]
    pub domain_mails: i64,
    #[serde(deserialize_with = "value::count")]
    pub(crate) reopenings: i64,
    #[serde(deserialize_with = "storm")]
    pub(crate) storm_mails: usize,
}

/// The most mails within each of the five windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps(pub [i64; WINDOWS]);

impl Caps {
    /// The largest number of mails to one address that any cap asks for.
    pub(crate) fn most_looked_at(&self) -> i64 {
        let lists = [self.ticket_mails, self.recipient_mails, self.staff_mails];
        lists.iter().flat_map(|steps| steps.0).max().unwrap_or_default().max(self.domain_mails)
    }
}

impl<'de> Deserialize<'de> for Steps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || {
            D::Error::custom(format!(
                "must be five numbers from 1 to {MOST_LOOKED_AT}, for 10, 30, 60, 180 and 600 minutes, none below the one before"
            ))
        };
        let steps: [i64; WINDOWS] =
            Vec::deserialize(deserializer)?.try_into().map_err(|_: Vec<i64>| wrong())?;
        let is_sound = steps.is_sorted() && steps.iter().all(|step| (1..=MOST_LOOKED_AT).contains(step));
        if is_sound { Ok(Self(steps)) } else { Err(wrong()) }
    }
}

/// A second mail alone is no storm, but may be a mistake of the sender's program.
fn storm<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let number = i64::deserialize(deserializer)?;
    usize::try_from(number)
        .ok()
        .filter(|count| (2..=1000).contains(count))
        .ok_or_else(|| D::Error::custom("must be from 2 to 1000"))
}
