//! Who is mailed when: every cell of the one table.
//!
//! The expectation is the table of the specification, written out again, so that a change of one is seen.

use rstest::rstest;

use helpdeskd::desk::action::Action;
use helpdeskd::desk::action::News;
use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::event;
use helpdeskd::desk::rate;
use helpdeskd::desk::table::Event;
use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::person::User;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;
use crate::support::story::days;

const S: &str = "submitter@customer.test";
const O: &str = "owner@staff.test";
const N: &str = "new@staff.test";
const U: &str = "updated@staff.test";
const C: &str = "copied@customer.test";
const LISTS: &str = "new_ticket_cc = [\"new@staff.test\"]\nupdated_ticket_cc = [\"updated@staff.test\"]
escalate_after = \"1d\"\n";
/// Words that would come out wrong where they are escaped once too often, or not at all.
const WORDS: &str = "Öl & <b>Wasser</b>, \"3 < 4\", it's {{ fine }}";

const NONE: &str = "";

/// Event, then the template for submitter, owner, new-ticket list, updated-ticket list and CCs.
const TABLE: [(&str, [&str; 5]); 17] = [
    ("opened", ["newticket_submitter", "assigned_owner", "newticket_cc", "newticket_cc", "newticket_copy"]),
    ("comment", ["updated_submitter", "updated_owner", NONE, "updated_cc", "updated_copy"]),
    ("note", [NONE, "updated_owner", NONE, "updated_cc", NONE]),
    ("resolved", ["resolved_submitter", "resolved_owner", NONE, "resolved_cc", "resolved_copy"]),
    ("closed", ["closed_submitter", "closed_owner", NONE, "closed_cc", "closed_copy"]),
    ("reopened", ["updated_submitter", "updated_owner", NONE, "updated_cc", "updated_copy"]),
    ("assigned", [NONE, "assigned_owner", NONE, "assigned_cc", NONE]),
    ("escalated", ["escalated_submitter", "escalated_owner", NONE, "escalated_cc", NONE]),
    ("merged", ["merged_submitter", NONE, NONE, NONE, "merged_copy"]),
    ("hold", [NONE; 5]),
    ("unhold", [NONE; 5]),
    ("tag", [NONE; 5]),
    ("priority", [NONE; 5]),
    ("rating", [NONE; 5]),
    ("nobody's any more", [NONE; 5]),
    ("automatic reply", [NONE; 5]),
    ("monitoring mail", [NONE, "updated_owner", NONE, "updated_cc", NONE]),
];

/// A ticket with everybody around it, and nothing left to send.
async fn staged(on: On) -> (TestDesk, User) {
    let desk = TestDesk::with_config(on, LISTS).await;
    let owner = desk.agent(O).await;
    desk.receive(mail(S, "Möbel & <i>mehr</i>").id("first@client.test").text(WORDS)).await;
    desk.operator().assign(1, Some(&owner)).await;
    desk.operator().cc(1, C).await;
    desk.sent().await;
    (desk, owner)
}

/// Does what must have happened before the event.
async fn prepare(desk: &TestDesk, event: &str) {
    match event {
        "reopened" => desk.operator().close(1, "").await,
        "assigned" => desk.operator().assign(1, None).await,
        "merged" => drop(desk.operator().open(Some("other@customer.test"), "Survivor", "").await),
        "escalated" => desk.advance(days(1)),
        "unhold" => assert!(desk.operator().hold(1).await),
        _ => {}
    }
    desk.sent().await;
}

/// Lets somebody who is none of the five do what the event says.
async fn act(desk: &TestDesk, owner: &User, event: &str) {
    let hand = desk.operator();
    match event {
        "comment" => hand.comment(1, WORDS).await,
        "note" => hand.note(1, WORDS).await,
        "resolved" => hand.resolve(1, WORDS).await,
        "closed" => hand.close(1, WORDS).await,
        "reopened" => hand.reopen(1, WORDS).await,
        "assigned" => hand.assign(1, Some(owner)).await,
        "merged" => hand.merge(1, 2).await,
        "tag" => assert!(hand.tag(1, "fire").await),
        "priority" => hand.priority(1, 1).await,
        "hold" => assert!(hand.hold(1).await),
        "unhold" => assert!(hand.unhold(1).await),
        "nobody's any more" => hand.assign(1, None).await,
        "rating" => {
            let customer = desk.user(S).await;
            let rate = async |tx: &mut Tx, action: &mut Action| {
                let given = rate::Given { user_id: customer.id, value: 1, entry_id: None };
                rate::rate(tx, action, given, desk.now()).await
            };
            desk.by(&customer).acts_on(1, rate).await;
        }
        "escalated" => assert_eq!(desk.escalate().await, [1]),
        "automatic reply" | "monitoring mail" => {
            let kind = if event == "automatic reply" { "auto-replied" } else { "auto-generated" };
            let machine = mail(S, "Away").header("Auto-Submitted", kind);
            assert_eq!(desk.receive(machine.in_reply_to("first@client.test")).await, "followup #1 (machine)");
        }
        "opened" => tell(desk, Event::Opened).await,
        other => panic!("nobody can do `{other}`"),
    }
}

/// An event of a ticket that everybody takes part in already.
async fn tell(desk: &TestDesk, event: Event) {
    let actor = Actor::desk();
    let mut tx = desk.write().await;
    let mut action = Action::begin(&mut tx, &actor, TicketId(1)).await.expect("it is there");
    action.tell(News::new(event));
    event::record(&desk.app.desk(), &mut tx, action, desk.now()).await.expect("it is told");
    tx.commit().await.expect("it commits");
}

/// Recipient and template of every mail that the desk has written, oldest first.
async fn written(desk: &TestDesk) -> Vec<(String, String)> {
    let rows = store::outbox::list(&mut desk.read().await, 1000).await.expect("it is read");
    rows.into_iter().rev().map(|row| (row.recipient, row.template)).collect()
}

#[rstest]
#[tokio::test]
async fn each_event_mails_whom_the_table_names_and_nobody_else(#[values(On::Sqlite, On::Postgres)] on: On) {
    for (event, templates) in TABLE {
        let (desk, owner) = staged(on).await;
        prepare(&desk, event).await;
        let before = written(&desk).await.len();
        act(&desk, &owner, event).await;
        let mut mails = written(&desk).await.split_off(before);
        mails.sort();
        let cells = [S, O, N, U, C].into_iter().zip(templates).filter(|(_, template)| *template != NONE);
        let mut expected: Vec<_> = cells.map(|(to, template)| (to.to_owned(), template.to_owned())).collect();
        expected.sort();
        assert_eq!(mails, expected, "{event}");
        for sent in desk.sent().await.iter() {
            read_alike(event, sent);
            let outsider = [S, C].contains(&sent.to.as_str());
            assert!(event != "note" || !outsider, "a private note went to {}", sent.to);
        }
    }
}

/// Both parts say the same, and what somebody wrote is in them as he wrote it.
fn read_alike(event: &str, sent: &Sent) {
    let at = format!("{event} to {}: {}", sent.to, sent.raw);
    assert_eq!(letters(&sent.text), letters(&shown(&sent.html)), "{at}");
    for entity in ["&amp;", "&lt;", "&gt;", "&quot;", "&#"] {
        assert!(!sent.text.contains(entity) && !sent.subject.contains(entity), "{at}");
        assert!(!shown(&sent.html).contains(entity), "escaped twice: {at}");
    }
    assert!(!sent.html.contains("<b>Wasser") && !sent.html.contains("<i>mehr"), "{at}");
    if ["comment", "note", "resolved", "closed", "reopened"].contains(&event) {
        assert!(sent.text.contains(WORDS), "{at}");
    }
}

/// What a reader sees of an HTML part.
fn shown(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let outside: Vec<&str> =
        body.split('<').map(|part| part.split_once('>').map_or("", |(_, text)| text)).collect();
    let text = outside.join(" ").replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'").replace("&amp;", "&")
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What is gone with its ticket cannot be looked up: the mails themselves are watched.
#[rstest]
#[tokio::test]
async fn a_deletion_mails_nobody(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, _) = staged(on).await;
    desk.operator().delete(1).await;
    assert_eq!(desk.sent().await.to_string(), "nothing");
}

#[rstest]
#[tokio::test]
async fn an_address_in_several_roles_gets_one_mail_by_the_first(#[values(On::Sqlite, On::Postgres)] on: On) {
    let lists = "new_ticket_cc = [\"Team@staff.test\", \"owner@staff.test\"]\nupdated_ticket_cc = [\"team@STAFF.test\", \"Owner@staff.test\"]\n";
    let desk = TestDesk::with_config(on, lists).await;
    let owner = desk.agent(O).await;
    desk.receive(mail(S, "Printer on fire")).await;
    assert_eq!(desk.sent().await.len(), 3, "the customer, the team and the owner");
    desk.operator().assign(1, Some(&owner)).await;
    desk.sent().await;
    desk.operator().resolve(1, "Use water.").await;
    let templates: Vec<String> = written(&desk).await.into_iter().rev().take(3).map(|mail| mail.1).collect();
    assert_eq!(templates, ["resolved_cc", "resolved_owner", "resolved_submitter"]);
}

#[rstest]
#[tokio::test]
async fn nobody_is_told_of_his_own_act(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, owner) = staged(on).await;
    desk.by(&owner).resolve(1, "Use water.").await;
    assert_eq!(desk.sent().await.recipients(), [C, S, U]);
    let submitter = desk.user(S).await;
    desk.by(&submitter).comment(1, "There is none.").await;
    assert_eq!(desk.sent().await.recipients(), [C, O, U]);
    desk.by(&owner).assign(1, None).await;
    desk.by(&owner).assign(1, Some(&owner)).await;
    assert_eq!(desk.sent().await.recipients(), [U]);
    let copied = mail(C, "Re: Printer on fire").in_reply_to("first@client.test");
    assert_eq!(desk.receive(copied).await, "followup #1");
    assert_eq!(desk.sent().await.recipients(), [O, S, U]);
}

/// A reply that reopens is one event: two mails about it used to go to everybody.
#[rstest]
#[tokio::test]
async fn one_action_is_one_event(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, _) = staged(on).await;
    desk.operator().resolve(1, "Use water.").await;
    desk.sent().await;
    let reply = mail(S, "Re: Printer on fire").in_reply_to("first@client.test");
    desk.receive(reply).await;
    assert_eq!(desk.sent().await.recipients(), [C, O, U]);
    assert_eq!(desk.row(1).await.status.as_str(), "reopened");
}

#[rstest]
#[tokio::test]
async fn a_new_ticket_that_nobody_is_told_of_is_told_to_every_active_agent(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let gone = desk.agent("gone@staff.test").await;
    desk.disable(&gone).await;
    desk.agent("alex@staff.test").await;
    desk.agent("kim@staff.test").await;
    desk.receive(mail(S, "Printer on fire")).await;
    assert_eq!(desk.sent().await.recipients(), ["alex@staff.test", "kim@staff.test", S]);
    desk.operator().comment(1, "Words").await;
    assert_eq!(desk.sent().await.recipients(), [S], "only of new ones");
}

#[rstest]
#[tokio::test]
async fn an_owner_who_is_disabled_is_told_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, owner) = staged(on).await;
    desk.disable(&owner).await;
    desk.operator().comment(1, "Words").await;
    assert_eq!(desk.sent().await.recipients(), [C, S, U]);
}

/// Addresses of ours, and those that no mail can go to, are in no role.
#[rstest]
#[tokio::test]
async fn the_desk_never_writes_to_itself(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "aliases = [\"help@desk.test\"]").await;
    let ours = desk.customer("Help@Desk.test").await;
    desk.operator().open(Some("support@desk.test"), "Loop", "").await;
    let mut tx = desk.write().await;
    store::ticket_ccs::insert(&mut tx, TicketId(1), ours.id, desk.now()).await.unwrap();
    tx.commit().await.unwrap();
    desk.operator().comment(1, "Words").await;
    assert_eq!(desk.sent().await.to_string(), "nothing");
}
