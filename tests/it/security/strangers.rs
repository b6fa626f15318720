//! Attempts of strangers to get into a ticket, or something of theirs into our mail.

use mail_parser::MessageParser;
use rstest::rstest;

use helpdeskd::mail::compose::Draft;
use helpdeskd::mail::compose::Files;
use helpdeskd::ticket::authentication::Authentication;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::LISTS;
use crate::support::office::MAILBOX;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::story::On;
use crate::support::story::TestDesk;

const EVE: &str = "eve@stranger.test";

#[rstest]
#[tokio::test]
async fn the_number_in_a_subject_lets_no_stranger_in(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, "cc = \"all\"").await;
    let intruder = mail(EVE, "Re: [support-1] Printer on fire").cc("mallory@stranger.test");
    assert_eq!(office.receives(intruder).await, "ticket #2");
    assert_eq!(office.ticket(1).await.lines().count(), 3, "nothing was added: {}", office.ticket(1).await);
    assert!(!office.sent().await.recipients().contains(&ANN));
}

#[rstest]
#[tokio::test]
async fn a_mail_that_is_not_authentic_brings_no_ccs_along(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"").await;
    let forged = mail(ANN, "Printer").cc(EVE);
    assert_eq!(desk.receive_as(Authentication::Fail, forged).await, "ticket #1");
    desk.operator().comment(1, "Use water.").await;
    assert_eq!(desk.sent().await.recipients(), [ANN], "nothing goes to whom a forger copied");
    // On a ticket that exists nobody is added by mail, whoever writes.
    let office = Office::with_config(on, "cc = \"all\"").await;
    let reply = office.told.to(ANN).answer("Adding Eve.").cc(EVE);
    office.receive_as(Authentication::None, reply).await;
    office.operator().comment(1, "Use water.").await;
    assert!(!office.sent().await.recipients().contains(&EVE));
}

#[rstest]
#[tokio::test]
async fn control_headers_from_outside_are_ignored(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let control = [
        ("X-Helpdesk-Ticket", "1"),
        ("X-Helpdesk-Owner", ALEX),
        ("X-Helpdesk-Status", "closed"),
        ("X-Helpdesk-Queue", "support"),
        ("X-OTRS-Queue", "support"),
        ("X-RT-Ticket", "1"),
        ("X-Zammad-Ticket-Id", "1"),
        ("X-Helpdesk-Token", "x"),
    ];
    let commanding = control.iter().fold(mail(EVE, "New"), |mail, (name, value)| mail.header(name, value));
    assert_eq!(office.receives(commanding).await, "ticket #2");
    assert_snapshot!(office.tickets().await, @r"
    #1 open `Printer on fire`, 1 message
    #2 open `New`, 1 message
    ");
}

/// Subject and names, decoded.
fn shown(raw: &str) -> Vec<String> {
    let mail = MessageParser::default().parse(raw).expect("it can be read");
    let people = [mail.from(), mail.to(), mail.reply_to()].into_iter().flatten();
    let names = people.flat_map(|people| people.iter()).filter_map(|person| person.name());
    names.chain(mail.subject()).map(str::to_owned).collect()
}

/// Whoever froze it: a program of an older version, or a hand at the database. Nor is there one in what a mail program
/// makes of it, which may put what it read into a header of its own.
#[test]
fn no_line_break_leaves_in_a_header_whatever_was_frozen() {
    let evil = "Fire\r\nBcc: eve@stranger.test\nX-Evil: 1\r\n\r\nbody\0";
    let frozen = serde_json::json!({
        "from_name": evil, "from": "support@desk.test", "to_name": evil, "to": ANN, "reply_to": "support@desk.test",
        "subject": evil, "message_id": format!("1{evil}@desk.test"), "in_reply_to": evil, "references": [evil],
        "date": 1_700_000_000, "voice": "notice", "unsubscribe": format!("https://desk.test/{evil}"),
        "text": "Hello", "html": "<p>Hello</p>", "attachments": [],
    });
    let raw = Draft::thaw(&frozen.to_string()).unwrap().compose(Files::default()).unwrap();
    let raw = String::from_utf8(raw).unwrap();
    let shown = shown(&raw);
    assert_eq!(shown.len(), 4, "{shown:?}");
    assert!(shown.iter().all(|text| !text.contains(char::is_control)), "{shown:?}");
    let head = raw.split("\r\n\r\n").next().unwrap();
    for line in head.split("\r\n") {
        let injected = ["bcc", "x-evil", "body"].iter().any(|name| line.to_lowercase().starts_with(name));
        assert!(!injected && !line.contains(char::is_control), "{head}");
    }
}

#[rstest]
#[tokio::test]
async fn a_name_and_a_subject_cannot_write_headers_of_our_mails(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, LISTS).await;
    let alex = desk.agent(ALEX).await;
    let evil = "=?utf-8?Q?Fire=0D=0ABcc=3A_eve=40stranger.test=0AX-Evil=3A_1=0D=0A=0D=0Abody=00?=";
    desk.receive_as(Authentication::Pass, mail(&format!("{evil} <{ANN}>"), evil)).await;
    desk.operator().assign(1, Some(&alex)).await;
    let told = desk.sent().await;
    let notice = told.iter().rfind(|mail| mail.to == ALEX).unwrap();
    // The agent's own mail goes on with his subject and name.
    let answer =
        notice.answer("Use water.").header("Subject", evil).header("From", &format!("{evil} <{ALEX}>"));
    assert_eq!(desk.receive_as(Authentication::Pass, answer).await, "followup #1");
    let sent = desk.sent().await;
    assert!(sent.recipients().contains(&ANN));
    for mail in told.iter().chain(sent.iter()) {
        // Nor does what a mail program makes of it, which may put what it read into a header of its own.
        assert!(
            shown(&mail.raw).iter().all(|text| !text.contains(char::is_control)),
            "{:?}",
            shown(&mail.raw)
        );
        let head = mail.raw.split("\r\n\r\n").next().unwrap();
        for line in head.split("\r\n") {
            let injected = ["bcc", "x-evil", "body"].iter().any(|name| line.to_lowercase().starts_with(name));
            assert!(!injected && !line.contains(['\n', '\0']), "{head}");
        }
        assert_ne!(mail.to, EVE);
    }
}

/// Somebody gives the address of his ticket to another service as his own. What it then sends to confirm the
/// address must not reach him.
#[rstest]
#[case::a_person("Welcome <hello@service.test>", "")]
#[case::a_machine("no-reply@service.test", "auto-generated")]
#[tokio::test]
async fn another_services_verification_mail_is_not_shown_to_the_customer(
    #[case] from: &str,
    #[case] automatic: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, &format!("{LISTS}{MAILBOX}")).await;
    office.plus_addresses_arrive().await;
    office.operator().comment(1, "Use water.").await;
    let field = office.sent().await.to(ANN).header("Reply-To").unwrap();
    let address = field
        .rsplit_once('<')
        .map_or(field.as_str(), |(_, address)| address.trim_end_matches('>'))
        .to_owned();
    let mut verification = mail(from, "Your code is 123456").to(&address).text("Your code is 123456.");
    if !automatic.is_empty() {
        verification = verification.header("Auto-Submitted", automatic);
    }
    let became = office.receives(verification).await;
    assert!(["followup #1 (external)", "followup #1 (machine)"].contains(&became.as_str()), "{became}");
    assert!(office.ticket(1).await.lines().last().unwrap().contains("private"), "{}", office.ticket(1).await);
    let told = office.sent().await;
    assert!(told.iter().all(|mail| mail.to == TEAM), "{told}");
    // Not in what goes to him later either, in no field and no quote.
    office.operator().comment(1, "Is it out?").await;
    let later = office.sent().await;
    assert!(!later.to(ANN).raw.contains("123456") && !later.to(ANN).html.contains("123456"));
    // The bare queue address makes it a ticket of the service, which he takes no part in.
    let bare = mail(from, "[support-1] Your code is 654321").text("Your code is 654321.");
    assert_eq!(office.receives(bare).await, "ticket #2");
    assert!(!office.sent().await.recipients().contains(&ANN));
}

/// What a stranger wrote into a ticket must not become the mail that our answer refers to.
#[rstest]
#[tokio::test]
async fn our_mails_refer_to_mails_of_the_customers_only(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let stranger = office.told.to(ANN).answer("Me too").header("From", EVE).id("known-to-eve@stranger.test");
    assert_eq!(office.receives(stranger).await, "followup #1 (external)");
    office.receives(office.notice().answer("Use water.").id("secret-host@alex.staff.test")).await;
    office.operator().comment(1, "Is it out?").await;
    let sent = office.sent().await;
    for mail in sent.iter().filter(|mail| mail.to == ANN) {
        assert_eq!(mail.header("References").as_deref(), Some("<first@client.test>"));
        assert!(!mail.raw.contains("stranger.test") && !mail.raw.contains("staff.test"), "{}", mail.raw);
    }
}
