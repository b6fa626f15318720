//! What a message would be taken for, as one JSON object: for people who try the rules on mail they have.
//!
//! Knows no tickets, so it cannot tell a follow-up from a new ticket.

use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::ids;
use crate::mail::Address;
use crate::mail::Attachment;
use crate::mail::Mail;
use crate::mail::classify::Bounce;
use crate::mail::classify::Class;
use crate::mail::classify::Own;
use crate::mail::classify::Verdict;
use crate::mail::classify::judge;
use crate::mail::parse;
use crate::mail::parse::Limits;

/// Reads one raw message. `seconds` is left at 0 for the caller, who has a clock.
pub fn report(file: &str, raw: &[u8], own: &Own) -> Value {
    let mail = parse::parse(raw, &Limits::default());
    let verdict = judge::judge(&mail, own);
    describe(file, &mail, &verdict)
}

/// The object for a message that was read already.
pub fn describe(file: &str, mail: &Mail, verdict: &Verdict) -> Value {
    // Whom a ticket takes; where nobody is, what stands there.
    let author = mail.author().or(mail.from.first());
    let returned = |b: &Bounce| [Some(b.recipient.clone()), b.original.clone()];
    let recipients: Vec<String> =
        verdict.bounces.iter().flat_map(returned).flatten().filter(|r| !r.is_empty()).collect();
    let status = verdict.bounces.iter().map(|b| b.status.as_str()).find(|s| !s.is_empty());
    json!({
        "file": file,
        "from": author.map(|a| a.address.as_str()).unwrap_or_default(),
        "from_name": author.and_then(|a| a.name.as_deref()).unwrap_or_default(),
        "to": mail.to.iter().map(shown).collect::<Vec<_>>(),
        "cc": mail.cc.iter().map(shown).collect::<Vec<_>>(),
        "reply_to": mail.reply_to.iter().map(shown).collect::<Vec<_>>(),
        "subject": mail.subject,
        "text": mail.new_text,
        "text_full": mail.text,
        "html": mail.html,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "attachments": mail.attachments.iter().map(attachment).collect::<Vec<_>>(),
        "class": verdict.class,
        "auto_reply": !matches!(verdict.class, Class::Human | Class::Own),
        "bounce": verdict.class == Class::Bounce,
        "bounce_recipient": recipients,
        "bounce_status": status.unwrap_or_default(),
        "autoresponse": verdict.no_acknowledgement.is_none() && verdict.suspend.is_none(),
        "seconds": 0.0,
        "error": Value::Null,
        "outcome": outcome(verdict),
        "trace": trace(mail, verdict),
    })
}

fn outcome(verdict: &Verdict) -> &'static str {
    match verdict.class {
        Class::Own => "drop",
        Class::Bounce => "bounce",
        _ if verdict.suspend.is_some() => "reject",
        _ => "ticket",
    }
}

fn shown(address: &Address) -> Value {
    json!({ "address": address.address, "name": address.name })
}

fn attachment(attachment: &Attachment) -> Value {
    json!({
        "name": attachment.name,
        "size": attachment.data.len(),
        "sha256": ids::hex(&Sha256::digest(&attachment.data)),
        "type": attachment.content_type,
    })
}

/// Which rule decided, on what evidence.
fn trace(mail: &Mail, verdict: &Verdict) -> Vec<String> {
    let class = serde_json::to_value(verdict.class).ok();
    let class = class.as_ref().and_then(Value::as_str).unwrap_or_default();
    let mut out = vec![if verdict.reason.is_empty() {
        format!("class {class}")
    } else {
        format!("class {class}: {}", verdict.reason)
    }];
    out.extend(verdict.suspend.map(|why| format!("suspended: {why}")));
    out.extend(verdict.no_acknowledgement.map(|why| format!("no acknowledgement: {why}")));
    out.extend(mail.language.iter().map(|language| format!("language {language}")));
    out.extend(mail.defects.iter().map(|d| format!("defect {}: {}", d.kind, d.detail)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_there_for_any_input() {
        let keys = [
            "file",
            "from",
            "from_name",
            "to",
            "cc",
            "reply_to",
            "subject",
            "text",
            "text_full",
            "html",
            "message_id",
            "in_reply_to",
            "references",
            "attachments",
            "class",
            "auto_reply",
            "bounce",
            "bounce_recipient",
            "bounce_status",
            "autoresponse",
            "seconds",
            "error",
            "outcome",
        ];
        for raw in ["", "x", "From: a@b.test\nSubject: s\n\nhello\n"] {
            let value = report("f.eml", raw.as_bytes(), &Own::default());
            for key in keys {
                assert!(value.get(key).is_some(), "{key} for {raw:?}");
            }
        }
    }

    #[test]
    fn outcomes_follow_the_class_and_the_author() {
        let own = Own { addresses: vec!["desk@x.test".into()], ..Own::default() };
        let cases = [
            ("From: a@b.test", "ticket"),
            ("Subject: s", "reject"),
            ("From: desk@x.test", "drop"),
            ("From: a@b.test\nAuto-Submitted: auto-replied", "reject"),
            ("From: a@b.test\nPrecedence: bulk", "ticket"),
        ];
        for (head, want) in cases {
            assert_eq!(report("f", format!("{head}\n\nhi\n").as_bytes(), &own)["outcome"], want, "{head}");
        }
    }
}
