//! What a search reads, and what its index is kept with.

use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::store::db::entry_words::Reach;
use helpdeskd::store::followups::NewFollowup;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::words::Folded;
use helpdeskd::ticket::words::sought::Sought;

use super::Calls;
use super::NOW;
use super::ann;
use super::call;
use super::ticket;
use crate::support::story::On;
use crate::support::story::TestDesk;

const NEWEST: FollowupId = FollowupId(i64::MAX);

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let ann = ann(tx).await;
    let ticket = ticket(tx, calls, "uuid-w1", &ann).await.id;
    let id = said(tx, calls, ticket, ("uuid-w2", Visibility::Public), "It burns. 東京都").await;
    let note = said(tx, calls, ticket, ("uuid-w3", Visibility::Private), "She again").await;
    assert_eq!(call!(calls, followups::searching::last_of(tx, NEWEST, 1)), Some(note));
    assert_eq!(call!(calls, followups::searching::last_of(tx, note, 100_000)), None);
    let sources = call!(calls, followups::searching::list_sources(tx, note, id));
    let heads: Vec<bool> = sources.iter().map(|source| source.head.contains("Printer on fire")).collect();
    assert_eq!(heads, [false, true]);
    let head = call!(calls, followups::searching::head(tx, id)).expect("it is there");
    assert_eq!(call!(calls, followups::searching::list_headed(tx, ticket)), [id]);
    let mut kept = call!(calls, followups::searching::keep(tx, note, id));
    kept.sort_unstable();
    assert_eq!(kept, [id, note]);
    call!(calls, db::entry_words::put(tx, id, &Folded::of("gone"), &Folded::default()));
    call!(calls, db::entry_words::put(tx, id, &Folded::of("It burns. 東京都"), &Folded::of(&head)));
    call!(calls, db::entry_words::put_missing(tx, id, &Folded::of("late"), &Folded::default()));
    call!(calls, db::entry_words::put_missing(tx, note, &Folded::of("She again"), &Folded::default()));
    call!(calls, db::entry_words::put_head(tx, note, &Folded::of("alex.txt")));
    found(tx, calls, id, note, ticket).await;
    let kept = call!(calls, followups::searching::list_said(tx, FollowupId(id.0 - 1), 9));
    assert_eq!(kept.len(), 2);
    call!(calls, followups::searching::list_shown(tx, &[id, note], 5));
    // They are kept in another order.
    let words = store::db::entry_words::list_after(tx, FollowupId(id.0 - 1), 9).await.expect("they are read");
    assert!(words[1].words.contains("again") && words[1].words.contains("alex"), "{words:?}");
    assert_eq!(call!(calls, word_backfill::next(tx)), FollowupId(0));
    call!(calls, word_backfill::advance(tx, FollowupId(7), FollowupId(1)));
    call!(calls, word_backfill::advance(tx, FollowupId(0), FollowupId(7)));
    assert_eq!(call!(calls, word_backfill::next(tx)), FollowupId(7));
}

async fn found(tx: &mut Tx, calls: &mut Calls, id: FollowupId, note: FollowupId, ticket: TicketId) {
    for (text, hits) in [
        ("BURNS", vec![id]),
        ("burn", vec![id]),
        ("\"it burns\"", vec![id]),
        ("\"burns it\"", vec![]),
        ("東京都", vec![id]),
        ("京", vec![id]),
        ("burns fire", vec![id]),
        ("burns -fire", vec![]),
        ("burns -\"fire on\"", vec![id]),
        ("again al", vec![note]),
        ("\"again alex\"", vec![]),
        ("gone", vec![]),
        ("late", vec![]),
    ] {
        let sought: Sought = text.parse().expect("it has words");
        let reach = Reach { before: NEWEST, only: None };
        let by_index = call!(calls, db::entry_words::find(tx, &sought, reach, 5)).expect("they are few");
        let walked = call!(calls, db::entry_words::walk(tx, &sought, reach, 100));
        assert_eq!(by_index, walked, "{text}");
        assert_eq!(by_index.iter().map(|hit| hit.id).collect::<Vec<_>>(), hits, "{text}");
        if let [clause] = sought.wanted.as_slice() {
            let with = call!(calls, db::entry_words::tickets_with(tx, &[ticket, TicketId(9999)], clause));
            assert!(sought.excluded.len() == 1 || with.len() == hits.len(), "{text}");
        }
        let reach = Reach { before: id, only: None };
        assert_eq!(call!(calls, db::entry_words::find(tx, &sought, reach, 5)), Some(Vec::new()));
        assert_eq!(call!(calls, db::entry_words::walk(tx, &sought, reach, 100)), Vec::new());
        let reach = Reach { before: NEWEST, only: Some(Visibility::Private) };
        let private = call!(calls, db::entry_words::walk(tx, &sought, reach, 100));
        assert_eq!(
            private.iter().map(|hit| hit.id).collect::<Vec<_>>(),
            hits.iter().copied().filter(|hit| *hit == note).collect::<Vec<_>>()
        );
        assert_eq!(call!(calls, db::entry_words::find(tx, &sought, reach, 5)), Some(private));
    }
    assert_eq!(call!(calls, db::entry_words::last_walked(tx, NEWEST, 1)), Some(note));
}

async fn said(
    tx: &mut Tx,
    calls: &mut Calls,
    ticket_id: TicketId,
    (uuid, visibility): (&str, Visibility),
    text: &str,
) -> FollowupId {
    let entry = NewFollowup {
        uuid,
        ticket_id,
        author_id: None,
        door: "cli",
        kind: EntryKind::Comment,
        visibility,
        text,
        new_text: None,
        html: None,
        new_status: None,
        inbox_id: None,
        message_id: None,
        created_at: NOW,
        authentication: None,
        writer: None,
    };
    call!(calls, followups::insert(tx, &entry))
}

#[tokio::test]
async fn an_index_that_has_other_words_than_are_kept_is_told() {
    let desk = TestDesk::start(On::Sqlite).await;
    desk.operator().open(None, "Printer on fire", "It burns.").await;
    store::db::entry_words::compare(&desk.app.db).await.expect("they are the same");
    let Tx::Sqlite(mut tx) = desk.write().await else { panic!("this is SQLite") };
    let sql = "insert into word_index (rowid, words, head) values (1, ' water ', '')";
    sqlx::query(sql).execute(&mut *tx).await.expect("it is written");
    Tx::Sqlite(tx).commit().await.expect("it commits");
    let told = store::db::entry_words::compare(&desk.app.db).await.expect_err("it has one that is not kept");
    assert!(told.as_database_error().is_some(), "{told}");
    desk.deliver().await;
}
