//! `[[queues]]`: queues, their types of tickets, and their rules.
//!
//! The database's side of a queue, with its id, is in `store`.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;

use crate::calendar::limit::Limit;
use crate::calendar::working_time::WorkingHours;
use crate::config::mailbox::Mailbox;
use crate::config::value;
use crate::email::Email;

/// One queue as it is declared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
pub struct Queue {
    #[serde(deserialize_with = "slug")]
    pub slug: String,
    #[serde(deserialize_with = "value::line")]
    pub title: String,
    #[serde(deserialize_with = "value::address")]
    pub address: String,
    #[serde(deserialize_with = "value::addresses")]
    pub aliases: Vec<String>,
    #[serde(deserialize_with = "value::optional_text")]
    pub from_name: Option<String>,
    pub smtp: String,
    #[serde(deserialize_with = "value::optional_text")]
    pub locale: Option<String>,
    pub signature: String,
    #[serde(deserialize_with = "value::addresses")]
    pub new_ticket_cc: Vec<String>,
    #[serde(deserialize_with = "value::addresses")]
    pub updated_ticket_cc: Vec<String>,
    /// User names of the agents whom the queue concerns; none are all.
    pub agents: Vec<String>,
    /// Whether an agent who answers a ticket that nobody has becomes its owner.
    pub answer_assigns: bool,
    pub cc: CcPolicy,
    pub collision: Collision,
    pub authserv_ids: Vec<String>,
    pub verify: bool,
    /// Other servers of one's own that hand mail on: names, with `*` for any part of one.
    pub own_hops: Vec<String>,
    /// Whether the servers of `authserv_ids` stamp below the line by which they take a mail.
    pub stamps_below: bool,
    /// Whether an Exchange of one's own says what came from inside.
    pub exchange: bool,
    pub accept_token_only: bool,
    pub trust_unproven: bool,
    pub escalate_after: EscalateAfter,
    #[serde(deserialize_with = "value::from_text")]
    pub(crate) working_hours: WorkingHours,
    /// The desk's, where the queue has none of its own.
    #[serde(deserialize_with = "value::optional_timezone")]
    pub timezone: Option<TimeZone>,
    /// How long after its resolution a ticket is closed.
    #[serde(rename = "close_resolved_days", deserialize_with = "value::optional_days")]
    pub(crate) close_resolved: Option<Duration>,
    #[serde(deserialize_with = "value::addresses")]
    pub own_lists: Vec<String>,
    #[serde(deserialize_with = "value::addresses")]
    pub(crate) form_senders: Vec<String>,
    pub ignore: Vec<IgnoreRule>,
    pub imap: Option<Mailbox>,
    #[serde(default)]
    pub types: Vec<TicketType>,
}

/// How long tickets may wait before they escalate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EscalateAfter {
    /// For priorities that are not named.
    pub others: Option<Limit>,
    /// From 2, as what is at 1 cannot escalate.
    pub priorities: BTreeMap<i64, Limit>,
}

/// Which of a mail's other recipients take part in the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CcPolicy {
    Never,
    /// Addresses that the desk knows already.
    Known,
    All,
}

/// What becomes of an agent's answer by mail that was written without knowing of another agent's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Collision {
    /// It is sent, and everybody is told of both.
    Report,
    /// It is kept as a draft until its author says that it is to be sent.
    Hold,
}

/// A named kind of request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketType {
    #[serde(deserialize_with = "value::line")]
    pub name: String,
    /// `None` when tickets of this type are never due.
    #[serde(deserialize_with = "due_hours")]
    pub due_hours: Option<u32>,
    /// From 1 (urgent) to 5.
    #[serde(deserialize_with = "priority")]
    pub priority: i64,
}

/// Senders whose mail is not made a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IgnoreRule {
    /// `user@host`, `*@host` or `user@*`, in lower case.
    #[serde(deserialize_with = "pattern")]
    pub address: String,
    #[serde(default)]
    pub server: OnServer,
}

/// What an ignored message's copy in the mailbox has before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnServer {
    #[default]
    Keep,
    Delete,
}

impl OnServer {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Delete => "delete",
        }
    }
}

impl Queue {
    /// The address and its aliases.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.address).chain(&self.aliases).map(String::as_str)
    }

    /// The name beside the address in outgoing mail.
    pub fn sender_name(&self) -> &str {
        self.from_name.as_deref().unwrap_or(&self.title)
    }
}

impl<'de> Deserialize<'de> for EscalateAfter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(String),
            Several(BTreeMap<String, String>),
        }
        let wrong = |_| {
            D::Error::custom("must be a limit like \"3d\", or a table like { 2 = \"4h\", others = \"3d\" }")
        };
        let mut limits = Self::default();
        match Written::deserialize(deserializer).map_err(wrong)? {
            Written::One(text) if text.is_empty() => {}
            Written::One(text) => limits.others = Some(text.parse().map_err(D::Error::custom)?),
            Written::Several(table) => {
                for (key, text) in table {
                    let limit = text.parse().map_err(D::Error::custom)?;
                    limits.add(&key, limit).ok_or_else(|| D::Error::custom(not_a_key(&key)))?;
                }
            }
        }
        Ok(limits)
    }
}

impl EscalateAfter {
    fn add(&mut self, key: &str, limit: Limit) -> Option<()> {
        match key.parse::<i64>() {
            Ok(priority @ 2..=5) => drop(self.priorities.insert(priority, limit)),
            Err(_) if key == "others" => self.others = Some(limit),
            _ => return None,
        }
        Some(())
    }
}

impl IgnoreRule {
    /// Whether the rule is meant for this sender; any text may be asked about.
    pub fn covers(&self, sender: &str) -> bool {
        let sender = sender.to_ascii_lowercase();
        let Some((local, host)) = sender.rsplit_once('@') else { return false };
        let Some((rule_local, rule_host)) = self.address.rsplit_once('@') else { return false };
        (rule_local == "*" || rule_local == local) && (rule_host == "*" || rule_host == host)
    }
}

fn slug<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let fits = !text.is_empty() && text.len() <= 50 && !text.starts_with('-') && !text.ends_with('-');
    if fits && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Ok(text);
    }
    Err(D::Error::custom(format!(
        "`{text}` must be 1 to 50 of a-z, 0-9 and hyphens, with no hyphen at its ends"
    )))
}

fn not_a_key(key: &str) -> String {
    format!("`{key}` must be a priority from 2 to 5, or `others`; a ticket of priority 1 cannot be raised")
}

fn priority<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = i64::deserialize(deserializer)?;
    if (1..=5).contains(&number) { Ok(number) } else { Err(D::Error::custom("must be from 1 to 5")) }
}

fn due_hours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let number = i64::deserialize(deserializer)?;
    match u32::try_from(number) {
        Ok(hours @ 0..=87_600) => Ok(Some(hours).filter(|&hours| hours > 0)),
        _ => Err(D::Error::custom("must be from 0 to 87600")),
    }
}

fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    pattern_of(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The pattern of an ignore rule, in lower case.
pub(crate) fn pattern_of(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    if Email::of(&text).is_deliverable() && text != "*@*" && text.matches('*').count() <= 1 {
        return Ok(text);
    }
    Err(format!("`{text}` must be user@host, *@host or user@*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ignore_rule_covers_what_it_says_and_survives_odd_addresses() {
        let rule = |address: &str| IgnoreRule { address: address.to_owned(), server: OnServer::Keep };
        for (pattern, sender, covered) in [
            ("a@b.example", "A@B.example", true),
            ("a@b.example", "a@c.example", false),
            ("*@b.example", "anyone@b.example", true),
            ("*@b.example", "a@sub.b.example", false),
            ("a@*", "a@anywhere", true),
            ("a@*", "\"x@y\"@anywhere", false),
            ("*@b.example", "no address", false),
            ("*@b.example", "", false),
        ] {
            assert_eq!(rule(pattern).covers(sender), covered, "{pattern} {sender}");
        }
    }
}
