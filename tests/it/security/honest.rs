//! Honest people whom no defence may hinder: staff hear of every mail, and agents' answers leave.

use rstest::rstest;

use helpdeskd::auth::Authenticator;
use helpdeskd::net::dns::Fixed;
use helpdeskd::net::dns::Resolver;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::worker::scheduler::Job;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

#[rstest]
#[tokio::test]
async fn two_hundred_customers_of_one_provider_are_acknowledged_in_a_day(
    #[values(Authentication::Pass, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.agent(ALEX).await;
    desk.step(Job::Digest).await;
    let mut heard = String::new();
    for n in 0..200 {
        desk.receive_as(proof, mail(&format!("customer{n}@gmail.com"), &format!("Hello {n}."))).await;
        if n % 50 == 49 {
            let sent = desk.sent().await;
            assert_eq!(sent.iter().filter(|sent| sent.to.ends_with("@gmail.com")).count(), 50);
            desk.advance(minutes(10));
            desk.step(Job::Digest).await;
            let later = desk.sent().await;
            let told = sent.iter().chain(later.iter()).filter(|sent| sent.to == ALEX);
            for sent in told {
                heard.extend([sent.subject.as_str(), "\n", &sent.text, "\n"]);
            }
        }
    }
    for n in 0..200 {
        assert!(heard.contains(&format!("Hello {n}.")), "the agent hears of {n}");
        assert_eq!(desk.unlogged(n + 1).await, [""; 0]);
    }
    // An answer to any of them leaves.
    desk.operator().comment(200, "Use water.").await;
    assert!(desk.sent().await.recipients().contains(&"customer199@gmail.com"));
}

#[rstest]
#[case::monitoring("v=DMARC1; p=none")]
#[case::refusing("v=DMARC1; p=reject")]
#[tokio::test]
async fn a_customer_whose_domain_has_spf_only_is_served(
    #[case] policy: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut desk = TestDesk::with_config(on, LISTS).await;
    desk.checks_mails();
    let dns = Fixed::default().text("_dmarc.customer.test", policy);
    desk.rules.authenticator = Authenticator::new(Resolver::fixed(dns));
    assert_eq!(desk.receive(mail(ANN, "Printer on fire")).await, "ticket #1");
    assert_eq!(desk.sent().await.recipients(), [ANN, TEAM]);
    desk.operator().comment(1, "Is it hot?").await;
    let asked = desk.sent().await.to(ANN).clone();
    assert_eq!(desk.receive(asked.answer("It is.")).await, "followup #1");
    let told = desk.sent().await;
    assert_eq!(told.recipients(), [TEAM]);
    assert!(told[0].text.contains("It is."), "{}", told[0].text);
    desk.operator().resolve(1, "Use water.").await;
    assert_eq!(desk.receive(asked.answer("It burns again.")).await, "followup #1");
    assert_eq!(desk.row(1).await.status.as_str(), "reopened");
    let told = desk.sent().await;
    assert!(told.iter().any(|sent| sent.to == TEAM && sent.text.contains("It burns again.")), "{told}");
    assert_eq!(desk.unlogged(1).await, [""; 0]);
}

/// A footer, a list or a forward broke the signature: the server saw it fail, and the domain asks for nothing.
#[rstest]
#[case::footer("dkim=fail header.d=customer.test; dmarc=fail (p=none dis=none) header.from=customer.test")]
#[case::forward(
    "spf=pass smtp.mailfrom=srs0=x@forwarder.test; dmarc=fail action=none header.from=customer.test"
)]
#[tokio::test]
async fn a_customer_whose_signature_was_broken_on_the_way_is_served(
    #[case] noted: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, &format!("authserv_ids = [\"mx.desk.test\"]\n{LISTS}")).await;
    desk.checks_mails();
    let broken = mail(ANN, "Printer on fire");
    let broken = broken.stamped("Authentication-Results", &format!("mx.desk.test; {noted}"));
    assert_eq!(desk.receive(broken).await, "ticket #1");
    assert_eq!(desk.sent().await.recipients(), [ANN, TEAM]);
    desk.operator().comment(1, "Use water.").await;
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ANN, TEAM]);
    assert!(sent.to(ANN).text.contains("Use water."));
    assert_eq!(desk.unlogged(1).await, [""; 0]);
}

/// The mailbox is at Microsoft, whose field has no name; or behind a container that hands mail on.
#[rstest]
#[case::microsoft(
    "authserv_ids = [\"microsoft365\"]\n",
    "from mx.staff.test by AM0EUR02.mail.protection.outlook.com; Mon",
    "dkim=pass header.d=staff.test;dmarc=pass action=none header.from=staff.test;compauth=pass"
)]
#[case::containers(
    "authserv_ids = [\"mx.desk.test\"]\nown_hops = [\"*-mailcow\"]\n",
    "from postfix by dovecot-mailcow with LMTP; Mon",
    "mx.desk.test; dmarc=pass header.from=staff.test"
)]
#[tokio::test]
async fn an_agent_works_by_mail_wherever_the_mailbox_is(
    #[case] settings: &str,
    #[case] hop: &str,
    #[case] noted: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, settings).await;
    office.checks_mails();
    let answer = office.notice().answer("Use water.");
    let arrived = answer.stamped("Authentication-Results", noted).stamped("Received", hop);
    assert_eq!(office.receive(arrived).await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ANN]);
    assert!(sent[0].text.contains("Use water."), "{}", sent[0].text);
    assert_eq!(office.unlogged(1).await, [""; 0]);
}

/// Exchange marks what comes from inside, where nothing signs it.
#[rstest]
#[tokio::test]
async fn a_colleagues_unsigned_internal_mail_counts_by_exchanges_mark(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    const MARK: &str = "X-MS-Exchange-Organization-AuthAs";
    let office = Office::with_config(on, "exchange = true\n").await;
    office.checks_mails();
    let tagged = mail(ALEX, "[support-1] Printer on fire").stamped(MARK, "Internal");
    assert_eq!(office.receive(tagged).await, "followup #1 (unverified)", "without a mail of the desk");
    let outside = office.notice().answer("Pay me.").stamped(MARK, "Anonymous");
    assert_eq!(office.receive(outside).await, "followup #1 (unverified)");
    office.sent().await;
    let answer = office.notice().answer("Use water.").stamped(MARK, "Internal");
    assert_eq!(office.receive(answer).await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ANN]);
    assert!(sent[0].text.contains("Use water.") && !sent[0].text.contains("Pay me"), "{}", sent[0].text);
    assert_eq!(office.unlogged(1).await, [""; 0]);
}

#[rstest]
#[tokio::test]
async fn a_desk_for_colleagues_may_believe_whom_nothing_speaks_against(
    #[values(Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let settings = format!("trust_unproven = true\ncc = \"all\"\n{LISTS}");
    let office = Office::with_config(on, &settings).await;
    let tagged = mail(ANN, "[support-1] Printer on fire").text("It still burns.");
    assert_eq!(office.receive_as(proof, tagged.clone()).await, "followup #1");
    assert_eq!(office.receive_as(proof, mail(ANN, "Chair").cc(BOB)).await, "ticket #2");
    assert!(office.ticket(2).await.contains("cc bob@customer.test"));
    // What is known to be forged, and agents, are not believed so.
    let forged = tagged.id("x@x.test");
    assert_eq!(office.receive_as(Authentication::Fail, forged).await, "followup #1 (external)");
    let agents = office.told.to(TEAM).answer("#close").header("From", ALEX);
    assert_eq!(office.receive_as(proof, agents).await, "followup #1 (unverified)");
    let told = office.sent().await;
    let heard: String = told.iter().filter(|sent| sent.to == TEAM).map(|sent| sent.text.as_str()).collect();
    assert!(heard.contains("It still burns.") && heard.contains("Chair"), "{heard}");
    for id in [1, 2] {
        assert_eq!(office.unlogged(id).await, [""; 0]);
    }
    office.operator().comment(2, "Which one?").await;
    assert!(office.sent().await.recipients().contains(&ANN), "answers leave");
}

#[rstest]
#[tokio::test]
async fn a_customers_second_address_and_a_shared_one_are_heard(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, LISTS).await;
    let second = office.told.to(ANN).answer("It is me.").header("From", "ann@home.test");
    assert_eq!(office.receives(second).await, "followup #1 (external)");
    let told = office.sent().await;
    assert_eq!(told.recipients(), [TEAM], "staff hear of it at once");
    office.receives(told[0].answer("#accept\n#note\nShe has two.").header("From", ALEX)).await;
    office.sent().await;
    office.operator().comment(1, "Use water.").await;
    assert_eq!(office.sent().await.recipients(), [ANN, "ann@home.test", TEAM]);
    // Two people of one family with one address.
    for name in ["Ann", "Carl"] {
        let from = format!("{name} <family@home.test>");
        assert!(office.receives(mail(&from, &format!("By {name}"))).await.starts_with("ticket #"));
        let told = office.sent().await;
        assert_eq!(told.recipients(), ["family@home.test", TEAM]);
        assert!(told.to(TEAM).subject.contains(&format!("By {name}")), "{told}");
    }
    for (id, text) in [(2, "It is Ann's."), (3, "It is Carl's.")] {
        office.operator().comment(id, text).await;
        assert!(office.sent().await.to("family@home.test").text.contains(text));
        assert_eq!(office.unlogged(id).await, [""; 0]);
    }
    assert_eq!(office.unlogged(1).await, [""; 0]);
}
