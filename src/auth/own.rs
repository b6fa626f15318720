//! The desk's own check of DKIM and DMARC, for mailboxes whose server notes nothing.
//!
//! SPF cannot be checked behind a mailbox: the sender's address is not known any more. So only a signature can
//! make a mail pass, and a mail without one never fails, whatever the domain's owner asks for: it may well have
//! passed by SPF.

use std::collections::BTreeSet;
use std::collections::HashMap;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use mail_auth::MessageAuthenticator;

use crate::auth::cache::Answer;
use crate::auth::cache::Cache;
use crate::auth::checked::Checked;
use crate::auth::checked::Subject;
use crate::auth::dmarc;
use crate::auth::signatures;
use crate::auth::signatures::Signed;
use crate::clock::Timestamp;

/// Keys are taken down some days after their last use, so an old mail proves nothing by failing.
const OLDEST: i64 = 7 * Timestamp::DAY;
/// Larger heads are not looked at: checking costs fields times signed fields.
const LONGEST_HEAD: usize = 256 * 1024;
/// Questions about one mail, and how many of them at a time.
const MOST_NAMES: usize = 60;
const AT_ONCE: usize = 16;

/// Checks a mail. What cannot be found out is unknown, never failed.
pub async fn check(
    cache: &Cache,
    library: &MessageAuthenticator,
    subject: Subject,
    now: Timestamp,
) -> Checked {
    if now.0.saturating_sub(subject.sent_at.0) > OLDEST {
        return Checked::left_open("older than 7 days, so its keys may be gone");
    }
    let Some(head) = head(&subject.raw) else {
        return Checked::left_open("its header is too large to check");
    };
    let (author, received_at) = (subject.author.clone(), subject.received_at);
    let signed = tokio::task::spawn_blocking(move || signatures::list(&head, &author, received_at)).await;
    let Ok(signed) = signed else { return Checked::left_open("reading its signatures failed") };
    let answers = ask(cache, names(&subject.author, &signed), now).await;
    let library = library.clone();
    let judged =
        tokio::task::spawn_blocking(move || dmarc::judge(&library, &subject, &signed, &answers)).await;
    judged.unwrap_or_else(|_| Checked::left_open("checking its signatures failed"))
}

/// The header and the empty line behind it.
fn head(raw: &Bytes) -> Option<Bytes> {
    let within = &raw[..raw.len().min(LONGEST_HEAD)];
    let unix = memchr::memmem::find(within, b"\n\n").map(|at| at + 2);
    let dos = memchr::memmem::find(within, b"\r\n\r\n").map(|at| at + 4);
    match unix.into_iter().chain(dos).min() {
        Some(end) => Some(raw.slice(..end)),
        None => (raw.len() <= LONGEST_HEAD).then(|| raw.clone()),
    }
}

/// Every name that the check may look up: the keys, and the policies of the author and of each signer.
fn names(author: &str, signed: &[Signed]) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = signed.iter().map(|signed| signed.key.clone()).collect();
    for domain in std::iter::once(author).chain(signed.iter().map(|signed| signed.domain.as_str())) {
        names.extend(policy_names(domain));
    }
    names
}

/// Where a domain's policy may stand: with itself and with each domain above it (RFC 9989 §4.10).
fn policy_names(domain: &str) -> Vec<String> {
    let labels: Vec<&str> = domain.split('.').collect();
    if labels.len() < 2 {
        return Vec::new();
    }
    // A name of many labels is looked up as it is and then from seven labels on.
    let starts = (0..labels.len()).filter(|&start| start == 0 || labels.len() - start <= 7);
    starts.map(|start| format!("_dmarc.{}", labels[start..].join("."))).collect()
}

async fn ask(cache: &Cache, names: BTreeSet<String>, now: Timestamp) -> HashMap<String, Answer> {
    let questions = names.into_iter().take(MOST_NAMES).map(|name| async move {
        let answer = cache.texts(&name, now).await;
        (name, answer)
    });
    stream::iter(questions).buffer_unordered(AT_ONCE).collect().await
}

#[cfg(test)]
mod tests;
