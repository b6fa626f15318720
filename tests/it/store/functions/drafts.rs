//! Drafts, and who answered before an agent knew of it.

use helpdeskd::store::db::Tx;
use helpdeskd::store::drafts::NewDraft;
use helpdeskd::store::followups::NewFollowup;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::draft::DraftKind;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::DraftId;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::status::Status;

use super::Calls;
use super::LATER;
use super::NOW;
use super::ann;
use super::call;
use super::ticket;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let ann = ann(tx).await;
    let (first, other) = (ticket(tx, calls, "uuid-d1", &ann).await, ticket(tx, calls, "uuid-d2", &ann).await);
    let entry = NewFollowup {
        uuid: "uuid-d3",
        ticket_id: first.id,
        author_id: Some(ann.id),
        door: "mail",
        kind: EntryKind::Comment,
        visibility: Visibility::Public,
        text: "It burns.",
        new_text: None,
        html: None,
        new_status: None,
        inbox_id: None,
        message_id: Some("d@b"),
        created_at: NOW,
        authentication: Some(Authentication::Pass),
        writer: None,
    };
    let entry = call!(calls, followups::insert(tx, &entry));
    let new = NewDraft {
        owner_id: ann.id,
        ticket_id: first.id,
        kind: DraftKind::Answer,
        body: "Use sand.",
        status: Some(Status::Resolved),
        entry_id: Some(entry),
        send_at: None,
    };
    let id = call!(calls, drafts::insert(tx, &new, NOW));
    let bare = NewDraft { kind: DraftKind::Note, status: None, entry_id: None, send_at: Some(LATER), ..new };
    let second = call!(calls, drafts::insert(tx, &bare, NOW));
    assert_eq!(call!(calls, drafts::find(tx, id)).expect("it is there").status, Some(Status::Resolved));
    assert_eq!(call!(calls, drafts::list_of_owner(tx, first.id, ann.id)).len(), 2);
    assert_eq!(call!(calls, drafts::list_of_owner(tx, first.id, UserId(99))).len(), 0);
    assert_eq!(call!(calls, drafts::list(tx, DraftId(0), 1)).len(), 1);
    assert_eq!(call!(calls, drafts::list(tx, id, 9))[0].id, second);
    assert!(call!(calls, drafts::keeps(tx, entry)));
    assert!(!call!(calls, drafts::keeps(tx, FollowupId(0))));
    call!(calls, drafts::repoint(tx, first.id, other.id));
    assert_eq!(call!(calls, drafts::list_of_owner(tx, other.id, ann.id)).len(), 2);
    assert!(call!(calls, drafts::delete(tx, id)));
    assert!(!call!(calls, drafts::delete(tx, id)), "once");
    assert_eq!(call!(calls, followups::collisions::find_by_message_id(tx, first.id, "d@b")), Some(entry));
    assert_eq!(call!(calls, followups::collisions::find_by_message_id(tx, other.id, "d@b")), None);
    assert_eq!(call!(calls, followups::collisions::find_shown(tx, 987_654)), None, "no mail has that number");
    let nobody = call!(
        calls,
        followups::collisions::find_answer_of_another(tx, first.id, UserId(99), FollowupId(0), NOW)
    );
    assert!(nobody.is_none(), "she is no agent");
    assert!(call!(calls, drafts::delete(tx, second)));
    assert!(call!(calls, tickets::delete(tx, TicketId(first.id.0))));
}
