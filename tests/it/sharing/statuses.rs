//! Status and hold between two desks.

use helpdeskd::desk::action::Action;
use helpdeskd::desk::event;
use helpdeskd::desk::share::command::Settings;
use helpdeskd::ticket::id::TicketId;
use rstest::rstest;
use serde_json::json;

use crate::support::mail::mail;
use crate::support::reports::Report;
use crate::support::sharer::FULL;
use crate::support::sharer::Sharer;
use crate::support::sharer::agreed;
use crate::support::story::On;
use crate::support::story::days;

/// Two desks with one shared ticket, number 1 on both.
async fn shared(on: On) -> (Sharer, Sharer, helpdeskd::sharing::token::WireId) {
    let (sender, receiver, uuid) = agreed(on, FULL).await;
    sender.desk.receive(mail("Ann <ann@customer.test>", "Printer").text("It burns.")).await;
    sender.share(1, &uuid).await;
    sender.exchange().await;
    assert_eq!(receiver.state(1).await, "open");
    (sender, receiver, uuid)
}

async fn settle(sender: &Sharer, receiver: &Sharer) {
    for _ in 0..3 {
        sender.exchange().await;
        receiver.exchange().await;
    }
}

#[rstest]
#[tokio::test]
async fn resolving_closing_and_reopening_travel_both_ways(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = shared(on).await;
    let both = async || (sender.state(1).await, receiver.state(1).await);
    receiver.desk.operator().resolve(1, "Buy a new one.").await;
    settle(&sender, &receiver).await;
    assert_eq!(both().await, ("resolved".to_owned(), "resolved".to_owned()));
    assert_eq!(sender.desk.row(1).await.resolution.as_deref(), Some("Buy a new one."));
    sender.desk.operator().reopen(1, "It burns too.").await;
    settle(&sender, &receiver).await;
    assert_eq!(both().await, ("reopened".to_owned(), "reopened".to_owned()));
    sender.desk.operator().close(1, "").await;
    settle(&sender, &receiver).await;
    assert_eq!(both().await, ("closed".to_owned(), "closed".to_owned()));
    receiver.desk.operator().comment(1, "By the way, the guarantee covers it.").await;
    settle(&sender, &receiver).await;
    assert_eq!(sender.state(1).await, "reopened", "a public word opens what is closed");
    assert_eq!(receiver.state(1).await, "reopened", "and the partner learns of it");
    let requests = (sender.log_lines(&uuid).await.len(), receiver.log_lines(&uuid).await.len());
    settle(&sender, &receiver).await;
    assert_eq!(
        (sender.log_lines(&uuid).await.len(), receiver.log_lines(&uuid).await.len()),
        requests,
        "no echo"
    );
}

/// Telling came before saving, so the partner stayed at "resolved" until something else happened.
#[rstest]
#[tokio::test]
async fn the_partner_hears_that_a_resolution_came_back_and_the_ticket_is_open_again(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (sender, receiver, _) = shared(on).await;
    sender.desk.operator().resolve(1, "It is out.").await;
    settle(&sender, &receiver).await;
    assert_eq!(receiver.state(1).await, "resolved");
    let sent = sender.desk.sent().await;
    let resolution = sent.0.iter().rfind(|sent| sent.to == "ann@customer.test").expect("she is told");
    sender.desk.receive(Report::unknown(resolution).write()).await;
    assert_eq!(sender.state(1).await, "reopened");
    settle(&sender, &receiver).await;
    assert_eq!(receiver.state(1).await, "reopened");
}

#[rstest]
#[tokio::test]
async fn an_answer_holds_the_ticket_for_the_partner_until_the_customer_speaks(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (sender, receiver, _) = shared(on).await;
    receiver.desk.operator().comment(1, "Which printer?").await;
    settle(&sender, &receiver).await;
    assert_eq!(
        (sender.state(1).await.as_str(), receiver.state(1).await.as_str()),
        ("open held by partner", "open")
    );
    let sent = sender.desk.sent().await;
    let question = sent.0.iter().rfind(|sent| sent.to == "ann@customer.test").expect("she is asked");
    assert!(question.text.contains("Which printer?"), "{}", question.text);
    sender.desk.receive(question.answer("The red one.")).await;
    assert_eq!(sender.state(1).await, "open", "she has spoken");
    settle(&sender, &receiver).await;
    assert_eq!(receiver.state(1).await, "open");
    assert!(receiver.talk(1).await.last().expect("it came").ends_with("Ann: The red one."));
}

#[rstest]
#[tokio::test]
async fn our_own_hold_is_ours_to_lift(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = shared(on).await;
    assert!(sender.desk.operator().hold(1).await);
    settle(&sender, &receiver).await;
    assert_eq!(receiver.state(1).await, "open", "many desks know no hold, so it is told as open");
    let (token, path) = (sender.token(&uuid).await, format!("/tickets/{}", sender.shares(1).await[0].uuid));
    for word in ["open", "new", "pending", "hold", "strange", "OPEN"] {
        assert_eq!(sender.call("PUT", &path, &token, &json!({"status": word})).await.status, 200, "{word}");
        assert_eq!(sender.state(1).await, "open held by us", "{word}");
    }
    let status_map = Some(r#"{"out": {"held": "hold"}, "in": {"Awaiting Parts": "held"}}"#.to_owned());
    sender.set(&uuid, Settings { status_map, ..Settings::default() }).await;
    assert!(sender.desk.operator().unhold(1).await);
    assert_eq!(sender.call("PUT", &path, &token, &json!({"status": "awaiting parts"})).await.status, 200);
    assert_eq!(sender.state(1).await, "open held by partner");
    assert_eq!(
        sender
            .call("PUT", &path, &token, &json!({"status": "open", "custom_status": "AWAITING PARTS"}))
            .await
            .status,
        200
    );
    assert_eq!(sender.state(1).await, "open held by partner", "his own name for it says more");
    assert_eq!(sender.call("PUT", &path, &token, &json!({"status": "open"})).await.status, 200);
    assert_eq!(sender.state(1).await, "open");
    assert!(sender.desk.operator().hold(1).await);
    settle(&sender, &receiver).await;
    assert_eq!(receiver.state(1).await, "open held by partner", "his map says that he knows the word");
}

#[rstest]
#[tokio::test]
async fn a_given_status_wins_over_what_its_comments_would_do(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, _receiver, uuid) = shared(on).await;
    sender.desk.sent().await;
    let (token, path) = (sender.token(&uuid).await, format!("/tickets/{}", sender.shares(1).await[0].uuid));
    let say = |uuid: &str, status: &str, public: bool| {
        json!({"status": status, "comments": [
            {"uuid": uuid, "body": format!("Words {uuid}"), "public": public, "author": {"uuid": "z", "name": "Zoe", "role": "agent"}}
        ]})
    };
    for (uuid, status, public, state, mails) in [
        ("a", "solved", true, "resolved", 1),
        ("b", "solved", true, "resolved", 1),
        ("c", "solved", false, "resolved", 0),
        ("d", "closed", true, "closed", 1),
        ("e", "solved", false, "closed", 0),
        ("f", "open", true, "reopened", 1),
        ("g", "pending", true, "reopened held by partner", 1),
    ] {
        assert_eq!(sender.call("PUT", &path, &token, &say(uuid, status, public)).await.status, 200);
        assert_eq!(sender.state(1).await, state, "{uuid}");
        let sent = sender.desk.sent().await;
        let to_ann: Vec<_> = sent.iter().filter(|sent| sent.to == "ann@customer.test").collect();
        assert_eq!(to_ann.len(), mails, "{uuid}: one act is one mail");
        assert!(to_ann.iter().all(|sent| sent.text.contains(&format!("Words {uuid}"))), "{uuid}");
    }
}

#[rstest]
#[tokio::test]
async fn past_its_time_a_shared_ticket_still_reopens(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, _) = shared(on).await;
    sender.desk.operator().close(1, "").await;
    settle(&sender, &receiver).await;
    sender.desk.advance(days(200));
    receiver.desk.advance(days(200));
    receiver.desk.operator().comment(1, "Still there?").await;
    settle(&sender, &receiver).await;
    assert_eq!(sender.state(1).await, "reopened");
    assert_eq!(sender.desk.tickets().await.lines().count(), 1, "its share is bound to it");
}

#[rstest]
#[tokio::test]
async fn tags_and_custom_fields_travel(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = shared(on).await;
    assert!(sender.desk.operator().tag(1, "fire").await);
    settle(&sender, &receiver).await;
    assert_eq!(receiver.tags(1).await, ["fire"]);
    assert!(receiver.desk.operator().tag(1, "hot").await);
    settle(&sender, &receiver).await;
    assert_eq!(sender.tags(1).await, ["fire", "hot"]);
    let (token, path) = (sender.token(&uuid).await, format!("/tickets/{}", sender.shares(1).await[0].uuid));
    let given = json!({"tags": ["fire"], "custom_fields": {"zd_custom_fields": {"Camera": "X100"}}});
    assert_eq!(sender.call("PUT", &path, &token, &given).await.status, 200);
    assert_eq!(sender.tags(1).await, ["fire"], "the partner takes back what he gave");
    assert_eq!(sender.call("PUT", &path, &token, &json!({"tags": []})).await.status, 200);
    assert_eq!(sender.tags(1).await, ["fire"], "but not what is ours");
    let more =
        json!({"custom_fields": {"zd_custom_fields": {"camera": "X200", "Lens": 35}, "other": {"a": 1}}});
    assert_eq!(sender.call("PUT", &path, &token, &more).await.status, 200);
    let shown = sender.call("GET", &path, &token, &serde_json::Value::Null).await.json();
    let fields = json!({"zd_custom_fields": {"Camera": "X200", "Lens": 35}, "other": {"a": 1}});
    assert_eq!(shown["custom_fields"], fields);
}

#[rstest]
#[tokio::test]
async fn two_automations_that_answer_each_other_are_stopped(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, _receiver, uuid) = shared(on).await;
    let actor = helpdeskd::desk::actor::Actor::desk();
    for n in 0..30 {
        sender.desk.advance(std::time::Duration::from_secs(1));
        let now = sender.desk.now();
        let mut tx = sender.desk.write().await;
        let mut action = Action::begin(&mut tx, &actor, TicketId(1)).await.expect("it is there");
        helpdeskd::desk::people::tag(&mut tx, &mut action, &format!("t{n}")).await.expect("it is a tag");
        event::record(&sender.desk.app.desk(), &mut tx, action, now).await.expect("it is recorded");
        tx.commit().await.expect("it commits");
        sender.exchange().await;
    }
    let sent = sender.log(&uuid).await.iter().filter(|row| row.about == "update").count();
    assert_eq!(sent, 20);
    // A person is never held up, and what was not told is told then.
    sender.desk.operator().tag(1, "by-hand").await;
    sender.exchange().await;
    let told = sender.log(&uuid).await.pop().expect("there is one").body;
    assert!(told.contains("t29") && told.contains("by-hand"), "{told}");
}
