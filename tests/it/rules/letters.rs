//! What stands in the mails that leave: their fields, their words, and who is left out.

use rstest::rstest;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const TEAM: &str = "updated_ticket_cc = [\"team@staff.test\"]\nnew_ticket_cc = [\"team@staff.test\"]\n";

#[rstest]
#[tokio::test]
async fn an_agents_words_are_no_automatic_mail_and_join_the_customers_thread(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    let acknowledged = desk.sent().await.to(ANN).clone();
    desk.receive(acknowledged.answer("Hurry!").id("second@client.test")).await;
    desk.by(&alex).comment(1, "Use water.").await;
    let sent = desk.sent().await.to(ANN).clone();
    assert_eq!(sent.header("Auto-Submitted"), None);
    assert_eq!(sent.header("X-Auto-Response-Suppress"), None);
    assert_eq!(sent.header("List-Unsubscribe"), None);
    assert_eq!(sent.header("In-Reply-To").as_deref(), Some("<second@client.test>"));
    assert_eq!(sent.header("References").as_deref(), Some("<first@client.test> <second@client.test>"));
    assert_eq!(sent.envelope_from, "support@desk.test", "so that a bounce comes back");
    assert_eq!(sent.header("To").as_deref(), Some(ANN));
    assert_eq!(sent.header("Date").as_deref(), Some("Mon, 02 Mar 2026 09:00:00 +0000"));
    assert_eq!(sent.subject, "[support-1] Printer on fire");
}

#[rstest]
#[tokio::test]
async fn whatever_the_desk_says_by_itself_is_marked_as_automatic(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.by(&alex).close(1, "").await;
    desk.operator().assign(1, Some(&alex)).await;
    for sent in desk.sent().await.iter() {
        let word = if sent.envelope_from.is_empty() { "auto-replied" } else { "auto-generated" };
        assert_eq!(sent.header("Auto-Submitted").as_deref(), Some(word), "{}: {}", sent.to, sent.subject);
        assert_eq!(sent.header("X-Auto-Response-Suppress").as_deref(), Some("All"));
    }
}

#[rstest]
#[tokio::test]
async fn every_mail_has_an_id_of_its_own_that_leads_back(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.operator().comment(1, "One").await;
    desk.operator().resolve(1, "Two").await;
    let sent = desk.sent().await;
    let mut ids: Vec<&str> = sent.iter().map(|sent| sent.message_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), sent.len());
    for id in ids {
        let reply = mail(ANN, "Another subject").in_reply_to(id);
        assert_eq!(desk.receive(reply).await, "followup #1", "{id}");
    }
}

/// django-helpdesk escaped the text part as HTML: customers read `&amp;` and `&#x27;`.
#[rstest]
#[tokio::test]
async fn signs_of_html_stay_as_they_are_in_the_text(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    desk.receive(mail(ANN, "Q & A: it's <urgent>").text("if (a < b && c > \"d\") it's wrong")).await;
    desk.operator().comment(1, "if (a < b && c > \"d\") it's wrong").await;
    for sent in desk.sent().await.iter().skip(1) {
        assert!(sent.text.contains("if (a < b && c > \"d\") it's wrong"), "{}", sent.text);
        assert_eq!(sent.subject, "[support-1] Q & A: it's <urgent>");
        assert!(sent.html.contains("a &lt; b &amp;&amp; c"), "{}", sent.html);
        assert!(!sent.html.contains("<urgent>"), "{}", sent.html);
    }
}

#[rstest]
#[tokio::test]
async fn every_line_is_short_enough_for_every_server(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let long = "Feuer ".repeat(400) + &"ü".repeat(3000) + " https://example.test/" + &"x".repeat(3000);
    desk.receive(mail(ANN, &"Größer ".repeat(60)).text(&long)).await;
    desk.operator().comment(1, &long).await;
    for sent in desk.sent().await.iter() {
        let longest = sent.raw.split("\r\n").map(str::len).max().unwrap();
        assert!(longest <= 998, "{longest} octets to {}", sent.to);
        assert!(!sent.raw.replace("\r\n", "").contains(['\n', '\r']), "no bare line ends");
        assert!(sent.raw.is_ascii(), "readable for servers without SMTPUTF8");
    }
    let references: Vec<String> = (0..30).map(|n| format!("{n}.{}@client.test", "y".repeat(60))).collect();
    for id in &references {
        desk.receive(mail(ANN, "Re: [support-1]").id(id)).await;
    }
    desk.operator().comment(1, "At last.").await;
    let sent = desk.sent().await;
    let field = sent.iter().rfind(|sent| sent.to == ANN).unwrap().header("References").unwrap();
    let ids: Vec<&str> = field.split(' ').collect();
    assert!(ids.len() <= 13, "{}", ids.len());
    assert!(ids.last().unwrap().contains("<29."), "the newest is kept: {field}");
}

#[rstest]
#[tokio::test]
async fn names_of_people_and_files_in_any_alphabet_arrive(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let name = "Überraschung 火 \u{1f525}.txt";
    let request = mail("=?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <ann@customer.test>", "=?utf-8?B?54Gr54G9?=");
    desk.receive(request.attachment(name, "text/plain", b"smoke")).await;
    let sent = desk.sent().await.to("team@staff.test").clone();
    assert_eq!(sent.subject, "[support-1] 火災");
    assert_eq!(sent.attachments, [name]);
    assert!(sent.text.contains("Jörg Müller <ann@customer.test>"), "{}", sent.text);
}

#[rstest]
#[tokio::test]
async fn attachments_of_a_reply_are_passed_on_and_large_ones_are_named(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let limits = "[delivery]\nmax_staff_attachments_size = \"2 KB\"\nmax_attachments_size = \"1 KB\"\n";
    let desk = TestDesk::with_config(on, &format!("{TEAM}{limits}")).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.operator().cc(1, "bob@customer.test").await;
    desk.sent().await;
    let reply = mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test");
    let reply = reply.attachment("small.txt", "text/plain", &[b'x'; 900]);
    desk.receive(reply.attachment("large.txt", "text/plain", &[b'x'; 1100])).await;
    let sent = desk.sent().await;
    assert_eq!(sent.to("team@staff.test").attachments, ["small.txt", "large.txt"]);
    assert_eq!(sent.to("bob@customer.test").attachments, ["small.txt"]);
    assert!(
        sent.to("bob@customer.test").text.contains("large.txt (2 kB)"),
        "{}",
        sent.to("bob@customer.test").text
    );
}

/// What is sent when Ann answers on a ticket of Alex's.
async fn told_of_an_answer(on: On) -> Mails {
    let desk = TestDesk::with_config(on, TEAM).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail("Ann Arbor <ann@customer.test>", "Printer on fire").id("first@client.test")).await;
    desk.by(&alex).assign(1, Some(&alex)).await;
    for n in 1..=3 {
        desk.by(&alex).comment(1, &format!("Answer {n}")).await;
    }
    desk.by(&alex).note(1, "She sounded calm.").await;
    desk.sent().await;
    let text = "There is none.\n\nOn Monday Support wrote:\n> Use water.\n";
    desk.receive(mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test").text(text)).await;
    desk.sent().await
}

#[rstest]
#[tokio::test]
async fn a_mail_to_staff_says_all_that_they_must_know(#[values(On::Sqlite, On::Postgres)] on: On) {
    let sent = told_of_an_answer(on).await;
    assert_snapshot!(sent.to("alex@staff.test").text, @r"
    ##- Please type your reply above this line -##

    There is news from Ann Arbor on your ticket.

    [2 lines that this message quotes or is signed with are left out. 
    `helpdeskd ticket show 1 --full` shows them. They are in full.txt, too.]

    There is none.

    Attached:
    - full.txt

    [support-1] Printer on fire
    Queue: Support
    State: open
    Priority: 3 (1 is the most urgent, 5 the least)
    Owner: alex
    From: Ann Arbor <ann@customer.test>
    Opened: 2026-03-02 09:00 UTC

    Your answer goes to the customer, unless you say #note. Commands stand 
    above it, one a line, at the very top:
    #resolve  #close  #reopen  #hold  #unhold
    #hold DATE (or: 3d, mon 9:00)
    #note (your answer stays private)
    #assign USER (or: me, nobody)
    #priority 1-5
    #queue SLUG
    #cc ADDRESS
    #tag WORD
    #reply NAME (a saved reply)
    #forward ADDRESS (only to them, and their answer only to you)
    #spam (alone in its mail: it is no request)
    In a new mail to the desk: #list QUERY, #show 1

    ##- Please type your reply above this line -##
    Earlier, newest first:

    --- alex, 2026-03-02 09:00 UTC ---
    Answer 3

    --- alex, 2026-03-02 09:00 UTC ---
    Answer 2

    --- alex, 2026-03-02 09:00 UTC ---
    Answer 1
    ");
    assert_eq!(sent.to("alex@staff.test").subject, "[support-1] Printer on fire");
}

#[rstest]
#[tokio::test]
async fn a_mail_to_a_customer_holds_no_private_word(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.by(&alex).note(1, "She is a fool.").await;
    desk.by(&alex).comment(1, "Use water.").await;
    desk.by(&alex).resolve(1, "Water it is.").await;
    let sent = desk.sent().await;
    let to_ann = sent.iter().filter(|sent| sent.to == ANN);
    for sent in to_ann {
        for word in ["fool", "team@staff.test", "alex@staff.test", "Please type your reply"] {
            assert!(!sent.raw.contains(word), "{word}: {}", sent.raw);
        }
    }
    assert_snapshot!(sent.iter().rfind(|sent| sent.to == ANN).unwrap().text, @r"
    Hello,

    Your request [support-1] has been resolved.

    Water it is.

    If something is still not right, reply to this mail and your request is 
    opened again.

    -- 
    Support
    ");
}

/// django-helpdesk 1300: the owner was also on copy, and read a private note by the customer's mail.
#[rstest]
#[tokio::test]
async fn a_private_note_skips_an_agent_who_is_also_the_submitter_or_on_copy(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let lists = "updated_ticket_cc = [\"copied@staff.test\", \"team@staff.test\"]\n";
    let desk = TestDesk::with_config(on, lists).await;
    let owner = desk.agent("owner@staff.test").await;
    let alex = desk.agent("alex@staff.test").await;
    let id = desk.operator().open(Some("owner@staff.test"), "My chair", "It squeaks.").await;
    desk.operator().assign(id, Some(&owner)).await;
    desk.operator().cc(id, "copied@staff.test").await;
    desk.sent().await;
    desk.by(&alex).note(id, "He broke it himself.").await;
    assert_eq!(desk.sent().await.recipients(), ["team@staff.test"]);
    desk.by(&alex).comment(id, "A new one is ordered.").await;
    assert_eq!(desk.sent().await.recipients(), ["copied@staff.test", "owner@staff.test", "team@staff.test"]);
}

#[rstest]
#[tokio::test]
async fn whoever_had_the_mail_itself_gets_no_copy_of_it_but_staff_do(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let owner = desk.agent("owner@staff.test").await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.operator().assign(1, Some(&owner)).await;
    desk.operator().cc(1, "bob@customer.test").await;
    desk.operator().cc(1, "cleo@customer.test").await;
    desk.sent().await;
    let reply = mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test");
    let everybody = "Bob@Customer.test, owner@staff.test, team@staff.test";
    desk.receive(reply.to("support@desk.test, Bob <bob@customer.test>").cc(everybody)).await;
    assert_eq!(
        desk.sent().await.recipients(),
        ["cleo@customer.test", "owner@staff.test", "team@staff.test"],
        "staff need theirs to answer it"
    );
}
