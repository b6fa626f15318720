//! `simulate`: what would become of messages, told from the messages alone.
//!
//! Opens no database, asks no network and changes nothing, so it cannot know which tickets there are. What goes
//! wrong with one message is said in its place; the others are not held up by it.

mod read;
mod show;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Instant;

use clap::Args;
use serde_json::Value;

use crate::calendar::working_time::Calendar;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::error::ConfigError;
use crate::config::queue::IgnoreRule;
use crate::config::queue::Queue;
use crate::desk;
use crate::desk::directory;
use crate::desk::receive::form;
use crate::desk::rules::Look;
use crate::email::Email;
use crate::mail::Address;
use crate::mail::Mail;
use crate::mail::classify::Own;
use crate::mail::classify::judge;
use crate::mail::classify::machine;
use crate::mail::parse;
use crate::mail::parse::Limits;
use crate::mail::report;
use crate::ticket::authentication::Authentication;

#[derive(Debug, Args)]
pub struct Arguments {
    /// As if they came to this queue [default: the one that a message is addressed to]
    #[arg(long, value_name = "SLUG")]
    queue: Option<String>,
    #[command(flatten)]
    json: JsonSwitch,
    /// Messages as files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// The rules that messages are held against.
struct Rules {
    config: Config,
    own: Own,
    queue: Option<String>,
    /// Those of the configuration for mails that open tickets.
    declared: desk::rules::Rules,
}

pub fn run(file: Option<&Path>, arguments: &Arguments) -> Result<(), Failure> {
    let rules = rules(file, arguments.queue.as_deref())?;
    read::hold_panics();
    let print = |value: &Value| match arguments.json.form() {
        Form::Json => out::line(&value.to_string()),
        Form::Human => show::show(value),
    };
    in_order(&arguments.files, |path| one(path, &rules), print);
    Ok(())
}

/// The addresses and rules of the configuration, if there is one.
fn rules(file: Option<&Path>, queue: Option<&str>) -> Result<Rules, Failure> {
    let config = match Config::load(file) {
        Ok(config) => config,
        Err(error) if file.is_some() => return Err(error.into()),
        Err(ConfigError::Missing(_)) => Config::defaults(),
        Err(error) => {
            out::note(&format!("going on without a configuration: {error}"));
            Config::defaults()
        }
    };
    if let Some(slug) = queue.filter(|slug| config.queue(slug).is_none()) {
        return Err(Failure::new(Code::Usage, format!("the configuration has no queue {slug}")));
    }
    let declared = desk::rules::Rules::of(&config);
    Ok(Rules { own: directory::own(&config), config, queue: queue.map(str::to_owned), declared })
}

/// Works on several files at a time and hands on the results in the order of the files.
fn in_order(files: &[PathBuf], work: impl Fn(&Path) -> Value + Sync, mut done: impl FnMut(&Value)) {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(files.len());
    let next = AtomicUsize::new(0);
    let (results, finished) = mpsc::sync_channel(4 * workers);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (results, next, work) = (results.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(at) else { break };
                    if results.send((at, work(file))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        let (mut early, mut due) = (BTreeMap::new(), 0);
        for (at, value) in finished {
            early.insert(at, value);
            while let Some(value) = early.remove(&due) {
                done(&value);
                due += 1;
            }
        }
    });
}

/// What would become of one message. An unreadable file or a fault of our own is a result too.
fn one(path: &Path, rules: &Rules) -> Value {
    let begun = Instant::now();
    let name = path.to_string_lossy();
    let result = read::message(path, rules.config.intake.max_message_size)
        .and_then(|raw| read::without_panic(AssertUnwindSafe(|| judged(&name, &raw, rules))));
    let mut value = result.unwrap_or_else(|error| {
        let mut value = report::report(&name, b"", &rules.own);
        value["error"] = error.into();
        value["outcome"] = "reject".into();
        value["autoresponse"] = false.into();
        value
    });
    value["seconds"] = begun.elapsed().as_secs_f64().into();
    value
}

fn judged(name: &str, raw: &read::Raw, rules: &Rules) -> Value {
    let mail = parse::parse(&raw.bytes, &Limits::default());
    let verdict = judge::judge(&mail, &rules.own);
    let mut value = report::describe(name, &mail, &verdict);
    let queue = queue_of(&mail, rules);
    value["queue"] = queue.map(|queue| queue.slug.as_str()).into();
    if let Some((person, why)) = spoken_for(&mail, queue, &rules.own) {
        value["from"] = person.address.into();
        value["from_name"] = person.name.unwrap_or_default().into();
        note(&mut value, format!("{why}: the author is whom it names"));
    }
    if raw.is_cut {
        note(&mut value, "it is larger than `intake.max_message_size`: only its headers are read".to_owned());
    }
    if let Some(rule) = ignored_by(&mail, queue, &rules.config) {
        note(&mut value, format!("ignored: rule {}", rule.address));
        value["outcome"] = "drop".into();
        value["autoresponse"] = false.into();
    } else if let Some(queue) = queue {
        ruled(&mut value, &mail, queue, rules);
    }
    value
}

/// The person for whom a form or a group of ours wrote: the ticket is theirs.
fn spoken_for(mail: &Mail, queue: Option<&Queue>, own: &Own) -> Option<(Address, &'static str)> {
    let by_form = || form::form_writer(queue?, mail).map(|person| (person, "form sender"));
    by_form().or_else(|| machine::group_writer(mail, own).map(|person| (person, "group")))
}

/// What the rules of the configuration would make of a mail that opens a ticket. Who wrote it is not looked at.
fn ruled(value: &mut Value, mail: &Mail, queue: &Queue, rules: &Rules) {
    let at = mail.date.unwrap_or_else(|| Clock::System.now());
    let works = |queue: &&Queue| {
        let zone = queue.timezone.clone().unwrap_or_else(|| rules.config.desk.timezone.clone());
        Calendar::new(queue.working_hours.clone(), zone, []).opens(at) == Some(at)
    };
    let working: Vec<String> =
        rules.config.queues.iter().filter(works).map(|queue| queue.slug.clone()).collect();
    let fired = rules.declared.fire(&Look {
        mail,
        queue,
        own: &rules.own,
        authentication: Authentication::Unknown,
        has_file: mail.attachments.iter().any(|file| !file.inline),
        working: &working,
    });
    for told in &fired.told {
        note(value, format!("rule {told}"));
    }
    if value["outcome"] != "ticket" {
        return;
    }
    if let Some(slug) = &fired.queue {
        value["queue"] = slug.as_str().into();
    }
    if fired.suspends {
        value["outcome"] = "reject".into();
    }
    if fired.suspends || fired.is_silent {
        value["autoresponse"] = false.into();
    }
}

fn note(value: &mut Value, step: String) {
    if let Some(trace) = value["trace"].as_array_mut() {
        trace.push(step.into());
    }
}

/// The queue that was asked for, else the one the message is addressed to, else the only one.
fn queue_of<'a>(mail: &Mail, rules: &'a Rules) -> Option<&'a Queue> {
    if let Some(slug) = &rules.queue {
        return rules.config.queue(slug);
    }
    let recipients = mail.delivered_to.iter().map(String::as_str);
    let recipients: Vec<String> = recipients
        .chain(mail.to.iter().chain(&mail.cc).map(|to| to.address.as_str()))
        .map(Email::key_of)
        .collect();
    let is_addressed = |queue: &&Queue| queue.addresses().any(|own| recipients.contains(&Email::key_of(own)));
    match rules.config.queues.as_slice() {
        [only] => Some(only),
        queues => queues.iter().find(is_addressed),
    }
}

fn ignored_by<'a>(mail: &Mail, queue: Option<&'a Queue>, config: &'a Config) -> Option<&'a IgnoreRule> {
    let author = Email::key_of(&mail.author()?.address);
    let own = queue.into_iter().flat_map(|queue| &queue.ignore);
    config.intake.ignore.iter().chain(own).find(|rule| rule.covers(&author))
}
