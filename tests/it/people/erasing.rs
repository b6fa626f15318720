//! Whoever is erased is found nowhere any more, and their old mails are known all the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use helpdeskd::desk::DeskError;
use helpdeskd::desk::person;
use helpdeskd::desk::person::address;
use helpdeskd::desk::person::erase;
use helpdeskd::desk::person::erase::Step;
use helpdeskd::desk::person::merge;
use helpdeskd::desk::share::ticket;
use helpdeskd::store;
use helpdeskd::store::db::scrub;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use rstest::rstest;

use crate::rules::authority::trial::agreement;
use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::Office;
use crate::support::office::quoted;
use crate::support::story::On;
use crate::support::story::TestDesk;

const HOME: &str = "ann.lee@home.test";
/// What is looked for, but for her sentences.
const NAMES: [&str; 4] = ["Ann Lee", ANN, HOME, "ann.lee"];

fn sentence(n: usize) -> String {
    format!("The {n}th drawer of my cupboard smells of burnt almonds")
}

fn request(n: usize) -> Mail {
    let text = format!("Hello,\n\n{}\nsince Tuesday. Please come soon.\n\nAnn", sentence(n));
    mail(&format!("Ann Lee <{ANN}>"), &format!("Cupboard {n} of Ann Lee"))
        .id(&format!("request-{n}@client.test"))
        .text(&text)
        .attachment(&format!("ann-{n}.txt"), "text/plain", format!("Secret of Ann Lee, {n}").as_bytes())
}

/// Every step that is left; how many.
async fn erased(desk: &TestDesk, id: UserId) -> usize {
    let hand = desk.operator();
    hand.acts(async |tx| erase::begin(tx, &hand.actor, id, desk.now()).await).await;
    let current = desk.app.desk();
    for steps in 1.. {
        match hand.acts(async |tx| erase::step(&current, tx, &hand.actor, id, desk.now()).await).await {
            Step::More => {}
            Step::Waiting(mail) => panic!("mail {mail} is under way"),
            Step::Done => return steps,
        }
    }
    0
}

/// All that the database keeps in its files, or gives to `pg_dump`.
async fn everything(desk: &TestDesk) -> Vec<u8> {
    scrub::scrub(&desk.app.db).await.expect("nobody else writes");
    let url = desk.url();
    let Some(file) = url.strip_prefix("sqlite:") else {
        let dump = Command::new("pg_dump").arg(&url).output().expect("pg_dump is there");
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        return dump.stdout;
    };
    let mut all = desk.dump().await.into_bytes();
    for name in [file.to_owned(), format!("{file}-wal")] {
        if Path::new(&name).exists() {
            all.extend(fs::read(name).expect("the file is read"));
        }
    }
    all
}

fn holds(all: &[u8], text: &str) -> bool {
    let wanted = text.to_lowercase();
    String::from_utf8_lossy(all).to_lowercase().contains(&wanted)
}

/// Fifty tickets of Ann, of which agents and Bob quote her, and which partners and others heard of.
async fn filled(on: On) -> Office {
    let office = Office::open(on).await;
    let (hand, now, desk) = (office.operator(), office.now(), office.app.desk());
    let ann = office.user(ANN).await.id;
    hand.acts(async |tx| address::add(&desk, tx, &hand.actor, (ann, HOME), now).await).await;
    office.customer(BOB).await;
    for n in 0..50 {
        assert_eq!(office.receives(request(n)).await, format!("ticket #{}", n + 2));
        office.advance(crate::support::story::minutes(20));
    }
    for n in 0..10 {
        let id = i64::try_from(n).expect("it is small") + 2;
        hand.cc(id, BOB).await;
        let quote = quoted(&format!("{}\nsince Tuesday. Please come soon.\nAnn", sentence(n)));
        hand.comment(id, &format!("Dear Ann Lee,\nwe come.\n\n{quote}")).await;
        hand.note(id, &format!("Ann <{ANN}> says: {} - true?", sentence(n))).await;
        let follow = format!("[support-{id}] Cupboard {n} of Ann Lee");
        let text = format!("Same here.\n\nOn Monday Ann Lee <{ANN}> wrote:\n{quote}");
        office.receives(mail(BOB, &format!("Re: {follow}")).text(&text)).await;
        office.advance(crate::support::story::minutes(20));
    }
    hand.open(Some(BOB), "About Ann Lee", &format!("Ann Lee, {HOME}, sent me here.")).await;
    office.sent().await;
    office
}

#[rstest]
#[tokio::test]
async fn of_whoever_is_erased_nothing_is_found_and_their_old_mails_make_no_new_tickets(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = filled(on).await;
    let ann = office.user(ANN).await.id;
    let before = everything(&office).await;
    assert!(NAMES.iter().take(3).all(|name| holds(&before, name)) && holds(&before, &sentence(3)));
    let steps = erased(&office, ann).await;
    assert!(steps > 51, "one transaction a ticket, not {steps} for all");
    let after = everything(&office).await;
    let sentences: Vec<String> = (0..20).map(sentence).collect();
    for text in NAMES.iter().copied().chain(sentences.iter().map(String::as_str)) {
        assert!(!holds(&after, text), "{text} is still there");
    }
    // What others said is still there.
    assert!(holds(&after, "Same here.") && holds(&after, "we come.") && holds(&after, BOB));
    let entries = office.followups(2).await;
    assert_eq!((entries[0].text.as_str(), entries[0].author_name.as_deref()), ("[erased]", Some("[erased]")));
    assert!(entries.iter().any(|entry| entry.text.starts_with("Dear [erased],\nwe come.")));
    for n in [0, 7, 49] {
        assert_eq!(office.receives(request(n)).await, format!("duplicate #{}", n + 2));
    }
    assert_eq!(office.tickets().await.lines().count(), 52);
    let log = store::events::list_of_user(&mut office.read().await, ann).await.expect("it is read");
    assert_eq!(log.last().map(|event| event.field.as_str()), Some("erased"));
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn an_erasure_that_was_broken_off_goes_on_where_it_was(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = filled(on).await;
    let ann = office.user(ANN).await.id;
    let (hand, desk, now) = (office.operator(), office.app.desk(), office.now());
    hand.acts(async |tx| erase::begin(tx, &hand.actor, ann, now).await).await;
    for _ in 0..20 {
        hand.acts(async |tx| erase::step(&desk, tx, &hand.actor, ann, now).await).await;
        // The next one is lost with the process.
        let mut tx = office.write().await;
        let lost: Result<Step, DeskError> = erase::step(&desk, &mut tx, &hand.actor, ann, now).await;
        lost.expect("it can be done");
        tx.rollback().await.expect("it rolls back");
    }
    erased(&office, ann).await;
    assert_eq!(erased(&office, ann).await, 1, "it is over");
    let after = everything(&office).await;
    assert!(!holds(&after, "Ann Lee") && !holds(&after, HOME) && !holds(&after, &sentence(40)));
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn an_agent_is_erased_once_their_tickets_are_somebody_elses(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let (hand, alex) = (office.operator(), office.alex.id);
    hand.assign(1, Some(&office.alex)).await;
    let mut tx = office.write().await;
    let refused = erase::begin(&mut tx, &hand.actor, alex, office.now()).await.expect_err("he has a ticket");
    assert!(refused.to_string().contains("handed back first"), "{refused}");
    drop(tx);
    hand.assign(1, None).await;
    office.reply("I am Alex, and water quenches such fires quickly.").await;
    office.operator().assign(1, None).await;
    office.sent().await;
    erased(&office, alex).await;
    let after = everything(&office).await;
    assert!(!holds(&after, ALEX) && !holds(&after, "quenches such fires"));
    assert!(holds(&after, "on fire since nine"), "Ann's words are hers");
}

#[rstest]
#[tokio::test]
async fn what_partners_were_sent_has_nothing_of_them_here(#[values(On::Sqlite, On::Postgres)] on: On) {
    let config = "[http]\npublic_url = \"https://desk.test\"\n";
    let office = Office::with_config(on, config).await;
    let (hand, desk, now) = (office.operator(), office.app.desk(), office.now());
    assert_eq!(office.receives(request(0)).await, "ticket #2");
    let made = hand.acts(async |tx| Ok(store::agreements::insert(tx, &agreement(&office)).await?)).await;
    let uuid = made.expect("it is new").uuid;
    hand.acts(async |tx| ticket::share(&desk, tx, &hand.actor, (TicketId(2), &uuid), now).await).await;
    office.sent().await;
    // There is no partner to whom it could be sent.
    office.leaves_unsettled();
    let ann = office.user(ANN).await;
    let extent = erase::extent(&mut office.read().await, &hand.actor, &ann).await.expect("it is counted");
    assert_eq!((extent.tickets, extent.shared, extent.files), (2, 1, 1));
    assert!(holds(&everything(&office).await, &sentence(0)));
    erased(&office, ann.id).await;
    let after = everything(&office).await;
    assert!(NAMES.iter().all(|name| !holds(&after, name)) && !holds(&after, &sentence(0)));
}

#[rstest]
#[tokio::test]
async fn whoever_was_merged_into_them_is_erased_with_them(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let (hand, now) = (office.operator(), office.now());
    let from = format!("Annabel Leeward <{HOME}>");
    assert_eq!(office.receives(mail(&from, "Heating").text("It is cold.")).await, "ticket #2");
    let (ann, home) = (office.user(ANN).await.id, office.user(HOME).await.id);
    hand.acts(async |tx| merge::merge(tx, &hand.actor, (home, ann), now).await).await;
    office.sent().await;
    erased(&office, ann).await;
    let after = everything(&office).await;
    assert!(!holds(&after, "Annabel") && !holds(&after, HOME) && !holds(&after, ANN));
    let mut tx = office.write().await;
    let refused = person::rename(&mut tx, &hand.actor, ann, "Ann", now).await.expect_err("she is gone");
    assert_eq!(refused.to_string(), format!("person {ann} was erased"));
}
