//! How a mail leaves: tried with patience, never twice for certain, and somebody learns when it does not.

use rstest::rstest;

use helpdeskd::clock::Timestamp;
use helpdeskd::mail::delivery::State;
use helpdeskd::smtp::outcome::Outcome;
use helpdeskd::smtp::outcome::Refusal;
use helpdeskd::smtp::outcome::Stage;
use helpdeskd::store;
use helpdeskd::store::outbox::Outgoing;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::hours;
use crate::support::story::minutes;

const ANN: &str = "ann@customer.test";

fn deferred(stage: Stage, code: u16, text: &str) -> Outcome {
    Outcome::Deferred(Refusal { code: Some(code), ..Refusal::of(stage, text) })
}

fn rejected(code: u16, text: &str) -> Outcome {
    Outcome::Rejected(Refusal { code: Some(code), ..Refusal::of(Stage::Recipient, text) })
}

fn later() -> Outcome {
    deferred(Stage::Recipient, 450, "4.2.0 greylisted")
}

/// A desk on which Ann's ticket was answered; the answer is not sent yet.
async fn answered(on: On) -> TestDesk {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.sent().await;
    let alex = desk.agent("alex@staff.test").await;
    desk.by(&alex).assign(1, Some(&alex)).await;
    desk.by(&alex).comment(1, "Use water.").await;
    desk
}

/// The newest mail to Ann as the outbox has it.
async fn to_ann(desk: &TestDesk) -> Outgoing {
    let rows = store::outbox::list(&mut desk.read().await, 100).await.expect("it is listed");
    rows.into_iter().find(|row| row.recipient == ANN).expect("she is written to")
}

#[rstest]
#[tokio::test]
async fn a_mail_without_an_answer_is_sent_once_more_and_then_left_to_a_person(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = answered(on).await;
    desk.next_attempts([Outcome::Unclear]);
    let first = desk.sent().await;
    desk.next_attempts([Outcome::Unclear]);
    desk.advance(minutes(5));
    let second = desk.sent().await;
    assert_eq!(first.to(ANN).message_id, second.to(ANN).message_id, "so that a server can tell");
    assert!(second.to("alex@staff.test").text.contains("Nobody knows"), "{second}");
    desk.advance(days(1));
    assert_eq!(desk.sent().await.to_string(), "nothing");
    assert_eq!(to_ann(&desk).await.state, State::Unknown);
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 3 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    - alex@staff.test, comment, public: Use water.
    - nobody, undelivered, private: Nobody knows whether the mail to ann@customer.test arrived: no answer after the text was sent, twice
    ");
    let mut tx = desk.write().await;
    assert!(store::outbox::retry(&mut tx, to_ann(&desk).await.id, desk.now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(desk.sent().await.to(ANN).message_id, first.to(ANN).message_id);
}

#[rstest]
#[tokio::test]
async fn a_process_that_died_while_sending_counts_as_no_answer(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = answered(on).await;
    for death in 1..=2 {
        let mut tx = desk.write().await;
        let lease = Timestamp(desk.now().0 + Timestamp::MINUTE);
        let rows = store::outbox::claim(&mut tx, "default", desk.now(), lease, 10).await.unwrap();
        let row = rows.into_iter().find(|row| row.recipient == ANN).expect("it is due");
        let unclear = row.unclear + i64::from(row.data_started_at.is_some());
        assert!(store::outbox::start_data(&mut tx, row.id, row.attempts, unclear, desk.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!((row.attempts, unclear), (death, death - 1));
        desk.advance(minutes(2));
    }
    desk.deliver().await;
    assert_eq!(to_ann(&desk).await.state, State::Unknown);
    desk.leaves_unsettled();
}

#[rstest]
#[tokio::test]
async fn a_late_answer_that_it_was_sent_always_wins(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = answered(on).await;
    desk.next_attempts([Outcome::Unclear, Outcome::Unclear]);
    desk.deliver().await;
    desk.advance(minutes(5));
    desk.deliver().await;
    let row = to_ann(&desk).await;
    let settlement = store::outbox::Settlement {
        state: State::Sent,
        due_at: desk.now(),
        unclear: 0,
        relay_id: None,
        answer: "250 OK",
        warned_at: None,
        settled_at: Some(desk.now()),
    };
    let mut tx = desk.write().await;
    assert!(store::outbox::settle(&mut tx, row.id, 1, &settlement).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(to_ann(&desk).await.state, State::Sent);
}

/// RFC 5321 §4.5.4.1 wants patience: soon at first, then every few hours, for days.
#[rstest]
#[tokio::test]
async fn a_mail_that_is_put_off_is_tried_soon_then_patiently_and_given_up_after_five_days(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = answered(on).await;
    desk.next_attempts(std::iter::repeat_with(later).take(200));
    let begun = desk.now();
    let mut pauses = Vec::new();
    loop {
        let tried = desk.now();
        desk.deliver().await;
        let row = to_ann(&desk).await;
        if row.state != State::Queued {
            break;
        }
        pauses.push((row.due_at.0 - tried.0) / Timestamp::MINUTE);
        desk.advance(row.due_at.since(tried));
    }
    assert_eq!(pauses[..5], [1, 5, 15, 30, 60]);
    assert!(pauses[5..].iter().all(|pause| (120..=240).contains(pause)), "{pauses:?}");
    let lasted = desk.now().since(begun);
    assert!(lasted > days(5) && lasted < days(5) + hours(4), "{lasted:?}");
    assert_eq!(to_ann(&desk).await.state, State::Rejected);
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 5 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    - alex@staff.test, comment, public: Use water.
    - nobody, undelivered, private: The mail to ann@customer.test is not delivered yet; it is tried again: the mail server refused the recipient: 450 4.2.0 greylisted
    - nobody, undelivered, private: The mail to alex@staff.test is not delivered yet; it is tried again: the mail server refused the recipient: 450 4.2.0 greylisted
    - nobody, undelivered, private: The mail to ann@customer.test could not be delivered: given up: the mail server refused the recipient: 450 4.2.0 greylisted
    ");
    desk.leaves_unsettled();
}

#[rstest]
#[tokio::test]
async fn the_author_of_a_mail_learns_after_four_hours_that_it_is_late(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = answered(on).await;
    desk.next_attempts(std::iter::repeat_with(later).take(8));
    for _ in 0..8 {
        desk.deliver().await;
        desk.advance(to_ann(&desk).await.due_at.since(desk.now()));
    }
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["alex@staff.test", ANN]);
    assert!(
        sent.to("alex@staff.test").text.contains("not delivered yet"),
        "{}",
        sent.to("alex@staff.test").text
    );
    assert_eq!(to_ann(&desk).await.state, State::Sent);
}

#[rstest]
#[tokio::test]
async fn a_refused_recipient_is_final_and_needs_a_person(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = answered(on).await;
    desk.next_attempts([rejected(550, "5.1.1 no such user")]);
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["alex@staff.test"]);
    assert!(sent.to("alex@staff.test").text.contains("5.1.1 no such user"));
    assert_eq!(to_ann(&desk).await.attempts, 1);
    assert_eq!(desk.row(1).await.attention_at, Some(desk.now()));
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 3 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    - alex@staff.test, comment, public: Use water.
    - nobody, undelivered, private: The mail to ann@customer.test could not be delivered: the mail server refused the recipient: 550 5.1.1 no such user
    ");
}

#[rstest]
#[tokio::test]
async fn a_failed_word_about_a_failed_mail_starts_no_chain(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = answered(on).await;
    desk.next_attempts([rejected(550, "no"), rejected(550, "no")]);
    desk.deliver().await;
    let newest = store::outbox::list(&mut desk.read().await, 2).await.unwrap();
    assert!(newest.iter().all(|row| row.state == State::Rejected), "{newest:?}");
    assert_eq!(desk.sent().await.to_string(), "nothing");
}

#[rstest]
#[case::log_in(deferred(Stage::Login, 535, "5.7.8 wrong password"), 5 * 60)]
#[case::nobody_there(Outcome::Deferred(Refusal::of(Stage::Connect, "connection refused")), 30)]
#[tokio::test]
async fn trouble_with_the_account_rests_the_account_and_blames_no_mail(
    #[case] trouble: Outcome,
    #[case] seconds: u64,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = answered(on).await;
    desk.next_attempts([trouble]);
    assert_eq!(desk.sent().await.to_string(), "nothing", "no other mail is tried");
    desk.advance(std::time::Duration::from_secs(seconds - 1));
    assert_eq!(desk.sent().await.to_string(), "nothing");
    desk.advance(minutes(2));
    assert_eq!(desk.sent().await.recipients(), [ANN]);
    assert_eq!(to_ann(&desk).await.unclear, 0, "it was refused, not left without an answer");
}

#[rstest]
#[tokio::test]
async fn three_mails_put_off_alike_at_the_sender_rest_the_account(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    for n in 1..=4 {
        desk.operator().open(Some(&format!("user{n}@customer.test")), "Hello", "").await;
    }
    desk.next_attempts(std::iter::repeat_with(|| deferred(Stage::Sender, 451, "4.3.0 not now")).take(3));
    assert_eq!(desk.sent().await.to_string(), "nothing", "the fourth is not tried");
    let channel = store::channels::find(&mut desk.read().await, "default").await.unwrap().unwrap();
    assert!(channel.paused_until > desk.now());
    desk.advance(minutes(10));
    assert_eq!(desk.sent().await.len(), 4);
}

#[rstest]
#[tokio::test]
async fn mails_about_one_ticket_reach_one_person_in_order(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let id = desk.operator().open(Some(ANN), "Printer on fire", "").await;
    desk.operator().cc(id, "bob@customer.test").await;
    desk.sent().await;
    desk.next_attempts([later()]);
    desk.operator().comment(id, "One").await;
    desk.operator().comment(id, "Two").await;
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["bob@customer.test", "bob@customer.test"], "Ann's wait for the first");
    desk.advance(minutes(1));
    let texts: Vec<String> = desk.sent().await.iter().map(|sent| sent.text.clone()).collect();
    assert!(texts[0].contains("One") && texts[1].contains("Two"), "{texts:?}");
    desk.next_attempts([later(), later(), later(), later()]);
    desk.operator().comment(id, "Three").await;
    desk.operator().comment(id, "Four").await;
    desk.deliver().await;
    desk.advance(hours(1) + minutes(1));
    assert!(
        desk.sent().await.iter().any(|sent| sent.to == ANN && sent.text.contains("Four")),
        "not for ever"
    );
    desk.leaves_unsettled();
}

/// Two answers to one question in the wrong order are odd; one that waits for a receipt is late.
#[rstest]
#[tokio::test]
async fn an_agents_answer_does_not_wait_for_an_acknowledgement_that_is_put_off(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.next_attempts([later()]);
    assert_eq!(desk.sent().await.to_string(), "nothing");
    let alex = desk.agent("alex@staff.test").await;
    desk.by(&alex).comment(1, "Use water.").await;
    assert!(desk.sent().await.to(ANN).text.contains("Use water."));
    desk.next_attempts([later()]);
    desk.by(&alex).comment(1, "One").await;
    desk.by(&alex).comment(1, "Two").await;
    assert_eq!(desk.sent().await.to_string(), "nothing", "his own words stay in order");
    desk.advance(minutes(1));
    let texts: Vec<String> = desk.sent().await.iter().map(|sent| sent.text.clone()).collect();
    let at = |word: &str| texts.iter().position(|text| text.contains(word)).expect(word);
    assert!(at("One") < at("Two"), "{texts:?}");
}

#[rstest]
#[tokio::test]
async fn a_mail_says_what_was_true_when_it_was_caused(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut desk = TestDesk::with_config(on, "from_name = \"Old name\"\nsignature = \"Old signature\"").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.restart("from_name = \"New name\"\nsignature = \"New signature\"").await;
    desk.operator().comment(1, "Words").await;
    let sent = desk.sent().await;
    for (sent, word) in sent.iter().zip(["Old", "New"]) {
        assert!(sent.header("From").unwrap().contains(&format!("{word} name")));
        assert!(sent.text.contains(&format!("{word} signature")), "{}", sent.text);
    }
}

#[rstest]
#[tokio::test]
async fn nothing_leaves_while_delivery_is_paused(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut desk = TestDesk::with_config(on, "[delivery]\npaused = true\n").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    assert_eq!(desk.sent().await.to_string(), "nothing");
    desk.restart("").await;
    assert_eq!(desk.sent().await.len(), 1);
}

#[rstest]
#[tokio::test]
async fn each_queue_writes_under_its_own_name_and_address(#[values(On::Sqlite, On::Postgres)] on: On) {
    let sales = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\nfrom_name = \"Ünïque Sales\"\nsignature = \"Your Sales team\"\nsmtp = \"second\"\n[[smtp]]\nname = \"second\"\ndirectory = \"unused\"\n";
    let desk = TestDesk::with_config(on, sales).await;
    desk.receive_in("sales", mail(ANN, "Offer").to("sales@desk.test")).await;
    let sent = desk.sent().await;
    assert_snapshot!(sent, @"ann@customer.test: [sales-1] Offer");
    assert!(sent[0].header("From").unwrap().contains("<sales@desk.test>"));
    assert!(sent[0].text.contains("Your Sales team") && sent[0].message_id.ends_with("@desk.test"));
    assert_eq!(to_ann(&desk).await.account, "second");
}

/// django-helpdesk 954: when the server offered no encryption, mail and password went out in clear text.
#[rstest]
#[tokio::test]
async fn a_server_that_cannot_encrypt_gets_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = answered(on).await;
    let sink = crate::support::smtp_sink::SmtpSink::start();
    desk.smtp_at(sink.address(), "starttls").await;
    desk.deliver().await;
    assert_eq!(sink.passages(crate::support::smtp_sink::Stage::Mail), 0);
    assert_eq!(to_ann(&desk).await.state, State::Queued);
    desk.advance(minutes(1));
    desk.smtp_at(sink.address(), "none").await;
    desk.deliver().await;
    assert_eq!(sink.taken()[0].recipients, [ANN]);
}
