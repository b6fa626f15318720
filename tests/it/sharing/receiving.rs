//! What partners' requests may do here, and what not.

use helpdeskd::clock::Timestamp;
use helpdeskd::desk::action::Action;
use helpdeskd::desk::share::command::Settings;
use helpdeskd::sharing::agreement::Command;
use helpdeskd::sharing::token::WireId;
use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use rstest::rstest;
use serde_json::Value;
use serde_json::json;

use crate::support::mail::mail;
use crate::support::sharer::PARTIAL;
use crate::support::sharer::Sharer;
use crate::support::story::On;
use crate::support::story::days;

/// Invites a desk by hand and has it accept: the token of the invisible sender.
async fn invited(desk: &Sharer, uuid: &str, terms: &Value) -> String {
    let mut body = json!({
        "uuid": uuid, "access_key": format!("key-of-{uuid}"), "name": "Acme", "status": "pending",
        "sender_url": format!("https://{uuid}.example/sharing"), "receiver_url": desk.base(),
    });
    for (key, value) in terms.as_object().expect("terms are an object") {
        body[key] = value.clone();
    }
    let path = format!("/sharing/agreements/{uuid}");
    let reply = desk.send("POST", &path, &[], body.to_string().as_bytes()).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    desk.accept(&WireId::parse(uuid).expect("it is an id")).await;
    format!("{uuid}:key-of-{uuid}")
}

fn full() -> Value {
    json!({"sync_tags": true, "sync_custom_fields": true, "allows_public_comments": true})
}

fn comment(uuid: &str, body: &str) -> Value {
    json!({"uuid": uuid, "author": {"uuid": "agent", "name": "Zoe", "role": "agent"}, "body": body, "public": true})
}

fn ticket(comments: &Value) -> Value {
    json!({
        "subject": "Printer", "status": "open", "requester": {"uuid": "joe", "name": "Joe", "role": "end-user"},
        "comments": comments, "original_id": 12,
    })
}

#[rstest]
#[tokio::test]
async fn a_token_reaches_nothing_of_another_agreement(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    let (a, b) = (invited(&desk, "a", &full()).await, invited(&desk, "b", &full()).await);
    assert_eq!(
        desk.call("POST", "/tickets/t1", &a, &ticket(&json!([comment("c1", "hi")]))).await.status,
        201
    );
    for (verb, body) in [("PUT", json!({"status": "solved"})), ("GET", Value::Null), ("DELETE", Value::Null)]
    {
        assert_eq!(desk.call(verb, "/tickets/t1", &b, &body).await.status, 404, "{verb}");
        let reply = desk.send(verb, "/sharing/tickets/t1", &[], body.to_string().as_bytes()).await;
        assert_eq!((reply.status, reply.header("www-authenticate")), (401, "X-Ticket-Sharing"), "{verb}");
    }
    assert_eq!(desk.call("POST", "/tickets/t1", &b, &ticket(&json!([]))).await.status, 422);
    assert_eq!(desk.state(1).await, "open");
    for token in ["a:wrong", "c:key-of-a", "a", "", "a:", ":key-of-a", "A:key-of-a"] {
        assert_eq!(desk.call("GET", "/tickets/t1", token, &Value::Null).await.status, 401, "{token}");
        assert_eq!(desk.call("GET", "/agreements/a", token, &Value::Null).await.status, 401, "{token}");
    }
    assert_eq!(desk.call("GET", "/agreements/a", &b, &Value::Null).await.status, 401, "no oracle");
    assert_eq!(desk.call("GET", "/agreements/zzz", &b, &Value::Null).await.status, 401);
    let shown = desk.call("GET", "/agreements/a", &a, &Value::Null).await;
    assert_eq!((shown.status, shown.body.contains("key-of-a")), (200, false), "{}", shown.body);
}

#[rstest]
#[tokio::test]
async fn only_known_verbs_and_places_are_there(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    let a = invited(&desk, "a", &full()).await;
    for (verb, path, status) in [
        ("DELETE", "/agreements/a", 405),
        ("PATCH", "/tickets/t", 405),
        ("GET", "/tickets", 404),
        ("GET", "", 404),
        ("POST", "/users/1", 404),
        ("GET", "/tickets/t", 404),
        ("PUT", "/tickets/t", 404),
        ("DELETE", "/tickets/t", 404),
        ("POST", "/tickets/bad%20id", 422),
        ("GET", "/files/nothing", 404),
        ("POST", "/files/nothing", 405),
    ] {
        let reply = desk.call(verb, path, &a, &json!({})).await;
        assert_eq!(reply.status, status, "{verb} {path}");
        assert_eq!(reply.header("allow").is_empty(), status != 405, "{verb} {path}");
    }
    let large = json!({"comments": [], "subject": "x".repeat(11_000_000)});
    assert_eq!(desk.call("POST", "/tickets/t", &a, &large).await.status, 422, "too large");
    let disagrees = json!({"uuid": "other"});
    assert_eq!(desk.call("POST", "/tickets/t", &a, &disagrees).await.status, 422);
    assert_eq!(desk.desk.tickets().await, "none");
}

#[rstest]
#[tokio::test]
async fn a_partners_people_are_placeholders_that_nobody_mails_or_takes_for_others(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = Sharer::start(on, 0).await;
    let ann = desk.desk.customer("ann@customer.test").await;
    let a = invited(&desk, "a", &full()).await;
    let named_like_ann = json!({"uuid": "p1", "name": ann.name, "role": "end-user"});
    let comments = json!([
        {"uuid": "c1", "author": named_like_ann, "body": "hi"},
        {"uuid": "c2", "author": {"uuid": "p2", "name": "ann@customer.test"}, "body": "me again"},
    ]);
    let mut body = ticket(&comments);
    body["requester"] = named_like_ann.clone();
    assert_eq!(desk.call("POST", "/tickets/t1", &a, &body).await.status, 201);
    let renamed =
        json!({"comments": [{"uuid": "c3", "author": {"uuid": "p1", "name": "Anna"}, "body": "hm"}]});
    assert_eq!(desk.call("PUT", "/tickets/t1", &a, &renamed).await.status, 200);
    assert_eq!(desk.call("POST", "/tickets/t2", &a, &ticket(&json!([]))).await.status, 201);
    let mut tx = desk.desk.read().await;
    let users = store::users::list(&mut tx, UserId(0), 100).await.expect("they are read");
    let users: Vec<_> = users.iter().map(|user| (user.name.as_str(), user.email.as_deref())).collect();
    assert_eq!(
        users,
        [("ann", Some("ann@customer.test")), ("Anna", None), ("ann@customer.test", None), ("Joe", None),]
    );
    drop(tx);
    let submitter = desk.desk.row(1).await.submitter_id;
    assert_eq!(submitter, desk.desk.followups(1).await[0].author_id, "the same id is the same person");
    let recipients: Vec<String> =
        desk.desk.sent().await.recipients().into_iter().map(str::to_owned).collect();
    assert!(recipients.iter().all(|to| to == "new@staff.test"), "{recipients:?}");
    // An answer of ours has nobody to go to but the partner.
    desk.desk.operator().comment(1, "We look into it.").await;
    assert_eq!(desk.desk.sent().await.len(), 0);
}

#[rstest]
#[tokio::test]
async fn what_a_partner_writes_is_made_harmless(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    let a = invited(&desk, "a", &full()).await;
    let body = json!({
        "subject": "Bad\r\nBcc: all@customer.test\u{202e}", "requester": {"uuid": "j", "name": "Joe\r\n<script>"},
        "tags": ["a\u{0}b", "two words"],
        "comments": [{
            "uuid": "c1", "body": "",
            "html_body": "<p onclick=x()>Hi <script>alert(1)</script><img src=https://evil.example/p.gif><a href=javascript:x()>y</a></p>",
        }],
    });
    assert_eq!(desk.call("POST", "/tickets/t1", &a, &body).await.status, 201);
    let entry = &desk.desk.followups(1).await[0];
    let html = entry.html.clone().expect("it has HTML");
    assert!(["script", "onclick", "evil", "javascript"].iter().all(|bad| !html.contains(bad)), "{html}");
    assert!(entry.text.contains("Hi"), "the text is made of the HTML: {}", entry.text);
    assert_eq!(desk.desk.row(1).await.subject, "Bad Bcc: all@customer.test");
    let sent = desk.desk.sent().await;
    assert!(sent.iter().all(|mail| mail.header("Bcc").is_none()));
}

#[rstest]
#[tokio::test]
async fn the_order_of_comments_is_that_in_which_they_were_written(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = Sharer::start(on, 0).await;
    let a = invited(&desk, "a", &full()).await;
    let at = |uuid: &str, body: &str, at: Value| json!({"uuid": uuid, "body": body, "authored_at": at});
    let comments = json!([
        at("c3", "third", json!("2024-05-06 09:00:00 +0200")),
        at("c4", "undated", Value::Null),
        at("c1", "first", json!("2024-05-06T05:00:00Z")),
        at("c2", "second", json!("2024-05-06 07:30:00 +0200")),
        at("c2", "twice", json!("2024-05-06")),
    ]);
    assert_eq!(desk.call("POST", "/tickets/t1", &a, &ticket(&comments)).await.status, 201);
    let texts: Vec<String> = desk.desk.followups(1).await.into_iter().map(|entry| entry.text).collect();
    assert_eq!(texts, ["first", "second", "third", "undated"]);
    let written = desk.desk.followups(1).await[0].created_at;
    assert_eq!(written, Timestamp::from_seconds(1_714_971_600), "the partner's time is shown");
    assert_eq!(desk.desk.sent().await.recipients(), ["new@staff.test"], "a shared ticket is told as a whole");
}

#[rstest]
#[tokio::test]
async fn a_partner_is_held_to_the_terms(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    let a = invited(&desk, "a", &json!({})).await;
    let mut body = ticket(&json!([comment("c1", "hi")]));
    (body["tags"], body["custom_fields"], body["status"]) = (json!(["x"]), json!({"f": 1}), json!("solved"));
    assert_eq!(desk.call("POST", "/tickets/t1", &a, &body).await.status, 201);
    assert_eq!(desk.state(1).await, "resolved", "a new ticket says how it is");
    assert!(desk.tags(1).await.is_empty());
    assert_eq!(desk.shares(1).await[0].custom_fields, None);
    let update = json!({"status": "open", "requester": {"uuid": "x", "name": "Somebody else"}});
    assert_eq!(desk.call("PUT", "/tickets/t1", &a, &update).await.status, 200);
    assert_eq!(desk.state(1).await, "resolved", "the status does not travel");
}

#[rstest]
#[tokio::test]
async fn invitations_are_limited_and_expire(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    let invite = async |n: usize| {
        let body =
            json!({"access_key": "k", "status": "pending", "sender_url": format!("https://d{n}.example/s")});
        desk.send("POST", &format!("/sharing/agreements/i{n}"), &[], body.to_string().as_bytes()).await
    };
    for n in 0..10 {
        assert_eq!(invite(n).await.status, 201);
    }
    let refused = invite(10).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "3600"), "{}", refused.body);
    desk.desk.advance(days(30) + days(1));
    let first = WireId::parse("i0").expect("it is an id");
    let queue_id = Some(desk.desk.queue("support"));
    let late = desk.decide(&first, Command::Accept, Settings { queue_id, ..Settings::default() }).await;
    assert!(late.expect_err("it is too late").to_string().contains("expired"));
    assert_eq!(invite(10).await.status, 201);
    assert!(desk.find_agreement(&first).await.is_none(), "nobody decided on it");
    desk.desk.leaves_unsettled();
}

#[rstest]
#[tokio::test]
async fn a_known_invitation_is_never_overwritten(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    invited(&desk, "a", &full()).await;
    let body = json!({
        "access_key": "other", "status": "pending", "name": "Acme", "sender_url": "https://evil.example/sharing",
        "sync_tags": true, "sync_custom_fields": true, "allows_public_comments": true,
    });
    for (key, value) in
        [("access_key", "key-of-a"), ("sender_url", "https://a.example/sharing"), ("name", "Evil")]
    {
        let mut differs = body.clone();
        differs[key] = json!(value);
        let reply = desk.send("POST", "/sharing/agreements/a", &[], differs.to_string().as_bytes()).await;
        assert_eq!(reply.status, 422, "{key}");
    }
    for change in [
        json!({"access_key": "other"}),
        json!({"receiver_url": "https://evil.example/"}),
        json!({"sync_tags": false}),
        json!({"uuid": "b"}),
        json!({"status": "pending"}),
        json!({"status": "nonsense"}),
    ] {
        assert_eq!(desk.call("PUT", "/agreements/a", "a:key-of-a", &change).await.status, 422, "{change}");
    }
    let now = desk.agreement(&WireId::parse("a").expect("it is an id")).await;
    assert_eq!((now.access_key.expose(), now.sender_url.as_str()), ("key-of-a", "https://a.example/sharing"));
    let moved = json!({"name": "Acme Inc", "sender_url": "https://acme.example/new/"});
    assert_eq!(desk.call("PUT", "/agreements/a", "a:key-of-a", &moved).await.status, 200);
    let now = desk.agreement(&WireId::parse("a").expect("it is an id")).await;
    assert_eq!(
        (now.partner_name.as_str(), now.sender_url.as_str()),
        ("Acme Inc", "https://acme.example/new")
    );
}

#[rstest]
#[tokio::test]
async fn a_deleted_ticket_is_gone_for_the_partner_and_leaves_no_words(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = Sharer::start(on, 0).await;
    let a = invited(&desk, "a", &full()).await;
    assert_eq!(
        desk.call("POST", "/tickets/t1", &a, &ticket(&json!([comment("c1", "hi")]))).await.status,
        201
    );
    desk.desk.operator().comment(1, "secret words").await;
    desk.desk.operator().delete(1).await;
    let log = desk.log(&WireId::parse("a").expect("it is an id")).await;
    let about: Vec<&str> = log.iter().map(|row| row.about.as_str()).collect();
    assert_eq!(about, ["decision", "unshare"]);
    assert_eq!(desk.call("PUT", "/tickets/t1", &a, &json!({"status": "solved"})).await.status, 410);
    assert_eq!(
        desk.call("POST", "/tickets/t1", &a, &ticket(&json!([comment("c1", "hi")]))).await.status,
        200
    );
    assert_eq!(desk.talk(2).await, ["public opened Zoe: hi"], "shared again, it is a new ticket");
}

#[rstest]
#[tokio::test]
async fn a_shared_ticket_keeps_its_requester_and_is_not_merged_away(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = Sharer::start(on, 0).await;
    let a = invited(&desk, "a", &full()).await;
    desk.desk.receive(mail("ann@customer.test", "Another")).await;
    assert_eq!(
        desk.call("POST", "/tickets/t1", &a, &ticket(&json!([comment("c1", "hi")]))).await.status,
        201
    );
    let (now, hand) = (desk.desk.now(), desk.desk.operator());
    let mut tx = desk.desk.write().await;
    let ids = (TicketId(2), TicketId(1));
    let merged = helpdeskd::desk::merge::merge(&desk.desk.app.desk(), &mut tx, &hand.actor, ids, now).await;
    assert!(merged.expect_err("it is refused").to_string().contains("shared with Acme"));
    let mut action = Action::begin(&mut tx, &hand.actor, ids.0).await.expect("it is there");
    let given = helpdeskd::desk::people::change_submitter(
        &desk.desk.app.desk(),
        &mut tx,
        &mut action,
        "ann@customer.test",
        now,
    )
    .await;
    assert!(given.expect_err("it is refused").to_string().contains("keeps its requester"));
    drop(tx);
    desk.desk.operator().merge(1, 2).await;
    desk.desk.operator().comment(2, "Both.").await;
    let log = desk.log(&WireId::parse("a").expect("it is an id")).await;
    let told: String = log.iter().map(|row| row.body.clone()).collect();
    assert!(told.contains("Both.") && !told.contains("Please help"), "the other conversation stays: {told}");
    assert_eq!(desk.unshare(2).await, 1);
    desk.desk.receive(mail("ann@customer.test", "A third")).await;
    desk.desk.operator().merge(2, 3).await;
}

#[rstest]
#[tokio::test]
async fn a_partial_receiver_answers_for_agents_only(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = crate::support::sharer::agreed(on, PARTIAL).await;
    sender.desk.receive(mail("Ann <ann@customer.test>", "Printer").text("It burns.")).await;
    sender.share(1, &uuid).await;
    sender.exchange().await;
    sender.desk.sent().await;
    receiver.desk.operator().comment(1, "Have you tried water?").await;
    receiver.desk.operator().resolve(1, "It is out.").await;
    receiver.exchange().await;
    let talk = sender.talk(1).await;
    assert_eq!(
        talk[1..],
        ["private comment Example Desk: Have you tried water?", "private comment Example Desk: It is out."]
    );
    assert_eq!(sender.state(1).await, "open");
    assert!(sender.desk.sent().await.recipients().iter().all(|to| *to != "ann@customer.test"));
    // Nor is a partner believed who sends what the terms do not allow.
    let token = sender.token(&uuid).await;
    let share = sender.shares(1).await[0].uuid.clone();
    let bold = json!({"status": "solved", "tags": ["x"], "comments": [comment("bold", "For the customer!")]});
    assert_eq!(sender.call("PUT", &format!("/tickets/{share}"), &token, &bold).await.status, 200);
    assert_eq!(sender.talk(1).await.last().expect("it is kept"), "private comment Zoe: For the customer!");
    assert!(sender.desk.sent().await.recipients().iter().all(|to| *to != "ann@customer.test"));
}
