//! Forms and groups that write for somebody else, and where answers to a mail are wanted.
//!
//! Whether that is honoured is decided where the mail is received.

use crate::config::queue::Queue;
use crate::desk::Desk;
use crate::desk::directory;
use crate::desk::trace::Trace;
use crate::email::Email;
use crate::mail::Address;
use crate::mail::Mail;
use crate::mail::classify::Verdict;
use crate::mail::classify::judge;
use crate::mail::classify::machine;
use crate::ticket::authentication::Authentication;

/// Puts the person in the place of a form or group that wrote for him; none where it did not write this.
///
/// What a server vouches for is its own form or group, never the person who used it.
pub(super) fn speak_for(
    desk: &Desk,
    queue: &directory::Queue,
    mail: &mut Mail,
    verdict: &mut Verdict,
    authentication: Authentication,
    trace: &mut Trace,
) -> Option<Authentication> {
    let failed = authentication == Authentication::Fail;
    let of_another = if failed { Authentication::Fail } else { Authentication::Unknown };
    if let Some(person) = form_writer(&queue.config, mail) {
        trace.note("form sender", "the author is who filled the form in");
        mail.from = vec![person];
        // A form may send as the desk itself.
        *verdict = judge::judge(mail, desk.directory.own());
        return Some(of_another);
    }
    let Some(person) = machine::group_writer(mail, desk.directory.own()) else {
        return Some(authentication);
    };
    if failed || authentication == Authentication::None {
        return None;
    }
    trace.note("group", "the author is whom our group names");
    mail.from = vec![person];
    Some(of_another)
}

/// The one Reply-To that is honoured: of the author's own domain, or of a sender that is a form.
pub(super) fn reply_to<'a>(queue: &Queue, mail: &'a Mail) -> Option<&'a Address> {
    let (Some(author), [address]) = (mail.author(), mail.reply_to.as_slice()) else { return None };
    let (from, to) = (Email::of(&author.address), Email::of(&address.address));
    let (same_domain, other) = (from.domain() == to.domain(), from.key() != to.key());
    (other && to.is_deliverable() && (same_domain || is_form(queue, author))).then_some(address)
}

/// Who filled in the form that sent this mail, if a form did.
pub(crate) fn form_writer(queue: &Queue, mail: &Mail) -> Option<Address> {
    mail.author().filter(|author| is_form(queue, author))?;
    reply_to(queue, mail).cloned()
}

/// Whether the sender is a form, which writes for whoever filled it in.
fn is_form(queue: &Queue, author: &Address) -> bool {
    let key = Email::key_of(&author.address);
    queue.form_senders.iter().any(|form| Email::key_of(form) == key)
}
