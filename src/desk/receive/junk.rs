//! `#spam` in an agent's mail: the ticket that it answers goes, and the agent is told how to take that back.
//!
//! Nothing else of such a mail is done: there is no ticket any more to which it could be.

use std::fmt::Write;

use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::alert;
use crate::desk::alert::Told;
use crate::desk::locale;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::route;
use crate::desk::route::Hit;
use crate::desk::spam;
use crate::desk::spam::Marked;
use crate::desk::spam::Sender;
use crate::desk::trace::Trace;
use crate::mail::journal::Became;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::command::Command;
use crate::ticket::command::Orders;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// The journal's reason for a mail that said that a ticket was spam, and what the outbox calls the answer to it.
pub(super) const REASON: &str = "spam-said";

impl Case<'_> {
    /// Whether a filter calls it spam, on a ticket of which its author got no mail from us. Whoever did is believed more
    /// than the filter.
    pub(super) async fn is_spam_on(&self, tx: &mut Tx, hit: Option<&Hit>) -> Result<bool, DeskError> {
        let Some(hit) = hit.filter(|_| self.verdict.suspend == Some(spam::REASON)) else { return Ok(false) };
        let Some(author) = &self.author else { return Ok(true) };
        if author.is_active_staff() {
            let tokens = route::tokens(self.desk, tx, &self.keys, hit.ticket.id).await?;
            return Ok(!tokens.iter().any(|token| author.keys().contains(&token.recipient)));
        }
        Ok(!route::has_own_token(self.desk, tx, &self.keys, &hit.ticket, author).await?)
    }

    /// Whether the mail says that its ticket is spam, and nothing else.
    pub(super) fn calls_spam(&self, orders: &Orders) -> Option<Sender> {
        match orders.orders.as_slice() {
            [order] if !self.says_something(&orders.text) => match order.asks {
                Ok(Command::Spam { ignore: true }) => Some(Sender::Ignored),
                Ok(Command::Spam { ignore: false }) => Some(Sender::Heard),
                _ => None,
            },
            _ => None,
        }
    }

    /// Takes the ticket for spam, and tells the agent.
    pub(super) async fn call_spam(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        author: &User,
        sender: Sender,
        trace: &mut Trace,
    ) -> Result<Done, DeskError> {
        let actor = Actor::author(Some(author.clone()));
        let marked = spam::mark(self.desk, tx, &actor, ticket.id, sender, self.now).await?;
        trace.note("spam", format!("ticket {} is gone, its mails are suspended", ticket.id));
        if let Some(address) = &author.email {
            let queue = self.desk.directory.queue(ticket.queue_id).map_or(self.queue, |queue| queue);
            let locale = locale::of_reader(self.desk, queue, Some(author), None);
            let says = |sentence: Sentence| self.desk.templates.sentence(&locale, &sentence);
            let title = says(Sentence::new("note.spam_title").with("tag", &ticket.tag(&queue.config.slug)));
            let told = Told {
                event: REASON,
                queue,
                address,
                user_id: Some(author.id),
                about: None,
                locale: &locale,
                title: &title,
                text: &told(&marked, says),
            };
            alert::notification(self.desk, tx, &told, self.now).await?;
        }
        let trace = std::mem::take(trace);
        Ok(Done { outcome: Became::Ignored, reason: Some(REASON.to_owned()), ticket_id: None, trace })
    }
}

/// What is gone, and how it comes back.
fn told(marked: &Marked, says: impl Fn(Sentence) -> String) -> String {
    let back = marked.messages.iter().map(ToString::to_string).chain(marked.ignored.clone());
    let back = back.collect::<Vec<_>>().join(" ");
    let mut text = format!("{}\n\n#nospam {back}\n\n", says(Sentence::new("note.spam_gone")));
    for id in &marked.messages {
        let _ = writeln!(text, "helpdeskd suspended release {id}");
    }
    if let Some(ignored) = &marked.ignored {
        let ignores = says(Sentence::new("note.spam_ignored").with("address", ignored));
        let _ = writeln!(text, "\n{ignores}\nhelpdeskd ignore remove {ignored}");
    }
    text
}
