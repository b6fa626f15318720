//! What of `[[rules]]` fits nothing: names that are not declared, and values that mean nothing.

use crate::config::Config;
use crate::config::matchers::Matchers;
use crate::config::queue::Queue;
use crate::config::rule::Then;
use crate::config::rule::When;

/// More rules than these are a program's work, and no person's.
const MOST: usize = 1_000;
/// Longest tag, in characters.
const LONGEST_TAG: usize = 50;

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
    Matchers::of(config.rules.iter().map(|rule| &rule.when)).map(drop).map_err(|why| (0, "when", why))
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
    let has = |queue: &&Queue| match queue.types.as_slice() {
        [] => queue.title == name,
        types => types.iter().any(|kind| kind.name == name),
    };
    let queue = config.queues.iter().find(has);
    queue.map(|queue| queue.slug.clone()).ok_or_else(|| format!("`type`: there is no type `{name}`"))
}
