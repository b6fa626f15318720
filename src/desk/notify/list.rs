//! The recipients of one announcement, collected role by role.
//!
//! Which roles there are says `table`; who stands in them for outsiders is asked for in `notify`.

use std::collections::HashSet;

use crate::desk::Desk;
use crate::desk::agents;
use crate::desk::directory::Queue;
use crate::desk::notify::announcement::Announcement;
use crate::desk::notify::announcement::Recipient;
use crate::desk::table::By;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::template::name::Name;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Collects recipients: each address once, by the first role that fits, and never the actor or ourselves.
pub(super) struct List<'a> {
    desk: &'a Desk,
    taken: HashSet<String>,
    /// All addresses of whoever did it.
    actor: Vec<String>,
    by: By,
    /// Whether somebody of the staff hears of it, or did it.
    pub(super) is_heard: bool,
    /// Addresses that had the mail itself.
    already: &'a [String],
    pub(super) recipients: Vec<Recipient>,
}

impl<'a> List<'a> {
    pub(super) fn new(desk: &'a Desk, announcement: &Announcement<'a>, by: By) -> Self {
        let actor = announcement.actor.user().map(User::keys).filter(|keys| !keys.is_empty());
        let origin = announcement.news.origin.as_ref();
        let author = origin.and_then(|origin| origin.author.clone());
        let already = origin.map_or(&[][..], |origin| &origin.recipients);
        // What could not be delivered to an address is not told to that address.
        let failed = announcement.news.returned.as_ref().map(|mail| Email::key_of(&mail.recipient));
        let (taken, recipients) = (failed.into_iter().collect(), Vec::new());
        Self {
            desk,
            taken,
            actor: actor.or(author.map(|author| vec![author])).unwrap_or_default(),
            by,
            is_heard: false,
            already,
            recipients,
        }
    }

    pub(super) fn exclude<'u>(&mut self, users: impl Iterator<Item = &'u User>) {
        self.taken.extend(users.flat_map(User::keys));
    }

    /// Whoever has one of these addresses hears of it in another way.
    pub(super) fn exclude_addresses<'u>(&mut self, addresses: impl Iterator<Item = &'u String>) {
        self.taken.extend(addresses.map(|address| Email::key_of(address)));
    }

    /// A submitter or CC; `even_actor` for the acknowledgement of his own act.
    pub(super) fn outsider(&mut self, user: &User, template: Name, even_actor: bool) {
        let Some(email) = user.email.clone() else { return };
        let is_actor = self.actor.contains(&Email::key_of(&email));
        let had_it = || user.keys().iter().any(|key| self.already.contains(key));
        if (is_actor && !even_actor) || (!is_actor && had_it()) {
            return;
        }
        self.add(Recipient { address: email, user: Some(user.clone()), template });
    }

    /// The submitter, at the address where he wants answers.
    pub(super) fn submitter(&mut self, ticket: &Ticket, user: &User, template: Name, even_actor: bool) {
        let before = self.recipients.len();
        self.outsider(user, template, even_actor);
        if let (Some(address), Some(recipient)) = (&ticket.reply_to, self.recipients.get_mut(before)) {
            self.taken.insert(Email::key_of(address));
            recipient.address.clone_from(address);
        }
    }

    /// The owner and the lists, and where none of them hears of what needs an agent, every agent of the queue; and of
    /// words, whoever answered before.
    pub(super) async fn staff_of(
        &mut self,
        tx: &mut Tx,
        ticket: &Ticket,
        queue: &Queue,
        announcement: &Announcement<'_>,
    ) -> Result<(), sqlx::Error> {
        let (event, row) = (announcement.news.event, announcement.news.event.row());
        let author = match announcement.news.returned.as_ref().and_then(|mail| mail.followup_id) {
            Some(id) => store::followups::find_author(tx, id).await?,
            None => None,
        };
        for id in [author, ticket.owner_id].into_iter().flatten() {
            let user = store::users::find(tx, id).await?.filter(User::is_active_staff);
            if let (Some(template), Some(user)) = (row.owner, user) {
                let is_new = announcement.new_owner == Some(id);
                self.person(user, if is_new { Name::AssignedOwner } else { template });
            }
            if self.is_heard && event.is_for_one() {
                return Ok(());
            }
        }
        if let (Some(template), Some(id)) = (row.updated_cc, announcement.news.answered_before)
            && let Some(user) = store::users::find(tx, id).await?.filter(User::is_active_staff)
        {
            self.person(user, template);
        }
        self.addresses(row.new_cc, &queue.config.new_ticket_cc);
        self.addresses(row.updated_cc, &queue.config.updated_ticket_cc);
        if let Some(template) = row.agents()
            && event.needs_agent(self.by)
            && !self.is_heard
        {
            for user in agents::of_queue(tx, &queue.config).await? {
                self.person(user, template);
            }
        }
        if let Some(template) = row.updated_cc
            && event.is_word()
            && event.needs_agent(self.by)
        {
            // Last, as they alone are not enough: nobody asked them to see to it.
            for user in store::users::list_answerers(tx, ticket.id).await? {
                self.person(user, template);
            }
        }
        Ok(())
    }

    pub(super) fn person(&mut self, user: User, template: Name) {
        let Some(address) = user.email.clone() else { return };
        self.staff(Recipient { address, user: Some(user), template });
    }

    pub(super) fn addresses(&mut self, template: Option<Name>, addresses: &[String]) {
        let Some(template) = template else { return };
        for address in addresses {
            self.staff(Recipient { address: address.clone(), user: None, template });
        }
    }

    fn staff(&mut self, recipient: Recipient) {
        let key = Email::key_of(&recipient.address);
        if self.actor.contains(&key) {
            // An agent knows what he did; who only has his address does not speak for him.
            self.is_heard |= self.by == By::Agent;
            return;
        }
        self.add(recipient);
        self.is_heard |= self.recipients.iter().any(|known| {
            Email::key_of(&known.address) == key
                || known.user.as_ref().is_some_and(|user| user.has_address(&key))
        });
    }

    fn add(&mut self, recipient: Recipient) {
        let usable =
            Email::of(&recipient.address).is_deliverable() && !self.desk.directory.is_own(&recipient.address);
        if usable && self.taken.insert(Email::key_of(&recipient.address)) {
            self.taken.extend(recipient.user.iter().flat_map(User::keys));
            self.recipients.push(recipient);
        }
    }
}
