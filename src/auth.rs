//! Message authentication: whether a mail really comes from whom its `From` names.
//!
//! Finds out once, at intake, from what the receiving server noted or by a check of its own; what follows from
//! the result is for `desk` to decide.

pub(crate) mod cache;
pub mod checked;
pub mod coverage;
pub mod domain;
pub mod hop;
pub mod own;
pub(crate) mod results;
pub mod trusted;

mod dmarc;
mod key;
mod signatures;
mod text;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mail_auth::MessageAuthenticator;

use crate::auth::cache::Cache;
use crate::auth::checked::Checked;
use crate::auth::checked::Subject;
use crate::auth::hop::Trust;
use crate::auth::trusted::Author;
use crate::auth::trusted::Noted;
use crate::clock::Timestamp;
use crate::config::queue::Queue;
use crate::email::Email;
use crate::mail::Mail;
use crate::mail::parse::Limits;
use crate::mail::parse::field;
use crate::net::dns::Resolver;

/// How long finding out about one mail may take.
const LIMIT: Duration = Duration::from_secs(2);

/// A mail that is to be authenticated.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    pub mail: &'a Mail,
    pub raw: &'a Bytes,
    pub extent: Extent,
    pub received_at: Timestamp,
}

/// Whether all of a mail is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Whole,
    /// It was too large: signatures over the body cannot be checked.
    Headers,
}

/// Finds out about mails. Cheap to clone; the clones share what DNS said.
#[derive(Clone, Default)]
pub struct Authenticator {
    own: Option<Arc<Own>>,
}

/// What the desk's own check needs.
struct Own {
    cache: Cache,
    library: MessageAuthenticator,
}

impl Authenticator {
    /// One that can make checks of its own. [`Authenticator::default`] only reads what servers noted.
    pub fn new(resolver: Resolver) -> Self {
        let own = dmarc::library().map(|library| Arc::new(Own { cache: Cache::new(resolver), library }));
        Self { own }
    }

    /// Finds out about one mail of a queue, within two seconds. Never fails; what stays open is unknown.
    pub async fn authenticate(&self, arrived: &Arrived<'_>, queue: &Queue, now: Timestamp) -> Checked {
        let Arrived { mail, raw, extent, received_at } = *arrived;
        if queue.authserv_ids.is_empty() && !queue.verify && !queue.exchange {
            return unknown("neither `authserv_ids` nor `verify` is set");
        }
        let block = field::split(raw, Limits::default().header_bytes, &mut Vec::new());
        let author = mail.author().filter(|_| block.all("from").count() == 1);
        let address = author.map(|author| Email::key_of(&author.address)).unwrap_or_default();
        let Some(author) = domain::of_address(&address) else {
            return unknown("the mail has no single author");
        };
        let trust = trust(queue);
        let whose = Author { domain: &author, address: &address };
        let noted = match trusted::read(&block, trust, whose) {
            Noted::Decided(checked) => return checked,
            Noted::Open(checked) => checked,
        };
        if !queue.verify {
            return noted;
        }
        if extent == Extent::Headers {
            return Checked::left_open("only the header was read");
        }
        let sent_at = mail.date.map_or(received_at, |date| date.min(received_at));
        self.check(Subject { raw: raw.clone(), author, sent_at, received_at }, now).await
    }

    /// What a mail's signatures say beside its author; the rest is open.
    pub(crate) fn signed(mail: &Mail, raw: &Bytes) -> Checked {
        let block = field::split(raw, Limits::default().header_bytes, &mut Vec::new());
        let author = mail.author().and_then(|author| domain::of_address(&author.address));
        let Some(author) = author else { return Checked::default() };
        let (covers, seals) = (coverage::of(&block, &author), coverage::seals(&block, &author));
        Checked { covers, seals, ..Checked::default() }
    }

    async fn check(&self, subject: Subject, now: Timestamp) -> Checked {
        let Some(own) = &self.own else { return Checked::left_open("this process asks no DNS") };
        let check = own::check(&own.cache, &own.library, subject, now);
        let checked = tokio::time::timeout(LIMIT, check).await;
        checked.unwrap_or_else(|_| Checked::left_open("it took too long"))
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.own.is_some() { "Authenticator" } else { "Authenticator(no own check)" })
    }
}

/// Whom a queue believes.
pub(crate) fn trust(queue: &Queue) -> Trust<'_> {
    Trust {
        authserv_ids: &queue.authserv_ids,
        own_hops: &queue.own_hops,
        exchange: queue.exchange,
        stamps_below: queue.stamps_below,
    }
}

fn unknown(why: &str) -> Checked {
    Checked { evidence: why.to_owned(), ..Checked::default() }
}

#[cfg(test)]
mod tests;
