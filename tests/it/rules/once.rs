//! A mail is one ticket, however often and by whatever way it comes.

use rstest::rstest;

use helpdeskd::config::mailbox::OldMail;
use helpdeskd::mail::journal::Extent;
use helpdeskd::store;
use helpdeskd::store::mailboxes::Mailbox;
use helpdeskd::ticket::authentication::Found;
use helpdeskd::worker::handle;
use helpdeskd::worker::handle::Item;

use crate::support::assert_snapshot;
use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::minutes;

const ANN: &str = "ann@customer.test";
const SALES: &str = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\n";

fn request() -> Mail {
    mail(ANN, "Printer on fire").id("first@client.test")
}

/// django-helpdesk: the acknowledgement failed after the ticket was saved, so each poll made one more.
#[rstest]
#[tokio::test]
async fn a_dead_smtp_server_makes_no_second_ticket(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.smtp_down().await;
    desk.receive(request()).await;
    for _ in 0..3 {
        desk.deliver().await;
        assert!(desk.record_at("support", 1, request().into(), Extent::Full).await.is_none());
        desk.advance(minutes(5));
    }
    desk.smtp_up().await;
    assert_snapshot!(desk.tickets().await, @"#1 open `Printer on fire`, 1 message");
    assert_snapshot!(desk.sent().await, @"ann@customer.test: [support-1] Printer on fire");
}

/// django-helpdesk: two polls that overlapped doubled every ticket.
#[rstest]
#[tokio::test]
async fn two_overlapping_polls_make_one_ticket_of_each_mail(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let mut items = Vec::new();
    for n in 1..=5 {
        items.push(desk.record("support", mail(ANN, &format!("Matter {n}")).into(), Extent::Full).await);
    }
    let same = items.iter().map(|item| Item { received: item.received.clone(), raw: item.raw.clone() });
    let same: Vec<Item> = same.collect();
    let (one, two) = tokio::join!(
        handle::handle(&desk.app, items, &desk.rules),
        handle::handle(&desk.app, same, &desk.rules)
    );
    one.and(two).unwrap();
    let tickets = desk.tickets().await;
    let mut subjects: Vec<&str> = tickets.lines().filter_map(|line| line.split('`').nth(1)).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["Matter 1", "Matter 2", "Matter 3", "Matter 4", "Matter 5"]);
    assert_eq!(desk.sent().await.len(), 5);
}

/// Two processes took a mail from each other until one of them thought that the mail was to blame.
#[rstest]
#[tokio::test]
async fn a_mail_that_another_process_has_taken_over_is_left_to_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let item = desk.record("support", request().into(), Extent::Full).await;
    let (id, late) = (item.received.id, item.received.clone());
    let mut tx = desk.write().await;
    let taken = store::inbox::claim_one(&mut tx, id).await.unwrap().expect("it is open");
    tx.commit().await.unwrap();
    handle::handle(&desk.app, vec![item], &desk.rules).await.unwrap();
    handle::handle_begun(&desk.app, late, &desk.rules).await.unwrap();
    assert_eq!(desk.outcome(id).await, "waiting after 2 attempts");
    handle::handle_begun(&desk.app, taken, &desk.rules).await.unwrap();
    assert!(desk.outcome(id).await.starts_with("ticket"), "{}", desk.outcome(id).await);
}

#[rstest]
#[tokio::test]
async fn one_mail_to_two_of_our_addresses_is_one_ticket(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, SALES).await;
    let both = request().to("support@desk.test, sales@desk.test");
    desk.receive(both.clone().stamped("Received", "from a by b; Mon, 2 Mar 2026 09:00:00 +0000")).await;
    let second = both.stamped("Received", "from c by d; Mon, 2 Mar 2026 09:00:01 +0000");
    assert_eq!(desk.receive_in("sales", second).await, "duplicate #1");
    assert_snapshot!(desk.tickets().await, @"#1 open `Printer on fire`, 1 message");
    let changes = store::events::list(&mut desk.read().await, desk.row(1).await.id).await.unwrap();
    assert!(changes.iter().any(|change| change.field == "duplicate"), "it is noted on the ticket");
}

/// Whoever reads the other address waited for a mail that others were answering.
#[rstest]
#[tokio::test]
async fn staff_of_the_second_address_are_told_once_where_its_mail_is(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let lists = "new_ticket_cc = [\"team@staff.test\", \"boss@staff.test\"]\n";
    let sales = "new_ticket_cc = [\"sales@staff.test\", \"boss@staff.test\"]\n";
    let desk = TestDesk::with_config(on, &format!("{lists}{SALES}{sales}")).await;
    let both = request().to("support@desk.test, sales@desk.test");
    desk.receive(both.clone()).await;
    assert_snapshot!(desk.sent().await, @r"
    ann@customer.test: [support-1] Printer on fire
    team@staff.test: [support-1] Printer on fire
    boss@staff.test: [support-1] Printer on fire
    ");
    assert_eq!(desk.receive_in("sales", both.clone()).await, "duplicate #1");
    assert_snapshot!(desk.trace().await, @r"
    class: Human
    authentication: pass: found out when it arrived
    duplicate: the same mail is on ticket 1
    other queue: the ticket is in Support; staff of this queue are told
    ");
    let told = desk.sent().await;
    assert_snapshot!(told, @"sales@staff.test: [support-1] Printer on fire");
    let note = "The same mail came to sales@desk.test and to support@desk.test. It is this one ticket, in the queue \
        Support.";
    let text = told.0[0].text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(note) && text.contains("Please help."), "{text}");
    assert_eq!(desk.receive_in("sales", both.clone()).await, "duplicate #1");
    assert_eq!(desk.receive(both).await, "duplicate #1");
    assert_snapshot!(desk.sent().await, @"nothing");
}

/// Without lists the agents are who hears of it, if they did not hear of it at the first address.
#[rstest]
#[tokio::test]
async fn agents_hear_of_the_second_address_where_it_has_no_list(#[values(On::Sqlite, On::Postgres)] on: On) {
    let lists = "new_ticket_cc = [\"team@staff.test\"]\n";
    for (lists, hears) in [(lists, "bob@staff.test: [support-1] Printer on fire"), ("", "nothing")] {
        let desk = TestDesk::with_config(on, &format!("{lists}{SALES}")).await;
        desk.agent("bob@staff.test").await;
        desk.receive(request()).await;
        desk.sent().await;
        desk.receive_in("sales", request()).await;
        assert_eq!(desk.sent().await.to_string(), hears);
    }
}

/// libredesk and chatwoot drop mails that have no Message-ID.
#[rstest]
#[tokio::test]
async fn a_mail_without_an_id_is_a_ticket_and_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, SALES).await;
    let nameless = request().without("Message-ID").to("support@desk.test, sales@desk.test");
    desk.receive(nameless.clone().stamped("Received", "from a by b")).await;
    assert_eq!(
        desk.receive_in("sales", nameless.clone().stamped("Received", "from c by d")).await,
        "duplicate #1"
    );
    let other = nameless.header("Date", "Tue, 03 Mar 2026 08:59:00 +0000");
    assert_eq!(desk.receive(other).await, "ticket #2", "the same words on another day");
    // A device that stamps neither id nor date writes the same mail each time.
    let device = mail("scanner@customer.test", "Paper jam").without("Message-ID").without("Date");
    assert_eq!(desk.receive(device.clone()).await, "ticket #3");
    assert_eq!(desk.receive(device).await, "ticket #4");
}

#[rstest]
#[tokio::test]
async fn a_rebuilt_mailbox_brings_nothing_back(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    desk.receive(mail(ANN, "To be deleted").id("second@client.test")).await;
    let mut raws = Vec::new();
    for row in desk.received().await {
        raws.push(desk.raw(&row).await);
    }
    desk.operator().delete(2).await;
    let mut mailbox = desk.mailbox("support").await;
    (mailbox.uid_validity, mailbox.last_uid, mailbox.rescans) = (Some(2), 0, 1);
    let mut tx = desk.write().await;
    store::mailboxes::restart(&mut tx, &mailbox).await.unwrap();
    tx.commit().await.unwrap();
    for (uid, raw) in (1..).zip(raws) {
        assert!(desk.record_at("support", uid, raw, Extent::Full).await.is_none(), "nothing to handle");
    }
    assert_snapshot!(desk.journal().await, @r"
    ticket #1
    ticket (ticket deleted)
    duplicate
    deleted
    ");
    assert_snapshot!(desk.tickets().await, @"#1 open `Printer on fire`, 1 message");
    let new = desk.record_at("support", 3, mail(ANN, "New").into(), Extent::Full).await;
    assert_eq!(desk.handle_twice(new.unwrap()).await, "ticket #3", "a number is never given twice");
}

#[rstest]
#[tokio::test]
async fn mail_from_before_first_contact_is_journalled_and_left_alone(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    assert!(desk.record_at("support", 1, Vec::new(), Extent::Nothing).await.is_none());
    assert_snapshot!(desk.journal().await, @"before first contact");
}

#[rstest]
#[tokio::test]
async fn a_silent_back_fill_opens_tickets_and_tells_no_customer(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut desk = TestDesk::with_config(on, "new_ticket_cc = [\"team@staff.test\"]").await;
    let old = desk.record("support", request().into(), Extent::Full).await;
    desk.advance(days(1));
    let queue = desk.app.desk().directory.queue_by_slug("support").expect("the queue is declared").id;
    let mut tx = desk.write().await;
    let contacted = store::mailboxes::upsert(&mut tx, queue, "first contact", desk.now()).await;
    tx.commit().await.expect("it commits");
    desk.rules.mailbox = Some(Mailbox { contact_uid: 1, ..contacted.expect("the row is made") });
    desk.rules.old = OldMail::Silent;
    desk.handle_twice(old).await;
    desk.receive(mail("bob@customer.test", "New")).await;
    assert_snapshot!(desk.sent().await, @r"
    team@staff.test: [support-1] Printer on fire
    bob@customer.test: [support-2] New
    team@staff.test: [support-2] New
    ");
}

#[rstest]
#[tokio::test]
async fn every_mail_says_how_it_was_decided(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(request()).await;
    assert_snapshot!(desk.trace().await, @r"
    class: Human
    authentication: pass: found out when it arrived
    ");
    desk.receive(mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test")).await;
    assert_snapshot!(desk.trace().await, @r"
    class: Human
    authentication: pass: found out when it arrived
    in-reply-to: names a mail of ticket 1
    ");
    desk.receive(mail(ANN, "Away").header("Auto-Submitted", "auto-replied")).await;
    assert_snapshot!(desk.trace().await, @r"
    class: AutoReply auto-submitted: auto-replied
    authentication: pass: found out when it arrived
    ");
    let row = desk.received().await.pop().unwrap();
    assert_eq!(
        (row.class.as_deref(), row.authentication.map(Found::as_str)),
        (Some("auto-reply"), Some("pass"))
    );
}

#[rstest]
#[tokio::test]
async fn equal_bytes_are_recorded_once_and_come_back_whole(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let large: Vec<u8> = request().attachment("fire.bin", "application/x-fire", &vec![7; 3 << 20]).into();
    desk.receive(large.clone()).await;
    desk.receive(large.clone()).await;
    let rows = desk.received().await;
    assert_eq!(desk.raw(&rows[0]).await, large);
    assert_eq!(rows[0].blob_id, rows[1].blob_id);
    assert_snapshot!(desk.journal().await, @r"
    ticket #1
    duplicate #1
    ");
}
