//! The DKIM signatures of a mail that can say anything about its author, and how little of them is believed.
//!
//! Signatures by others (a mailing service, a list) prove nothing about the author and are not even looked up.

use mail_auth::AuthenticatedMessage;
use mail_auth::common::crypto::Algorithm;
use mail_auth::dkim::Signature;

use crate::auth::domain;
use crate::clock::Timestamp;

/// How many signatures of one mail are checked, from the top.
const MOST: usize = 5;
/// No mail program signs more fields than this.
const MOST_FIELDS: usize = 200;

/// A signature that is worth checking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// The name of the key in DNS, without a final dot.
    pub key: String,
    pub domain: String,
}

/// The signatures in a header that are aligned with the author.
pub fn list(head: &[u8], author: &str, received_at: Timestamp) -> Vec<Signed> {
    let Some(message) = read(head, author, received_at) else { return Vec::new() };
    let signed = message.dkim_headers.iter().map(|line| Signed {
        key: format!("{}._domainkey.{}", line.header.s, line.header.d),
        domain: line.header.d.clone(),
    });
    signed.collect()
}

/// Reads a message with only those signatures that are worth checking.
pub fn read<'a>(raw: &'a [u8], author: &str, received_at: Timestamp) -> Option<AuthenticatedMessage<'a>> {
    // Strict: a signature over only the beginning of the text (`l=`) lets anything follow.
    let mut message = AuthenticatedMessage::parse_with_opts(raw, None, true)?;
    message.errors.clear();
    message.dkim_headers.retain(|line| is_worth_checking(&line.header, author, received_at));
    message.dkim_headers.truncate(MOST);
    for line in &mut message.dkim_headers {
        // Judged above, by the time of receipt and not by the machine's clock.
        line.header.x = 0;
        // Neither reports nor signatures in another's name.
        line.header.r = false;
        line.header.atps = None;
    }
    // The author as this program reads it, not as another parser does.
    message.from = vec![format!("author@{author}")];
    Some(message)
}

fn is_worth_checking(signature: &Signature, author: &str, received_at: Timestamp) -> bool {
    let covers_author = signature.h.iter().any(|name| name.trim().eq_ignore_ascii_case("from"));
    let received_at = u64::try_from(received_at.seconds()).unwrap_or(0);
    let is_expired = signature.x != 0 && (signature.x <= signature.t || signature.x < received_at);
    // RFC 8301: SHA-1 proves nothing any more.
    let is_sound = signature.a != Algorithm::RsaSha1 && signature.h.len() <= MOST_FIELDS;
    covers_author
        && !is_expired
        && is_sound
        && is_name(&signature.s)
        && domain::normal(&signature.d).as_deref() == Some(&signature.d)
        && domain::are_aligned(&signature.d, author)
}

/// Whether a selector can stand in a name; anything else would only make the look-up fail.
fn is_name(selector: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    selector.len() <= 128
        && selector.split('.').all(|label| (1..=63).contains(&label.len()) && label.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_judged_by_the_time_of_receipt() {
        let received_at = Timestamp::from_seconds(1000);
        for (signed_at, expires_at, worth) in
            [(900, 0, true), (900, 1000, true), (900, 999, false), (1100, 1050, false), (0, 1001, true)]
        {
            let signature = Signature {
                a: Algorithm::RsaSha256,
                d: "a.test".to_owned(),
                s: "s1".to_owned(),
                h: vec!["To".to_owned(), " FROM ".to_owned()],
                t: signed_at,
                x: expires_at,
                ..Signature::default()
            };
            assert_eq!(
                is_worth_checking(&signature, "a.test", received_at),
                worth,
                "signed at {signed_at}, until {expires_at}"
            );
        }
    }

    #[test]
    fn a_selector_that_is_no_name_is_passed_over() {
        for (selector, fits) in
            [("s1", true), ("a.b_c-d", true), ("", false), ("a..b", false), ("a b", false), ("\u{e9}", false)]
        {
            assert_eq!(is_name(selector), fits, "{selector}");
        }
    }
}
