//! The synthetic mails in `tests/mail`, one lesson a file: what is read from each, as a text for people.
//!
//! A snapshot holds all mails whose names begin alike. Real mails of other people are not kept here.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use helpdeskd::mail::Address;
use helpdeskd::mail::Mail;
use helpdeskd::mail::classify::Own;
use helpdeskd::mail::classify::Verdict;
use helpdeskd::mail::classify::judge;
use helpdeskd::mail::forward;
use helpdeskd::mail::forward::Way;
use helpdeskd::mail::parse;
use helpdeskd::mail::parse::Limits;

/// More of a text than this is of no use to a reader of snapshots.
const SHOWN: usize = 1500;

#[test]
fn every_synthetic_mail_is_read_as_it_was_before() {
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for (name, raw) in mails() {
        let group = name.split('-').next().unwrap_or_default().to_owned();
        let view = view(&name, &raw);
        groups.entry(group).or_default().push_str(&view);
    }
    for (group, views) in groups {
        insta::with_settings!({ snapshot_suffix => group, omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("mail", views);
        });
    }
}

#[test]
fn a_mail_with_lone_line_feeds_is_the_same_as_with_carriage_returns() {
    for (name, raw) in mails() {
        let text = String::from_utf8_lossy(&raw).replace("\r\n", "\n");
        // What is attached keeps its bytes, and so shows another size.
        let attached = !parse::parse(&raw, &Limits::default()).attachments.is_empty();
        if attached || text.len() != raw.len() {
            continue;
        }
        let with = text.replace('\n', "\r\n");
        assert_eq!(view(&name, text.as_bytes()), view(&name, with.as_bytes()));
    }
}

#[test]
fn new_text_is_never_empty_where_there_is_text() {
    for (name, raw) in mails() {
        let mail = parse::parse(&raw, &Limits::default());
        assert_eq!(mail.text.trim().is_empty(), mail.new_text.is_empty(), "{name}");
    }
}

fn mails() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
    let entries = fs::read_dir(folder).expect("the folder of mails");
    let mut out: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("a mail"))
        })
        .collect();
    out.sort();
    assert!(out.len() >= 150, "the corpus is complete");
    out
}

fn own() -> Own {
    Own {
        addresses: vec!["support@desk.test".to_owned()],
        lists: vec!["support.desk.test".to_owned()],
        spam_headers: vec!["x-spam-flag".to_owned()],
    }
}

fn view(name: &str, raw: &[u8]) -> String {
    let mail = parse::parse(raw, &Limits::default());
    let verdict = judge::judge(&mail, &own());
    let mut out = format!("=== {name}\n");
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "{label}: {value}");
        }
    };
    line("from", addresses(&mail.from));
    line("reply to", addresses(&mail.reply_to));
    line("cc", addresses(&mail.cc));
    line("subject", mail.subject.clone());
    line("class", class(&verdict));
    line("waits", verdict.suspend.unwrap_or_default().to_owned());
    line("language", mail.language.clone().unwrap_or_default());
    line("priority", mail.priority.map(|p| p.to_string()).unwrap_or_default());
    for bounce in &verdict.bounces {
        line("bounce", format!("{} {} {} {:?}", bounce.action, bounce.recipient, bounce.status, bounce.kind));
    }
    line("returned", verdict.returned_message_id.clone().unwrap_or_default());
    line("original", original(&mail));
    for a in &mail.attachments {
        let kind = if a.inline { "inline" } else { "attached" };
        line(
            kind,
            format!(
                "{} ({}, {} bytes) {}",
                a.name,
                a.content_type,
                a.data.len(),
                a.content_id.clone().unwrap_or_default()
            ),
        );
    }
    for defect in &mail.defects {
        line("defect", format!("{}: {}", defect.kind, defect.detail));
    }
    line("new", block(&mail.new_text));
    if mail.text.trim() != mail.new_text {
        line("full", block(mail.text.trim()));
    }
    line("html", mail.html.as_deref().map(block).unwrap_or_default());
    out.push('\n');
    out
}

fn class(verdict: &Verdict) -> String {
    let class = format!("{:?}", verdict.class).to_lowercase();
    let why = if verdict.reason.is_empty() { String::new() } else { format!(" ({})", verdict.reason) };
    let silent = verdict.no_acknowledgement.map(|w| format!(", no acknowledgement: {w}")).unwrap_or_default();
    format!("{class}{why}{silent}")
}

fn addresses(list: &[Address]) -> String {
    let one = |a: &Address| match &a.name {
        Some(name) => format!("{name} <{}>", a.address),
        None => a.address.clone(),
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn original(mail: &Mail) -> String {
    forward::original(mail).map_or(String::new(), |o| {
        let date = o.date.map(|d| d.to_string()).unwrap_or_default();
        let author = addresses(o.author.as_slice());
        format!(
            "{author}, {date}, {:?}, {} characters, {} attachments",
            o.subject,
            o.text.chars().count(),
            if o.way == Way::Inline { mail.attachments.len() } else { o.attachments.len() }
        )
    })
}

fn block(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    shown.lines().flat_map(|l| ["\n  | ", l]).collect::<String>()
}
