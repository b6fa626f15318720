//! Values of requests and answers: moments, fields that may be emptied, and people by number or by name.

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;
use utoipa::ToSchema;

use crate::clock::Timestamp;

/// A moment, as RFC 3339 has it: in UTC with `Z` in answers, with any offset in requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub(crate) struct Moment(pub(crate) Timestamp);

/// A field of a change: left as it is where it is not there, emptied by `null`.
#[derive(Clone, Debug, Default)]
pub(crate) enum Field<T> {
    #[default]
    Absent,
    Null,
    Given(T),
}

/// Somebody, by number, or by user name or address.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged, expecting = "a number, a user name or an address")]
pub(crate) enum Named {
    Number(i64),
    Name(String),
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at: jiff::Timestamp =
            text.parse().map_err(|_| D::Error::custom("a time is written as 2026-12-24T14:00:00Z"))?;
        Ok(Self(Timestamp(at.as_microsecond())))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Given))
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}
