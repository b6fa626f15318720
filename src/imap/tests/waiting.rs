//! IDLE.

use super::*;
use crate::imap::idle::IdleEnd;

const SPAN: Duration = Duration::from_mins(8);

async fn idle(script: &[(&str, &str)]) -> Result<IdleEnd, ImapError> {
    with_session(script, async |session| session.idle(SPAN, std::future::pending()).await).await.0
}

#[tokio::test]
async fn a_new_message_ends_the_waiting() {
    for first in [
        "+ idling\r\n* 2 FETCH (FLAGS ())\r\n* OK still here\r\n* 4 EXISTS\r\n",
        "* 4 EXISTS\r\n+ idling\r\n",
    ] {
        let script = [("IDLE", first), ("DONE", "A0003 OK done\r\n")];
        assert_eq!(idle(&script).await.unwrap(), IdleEnd::News, "{first}");
    }
}

#[tokio::test(start_paused = true)]
async fn signs_of_life_do_not_prolong_the_waiting() {
    let (near, mut far) = tokio::io::duplex(1 << 16);
    let client = async move {
        let limits = LIMITS;
        let mut session =
            Session::over(Box::new(near), &server(Tls::None), credentials("pw"), limits).await.unwrap();
        let begun = tokio::time::Instant::now();
        let end = session.idle(SPAN, std::future::pending()).await.unwrap();
        (end, begun.elapsed())
    };
    let serve = async {
        far.write_all(b"* OK [CAPABILITY IMAP4rev1] hello\r\n").await.unwrap();
        far.write_all(b"A0001 OK in\r\n").await.unwrap();
        far.write_all(b"* CAPABILITY IMAP4rev1 IDLE\r\nA0002 OK\r\n+ idling\r\n").await.unwrap();
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_secs(100)).await;
            far.write_all(b"* OK Still here\r\n").await.unwrap();
        }
        far.write_all(b"A0003 OK done\r\n").await.unwrap();
    };
    let ((end, waited), ()) = tokio::join!(client, serve);
    assert_eq!(end, IdleEnd::Elapsed);
    assert!(waited >= SPAN && waited < SPAN + Duration::from_mins(1), "{waited:?}");
}

#[tokio::test]
async fn waiting_can_be_stopped_and_the_session_used_on() {
    let script = [("IDLE", "+ idling\r\n"), ("DONE", "A0003 OK done\r\n"), ("NOOP", "{} OK\r\n")];
    let run = async |session: &mut Session| {
        let end = session.idle(SPAN, std::future::ready(())).await.unwrap();
        session.noop().await.unwrap();
        end
    };
    assert_eq!(with_session(&script, run).await.0, IdleEnd::Stopped);
}

#[tokio::test]
async fn a_server_that_goes_away_while_waiting_is_an_error() {
    for script in
        [&[("IDLE", "+ idling\r\n")][..], &[("IDLE", "+ idling\r\n* BYE\r\n"), ("DONE", "")], &[("IDLE", "")]]
    {
        assert!(matches!(idle(script).await.unwrap_err(), ImapError::Closed), "{script:?}");
    }
    let refused = idle(&[("IDLE", "{} BAD unknown\r\n"), ("", "")]).await.unwrap_err();
    assert!(matches!(refused, ImapError::Refused(_)));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_ends_the_waiting_is_given_up() {
    let script = [("IDLE", "+ idling\r\n"), ("DONE", SILENCE)];
    assert!(matches!(idle(&script).await.unwrap_err(), ImapError::Timeout));
}

#[tokio::test]
async fn what_arrives_during_a_search_is_not_waited_for() {
    let script = [
        ("UID SEARCH", "* SEARCH 4\r\n* 5 EXISTS\r\n{} OK\r\n"),
        ("UID SEARCH", "* SEARCH 4 5\r\n{} OK\r\n"),
    ];
    let selected = Selected { uid_validity: 1, uid_next: None, exists: 4 };
    let run = async |session: &mut Session| {
        session.search_from(4, &selected).await.unwrap();
        let end = session.idle(SPAN, std::future::pending()).await.unwrap();
        (end, session.search_from(4, &selected).await.unwrap())
    };
    assert_eq!(with_session(&script, run).await.0, (IdleEnd::News, vec![4, 5]));
}

#[test]
fn a_session_can_be_used_by_a_task_of_its_own() {
    fn in_a_task<T: Send>(_: impl FnOnce(Session) -> T) {}
    in_a_task(|mut session| async move {
        let selected = session.select("INBOX").await?;
        let uids = session.search_from(1, &selected).await?;
        let listed = session.sizes(&uids).await?;
        session.fetch(&uids, drop).await?;
        session.fetch_large(&listed[0], Vec::new(), 1).await?;
        session.move_to(&uids, "Done").await?;
        session.idle(SPAN, std::future::pending()).await
    });
}
