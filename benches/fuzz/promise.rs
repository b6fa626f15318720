//! Reads one input in every way there is, and asks for what is promised of any input.

use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;

use helpdeskd::mail::Mail;
use helpdeskd::mail::classify::Own;
use helpdeskd::mail::classify::judge;
use helpdeskd::mail::forward;
use helpdeskd::mail::html;
use helpdeskd::mail::parse;
use helpdeskd::mail::parse::Limits;
use helpdeskd::mail::parse::rtf;
use helpdeskd::mail::parse::tnef;
use helpdeskd::mail::reply;
use helpdeskd::mail::report;
use helpdeskd::mail::thread;

/// What was read, as far as it tells one kind of input from another.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub kind: u64,
    pub nanos_a_byte: u64,
}

pub fn own() -> Own {
    Own {
        addresses: vec!["support@desk.test".to_owned()],
        lists: vec!["support.desk.test".to_owned()],
        spam_headers: vec!["x-spam-flag".to_owned()],
    }
}

/// Reads the input as the daemon and its commands do. The words are of a broken promise.
pub fn read(raw: &[u8], own: &Own) -> Result<u64, String> {
    let mail = parse::parse(raw, &Limits::default());
    let verdict = judge::judge(&mail, own);
    let keys = thread::keys(&mail);
    let original = forward::original(&mail);
    let shown = report::describe("input", &mail, &verdict);
    check(&mail)?;

    let mut hasher = DefaultHasher::new();
    mail.defects.iter().map(|d| d.kind).collect::<Vec<_>>().hash(&mut hasher);
    shown["trace"].to_string().len().min(400).hash(&mut hasher);
    format!("{:?}{}{:?}", verdict.class, verdict.reason, verdict.suspend).hash(&mut hasher);
    format!("{:?}", verdict.bounces.iter().map(|b| b.kind).collect::<Vec<_>>()).hash(&mut hasher);
    (keys.tags.len(), keys.tokens.len(), original.is_some(), &mail.language).hash(&mut hasher);
    (mail.attachments.len().min(5), mail.html.is_some(), mail.from.len().min(3)).hash(&mut hasher);
    let lines: Vec<_> = mail.text.lines().take(200).map(reply::line::Line::new).collect();
    let kinds = reply::kinds(&lines);
    let mut kinds: Vec<u8> = kinds.into_iter().map(|k| k as u8).collect();
    kinds.dedup();
    kinds.truncate(12);
    kinds.hash(&mut hasher);
    Ok(hasher.finish())
}

/// The same bytes as if they were what stands inside of mails.
pub fn read_pieces(raw: &[u8]) {
    let text = String::from_utf8_lossy(raw);
    html::to_text(&html::sanitise(&text));
    reply::trim(&text);
    tnef::unpack(raw);
    rtf::read(raw);
    if let Some(rich) = rtf::decompress(raw) {
        rtf::read(&rich);
    }
}

fn check(mail: &Mail) -> Result<(), String> {
    let mut old = mail.text.lines().map(str::trim);
    if let Some(line) = mail.new_text.lines().find(|line| !old.any(|o| o == line.trim())) {
        return Err(format!("trimming added {line:?}"));
    }
    if mail.new_text.is_empty() != mail.text.trim().is_empty() {
        return Err("trimming left nothing".to_owned());
    }
    let parts = [&mail.text, &mail.new_text, &mail.subject];
    if parts.iter().any(|text| text.contains('\0')) {
        return Err("a NUL is left".to_owned());
    }
    let bad_name =
        |name: &str| name.is_empty() || name.contains(['/', '\\']) || name.contains(char::is_control);
    if let Some(bad) = mail.attachments.iter().find(|a| bad_name(&a.name)) {
        return Err(format!("the name {:?} of an attachment", bad.name));
    }
    let broken = |text: &str| text.contains(['\r', '\n', '\0']);
    if mail.headers.iter().any(|(name, value)| broken(name) || broken(value)) {
        return Err("a line break in a header".to_owned());
    }
    let markup = mail.html.as_deref().unwrap_or_default().to_ascii_lowercase();
    // In texts and values these are escaped.
    if let Some(bad) = ["<script", "<iframe", "<object", "<style"].iter().find(|bad| markup.contains(**bad)) {
        return Err(format!("{bad} came through"));
    }
    Ok(())
}
