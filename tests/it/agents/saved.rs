//! Saved replies: kept by operators, used by agents by mail and at the command line.

use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::reply;
use helpdeskd::desk::reply::Place;
use helpdeskd::store;
use rstest::rstest;

use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::Office;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::story::On;
use crate::support::story::TestDesk;

const REFUND: &str =
    "Dear {{ customer.name }},\n\nthe refund for {{ ticket.tag }} is on its way.\n\n{{ agent.name }}";

async fn keep(desk: &TestDesk, name: &str, place: Place<'_>, body: &str) {
    let mut tx = desk.write().await;
    let kept = reply::add(&mut tx, &Actor::operator(), name, place, body, desk.now()).await;
    kept.unwrap_or_else(|error| panic!("{name}: {error}"));
    tx.commit().await.expect("it commits");
}

#[rstest]
#[tokio::test]
async fn an_agents_text_follows_the_saved_reply_that_they_name(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    keep(&office, "Refund", Place::default(), REFUND).await;
    assert_eq!(office.reply("#reply refund\n#tag money\n\nIt takes two days.").await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ANN]);
    let expected = "Dear Ann Lee,\n\nthe refund for [support-1] is on its way.\n\nalex\n\nIt takes two days.";
    assert!(sent.to(ANN).text.contains(expected), "{}", sent.to(ANN).text);
    assert!(sent.to(ALEX).text.contains("- #reply refund\n"), "{}", sent.to(ALEX).text);
    assert_eq!(office.reply("#reply REFUND\n#resolve").await, "followup #1");
    assert_eq!(office.row(1).await.status.as_str(), "resolved");
    assert!(office.sent().await.to(ANN).text.contains("is on its way."));
    assert_eq!(office.reply("#note\n#reply refund").await, "followup #1 (note)");
    assert!(!office.sent().await.recipients().contains(&ANN), "a note is no answer");
}

#[rstest]
#[tokio::test]
async fn what_has_no_value_or_does_not_exist_keeps_the_whole_mail_back(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    keep(
        &office,
        "refund",
        Place::default(),
        "Dear {{ customer.name }},\n{{ queue.title }}: {{ ticket.tag }}",
    )
    .await;
    assert_eq!(office.reply("#reply refnud\nIt takes two days.").await, "followup #1 (withheld)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    assert!(
        sent.to(ALEX).text.contains("#reply refnud: there is no saved reply of that name"),
        "{}",
        sent.to(ALEX).text
    );
    // Nobody's ticket has no customer.
    let id = office.desk.operator().open(None, "Fire drill", "Friday.").await;
    let told = office.sent().await;
    let answer = told.to(ALEX).answer("#reply refund\nIt takes two days.");
    assert_eq!(office.receives(answer).await, format!("followup #{id} (withheld)"));
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    assert!(sent.to(ALEX).text.contains("`customer.name` has no value here"), "{}", sent.to(ALEX).text);
}

#[rstest]
#[tokio::test]
async fn a_customers_line_is_plain_text(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    keep(&office, "refund", Place::default(), "The refund is on its way.").await;
    assert_eq!(office.receives(office.told.to(ANN).answer("#reply refund")).await, "followup #1");
    assert!(!office.sent().await.to(ALEX).text.contains("on its way"));
    let started = crate::support::mail::mail(&format!("Alex <{ALEX}>"), "New").text("#reply refund\nHello");
    assert_eq!(office.receives(started).await, "ticket #2");
    let told = office.sent().await;
    let is_told = told.iter().any(|sent| sent.text.contains("#reply refund: there is nothing to answer"));
    assert!(is_told, "{told}");
}

#[rstest]
#[tokio::test]
async fn the_text_is_in_the_customers_language_and_the_queues_own(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "locale = \"fr\"").await;
    let queue = Some(desk.queue("support"));
    let in_language = |locale| Place { queue: None, locale };
    for (place, body) in [
        (in_language(Some("de")), "de"),
        (Place { queue, locale: Some("de") }, "de of the queue"),
        (in_language(Some("fr")), "fr"),
        (in_language(Some("pt-BR")), "pt-BR"),
    ] {
        keep(&desk, "hello", place, body).await;
    }
    let chosen = async |locale: Option<&str>| {
        let id = desk.operator().open(None, "Fire drill", "").await;
        let mut tx = desk.write().await;
        let mut ticket =
            store::tickets::find(&mut tx, helpdeskd::ticket::id::TicketId(id)).await.unwrap().unwrap();
        let row = helpdeskd::ticket::Row { locale: locale.map(str::to_owned), ..(*ticket).clone() };
        ticket = helpdeskd::ticket::life::Ticket::stored(row);
        reply::filled(&desk.app.desk(), &mut tx, &Actor::operator(), &ticket, "hello")
            .await
            .expect("it is filled in")
    };
    for (locale, expected) in
        [(Some("de-AT"), "de of the queue"), (Some("pt-BR"), "pt-BR"), (Some("it"), "fr"), (None, "fr")]
    {
        assert_eq!(chosen(locale).await, expected, "{locale:?}");
    }
    keep(&desk, "hello", Place::default(), "any").await;
    assert_eq!(chosen(Some("it")).await, "any", "the one for every language");
    desk.sent().await;
}

#[rstest]
fn replies_are_kept_listed_edited_and_used_at_the_command_line(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let site = tokio::runtime::Runtime::new().expect("a runtime starts").block_on(Site::new(engine));
    site.configure_as_text(&format!(
        "[database]\nurl = \"{}\"\n[[smtp]]\nname = \"out\"\ndirectory = \"{}\"
        [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nsmtp = \"out\"",
        site.url,
        site.path("out").display()
    ));
    let refused = |arguments: &[&str]| {
        let output = site.command(arguments).output().expect("it runs");
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    site.run(&["migrate"]);
    site.run(&["user", "list"]);
    let told = refused(&["reply", "add", "refund", "Dear\n{{ customer.nmae }}"]);
    assert!(told.contains("line 2: there is no placeholder `customer.nmae`"), "{told}");
    assert!(refused(&["reply", "add", "two words", "x"]).contains("one word"));
    assert!(refused(&["reply", "add", "x", "y", "--locale", "klingon!"]).contains("no language"));
    site.run(&["reply", "add", "refund", "Your refund for {{ ticket.number }} is on its way."]);
    assert!(refused(&["reply", "add", "Refund", "again"]).contains("reply edit"));
    site.run(&["reply", "edit", "refund", "The refund for {{ ticket.number }} was sent."]);
    site.run(&["reply", "add", "signed", "{{ agent.name }}"]);
    let listed = site.run(&["reply", "list", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("it is JSON");
    assert_eq!(listed[0]["name"], "refund");
    assert_eq!(listed[0]["queue"], serde_json::Value::Null);
    assert_eq!(listed[0]["body"], "The refund for {{ ticket.number }} was sent.");
    site.run(&["ticket", "open", "--queue", "support", "--subject", "Money", "--text", "Where is it?"]);
    site.run(&["ticket", "comment", "1", "--reply", "refund", "Thank you."]);
    let shown = site.run(&["ticket", "show", "1"]);
    assert!(shown.contains("The refund for 1 was sent."), "{shown}");
    assert!(shown.contains("Thank you."), "{shown}");
    let told = refused(&["ticket", "resolve", "1", "--reply", "signed"]);
    assert!(told.contains("`agent.name` has no value here"), "{told}");
    assert!(refused(&["ticket", "comment", "1", "--reply", "nope"]).contains("no saved reply `nope`"));
    site.run(&["ticket", "resolve", "1", "--reply", "refund"]);
    site.run(&["reply", "remove", "refund"]);
    assert!(refused(&["reply", "show", "refund"]).contains("no saved reply"));
}
