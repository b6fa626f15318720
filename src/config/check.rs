//! What must fit together across sections: names that refer to each other, and names that must differ.
//!
//! Single values were checked when they were read.

use std::collections::HashMap;

use crate::config::Config;
use crate::config::queue::Queue;
use crate::config::rule_check;
use crate::config::sections::Intake;

/// A problem, and the path of the key that has it.
pub(crate) type Problem = (Vec<String>, String);

pub fn check(config: &Config) -> Result<(), Problem> {
    ranges(config)?;
    distinct("smtp", "name", config.smtp.iter().map(|account| account.name.as_str()))?;
    distinct("queues", "slug", config.queues.iter().map(|queue| queue.slug.as_str()))?;
    smtp_names(config)?;
    addresses(&config.queues)?;
    notification_lists(config)?;
    mailboxes(&config.queues)?;
    types(&config.queues)?;
    targets(config)?;
    rule_check::check(config).map_err(|(at, key, why)| (entry("rules", at, key), why))
}

fn ranges(config: &Config) -> Result<(), Problem> {
    let Intake { idle, batch_messages, max_message_size, .. } = &config.intake;
    let minutes = idle.as_secs() / 60;
    let wrong = |path: &[&str], text: &str| Err((own(path), text.to_owned()));
    if !(5..=9).contains(&minutes) {
        return wrong(&["intake", "idle_minutes"], "must be from 5 to 9");
    }
    if !(1..=500).contains(batch_messages) {
        return wrong(&["intake", "batch_messages"], "must be from 1 to 500");
    }
    // What one message may be is also what one literal of a server may be; async-imap ends at 512 MiB.
    if *max_message_size > 400 << 20 {
        return wrong(&["intake", "max_message_size"], "must be at most 400 MB");
    }
    if config.intake.batch_size > 400 << 20 {
        return wrong(&["intake", "batch_size"], "must be at most 400 MB");
    }
    if !(30..=480).contains(&config.delivery.attempt.as_secs()) {
        return wrong(&["delivery", "attempt_seconds"], "must be from 30 to 480");
    }
    if !(1..=1000).contains(&config.database.connections) {
        return wrong(&["database", "connections"], "must be from 1 to 1000");
    }
    // It is held in memory while it is fetched.
    if config.sharing.max_attachment_size > 200 << 20 {
        return wrong(&["sharing", "max_attachment_size"], "must be at most 200 MB");
    }
    if config.http.max_requests == 0 {
        return wrong(&["http", "max_requests"], "must be at least 1");
    }
    if config.http.requests_per_minute == 0 {
        return wrong(&["http", "requests_per_minute"], "must be at least 1");
    }
    if !config.http.cors_origins.iter().all(|origin| is_origin(origin)) {
        return wrong(
            &["http", "cors_origins"],
            "an origin is such as https://shop.example.com, without a path",
        );
    }
    Ok(())
}

/// Scheme, host and perhaps a port, as browsers send it (RFC 6454 §6.1).
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or(text.strip_prefix("http://"));
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    host.is_some_and(|host| !host.is_empty() && host.chars().all(is_part))
}

fn distinct<'a>(list: &str, key: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Problem> {
    let mut seen = HashMap::new();
    for (at, name) in names.enumerate() {
        if let Some(first) = seen.insert(name, at) {
            let text = format!("`{name}` is already the {key} of entry {}", first + 1);
            return Err((entry(list, at, key), text));
        }
    }
    Ok(())
}

fn targets(config: &Config) -> Result<(), Problem> {
    let is_declared = |slug: &&String| config.queues.iter().any(|queue| queue.slug == **slug);
    if let Some(slug) = config.ratings.queues.iter().find(|slug| !is_declared(slug)) {
        return Err((
            own(&["ratings", "queues"]),
            format!("there is no [[queues]] entry with the slug `{slug}`"),
        ));
    }
    for (at, target) in config.targets.iter().enumerate() {
        let slug = target.queue.as_deref();
        if let Some(slug) = slug.filter(|slug| !config.queues.iter().any(|queue| queue.slug == *slug)) {
            return Err((
                entry("targets", at, "queue"),
                format!("there is no [[queues]] entry with the slug `{slug}`"),
            ));
        }
        if target.is_empty() {
            let why = "says no `first_answer`, `next_answer` or `resolution`".to_owned();
            return Err((entry("targets", at, "first_answer"), why));
        }
    }
    Ok(())
}

fn smtp_names(config: &Config) -> Result<(), Problem> {
    for (at, queue) in config.queues.iter().enumerate() {
        if !config.smtp.iter().any(|account| account.name == queue.smtp) {
            return Err((
                entry("queues", at, "smtp"),
                format!("there is no [[smtp]] entry named `{}`", queue.smtp),
            ));
        }
    }
    Ok(())
}

/// A mail must not belong to two queues.
fn addresses(queues: &[Queue]) -> Result<(), Problem> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for (at, queue) in queues.iter().enumerate() {
        for (n, address) in queue.addresses().enumerate() {
            if let Some(slug) = seen.insert(address.to_lowercase(), &queue.slug) {
                let key = if n == 0 { "address" } else { "aliases" };
                return Err((
                    entry("queues", at, key),
                    format!("`{address}` is already an address of queue `{slug}`"),
                ));
            }
        }
    }
    Ok(())
}

/// A queue that tells itself of new tickets would make a ticket of each notification.
fn notification_lists(config: &Config) -> Result<(), Problem> {
    let owner = |address: &str| {
        let is_it = |queue: &&Queue| queue.addresses().any(|own| own.eq_ignore_ascii_case(address));
        config.queues.iter().find(is_it).map(|queue| queue.slug.as_str())
    };
    let refuse = |path: Vec<String>, address: &str, slug: &str| {
        Err((
            path,
            format!("`{address}` is an address of queue `{slug}`; mail to it would come back as a ticket"),
        ))
    };
    for address in &config.desk.alerts {
        if let Some(slug) = owner(address) {
            return refuse(own(&["desk", "alerts"]), address, slug);
        }
    }
    for (at, queue) in config.queues.iter().enumerate() {
        for (key, list) in
            [("new_ticket_cc", &queue.new_ticket_cc), ("updated_ticket_cc", &queue.updated_ticket_cc)]
        {
            for address in list {
                if let Some(slug) = owner(address) {
                    return refuse(entry("queues", at, key), address, slug);
                }
            }
        }
    }
    Ok(())
}

/// Two readers of one folder would take each other's messages.
fn mailboxes(queues: &[Queue]) -> Result<(), Problem> {
    let mut seen = HashMap::new();
    for (at, queue) in queues.iter().enumerate() {
        let Some(imap) = &queue.imap else { continue };
        let mailbox = (imap.server.host.to_lowercase(), imap.server.port, &imap.login.username, &imap.folder);
        if let Some(slug) = seen.insert(mailbox, &queue.slug) {
            return Err((entry("queues", at, "imap"), format!("is the mailbox of queue `{slug}` already")));
        }
    }
    Ok(())
}

fn types(queues: &[Queue]) -> Result<(), Problem> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for (at, queue) in queues.iter().enumerate() {
        for (n, kind) in queue.types.iter().enumerate() {
            if let Some(slug) = seen.insert(kind.name.to_lowercase(), &queue.slug) {
                let mut path = entry("queues", at, "types");
                path.extend([n.to_string(), "name".to_owned()]);
                return Err((path, format!("`{}` is already a type of queue `{slug}`", kind.name)));
            }
        }
        // A queue without types has one of its own title.
        if queue.types.is_empty()
            && let Some(slug) = seen.insert(queue.title.to_lowercase(), &queue.slug)
        {
            let text = format!(
                "`{}` is already a type of queue `{slug}`; give this queue types of its own",
                queue.title
            );
            return Err((entry("queues", at, "title"), text));
        }
    }
    Ok(())
}

fn own(path: &[&str]) -> Vec<String> {
    path.iter().map(|&step| step.to_owned()).collect()
}

fn entry(list: &str, at: usize, key: &str) -> Vec<String> {
    vec![list.to_owned(), at.to_string(), key.to_owned()]
}
