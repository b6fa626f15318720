//! What of a mail stands on the ticket: its words, in any character set, and all that hangs on it.

use rstest::rstest;

use helpdeskd::clock::Timestamp;
use helpdeskd::mail::journal::Extent;
use helpdeskd::store;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::START;
use crate::support::story::TestDesk;
use crate::support::story::hours;

const ANN: &str = "ann@customer.test";

/// A mail whose body is these bytes.
fn bytes(content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "From: ann@customer.test\r\nTo: support@desk.test\r\nSubject: Printer\r\nMessage-ID: <a@b>\r\nMIME-Version: 1.0\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// django-helpdesk: decoding failed, the mail stayed in the mailbox, and every poll failed at it again.
#[rstest]
#[tokio::test]
async fn an_unknown_character_set_does_not_block_the_queue(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let odd = ["x-no-such-charset", "\"", "utf-8; charset=utf-16", "unknown-8bit", "cp\u{fffd}"];
    for (n, charset) in (1..).zip(odd) {
        let text = format!("{n}: Es brennt, stra\u{df}e 5");
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        desk.receive(bytes(&format!("text/plain; charset={charset}"), &latin)).await;
    }
    assert_eq!(desk.receive(mail(ANN, "The next one")).await, "ticket #2");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer`, 5 messages
    from ann@customer.test
    - ann@customer.test, opened, public: 1: Es brennt, straße 5
    - ann@customer.test, comment, public: 2: Es brennt, straße 5
    - ann@customer.test, comment, public: 3: Es brennt, straße 5
    - ann@customer.test, comment, public: 4: Es brennt, straße 5
    - ann@customer.test, comment, public: 5: Es brennt, straße 5
    ");
}

/// django-helpdesk decoded the whole mail as UTF-8 with backslash escapes before reading it.
#[rstest]
#[tokio::test]
async fn latin_letters_and_backslashes_come_through(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(bytes("text/plain; charset=iso-8859-1", b"Caf\xe9 in C:\\temp\\new, 50 \\x41 \\u00e9"))
        .await;
    desk.receive(bytes("text/plain", b"Undeclared: Stra\xdfe")).await;
    let entries = desk.followups(1).await;
    assert_eq!(entries[0].text.trim(), "Café in C:\\temp\\new, 50 \\x41 \\u00e9");
    assert_eq!(entries[1].text.trim(), "Undeclared: Straße");
}

#[rstest]
#[tokio::test]
async fn nul_bytes_and_cut_off_mails_are_stored_on_both_databases(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(bytes("text/plain; charset=utf-8", b"It\0burns")).await;
    let nul =
        mail("\"A\0nn\" <ann@customer.test>", "Sub\0ject").attachment("a\0b.txt", "text/plain", b"\0\0");
    desk.receive(nul).await;
    let whole: Vec<u8> = mail(ANN, "Cut off").attachment("fire.txt", "text/plain", b"smoke and fire").into();
    desk.receive(whole[..whole.len() - 40].to_vec()).await;
    assert_snapshot!(desk.tickets().await, @r"
    #1 open `Printer`, 1 message
    #2 open `Sub�ject`, 1 message
    #3 open `Cut off`, 1 message
    ");
    assert_snapshot!(desk.ticket(3).await, @r"
    #3 open `Cut off`, 1 message
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
      + fire.txt (text/plain, attachment, 0 bytes)
    ");
}

#[rstest]
#[case::no_author(mail(ANN, "x").without("From"), "suspended (no-author)")]
#[case::empty_author(mail("", "x"), "suspended (no-author)")]
#[case::no_address(mail("Ann", "x"), "suspended (no-author)")]
#[case::two_authors(mail("ann@customer.test, bob@customer.test", "x"), "suspended (many-authors)")]
#[case::two_fields(mail(ANN, "x").stamped("From", "bob@customer.test"), "suspended (many-authors)")]
#[case::half_an_author(mail("ann@customer.test, undisclosed", "x"), "ticket #1")]
#[case::only_an_at(mail("@", "x"), "suspended (no-author)")]
#[case::no_subject(mail(ANN, "x").without("Subject"), "ticket #1")]
#[tokio::test]
async fn a_mail_without_one_clear_author_waits_for_a_person(
    #[case] mail: crate::support::mail::Mail,
    #[case] became: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    assert_eq!(desk.receive(mail).await, became);
}

#[rstest]
#[tokio::test]
async fn plain_text_is_preferred_and_html_is_used_where_there_is_none(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let html = "<html><body><p>It <b>burns</b>.</p><p>Help &amp; hurry</p></body></html>";
    desk.receive(mail(ANN, "Both").text("It burns, plainly.").html(html)).await;
    desk.receive(mail(ANN, "HTML alone").without_text().html(html)).await;
    desk.receive(mail(ANN, "Empty text").text(" \n").html(html)).await;
    for (ticket, text) in
        [(1, "It burns, plainly."), (2, "It burns.\n\nHelp & hurry"), (3, "It burns.\n\nHelp & hurry")]
    {
        assert_eq!(desk.followups(ticket).await[0].text.trim(), text, "ticket {ticket}");
    }
}

#[rstest]
#[tokio::test]
async fn html_is_made_harmless_before_it_is_stored(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let html = "<p onclick=\"evil()\">It burns</p><script>evil()</script><a href=\"javascript:evil()\">x</a>
        <iframe src=\"https://evil.test\"></iframe><form action=\"https://evil.test\"><input></form>";
    desk.receive(mail(ANN, "HTML").html(html)).await;
    let stored = desk.followups(1).await[0].html.clone().unwrap();
    assert!(stored.contains("It burns"));
    for word in ["onclick", "script", "iframe", "form", "evil"] {
        assert!(!stored.contains(word), "{word}: {stored}");
    }
}

#[rstest]
#[tokio::test]
async fn the_new_part_of_a_reply_is_told_from_the_quoted_one(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let text =
        "It is out now.\n\nOn Mon, 2 Mar 2026 at 10:00, Support <support@desk.test> wrote:\n> Use water.\n";
    let answer = desk.sent().await[0].answer(text);
    desk.receive(answer).await;
    let entry = desk.followups(1).await.pop().unwrap();
    assert_eq!(entry.new_text.as_deref(), Some("It is out now."));
    assert!(entry.text.contains("> Use water."), "the whole is kept too");
}

#[rstest]
#[tokio::test]
async fn every_attachment_is_kept_under_a_name_that_does_no_harm(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    let inline = [
        ("Content-Type", "image/png; name=\"fire.png\""),
        ("Content-ID", "<fire@client>"),
        ("Content-Disposition", "inline; filename=\"fire.png\""),
    ];
    let inner: Vec<u8> = mail("bob@customer.test", "Seen it too").id("inn@client.test").into();
    let request = mail(ANN, "Printer on fire")
        .html("<p>It burns: <img src=\"cid:fire@client\"></p>")
        .part(&inline, png)
        .attachment("../../etc/passwd", "text/plain", b"root")
        .attachment("C:\\\\evil\\\\run.exe", "application/octet-stream", b"MZ")
        .attachment("invoice\u{202e}gpj.exe", "image/jpeg", png)
        .part(&[("Content-Type", "message/rfc822"), ("Content-Disposition", "attachment")], &inner)
        .attachment("fire.png", "application/pdf", png);
    desk.receive(request).await;
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 1 message
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
      + fire.png (image/png, inline, 33 bytes)
      + passwd (text/plain, attachment, 4 bytes)
      + run.exe (application/vnd.microsoft.portable-executable, attachment, 2 bytes)
      + invoicegpj.exe (image/jpeg, attachment, 33 bytes)
      + message-5.eml (message/rfc822, attachment, 249 bytes)
      + fire.png (application/pdf, attachment, 33 bytes)
    ");
    let kept = store::attachments::list(&mut desk.read().await, desk.row(1).await.id).await.unwrap();
    assert_eq!(kept[0].content_id.as_deref(), Some("fire@client"));
    assert_eq!(kept[0].blob_id, kept.last().unwrap().blob_id, "equal bytes are kept once");
}

/// django-helpdesk left large attachments out without a word.
#[rstest]
#[tokio::test]
async fn a_mail_that_is_too_large_becomes_a_ticket_and_its_author_is_told(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "new_ticket_cc = [\"team@staff.test\"]").await;
    let head: Vec<u8> = mail(ANN, "Huge").into();
    let item = desk.record_sized("support", head, 60 << 20, Extent::Headers).await;
    assert_eq!(desk.handle_twice(item).await, "ticket #1");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Huge`, 1 message
    from ann@customer.test
    - ann@customer.test, opened, public: This message of 60 MB is larger than this desk takes. Only its headers were read; the whole is still in the mailbox.
    ");
    let sent = desk.sent().await;
    assert!(sent.to(ANN).text.contains("too large"), "{}", sent.to(ANN).text);
    assert!(sent.to("team@staff.test").text.contains("still in the mailbox"), "{sent}");
}

#[rstest]
#[tokio::test]
async fn a_ticket_begins_when_its_mail_arrived_and_not_when_it_was_read(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "[[queues.types]]\nname = \"Fire\"\ndue_hours = 4\n").await;
    let item = desk.record("support", mail(ANN, "Printer on fire").into(), Extent::Full).await;
    desk.advance(hours(3));
    desk.handle_twice(item).await;
    let ticket = desk.row(1).await;
    assert_eq!(ticket.created_at, START);
    assert_eq!(ticket.due_at, Some(Timestamp(START.0 + 4 * Timestamp::HOUR)));
    assert_eq!(desk.followups(1).await[0].created_at, START);
    // What the sender's own clock says is not believed.
    desk.receive(mail(ANN, "From the future").header("Date", "Fri, 01 Jan 2100 00:00:00 +0000")).await;
    assert_eq!(desk.row(2).await.created_at, desk.now());
}

#[rstest]
#[tokio::test]
async fn a_mail_servers_clock_that_is_ahead_opens_no_ticket_in_the_future(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive_at(Timestamp(START.0 + Timestamp::DAY), mail(ANN, "Printer on fire")).await;
    assert_eq!(desk.row(1).await.created_at, START);
}

#[rstest]
#[case("X-Priority", "1 (Highest)", 1)]
#[case("x-priority", "5", 5)]
#[case("Importance", "HIGH", 2)]
#[case("importance", "low", 4)]
#[case("Priority", "Urgent", 2)]
#[case("Priority", "non-urgent", 4)]
#[case("X-Priority", "banana", 3)]
#[case("X-Helpdesk-Priority", "1", 3)]
#[tokio::test]
async fn the_senders_priority_is_taken_from_the_usual_fields(
    #[case] field: &str,
    #[case] value: &str,
    #[case] priority: i64,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire").header(field, value)).await;
    assert_eq!(desk.row(1).await.priority.number(), priority);
}

#[rstest]
#[tokio::test]
async fn control_fields_from_outside_control_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.agent("alex@staff.test").await;
    let bossy = mail(ANN, "Printer on fire")
        .header("X-Helpdesk-Queue", "sales")
        .header("X-Helpdesk-Owner", "alex@staff.test")
        .header("X-Helpdesk-Status", "closed")
        .header("X-Helpdesk-Delivery", "no");
    desk.receive(bossy).await;
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 1 message
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    ");
}
