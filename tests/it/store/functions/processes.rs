//! Which daemons serve the desk.

use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::store::processes::Answer;
use helpdeskd::store::processes::Process;

use super::Calls;
use super::LATER;
use super::NOW;
use super::call;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    let process = Process { name: "7-word".to_owned(), host: "here".to_owned(), pid: 7 };
    call!(calls, processes::see(tx, &process, NOW));
    call!(calls, processes::see(tx, &process, LATER));
    let known = call!(calls, processes::list(tx));
    assert_eq!((known.len(), known[0].seen_at, known[0].asked_at), (1, LATER, None));
    call!(calls, processes::ask(tx, NOW));
    let answer = Answer { text: "read".to_owned(), is_refused: true };
    call!(calls, processes::answer(tx, "7-word", Some(NOW), &answer));
    let known = call!(calls, processes::find(tx, "7-word")).expect("it is there");
    assert_eq!((known.answered_at, known.answer.as_deref(), known.refused), (Some(NOW), Some("read"), 1));
    call!(calls, processes::delete(tx, "7-word"));
    call!(calls, mailboxes::release_of(tx, "7-word"));
    call!(calls, outbox::turns::release_unstarted(tx, "7-word"));
    store::outbox::LEASES.release_of(tx, "7-word").await.expect("it is written");
    store::partner_outbox::LEASES.release_of(tx, "7-word").await.expect("it is written");
    store::partner_files::LEASES.release_of(tx, "7-word").await.expect("it is written");
    call!(calls, schedules::note(tx, "readyz", NOW));
    call!(calls, schedules::note(tx, "readyz", LATER));
    assert_eq!(call!(calls, schedules::find(tx, "readyz")), Some(LATER));
    call!(calls, reach::server("sqlite:nowhere"));
    assert!(call!(calls, processes::find(tx, "7-word")).is_none());
}
