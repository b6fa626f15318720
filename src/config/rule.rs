//! `[[rules]]`: what becomes of a mail that opens a ticket, by what can be seen of it.
//!
//! Reads them; `rule_check` refuses what fits nothing, and `desk::rules` holds mails against them. No rule has a
//! word that would make a mail count for more than it shows.

pub(crate) mod pattern;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;

use crate::config::rule::pattern::AddressPattern;
use crate::config::rule::pattern::Pattern;
use crate::config::value;

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// By which `explain` names it.
    #[serde(deserialize_with = "value::line")]
    pub name: String,
    #[serde(default)]
    pub when: When,
    pub then: Then,
    /// Whether the rules below are not looked at when this one fires.
    #[serde(default)]
    pub stop: bool,
}

/// What must be so: all that is named.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// Each by the field's name.
    pub header: BTreeMap<String, Pattern>,
    pub subject: Option<Pattern>,
    #[serde(deserialize_with = "one_or_more")]
    pub sender: Vec<AddressPattern>,
    #[serde(deserialize_with = "one_or_more")]
    pub recipient: Vec<AddressPattern>,
    /// Slugs.
    #[serde(deserialize_with = "one_or_more")]
    pub queue: Vec<String>,
    #[serde(rename = "type", deserialize_with = "one_or_more")]
    pub kind: Vec<String>,
    /// Languages, or languages of a country.
    #[serde(deserialize_with = "one_or_more")]
    pub locale: Vec<String>,
    #[serde(deserialize_with = "one_or_more")]
    pub proof: Vec<Proof>,
    pub has_file: Option<bool>,
    pub working_hours: Option<bool>,
}

/// What is shown of who wrote a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    Pass,
    None,
    Unknown,
    Fail,
}

/// What is done.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Then {
    pub queue: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub priority: Option<i64>,
    pub tags: Vec<String>,
    /// User names.
    pub owner: Option<String>,
    /// Each of these in turn.
    pub round_robin: Option<Vec<String>>,
    /// Whoever of these has the fewest open tickets; of none: of the queue's agents.
    pub least_open: Option<Vec<String>>,
    pub suspend: Option<bool>,
    pub acknowledge: Option<bool>,
}

impl Then {
    /// The user names of everybody who may become an owner by it.
    pub fn agents(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.round_robin, &self.least_open].into_iter().flatten().flatten();
        self.owner.iter().chain(lists).map(String::as_str)
    }

    pub(crate) fn is_empty(&self) -> bool {
        let sets = [
            self.queue.is_some(),
            self.kind.is_some(),
            self.priority.is_some(),
            !self.tags.is_empty(),
            self.owner.is_some(),
            self.round_robin.is_some(),
            self.least_open.is_some(),
            self.suspend.is_some(),
            self.acknowledge.is_some(),
        ];
        !sets.contains(&true)
    }
}

/// One value, or a list of them.
fn one_or_more<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let values = match value {
        toml::Value::Array(values) => values,
        one => vec![one],
    };
    if values.is_empty() {
        return Err(D::Error::custom("must name something"));
    }
    let read =
        values.into_iter().map(|value| T::deserialize(value).map_err(|error| error.message().to_owned()));
    read.collect::<Result<_, _>>().map_err(D::Error::custom)
}
