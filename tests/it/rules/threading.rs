//! Which ticket a mail belongs to, and who may find one.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;

use crate::support::assert_snapshot;
use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;

const ANN: &str = "ann@customer.test";
const EVE: &str = "eve@stranger.test";
const SALES: &str = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\n";

/// Ann's first mail, with the id `first@client.test`.
fn request() -> Mail {
    mail(ANN, "Printer on fire").id("first@client.test")
}

#[rstest]
#[tokio::test]
async fn a_reply_with_a_new_subject_still_joins_its_ticket(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let answer = desk.sent().await.to(ANN).answer("Now the desk burns.").header("Subject", "Desk on fire");
    assert_eq!(desk.receive(answer).await, "followup #1");
    assert_snapshot!(desk.tickets().await, @"#1 open `Printer on fire`, 2 messages");
}

#[rstest]
#[tokio::test]
async fn our_signed_id_counts_before_another_tickets_id(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let first = desk.sent().await.to(ANN).clone();
    desk.receive(mail(ANN, "Toner").id("second@client.test")).await;
    let both = first.answer("Which one?").in_reply_to("second@client.test");
    assert_eq!(desk.receive(both).await, "followup #1");
    assert_snapshot!(desk.trace().await, @r"
    class: Human
    authentication: pass: found out when it arrived
    token: references names ticket 1
    ");
}

#[rstest]
#[tokio::test]
async fn a_forged_signed_id_finds_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let ours = desk.sent().await.to(ANN).message_id.clone();
    let (local, domain) = ours.split_once('@').unwrap();
    let last = if local.ends_with('a') { "b" } else { "a" };
    let forged = format!("{}{last}@{domain}", &local[..local.len() - 1]);
    assert_eq!(desk.receive(mail(EVE, "Re: Printer on fire").in_reply_to(&forged)).await, "ticket #2");
    assert!(desk.trace().await.contains("token refused"), "{}", desk.trace().await);
}

#[rstest]
#[tokio::test]
async fn a_reply_to_a_colleagues_mail_joins_by_its_id(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"").await;
    desk.receive(request().cc("bob@customer.test")).await;
    let bob = mail("bob@customer.test", "Re: Printer on fire").in_reply_to("first@client.test");
    assert_eq!(desk.receive(bob.text("I see smoke.")).await, "followup #1");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 2 messages
    from ann@customer.test, cc bob@customer.test
    - ann@customer.test, opened, public: Please help.
    - bob@customer.test, comment, public: I see smoke.
    ");
}

#[rstest]
#[tokio::test]
async fn references_alone_are_enough_when_the_subject_is_the_same(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let reply = mail(ANN, "AW: RE: [list] printer on  fire").references(&["x@y", "first@client.test"]);
    assert_eq!(desk.receive(reply).await, "followup #1");
}

#[rstest]
#[tokio::test]
async fn an_old_mail_used_to_begin_another_matter_opens_another_ticket(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let other = mail(ANN, "Invoice 7").references(&["first@client.test"]);
    assert_eq!(desk.receive(other).await, "ticket #2");
    assert!(desk.trace().await.contains("references refused: ticket 1 has another subject"));
}

#[rstest]
#[tokio::test]
async fn of_many_references_the_newest_counts(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    desk.receive(mail(ANN, "Printer on fire").id("second@client.test")).await;
    let reply = mail(ANN, "Re: Printer on fire").references(&["first@client.test", "second@client.test"]);
    assert_eq!(desk.receive(reply).await, "followup #2");
}

#[rstest]
#[tokio::test]
async fn the_id_that_a_relay_gave_our_mail_finds_the_ticket(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let relayed = "250 Ok <0102-relay@relay.test>".to_owned();
    desk.next_attempts([helpdeskd::smtp::outcome::Outcome::Sent { answer: relayed }]);
    desk.receive(request()).await;
    desk.deliver().await;
    let reply = mail(ANN, "Re: [other] whatever").in_reply_to("0102-relay@relay.test");
    assert_eq!(desk.receive(reply).await, "followup #1");
}

#[rstest]
#[tokio::test]
async fn the_same_id_with_other_words_is_no_duplicate(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    assert_eq!(desk.receive(request().text("Never mind, it is out.")).await, "followup #1");
    let stranger = mail(EVE, "Printer on fire").id("first@client.test");
    assert_eq!(desk.receive(stranger).await, "ticket #2", "it is nothing of theirs");
}

/// django-helpdesk 756 and 1279: the tag was only looked for at the start of an unfolded subject.
#[rstest]
#[tokio::test]
async fn a_tag_that_is_folded_or_at_the_end_of_the_subject_is_found(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, SALES).await;
    desk.receive(request()).await;
    for subject in [
        "Re: a very long subject that goes on\r\n [support-1]",
        "Re: [support-\r\n 1] Printer",
        "Printer on fire [SUPPORT-1]",
        "=?utf-8?Q?Re=3A_=5Bsupport-1=5D_Dr=C3=BCcker?=",
        "[sales-1] the tag of our other queue",
    ] {
        assert_eq!(desk.receive(mail(ANN, subject)).await, "followup #1", "{subject}");
    }
}

/// django-helpdesk: any stranger could post to `[slug-id]`, and had his CCs added to the ticket.
#[rstest]
#[tokio::test]
async fn a_stranger_who_writes_a_tag_gets_a_ticket_of_his_own(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"").await;
    desk.receive(request()).await;
    desk.sent().await;
    let intruder = mail(EVE, "Re: [support-1] Printer on fire").cc("mallory@stranger.test");
    assert_eq!(desk.receive(intruder).await, "ticket #2");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 1 message
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    ");
    assert_snapshot!(desk.trace().await, @r"
    class: Human
    authentication: pass: found out when it arrived
    subject tag refused: names ticket 1, in which the author takes no part
    ");
    assert_eq!(desk.sent().await.recipients(), [EVE], "nothing of it goes to Ann");
}

#[rstest]
#[tokio::test]
async fn a_tag_is_no_proof_when_the_author_is_forged(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let forged = mail(ANN, "Re: [support-1] Printer on fire");
    assert_eq!(desk.receive_as(Authentication::Fail, forged).await, "followup #1 (external)");
    let forged = mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test");
    assert_eq!(desk.receive_as(Authentication::Fail, forged).await, "followup #1 (external)");
}

/// freescout GHSA-j49f: whoever knew an id of a conversation was told all of it.
#[rstest]
#[tokio::test]
async fn a_stranger_who_knows_an_id_is_kept_apart_and_told_nothing(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "cc = \"all\"\nupdated_ticket_cc = [\"team@staff.test\"]").await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(request()).await;
    desk.by(&alex).comment(1, "Use water.").await;
    let ours = desk.sent().await.iter().rfind(|sent| sent.to == ANN).unwrap().message_id.clone();
    let stranger = mail(EVE, "Re: Printer on fire").in_reply_to(&ours).cc("mallory@stranger.test");
    assert_eq!(desk.receive(stranger.text("Send me everything.")).await, "followup #1 (external)");
    assert_eq!(desk.sent().await.recipients(), ["alex@staff.test", "team@staff.test"]);
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 3 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    - alex@staff.test, comment, public: Use water.
    - nobody, external, private: Send me everything.
    ");
    desk.by(&alex).comment(1, "Is it out?").await;
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ANN, "team@staff.test"]);
    assert!(!sent.to(ANN).raw.contains("Send me everything"));
}

#[rstest]
#[tokio::test]
async fn a_reply_to_a_merged_ticket_goes_to_the_survivor(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let first = desk.sent().await.to(ANN).clone();
    desk.receive(mail(ANN, "Smoke")).await;
    desk.operator().merge(1, 2).await;
    assert_eq!(desk.receive(first.answer("Still there.")).await, "followup #2");
    let tagged = mail(ANN, "Re: [support-1] Printer on fire");
    assert_eq!(desk.receive(tagged).await, "followup #2");
}

#[rstest]
#[tokio::test]
async fn a_reply_reopens_a_resolved_or_closed_ticket(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let first = desk.sent().await.to(ANN).clone();
    desk.operator().resolve(1, "Use water.").await;
    desk.receive(first.answer("There is none.")).await;
    assert_snapshot!(desk.tickets().await, @"#1 reopened `Printer on fire`, 3 messages");
    desk.operator().close(1, "").await;
    desk.advance(days(29));
    desk.receive(first.answer("It came back.")).await;
    assert_snapshot!(desk.tickets().await, @"#1 reopened `Printer on fire`, 5 messages");
}

#[rstest]
#[tokio::test]
async fn a_reply_to_a_ticket_closed_long_ago_opens_a_new_one_linked_to_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let first = desk.sent().await.to(ANN).clone();
    desk.operator().close(1, "").await;
    desk.advance(days(31));
    assert_eq!(desk.receive(first.answer("It burns again.")).await, "ticket #2");
    assert_snapshot!(desk.tickets().await, @r"
    #1 closed `Printer on fire`, 2 messages
    #2 open `Printer on fire`, 1 message, continues #1
    ");
    let again = first.answer("And again.").in_reply_to(&desk.sent().await.last().unwrap().message_id);
    assert_eq!(desk.receive(again).await, "followup #2", "the conversation goes on in the new one");
}

/// Closing sets a date; resolving does too, but only closing is for good.
#[rstest]
#[tokio::test]
async fn a_ticket_resolved_long_ago_is_still_reopened(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    let first = desk.sent().await.to(ANN).clone();
    desk.operator().resolve(1, "Use water.").await;
    desk.advance(days(31));
    assert_eq!(desk.receive(first.answer("It burns again.")).await, "followup #1");
}

#[rstest]
#[case("never", "from ann@customer.test")]
#[case("known", "from ann@customer.test, cc bob@customer.test")]
#[case("all", "from ann@customer.test, cc bob@customer.test, cc eve@stranger.test")]
#[tokio::test]
async fn other_recipients_take_part_as_the_queue_wants(
    #[case] policy: &str,
    #[case] people: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let config =
        format!("cc = \"{policy}\"\naliases = [\"help@desk.test\"]\nnew_ticket_cc = [\"team@staff.test\"]\n");
    let desk = TestDesk::with_config(on, &(config + SALES)).await;
    desk.customer("bob@customer.test").await;
    desk.agent("alex@staff.test").await;
    let all = "Bob@Customer.test, eve@stranger.test, help@desk.test, sales@desk.test, alex@staff.test, team@staff.test";
    desk.receive(request().cc(all).header("Bcc", "secret@customer.test")).await;
    assert_eq!(desk.ticket(1).await.lines().nth(1), Some(people));
}

/// CVE-2024-49193: forged mail had its CCs added to tickets.
#[rstest]
#[tokio::test]
async fn a_forged_mail_brings_nobody_along(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"").await;
    desk.receive_as(Authentication::Fail, request().cc("mallory@stranger.test")).await;
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 1 message
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    ");
    assert_snapshot!(desk.sent().await, @"nothing");
}

#[rstest]
#[tokio::test]
async fn somebody_copied_on_a_reply_is_not_added(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"").await;
    desk.receive(request()).await;
    let answer = desk.sent().await.to(ANN).answer("Adding Bob.").cc("bob@customer.test");
    desk.receive(answer).await;
    assert_eq!(desk.ticket(1).await.lines().nth(1), Some("from ann@customer.test"));
}

/// A fired agent who still owned the ticket was taken for one who takes part, and his words for the desk's.
#[rstest]
#[tokio::test]
async fn a_disabled_agent_is_a_stranger(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(request()).await;
    desk.by(&alex).assign(1, Some(&alex)).await;
    desk.disable(&alex).await;
    desk.sent().await;
    let reply = mail("alex@staff.test", "Re: Printer on fire").in_reply_to("first@client.test");
    assert_eq!(desk.receive(reply).await, "followup #1 (external)");
    assert_snapshot!(desk.sent().await, @"nothing");
}
