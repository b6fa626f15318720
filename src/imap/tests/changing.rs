//! Flags, moving, deleting.

use super::*;
use crate::imap::change::Removal;

/// A session with a server that can do no more than `capabilities`.
async fn with_server<T>(
    capabilities: &str,
    script: &[(&str, &str)],
    client: impl AsyncFnOnce(&mut Session) -> T,
) -> (T, Vec<String>) {
    let set = async |session: &mut Session| {
        session.capabilities = capabilities.split(' ').map(str::to_owned).collect();
        client(session).await
    };
    with_session(script, set).await
}

#[tokio::test]
async fn moving_uses_what_the_server_can_and_never_removes_others() {
    let listed = "* 1 FETCH (UID 3 RFC822.SIZE 1 FLAGS ())\r\n* 2 FETCH (UID 4 RFC822.SIZE 1 FLAGS (\\Deleted))\r\n{} OK\r\n";
    let (ok, copy) = ("{} OK\r\n", "UID COPY 3 \"Done\"");
    for (capabilities, script, removal) in [
        ("MOVE UIDPLUS", vec![("UID MOVE 3:4 \"Done\"", ok)], Removal::Gone),
        (
            "UIDPLUS",
            vec![
                ("UID FETCH", listed),
                (copy, ok),
                ("UID STORE 3:4 +FLAGS.SILENT (\\Deleted)", ok),
                ("UID EXPUNGE 3:4", ok),
            ],
            Removal::Gone,
        ),
        ("IMAP4REV1", vec![("UID STORE 3:4 +FLAGS.SILENT (\\Seen)", ok)], Removal::Stayed),
    ] {
        let moved = async |session: &mut Session| session.move_to(&[3, 4], "Done").await.unwrap();
        let (moved, sent) = with_server(capabilities, &script, moved).await;
        assert_eq!(moved, removal, "{capabilities}");
        assert_eq!(sent.len(), script.len());
        assert!(sent.iter().all(|line| !line.starts_with("EXPUNGE")), "{sent:?}");
    }
}

#[tokio::test]
async fn moving_to_a_folder_that_is_missing_names_it() {
    let script = [("UID MOVE", "{} NO [TRYCREATE] Mailbox doesn't exist: Done\r\n")];
    let moved = async |session: &mut Session| session.move_to(&[3], "Done").await.unwrap_err();
    let (error, _) = with_server("MOVE", &script, moved).await;
    assert!(error.to_string().starts_with("there is no folder Done in the mailbox: "), "{error}");
}

#[tokio::test]
async fn a_keyword_is_set_only_where_it_is_kept_and_cannot_be_a_command() {
    let open = "* OK [PERMANENTFLAGS (\\Seen helpdeskd)] x\r\n* OK [UIDVALIDITY 1] x\r\n{} OK\r\n";
    let script =
        [("SELECT", open), ("UID STORE 3 +FLAGS.SILENT (HelpDeskd)", "{} OK\r\n"), ("NOOP", "{} OK\r\n")];
    let run = async |session: &mut Session| {
        session.select("INBOX").await.unwrap();
        session.add_keyword(&[3], "HelpDeskd").await.unwrap();
        assert!(session.add_keyword(&[3], "other").await.is_err());
        session.keywords = Keywords::Any;
        assert!(session.add_keyword(&[3], "a)\r\nA9 EXPUNGE").await.is_err());
        session.noop().await.unwrap();
    };
    with_session(&script, run).await;
}

#[tokio::test]
async fn seen_is_set_by_uid() {
    let script = [("UID STORE 3:4,9 +FLAGS.SILENT (\\Seen)", "{} OK\r\n")];
    let (marked, _) = with_session(&script, async |session| session.mark_seen(&[3, 4, 9]).await).await;
    marked.unwrap();
}
