//! What may go to a partner, and what of a partner's request counts.
//!
//! A partner is not trusted to keep to the terms: what they do not allow is taken out on both ways.

use serde::Deserialize;
use serde::Serialize;

use crate::clock::Timestamp;
use crate::sharing::Side;
use crate::sharing::Terms;
use crate::sharing::limits;
use crate::sharing::status::Local;
use crate::sharing::wire::Ticket;
use crate::ticket::entry::Visibility;

/// What an agreement does with private follow-ups that carry no mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notes {
    /// They stay at home: a note written in haste cannot be called back.
    #[default]
    Local,
    Shared,
}

impl Notes {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Shared => "shared",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Local, Self::Shared].into_iter().find(|notes| notes.as_str() == text)
    }
}

/// What the author of a follow-up said about the partner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    None,
    ToPartner,
}

/// Where a follow-up was written, as seen from one agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Here, or at another partner.
    Elsewhere,
    /// By this agreement's partner: it never goes back to him.
    ThisPartner,
}

/// A follow-up as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followup {
    pub visibility: Visibility,
    pub mark: Mark,
    pub origin: Origin,
}

/// Whether a request makes a ticket known or changes a known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    First,
    Later,
}

/// Why a ticket cannot be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotShareable {
    #[error("a closed ticket cannot be shared; reopen it first")]
    Closed,
    #[error("only the side that sent the invitation shares tickets under this agreement")]
    OtherSide,
}

/// How a follow-up goes to the partner, if it goes at all; `side` is the one that we are.
pub fn leaves(side: Side, terms: Terms, notes: Notes, followup: Followup) -> Option<Visibility> {
    if followup.origin == Origin::ThisPartner {
        return None;
    }
    match followup.visibility {
        Visibility::Public => Some(at_most(side, terms, Visibility::Public)),
        Visibility::Private if followup.mark == Mark::ToPartner || notes == Notes::Shared => {
            Some(Visibility::Private)
        }
        Visibility::Private => None,
    }
}

/// Takes out of a partner's request what the terms do not allow. `side` is the one that we are.
#[must_use]
pub fn incoming(side: Side, terms: Terms, request: Request, ticket: Ticket) -> Ticket {
    let mut ticket = keep_to(side.other(), terms, request, ticket);
    if request == Request::Later {
        // The requester of a shared ticket stays who he is.
        ticket.requester = None;
    }
    ticket
}

/// Takes out of our own request what the terms do not allow: the last gate before a partner.
#[must_use]
pub fn outgoing(side: Side, terms: Terms, request: Request, ticket: Ticket) -> Ticket {
    keep_to(side, terms, request, ticket)
}

/// Whether the status follows changes. Under partial delegation each side keeps its own.
pub(crate) fn status_travels(terms: Terms) -> bool {
    terms.public_comments
}

/// Whether a ticket in this state can be shared under an agreement on which we are `side`.
pub(crate) fn can_be_shared(side: Side, local: Local) -> Result<(), NotShareable> {
    match (side, local) {
        (Side::Receiver, _) => Err(NotShareable::OtherSide),
        (_, Local::Closed) => Err(NotShareable::Closed),
        _ => Ok(()),
    }
}

/// Whether automation may send one more update of a ticket; `sent` are the moments of those it sent.
///
/// People are never held up by this.
pub(crate) fn automation_may_send(sent: &[Timestamp], now: Timestamp) -> bool {
    sent.iter().filter(|at| now.since(**at) < limits::AUTOMATIC_WINDOW).count() < limits::AUTOMATIC_UPDATES
}

/// What `author`, the side that wrote the request, may say under these terms.
fn keep_to(author: Side, terms: Terms, request: Request, mut ticket: Ticket) -> Ticket {
    if !terms.sync_tags {
        ticket.tags = None;
    }
    if !terms.sync_custom_fields {
        ticket.custom_fields = None;
    }
    if request == Request::Later && !status_travels(terms) {
        ticket.status = None;
        ticket.custom_status = None;
    }
    for comment in &mut ticket.comments {
        comment.visibility = at_most(author, terms, comment.visibility);
        if !terms.sync_custom_fields {
            comment.custom_fields = None;
        }
    }
    ticket
}

/// Partial delegation: the receiver's words are for the sender's agents only.
fn at_most(author: Side, terms: Terms, visibility: Visibility) -> Visibility {
    if author == Side::Receiver && !terms.public_comments { Visibility::Private } else { visibility }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::sharing::parse;
    use crate::sharing::token::WireId;

    const FULL: Terms = Terms { sync_tags: true, sync_custom_fields: true, public_comments: true };
    const PARTIAL: Terms = Terms { sync_tags: false, sync_custom_fields: false, public_comments: false };

    fn followup(visibility: Visibility, mark: Mark, origin: Origin) -> Followup {
        Followup { visibility, mark, origin }
    }

    fn ticket() -> Ticket {
        let body = json!({
            "uuid": "t1", "status": "solved", "custom_status": "Parts", "tags": ["a"], "custom_fields": {"x": 1},
            "requester": {"uuid": "u", "name": "Joe"},
            "comments": [{"uuid": "c1", "body": "hi", "public": true, "custom_fields": {"y": 2}}],
        });
        parse::ticket(body.to_string().as_bytes(), &WireId::parse("t1").unwrap()).unwrap()
    }

    #[test]
    fn a_private_note_stays_at_home_unless_it_is_marked_or_the_agreement_shares_notes() {
        use Visibility::Private;
        let note = |mark| followup(Private, mark, Origin::Elsewhere);
        for side in [Side::Sender, Side::Receiver] {
            for terms in [FULL, PARTIAL] {
                assert_eq!(leaves(side, terms, Notes::Local, note(Mark::None)), None);
                assert_eq!(leaves(side, terms, Notes::Local, note(Mark::ToPartner)), Some(Private));
                assert_eq!(leaves(side, terms, Notes::Shared, note(Mark::None)), Some(Private));
            }
        }
    }

    #[test]
    fn a_public_reply_is_public_unless_a_receiver_answers_under_partial_delegation() {
        use Visibility::Private;
        use Visibility::Public;
        let reply = followup(Public, Mark::None, Origin::Elsewhere);
        for (side, terms, expected) in [
            (Side::Sender, FULL, Public),
            (Side::Sender, PARTIAL, Public),
            (Side::Receiver, FULL, Public),
            (Side::Receiver, PARTIAL, Private),
        ] {
            assert_eq!(leaves(side, terms, Notes::Local, reply), Some(expected), "{side} {terms:?}");
        }
    }

    #[test]
    fn what_came_from_a_partner_never_goes_back_to_him() {
        for visibility in [Visibility::Public, Visibility::Private] {
            let theirs = followup(visibility, Mark::ToPartner, Origin::ThisPartner);
            assert_eq!(leaves(Side::Sender, FULL, Notes::Shared, theirs), None);
        }
    }

    #[test]
    fn a_partner_who_does_not_keep_to_the_terms_is_cut_down_to_them() {
        let cut = incoming(Side::Sender, PARTIAL, Request::Later, ticket());
        assert_eq!((cut.tags, cut.custom_fields, cut.status, cut.custom_status), (None, None, None, None));
        assert_eq!(cut.comments[0].visibility, Visibility::Private);
        assert_eq!(cut.comments[0].custom_fields, None);

        let whole = incoming(Side::Sender, FULL, Request::Later, ticket());
        assert_eq!(whole.requester, None, "the requester cannot be changed");
        assert_eq!(Ticket { requester: ticket().requester, ..whole }, ticket());
    }

    #[test]
    fn the_senders_words_stay_public_and_a_new_ticket_says_its_state() {
        let first = incoming(Side::Receiver, PARTIAL, Request::First, ticket());
        assert_eq!(first.comments[0].visibility, Visibility::Public);
        assert_eq!(first.status.as_deref(), Some("solved"));
        assert!(first.requester.is_some());
    }

    #[test]
    fn our_own_request_passes_the_same_gate() {
        let sent = outgoing(Side::Receiver, PARTIAL, Request::Later, ticket());
        assert_eq!((sent.tags, sent.status), (None, None));
        assert_eq!(sent.comments[0].visibility, Visibility::Private);
    }

    #[test]
    fn closed_tickets_and_the_receivers_side_do_not_share() {
        assert_eq!(can_be_shared(Side::Sender, Local::Resolved), Ok(()));
        assert_eq!(can_be_shared(Side::Sender, Local::Closed), Err(NotShareable::Closed));
        assert_eq!(can_be_shared(Side::Receiver, Local::Open), Err(NotShareable::OtherSide));
    }

    #[test]
    fn two_automations_that_answer_each_other_are_stopped() {
        let start = Timestamp::from_seconds(1_000_000);
        let sent: Vec<_> = (0..20).map(|n| start.plus(Duration::from_secs(n))).collect();
        let soon = start.plus(Duration::from_mins(1));
        assert!(automation_may_send(&sent[1..], soon));
        assert!(!automation_may_send(&sent, soon));
        assert!(automation_may_send(&sent, start.plus(limits::AUTOMATIC_WINDOW)));
    }
}
