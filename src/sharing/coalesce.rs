//! Unsent updates of one ticket folded into one request.
//!
//! Only what never left may be folded: a request that was tried may have arrived.

use crate::sharing::limits;
use crate::sharing::wire::Ticket;

/// Bytes of a folded body; a request that grows beyond it would fail as a whole.
const BODY: usize = limits::BODY / 10;
/// Comments of a folded body.
const COMMENTS: usize = 50;

/// One request to a partner about one ticket that waits in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queued {
    Post(Ticket),
    Put(Ticket),
    Delete,
}

/// Folds `later` into `earlier`, neither of which was ever tried; none if both must go by themselves.
///
/// The later word counts, comments add up in order. A ticket that is shared anew is told whole, so nothing is
/// folded over an unshare.
pub fn fold(earlier: &Queued, later: &Queued) -> Option<Queued> {
    match (earlier, later) {
        (Queued::Put(earlier), Queued::Put(later)) => both(earlier, later).map(Queued::Put),
        (Queued::Post(earlier), Queued::Put(later)) => both(earlier, later).map(Queued::Post),
        _ => None,
    }
}

fn both(earlier: &Ticket, later: &Ticket) -> Option<Ticket> {
    let known = |id| earlier.comments.iter().any(|comment| comment.uuid == id);
    let mut comments = earlier.comments.clone();
    comments.extend(later.comments.iter().filter(|comment| !known(comment.uuid.clone())).cloned());
    let folded = Ticket {
        uuid: later.uuid.clone().or_else(|| earlier.uuid.clone()),
        subject: later.subject.clone().or_else(|| earlier.subject.clone()),
        requested_at: earlier.requested_at.or(later.requested_at),
        status: later.status.clone().or_else(|| earlier.status.clone()),
        requester: earlier.requester.clone().or_else(|| later.requester.clone()),
        comments,
        current_actor: later.current_actor.clone().or_else(|| earlier.current_actor.clone()),
        tags: later.tags.clone().or_else(|| earlier.tags.clone()),
        original_id: earlier.original_id.clone().or_else(|| later.original_id.clone()),
        custom_fields: later.custom_fields.clone().or_else(|| earlier.custom_fields.clone()),
        custom_status: later.custom_status.clone().or_else(|| earlier.custom_status.clone()),
    };
    (folded.comments.len() <= COMMENTS && folded.to_json().len() <= BODY).then_some(folded)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sharing::parse;
    use crate::sharing::token::WireId;

    fn ticket(body: &serde_json::Value) -> Ticket {
        parse::ticket(body.to_string().as_bytes(), &WireId::parse("t1").unwrap()).unwrap()
    }

    fn comments(ticket: &Ticket) -> Vec<&str> {
        ticket.comments.iter().map(|comment| comment.uuid.as_str()).collect()
    }

    #[test]
    fn two_updates_become_one_with_the_later_word_and_all_comments_in_order() {
        let earlier = ticket(&json!({"status": "solved", "tags": ["a"], "subject": "s",
            "comments": [{"uuid": "c1", "body": "1"}, {"uuid": "c2", "body": "2"}]}));
        let later = ticket(
            &json!({"status": "open", "comments": [{"uuid": "c2", "body": "2"}, {"uuid": "c3", "body": "3"}]}),
        );
        let Some(Queued::Put(folded)) = fold(&Queued::Put(earlier), &Queued::Put(later)) else { panic!() };
        assert_eq!(comments(&folded), ["c1", "c2", "c3"]);
        assert_eq!(folded.status.as_deref(), Some("open"));
        assert_eq!(folded.tags, Some(vec!["a".to_owned()]));
        assert_eq!(folded.subject.as_deref(), Some("s"));
    }

    #[test]
    fn an_update_joins_the_share_it_follows_but_never_crosses_an_unshare() {
        let update = Queued::Put(ticket(&json!({"status": "open"})));
        let share = Queued::Post(ticket(&json!({"status": "new", "subject": "s"})));
        assert!(
            matches!(fold(&share, &update), Some(Queued::Post(folded)) if folded.status.as_deref() == Some("open"))
        );
        for (earlier, later) in [
            (&Queued::Delete, &share),
            (&update, &Queued::Delete),
            (&update, &share),
            (&Queued::Delete, &update),
        ] {
            assert_eq!(fold(earlier, later), None);
        }
    }

    #[test]
    fn a_fold_that_grows_too_large_is_not_made() {
        let many =
            |from: usize| -> Vec<_> { (from..from + 30).map(|n| json!({"uuid": n, "body": "x"})).collect() };
        let earlier = Queued::Put(ticket(&json!({"comments": many(0)})));
        assert_eq!(fold(&earlier, &Queued::Put(ticket(&json!({"comments": many(30)})))), None);
        let large = json!({"comments": [{"uuid": "c", "body": "x".repeat(BODY)}]});
        assert_eq!(fold(&earlier, &Queued::Put(ticket(&large))), None);
    }
}
