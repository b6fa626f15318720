//! What is looked for, and texts, mails and requests without it.

use serde_json::Value;

use crate::desk::Desk;
use crate::mail::compose::Draft;
use crate::ticket::traces::ERASED;
use crate::ticket::traces::Traces;

/// What is looked for of somebody: everywhere, and where they take part.
pub(super) struct Sought {
    pub(super) keys: Vec<String>,
    names: Vec<String>,
    /// Words that mean something else here, such as a queue's name.
    others: Vec<String>,
    pub(super) everywhere: Traces,
}

/// What is looked for in one ticket.
pub(super) struct InTicket {
    pub(super) traces: Traces,
    /// All that they said here, each as it is.
    said: Vec<String>,
}

impl Sought {
    pub(super) fn of(desk: &Desk, keys: &[String], names: &[String]) -> Self {
        let mut others = words_of(&desk.config.desk.name);
        for queue in desk.directory.queues() {
            let config = &queue.config;
            let ours = [config.slug.as_str(), config.title.as_str()];
            others.extend(ours.into_iter().chain(config.addresses()).flat_map(words_of));
        }
        Self { keys: keys.to_vec(), names: names.to_vec(), others, everywhere: Traces::of(keys, names) }
    }

    /// Also under what mails here called them.
    pub(super) fn in_ticket(&self, more: &[String]) -> InTicket {
        let names: Vec<String> = self.names.iter().chain(more).cloned().collect();
        let mut traces = Traces::of(&self.keys, &names);
        traces.call(&names, &self.others);
        InTicket { traces, said: Vec::new() }
    }
}

fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

impl InTicket {
    pub(super) fn say(&mut self, text: &str) {
        self.traces.said(text);
        self.said.push(text.trim().to_owned());
    }

    /// A text without it; none where nothing of it is there.
    pub(super) fn out_of(&self, text: &str) -> Option<String> {
        if self.said.iter().any(|said| !said.is_empty() && said == text.trim()) {
            return Some(ERASED.to_owned());
        }
        self.traces.taken_out(text)
    }
}

/// A text without what is looked for, and whether that is another one.
pub(super) fn cleaned(text: &mut String, out_of: &impl Fn(&str) -> Option<String>) -> bool {
    match out_of(text) {
        Some(other) => {
            *text = other;
            true
        }
        None => false,
    }
}

/// As [`cleaned`].
pub(super) fn cleaned_option(text: &mut Option<String>, out_of: &impl Fn(&str) -> Option<String>) -> bool {
    text.as_mut().is_some_and(|text| cleaned(text, out_of))
}

/// Whether HTML has any of it, be it across tags.
pub(super) fn stands_in_html(html: &str, out_of: &impl Fn(&str) -> Option<String>) -> bool {
    out_of(html).is_some() || out_of(&shown(html)).is_some()
}

/// What is shown of HTML, roughly: enough to find words in.
fn shown(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    for (entity, c) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, c);
    }
    text
}

/// A frozen mail without it; none where nothing of it is there. What was sent needs no HTML any more.
pub(super) fn mail(content: &str, is_sent: bool, out_of: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut draft = Draft::thaw(content).ok()?;
    let in_html = stands_in_html(&draft.html, out_of);
    let in_text = cleaned(&mut draft.text, out_of);
    if in_html && !is_sent {
        cleaned(&mut draft.html, out_of);
    } else if in_html || in_text {
        draft.html = String::new();
    }
    let mut changed = in_html || in_text;
    for text in [&mut draft.subject, &mut draft.from_name, &mut draft.from, &mut draft.to_name, &mut draft.to]
        .into_iter()
        .chain(&mut draft.references)
    {
        changed |= cleaned(text, out_of);
    }
    for text in [&mut draft.in_reply_to, &mut draft.reply_to, &mut draft.unsubscribe] {
        changed |= cleaned_option(text, out_of);
    }
    if changed { draft.freeze().ok() } else { None }
}

/// A frozen mail that carried their own words, without any.
pub(super) fn mail_of_theirs(content: &str, out_of: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let content = mail(content, true, out_of).unwrap_or_else(|| content.to_owned());
    let mut draft = Draft::thaw(&content).ok()?;
    ERASED.clone_into(&mut draft.text);
    draft.html = String::new();
    draft.bodies = Vec::new();
    draft.whole_text = None;
    draft.attachments = Vec::new();
    draft.freeze().ok()
}

/// JSON, or another text, without it; none where nothing of it is there.
pub(super) fn json(text: &str, out_of: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return out_of(text) };
    clean_value(&mut value, out_of).then(|| value.to_string())
}

fn clean_value(value: &mut Value, out_of: &impl Fn(&str) -> Option<String>) -> bool {
    match value {
        Value::String(text) => cleaned(text, out_of),
        Value::Array(values) => {
            values.iter_mut().map(|value| clean_value(value, out_of)).fold(false, |all, one| all | one)
        }
        Value::Object(fields) => {
            fields.values_mut().map(|value| clean_value(value, out_of)).fold(false, |all, one| all | one)
        }
        _ => false,
    }
}
