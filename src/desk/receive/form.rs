//! Forms that write for whoever filled them in, and where answers to a mail are wanted.
//!
//! Whether that is honoured is decided where the mail is received.

use crate::config::queue::Queue;
use crate::email::Email;
use crate::mail::Address;
use crate::mail::Mail;

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
