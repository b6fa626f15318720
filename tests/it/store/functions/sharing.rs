//! What is kept of partners: agreements, shared tickets, requests, files.

use helpdeskd::sharing::Side;
use helpdeskd::sharing::agreement_status::Status;
use helpdeskd::sharing::base::Base;
use helpdeskd::sharing::policy::Notes;
use helpdeskd::sharing::stored::ActorRole;
use helpdeskd::sharing::stored::CommentOrigin;
use helpdeskd::sharing::stored::FileState;
use helpdeskd::sharing::stored::RequestKind;
use helpdeskd::sharing::stored::RequestState;
use helpdeskd::sharing::token::AccessKey;
use helpdeskd::sharing::token::WireId;
use helpdeskd::store::agreement_events::AgreementEvent;
use helpdeskd::store::agreements::Agreement;
use helpdeskd::store::attachment_links::AttachmentLink;
use helpdeskd::store::db::Tx;
use helpdeskd::store::partner_files;
use helpdeskd::store::partner_files::NewFile;
use helpdeskd::store::partner_outbox;
use helpdeskd::store::partner_outbox::NewRequest;
use helpdeskd::store::partner_outbox::Settlement;
use helpdeskd::store::shared_actors::SharedActor;
use helpdeskd::store::shared_comments::SharedComment;
use helpdeskd::store::shared_tickets::SharedTicket;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::holder::Holder;
use helpdeskd::ticket::id::AgreementId;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::id::RequestId;
use helpdeskd::ticket::id::ShareId;
use helpdeskd::ticket::life::Ticket;

use super::Calls;
use super::LATER;
use super::MUCH_LATER;
use super::NOW;
use super::ann;
use super::call;
use super::ticket;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let ann = ann(tx).await;
    let ticket = ticket(tx, calls, "uuid-shared", &ann).await;
    let agreement = agreements(tx, calls).await;
    let followup = entry(tx, calls, &ticket).await;
    let share = shares(tx, calls, (&agreement, &ticket), followup).await;
    actors(tx, calls, &agreement).await;
    requests(tx, calls, (&agreement, &share)).await;
    files(tx, calls, (&agreement, &share), followup).await;
}

fn id(text: &str) -> WireId {
    WireId::parse(text).expect("it is an id")
}

fn new(uuid: &str, side: Side) -> Agreement {
    Agreement {
        id: AgreementId(0),
        uuid: id(uuid),
        side,
        status: Status::Pending,
        access_key: AccessKey::parse("key").expect("it is a key"),
        sender_url: Base::parse("https://a.example/s").expect("it is a base"),
        receiver_url: Base::parse("https://b.example/s").expect("it is a base"),
        our_name: "Ours".to_owned(),
        partner_name: "Theirs".to_owned(),
        sync_tags: true,
        sync_custom_fields: false,
        public_comments: true,
        queue_id: None,
        notes: Notes::Local,
        status_map: "{}".to_owned(),
        origin: Some("192.0.2.1".to_owned()),
        deactivated_by: None,
        broken_at: None,
        trouble: None,
        failing_since: None,
        created_at: NOW,
        changed_at: NOW,
    }
}

async fn agreements(tx: &mut Tx, calls: &mut Calls) -> Agreement {
    let made = call!(calls, agreements::insert(tx, &new("a", Side::Sender))).expect("it is new");
    assert!(call!(calls, agreements::insert(tx, &new("a", Side::Receiver))).is_none(), "the id is taken");
    call!(calls, agreements::insert(tx, &new("b", Side::Receiver)));
    assert_eq!(call!(calls, agreements::count_invitations(tx, "192.0.2.1")), (1, 1));
    assert_eq!(call!(calls, agreements::count_invitations(tx, "192.0.2.2")), (1, 0));
    assert_eq!(call!(calls, agreements::delete_expired(tx, MUCH_LATER)), 1, "our own invitations stay");
    let accepted = Agreement {
        status: Status::Accepted,
        queue_id: Some(QueueId(1)),
        deactivated_by: Some(Side::Sender),
        ..made.clone()
    };
    call!(calls, agreements::update(tx, &accepted, LATER));
    call!(calls, agreements::set_failing(tx, made.id, Some(LATER)));
    call!(calls, agreements::set_failing(tx, made.id, None));
    assert!(call!(calls, agreements::find_by_uuid(tx, &id("A"))).is_none(), "compared exactly");
    assert_eq!(call!(calls, agreements::find_by_uuid(tx, &id("a"))).expect("it is there").id, made.id);
    assert_eq!(call!(calls, agreements::lock(tx, &id("a"))).expect("it is there").id, made.id);
    assert_eq!(call!(calls, agreements::list(tx)).len(), 1);
    let event = AgreementEvent {
        agreement_id: made.id,
        door: "cli".to_owned(),
        actor: None,
        event: "invited".to_owned(),
        detail: Some("x".to_owned()),
        at: NOW,
    };
    call!(calls, agreement_events::insert(tx, &event));
    assert_eq!(call!(calls, agreement_events::list(tx, made.id, 10)).len(), 1);
    call!(calls, agreements::find(tx, made.id)).expect("it is there")
}

async fn entry(tx: &mut Tx, calls: &mut Calls, ticket: &Ticket) -> FollowupId {
    let new = helpdeskd::store::followups::NewFollowup {
        uuid: "entry-shared",
        ticket_id: ticket.id,
        author_id: None,
        door: "cli",
        kind: EntryKind::Comment,
        visibility: Visibility::Public,
        text: "hi",
        new_text: None,
        html: None,
        new_status: None,
        inbox_id: None,
        message_id: None,
        created_at: NOW,
        authentication: Some(Authentication::Pass),
        writer: None,
    };
    assert_eq!(call!(calls, followups::newest(tx, ticket.id)), FollowupId(0));
    let written = call!(calls, followups::insert(tx, &new));
    assert_eq!(call!(calls, followups::newest(tx, ticket.id)), written);
    assert_eq!(call!(calls, followups::list_after(tx, ticket.id, FollowupId(0))).len(), 1);
    assert_eq!(call!(calls, followups::list_after(tx, ticket.id, written)).len(), 0);
    assert!(call!(calls, followups::find(tx, written)).is_some());
    assert!(!call!(calls, followups::confirm(tx, written)), "it waits for nobody");
    assert!(call!(calls, followups::find_waiting(tx, ticket.id, Some(written))).is_none());
    assert!(call!(calls, followups::find_waiting(tx, ticket.id, None)).is_none());
    call!(
        calls,
        followups::accept(
            tx,
            FollowupId(999),
            helpdeskd::ticket::id::UserId(1),
            Some(helpdeskd::ticket::status::Status::Reopened)
        )
    );
    call!(calls, followups::accept(tx, FollowupId(999), helpdeskd::ticket::id::UserId(1), None));
    written
}

async fn shares(
    tx: &mut Tx,
    calls: &mut Calls,
    (agreement, ticket): (&Agreement, &Ticket),
    followup: FollowupId,
) -> SharedTicket {
    let share = call!(calls, shared_tickets::insert(tx, agreement.id, &id("t"), NOW)).expect("it is new");
    assert!(call!(calls, shared_tickets::insert(tx, agreement.id, &id("t"), NOW)).is_none());
    assert!(!call!(calls, shared_tickets::exists_elsewhere(tx, agreement.id, &id("t"))));
    assert!(call!(calls, shared_tickets::exists_elsewhere(tx, AgreementId(0), &id("t"))));
    let known = SharedTicket {
        ticket_id: Some(ticket.id),
        original_id: Some("12".to_owned()),
        last_followup_id: followup,
        ..share
    };
    call!(calls, shared_tickets::update(tx, &known, LATER));
    assert!(call!(calls, shared_tickets::find_by_uuid(tx, AgreementId(0), &id("t"))).is_none());
    assert!(call!(calls, shared_tickets::find_by_uuid(tx, agreement.id, &id("t"))).is_some());
    assert_eq!(call!(calls, shared_tickets::list(tx, ticket.id)).len(), 1);
    assert_eq!(call!(calls, shared_tickets::list_live(tx, ticket.id)).len(), 1);
    assert_eq!(call!(calls, shared_tickets::count_shared(tx, agreement.id)), 1);
    assert_eq!(call!(calls, shared_tickets::list_held(tx, agreement.id)).len(), 0);
    let mut held = ticket.clone();
    held.hold(Holder::Partner("a".to_owned()), NOW);
    assert!(call!(calls, tickets::update(tx, &held, NOW)));
    assert_eq!(call!(calls, shared_tickets::list_held(tx, agreement.id)), [ticket.id]);
    let comment = SharedComment {
        shared_ticket_id: known.id,
        uuid: id("c"),
        followup_id: followup,
        origin: CommentOrigin::Ours,
    };
    assert!(!call!(calls, shared_comments::exists(tx, known.id, &id("c"))));
    call!(calls, shared_comments::insert(tx, &comment));
    call!(calls, shared_comments::insert(tx, &comment));
    assert!(call!(calls, shared_comments::exists(tx, known.id, &id("c"))));
    assert_eq!(call!(calls, shared_comments::list_of_followup(tx, followup)).len(), 1);
    assert_eq!(call!(calls, shared_comments::list(tx, known.id)).len(), 1);
    call!(calls, shared_tickets::find(tx, known.id)).expect("it is there")
}

async fn actors(tx: &mut Tx, calls: &mut Calls, agreement: &Agreement) {
    let ann = ann(tx).await;
    let actor =
        SharedActor { agreement_id: agreement.id, uuid: id("p"), user_id: ann.id, role: ActorRole::Customer };
    call!(calls, shared_actors::insert(tx, &actor, NOW));
    let agent = SharedActor { role: ActorRole::Agent, ..actor };
    call!(calls, shared_actors::set_role(tx, &agent));
    assert!(call!(calls, shared_actors::find(tx, agreement.id, &id("q"))).is_none());
    assert_eq!(
        call!(calls, shared_actors::find(tx, agreement.id, &id("p"))).expect("it is known").role,
        ActorRole::Agent
    );
    assert_eq!(call!(calls, shared_actors::find_by_user(tx, ann.id)).expect("it is known").uuid, id("p"));
    call!(calls, users::rename(tx, ann.id, "Anna"));
}

async fn requests(tx: &mut Tx, calls: &mut Calls, (agreement, share): (&Agreement, &SharedTicket)) {
    let about = |share: Option<ShareId>, about: RequestKind| NewRequest {
        agreement_id: agreement.id,
        shared_ticket_id: share,
        about,
        body: "{}",
        automatic: true,
        due_at: NOW,
    };
    assert!(!partner_outbox::LEASES.is_due(tx, LATER).await.expect("it is read"));
    let first = call!(calls, partner_outbox::insert(tx, &about(Some(share.id), RequestKind::Share), NOW));
    let second = call!(calls, partner_outbox::insert(tx, &about(Some(share.id), RequestKind::Update), NOW));
    let end = call!(calls, partner_outbox::insert(tx, &about(None, RequestKind::Deactivation), NOW));
    assert!(partner_outbox::LEASES.is_due(tx, LATER).await.expect("it is read"));
    assert_eq!(call!(calls, partner_outbox::newest(tx, share.id)).expect("there is one").id, second);
    assert!(call!(calls, partner_outbox::fold(tx, second, "{\"a\":1}", false)));
    assert_eq!(
        call!(calls, partner_outbox::list_automatic(tx, share.id, NOW)).len(),
        1,
        "a person said more"
    );
    let claimed = call!(calls, partner_outbox::claim(tx, LATER, MUCH_LATER, 4)).expect("one is due");
    assert_eq!((claimed.id, claimed.attempts, claimed.first_tried_at), (first, 1, Some(LATER)));
    assert!(
        call!(calls, partner_outbox::claim(tx, LATER, MUCH_LATER, 4)).is_none(),
        "the others wait for it"
    );
    assert!(!call!(calls, partner_outbox::fold(tx, first, "{}", false)), "it is being sent");
    let settled = |state: RequestState| Settlement {
        about: RequestKind::Share,
        body: "{}",
        with_token: false,
        state,
        due_at: LATER,
        code: Some(200),
        answer: "fine",
        settled_at: Some(LATER),
    };
    assert!(
        !call!(calls, partner_outbox::settle(tx, first, 2, &settled(RequestState::Done))),
        "another attempt"
    );
    assert!(call!(calls, partner_outbox::settle(tx, first, 1, &settled(RequestState::Parked))));
    let next = call!(calls, partner_outbox::claim(tx, LATER, MUCH_LATER, 4)).expect("the next is due");
    assert_eq!(next.id, second);
    partner_outbox::LEASES.release_all(tx).await.expect("it is written");
    assert_eq!(call!(calls, partner_outbox::claim(tx, LATER, LATER, 1)).expect("again").id, second);
    let last = call!(calls, partner_outbox::claim(tx, LATER, MUCH_LATER, 4)).expect("a lease has ended");
    assert!(last.id == second || last.id == end);
    ends(tx, calls, (agreement, share), (first, end)).await;
}

/// What waits, what is sent again, and what is forgotten.
async fn ends(
    tx: &mut Tx,
    calls: &mut Calls,
    (agreement, share): (&Agreement, &SharedTicket),
    (first, end): (RequestId, RequestId),
) {
    call!(calls, partner_outbox::postpone(tx, agreement.id));
    assert_eq!(call!(calls, partner_outbox::backlog(tx, agreement.id)).0, 2);
    partner_outbox::LEASES.release_all(tx).await.expect("it is written");
    assert_eq!(call!(calls, partner_outbox::hurry(tx, agreement.id, LATER)), 2);
    assert!(call!(calls, partner_outbox::resend(tx, first, LATER)));
    assert!(!call!(calls, partner_outbox::resend(tx, first, LATER)), "it waits already");
    call!(calls, partner_outbox::cancel_line(tx, share.id, "enough", LATER));
    call!(calls, partner_outbox::cancel_all(tx, agreement.id, "enough", LATER));
    let states: Vec<RequestState> =
        call!(calls, partner_outbox::list(tx, agreement.id, 10)).into_iter().map(|row| row.state).collect();
    assert_eq!(states, [RequestState::Cancelled; 3]);
    call!(calls, partner_outbox::forget(tx, share.id));
    assert!(call!(calls, partner_outbox::find(tx, first)).is_none());
    assert_eq!(call!(calls, partner_outbox::delete_settled(tx, MUCH_LATER, 10)), 1);
    assert!(call!(calls, partner_outbox::find(tx, RequestId(end.0))).is_none());
}

async fn files(
    tx: &mut Tx,
    calls: &mut Calls,
    (agreement, share): (&Agreement, &SharedTicket),
    followup: FollowupId,
) {
    let new = NewFile {
        agreement_id: agreement.id,
        followup_id: followup,
        url: "https://a.example/f",
        name: "f.pdf",
        content_type: None,
        tells: true,
    };
    assert!(!partner_files::LEASES.is_due(tx, LATER).await.expect("it is read"));
    call!(calls, partner_files::insert(tx, &new, NOW));
    call!(calls, partner_files::insert(tx, &new, NOW));
    assert!(partner_files::LEASES.is_due(tx, LATER).await.expect("it is read"));
    let file = call!(calls, partner_files::claim(tx, LATER, MUCH_LATER, 1)).expect("one is due");
    assert!(call!(calls, partner_files::claim(tx, LATER, MUCH_LATER, 1)).is_none(), "one at a time");
    assert!(call!(
        calls,
        partner_files::settle(tx, &file, (FileState::Linked, Some("why")), LATER, Some(LATER))
    ));
    assert!(
        !call!(calls, partner_files::settle(tx, &file, (FileState::Kept, None), LATER, Some(LATER))),
        "once"
    );
    partner_files::LEASES.release_all(tx).await.expect("it is written");
    assert_eq!(call!(calls, partner_files::list_of_followup(tx, followup)).len(), 2);
    let ticket_id = share.ticket_id.expect("it is shared");
    assert_eq!(call!(calls, partner_files::list_links(tx, ticket_id)).len(), 2);
    let digest = helpdeskd::store::blobs::digest(b"shared");
    let blob_id = call!(calls, blobs::insert(tx, &digest, b"shared", NOW));
    let link = AttachmentLink {
        token: "token".to_owned(),
        shared_ticket_id: share.id,
        followup_id: followup,
        blob_id,
        name: "f.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        size: 6,
        expires_at: LATER,
    };
    call!(calls, attachment_links::upsert(tx, &link));
    call!(calls, attachment_links::upsert(tx, &link));
    assert!(call!(calls, attachment_links::find(tx, "token", NOW)).is_some());
    assert!(call!(calls, attachment_links::find(tx, "token", LATER)).is_none(), "it has ended");
    assert_eq!(call!(calls, attachment_links::delete_expired(tx, LATER)), 1);
}
