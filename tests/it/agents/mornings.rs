//! What waits is told in the morning to agents who want that, once a day, whoever else is at work.

use futures_util::future::join_all;
use helpdeskd::desk::DeskError;
use helpdeskd::desk::app::App;
use helpdeskd::desk::morning;
use helpdeskd::desk::morning::Wish;
use helpdeskd::worker::scheduler;
use helpdeskd::worker::scheduler::Job;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::minutes;

const MORNING: &str = "timezone = \"Europe/Berlin\"\nmorning_schedule = \"30 7 * * *\"";

async fn wishes(desk: &TestDesk, email: &str, wish: Wish) -> Result<bool, DeskError> {
    let user = desk.user(email).await;
    let mut tx = desk.write().await;
    let changed = morning::set(&mut tx, &desk.operator().actor, &user, wish, desk.now()).await?;
    tx.commit().await.expect("it commits");
    Ok(changed)
}

/// All processes at once.
async fn morning(desk: &TestDesk, apps: &[App]) -> Mails {
    for step in join_all(apps.iter().map(|app| scheduler::step(app, Job::Morning))).await {
        step.expect("it runs");
    }
    desk.sent().await
}

async fn processes(desk: &TestDesk, on: On) -> Vec<App> {
    let mut apps = vec![desk.app.clone()];
    if on == On::Postgres {
        apps.extend([desk.another(2).await, desk.another(3).await]);
    }
    apps
}

#[rstest]
#[tokio::test]
async fn what_waits_is_told_once_each_morning_to_whoever_wants_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_desk(on, MORNING, "").await;
    let alex = desk.agent(ALEX).await;
    desk.agent("bea@staff.test").await;
    let apps = processes(&desk, on).await;
    assert!(wishes(&desk, ALEX, Wish::On).await.expect("he is an agent"));
    assert!(!wishes(&desk, ALEX, Wish::On).await.expect("he is an agent"), "he does already");
    morning(&desk, &apps).await;
    desk.advance(days(1));
    assert_eq!(morning(&desk, &apps).await.len(), 0, "nothing waits");

    for subject in ["Printer on fire", "Scanner silent", "Paper is out", "Old one"] {
        desk.receive(mail(ANN, subject)).await;
    }
    desk.by(&alex).assign(1, Some(&alex)).await;
    desk.by(&alex).assign(3, Some(&alex)).await;
    desk.by(&alex).hold_until(3, "12h").await;
    desk.operator().resolve(4, "Done.").await;
    desk.sent().await;
    assert_eq!(morning(&desk, &apps).await.len(), 0, "it is not morning yet");
    desk.advance_to("2026-03-04T06:29:00Z");
    assert_eq!(morning(&desk, &apps).await.len(), 0, "it is not yet half past seven in Berlin");
    desk.advance(minutes(1));
    let sent = morning(&desk, &apps).await;
    assert_eq!(sent.recipients(), [ALEX], "Bea did not ask for it");
    let text = &sent[0].text;
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
    assert!(at("Your customers wait:") < at("Printer on fire"), "{text}");
    assert!(at("nobody has their ticket:") < at("Scanner silent"), "{text}");
    assert!(!text.contains("Old one"), "{text}");
    for _ in 0..3 {
        assert_eq!(morning(&desk, &apps).await.len(), 0, "once a day");
    }
    desk.advance(days(3));
    assert_eq!(morning(&desk, &apps).await.len(), 1, "what was missed is made up for once");
    assert!(wishes(&desk, ALEX, Wish::Off).await.expect("he may"));
    desk.advance(days(1));
    assert_eq!(morning(&desk, &apps).await.len(), 0, "he does not want it any more");
}

#[rstest]
#[tokio::test]
async fn it_speaks_of_an_agents_own_queues_in_their_language_and_a_new_process_does_not_repeat_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let agents = "agents = [\"bea\"]\n[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\n";
    let desk = TestDesk::with_desk(on, MORNING, agents).await;
    desk.agent(ALEX).await;
    let bea = desk.agent("bea@staff.test").await;
    let hand = desk.operator();
    let now = desk.now();
    hand.acts(async |tx| helpdeskd::desk::person::set_locale(tx, &hand.actor, bea.id, Some("de"), now).await)
        .await;
    for email in [ALEX, "bea@staff.test"] {
        wishes(&desk, email, Wish::On).await.expect("they are agents");
    }
    morning(&desk, std::slice::from_ref(&desk.app)).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.receive_in("sales", mail(ANN, "A new one, please")).await;
    desk.sent().await;
    desk.advance(days(1));
    let sent = morning(&desk, std::slice::from_ref(&desk.app)).await;
    let (his, hers) = (&sent.to(ALEX).text, &sent.to("bea@staff.test").text);
    assert!(his.contains("A new one") && !his.contains("Printer"), "{his}");
    assert!(hers.contains("Was auf Sie wartet") && hers.contains("Printer on fire"), "{hers}");
    assert_eq!(morning(&desk, &[desk.another(9).await]).await.len(), 0);
    let ann = wishes(&desk, ANN, Wish::On).await.expect_err("she is no agent");
    assert!(ann.to_string().contains("no active agent"), "{ann}");
}
