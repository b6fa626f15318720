//! Spam: what a filter marks waits, what an agent calls so goes, and both can be taken back.

use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::worker::handle;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::Office;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

#[rstest]
#[case("X-Spam-Flag", "YES", true)]
#[case("X-Spam-Status", "Yes, score=12.0 required=5.0", true)]
#[case("X-Spam-Status", "No, score=0.1", false)]
#[case("X-Spam", "Yes", true)]
#[case("X-Rspamd-Action", "add header", true)]
#[case("X-Rspamd-Action", "no action", false)]
#[case("X-MS-Exchange-Organization-SCL", "6", true)]
#[case("X-MS-Exchange-Organization-SCL", "1", false)]
#[tokio::test]
async fn what_a_filter_marks_waits(
    #[case] name: &str,
    #[case] value: &str,
    #[case] waits: bool,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let became = desk.receive(mail(ANN, "Cheap pills").header(name, value)).await;
    assert_eq!(became, if waits { "suspended (spam)" } else { "ticket #1" });
    assert_eq!(desk.sent().await.len(), usize::from(!waits), "what waits is not acknowledged");
}

#[rstest]
#[tokio::test]
async fn the_fields_are_the_operators_choice(#[values(On::Sqlite, On::Postgres)] on: On) {
    let more = "[intake]\nspam_headers = [\"X-Filter: drop|refuse\"]\n";
    let desk = TestDesk::with_config(on, more).await;
    assert_eq!(desk.receive(mail(ANN, "One").header("X-Filter", "Refuse (9)")).await, "suspended (spam)");
    assert_eq!(desk.receive(mail(ANN, "Two").header("X-Spam-Flag", "YES")).await, "ticket #1");
    desk.sent().await;
}

/// A mark that anybody can write must not put anybody else's mail away, and a filter's mistake no customer's answer.
#[rstest]
#[tokio::test]
async fn an_answer_to_our_mail_is_no_spam_and_a_strangers_is(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let to_ann = office.told.to(ANN);
    let answer = to_ann.answer("It still burns.").header("X-Spam-Flag", "YES");
    assert_eq!(office.receives(answer).await, "followup #1");
    let stranger =
        to_ann.answer("Buy pills.").header("From", "eve@stranger.test").header("X-Spam-Flag", "YES");
    assert_eq!(office.receives(stranger).await, "suspended (spam)");
    assert_eq!(office.reply("#note\nSeen.").await, "followup #1 (note)");
    let flagged = office.notice().answer("#note\nSeen, too.").header("X-Spam-Flag", "YES");
    assert_eq!(office.receives(flagged).await, "followup #1 (note)", "an agent's answer is theirs");
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn an_agent_calls_a_ticket_spam_by_mail(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    office.receives(mail(&format!("Eve <{}>", "eve@stranger.test"), "Cheap pills").text("Buy them.")).await;
    let told = office.sent().await;
    assert_eq!(office.receives(told.to(ALEX).answer("#spam\nAway with it.")).await, "followup #2 (withheld)");
    assert!(office.sent().await.to(ALEX).text.contains("#spam: it stands alone"));
    let unproven = told.to(ALEX).answer("#spam");
    assert_eq!(office.desk.receive_as(Authentication::None, unproven).await, "followup #2 (unverified)");
    office.sent().await;
    assert_eq!(office.receives(told.to(ALEX).answer("#spam ignore")).await, "ignored (spam-said)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX], "and nobody else hears of it");
    assert!(sent.to(ALEX).text.contains("helpdeskd suspended release"), "{}", sent.to(ALEX).text);
    assert!(!office.tickets().await.contains("pills"), "{}", office.tickets().await);
    office.desk.app.desk().refresh(&office.desk.app.db).await.expect("it is read");
    let again = mail("eve@stranger.test", "More pills");
    assert_eq!(office.receives(again).await, "ignored (rule)");
    assert_eq!(office.reply("We are on our way.").await, "followup #1");
    office.sent().await;
    assert_eq!(office.reply("#spam").await, "followup #1 (withheld)");
    let sent = office.sent().await;
    assert!(
        sent.to(ALEX).text.contains("#spam: an agent has answered this ticket"),
        "{}",
        sent.to(ALEX).text
    );
    office.advance(minutes(1));
}

#[rstest]
#[tokio::test]
async fn what_was_no_spam_comes_back_by_answering_the_mail_that_told_of_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    const EVE: &str = "eve@honest.test";
    let office = Office::open(on).await;
    let bea = office.desk.agent("bea@staff.test").await;
    office.receives(mail(EVE, "Cheap pills").text("Where are mine?")).await;
    let told = office.sent().await;
    office.receives(told.to(ALEX).answer("#spam ignore")).await;
    let report = office.sent().await.to(ALEX).clone();
    let line = report.text.lines().find(|line| line.starts_with("#nospam")).expect("it says how").to_owned();
    assert!(line.ends_with(EVE), "{line}");
    let released = async || office.received().await.iter().filter(|row| row.outcome.is_none()).count();

    for other in [mail(ALEX, "Back").text(&line), report.answer(&line).header("From", "bea@staff.test")] {
        assert_eq!(office.receives(other).await, "ignored (question)");
        assert_eq!(released().await, 0, "it answers no report that was sent to its author");
    }
    let unproven = report.answer(&line);
    assert_eq!(office.receive_as(Authentication::None, unproven).await, "ticket #3 (unverified)");
    office.sent().await;
    assert_eq!(released().await, 0);
    assert_eq!(office.receives(report.answer("#nospam 1")).await, "ignored (question)");
    assert!(office.sent().await.to(ALEX).text.contains("none of these mails waits as spam"));

    assert_eq!(office.receives(report.answer(&format!("{line}\n\nSorry."))).await, "ignored (question)");
    assert!(office.sent().await.to(ALEX).text.contains("1 mail(s) will be handled again"));
    assert_eq!(released().await, 1);
    handle_released(&office.desk).await;
    assert!(office.ticket(4).await.contains("Where are mine?"), "a number is never given twice");
    assert_eq!(office.sent().await.recipients(), [ALEX, "bea@staff.test", EVE], "and it is acknowledged");
    office.desk.app.desk().refresh(&office.desk.app.db).await.expect("it is read");
    assert_eq!(office.receives(mail(EVE, "More").text("Hello?")).await, "ticket #5", "she is heard again");
    office.sent().await;
    assert_eq!(bea.email.as_deref(), Some("bea@staff.test"));
}

/// As the daemon does with what waits to be handled.
async fn handle_released(desk: &TestDesk) {
    for row in desk.received().await.iter().filter(|row| row.outcome.is_none()) {
        let mut tx = desk.write().await;
        let row = store::inbox::claim_one(&mut tx, row.id).await.expect("it is read").expect("it waits");
        tx.commit().await.expect("it commits");
        handle::handle_begun(&desk.app, row, &desk.rules).await.expect("it is handled");
    }
}

#[rstest]
fn spam_is_called_and_taken_back_at_the_command_line(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let site = tokio::runtime::Runtime::new().expect("a runtime starts").block_on(Site::new(engine));
    site.configure_as_text(&format!(
        "[database]\nurl = \"{}\"\n[[smtp]]\nname = \"out\"\ndirectory = \"{}\"
        [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nsmtp = \"out\"",
        site.url,
        site.path("out").display()
    ));
    site.run(&["migrate"]);
    let pills = site.path("pills.eml");
    let text = "From: eve@stranger.test\r\nTo: support@desk.test\r\nSubject: Pills\r\nMessage-ID: <p@x.test>\r\n\r\nBuy.\r\n";
    std::fs::write(&pills, text).expect("it is written");
    let pills = pills.display().to_string();
    site.run(&["ingest", "--queue", "support", &pills]);
    let marked = site.run(&["ticket", "spam", "1", "--ignore-sender", "--json"]);
    let marked: serde_json::Value = serde_json::from_str(&marked).expect("it is JSON");
    assert_eq!(marked["ignored"], "eve@stranger.test");
    let waiting = site.run(&["suspended", "list", "--json"]);
    let waiting: serde_json::Value = serde_json::from_str(&waiting).expect("it is JSON");
    assert_eq!((&waiting[0]["id"], &waiting[0]["reason"]), (&marked["messages"][0], &"spam".into()));
    assert!(site.run(&["ignore", "list"]).contains("eve@stranger.test"));
    let id = waiting[0]["id"].to_string();
    let released = site.run(&["suspended", "release", &id]);
    assert!(released.contains("ticket"), "{released}");
    assert!(site.run(&["ticket", "show", "2"]).contains("Pills"), "a number is never given twice");
    let verified = site.run(&["verify"]);
    assert!(verified.contains("unaccounted: 0"), "{verified}");
}
