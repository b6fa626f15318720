//! The one automatic answer that a customer gets, and who gets none.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::hours;

const ANN: &str = "Ann Arbor <ann@customer.test>";

#[rstest]
#[tokio::test]
async fn an_acknowledgement_carries_nothing_that_a_spammer_wrote(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.mails_are(Authentication::None);
    let spam = mail("Buy pills at http://spam.test <victim@customer.test>", "Cheap pills").text("Click here");
    desk.receive(spam.attachment("pills.pdf", "application/pdf", b"%PDF-1.4")).await;
    let sent = desk.sent().await;
    assert_snapshot!(sent[0].subject, @"[support-1] Your request");
    assert_snapshot!(sent[0].text, @r"
    Hello,

    We have received your request. Its number is [support-1].
    We will answer as soon as we can.

    To add something, reply to this mail and leave its subject as it is.

    -- 
    Support
    ");
    assert_eq!(sent[0].header("To").as_deref(), Some("victim@customer.test"));
    for word in ["pills", "spam.test", "click"] {
        assert!(!sent[0].raw.to_lowercase().contains(word), "{word}: {}", sent[0].raw);
    }
}

#[rstest]
#[tokio::test]
async fn an_acknowledgement_of_authentic_mail_names_the_matter(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive_as(Authentication::Pass, mail(ANN, "Printer on fire").text("It burns.")).await;
    let sent = desk.sent().await;
    assert_snapshot!(sent[0].subject, @"[support-1] Printer on fire");
    assert!(!sent[0].raw.contains("It burns"), "{}", sent[0].text);
}

#[rstest]
#[tokio::test]
async fn an_acknowledgement_says_that_it_is_automatic(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    let sent = desk.sent().await;
    let header = |name: &str| sent[0].header(name).unwrap_or_default();
    assert_eq!(header("Auto-Submitted"), "auto-replied");
    assert_eq!(header("X-Auto-Response-Suppress"), "All");
    assert_eq!(header("In-Reply-To"), "<first@client.test>");
    assert_eq!(sent[0].envelope_from, "", "the null path");
}

#[rstest]
#[case("postmaster@customer.test")]
#[case("no-reply@customer.test")]
#[case("DoNotReply@customer.test")]
#[case("bounces+ann=x@customer.test")]
#[case("root@customer.test")]
#[tokio::test]
async fn addresses_that_nobody_reads_get_no_acknowledgement(
    #[case] from: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    assert_eq!(desk.receive(mail(from, "Printer on fire")).await, "ticket #1");
    assert_snapshot!(desk.sent().await, @"nothing");
}

#[rstest]
#[tokio::test]
async fn mail_that_cannot_be_answered_is_not_acknowledged(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "One").stamped("Return-Path", "<>")).await;
    desk.receive(mail(ANN, "Two").header("Reply-To", "noreply@customer.test")).await;
    assert_eq!(desk.receive_as(Authentication::Fail, mail(ANN, "Three")).await, "ticket #3");
    desk.receive(mail("ann@-customer-.test", "Four")).await;
    assert_snapshot!(desk.sent().await, @"nothing");
    assert_snapshot!(desk.tickets().await, @r"
    #1 open `One`, 1 message
    #2 open `Two`, 1 message
    #3 open `Three`, 1 message
    #4 open `Four`, 1 message
    ");
}

#[rstest]
#[tokio::test]
async fn one_address_gets_five_acknowledgements_a_day(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.mails_are(Authentication::None);
    for n in 1..=7 {
        // In any case, and whatever the name beside it.
        let from = if n % 2 == 0 { "ANN@Customer.test" } else { ANN };
        desk.receive(mail(from, &format!("Matter {n}"))).await;
        desk.advance(hours(1));
    }
    assert_eq!(desk.sent().await.len(), 5);
    desk.advance(hours(18));
    desk.receive(mail(ANN, "The next day")).await;
    assert_eq!(desk.sent().await.len(), 1);
}

#[rstest]
#[tokio::test]
async fn one_domain_gets_fifty_acknowledgements_a_day(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.mails_are(Authentication::None);
    for n in 1..=52 {
        desk.receive(mail(&format!("user{n}@bot.test"), "Hello")).await;
    }
    desk.receive(mail(ANN, "Printer on fire")).await;
    let sent = desk.sent().await;
    assert_eq!(sent.iter().filter(|sent| sent.to.ends_with("@bot.test")).count(), 50);
    assert_eq!(sent.to("ann@customer.test").subject, "[support-53] Your request");
}

#[rstest]
#[tokio::test]
async fn tickets_opened_by_staff_always_notify_and_do_not_count(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    for n in 1..=7 {
        desk.operator().open(Some("ann@customer.test"), &format!("Matter {n}"), "She called.").await;
    }
    assert_eq!(desk.sent().await.len(), 7);
    desk.receive(mail(ANN, "Matter 8")).await;
    assert_eq!(desk.sent().await.len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_reply_is_not_acknowledged(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let first = desk.sent().await[0].clone();
    desk.receive(first.answer("It still burns.")).await;
    assert_eq!(desk.sent().await.to_string(), "nothing");
}
