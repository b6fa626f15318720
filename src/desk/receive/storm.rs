//! Storms: the same request from the same sender again and again becomes one ticket, on which each is an entry.
//!
//! The same means the same subject and the same text: a monitor that has ten different things to say says them.

use std::fmt::Write;

use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::event;
use crate::desk::load;
use crate::desk::locale;
use crate::desk::open;
use crate::desk::prepared::Prepared;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::table;
use crate::desk::trace::Trace;
use crate::mail::journal::Became;
use crate::mail::thread;
use crate::store;
use crate::store::db::Tx;
use crate::store::storms::Storm;
use crate::template::sentence::Sentence;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;

/// Within which the same request so often is a storm.
const WITHIN: i64 = 10 * Timestamp::MINUTE;

/// Tickets of one sender that are looked at, at the least: some have other subjects.
const LOOKED_AT: usize = 50;

/// What came lately from one sender with one subject.
struct Lately {
    count: usize,
    ticket_id: TicketId,
}

impl Case<'_> {
    /// Opens a ticket, unless this is one more of a storm.
    pub(super) async fn open_or_fold(&mut self, tx: &mut Tx, mut trace: Trace) -> Result<Done, DeskError> {
        // Who is not known yet has opened nothing.
        let Some(author) = self.author.clone() else { return self.open(tx, None, trace).await };
        let sender_key = author.key();
        let at = self.received.received_at;
        let opened = self.opened_lately(tx, &author, at).await?;
        // What was counted before is looked for only where something was opened before as well.
        let Some(opened) = opened else { return self.open(tx, None, trace).await };
        let subject_key = Sha256::digest(self.storm_subject()).to_vec();
        let known = store::storms::find(tx, self.queue.id, &sender_key, &subject_key).await?;
        let mut counted = known.as_ref().map(|storm| read(&storm.arrivals)).unwrap_or_default();
        counted.retain(|&earlier| (at.0 - earlier).abs() < WITHIN);
        let most = self.desk.config.caps.storm_mails;
        if opened.count + counted.len() + 1 < most {
            return self.open(tx, None, trace).await;
        }
        let (ticket_id, folded) = match known.filter(|_| !counted.is_empty()) {
            Some(storm) => (storm.ticket_id.unwrap_or(opened.ticket_id), storm.folded),
            None => (opened.ticket_id, 0),
        };
        counted.push(at.0);
        counted.drain(..counted.len().saturating_sub(most));
        trace.note(
            "storm",
            format!("the same sender wrote the same {most} times or more; see ticket {ticket_id}"),
        );
        let storm = Storm {
            queue_id: self.queue.id,
            sender_key,
            subject_key,
            ticket_id: Some(ticket_id),
            arrivals: write(&counted),
            folded: folded + 1,
            changed_at: self.now,
        };
        store::storms::upsert(tx, &storm).await?;
        if storm.folded == 1 {
            self.note_storm(tx, ticket_id).await?;
        }
        self.fold(tx, ticket_id, trace).await
    }

    /// Keeps one more of the same where staff find it.
    async fn fold(&self, tx: &mut Tx, id: TicketId, trace: Trace) -> Result<Done, DeskError> {
        let ticket = load(tx, id).await?;
        let mut action = Action::on(&Actor::author(self.author.clone()), ticket);
        let written = self.keep_entry(tx, &mut action, EntryKind::Machine, Kind::EntryPrivate).await?;
        action.tell(self.news(table::Event::Kept, written, self.storm_told()));
        let id = event::record(self.desk, tx, action, self.now).await?.id;
        self.remember(tx, id).await?;
        Ok(Done { outcome: Became::Followup, reason: Some("storm".to_owned()), ticket_id: Some(id), trace })
    }

    /// The sender's tickets with this subject and text: how many are new, and the first of them, else the newest.
    /// None where there is none at all.
    async fn opened_lately(
        &self,
        tx: &mut Tx,
        author: &User,
        at: Timestamp,
    ) -> Result<Option<Lately>, sqlx::Error> {
        let subject = self.base_subject();
        let looked_at = LOOKED_AT.max(2 * self.desk.config.caps.storm_mails);
        let looked_at = i64::try_from(looked_at).unwrap_or(i64::MAX);
        let mut tickets = store::storms::opened(tx, self.queue.id, author.id, looked_at).await?;
        let proven = self.is_proven();
        tickets.retain(|ticket| {
            thread::base_subject(&ticket.subject) == subject
                && (ticket.authentication == Authentication::Pass) == proven
        });
        let Some(newest) = tickets.first().map(|ticket| ticket.id) else { return Ok(None) };
        tickets.retain(|ticket| (at.0 - ticket.created_at.0).abs() < WITHIN);
        let (mut count, mut ticket_id, text) = (0, newest, self.storm_text());
        for ticket in &tickets {
            let opened = store::followups::find_opening_text(tx, ticket.id).await?.unwrap_or_default();
            if squeezed(&opened) == text {
                (count, ticket_id) = (count + 1, ticket.id);
            }
        }
        Ok(Some(Lately { count, ticket_id }))
    }

    /// As it is stored, so that both can be compared.
    fn base_subject(&self) -> String {
        thread::base_subject(&open::subject(&self.mail.subject))
    }

    fn is_proven(&self) -> bool {
        self.authentication == Authentication::Pass
    }

    /// What forgers send in somebody's name is counted apart.
    fn storm_subject(&self) -> String {
        let mark = if self.is_proven() { "" } else { "\0unproven" };
        self.base_subject() + mark + "\0" + &self.storm_text()
    }

    /// As it is stored.
    fn storm_text(&self) -> String {
        squeezed(&self.whole.as_ref().unwrap_or(&self.words).text)
    }

    fn storm_told(&self) -> Sentence {
        let most = &self.desk.config.caps.storm_mails;
        Sentence::new("note.storm").with("most", most).with("minutes", &(WITHIN / Timestamp::MINUTE))
    }

    async fn note_storm(&self, tx: &mut Tx, id: TicketId) -> Result<(), DeskError> {
        let locale = locale::of_reader(self.desk, self.queue, None, None);
        let words = Prepared::plain(self.desk.templates.sentence(&locale, &self.storm_told()));
        let entry = Entry {
            kind: EntryKind::Storm,
            visibility: Visibility::Private,
            words: &words,
            new_status: None,
            origin: None,
        };
        entry::write(self.desk, tx, (id, &Actor::desk()), &entry, self.now).await?;
        Ok(())
    }
}

/// Without the blanks, which programs on the way change.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn read(arrivals: &str) -> Vec<i64> {
    arrivals.split(',').filter_map(|text| text.parse().ok()).collect()
}

fn write(arrivals: &[i64]) -> String {
    let mut text = String::new();
    for at in arrivals {
        let comma = if text.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}{at}");
    }
    text
}
