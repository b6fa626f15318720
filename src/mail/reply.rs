//! What the author wrote this time: a text without quoted reply and signature.
//!
//! Only leaves lines out; never adds or changes any, and never leaves nothing of a text that had something.

/// Stands at the top of mails to staff; what is below it in an answer is ours.
pub const MARKER: &str = "##- Please type your reply above this line -##";

/// The new part of a text.
pub fn trim(text: &str) -> String {
    let mut kept = Vec::new();
    for line in text.lines() {
        let bare = line.trim();
        let wrote = bare.starts_with("On ") && bare.ends_with("wrote:");
        if line.contains(MARKER) || wrote || bare == "--" || bare == "-----Original Message-----" {
            break;
        }
        if !bare.starts_with('>') {
            kept.push(line);
        }
    }
    let new = kept.join("\n").trim().to_owned();
    if new.is_empty() { text.trim().to_owned() } else { new }
}
