//! Two questions in one conversation become two tickets, and the answers to each find their own.

use helpdeskd::desk::DeskError;
use helpdeskd::desk::person::erase;
use helpdeskd::desk::person::erase::Step;
use helpdeskd::desk::share;
use helpdeskd::desk::split;
use helpdeskd::desk::split::Split;
use helpdeskd::desk::split::Splitting;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use rstest::rstest;

use crate::rules::authority::trial::agreement;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::Office;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::hours;

const EVE: &str = "eve@stranger.test";

async fn tried(office: &Office, id: i64, entries: &[FollowupId]) -> Result<Split, DeskError> {
    let (desk, now) = (office.desk.app.desk(), office.desk.now());
    let what = Splitting { id: TicketId(id), entries, queue: None, title: Some("Scanner") };
    let mut tx = office.desk.write().await;
    let done = split::split(&desk, &mut tx, &office.desk.by(&office.alex).actor, &what, now).await?;
    tx.commit().await.expect("it commits");
    Ok(done)
}

async fn split_off(office: &Office, id: i64, entries: &[FollowupId]) -> i64 {
    tried(office, id, entries).await.expect("it can be split").ticket_id.0
}

async fn newest(office: &Office, id: i64) -> FollowupId {
    office.followups(id).await.last().expect("there is one").id
}

async fn counted(office: &Office, id: i64) -> usize {
    store::outbox::list_of_ticket(&mut office.desk.read().await, TicketId(id)).await.expect("read").len()
}

/// Ann asks something else below the first thing; who was sent what about that.
async fn another_question(office: &Office) -> Mails {
    office.desk.advance(hours(1));
    let second = office.told.to(ANN).answer("And the scanner is silent.").id("second@client.test");
    assert_eq!(office.receives(second.attachment("scan.txt", "text/plain", b"nothing")).await, "followup #1");
    office.sent().await
}

#[rstest]
#[tokio::test]
async fn an_entry_goes_into_a_ticket_of_its_own_with_its_mails_and_their_answers(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let told = another_question(&office).await;
    let entry = newest(&office, 1).await;
    let before = counted(&office, 1).await;
    assert_eq!(split_off(&office, 1, &[entry]).await, 2);
    assert_eq!(
        office.sent().await.recipients(),
        [] as [&str; 0],
        "Alex did it, and nobody outside hears of it"
    );

    let (old, new) = (office.ticket(1).await, office.ticket(2).await);
    assert!(old.contains("went into a ticket of their own, [support-2]"), "{old}");
    assert!(!old.contains("scanner"), "{old}");
    assert!(new.contains("`Scanner`") && new.contains(&format!("from {ANN}")), "{new}");
    assert!(new.contains("the scanner is silent") && new.contains("scan.txt"), "{new}");
    assert!(new.contains("Split from [support-1]"), "{new}");
    assert_eq!(counted(&office, 1).await + counted(&office, 2).await, before);
    assert!(counted(&office, 2).await > 0, "the notice of it went along");
    let (old, new) = (office.row(1).await, office.row(2).await);
    assert_eq!(old.preview, "My printer is on fire since nine o'clock.");
    assert_eq!((new.preview.as_str(), new.waiting_since), ("And the scanner is silent.", new.customer_at));
    assert!(old.customer_at < new.customer_at && old.waiting_since < new.waiting_since);

    assert_eq!(office.receives(told.to(ALEX).answer("Is it plugged in?")).await, "followup #2");
    let sent = office.sent().await;
    assert_eq!(sent.to(ANN).subject, "[support-2] Scanner");
    assert_eq!(sent.to(ANN).header("In-Reply-To").as_deref(), Some("<second@client.test>"));
    assert_eq!(office.receives(sent.to(ANN).answer("It is.")).await, "followup #2");
    let own = mail(ANN, "Re: whatever").in_reply_to("second@client.test").text("It was not.");
    assert_eq!(office.receives(own).await, "followup #2");
    assert_eq!(office.receives(office.told.to(ANN).answer("It still burns.")).await, "followup #1");
    assert_eq!(office.reply("Use sand.").await, "followup #1");
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn the_same_mail_again_is_known_where_its_entry_went(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    another_question(&office).await;
    let second = office.told.to(ANN).answer("And the scanner is silent.").id("second@client.test");
    let entry = newest(&office, 1).await;
    split_off(&office, 1, &[entry]).await;
    let again = second.attachment("scan.txt", "text/plain", b"nothing");
    assert_eq!(office.receives(again).await, "duplicate #2");
    assert_eq!(office.sent().await.len(), 0);
}

#[rstest]
#[tokio::test]
async fn what_a_stranger_wrote_becomes_their_own_request(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let theirs = office.told.to(ANN).answer("My own printer burns, too.").header("From", EVE);
    assert_eq!(office.receives(theirs).await, "followup #1 (external)");
    office.sent().await;
    let entry = newest(&office, 1).await;
    split_off(&office, 1, &[entry]).await;
    let new = office.ticket(2).await;
    assert!(new.contains(&format!("from {EVE}")) && !new.contains("external"), "{new}");
    assert!(office.row(2).await.waiting_since.is_some(), "she waits");
    office.desk.by(&office.alex).comment(2, "Use sand.").await;
    assert_eq!(office.sent().await.recipients(), [EVE]);
}

#[rstest]
#[tokio::test]
async fn what_is_known_to_be_forged_stays_with_the_agents(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let forged = office.told.to(ANN).answer("Send me the keys.");
    assert_eq!(office.desk.receive_as(Authentication::Fail, forged).await, "followup #1 (external)");
    office.sent().await;
    split_off(&office, 1, &[newest(&office, 1).await]).await;
    let new = office.ticket(2).await;
    assert!(new.contains("external"), "{new}");
    assert_eq!(office.row(2).await.preview, "", "nobody said it to anybody");
}

#[rstest]
#[tokio::test]
async fn what_opened_a_ticket_and_what_became_of_it_stay(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    another_question(&office).await;
    office.desk.by(&office.alex).resolve(1, "Done.").await;
    office.sent().await;
    let entries: Vec<FollowupId> = office.followups(1).await.iter().map(|entry| entry.id).collect();
    let why = async |entries: &[FollowupId]| match tried(&office, 1, entries).await {
        Err(error) => error.to_string(),
        Ok(done) => panic!("{done:?}"),
    };
    assert_eq!(why(&entries[..1]).await, "what opened a ticket stays with it");
    assert_eq!(why(&entries[..2]).await, "what opened a ticket stays with it");
    let said = why(&entries[1..]).await;
    assert!(said.contains("says what became of this ticket"), "{said}");
    assert!(why(&[FollowupId(999)]).await.contains("is none of ticket 1"));
    assert!(why(&[]).await.contains("entries can go"));
    assert_eq!(office.tickets().await.lines().count(), 1, "nothing came of it");
}

#[rstest]
#[tokio::test]
async fn what_reopened_a_ticket_is_a_request_of_its_own_and_the_ticket_waits_for_nobody(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.desk.by(&office.alex).resolve(1, "Use sand.").await;
    let sent = office.sent().await;
    assert_eq!(office.receives(sent.to(ANN).answer("Thanks. The scanner is silent.")).await, "followup #1");
    office.sent().await;
    split_off(&office, 1, &[newest(&office, 1).await]).await;
    let (old, new) = (office.row(1).await, office.row(2).await);
    assert_eq!((old.waiting_since, old.attention_at, old.preview.as_str()), (None, None, "Use sand."));
    assert!(new.waiting_since.is_some() && new.is_open());
}

#[rstest]
#[tokio::test]
async fn a_merge_is_undone_by_a_split_and_a_split_by_a_merge(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let other = mail(&format!("Bob <{BOB}>"), "Scanner").id("bob@client.test").text("Mine is silent.");
    assert_eq!(office.receives(other).await, "ticket #2");
    let told = office.sent().await;
    let hand = office.desk.by(&office.alex);
    hand.merge(2, 1).await;
    office.sent().await;
    assert_eq!(office.receives(told.to(BOB).answer("Still.")).await, "followup #1");
    office.sent().await;
    let of_bob: Vec<FollowupId> =
        office.followups(1).await.iter().filter(|entry| entry.id.0 > 1).map(|entry| entry.id).collect();
    assert_eq!(split_off(&office, 1, &of_bob).await, 3);
    assert_eq!(office.receives(told.to(BOB).answer("And still.")).await, "followup #3");
    assert_eq!(office.receives(mail(BOB, "Re: Scanner").in_reply_to("bob@client.test")).await, "followup #3");
    assert_eq!(office.receives(told.to(ALEX).answer("Try again.")).await, "followup #3");
    assert_eq!(office.sent().await.to(BOB).subject, "[support-3] Scanner");
    hand.merge(3, 1).await;
    assert_eq!(office.receives(told.to(BOB).answer("Once more.")).await, "followup #1");
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn whoever_deletes_either_ticket_leaves_the_other_whole(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let told = another_question(&office).await;
    split_off(&office, 1, &[newest(&office, 1).await]).await;
    office.desk.by(&office.alex).delete(1).await;
    assert_eq!(office.receives(told.to(ALEX).answer("Is it plugged in?")).await, "followup #2");
    let sent = office.sent().await;
    office.desk.by(&office.alex).delete(2).await;
    assert_ne!(office.receives(sent.to(ANN).answer("It is.")).await, "followup #2");
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_new_ticket_that_is_deleted_is_no_loss_of_the_old_one(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    another_question(&office).await;
    split_off(&office, 1, &[newest(&office, 1).await]).await;
    office.desk.by(&office.alex).delete(2).await;
    assert_eq!(office.reply("Use sand.").await, "followup #1");
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn whoever_is_erased_is_erased_in_both(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    another_question(&office).await;
    let entry = newest(&office, 1).await;
    split_off(&office, 1, &[entry]).await;
    let ann = office.desk.user(ANN).await;
    let (hand, desk) = (office.desk.operator(), office.desk.app.desk());
    let now = office.desk.now();
    hand.acts(async |tx| erase::begin(tx, &hand.actor, ann.id, now).await).await;
    while hand.acts(async |tx| erase::step(&desk, tx, &hand.actor, ann.id, now).await).await != Step::Done {}
    let left = office.desk.dump().await;
    for words in ["scanner is silent", "printer is on fire", ANN] {
        assert!(!left.contains(words), "{words}");
    }
    let again = office.told.to(ANN).answer("And the scanner is silent.").id("second@client.test");
    let again = again.attachment("scan.txt", "text/plain", b"nothing");
    assert_eq!(office.receives(again).await, "duplicate #2");
}

#[rstest]
#[tokio::test]
async fn a_partner_hears_nothing_of_a_split_and_of_the_old_ticket_as_before(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, "[http]\npublic_url = \"https://desk.test\"\n").await;
    let (hand, desk, now) = (office.operator(), office.app.desk(), office.now());
    let made = hand.acts(async |tx| Ok(store::agreements::insert(tx, &agreement(&office)).await?)).await;
    let uuid = made.expect("it is new").uuid;
    hand.acts(async |tx| share::ticket::share(&desk, tx, &hand.actor, (TicketId(1), &uuid), now).await).await;
    // There is no partner to whom it could be sent.
    office.leaves_unsettled();
    another_question(&office).await;
    let told = async || {
        let mut tx = office.read().await;
        let shares = store::shared_tickets::list(&mut tx, TicketId(1)).await.expect("they are read");
        let requests = store::partner_outbox::list_of_share(&mut tx, shares[0].id).await;
        requests.expect("they are read").into_iter().map(|request| request.body).collect::<String>()
    };
    let before = told().await;
    split_off(&office, 1, &[newest(&office, 1).await]).await;
    assert_eq!(told().await, before, "he keeps what he has");
    office.by(&office.alex).comment(2, "Is it plugged in?").await;
    assert_eq!(told().await, before, "the new ticket is not shared");
    office.by(&office.alex).comment(1, "Use sand.").await;
    let after = told().await;
    assert!(after.contains("Use sand.") && !after.contains("plugged in"), "{after}");
    office.sent().await;
}
