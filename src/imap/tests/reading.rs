//! Searching and fetching.

use super::*;
use crate::imap::fetch::Came;
use crate::imap::fetch::Fetched;
use crate::imap::fetch::Listed;

const SELECTED: Selected = Selected { uid_validity: 1, uid_next: Some(100), exists: 3 };

/// Fetches UIDs 1 to 3: what arrived, and how it ended.
async fn fetch_three(script: &[(&str, &str)]) -> (Vec<u32>, Result<Vec<u32>, ImapError>) {
    let fetch = async |session: &mut Session| {
        let mut got = Vec::new();
        let missing = session.fetch(&[1, 2, 3], |message: Fetched| got.push(message.uid)).await;
        (got, missing.map(|missing| missing.into_iter().collect()))
    };
    with_session(script, fetch).await.0
}

#[tokio::test]
async fn a_refused_fetch_is_an_error_and_the_session_lives_on() {
    for refusal in ["{} NO [SERVERBUG] internal error\r\n", "{} BAD too long\r\n"] {
        let script = [("UID FETCH 1:3 (UID INTERNALDATE BODY.PEEK[])", refusal), ("NOOP", "{} OK\r\n")];
        let run = async |session: &mut Session| {
            let error = session.fetch(&[1, 2, 3], |_| {}).await.unwrap_err();
            (matches!(error, ImapError::Refused(_)) && error.is_survivable(), session.noop().await.is_ok())
        };
        assert_eq!(with_session(&script, run).await.0, (true, true));
    }
}

#[tokio::test]
async fn a_connection_that_ends_inside_a_fetch_is_an_error() {
    for answer in [
        "* 1 FETCH (UID 1 BODY[] {1}\r\na)\r\n",
        "* 1 FETCH (UID 1 BODY[] {1}\r\na)\r\n* 2 FETCH (UID 2 BODY[] {100}\r\nb",
        "* 1 FETCH (UID 1 BODY[] {1}\r\na)\r\n* BYE shutting down\r\n",
    ] {
        let (got, missing) = fetch_three(&[("UID FETCH", answer)]).await;
        assert_eq!(got, [1]);
        assert!(matches!(missing.unwrap_err(), ImapError::Closed | ImapError::Bye(_)), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_inside_a_fetch_is_given_up() {
    let answer =
        format!("* 1 FETCH (UID 1 BODY[] {{1}}\r\na)\r\n* 2 FETCH (UID 2 BODY[] {{9}}\r\nb{SILENCE}");
    let (got, missing) = fetch_three(&[("UID FETCH", &answer)]).await;
    assert_eq!(got, [1]);
    assert!(matches!(missing.unwrap_err(), ImapError::Timeout));
}

#[tokio::test]
async fn only_a_body_counts_as_a_message() {
    let answer = "* 3 FETCH (FLAGS (\\Seen) UID 3)\r\n* 9 FETCH (UID 9 BODY[] {1}\r\nx)\r\n* 4 EXISTS\r\n\
                  * 1 FETCH (UID 1 BODY[] {1}\r\na)\r\n* 1 FETCH (UID 1 BODY[] {1}\r\nb)\r\n\
                  * 2 FETCH (UID 2 BODY[] NIL)\r\n{} OK done\r\n";
    let (got, missing) = fetch_three(&[("UID FETCH", answer)]).await;
    assert_eq!((got, missing.unwrap()), (vec![1], vec![2, 3]));
}

#[tokio::test]
async fn a_message_comes_with_its_bytes_and_its_date() {
    let answer = "* 1 FETCH (UID 5 INTERNALDATE \" 7-Jul-2026 02:44:25 +0000\" BODY[] {7}\r\n\u{e9})\r\n{9)\r\n{} OK\r\n";
    let fetch = async |session: &mut Session| {
        let mut got = Vec::new();
        session.fetch(&[5], |message| got.push(message)).await.unwrap();
        got
    };
    let (got, _) = with_session(&[("UID FETCH", answer)], fetch).await;
    assert_eq!(got[0].raw, "\u{e9})\r\n{9".as_bytes());
    assert_eq!(got[0].internal_date.unwrap().to_string(), "2026-07-07T02:44:25Z");
}

#[tokio::test]
async fn sizes_may_come_in_several_responses() {
    let answer = "* 1 FETCH (UID 5 RFC822.SIZE 900)\r\n* 1 FETCH (UID 5 FLAGS (\\Seen Urgent))\r\n\
                  * 2 FETCH (UID 6 FLAGS ())\r\n* 3 FETCH (UID 99 RFC822.SIZE 1)\r\n{} OK\r\n";
    let (listed, sent) =
        with_session(&[("UID FETCH", answer)], async |session| session.sizes(&[5, 6, 8]).await.unwrap())
            .await;
    let told: Vec<_> = listed.iter().map(|message| (message.uid, message.size)).collect();
    assert_eq!(told, [(5, Some(900)), (6, None)], "8 did not come, 99 was not asked for");
    assert_eq!(listed[0].flags, ["\\seen", "urgent"]);
    assert_eq!(sent, ["UID FETCH 5:6,8 (UID RFC822.SIZE INTERNALDATE FLAGS)"]);
}

#[tokio::test]
async fn a_large_message_comes_in_pieces() {
    let piece = |at: usize, len: usize| {
        format!("* 1 FETCH (UID 5 BODY[]<{at}> {{{len}}}\r\n{})\r\n{{}} OK\r\n", "x".repeat(len))
    };
    let (full, part) = (piece(0, 1 << 20), piece(1 << 20, 5));
    let script =
        [("UID FETCH 5 (UID INTERNALDATE BODY.PEEK[]<0.1048576>)", full.as_str()), ("UID FETCH 5", &part)];
    let (came, sent) = fetch_large(&script, Some(1_048_581), 2 << 20).await;
    assert_eq!(length(came.unwrap()), Ok((1 << 20) + 5));
    assert_eq!(sent[1], "UID FETCH 5 (UID INTERNALDATE BODY.PEEK[]<1048576.1048576>)");
    // More than the size told, and more than is allowed.
    let (came, _) = fetch_large(&script, Some(10), 1 << 20).await;
    assert_eq!(came.unwrap(), Came::TooLong);
    let (came, _) = fetch_large(&[("UID FETCH", "{} OK nothing there\r\n")], Some(10), 1 << 20).await;
    assert_eq!(came.unwrap(), Came::Nothing);
}

#[tokio::test]
async fn a_message_is_whole_when_it_is_as_long_as_told_or_surely_ends() {
    let answer = |place: &str, text: &str| {
        format!("* 1 FETCH (UID 5 BODY[]{place} {{{}}}\r\n{text})\r\n{{}} OK\r\n", text.len())
    };
    for (told, answers, expected) in [
        // The whole message, whatever piece is asked for.
        (Some(9), vec![("", "123456789")], Ok(9)),
        (Some(9), vec![("", "12345678"), ("", "12345678")], Ok(8)),
        (None, vec![("", "123456789"), ("", "123456789")], Ok(9)),
        // Less than a piece at a time.
        (Some(9), vec![("<0>", "12345"), ("<5>", "6789")], Ok(9)),
        (Some(9), vec![("<0>", "12345"), ("<5>", "")], Ok(5)),
        (None, vec![("<0>", "12345"), ("<5>", "")], Ok(5)),
        (Some(3), vec![("<0>", "12345")], Ok(5)),
        (Some(0), vec![("<0>", "")], Ok(0)),
        // Nothing, or something else.
        (Some(9), vec![("<0>", "")], Err(Came::Short(0))),
        (Some(9), vec![("", "")], Err(Came::Short(0))),
        (None, vec![("<0>", "")], Err(Came::Short(0))),
        (Some(9), vec![("<0>", "12345"), ("<0>", "12345")], Err(Came::Short(5))),
    ] {
        let answers: Vec<String> = answers.iter().map(|(place, text)| answer(place, text)).collect();
        let script: Vec<(&str, &str)> =
            answers.iter().map(|answer| ("UID FETCH 5", answer.as_str())).collect();
        let (came, sent) = fetch_large(&script, told, 1 << 20).await;
        assert_eq!(length(came.unwrap()), expected, "{told:?} {script:?}");
        assert_eq!(sent.len(), script.len(), "{told:?} {script:?}");
    }
}

/// Fetches message 5 in pieces.
async fn fetch_large(
    script: &[(&str, &str)],
    size: Option<u32>,
    limit: u64,
) -> (Result<Came, ImapError>, Vec<String>) {
    let listed = Listed { uid: 5, size, internal_date: None, flags: Vec::new() };
    with_session(script, async |session| session.fetch_large(&listed, Vec::new(), limit).await).await
}

/// How long a message is that came whole.
fn length(came: Came) -> Result<usize, Came> {
    match came {
        Came::Whole(fetched) => Ok(fetched.raw.len()),
        other => Err(other),
    }
}

#[tokio::test]
async fn headers_come_alone_and_bounded() {
    let answer = "* 1 FETCH (UID 5 BODY[HEADER]<0> {4}\r\nA: b)\r\n{} OK\r\n";
    let fetch = async |session: &mut Session| session.fetch_headers(5, 65536).await.unwrap().unwrap();
    let (fetched, sent) = with_session(&[("UID FETCH", answer)], fetch).await;
    assert_eq!(fetched.raw, b"A: b");
    assert_eq!(sent, ["UID FETCH 5 (UID INTERNALDATE BODY.PEEK[HEADER]<0.65536>)"]);
}

#[tokio::test]
async fn a_size_that_nobody_asked_for_is_refused_before_it_is_allocated() {
    let (_, missing) = fetch_three(&[("UID FETCH", "* 1 FETCH (UID 1 BODY[] {500000000}\r\nabc")]).await;
    assert!(matches!(missing.unwrap_err(), ImapError::TooLarge));
}

#[tokio::test]
async fn a_message_without_a_date_comes_without_one() {
    for date in ["INTERNALDATE NIL ", "INTERNALDATE \"\" ", "INTERNALDATE \"some day\" ", ""] {
        let answer = format!("* 1 FETCH (UID 5 {date}BODY[] {{1}}\r\na)\r\n{{}} OK\r\n");
        let fetch = async |session: &mut Session| {
            let mut got = Vec::new();
            session.fetch(&[5], |message| got.push(message)).await.unwrap();
            got
        };
        let (got, _) = with_session(&[("UID FETCH", &answer)], fetch).await;
        assert_eq!((got.len(), got[0].internal_date), (1, None), "{date}");
    }
}

#[tokio::test]
async fn text_that_the_parser_does_not_understand_is_an_error() {
    let (_, missing) = fetch_three(&[("UID FETCH", "* 1 FETCH ((((\r\n{} OK\r\n")]).await;
    assert!(matches!(missing.unwrap_err(), ImapError::Protocol(_)));
}

#[tokio::test]
async fn a_search_finds_nothing_below_where_it_begins() {
    let answer = "* SEARCH 41\r\n{} OK\r\n";
    let search = async |session: &mut Session| session.search_from(42, &SELECTED).await.unwrap();
    let (found, sent) = with_session(&[("UID SEARCH", answer)], search).await;
    assert_eq!((found, sent), (vec![], vec!["UID SEARCH UID 42:*".to_owned()]));
}

#[tokio::test]
async fn a_large_mailbox_is_searched_in_spans() {
    let script = [
        ("UID SEARCH UID 1:20000", "* SEARCH 3 1\r\n{} OK\r\n"),
        ("UID SEARCH UID 20001:100000", "{} OK\r\n"),
        ("UID SEARCH UID 100001:*", "* SEARCH 200000\r\n* SEARCH 300001 300001\r\n{} OK\r\n"),
    ];
    let selected = Selected { uid_next: Some(300_001), ..SELECTED };
    let search = async |session: &mut Session| session.search_from(1, &selected).await.unwrap();
    assert_eq!(with_session(&script, search).await.0, [1, 3, 200_000, 300_001]);
}

#[tokio::test]
async fn a_refused_search_is_not_an_empty_one() {
    let search = async |session: &mut Session| session.search_from(1, &SELECTED).await;
    let (found, _) = with_session(&[("UID SEARCH", "{} NO busy\r\n")], search).await;
    assert!(matches!(found.unwrap_err(), ImapError::Refused(_)));
}
