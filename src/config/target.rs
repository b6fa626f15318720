//! `[[targets]]`: how long answers and resolutions of tickets may take.

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;

use crate::calendar::span::Remind;
use crate::calendar::span::Span;
use crate::config::value;

/// What is wanted of tickets of some queues and priorities.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The slug of a queue; none: of all.
    #[serde(deserialize_with = "value::optional_text")]
    pub queue: Option<String>,
    /// From 1 to 5; none are all.
    #[serde(deserialize_with = "priorities")]
    pub priorities: Vec<i64>,
    #[serde(default, deserialize_with = "optional_span")]
    pub first_answer: Option<Span>,
    #[serde(default, deserialize_with = "optional_span")]
    pub next_answer: Option<Span>,
    #[serde(default, deserialize_with = "optional_span")]
    pub resolution: Option<Span>,
    #[serde(deserialize_with = "value::from_text")]
    pub remind: Remind,
}

impl Target {
    /// Whether it is meant for the queue with this slug.
    pub(crate) fn is_of(&self, slug: &str) -> bool {
        self.queue.as_deref().is_none_or(|queue| queue == slug)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first_answer.is_none() && self.next_answer.is_none() && self.resolution.is_none()
    }
}

/// A span, where `""` means that there is none.
fn optional_span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Span>, D::Error> {
    let text = value::optional_text(deserializer)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

fn priorities<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    let list = Vec::<i64>::deserialize(deserializer)?;
    match list.iter().find(|priority| !(1..=5).contains(*priority)) {
        Some(wrong) => Err(D::Error::custom(format!("`{wrong}` is no priority from 1 to 5"))),
        None => Ok(list),
    }
}
