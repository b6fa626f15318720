//! Attachments: what a part becomes that is attached.
//!
//! Does not decide what is attached, and stores nothing.

use crate::mail::Attachment;
use crate::mail::Defect;
use crate::mail::parse::body::Role;
use crate::mail::parse::mime::Part;
use crate::mail::parse::naming;
use crate::mail::parse::naming::has_extension;
use crate::mail::parse::naming::safe_name;
use crate::mail::parse::transfer;
use crate::mail::parse::transfer::Encoding;
use crate::mail::parse::word;

/// Names for parts that have none, by type.
const DEFAULT_NAMES: &[(&str, &str)] = &[
    ("application/pgp-signature", "signature.asc"),
    ("application/pgp-encrypted", "version.asc"),
    ("application/pgp-keys", "key.asc"),
    ("application/pkcs7-signature", "smime.p7s"),
    ("application/x-pkcs7-signature", "smime.p7s"),
    ("application/pkcs7-mime", "smime.p7m"),
    ("application/x-pkcs7-mime", "smime.p7m"),
    ("text/calendar", "invite.ics"),
    ("application/ics", "invite.ics"),
    ("message/delivery-status", "delivery-status.txt"),
    ("message/global-delivery-status", "delivery-status.txt"),
    ("message/disposition-notification", "disposition-notification.txt"),
    ("message/feedback-report", "feedback-report.txt"),
    ("text/rfc822-headers", "headers.txt"),
    ("message/partial", "partial.txt"),
    ("application/ms-tnef", "winmail.dat"),
    ("text/x-vcard", "contact.vcf"),
    ("text/vcard", "contact.vcf"),
    ("text/plain", "text.txt"),
    ("text/html", "text.html"),
    ("text/csv", "table.csv"),
    ("text/rtf", "text.rtf"),
    ("application/rtf", "text.rtf"),
    ("application/pdf", "document.pdf"),
    ("application/zip", "archive.zip"),
    ("application/xml", "data.xml"),
    ("text/xml", "data.xml"),
    ("application/json", "data.json"),
    ("image/jpeg", "image.jpg"),
    ("image/svg+xml", "image.svg"),
    ("image/tiff", "image.tif"),
    ("image/x-icon", "image.ico"),
    ("audio/mpeg", "audio.mp3"),
    ("video/quicktime", "video.mov"),
];

/// Makes an attachment of a part. `number` counts from 1 and names what has no name.
pub(crate) fn from_part(part: &Part<'_>, role: Role, number: usize, defects: &mut Vec<Defect>) -> Attachment {
    let encoding = part.encoding();
    let data = transfer::decode(part.body, encoding).into_owned();
    if encoding == Encoding::Unknown {
        defects.push(Defect::new("encoding-unknown", "an attachment was taken as it is"));
    }
    let declared = part.kind.value.as_str();
    let content_type = naming::content_type(declared, &data);
    let name = part.name().map(safe_name).filter(|n| !n.is_empty());
    let name = name.unwrap_or_else(|| default_name(part, &content_type, number));
    let message = content_type == "message/rfc822" || content_type == "message/global";
    let name = if message && !has_extension(&name, "eml") { format!("{name}.eml") } else { name };
    let content_id = part
        .block
        .first("content-id")
        .map(|v| word::decode(v, None))
        .map(|v| v.trim_matches(['<', '>', ' ', '"']).to_owned())
        .filter(|v| !v.is_empty());
    Attachment { name, content_type, content_id, inline: role == Role::Inline, data }
}

fn default_name(part: &Part<'_>, content_type: &str, number: usize) -> String {
    if let Some(described) = part.block.first("content-description") {
        let name = safe_name(&word::decode(described, None));
        if name.rsplit_once('.').is_some_and(|(stem, ext)| !stem.is_empty() && (1..=5).contains(&ext.len())) {
            return name;
        }
    }
    if content_type.starts_with("message/rfc822") || content_type == "message/global" {
        let block = crate::mail::parse::field::split(part.body, 16 * 1024, &mut Vec::new());
        let subject = block.first("subject").map(|s| safe_name(&word::decode(s, None))).unwrap_or_default();
        return if subject.is_empty() { format!("message-{number}.eml") } else { format!("{subject}.eml") };
    }
    if let Some((_, name)) = DEFAULT_NAMES.iter().find(|(kind, _)| *kind == content_type) {
        return (*name).to_owned();
    }
    if content_type.starts_with("multipart/") {
        return format!("part-{number}.eml");
    }
    let subtype = content_type.split('/').nth(1).unwrap_or_default();
    let plain = subtype.len() <= 5 && subtype.bytes().all(|b| b.is_ascii_alphanumeric());
    format!("part-{number}.{}", if plain && !subtype.is_empty() { subtype } else { "bin" })
}
