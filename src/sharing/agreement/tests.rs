//! Every step of an agreement's life, allowed and refused, from both sides.

use std::fmt;

use super::*;
use crate::sharing::captured;
use crate::sharing::parse;
use crate::sharing::token::HEADER;

const OURS: &str = "https://us.example/sharing";

fn base(text: &str) -> Base {
    Base::parse(text).unwrap()
}

fn id(text: &str) -> WireId {
    WireId::parse(text).unwrap()
}

/// An agreement on which we are `side`.
fn agreement(side: Side, status: Status) -> Agreement {
    let (ours, theirs) = (base(OURS), base("https://them.example/sharing"));
    let (sender_url, receiver_url) = match side {
        Side::Sender => (ours, theirs),
        Side::Receiver => (theirs, ours),
    };
    Agreement {
        id: id("a1"),
        side,
        status,
        key: AccessKey::parse("k1").unwrap(),
        sender_url,
        receiver_url,
        our_name: "Us".into(),
        partner_name: "Them".into(),
        terms: Terms { sync_tags: true, ..Terms::default() },
    }
}

fn wish(status: Status) -> wire::Agreement {
    wire::Agreement { status: Some(status), ..wire::Agreement::default() }
}

fn code<T: fmt::Debug>(result: &Result<T, Refusal>) -> u16 {
    result.as_ref().err().map_or(200, Refusal::status)
}

#[test]
fn only_the_right_side_takes_each_step() {
    use Status::{Accepted, Declined, Inactive, Pending};
    // From, to, what the sender gets, what the receiver gets.
    for (from, to, sender, receiver) in [
        (Pending, Pending, 200, 200),
        (Pending, Accepted, 403, 200),
        (Pending, Declined, 403, 200),
        (Pending, Inactive, 200, 403),
        (Accepted, Pending, 422, 422),
        (Accepted, Accepted, 200, 200),
        (Accepted, Declined, 422, 422),
        (Accepted, Inactive, 200, 200),
        (Declined, Pending, 422, 422),
        (Declined, Accepted, 403, 200),
        (Declined, Declined, 200, 200),
        (Declined, Inactive, 422, 422),
        (Inactive, Pending, 410, 410),
        (Inactive, Accepted, 422, 422),
        (Inactive, Declined, 410, 410),
        (Inactive, Inactive, 200, 200),
    ] {
        for (caller, expected) in [(Side::Sender, sender), (Side::Receiver, receiver)] {
            let result = agreement(caller.other(), from).changed_by_partner(&wish(to));
            assert_eq!(code(&result), expected, "{caller}: {from} to {to}");
            if let Ok(change) = result {
                assert_eq!(change.status, (from != to).then_some(to));
            }
        }
    }
}

#[test]
fn an_admin_can_do_what_the_table_says() {
    use Command::{Accept, Deactivate, Decline};
    use Status::{Accepted, Declined, Inactive, Pending};
    for (command, status, sender, receiver) in [
        (Accept, Pending, None, Some(Accepted)),
        (Accept, Declined, None, Some(Accepted)),
        (Accept, Accepted, None, None),
        (Accept, Inactive, None, None),
        (Decline, Pending, None, Some(Declined)),
        (Decline, Accepted, None, None),
        (Deactivate, Pending, Some(Inactive), None),
        (Deactivate, Accepted, Some(Inactive), Some(Inactive)),
        (Deactivate, Declined, None, None),
        (Deactivate, Inactive, None, None),
    ] {
        for (side, expected) in [(Side::Sender, sender), (Side::Receiver, receiver)] {
            assert_eq!(
                agreement(side, status).commanded(command).ok(),
                expected,
                "{side} {command:?} {status}"
            );
        }
    }
}

#[test]
fn what_we_command_is_what_the_other_side_allows() {
    for side in [Side::Sender, Side::Receiver] {
        for status in Status::ALL {
            for command in [Command::Accept, Command::Decline, Command::Deactivate] {
                let ours = agreement(side, status);
                let Ok(next) = ours.commanded(command) else { continue };
                let theirs = Agreement {
                    side: side.other(),
                    our_name: "Them".into(),
                    partner_name: "Us".into(),
                    ..ours.clone()
                };
                let change = theirs.changed_by_partner(&ours.announcement(next, None)).unwrap();
                assert_eq!(change, Change { status: Some(next), ..Change::default() });
            }
        }
    }
}

#[test]
fn tickets_need_an_accepted_agreement_and_the_right_direction() {
    for (side, status, verb, expected) in [
        (Side::Receiver, Status::Accepted, TicketVerb::Post, 200),
        (Side::Sender, Status::Accepted, TicketVerb::Post, 403),
        (Side::Sender, Status::Accepted, TicketVerb::Put, 200),
        (Side::Sender, Status::Accepted, TicketVerb::Delete, 200),
        (Side::Receiver, Status::Accepted, TicketVerb::Get, 200),
        (Side::Receiver, Status::Pending, TicketVerb::Post, 403),
        (Side::Receiver, Status::Declined, TicketVerb::Put, 403),
        (Side::Receiver, Status::Inactive, TicketVerb::Post, 410),
        (Side::Sender, Status::Inactive, TicketVerb::Put, 410),
    ] {
        let result = agreement(side, status).ticket_access(verb);
        assert_eq!(code(&result), expected, "{side} {status} {verb:?}");
    }
}

fn invitation(name: &str) -> (wire::Agreement, WireId) {
    let request = captured::named(name);
    let id = id(&request.id());
    (parse::agreement(&request.body(), &id).unwrap(), id)
}

#[test]
fn captured_invitations_become_pending_agreements() {
    for (name, host) in [("gem-invite", "acme.example"), ("node-invite", "node.example")] {
        let (body, id) = invitation(name);
        let agreement = Agreement::invited(&body, &id, &base(OURS)).unwrap();
        assert_eq!((agreement.status, agreement.side), (Status::Pending, Side::Receiver));
        assert_eq!(agreement.partner_url().host(), host);
        assert!(agreement.terms.sync_tags && agreement.terms.public_comments);
        assert_eq!(agreement.invited_again(&body), Ok(()), "a lost answer");
    }
}

#[test]
fn the_captured_acceptance_counts_only_when_the_receiver_sends_it() {
    let (body, id) = invitation("gem-invite");
    let received = Agreement::invited(&body, &id, &base(OURS)).unwrap();
    let accept = captured::named("gem-accept");
    let accept = parse::agreement(&accept.body(), &id).unwrap();
    assert_eq!(code(&received.changed_by_partner(&accept)), 403, "nobody accepts his own invitation");

    let sent = Agreement {
        side: Side::Sender,
        our_name: "Acme Support".into(),
        partner_name: "Them".into(),
        ..received
    };
    let change = sent.changed_by_partner(&accept).unwrap();
    assert_eq!(change.status, Some(Status::Accepted));
    assert_eq!(change.partner_name, None, "the client echoes our own name");
    assert_eq!(change.actor.unwrap().name.as_deref(), Some("Ada Admin"));
    assert!(captured::named("gem-accept").header(HEADER).is_some());
}

#[test]
fn the_captured_deactivation_ends_the_agreement() {
    let (body, id) = invitation("node-invite");
    let accepted =
        Agreement { status: Status::Accepted, ..Agreement::invited(&body, &id, &base(OURS)).unwrap() };
    let end = parse::agreement(&captured::named("node-deactivate").body(), &id).unwrap();
    assert_eq!(
        accepted.changed_by_partner(&end),
        Ok(Change { status: Some(Status::Inactive), ..Change::default() })
    );
}

#[test]
fn an_invitation_needs_a_key_a_sender_and_the_status_pending() {
    let (body, id) = invitation("gem-invite");
    let refused = |body: &wire::Agreement| code(&Agreement::invited(body, &id, &base(OURS)));
    assert_eq!(refused(&wire::Agreement { access_key: None, ..body.clone() }), 422);
    assert_eq!(refused(&wire::Agreement { sender_url: None, ..body.clone() }), 422);
    assert_eq!(refused(&wire::Agreement { sender_url: Some("ftp://x".into()), ..body.clone() }), 422);
    assert_eq!(refused(&wire::Agreement { sender_url: Some(OURS.into()), ..body.clone() }), 422);
    assert_eq!(refused(&wire::Agreement { sender_url: body.receiver_url.clone(), ..body.clone() }), 422);
    assert_eq!(refused(&wire::Agreement { status: Some(Status::Accepted), ..body.clone() }), 422);
    assert_eq!(refused(&wire::Agreement { status: None, ..body.clone() }), 422);
    let nameless = wire::Agreement { name: None, receiver_url: None, ..body };
    let agreement = Agreement::invited(&nameless, &id, &base(OURS)).unwrap();
    assert_eq!(agreement.partner_name, "acme.example");
    assert_eq!(agreement.receiver_url, base(OURS));
}

#[test]
fn a_repeated_invitation_that_differs_changes_nothing() {
    let (body, id) = invitation("gem-invite");
    let agreement = Agreement::invited(&body, &id, &base(OURS)).unwrap();
    for other in [
        wire::Agreement { access_key: AccessKey::parse("stolen"), ..body.clone() },
        wire::Agreement { access_key: None, ..body.clone() },
        wire::Agreement { sender_url: Some("https://evil.example/sharing".into()), ..body.clone() },
        wire::Agreement { sync_tags: Some(false), ..body.clone() },
        wire::Agreement { name: Some("Evil".into()), ..body.clone() },
        wire::Agreement { receiver_url: Some("https://elsewhere.example".into()), ..body.clone() },
        wire::Agreement { status: Some(Status::Accepted), ..body.clone() },
    ] {
        assert_eq!(code(&agreement.invited_again(&other)), 422, "{other:?}");
    }
    let ours = Agreement { side: Side::Sender, ..agreement.clone() };
    assert_eq!(code(&ours.invited_again(&body)), 422, "our own agreement sent back to us");
    let ended = Agreement { status: Status::Inactive, ..agreement };
    assert_eq!(code(&ended.invited_again(&body)), 410);
}

#[test]
fn no_call_changes_the_key_the_terms_the_id_or_our_url() {
    for side in [Side::Sender, Side::Receiver] {
        let known = agreement(side, Status::Accepted);
        let same = known.announcement(Status::Accepted, None);
        assert_eq!(known.changed_by_partner(&same), Ok(Change::default()), "repeating everything is fine");
        let evil = Some("https://evil.example/sharing".to_owned());
        let our_url = match side {
            Side::Sender => wire::Agreement { sender_url: evil, ..wire::Agreement::default() },
            Side::Receiver => wire::Agreement { receiver_url: evil, ..wire::Agreement::default() },
        };
        for other in [
            wire::Agreement { access_key: AccessKey::parse("k2"), ..same.clone() },
            wire::Agreement { sync_tags: Some(false), ..same.clone() },
            wire::Agreement { sync_custom_fields: Some(true), ..same.clone() },
            wire::Agreement { allows_public_comments: Some(true), ..same.clone() },
            our_url,
        ] {
            assert_eq!(code(&known.changed_by_partner(&other)), 422, "{side}: {other:?}");
        }
    }
}

#[test]
fn a_partner_may_move_and_rename_himself_until_the_end() {
    let body = wire::Agreement {
        name: Some("Them & Co".into()),
        sender_url: Some("https://new.example/sharing/".into()),
        ..wire::Agreement::default()
    };
    let change = agreement(Side::Receiver, Status::Accepted).changed_by_partner(&body).unwrap();
    assert_eq!(change.partner_name.as_deref(), Some("Them & Co"));
    assert_eq!(change.partner_url, Some(base("https://new.example/sharing")));
    assert_eq!(code(&agreement(Side::Receiver, Status::Inactive).changed_by_partner(&body)), 410);
    let rubbish = wire::Agreement { sender_url: Some("nonsense".into()), ..wire::Agreement::default() };
    assert_eq!(code(&agreement(Side::Receiver, Status::Accepted).changed_by_partner(&rubbish)), 422);
}

#[test]
fn a_read_back_shows_everything_but_the_secret() {
    let shown = agreement(Side::Receiver, Status::Accepted).shown().to_json();
    assert!(
        shown.contains(r#""status":"accepted""#) && !shown.contains("access_key") && !shown.contains("k1")
    );
}
