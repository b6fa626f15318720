//! Reading what real clients send, what the reference parser takes, and what nobody should send.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::clock::Timestamp;
use crate::sharing::captured;
use crate::sharing::captured::Captured;
use crate::sharing::date;
use crate::sharing::token::HEADER;
use crate::sharing::token::Token;
use crate::ticket::entry::Visibility;

fn id(text: &str) -> WireId {
    WireId::parse(text).unwrap()
}

fn read_ticket(body: &Value) -> Result<Ticket, Refusal> {
    ticket(body.to_string().as_bytes(), &id("t1"))
}

fn raw_ticket(body: &str) -> Result<Ticket, Refusal> {
    ticket(body.as_bytes(), &id("t1"))
}

fn captured_ticket(name: &str) -> Ticket {
    let request = captured::named(name);
    ticket(&request.body(), &id(&request.id())).unwrap()
}

fn captured_agreement(name: &str) -> Agreement {
    let request = captured::named(name);
    agreement(&request.body(), &id(&request.id())).unwrap()
}

fn one_comment(comment: &Value) -> Comment {
    read_ticket(&json!({ "comments": [comment] })).unwrap().comments.remove(0)
}

#[test]
fn the_reference_clients_share_is_read_whole() {
    let ticket = captured_ticket("gem-share");
    assert_eq!(ticket.uuid, Some(id("427f908f0c622d00b250ca3db034efd790332bf0")));
    assert_eq!(ticket.subject.as_deref(), Some("Printer on fire"));
    assert_eq!(ticket.requested_at.map(date::write).as_deref(), Some("2024-05-06 05:08:09 +0000"));
    assert_eq!(ticket.status.as_deref(), Some("new"));
    assert_eq!(ticket.original_id.as_deref(), Some("1"));
    assert_eq!(ticket.tags, Some(vec!["fire".to_owned(), "printer".to_owned()]));
    assert_eq!(ticket.custom_fields, Some(json!({"zd_custom_fields": {"Camera model": "X100"}})));
    assert_eq!(ticket.custom_status.as_deref(), Some("Awaiting parts"));
    assert_eq!(ticket.requester.unwrap().name.as_deref(), Some("Joé <User>"));
    assert!(ticket.current_actor.unwrap().is_agent());
    let comment = &ticket.comments[0];
    assert_eq!(comment.body, "Ça brûle — \"help\"\nline 2 🔥");
    assert_eq!(comment.visibility, Visibility::Public);
    assert_eq!(comment.attachments[0].filename, "fire_photo.jpg");
    assert_eq!(comment.attachments[0].display_filename.as_deref(), Some("fire photo.jpg"));
}

#[test]
fn nulls_of_the_reference_client_are_not_given() {
    assert_eq!(
        captured_ticket("gem-empty-update"),
        Ticket { uuid: Some(id("427f908f0c622d00b250ca3db034efd790332bf0")), ..Ticket::default() }
    );
    let update = captured_ticket("gem-comment");
    assert_eq!((update.subject, update.requester, update.tags), (None, None, None));
    assert_eq!(update.status.as_deref(), Some("pending"));
    assert_eq!(update.comments[0].visibility, Visibility::Private);
}

#[test]
fn agreements_of_both_clients_are_read() {
    let invitation = captured_agreement("gem-invite");
    assert_eq!(invitation.status, Some(Status::Pending));
    assert_eq!(invitation.sender_url.as_deref(), Some("http://acme.example/sharing"));
    assert_eq!(invitation.name.as_deref(), Some("Acme Support"));
    assert_eq!((invitation.sync_tags, invitation.allows_public_comments), (Some(true), Some(true)));
    assert_eq!(captured_agreement("gem-accept").status, Some(Status::Accepted));
    assert_eq!(captured_agreement("node-invite").sync_custom_fields, Some(false));
    let ended = captured_agreement("node-deactivate");
    assert_eq!((ended.status, ended.deactivated_by), (Some(Status::Inactive), Some(Side::Sender)));
}

#[test]
fn the_node_clients_share_is_read_with_its_date_alone_and_short_ids() {
    let ticket = captured_ticket("node-share");
    assert_eq!(ticket.requested_at.map(date::write).as_deref(), Some("2014-01-01 00:00:00 +0000"));
    assert_eq!(ticket.comments[0].uuid, id("c1"));
    assert_eq!(ticket.comments[0].author.as_ref().unwrap().role, None);
}

#[test]
fn the_captured_tokens_carry_the_key_of_their_invitation() {
    for (invitation, later) in [("gem-invite", "gem-unshare"), ("node-invite", "node-share")] {
        let key = captured_agreement(invitation).access_key.unwrap();
        let token = captured::named(later).header(HEADER).unwrap();
        assert!(Token::parse(&token).unwrap().proves(Some(&key)));
    }
}

#[test]
fn what_is_read_is_written_so_that_it_is_read_alike() {
    for name in ["gem-share", "gem-comment", "gem-empty-update", "node-share"] {
        let ticket = captured_ticket(name);
        let written = ticket.to_json();
        let again = super::ticket(written.as_bytes(), ticket.uuid.as_ref().unwrap()).unwrap();
        assert_eq!(again, ticket);
        assert!(!written.contains("null") && !written.contains(":\"\""), "{written}");
    }
    for name in ["gem-invite", "gem-accept", "node-deactivate"] {
        let read = captured_agreement(name);
        assert_eq!(agreement(read.to_json().as_bytes(), read.uuid.as_ref().unwrap()).unwrap(), read);
    }
}

#[test]
fn who_may_read_a_comment_is_read_like_the_reference_parser_reads_it() {
    for (comment, expected) in [
        (json!({}), Visibility::Public),
        (json!({"public": null}), Visibility::Private),
        (json!({"public": false}), Visibility::Private),
        (json!({"public": "false"}), Visibility::Public),
        (json!({"public": true}), Visibility::Public),
        (json!({"public": 0}), Visibility::Private),
        (json!({"public": 1}), Visibility::Public),
    ] {
        assert_eq!(one_comment(&comment).visibility, expected, "{comment}");
    }
}

#[test]
fn structures_that_the_reference_parser_takes_are_taken() {
    for body in [
        json!({}),
        json!({"unknown": {"json_class": "X"}, "uuid": "t1"}),
        json!({"comments": null}),
        json!({"comments": {}}),
        json!({"requester": null}),
        json!({"comments": [{"attachments": {}}]}),
        json!({"comments": [{"author": null}]}),
        json!({"custom_fields": {"json_class": "String"}}),
    ] {
        assert!(read_ticket(&body).is_ok(), "{body}");
    }
    assert_eq!(read_ticket(&json!({"tags": "a b"})).unwrap().tags, Some(vec!["a".into(), "b".into()]));
    assert_eq!(ticket(br#"{"uuid":12}"#, &id("12")).unwrap().uuid, Some(id("12")));
    assert_eq!(raw_ticket(r#"{"uuid":"x","uuid":"t1"}"#).unwrap().uuid, Some(id("t1")));
}

#[test]
fn structures_that_the_reference_parser_dies_on_are_refused_quietly() {
    let deep = format!("{{\"custom_fields\":{}{}}}", "[".repeat(200), "]".repeat(200));
    for body in ["", "null", "[]", "5", "\"x\"", "{\"uuid\":\"t1\",}", "{\"subject\":NaN}", &deep] {
        assert_eq!(raw_ticket(body).unwrap_err().status(), 422, "{body}");
    }
    for body in [
        json!({"requester": "Joe"}),
        json!({"comments": [null]}),
        json!({"comments": ["hi"]}),
        json!({"comments": "hi"}),
        json!({"requested_at": "garbage"}),
        json!({"requested_at": 1_715_000_000}),
        json!({"uuid": "other"}),
        json!({"uuid": "../t1"}),
        json!({"tags": [["a"]]}),
        json!({"tags": 5}),
        json!({"subject": ["x"]}),
    ] {
        assert_eq!(read_ticket(&body).unwrap_err().status(), 422, "{body}");
    }
}

#[test]
fn a_comment_without_an_id_gets_the_same_one_each_time() {
    let comment = |body: &str| one_comment(&json!({"body": body, "author": {"uuid": "u1"}})).uuid;
    assert_eq!(comment("hi"), comment("hi"));
    assert_ne!(comment("hi"), comment("ho"));
}

#[test]
fn attachments_are_links_to_the_web_with_harmless_names() {
    let comment = one_comment(&json!({"attachments": [
        {"url": "https://x.example/f.pdf?token=1", "filename": "../../etc/passwd"},
        {"url": "https://x.example/a/b.png?x=/y"},
        {"url": "javascript:alert(1)", "filename": "x"},
        {"url": "file:///etc/passwd", "filename": "x"},
        {"url": null, "filename": null, "content_type": null, "display_filename": null},
    ]}));
    let names: Vec<_> = comment.attachments.iter().map(|attachment| attachment.filename.as_str()).collect();
    assert_eq!(names, ["passwd", "b.png"]);
}

#[test]
fn hostile_text_cannot_carry_a_header_or_a_nul() {
    let ticket = read_ticket(&json!({
        "subject": "x\r\nBcc: y", "requester": {"name": "Joe\u{0}\n"}, "comments": [{"body": "a\u{0}b"}],
    }));
    let ticket = ticket.unwrap();
    assert_eq!(ticket.subject.as_deref(), Some("x Bcc: y"));
    assert_eq!(ticket.requester.unwrap().name.as_deref(), Some("Joe"));
    assert_eq!(ticket.comments[0].body, "a\u{fffd}b");
}

#[test]
fn everything_has_a_limit() {
    let comments = |n| json!({"comments": vec![json!({}); n]});
    assert!(read_ticket(&comments(limits::COMMENTS)).is_ok());
    for body in [
        comments(limits::COMMENTS + 1),
        json!({"comments": [{"attachments": vec![json!({}); limits::ATTACHMENTS_PER_COMMENT + 1]}]}),
        json!({"comments": [{"body": "x".repeat(limits::COMMENT + 1)}]}),
        json!({"subject": "x".repeat(limits::SUBJECT + 1)}),
        json!({"requester": {"name": "x".repeat(limits::NAME + 1)}}),
        json!({"tags": vec!["x"; limits::TAGS + 1]}),
        json!({"tags": ["x".repeat(limits::TAG + 1)]}),
        json!({"custom_fields": "x".repeat(limits::CUSTOM_FIELDS)}),
    ] {
        assert_eq!(read_ticket(&body).unwrap_err().status(), 422);
    }
}

#[test]
fn a_bad_agreement_is_refused_without_repeating_its_key() {
    for body in [
        json!({"access_key": "geheim geheim"}),
        json!({"access_key": ["geheim"]}),
        json!({"access_key": "geheim".repeat(100)}),
        json!({"status": "geheim"}),
        json!({"sync_tags": "geheim"}),
        json!({"uuid": "geheim/1"}),
    ] {
        let refusal = agreement(body.to_string().as_bytes(), &id("a1")).unwrap_err();
        assert_eq!(refusal.status(), 422, "{body}");
        assert!(!refusal.to_string().contains("geheim"), "{refusal}");
    }
}

/// Bytes put into, cut out of or changed in a captured body.
fn mangle(mut body: Vec<u8>, edits: Vec<(usize, u8, u8)>) -> Vec<u8> {
    for (at, kind, byte) in edits {
        let at = at % (body.len() + 1);
        match kind % 4 {
            0 => body.insert(at, byte),
            1 => body.truncate(at),
            2 if at < body.len() => body[at] = byte,
            _ if at < body.len() => {
                body.remove(at);
            }
            _ => {}
        }
    }
    body
}

/// Another value in the place of one key, anywhere in the tree.
fn replace(value: &mut Value, countdown: &mut usize, with: &Value) {
    if *countdown == 0 {
        value.clone_from(with);
    }
    *countdown = countdown.wrapping_sub(1);
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| replace(value, countdown, with)),
        Value::Array(list) => list.iter_mut().for_each(|value| replace(value, countdown, with)),
        _ => {}
    }
}

fn bodies() -> Vec<Captured> {
    captured::all().into_iter().filter(|request| !request.body().is_empty()).collect()
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, {}, "x"])),
        Just(json!({"uuid": {"uuid": []}})),
    ]
}

/// Reads a body as both resources; anything but a value or a quiet refusal fails.
fn check(body: &[u8], id: &WireId) -> Result<(), TestCaseError> {
    let results =
        [ticket(body, id).map(|read| read.to_json()), agreement(body, id).map(|read| read.to_json())];
    for result in results {
        match result {
            Ok(written) => prop_assert!(serde_json::from_str::<Value>(&written).is_ok()),
            Err(refusal) => prop_assert_eq!(refusal.status(), 422),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn mangled_bytes_are_a_value_or_a_quiet_refusal(
        which in 0..8_usize,
        edits in proptest::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..6),
    ) {
        let request = bodies().swap_remove(which);
        check(&mangle(request.body(), edits), &id(&request.id()))?;
    }

    #[test]
    fn odd_values_in_any_place_are_a_value_or_a_quiet_refusal(
        which in 0..8_usize,
        mut place in 0..40_usize,
        with in odd_value(),
    ) {
        let request = bodies().swap_remove(which);
        let mut body: Value = serde_json::from_slice(&request.body()).unwrap();
        replace(&mut body, &mut place, &with);
        check(body.to_string().as_bytes(), &id(&request.id()))?;
    }

    #[test]
    fn any_text_is_a_date_or_none(text in ".{0,40}") {
        if let Some(at) = date::parse(&text) {
            prop_assert_eq!(date::parse(&date::write(at)).map(Timestamp::seconds), Some(at.seconds()));
        }
    }

    #[test]
    fn any_file_name_comes_out_clean(name in ".{0,300}") {
        let clean = filename::clean(&name);
        prop_assert!(!clean.is_empty() && clean.len() <= 160 && !clean.starts_with('.'));
        prop_assert!(!clean.chars().any(|c| c.is_control() || "/\\".contains(c)));
        prop_assert_eq!(filename::clean(&clean), clean);
    }
}
