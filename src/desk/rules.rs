//! Rules of the configuration, held against a mail that would open a ticket: which fire, and what they ask for.
//!
//! Changes nothing, and asks no database for what a mail is: this is done before the transaction. What is asked for is done in
//! `receive`; none of it says who wrote a mail, or makes that count as shown.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::config::Config;
use crate::config::matchers::Matchers;
use crate::config::queue::Queue;
use crate::config::rule::Proof;
use crate::config::rule::Rule;
use crate::config::rule::Then;
use crate::config::rule::When;
use crate::config::rule::pattern::Found;
use crate::desk::receive::form;
use crate::email::Email;
use crate::mail::Mail;
use crate::mail::classify::Own;
use crate::mail::classify::machine;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::authentication::Authentication;
use crate::ticket::priority::Priority;

/// More of a header field, in bytes, is not looked at.
const LONGEST: usize = 4 * 1024;
/// More recipients are a mailing list by hand.
const MOST_RECIPIENTS: usize = 200;

/// The rules of a desk, ready to be held against mails.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    declared: Vec<Rule>,
    matchers: Matchers,
    /// Whether any of them asks for the time.
    asks_time: bool,
    /// The type that a ticket of each queue has by itself.
    kinds: BTreeMap<String, String>,
}

/// A mail as rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    pub mail: &'a Mail,
    /// By whose mailbox it came.
    pub queue: &'a Queue,
    pub own: &'a Own,
    pub authentication: Authentication,
    pub has_file: bool,
    /// The slugs of the queues that work at this time.
    pub working: &'a [String],
}

/// What the rules that fired ask for, together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    /// Those that fired, in order, each with what it asks for.
    pub told: Vec<String>,
    /// A slug.
    pub(crate) queue: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) priority: Option<Priority>,
    pub(crate) tags: Vec<String>,
    pub(crate) owner: Option<Choice>,
    pub(crate) suspends: bool,
    pub(crate) is_silent: bool,
}

/// Whose the ticket is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Agent(String),
    /// Of these the next, by the turns of this rule.
    InTurn {
        rule: String,
        among: Vec<String>,
    },
    LeastOpen(Vec<String>),
}

impl Rules {
    pub fn of(config: &Config) -> Self {
        let matchers = Matchers::of(config.rules.iter().map(|rule| &rule.when));
        Self {
            declared: config.rules.clone(),
            // They were compiled when the configuration was read.
            matchers: matchers.unwrap_or_default(),
            kinds: config
                .queues
                .iter()
                .map(|queue| (queue.slug.clone(), first_kind(queue).to_owned()))
                .collect(),
            asks_time: config.rules.iter().any(|rule| rule.when.working_hours.is_some()),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.declared.is_empty()
    }

    /// Whether `Look::working` is looked at.
    pub fn asks_time(&self) -> bool {
        self.asks_time
    }

    /// What the rules ask for. Each looks at what those before it asked for.
    pub fn fire(&self, look: &Look<'_>) -> Fired {
        let mut fired = Fired::default();
        if self.is_empty() {
            return fired;
        }
        let seen = Seen::of(&self.matchers, look);
        for (at, rule) in self.declared.iter().enumerate() {
            if !seen.fits(at, &rule.when, &fired, &self.kinds) {
                continue;
            }
            fired.told.push(told(rule));
            fired.take(rule);
            if rule.stop {
                break;
            }
        }
        fired
    }
}

/// What is wrong with rules that name somebody who is no active agent.
pub(crate) async fn strangers(tx: &mut Tx, rules: &[Rule]) -> Result<Vec<String>, sqlx::Error> {
    let mut found = Vec::new();
    for rule in rules {
        for name in rule.then.agents() {
            let user = store::users::find_by_username(tx, name).await?;
            if !user.is_some_and(|user| user.is_active_staff()) {
                found.push(format!("rule `{}` names {name}, who is no active agent", rule.name));
            }
        }
    }
    Ok(found)
}

impl Fired {
    fn take(&mut self, rule: &Rule) {
        let then = &rule.then;
        if let Some(slug) = &then.queue {
            self.queue = Some(slug.clone());
            // That of another queue is none here.
            self.kind = None;
        }
        self.kind = then.kind.clone().or(self.kind.take());
        self.priority = then.priority.and_then(|number| Priority::try_from(number).ok()).or(self.priority);
        for tag in &then.tags {
            if !self.tags.contains(tag) {
                self.tags.push(tag.clone());
            }
        }
        self.owner = choice(rule).or(self.owner.take());
        self.suspends = then.suspend.unwrap_or(self.suspends);
        self.is_silent = then.acknowledge.map_or(self.is_silent, |acknowledge| !acknowledge);
    }
}

/// That of a queue without types has its title.
fn first_kind(queue: &Queue) -> &str {
    queue.types.first().map_or(&queue.title, |kind| &kind.name)
}

fn choice(rule: &Rule) -> Option<Choice> {
    let Then { owner, round_robin, least_open, .. } = &rule.then;
    let agent = owner.clone().map(Choice::Agent);
    let turn = || {
        let among = round_robin.clone()?;
        Some(Choice::InTurn { rule: rule.name.clone(), among })
    };
    agent.or_else(turn).or_else(|| least_open.clone().map(Choice::LeastOpen))
}

/// What is the same for all rules, looked up once.
struct Seen<'a> {
    look: &'a Look<'a>,
    proof: Proof,
    subject: Found,
    sender: Found,
    recipient: Found,
    headers: BTreeMap<&'a str, Found>,
}

impl<'a> Seen<'a> {
    fn of(matchers: &'a Matchers, look: &'a Look<'a>) -> Self {
        let mail = look.mail;
        let person = form::form_writer(look.queue, mail).or_else(|| machine::group_writer(mail, look.own));
        let from = mail.from.iter().chain(&person).map(|from| Email::key_of(&from.address));
        let from: Vec<String> = from.collect();
        let to = mail.to.iter().chain(&mail.cc).map(|to| to.address.as_str());
        let to =
            to.chain(mail.delivered_to.iter().map(String::as_str)).take(MOST_RECIPIENTS).map(Email::key_of);
        let to: Vec<String> = to.collect();
        let headers = matchers
            .headers
            .iter()
            .map(|(name, matcher)| (name.as_str(), matcher.find(mail.all_headers(name).map(beginning))));
        Self {
            look,
            proof: proof(look.authentication, person.is_some()),
            subject: matchers.subject.find(std::iter::once(beginning(&mail.subject))),
            sender: matchers.sender.find(from.iter().map(String::as_str)),
            recipient: matchers.recipient.find(to.iter().map(String::as_str)),
            headers: headers.collect(),
        }
    }

    fn fits(&self, at: usize, when: &When, fired: &Fired, kinds: &BTreeMap<String, String>) -> bool {
        let queue = fired.queue.as_deref().unwrap_or(&self.look.queue.slug);
        let kind = fired.kind.as_deref().or_else(|| kinds.get(queue).map(String::as_str));
        let works = self.look.working.iter().any(|slug| slug == queue);
        (when.subject.is_none() || self.subject.has(at))
            && (when.sender.is_empty() || self.sender.has(at))
            && (when.recipient.is_empty() || self.recipient.has(at))
            && when.header.keys().all(|name| {
                let found = self.headers.get(name.to_ascii_lowercase().as_str());
                found.is_some_and(|found| found.has(at))
            })
            && (when.queue.is_empty() || when.queue.iter().any(|slug| slug == queue))
            && (when.kind.is_empty() || kind.is_some_and(|kind| when.kind.iter().any(|name| name == kind)))
            && (when.locale.is_empty() || self.is_in(&when.locale))
            && (when.proof.is_empty() || when.proof.contains(&self.proof))
            && when.has_file.is_none_or(|has| has == self.look.has_file)
            && when.working_hours.is_none_or(|wanted| wanted == works)
    }

    /// Whether the mail is in one of these languages; `de` is that of every country.
    fn is_in(&self, locales: &[String]) -> bool {
        let Some(language) = &self.look.mail.language else { return false };
        let language = language.to_ascii_lowercase().replace('_', "-");
        locales.iter().map(|locale| locale.to_ascii_lowercase().replace('_', "-")).any(|locale| {
            language == locale || language.strip_prefix(&locale).is_some_and(|rest| rest.starts_with('-'))
        })
    }
}

/// What a server vouches for is its own form or group, never the person who used it.
fn proof(found: Authentication, is_for_another: bool) -> Proof {
    match found {
        Authentication::Fail => Proof::Fail,
        _ if is_for_another => Proof::Unknown,
        Authentication::Pass => Proof::Pass,
        Authentication::None => Proof::None,
        _ => Proof::Unknown,
    }
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

/// A rule with what it asks for, as `explain` and `simulate` name it.
fn told(rule: &Rule) -> String {
    let then = &rule.then;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(then.queue.iter().map(|slug| format!("queue {slug}")));
    parts.extend(then.kind.iter().map(|name| format!("type {name}")));
    parts.extend(then.priority.iter().map(|number| format!("priority {number}")));
    parts.extend(then.tags.iter().map(|tag| format!("tag {tag}")));
    parts.extend(then.owner.iter().map(|name| format!("owner {name}")));
    parts.extend(then.round_robin.iter().map(|among| format!("owner in turn of {}", among.join(", "))));
    parts.extend(then.least_open.iter().map(|among| match among.as_slice() {
        [] => "owner with the fewest open tickets".to_owned(),
        among => format!("owner with the fewest open tickets of {}", among.join(", ")),
    }));
    parts.extend(then.suspend.map(|suspend| if suspend { "suspend" } else { "do not suspend" }.to_owned()));
    parts.extend(
        then.acknowledge.map(|yes| if yes { "acknowledge" } else { "no acknowledgement" }.to_owned()),
    );
    let mut told = format!("{}: {}", rule.name, parts.join(", "));
    if rule.stop {
        let _ = write!(told, "; no rule below is looked at");
    }
    told
}

#[cfg(test)]
mod tests;
