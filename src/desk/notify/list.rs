//! The recipients of one occasion, collected role by role.
//!
//! Who stands in which role is asked for in `notify`.

use std::collections::HashSet;

use crate::desk::Desk;
use crate::desk::notify::Occasion;
use crate::desk::notify::Recipient;
use crate::template::name::Name;
use crate::ticket::Ticket;
use crate::ticket::person::User;
use crate::ticket::person::address_key;
use crate::ticket::person::is_deliverable;

/// Collects recipients: each address once, by the first role that fits, and never the actor or ourselves.
pub(super) struct List<'a> {
    desk: &'a Desk,
    taken: HashSet<String>,
    actor: Option<String>,
    /// Addresses that had the mail itself.
    already: &'a [String],
    pub(super) recipients: Vec<Recipient>,
}

impl<'a> List<'a> {
    pub(super) fn new(desk: &'a Desk, occasion: &Occasion<'a>) -> Self {
        let actor = occasion.actor.user.as_ref().and_then(|user| user.email.as_deref()).map(address_key);
        let already = occasion.origin.map_or(&[][..], |origin| &origin.recipients);
        Self { desk, taken: HashSet::new(), actor, already, recipients: Vec::new() }
    }

    pub(super) fn exclude<'u>(&mut self, users: impl Iterator<Item = &'u User>) {
        self.taken.extend(users.filter_map(|user| user.email.as_deref()).map(address_key));
    }

    /// A submitter or CC; `even_actor` for the acknowledgement of his own act.
    pub(super) fn outsider(&mut self, user: &User, template: Name, even_actor: bool) {
        let Some(email) = user.email.clone() else { return };
        let key = address_key(&email);
        let is_actor = self.actor.as_ref() == Some(&key);
        if (is_actor && !even_actor) || (!is_actor && self.already.contains(&key)) {
            return;
        }
        self.add(Recipient { address: email, user: Some(user.clone()), template });
    }

    /// The submitter, at the address where he wants answers.
    pub(super) fn submitter(&mut self, ticket: &Ticket, user: &User, template: Name, even_actor: bool) {
        let before = self.recipients.len();
        self.outsider(user, template, even_actor);
        if let (Some(address), Some(recipient)) = (&ticket.reply_to, self.recipients.get_mut(before)) {
            self.taken.insert(address_key(address));
            recipient.address.clone_from(address);
        }
    }

    pub(super) fn person(&mut self, user: User, template: Name) {
        let Some(email) = user.email.clone() else { return };
        if self.actor.as_ref() != Some(&address_key(&email)) {
            self.add(Recipient { address: email, user: Some(user), template });
        }
    }

    pub(super) fn addresses(&mut self, template: Option<Name>, addresses: &[String]) {
        let Some(template) = template else { return };
        for address in addresses {
            if self.actor.as_ref() != Some(&address_key(address)) {
                self.add(Recipient { address: address.clone(), user: None, template });
            }
        }
    }

    fn add(&mut self, recipient: Recipient) {
        let usable = is_deliverable(&recipient.address) && !self.desk.directory.is_own(&recipient.address);
        if usable && self.taken.insert(address_key(&recipient.address)) {
            self.recipients.push(recipient);
        }
    }
}
