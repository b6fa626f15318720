//! What a DKIM signature shows beside the author: whom a mail was for and what it answers, or not even that.
//!
//! Whoever has a signed mail can send it again. What its signature leaves out they can write as they like, so that is
//! nobody's word. Reads only; whether a signature is good was found out before.

use sha2::Digest;
use sha2::Sha256;

use crate::auth::domain;
use crate::mail::parse::field::Block;
use crate::ticket::authentication::Covers;
use crate::ticket::authentication::Seal;

/// As many as are checked.
const MOST_SEALS: usize = 5;
/// No signature is shorter, in the characters of base64.
const SHORTEST_SEAL: usize = 40;

/// What says for whom a mail is, what it is about and which one it answers.
const FIELDS: [&str; 8] =
    ["To", "Cc", "Reply-To", "Subject", "In-Reply-To", "References", "Message-ID", "Auto-Submitted"];

/// What the signatures of the author's domain cover. None of them: the mail is proven by other means, if it is, which
/// cannot be sent again.
///
/// All of them must: anybody can add one that covers more and does not fit.
pub(crate) fn of(block: &Block<'_>, author: &str) -> Covers {
    let covers_all = |signed: &Vec<String>| FIELDS.iter().all(|name| is_covered(block, signed, name));
    if signatures(block, author).iter().all(covers_all) { Covers::All } else { Covers::Author }
}

/// Whether a field is signed as often as it is there: of several, a signature is over the lowest.
fn is_covered(block: &Block<'_>, signed: &[String], name: &str) -> bool {
    let covered = signed.iter().filter(|one| one.eq_ignore_ascii_case(name)).count();
    block.all(name).count() <= covered
}

/// Digests of the signatures of the author's domain: the same one is on the same mail, whatever else of it was changed
/// on the way. From the top, a few.
pub(crate) fn seals(block: &Block<'_>, author: &str) -> Vec<Seal> {
    let digest = |signature: String| {
        // How many bits of the last character count is not the same to every reader.
        let mut plain: Vec<u8> =
            signature.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
        plain.pop();
        (plain.len() >= SHORTEST_SEAL).then(|| Seal(Sha256::digest(&plain).into()))
    };
    aligned(block, author, "b").into_iter().filter_map(digest).take(MOST_SEALS).collect()
}

/// The names of the fields that each signature of the author's domain is over.
fn signatures(block: &Block<'_>, author: &str) -> Vec<Vec<String>> {
    let fields = aligned(block, author, "h").into_iter();
    fields.map(|fields| fields.split(':').map(str::to_owned).collect()).collect()
}

/// A tag of each signature of the author's domain, without blanks.
fn aligned(block: &Block<'_>, author: &str, wanted: &str) -> Vec<String> {
    let mut found = Vec::new();
    for value in block.all("DKIM-Signature") {
        let text = String::from_utf8_lossy(value);
        let tag = |name: &str| {
            let mut tags = text.split(';').filter_map(|tag| tag.split_once('='));
            tags.find(|(key, _)| key.trim() == name).map(|(_, value)| without_blanks(value))
        };
        let signer = tag("d").and_then(|signer| domain::normal(&signer));
        if signer.is_some_and(|signer| domain::are_aligned(&signer, author)) {
            found.push(tag(wanted).unwrap_or_default());
        }
    }
    found
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::parse::field;

    const MAIL: &str = "From: a@a.test\r\nTo: b@b.test\r\nSubject: x\r\nMessage-ID: <1@a.test>\r\n";

    fn covers(signatures: &[&str], more: &str) -> Covers {
        let field = |tags: &&str| format!("DKIM-Signature: v=1; {tags}; b=\r\n x\r\n");
        let signed = signatures.iter().map(field).collect::<Vec<_>>().concat();
        let raw = format!("{signed}{more}{MAIL}\r\n");
        of(&field::split(raw.as_bytes(), 1 << 18, &mut Vec::new()), "a.test")
    }

    #[test]
    fn a_signature_is_known_again_however_it_is_written() {
        let seals = |signature: &str, domain: &str| {
            let raw = format!("DKIM-Signature: v=1; d={domain}; h=from; b={signature}\r\n{MAIL}\r\n");
            seals(&field::split(raw.as_bytes(), 1 << 18, &mut Vec::new()), "a.test")
        };
        let signature = "AbCd+/19".repeat(11);
        let known = seals(&signature, "a.test");
        assert_eq!(known.len(), 1);
        let folded = signature.replace("Cd", "C\r\n\t d");
        assert_eq!(seals(&folded, "mail.a.test"), known);
        assert_eq!(seals(&format!("{signature}=="), "a.test"), known);
        assert_eq!(seals(&signature.to_lowercase(), "a.test").len(), 1);
        assert_ne!(seals(&signature.to_lowercase(), "a.test"), known);
        assert_eq!(seals(&signature, "b.test"), []);
        assert_eq!(seals("abc", "a.test"), []);
    }

    #[test]
    fn what_a_signature_leaves_out_is_nobodys_word() {
        const ALL: &str = "d=a.test; h=from:to:subject:message-id:date";
        for (signatures, more, expected) in [
            (&[][..], "", Covers::All),
            (&[ALL], "", Covers::All),
            (&["d=a.test; h=From : To :\r\n\tSubject:Message-ID"], "", Covers::All),
            (&["d=mail.a.test; h=from:date:subject:message-id"], "", Covers::Author),
            (&["d=a.test; h=from:to:message-id"], "", Covers::Author),
            (&["d=a.test; h=from:to:subject"], "", Covers::Author),
            (&["d=a.test"], "", Covers::Author),
            (&[ALL], "Cc: eve@evil.test\r\n", Covers::Author),
            (&[ALL], "In-Reply-To: <2@b.test>\r\n", Covers::Author),
            (&[ALL], "References: <2@b.test>\r\n", Covers::Author),
            (&[ALL], "Reply-To: eve@evil.test\r\n", Covers::Author),
            // A second one above the one that is signed.
            (&[ALL], "To: eve@evil.test\r\n", Covers::Author),
            (&["d=a.test; h=from:to:to:subject:message-id"], "To: eve@a.test\r\n", Covers::All),
            (&[ALL], "X-Other: y\r\n", Covers::All),
            // Others' signatures say nothing of it; a forged one of the author's makes it no better.
            (&[ALL, "d=list.test; h=from"], "", Covers::All),
            (&[ALL, "d=a.test; h=from"], "", Covers::Author),
            (&["d=a.test; h=from:to:subject:message-id:cc", ALL], "Cc: c@c.test\r\n", Covers::Author),
        ] {
            assert_eq!(covers(signatures, more), expected, "{signatures:?} {more}");
        }
    }
}
