//! Two desks that share a ticket: who gets to read what.

use std::sync::Arc;

use helpdeskd::desk::comment;
use helpdeskd::desk::comment::Said;
use helpdeskd::desk::prepared::Prepared;
use helpdeskd::desk::share::command::Settings;
use helpdeskd::sharing::policy::Mark;
use helpdeskd::sharing::policy::Notes;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::sharer::FULL;
use crate::support::sharer::Sharer;
use crate::support::sharer::agreed;
use crate::support::story::On;

async fn settle(desks: &[&Sharer]) {
    for _ in 0..3 {
        for desk in desks {
            desk.exchange().await;
        }
    }
}

/// What the texts of a conversation say, without what the desk notes itself.
async fn texts(desk: &Sharer, id: i64) -> Vec<String> {
    let entries = desk.desk.followups(id).await.into_iter().filter(|entry| entry.kind != EntryKind::Sharing);
    entries.map(|entry| entry.text.trim_end().to_owned()).collect()
}

#[rstest]
#[tokio::test]
async fn a_customer_and_a_partner_talk_through_the_desk(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = agreed(on, FULL).await;
    sender.desk.receive(mail("Ann Lee <ann@customer.test>", "Printer on fire").text("It burns.")).await;
    sender.desk.sent().await;
    let left = sender.share(1, &uuid).await;
    assert_eq!((left.comments, left.attachments, left.kept), (1, 0, 0));
    settle(&[&sender, &receiver]).await;
    assert_eq!(receiver.talk(1).await, ["public opened Ann Lee: It burns."]);
    assert_eq!(receiver.desk.row(1).await.subject, "Printer on fire");
    assert_eq!(receiver.shares(1).await[0].original_id.as_deref(), Some("1"));
    let alex = receiver.desk.agent("alex@partner.test").await;
    receiver.desk.by(&alex).comment(1, "Have you tried water?").await;
    settle(&[&sender, &receiver]).await;
    let sent = sender.desk.sent().await;
    let question = sent.to("ann@customer.test");
    assert!(question.text.contains("Have you tried water?"), "{}", question.text);
    assert_eq!(question.header("Auto-Submitted"), None, "a person's words");
    assert!(!question.raw.contains("alex@partner.test"), "no address travels");
    sender.desk.receive(question.answer("It hisses now.")).await;
    settle(&[&sender, &receiver]).await;
    assert_eq!(texts(&receiver, 1).await, ["It burns.", "Have you tried water?", "It hisses now."]);
    assert_eq!(sender.shares(1).await.len(), 1);
    let told = receiver.log(&uuid).await.iter().map(|row| row.body.clone()).collect::<String>()
        + &sender.log(&uuid).await.iter().map(|row| row.body.clone()).collect::<String>();
    assert!(!told.contains('@'), "no address is in any request: {told}");
}

#[rstest]
#[tokio::test]
async fn private_notes_stay_at_home_unless_they_are_marked(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = agreed(on, FULL).await;
    sender.desk.receive(mail("ann@customer.test", "Printer").text("It burns.")).await;
    sender.desk.operator().note(1, "She sounded angry.").await;
    assert_eq!(sender.share(1, &uuid).await.kept, 1);
    let marked = async |desk: &Sharer, text: &str| {
        let words = Prepared::plain(text).marked(Mark::ToPartner);
        let (now, hand) = (desk.desk.now(), desk.desk.operator());
        let said = Said::of(Visibility::Private, Arc::new(words));
        hand.acts_on(1, async |tx, action| {
            comment::comment(&desk.desk.app.desk(), tx, action, said, now).await
        })
        .await;
    };
    sender.desk.operator().note(1, "We should drop her.").await;
    marked(&sender, "She has a contract.").await;
    assert!(sender.desk.operator().hold(1).await, "such notes of the desk itself stay, too");
    settle(&[&sender, &receiver]).await;
    assert_eq!(texts(&receiver, 1).await, ["It burns.", "She has a contract."]);
    assert_eq!(receiver.desk.followups(1).await[1].visibility, Visibility::Private);
    marked(&receiver, "Then we send somebody.").await;
    settle(&[&sender, &receiver]).await;
    assert!(sender.talk(1).await.last().expect("it came").starts_with("private comment"));
    // Set to shared, notes travel from now on; the earlier ones still stay.
    sender.set(&uuid, Settings { notes: Some(Notes::Shared), ..Settings::default() }).await;
    sender.desk.operator().note(1, "He comes at noon.").await;
    settle(&[&sender, &receiver]).await;
    let there = texts(&receiver, 1).await;
    assert_eq!(there.last().map(String::as_str), Some("He comes at noon."));
    assert!(!there.iter().any(|text| text.contains("angry") || text.contains("drop")), "{there:?}");
    let sent = sender.desk.sent().await;
    assert!(sent.iter().all(|sent| !sent.text.contains("contract")), "private is private for customers");
}

#[rstest]
#[tokio::test]
async fn what_strangers_and_machines_mail_does_not_travel(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = agreed(on, FULL).await;
    sender.desk.receive(mail("ann@customer.test", "Printer").text("It burns.")).await;
    sender.desk.operator().comment(1, "Really?").await;
    let sent = sender.desk.sent().await;
    let ours = sent.0.iter().rfind(|sent| sent.to == "ann@customer.test").expect("she is asked");
    sender.share(1, &uuid).await;
    settle(&[&sender, &receiver]).await;
    let robot = ours.answer("I am away.").header("Auto-Submitted", "auto-replied");
    sender.desk.receive(robot).await;
    sender.desk.receive(ours.answer("Buy pills.").header("From", "eve@stranger.test")).await;
    sender.set(&uuid, Settings { notes: Some(Notes::Shared), ..Settings::default() }).await;
    sender.desk.operator().comment(1, "Hello?").await;
    settle(&[&sender, &receiver]).await;
    assert_eq!(texts(&receiver, 1).await, ["It burns.", "Really?", "Hello?"]);
}

#[rstest]
#[tokio::test]
async fn a_ticket_goes_to_several_partners_and_what_one_says_reaches_the_others(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (sender, one, first) = agreed(on, FULL).await;
    let two = Sharer::start(on, 3).await;
    let second = sender.invite(&two.base(), FULL).await;
    sender.exchange().await;
    two.accept(&second).await;
    two.exchange().await;
    sender.desk.receive(mail("Ann <ann@customer.test>", "Printer").text("It burns.")).await;
    sender.share(1, &first).await;
    sender.share(1, &second).await;
    let all = [&sender, &one, &two];
    settle(&all).await;
    assert!(one.try_share(1, &first).await.is_err(), "the receiver does not share under this agreement");
    one.desk.operator().comment(1, "From one.").await;
    two.desk.operator().comment(1, "From two.").await;
    assert!(one.desk.operator().tag(1, "seen").await);
    settle(&all).await;
    for desk in all {
        let mut said = texts(desk, 1).await;
        said.sort();
        assert_eq!(said, ["From one.", "From two.", "It burns."]);
        assert_eq!(desk.tags(1).await, ["seen"]);
    }
    let counts = async || {
        (sender.log(&first).await.len(), sender.log(&second).await.len(), one.log(&first).await.len())
    };
    let before = counts().await;
    settle(&all).await;
    assert_eq!(counts().await, before, "it ends");
    two.desk.operator().resolve(1, "Done.").await;
    settle(&all).await;
    assert_eq!((sender.state(1).await, one.state(1).await), ("resolved".to_owned(), "resolved".to_owned()));
}

#[rstest]
#[tokio::test]
async fn a_received_ticket_is_shared_onward_but_not_back(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, middle, first) = agreed(on, FULL).await;
    let last = Sharer::start(on, 3).await;
    let onward = middle.invite(&last.base(), FULL).await;
    let back = middle.invite(&sender.base(), FULL).await;
    middle.exchange().await;
    last.accept(&onward).await;
    sender.accept(&back).await;
    last.exchange().await;
    sender.exchange().await;
    sender.desk.receive(mail("Ann <ann@customer.test>", "Printer").text("It burns.")).await;
    sender.share(1, &first).await;
    let all = [&sender, &middle, &last];
    settle(&all).await;
    assert!(middle.try_share(1, &back).await.expect_err("it is refused").to_string().contains("already"));
    middle.share(1, &onward).await;
    settle(&all).await;
    last.desk.operator().comment(1, "Ask the fire brigade.").await;
    settle(&all).await;
    assert_eq!(texts(&sender, 1).await, ["It burns.", "Ask the fire brigade."]);
    let sent = sender.desk.sent().await;
    assert!(sent.0.iter().any(|sent| sent.to == "ann@customer.test" && sent.text.contains("fire brigade")));
    assert_eq!(last.desk.tickets().await.lines().count(), 1);
}

#[rstest]
#[tokio::test]
async fn a_long_ticket_travels_whole(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = agreed(on, FULL).await;
    sender.desk.receive(mail("ann@customer.test", "Printer").text("0")).await;
    for n in 1..60 {
        let text = if n % 10 == 0 { format!("{n} {}", "long ".repeat(50_000)) } else { n.to_string() };
        sender.desk.operator().comment(1, &text).await;
    }
    sender.share(1, &uuid).await;
    for n in 60..180 {
        sender.desk.operator().comment(1, &n.to_string()).await;
    }
    settle(&[&sender, &receiver]).await;
    let there = texts(&receiver, 1).await;
    let numbers: Vec<usize> = there
        .iter()
        .map(|text| text.split(' ').next().and_then(|n| n.trim().parse().ok()).unwrap_or(999))
        .collect();
    assert_eq!(numbers, (0..180).collect::<Vec<_>>());
    assert!(sender.log(&uuid).await.len() < 12, "unsent changes are folded");
}

/// A partner has seen as little of what an opening mail answers as the desk had.
#[rstest]
#[tokio::test]
async fn what_an_opening_mail_answers_goes_to_the_partner_with_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (sender, receiver, uuid) = agreed(on, FULL).await;
    let old = (1..=40).map(|n| format!("> Lamp {n} of forty.\n")).collect::<Vec<_>>().concat();
    let text = format!("I did not order that.\n\nAm 1.3.2026 um 08:00 schrieb Shop <shop@shop.test>:\n{old}");
    let opening = mail("ann@customer.test", "Re: Your order").in_reply_to("crm-7@shop.test").text(&text);
    assert_eq!(sender.desk.receive(opening.id("first@client.test")).await, "ticket #1");
    let later = "Hello?\n\nOn 2 Mar 2026 at 08:00, Ann <ann@customer.test> wrote:\n> I did not order that.\n";
    let later = mail("ann@customer.test", "Re: Your order").in_reply_to("first@client.test").text(later);
    assert_eq!(sender.desk.receive(later).await, "followup #1");
    sender.share(1, &uuid).await;
    settle(&[&sender, &receiver]).await;
    let there = texts(&receiver, 1).await;
    assert!(
        there[0].starts_with("I did not order that.") && there[0].contains("Lamp 40 of forty."),
        "{there:?}"
    );
    assert_eq!(there[1..], ["Hello?"]);
}
