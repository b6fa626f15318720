//! How much mail the desk causes: each number is the operator's, and each mail that does not leave for it is named.

use std::path::Path;

use rstest::rstest;

use helpdeskd::config::Config;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::event::Kind;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::worker::digest;

use crate::support::desk::both;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

const ANN: &str = "ann@customer.test";
const ALEX: &str = "alex@staff.test";

/// The values of a ticket's log that say what was not sent.
async fn held(desk: &TestDesk, id: i64) -> Vec<String> {
    let log = store::events::list(&mut desk.read().await, TicketId(id)).await.expect("it is read");
    log.into_iter().filter(|event| event.kind == Kind::DeliveryHeld).filter_map(|event| event.new).collect()
}

#[rstest]
#[tokio::test]
async fn acknowledgements_end_at_the_numbers_of_the_configuration(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let caps = "[caps]\nacknowledgements = 3\nacknowledgements_unproven = 1\n\
                acknowledgements_unproven_domain = 2\nacknowledgements_unproven_provider = 4\n";
    let desk = TestDesk::with_config(on, caps).await;
    let mut expected = Vec::new();
    for (proof, address, most, of) in
        [(Authentication::Pass, ANN, 3, "address"), (Authentication::None, "bob@other.test", 1, "address")]
    {
        for n in 0..=most {
            desk.receive_as(proof, mail(address, &format!("Matter {n}"))).await;
        }
        expected
            .push(format!("{address}: no acknowledgement: {most} to this {of} within a day are the most"));
    }
    for (domain, most) in [("bot.test", 2), ("gmail.com", 4)] {
        for n in 0..=most {
            desk.receive_as(Authentication::None, mail(&format!("user{n}@{domain}"), "Hello")).await;
        }
        expected.push(format!(
            "user{most}@{domain}: no acknowledgement: {most} to this domain within a day are the most"
        ));
    }
    let sent = desk.sent().await;
    let to = |end: &str| sent.iter().filter(|sent| sent.to.ends_with(end)).count();
    assert_eq!([to(ANN), to("@other.test"), to("@bot.test"), to("@gmail.com")], [3, 1, 2, 4]);
    let mut named = Vec::new();
    for id in [4, 6, 9, 14] {
        named.extend(held(&desk, id).await);
    }
    assert_eq!(named, expected);
    let told = desk.check().await;
    assert!(told.contains("4 mails") && told.contains("see ticket 4, 6, 9, 14"), "{told}");
}

#[rstest]
#[tokio::test]
async fn notices_to_customers_and_agents_end_at_the_numbers_of_the_configuration(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let caps = "[caps]\nticket_mails = [2, 2, 2, 2, 2]\nrecipient_mails = [3, 4, 5, 6, 7]\n\
                staff_mails = [4, 4, 4, 4, 4]\ndomain_mails = 3\n";
    let desk = TestDesk::with_config(on, caps).await;
    desk.agent(ALEX).await;
    for n in 1..=4 {
        desk.operator().open(Some(ANN), &format!("Matter {n}"), "She called.").await;
    }
    let sent = desk.sent().await;
    assert_eq!(sent.iter().filter(|sent| sent.to == ANN).count(), 3, "about all tickets");
    let most = "3 mails about all tickets to this address within 10 minutes are the most";
    assert_eq!(held(&desk, 4).await, [format!("{ANN}: held back: {most}")]);
    desk.advance(minutes(601));
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.operator().cc(5, "bob@customer.test").await;
    for n in 1..=3 {
        let word = mail("bob@customer.test", "Re: Printer on fire").in_reply_to("first@client.test");
        desk.receive(word.text(&format!("Word {n}."))).await;
    }
    let sent = desk.sent().await;
    assert_eq!(sent.iter().filter(|sent| sent.to == ANN).count(), 2, "about one ticket");
    desk.advance(minutes(601));
    for n in 1..=5 {
        desk.receive(mail(&format!("user{n}@bot.test"), &format!("Matter {n}"))).await;
    }
    assert_eq!(desk.sent().await.iter().filter(|sent| sent.to == ALEX).count(), 3, "by one domain");
    let by_domain = "3 mails that one domain caused to this address within 10 minutes are the most";
    assert_eq!(held(&desk, 10).await, [format!("{ALEX}: told in a digest: {by_domain}")]);
    digest::run(&desk.app).await.expect("it runs");
    assert_eq!(desk.sent().await.recipients(), [ALEX]);
}

#[rstest]
#[tokio::test]
async fn reopenings_and_storms_end_at_the_numbers_of_the_configuration(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "[caps]\nreopenings = 1\nstorm_mails = 3\n").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let told = desk.sent().await;
    for expected in ["reopened", "resolved"] {
        desk.operator().resolve(1, "Use water.").await;
        desk.receive(told.to(ANN).answer(&format!("No, {expected}."))).await;
        assert_eq!(desk.row(1).await.status.as_str(), expected);
    }
    let mut became = Vec::new();
    for _ in 0..4 {
        became.push(desk.receive(mail("bob@customer.test", "Help")).await);
    }
    assert_eq!(became[..2], ["ticket #2", "ticket #3"]);
    assert!(became[2..].iter().all(|word| word.contains("storm")), "{became:?}");
    desk.sent().await;
}

both! {
    /// Whoever had a program's password could have anybody mailed without end.
    a_program_has_one_address_acknowledged_thirty_times_a_day(desk) {
        desk.susan().await;
        for n in 0..33 {
            let address = if n % 2 == 0 { "Victim@customer.test".to_owned() } else { format!("victim+{n}@customer.test") };
            let title = format!("Matter {n}");
            let arguments = [("queue", "2"), ("title", title.as_str()), ("submitter_email", address.as_str())];
            assert_eq!(desk.jutda("create_ticket", &arguments).await.status, 200);
            desk.advance(minutes(20));
        }
        assert_eq!(desk.mails().await.len(), 30);
        let held = desk.audit(33).await;
        let named = held.iter().any(|event| event.contains("30 to this address within a day are the most"));
        assert!(named, "{held:?}");
        desk.jutda("create_ticket", &[("queue", "2"), ("title", "x"), ("submitter_email", "other@customer.test")]).await;
        assert_eq!(desk.mails().await.len(), 1, "somebody else");
        desk.advance(minutes(24 * 60));
        desk.jutda("create_ticket", &[("queue", "2"), ("title", "x"), ("submitter_email", "victim@customer.test")]).await;
        assert_eq!(desk.mails().await.len(), 1, "the next day");
    }

    a_program_is_held_to_the_number_of_the_configuration_by_either_api(desk, "[jaze]" => "[caps]\nacknowledgements_api = 2\n[jaze]") {
        desk.susan().await;
        desk.customer("max@customer.test", "Max").await;
        let key = desk.token().await;
        for n in 1..=2 {
            let title = format!("Matter {n}");
            let arguments = [("queue", "2"), ("title", title.as_str()), ("submitter_email", "max@customer.test")];
            assert_eq!(desk.jutda("create_ticket", &arguments).await.status, 200);
        }
        let arguments = [("type", "Bare"), ("subject", "s"), ("userId", "2"), ("comments", "c")];
        assert_eq!(desk.jaze(&key, "raise_ticket", &arguments).await.status, 200);
        assert_eq!(desk.mails().await.iter().filter(|mail| mail.contains("max@customer.test")).count(), 2);
    }
}

#[rstest]
#[case("acknowledgements = 0", "caps.acknowledgements", "from 1 to 100000")]
#[case("acknowledgements_api = -1", "caps.acknowledgements_api", "from 1 to 100000")]
#[case("domain_mails = 200000", "caps.domain_mails", "from 1 to 100000")]
#[case("storm_mails = 1", "caps.storm_mails", "from 2 to 1000")]
#[case("ticket_mails = [10, 15, 25, 50]", "caps.ticket_mails", "five numbers")]
#[case("staff_mails = [0, 60, 120, 240, 360]", "caps.staff_mails", "five numbers")]
#[case("recipient_mails = [30, 20, 120, 240, 360]", "caps.recipient_mails", "none below the one before")]
#[case("recipient_mails = [30, 60, 120, 240, 20000]", "caps.recipient_mails", "from 1 to 10000")]
#[case("acknowledgments = 3", "caps.acknowledgments", "did you mean `acknowledgements`")]
fn a_number_that_makes_no_sense_is_refused_with_its_key(
    #[case] line: &str,
    #[case] key: &str,
    #[case] words: &str,
) {
    let mistake = Config::parse(&format!("[caps]\n{line}\n"), Path::new("config.toml")).unwrap_err();
    let told = mistake.to_string();
    assert!(told.contains(key) && told.contains(words), "{told}");
}
