//! Days of honest people and their programs: each gets through, staff hear of every mail, and agents' answers leave.

use rstest::rstest;

use helpdeskd::auth::Authenticator;
use helpdeskd::net::dns::Fixed;
use helpdeskd::net::dns::Resolver;
use helpdeskd::ticket::authentication::Authentication;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::story::On;
use crate::support::story::TestDesk;

const FIELD: &str = "Authentication-Results";
const BY_MX: &str = "authserv_ids = [\"mx.desk.test\"]\n";
const MONITOR: &str = "monitor@ops.test";

/// A desk that finds out itself who writes, and finds these records.
async fn desk(on: On, settings: &str, dns: Fixed) -> TestDesk {
    let mut desk = TestDesk::with_config(on, &format!("{settings}{LISTS}")).await;
    desk.checks_mails();
    desk.rules.authenticator = Authenticator::new(Resolver::fixed(dns));
    desk.agent(ALEX).await;
    desk
}

/// A customer's request comes, is answered, and answered again.
async fn is_served(desk: &TestDesk, request: Mail, customer: &str) {
    assert_eq!(desk.receive(request).await, "ticket #1");
    let told = desk.sent().await;
    assert!(told.recipients().contains(&TEAM), "staff hear of it: {told}");
    assert!(told.recipients().contains(&customer), "it is acknowledged: {told}");
    desk.operator().comment(1, "Is it hot?").await;
    let asked = desk.sent().await;
    assert!(asked.recipients().contains(&customer), "the answer leaves: {asked}");
    let again = asked.to(customer).answer("It is.");
    assert_eq!(desk.receive(again).await, "followup #1");
    let told = desk.sent().await;
    assert!(told.recipients().contains(&TEAM), "{told}");
    assert!(desk.ticket(1).await.ends_with("public: It is."), "{}", desk.ticket(1).await);
    assert!(told.to(TEAM).text.contains("It is."), "{}", told.to(TEAM).text);
    let log = desk.received().await;
    assert!(log.iter().all(|row| row.outcome.is_some() && row.ticket_id.is_some()), "each has its outcome");
    assert_eq!(desk.unlogged(1).await, [""; 0]);
}

#[rstest]
#[case::a_list_that_breaks_signatures(
    "dkim=fail header.d=customer.test; dmarc=fail (p=none dis=none) header.from=customer.test",
    &[("List-Id", "<staff.other.test>"), ("Sender", "staff-bounces@other.test")],
    "#1"
)]
#[case::a_gateways_footer(
    "dkim=fail (body hash) header.d=customer.test; dmarc=fail (p=none) header.from=customer.test", &[], "#1"
)]
#[case::a_forward_with_srs(
    "spf=pass smtp.mailfrom=srs0=x=y=customer.test=ann@forward.test; dkim=fail header.d=customer.test; dmarc=fail action=none header.from=customer.test",
    &[("Return-Path", "<srs0=x=y=customer.test=ann@forward.test>")],
    "#1"
)]
#[case::a_distribution_list_at_microsoft(
    "spf=fail smtp.mailfrom=customer.test; dkim=pass header.d=customer.test; dmarc=pass header.from=customer.test",
    &[("To", "helpdesk-list@desk.test"), ("X-MS-Exchange-Organization-AutoForwarded", "true")],
    "#1"
)]
#[tokio::test]
async fn a_request_that_was_changed_on_its_way_is_heard_and_answered(
    #[case] noted: &str,
    #[case] more: &[(&str, &str)],
    #[case] id: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, BY_MX, Fixed::default()).await;
    let request =
        more.iter().fold(mail(ANN, "Printer on fire"), |mail, (name, value)| mail.header(name, value));
    let request = request.stamped(FIELD, &format!("mx.desk.test; {noted}"));
    assert!(desk.receive(request).await.ends_with(id));
    let told = desk.sent().await;
    assert!(told.recipients().contains(&TEAM), "staff hear of it: {told}");
    desk.operator().comment(1, "Is it hot?").await;
    let asked = desk.sent().await;
    assert!(asked.recipients().contains(&ANN), "the answer leaves: {asked}");
    assert_eq!(desk.receive(asked.to(ANN).answer("It is.")).await, "followup #1");
    assert!(desk.sent().await.to(TEAM).text.contains("It is."));
    assert_eq!(desk.unlogged(1).await, [""; 0]);
}

#[rstest]
#[tokio::test]
async fn customers_of_a_desk_whose_address_is_a_google_group_are_served(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, "", Fixed::default()).await;
    let by_group = mail(ANN, "Printer on fire")
        .header("List-Id", "<support.desk.test>")
        .header(
            "List-Post",
            "<https://groups.google.com/a/desk.test/group/support/post>, <mailto:support@desk.test>",
        )
        .header("Precedence", "list")
        .header("Sender", "support@desk.test");
    is_served(&desk, by_group, ANN).await;
}

/// No answer of DNS at all: everybody is unknown, and served.
#[rstest]
#[tokio::test]
async fn a_desk_without_dns_serves_its_customers(#[values(On::Sqlite, On::Postgres)] on: On) {
    let dns = Fixed::default().failing("_dmarc.customer.test").failing("_dmarc.test");
    let desk = desk(on, "", dns).await;
    is_served(&desk, mail(ANN, "Printer on fire"), ANN).await;
}

/// Postfix hands the mail to Dovecot, each in a container of its own.
#[rstest]
#[tokio::test]
async fn a_mail_behind_mailcows_second_hop_is_believed(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on, &format!("{BY_MX}own_hops = [\"*-mailcow\"]\n"), Fixed::default()).await;
    let request = mail(ANN, "Printer on fire")
        .stamped(
            "Received",
            "from mail.customer.test (mail.customer.test [203.0.113.9]) by mx.desk.test (Postcow); Mon",
        )
        .stamped(FIELD, "mx.desk.test; dmarc=pass header.from=customer.test")
        .stamped(
            "Received",
            "from mx.desk.test (postfix-mailcow [172.22.1.253]) by dovecot-mailcow with LMTP; Mon",
        );
    is_served(&desk, request, ANN).await;
    assert_eq!(desk.received().await[0].authentication.unwrap_or_default().as_str(), "pass");
}

#[rstest]
#[tokio::test]
async fn a_colleagues_unsigned_mail_is_heard_with_a_token_and_without(
    #[values(Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    let kim = "kim@staff.test";
    office.operator().cc(1, kim).await;
    office.operator().comment(1, "Is it hot?").await;
    let told = office.sent().await;
    assert_eq!(office.receive_as(proof, told.to(kim).answer("Mine is.")).await, "followup #1");
    assert!(office.sent().await.recipients().contains(&TEAM));
    let without = mail(kim, "Re: [support-1] Printer on fire").text("Still.");
    assert_eq!(office.receive_as(proof, without).await, "followup #1 (unproven)");
    let told = office.sent().await;
    assert_eq!(told.recipients(), [TEAM], "staff hear of it at once");
    office.receives(told[0].answer("#accept").header("From", ALEX)).await;
    assert!(office.ticket(1).await.contains("kim@staff.test, comment, public: Still."));
    assert_eq!(office.unlogged(1).await, [""; 0]);
    office.sent().await;
    office.operator().comment(1, "Use water.").await;
    assert!(office.sent().await.recipients().contains(&kim), "the answer leaves");
}

#[rstest]
#[case::a_shops_order("Shop <orders@shop.test>", "New order 4711", "auto-generated", "2 x ink")]
#[case::a_printer("printer@office.test", "Paper jam", "auto-generated", "Tray 2 is empty.")]
#[case::a_scanner("scanner@office.test", "Scan", "", "See the file.")]
#[case::another_desk(
    "ServiceNow <servicenow@partner.test>",
    "INC001 not solved",
    "auto-generated",
    "It still burns."
)]
#[tokio::test]
async fn what_a_program_writes_is_heard_by_staff(
    #[case] from: &str,
    #[case] subject: &str,
    #[case] automatic: &str,
    #[case] text: &str,
    #[values(Authentication::Pass, Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, LISTS).await;
    desk.agent(ALEX).await;
    let written = |id: &str| {
        let written = mail(from, subject).text(text).id(id);
        if automatic.is_empty() { written } else { written.header("Auto-Submitted", automatic) }
    };
    assert_eq!(desk.receive_as(proof, written("1@x.test")).await, "ticket #1");
    let told = desk.sent().await;
    assert!(told.recipients().contains(&TEAM) && told.to(TEAM).text.contains(text), "{told}");
    // One that is about a ticket that has ended is told of, too.
    desk.operator().resolve(1, "Done.").await;
    let sent = desk.sent().await;
    let Some(ours) = sent.iter().find(|sent| from.contains(&sent.to)) else { return };
    let again = ours.answer(text).header("From", from).id("2@x.test");
    let again = if automatic.is_empty() { again } else { again.header("Auto-Submitted", automatic) };
    assert!(desk.receive_as(proof, again).await.starts_with("followup #1"));
    assert!(desk.sent().await.to(TEAM).text.contains(text));
    assert_eq!(desk.unlogged(1).await, [""; 0]);
}

/// All had one subject, and the tenth was put away.
#[rstest]
#[tokio::test]
async fn a_monitor_with_twelve_different_alarms_in_ten_minutes_opens_twelve_tickets(
    #[values(Authentication::Pass, Authentication::None)] proof: Authentication,
    #[values("", "auto-generated")] automatic: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, LISTS).await;
    for n in 1..=12 {
        let alarm = mail(MONITOR, "Alarm").text(&format!("The disk of host {n} is full."));
        let alarm = if automatic.is_empty() { alarm } else { alarm.header("Auto-Submitted", automatic) };
        assert_eq!(desk.receive_as(proof, alarm).await, format!("ticket #{n}"));
    }
    let told = desk.sent().await;
    let of_team =
        told.iter().filter(|sent| sent.to == TEAM).map(|sent| sent.text.as_str()).collect::<String>();
    for n in 1..=12 {
        assert!(of_team.contains(&format!("host {n} is full")), "staff hear of each");
        assert_eq!(desk.unlogged(n).await, [""; 0]);
    }
    desk.operator().comment(12, "It is mended.").await;
    assert!(!desk.sent().await.is_empty(), "the answer leaves");
}

/// What is folded was put away where nobody looks.
#[rstest]
#[tokio::test]
async fn what_a_storm_folds_is_there_to_be_looked_up(
    #[values(Authentication::Pass, Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, LISTS).await;
    for n in 1..=14 {
        let became = desk.receive_as(proof, mail(MONITOR, "Alarm").text("The disk is full.")).await;
        assert_eq!(became.starts_with("ticket"), n < 10, "{n}: {became}");
    }
    let kept = desk.followups(1).await.iter().filter(|entry| entry.text.contains("disk is full")).count();
    assert_eq!(kept, 6, "its own and five more");
    desk.sent().await;
}

/// Shops and sites send their forms with the mailbox's own account.
#[rstest]
#[tokio::test]
async fn a_web_form_of_the_same_account_is_a_ticket_of_whoever_filled_it_in(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, &format!("{BY_MX}form_senders = [\"support@desk.test\"]\n"), Fixed::default()).await;
    let form = mail("Website <support@desk.test>", "Contact form")
        .header("Reply-To", &format!("Ann Smith <{ANN}>"))
        .stamped(FIELD, "mx.desk.test; dmarc=pass header.from=desk.test");
    assert_eq!(desk.receive(form).await, "ticket #1");
    assert_eq!(desk.sent().await.recipients(), [ANN, TEAM]);
    assert!(desk.ticket(1).await.contains(&format!("from {ANN}")));
    desk.operator().comment(1, "Yes?").await;
    let asked = desk.sent().await;
    assert_eq!(asked.recipients(), [ANN, TEAM]);
    desk.receive(asked.to(ANN).answer("It burns.")).await;
    assert!(desk.sent().await.to(TEAM).text.contains("It burns."));
    assert_eq!(desk.unlogged(1).await, [""; 0]);
}

#[rstest]
#[tokio::test]
async fn a_colleague_in_cc_answers_and_staff_hear_of_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, &format!("cc = \"all\"\n{LISTS}")).await;
    desk.receive_as(Authentication::Pass, mail(ANN, "Printer on fire").cc(BOB)).await;
    desk.sent().await;
    desk.operator().comment(1, "Is it hot?").await;
    let asked = desk.sent().await;
    assert_eq!(asked.recipients(), [ANN, BOB, TEAM]);
    for proof in [Authentication::Pass, Authentication::None, Authentication::Unknown] {
        let answer = asked.to(BOB).answer("It is.").id(&format!("{}@b.test", proof.as_str()));
        assert_eq!(desk.receive_as(proof, answer).await, "followup #1");
        assert!(desk.sent().await.recipients().contains(&TEAM));
    }
    assert!(desk.ticket(1).await.ends_with("bob@customer.test, comment, public: It is."));
    assert_eq!(desk.unlogged(1).await, [""; 0]);
}

/// On the way, from an address that the desk does not know as theirs: it is kept, and staff and the agent are told.
#[rstest]
#[tokio::test]
async fn an_agent_on_the_phone_with_another_address_is_told_and_loses_nothing(
    #[values(Authentication::Pass, Authentication::None)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    office.operator().assign(1, Some(&office.alex)).await;
    let notice = office.sent().await.to(ALEX).clone();
    let from_phone = notice.answer("Use water.").header("From", "alex.private@phone.test");
    assert_eq!(office.receive_as(proof, from_phone).await, "followup #1 (external)");
    let told = office.sent().await;
    assert!(told.recipients().contains(&ALEX) && told.recipients().contains(&TEAM), "{told}");
    assert!(!told.recipients().contains(&ANN), "nothing of it leaves by itself");
    assert!(office.ticket(1).await.contains("external, private: Use water."));
    assert_eq!(office.receives(notice.answer("Use water, I said.")).await, "followup #1");
    assert!(office.sent().await.to(ANN).text.contains("Use water, I said."));
    assert_eq!(office.unlogged(1).await, [""; 0]);
}
