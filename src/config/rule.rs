//! `[[rules]]`: what becomes of a mail that opens a ticket, by what can be seen of it.
//!
//! Reads them and refuses what no mail could be held against; `desk::rules` holds mails against them. No rule has a
//! word that would make a mail count for more than it shows.

pub(crate) mod pattern;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;

use crate::config::Config;
use crate::config::rule::pattern::AddressPattern;
use crate::config::rule::pattern::Pattern;
use crate::config::value;

/// More rules than these are a program's work, and no person's.
pub(crate) const MOST: usize = 1_000;
/// Longest tag, in characters.
pub(crate) const LONGEST_TAG: usize = 50;

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

    fn is_empty(&self) -> bool {
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

/// What is wrong with the rules: which entry, which of its keys, and why.
pub(crate) fn check(config: &Config) -> Result<(), (usize, &'static str, String)> {
    if config.rules.len() > MOST {
        return Err((MOST, "name", format!("there are more than {MOST} rules")));
    }
    for (at, rule) in config.rules.iter().enumerate() {
        if let Some(first) = config.rules[..at].iter().position(|other| other.name == rule.name) {
            return Err((at, "name", format!("`{}` is already the name of entry {}", rule.name, first + 1)));
        }
        when(config, &rule.when).map_err(|why| (at, "when", why))?;
        then(config, &rule.then).map_err(|why| (at, "then", why))?;
    }
    pattern::Matchers::of(config.rules.iter().map(|rule| &rule.when))
        .map(drop)
        .map_err(|why| (0, "when", why))
}

fn when(config: &Config, when: &When) -> Result<(), String> {
    for slug in &when.queue {
        queue(config, slug)?;
    }
    for name in &when.kind {
        kind(config, name)?;
    }
    for locale in &when.locale {
        let is_tag = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric());
        if !locale.split(['-', '_']).all(is_tag) {
            return Err(format!("`locale`: `{locale}` is no language, such as de or de-AT"));
        }
    }
    match when
        .header
        .keys()
        .find(|name| name.is_empty() || !name.bytes().all(|c| (33..127).contains(&c) && c != b':'))
    {
        Some(name) => Err(format!("`header`: `{name}` is no name of a header field")),
        None => Ok(()),
    }
}

fn then(config: &Config, then: &Then) -> Result<(), String> {
    if then.is_empty() {
        return Err("does nothing".to_owned());
    }
    if let Some(slug) = &then.queue {
        queue(config, slug)?;
    }
    if let Some(name) = &then.kind {
        let of = kind(config, name)?;
        if let Some(slug) = then.queue.as_ref().filter(|slug| **slug != of) {
            return Err(format!("`type`: `{name}` is a type of queue `{of}`, not of `{slug}`"));
        }
    }
    if then.priority.is_some_and(|priority| !(1..=5).contains(&priority)) {
        return Err("`priority` must be from 1 to 5".to_owned());
    }
    let is_tag = |tag: &&String| {
        let length = tag.chars().count();
        (1..=LONGEST_TAG).contains(&length) && !tag.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    if let Some(tag) = then.tags.iter().find(|tag| !is_tag(tag)) {
        return Err(format!("`tags`: `{tag}` is not one word of at most {LONGEST_TAG} characters"));
    }
    let owners = [then.owner.is_some(), then.round_robin.is_some(), then.least_open.is_some()];
    if owners.iter().filter(|says| **says).count() > 1 {
        return Err("`owner`, `round_robin` and `least_open` each say whose the ticket is: one of them can"
            .to_owned());
    }
    match &then.round_robin {
        Some(agents) if agents.is_empty() => Err("`round_robin` names nobody".to_owned()),
        _ => Ok(()),
    }
}

fn queue(config: &Config, slug: &str) -> Result<(), String> {
    match config.queue(slug) {
        Some(_) => Ok(()),
        None => Err(format!("`queue`: there is no queue `{slug}`")),
    }
}

/// The queue that a type is of. One without types has one of its own title.
fn kind(config: &Config, name: &str) -> Result<String, String> {
    let has = |queue: &&crate::config::queue::Queue| match queue.types.as_slice() {
        [] => queue.title == name,
        types => types.iter().any(|kind| kind.name == name),
    };
    let queue = config.queues.iter().find(has);
    queue.map(|queue| queue.slug.clone()).ok_or_else(|| format!("`type`: there is no type `{name}`"))
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
