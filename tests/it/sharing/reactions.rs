//! What happens after each answer of a partner, and after none.

use std::time::Duration;

use helpdeskd::desk::share::command;
use helpdeskd::sharing::agreement_status::Status;
use helpdeskd::sharing::stored::RequestState;
use helpdeskd::sharing::stored::ShareState;
use helpdeskd::sharing::token::WireId;
use helpdeskd::store;
use helpdeskd::ticket::id::RequestId;
use rstest::rstest;
use serde_json::json;

use crate::support::mail::mail;
use crate::support::scripted_partner::Act;
use crate::support::scripted_partner::ScriptedPartner;
use crate::support::sharer::FULL;
use crate::support::sharer::Sharer;
use crate::support::story::On;
use crate::support::story::hours;
use crate::support::story::minutes;

/// A desk that may share with the partner.
async fn agreed(desk: &Sharer, partner: &ScriptedPartner) -> WireId {
    let uuid = desk.invite(&partner.base(), FULL).await;
    desk.exchange().await;
    let token = desk.token(&uuid).await;
    let reply =
        desk.call("PUT", &format!("/agreements/{uuid}"), &token, &json!({"status": "accepted"})).await;
    assert_eq!(reply.status, 200);
    assert_eq!(desk.status(&uuid).await, Status::Accepted);
    partner.asked();
    uuid
}

/// The same, with ticket 1 shared, which the partner took.
async fn shared(on: On) -> (Sharer, ScriptedPartner, WireId) {
    let (desk, partner) = (Sharer::start(on, 1).await, ScriptedPartner::start().await);
    let uuid = agreed(&desk, &partner).await;
    desk.desk.receive(mail("ann@customer.test", "Printer").text("It burns.")).await;
    desk.share(1, &uuid).await;
    desk.exchange().await;
    assert_eq!(partner.asked_once().verb, "POST");
    (desk, partner, uuid)
}

async fn last_line(desk: &Sharer, uuid: &WireId) -> String {
    desk.log_lines(uuid).await.pop().expect("there is one")
}

#[rstest]
#[tokio::test]
async fn success_is_done_and_nobody_reads_the_body(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, uuid) = shared(on).await;
    for code in [200, 201, 202, 204, 299] {
        partner.then([Act::Answer(
            code,
            String::new(),
            if code == 204 { vec![] } else { b"<html>".to_vec() },
        )]);
        desk.desk.operator().comment(1, "Again.").await;
        desk.exchange().await;
        assert_eq!(last_line(&desk, &uuid).await, format!("update 1 done {code}"));
    }
}

#[rstest]
#[tokio::test]
async fn a_refused_change_is_parked_and_those_behind_it_go_on(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, uuid) = shared(on).await;
    for code in [400, 402, 405, 406, 409, 411, 412, 413, 415, 418, 422, 423, 451] {
        partner.then([Act::Answer(code, String::new(), b"{\"error\": \"too long\"}".to_vec())]);
        desk.desk.operator().comment(1, "Refused.").await;
        desk.exchange().await;
        assert_eq!(last_line(&desk, &uuid).await, format!("update 1 parked {code}"));
    }
    let note = desk.talk(1).await.pop().expect("it is told");
    assert!(
        note.starts_with("private sharing") && note.contains("answer 451") && note.contains("too long"),
        "{note}"
    );
    desk.desk.operator().comment(1, "Taken.").await;
    desk.exchange().await;
    assert_eq!(last_line(&desk, &uuid).await, "update 1 done 200");
    assert!(!partner.asked().last().expect("it came").body.contains("answer 451"), "such notes stay here");

    let parked = desk
        .log(&uuid)
        .await
        .into_iter()
        .find(|row| row.state == RequestState::Parked)
        .expect("there is one");
    let (now, hand) = (desk.desk.now(), desk.desk.operator());
    hand.acts(async |tx| command::resend(tx, &hand.actor, (&uuid, Some(parked.id)), now).await).await;
    desk.exchange().await;
    assert_eq!(partner.asked_once().body, parked.body, "sent again as it was");
    let again = store::partner_outbox::find(&mut desk.desk.read().await, parked.id).await;
    assert_eq!(again.expect("it is read").expect("it is there").state, RequestState::Done);
    let refused = {
        let mut tx = desk.desk.write().await;
        command::resend(&mut tx, &hand.actor, (&uuid, Some(RequestId(9999))), now).await
    };
    assert!(refused.is_err());
}

#[rstest]
#[tokio::test]
async fn trouble_is_tried_again_in_order_for_three_days(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, uuid) = shared(on).await;
    partner.then([Act::status(500), Act::status(503), Act::Drop, Act::status(408), Act::status(429)]);
    desk.desk.operator().comment(1, "First.").await;
    desk.exchange().await;
    desk.desk.operator().comment(1, "Second.").await;
    for (wait, tries) in [(1, 2), (2, 3), (4, 4), (8, 5)] {
        desk.desk.advance(minutes(wait).saturating_sub(Duration::from_secs(1)));
        desk.exchange().await;
        desk.desk.advance(Duration::from_secs(1));
        desk.exchange().await;
        assert!(desk.log_lines(&uuid).await[2].starts_with(&format!("update {tries} queued")), "{tries}");
    }
    assert!(desk.agreement(&uuid).await.failing_since.is_none(), "429 is an answer");
    assert!(partner.asked().iter().all(|asked| asked.body.contains("First.")), "the second one waits");
    desk.desk.advance(minutes(16));
    desk.exchange().await;
    let asked = partner.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].body.contains("First.") && asked[1].body.contains("Second."), "{asked:?}");

    partner.then(std::iter::repeat_n(Act::Drop, 200));
    desk.desk.operator().comment(1, "Third.").await;
    for _ in 0..100 {
        desk.exchange().await;
        desk.desk.advance(hours(1));
    }
    let third = desk.log(&uuid).await.pop().expect("there is one");
    assert_eq!(third.state, RequestState::Failed);
    let tries = partner.asked().len();
    assert!((18..=24).contains(&tries), "{tries} tries in three days");
    assert!(desk.talk(1).await.pop().expect("it is told").contains("could not be reached"));
}

#[rstest]
#[tokio::test]
async fn a_partner_who_asks_for_time_gets_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, uuid) = shared(on).await;
    partner.then([Act::Answer(503, "Retry-After: 1800\r\n".to_owned(), vec![])]);
    desk.desk.operator().comment(1, "Hello.").await;
    desk.exchange().await;
    desk.desk.advance(minutes(29));
    desk.exchange().await;
    assert_eq!(last_line(&desk, &uuid).await, "update 1 queued 503");
    desk.desk.advance(minutes(1));
    desk.exchange().await;
    assert_eq!(last_line(&desk, &uuid).await, "update 2 done 200");
}

#[rstest]
#[tokio::test]
async fn a_lost_ticket_is_sent_whole_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, uuid) = shared(on).await;
    desk.desk.operator().comment(1, "One.").await;
    desk.exchange().await;
    partner.asked();
    partner.then([Act::status(404), Act::status(201)]);
    desk.desk.operator().comment(1, "Two.").await;
    let before = desk.log(&uuid).await.len();
    desk.exchange().await;
    let asked = partner.asked();
    let verbs: Vec<&str> = asked.iter().map(|asked| asked.verb.as_str()).collect();
    assert_eq!(verbs, ["PUT", "POST"]);
    let whole = asked[1].json();
    let bodies: Vec<&str> =
        whole["comments"].as_array().expect("a list").iter().filter_map(|c| c["body"].as_str()).collect();
    assert_eq!(bodies, ["It burns.", "One.", "Two."]);
    assert_eq!(whole["requester"]["name"], "Customer", "an address is no name");
    assert_eq!(desk.log(&uuid).await.len(), before, "it is the same request");
    desk.desk.operator().comment(1, "Fine.").await;
    desk.exchange().await;

    partner.then([Act::status(404), Act::status(201), Act::status(404)]);
    desk.desk.operator().comment(1, "Three.").await;
    desk.exchange().await;
    desk.desk.operator().comment(1, "Four.").await;
    desk.exchange().await;
    assert_eq!(desk.shares(1).await[0].state, ShareState::Unshared, "lost again at once: it is given up");
    assert!(desk.talk(1).await.pop().expect("it is told").contains("no longer has this ticket"));
}

#[rstest]
#[tokio::test]
async fn a_ticket_that_is_gone_is_no_longer_shared(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, uuid) = shared(on).await;
    partner.then([Act::Drop, Act::status(410)]);
    desk.desk.operator().comment(1, "One.").await;
    desk.exchange().await;
    desk.desk.operator().comment(1, "Two.").await;
    desk.desk.advance(minutes(1));
    desk.exchange().await;
    assert_eq!(desk.log_lines(&uuid).await[2..], ["update 2 failed 410", "update 0 cancelled -"]);
    assert_eq!(desk.shares(1).await[0].state, ShareState::Unshared);
    desk.desk.operator().comment(1, "Three.").await;
    desk.exchange().await;
    assert_eq!(partner.asked().len(), 2);
}

#[rstest]
#[tokio::test]
async fn a_partner_who_refuses_us_is_left_alone_and_an_operator_is_told(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for code in [401, 403] {
        let (desk, partner, uuid) = shared(on).await;
        partner.then([Act::status(code)]);
        desk.desk.operator().comment(1, "One.").await;
        desk.exchange().await;
        desk.desk.operator().comment(1, "Two.").await;
        desk.desk.advance(hours(10));
        desk.exchange().await;
        assert_eq!(partner.asked().len(), 1, "nothing more is sent");
        let agreement = desk.agreement(&uuid).await;
        let trouble = agreement.trouble.clone().unwrap_or_default();
        assert!(agreement.broken_at.is_some() && trouble.contains(&code.to_string()), "{trouble}");
        let (now, hand) = (desk.desk.now(), desk.desk.operator());
        hand.acts(async |tx| command::resend(tx, &hand.actor, (&uuid, None), now).await).await;
        desk.exchange().await;
        let told: String = partner.asked().iter().map(|asked| asked.body.clone()).collect();
        let (one, two) = (told.find("One."), told.find("Two."));
        assert!(one.is_some() && one < two, "in order: {told}");
    }
}

#[rstest]
#[tokio::test]
async fn the_end_of_sharing_is_done_whatever_the_partner_knows(#[values(On::Sqlite, On::Postgres)] on: On) {
    for code in [200, 204, 404, 405, 410] {
        let (desk, partner, uuid) = shared(on).await;
        desk.desk.operator().comment(1, "One last word.").await;
        assert_eq!(desk.unshare(1).await, 1);
        partner.then([Act::status(200), Act::status(code)]);
        desk.exchange().await;
        let asked = partner.asked();
        assert_eq!((asked[0].verb.as_str(), asked[1].verb.as_str()), ("PUT", "DELETE"));
        assert_eq!((asked[1].header("Content-Length"), asked[1].body.as_str()), (Some("0"), ""));
        assert_eq!(last_line(&desk, &uuid).await, format!("unshare 1 done {code}"));
        assert_eq!(desk.unshare(1).await, 0);
        // Shared again it has the same id, and the partner resumes.
        let id = desk.shares(1).await[0].uuid.clone();
        desk.share(1, &uuid).await;
        desk.exchange().await;
        assert_eq!(partner.asked_once().path, format!("/sharing/tickets/{id}"));
    }
}

#[rstest]
#[tokio::test]
async fn a_redirect_leads_the_secret_nowhere_else(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, uuid) = shared(on).await;
    let thief = ScriptedPartner::start().await;
    for code in [301, 302, 303, 307, 308] {
        partner.then([Act::redirect(code, &format!("{}/steal", thief.base()))]);
        desk.desk.operator().comment(1, "Secret.").await;
        desk.exchange().await;
        assert!(last_line(&desk, &uuid).await.contains("queued -"), "{code}");
        desk.desk.advance(hours(1));
        desk.exchange().await;
        assert_eq!(last_line(&desk, &uuid).await, "update 2 done 200", "{code}");
    }
    assert!(thief.asked().is_empty());
    partner.asked();
    partner.then([Act::redirect(302, "/elsewhere/tickets")]);
    desk.desk.operator().comment(1, "Moved.").await;
    desk.exchange().await;
    let asked = partner.asked();
    assert_eq!((asked[1].verb.as_str(), asked[1].path.as_str()), ("PUT", "/elsewhere/tickets"), "same verb");
    assert_eq!(asked[0].body, asked[1].body);
}

#[rstest]
#[tokio::test]
async fn a_partner_who_never_answers_or_never_stops_slows_nobody(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 1).await;
    let (silent, endless, good) =
        (ScriptedPartner::start().await, ScriptedPartner::start().await, ScriptedPartner::start().await);
    let agreements =
        [agreed(&desk, &silent).await, agreed(&desk, &endless).await, agreed(&desk, &good).await];
    silent.then(std::iter::repeat_n(Act::Silence, 100));
    endless.then(std::iter::repeat_n(Act::Flood, 100));
    for n in 1..=8 {
        desk.desk.receive(mail("ann@customer.test", "Printer")).await;
        for uuid in &agreements {
            desk.share(n, uuid).await;
        }
    }
    // The loop itself, as the daemon runs it.
    desk.desk.app.tasks.spawn(desk.partners.clone().with_patience(minutes(1)).run());
    let begun = std::time::Instant::now();
    good.until_asked(8).await;
    endless.until_asked(8).await;
    silent.until_asked(4).await;
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    let reply = desk.send("GET", "/healthz", &[], b"").await;
    assert_eq!(reply.status, 200);
    assert_eq!(silent.asked().len(), 4, "a partner has that many requests at once");
    desk.desk.leaves_unsettled();
}

#[rstest]
#[tokio::test]
async fn a_request_that_takes_too_long_is_tried_again(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, uuid) = shared(on).await;
    partner.then([Act::Silence, Act::Flood]);
    let hasty = desk.partners.clone().with_patience(Duration::from_millis(300));
    desk.desk.operator().comment(1, "Hello?").await;
    hasty.step().await.expect("the database works");
    let row = desk.log(&uuid).await.pop().expect("there is one");
    assert_eq!((row.state, row.code), (RequestState::Queued, None));
    assert!(row.answer.unwrap_or_default().contains("took longer"));
    assert!(desk.agreement(&uuid).await.failing_since.is_some());
    desk.desk.advance(minutes(1));
    desk.exchange().await;
    assert_eq!(last_line(&desk, &uuid).await, "update 2 done 200", "what follows the head is cut off");
    assert!(desk.agreement(&uuid).await.failing_since.is_none());
}

#[rstest]
#[tokio::test]
async fn a_partner_in_our_own_network_is_not_called_unless_that_is_allowed(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    use helpdeskd::net::client::Client;
    use helpdeskd::net::dns::Fixed;
    use helpdeskd::net::dns::Resolver;
    use helpdeskd::net::guard::Networks;
    use helpdeskd::tls::Trust;
    use helpdeskd::worker::partners::Partners;
    let (desk, partner, uuid) = shared(on).await;
    let inside = [std::net::IpAddr::from([127, 0, 0, 1])];
    let resolver = Resolver::fixed(Fixed::default().address("desk.example", &inside));
    let careful =
        Partners::new(desk.desk.app.clone(), Client::new(resolver, Trust::default(), Networks::Public));
    desk.desk.operator().comment(1, "Hello.").await;
    careful.step().await.expect("the database works");
    assert!(partner.asked().is_empty());
    let row = desk.log(&uuid).await.pop().expect("there is one");
    assert!(row.answer.unwrap_or_default().contains("https"), "plain http is refused");
    // And behind a name that only looks like a partner's.
    let token = desk.token(&uuid).await;
    let moved = json!({"receiver_url": format!("https://desk.example:{}/sharing", partner.address.port())});
    assert_eq!(desk.call("PUT", &format!("/agreements/{uuid}"), &token, &moved).await.status, 200);
    desk.desk.advance(minutes(1));
    careful.step().await.expect("the database works");
    let row = desk.log(&uuid).await.pop().expect("there is one");
    assert!(row.answer.unwrap_or_default().contains("must not be called"), "{:?}", row.code);
    assert!(partner.asked().is_empty());
}
