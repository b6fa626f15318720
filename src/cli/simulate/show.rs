//! What would become of a message, for people.
//!
//! Shows what the object for programs says, and no more.

use serde_json::Value;

use crate::cli::out;

/// Lines of the new text that are shown.
const LINES: usize = 8;

/// Prints one message's fate, and an empty line after it.
pub fn show(value: &Value) {
    let text = |key: &str| value[key].as_str().unwrap_or_default();
    out::line(&out::flat(text("file")));
    if let Some(error) = value["error"].as_str() {
        field("error", error);
        out::line("");
        return;
    }
    field("becomes", &fate(value));
    field(
        "",
        if value["autoresponse"] == true {
            "with an acknowledgement to its author"
        } else {
            "without an acknowledgement"
        },
    );
    field("from", &address(text("from_name"), text("from")));
    for key in ["to", "cc"] {
        let all = list(&value[key]).map(|one| {
            let part = |key: &str| one[key].as_str().unwrap_or_default();
            address(part("name"), part("address"))
        });
        field(key, &all.collect::<Vec<_>>().join(", "));
    }
    field("subject", text("subject"));
    let failed = list(&value["bounce_recipient"]).filter_map(Value::as_str);
    field("bounced", &failed.collect::<Vec<_>>().join(", "));
    let files = list(&value["attachments"])
        .map(|file| format!("{} ({} bytes)", file["name"].as_str().unwrap_or_default(), file["size"]));
    field("attached", &files.collect::<Vec<_>>().join(", "));
    for (at, line) in text("text").lines().filter(|line| !line.trim().is_empty()).take(LINES).enumerate() {
        field(if at == 0 { "text" } else { "" }, line);
    }
    for (at, step) in list(&value["trace"]).filter_map(Value::as_str).enumerate() {
        field(if at == 0 { "because" } else { "" }, step);
    }
    out::line("");
}

/// The outcome in words.
fn fate(value: &Value) -> String {
    let queue = value["queue"].as_str().map(|slug| format!(" in queue {slug}")).unwrap_or_default();
    match value["outcome"].as_str().unwrap_or_default() {
        "ticket" => format!("a new ticket{queue}, or an entry of the one that it answers"),
        "followup" => format!("an entry of a ticket{queue}"),
        "bounce" => "a note on the mail that came back; suspended if that was not ours".to_owned(),
        "reject" => format!("suspended{queue}: it waits for somebody to decide"),
        "drop" => "nothing: it is left aside".to_owned(),
        other => other.to_owned(),
    }
}

fn address(name: &str, address: &str) -> String {
    if name.is_empty() { address.to_owned() } else { format!("{name} <{address}>") }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// One line, unless there is nothing to say.
fn field(name: &str, value: &str) {
    if !value.is_empty() {
        out::line(&format!("  {name:9} {}", out::flat(value)));
    }
}
