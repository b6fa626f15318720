//! Agreements between two desks of ours: inviting, deciding, ending.

use helpdeskd::desk::share::command;
use helpdeskd::desk::share::command::Invitation;
use helpdeskd::desk::share::command::Settings;
use helpdeskd::sharing::Side;
use helpdeskd::sharing::agreement::Command;
use helpdeskd::sharing::agreement_status::Status;
use helpdeskd::sharing::policy::Notes;
use helpdeskd::sharing::stored::RequestState;
use helpdeskd::store;
use rstest::rstest;

use crate::support::scripted_partner::Act;
use crate::support::scripted_partner::ScriptedPartner;
use crate::support::sharer::FULL;
use crate::support::sharer::Sharer;
use crate::support::sharer::agreed;
use crate::support::story::On;
use crate::support::story::TestDesk;

#[rstest]
#[tokio::test]
async fn nothing_is_accepted_by_itself(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver) = (Sharer::start(on, 1).await, Sharer::start(on, 2).await);
    let uuid = sender.invite(&receiver.base(), FULL).await;
    sender.exchange().await;
    receiver.exchange().await;
    sender.exchange().await;
    assert_eq!(
        (sender.status(&uuid).await, receiver.status(&uuid).await),
        (Status::Pending, Status::Pending)
    );
    assert!(receiver.log(&uuid).await.is_empty(), "a stranger is not called");
    let accepted = sender.decide(&uuid, Command::Accept, Settings::default()).await;
    assert!(accepted.is_err(), "the sender cannot accept for the other");
    let without_queue = receiver.decide(&uuid, Command::Accept, Settings::default()).await;
    assert!(without_queue.expect_err("it is refused").to_string().contains("--queue"));

    receiver.decide(&uuid, Command::Decline, Settings::default()).await.expect("it can be declined");
    receiver.exchange().await;
    assert_eq!(sender.status(&uuid).await, Status::Declined);
    sender.desk.receive(crate::support::mail::mail("ann@customer.test", "Printer")).await;
    assert!(sender.try_share(1, &uuid).await.expect_err("it is refused").to_string().contains("declined"));
    receiver.accept(&uuid).await;
    receiver.exchange().await;
    assert_eq!(sender.status(&uuid).await, Status::Accepted, "the receiver changed his mind");
}

#[rstest]
#[tokio::test]
async fn either_side_ends_an_agreement_for_good(#[values(On::Sqlite, On::Postgres)] on: On) {
    for ender in [Side::Sender, Side::Receiver] {
        let (sender, receiver, uuid) = agreed(on, FULL).await;
        sender.desk.receive(crate::support::mail::mail("ann@customer.test", "Printer")).await;
        sender.share(1, &uuid).await;
        sender.exchange().await;
        // A hold of the partner's would never be lifted any more.
        receiver.desk.operator().comment(1, "Which printer?").await;
        receiver.exchange().await;
        assert_eq!(sender.state(1).await, "open held by partner");
        let (first, second) = if ender == Side::Sender { (&sender, &receiver) } else { (&receiver, &sender) };
        first.desk.operator().comment(1, "One last word.").await;
        first.decide(&uuid, Command::Deactivate, Settings::default()).await.expect("it can be ended");
        first.exchange().await;
        for desk in [first, second] {
            let agreement = desk.agreement(&uuid).await;
            assert_eq!((agreement.status, agreement.deactivated_by), (Status::Inactive, Some(ender)));
        }
        assert!(
            second.talk(1).await.iter().any(|line| line.ends_with("One last word.")),
            "it was said before"
        );
        assert_eq!(sender.state(1).await, "open");
        second.desk.operator().comment(1, "Too late.").await;
        second.exchange().await;
        assert!(!first.talk(1).await.iter().any(|line| line.ends_with("Too late.")));
        assert!(second.decide(&uuid, Command::Accept, Settings::default()).await.is_err(), "it has ended");
        let token = first.token(&uuid).await;
        let path = format!("/tickets/{}", first.shares(1).await[0].uuid);
        for verb in ["PUT", "GET", "DELETE"] {
            assert_eq!(first.call(verb, &path, &token, &serde_json::json!({})).await.status, 410, "{verb}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn the_secret_is_in_the_requests_and_nowhere_else(#[values(On::Sqlite, On::Postgres)] on: On) {
    let partner = ScriptedPartner::start().await;
    let desk = Sharer::start(on, 1).await;
    let uuid = desk.invite(&partner.base(), FULL).await;
    let key = desk.agreement(&uuid).await.access_key.expose().to_owned();
    let echo = format!("no such key {key}, token {uuid}:{key}");
    partner.then([Act::Answer(422, String::new(), echo.into_bytes())]);
    desk.exchange().await;
    let asked = partner.asked_once();
    assert_eq!(asked.json()["access_key"], key);
    assert_eq!(asked.header("X-Ticket-Sharing-Token"), None, "the reference client sends none either");
    assert_eq!(asked.header("X-Ticket-Sharing-Version"), Some("1"));
    assert_eq!(asked.header("Content-Type"), Some("application/json"));
    let log = desk.log(&uuid).await;
    let printed = format!("{log:?} {:?} {}", desk.agreement(&uuid).await, serde_json::json!(log));
    assert!(!printed.contains(&key), "{printed}");
    let id = desk.agreement(&uuid).await.id;
    let events = store::agreement_events::list(&mut desk.desk.read().await, id, 10).await;
    assert!(!format!("{:?}", events.expect("they are read")).contains(&key));
    assert_eq!(log[0].state, RequestState::Parked);
}

#[rstest]
#[tokio::test]
async fn a_strict_partner_gets_the_token_with_the_second_invitation(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let partner = ScriptedPartner::start().await;
    let desk = Sharer::start(on, 1).await;
    partner.then([Act::status(401), Act::status(201)]);
    let uuid = desk.invite(&partner.base(), FULL).await;
    desk.exchange().await;
    let asked = partner.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].header("X-Ticket-Sharing-Token"), Some(desk.token(&uuid).await.as_str()));
    assert_eq!(asked[0].body, asked[1].body);
    assert_eq!(desk.log_lines(&uuid).await, ["invitation 2 done 201"]);
}

#[rstest]
#[tokio::test]
async fn the_acceptance_may_come_before_the_answer_to_the_invitation(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = Sharer::start(on, 1).await;
    let partner = ScriptedPartner::start().await;
    partner.then([Act::Silence]);
    let uuid = desk.invite(&partner.base(), FULL).await;
    let partners = desk.partners.clone().with_patience(std::time::Duration::from_secs(5));
    let sending = desk.desk.app.tasks.spawn(async move { partners.step().await });
    partner.until_asked(1).await;
    let accept = serde_json::json!({"status": "accepted", "name": "Prompt Desk"});
    let token = desk.token(&uuid).await;
    assert_eq!(desk.call("PUT", &format!("/agreements/{uuid}"), &token, &accept).await.status, 200);
    assert_eq!(desk.status(&uuid).await, Status::Accepted);
    sending.await.expect("it ends").expect("the database works");
    assert_eq!(desk.status(&uuid).await, Status::Accepted, "no answer does not undo it");
    assert_eq!(desk.agreement(&uuid).await.partner_name, "Prompt Desk");
}

#[rstest]
#[tokio::test]
async fn own_settings_are_not_the_partners_business(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, _receiver, uuid) = agreed(on, FULL).await;
    let status_map = Some(r#"{"out": {"held": "hold"}}"#.to_owned());
    sender.set(&uuid, Settings { notes: Some(Notes::Shared), status_map, queue_id: None }).await;
    let agreement = sender.agreement(&uuid).await;
    assert_eq!(agreement.notes, Notes::Shared);
    assert_eq!(sender.log_lines(&uuid).await, ["invitation 1 done 201"]);
    let wrong = Settings { status_map: Some("{\"out\": 1}".to_owned()), ..Settings::default() };
    let mut tx = sender.desk.write().await;
    let actor = sender.desk.operator().actor;
    let refused =
        helpdeskd::desk::share::command::set(&mut tx, &actor, (&uuid, wrong), sender.desk.now()).await;
    assert!(refused.is_err());
}

#[rstest]
#[tokio::test]
async fn nobody_is_invited_who_could_not_answer(#[values(On::Sqlite, On::Postgres)] on: On) {
    for (ours, theirs, problem) in [
        ("http://127.0.0.1:8080", "https://acme.example/sharing", "http.public_url"),
        ("https://desk.example", "http://acme.example/sharing", "https://"),
        ("https://desk.example", "https://desk.example/sharing", "this desk"),
        ("https://desk.example", "ftp://acme.example/sharing", ""),
    ] {
        let desk = TestDesk::with_config(on, &format!("[http]\npublic_url = \"{ours}\"\n")).await;
        let invitation = Invitation { url: theirs, name: "Acme", terms: FULL };
        let (mut tx, actor) = (desk.write().await, desk.operator().actor);
        let what = (&invitation, Settings::default());
        let refused = command::invite(&desk.app.desk(), &mut tx, &actor, what, desk.now()).await;
        let why = refused.expect_err("it is refused").to_string();
        assert!(why.contains(problem), "{why}");
    }
}
