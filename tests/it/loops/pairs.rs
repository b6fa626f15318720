//! Two desks that are each other's customers, and programs that answer everything.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::worker::digest;

use super::traffic::MINUTES;
use super::traffic::Traffic;
use super::traffic::play;
use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

const STAFF: &str =
    "cc = \"all\"\nnew_ticket_cc = [\"team@staff.test\"]\nupdated_ticket_cc = [\"team@staff.test\"]\n";

/// A mail of one desk as the other one receives it: both believe that they are `desk.test`.
fn across(sent: &Sent) -> Vec<u8> {
    let swapped = sent.raw.replace("desk.test", "\u{1}").replace("other.test", "desk.test");
    let path = sent.envelope_from.replace("desk.test", "other.test");
    format!("Return-Path: <{path}>\r\n{}", swapped.replace('\u{1}', "other.test")).into_bytes()
}

/// A program that answers everything and says nowhere that it is one. `threads`: it keeps subject and ids.
fn reflex(sent: &Sent, n: usize, threads: bool) -> Mail {
    let text = format!("We got your mail, number {n}.");
    if threads { sent.answer(&text) } else { mail(&sent.to, &format!("Ticket {n} received")).text(&text) }
}

#[rstest]
#[tokio::test]
async fn two_desks_that_are_each_others_customers_fall_silent(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (here, there) = (TestDesk::with_config(on, STAFF).await, TestDesk::with_config(on, STAFF).await);
    let mut traffic = [Traffic::default(), Traffic::default()];
    here.operator().open(Some("support@other.test"), "Your invoice", "Please look.").await;
    there.operator().open(Some("support@other.test"), "Your order", "Please look.").await;
    for minute in 0..MINUTES {
        for (n, (from, to)) in [(&here, &there), (&there, &here)].into_iter().enumerate() {
            for sent in from.sent().await.iter() {
                traffic[n].note(minute, sent);
                if sent.to == "support@other.test" {
                    to.receive(across(sent)).await;
                }
            }
        }
        if minute == 60 {
            // An agent answers what stands there, and again nothing starts.
            here.operator().comment(1, "Any news?").await;
        }
        here.advance(minutes(1));
        there.advance(minutes(1));
    }
    for traffic in traffic {
        traffic.assert_capped();
        assert!(traffic.count() < 20, "{} mails", traffic.count());
        assert!(traffic.last() < 70, "the last one in minute {}", traffic.last());
    }
}

#[rstest]
#[tokio::test]
async fn a_program_that_answers_every_mail_gets_few_and_stops(
    #[values(true, false)] threads: bool,
    #[values((Authentication::None, 5), (Authentication::Pass, 100))] (proof, most): (Authentication, usize),
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, STAFF).await;
    desk.mails_are(proof);
    let robot = "robot@customer.test";
    desk.receive(mail(robot, "Hello")).await;
    let mut n = 0;
    let traffic = play(&desk, async |_, sent| {
        n += 1;
        if sent.to == robot { vec![reflex(sent, n, threads).into()] } else { Vec::new() }
    })
    .await;
    traffic.assert_capped();
    // So many acknowledgements at most, and what the staff hears of each request.
    traffic.assert_capped_to(robot, most);
    assert!(traffic.count() <= 2 * most + 5, "{} mails", traffic.count());
    assert!(traffic.last() < most + 15, "the last one in minute {}", traffic.last());
}

/// Each answer of one goes to the other as a comment: without caps this never ends.
#[rstest]
#[tokio::test]
async fn two_programs_on_one_ticket_are_stopped_by_the_caps(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, STAFF).await;
    let robots = ["robot@customer.test", "automat@customer.test"];
    desk.receive(mail(robots[0], "Hello").cc(robots[1])).await;
    // What a customer writes goes only to those whom an agent wanted there.
    desk.operator().cc(1, robots[1]).await;
    desk.sent().await;
    desk.operator().comment(1, "Hello both").await;
    let mut n = 0;
    let traffic = play(&desk, async |_, sent| {
        n += 1;
        if robots.contains(&sent.to.as_str()) { vec![reflex(sent, n, true).into()] } else { Vec::new() }
    })
    .await;
    traffic.assert_capped();
    assert!(traffic.count() >= 20, "they did answer each other: {} mails", traffic.count());
    assert!(traffic.count() <= 60, "{} mails", traffic.count());
    assert!(traffic.last() < 60, "the last one in minute {}", traffic.last());
}

/// The same, where both also reopen what is closed, and write anew once an hour.
#[rstest]
#[tokio::test]
async fn programs_that_begin_again_and_again_stay_under_the_caps(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, STAFF).await;
    let robots = ["robot@customer.test", "automat@customer.test"];
    desk.receive(mail(robots[0], "Hello").cc(robots[1])).await;
    desk.operator().comment(1, "Hello both").await;
    let mut n = 0;
    let traffic = play(&desk, async |minute, sent| {
        n += 1;
        let mut back = Vec::new();
        if robots.contains(&sent.to.as_str()) {
            back.push(reflex(sent, n, true).into());
            if minute % 60 == 0 {
                back.push(reflex(sent, n, false).into());
            }
        }
        if sent.subject.starts_with("[support-1]") && minute % 5 == 0 && desk.row(1).await.is_open() {
            desk.operator().close(1, "").await;
        }
        back
    })
    .await;
    traffic.assert_capped();
    assert!(traffic.last() < 700, "the last one in minute {}", traffic.last());
}

#[rstest]
#[tokio::test]
async fn a_bomb_of_requests_costs_few_mails_and_is_told_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_desk(on, "alerts = [\"ops@staff.test\"]", STAFF).await;
    desk.mails_are(Authentication::None);
    for n in 0..100 {
        let who = format!("victim{}@customer.test", n % 3);
        desk.receive(mail(&who, &format!("Bomb {n}"))).await;
    }
    let sent = desk.sent().await;
    let to = |address: &str| sent.iter().filter(|mail| mail.to == address).count();
    assert_eq!([to("victim0@customer.test"), to("victim1@customer.test")], [5, 5]);
    assert_eq!(to("team@staff.test"), 20, "the rest comes in one mail");
    assert_eq!(to("ops@staff.test"), 0, "nothing is lost");
    digest::run(&desk.app).await.expect("it runs");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["team@staff.test"]);
    assert_eq!(sent[0].text.matches("] Bomb ").count(), 80);
    assert!(desk.tickets().await.lines().count() == 100, "nothing is lost");
}

/// Programs behind the lists of the staff, each of which files every notice and answers that it did.
#[rstest]
#[tokio::test]
async fn programs_that_answer_notices_to_staff_do_not_keep_each_other_busy(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let robots = ["filing@staff.test", "archive@staff.test"];
    let lists = "new_ticket_cc = [\"filing@staff.test\", \"archive@staff.test\"]\n";
    let desk = TestDesk::with_config(on, &format!("{lists}{}", lists.replace("new", "updated"))).await;
    desk.receive(mail("ann@customer.test", "Hello")).await;
    let mut n = 0;
    let traffic = play(&desk, async |_, sent| {
        n += 1;
        let filed = reflex(sent, n, true).header("Auto-Submitted", "auto-generated");
        if robots.contains(&sent.to.as_str()) { vec![filed.into()] } else { Vec::new() }
    })
    .await;
    assert_eq!((traffic.count(), traffic.last()), (3, 0), "one word to each, and none about their answers");
}
