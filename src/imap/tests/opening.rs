//! Greeting, encryption, log-in, SELECT.

use super::*;
use crate::imap::error::Trouble;

async fn open(tls: Tls, password: &str, script: &[(&str, &str)]) -> (Result<(), ImapError>, Vec<String>) {
    let (near, far) = tokio::io::duplex(1 << 16);
    let server = server(tls);
    let open = Session::over(Box::new(near), &server, credentials(password), LIMITS);
    let (opened, sent) = tokio::join!(open, follow(far, script));
    (opened.map(|_| ()), sent)
}

#[tokio::test]
async fn a_refused_starttls_is_an_error_and_no_password_goes_out() {
    for script in [
        &[("", "* OK [CAPABILITY IMAP4rev1] hello\r\n"), ("STARTTLS", "{} NO not today\r\n"), ("", "")][..],
        &[("", "* OK [CAPABILITY IMAP4rev1] hello\r\n"), ("STARTTLS", "{} BAD what\r\n"), ("", "")],
        &[("", "* PREAUTH you are anna already\r\n"), ("", "")],
    ] {
        let (opened, sent) = open(Tls::StartTls, "hunter2", script).await;
        let error = opened.unwrap_err();
        assert!(matches!(error, ImapError::NoStartTls), "{error}");
        assert_eq!(error.kind(), Trouble::Configuration);
        assert!(sent.iter().all(|line| line == "STARTTLS"), "{sent:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_told_apart() {
    let (opened, _) = open(
        Tls::Implicit,
        "pw",
        &[("", "* OK [CAPABILITY IMAP4rev1] hello, in clear text\r\n"), ("", SILENCE)],
    )
    .await;
    assert_eq!(
        opened.unwrap_err().to_string(),
        "no trusted connection: the server does not speak TLS on this port"
    );
}

#[tokio::test]
async fn a_refused_log_in_says_so_without_the_credentials() {
    let refused = "{} NO [AUTHENTICATIONFAILED] no such password hunter2 for anna\r\n";
    let (opened, _) =
        open(Tls::None, "hunter2", &[("", "* OK [CAPABILITY IMAP4rev1] hello\r\n"), ("LOGIN", refused)])
            .await;
    let error = opened.unwrap_err();
    assert_eq!(error.kind(), Trouble::Credentials);
    let text = error.to_string();
    assert!(text.starts_with("the mail server refused the log-in: ") && text.contains("no such password"));
    assert!(!text.contains("hunter2") && !text.contains("anna"), "{text}");
}

#[tokio::test]
async fn a_log_in_that_cannot_be_checked_right_now_is_no_wrong_password() {
    let refused = "{} NO [UNAVAILABLE] Temporary authentication failure.\r\n";
    let (opened, _) =
        open(Tls::None, "pw", &[("", "* OK [CAPABILITY IMAP4rev1] hello\r\n"), ("LOGIN", refused)]).await;
    assert_eq!(opened.unwrap_err().kind(), Trouble::Transient);
}

#[tokio::test]
async fn a_password_beyond_ascii_is_not_sent_by_login() {
    let script = [
        ("", "* OK [CAPABILITY IMAP4rev1] hello\r\n"),
        ("AUTHENTICATE PLAIN", "+ \r\n"),
        // "\0anna\0pässwort"
        ("AGFubmEAcMOkc3N3b3J0", "A0001 OK in\r\n"),
        ("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n{} OK done\r\n"),
    ];
    let (opened, _) = open(Tls::None, "pässwort", &script).await;
    opened.unwrap();
}

#[tokio::test]
async fn a_refused_token_gets_an_empty_answer_and_then_the_refusal() {
    let token = Credentials { username: "anna".to_owned(), proof: Resolved::Token("secret".into()) };
    let (near, mut far) = tokio::io::duplex(1 << 16);
    let server = server(Tls::None);
    let open = Session::over(Box::new(near), &server, token, LIMITS);
    let serve = async move {
        far.write_all(b"* OK [CAPABILITY IMAP4rev1] hello\r\n").await.unwrap();
        let (read, mut write) = tokio::io::split(far);
        let mut lines = BufReader::new(read).lines();
        let mut next = async || lines.next_line().await.unwrap().unwrap();
        assert_eq!(next().await, "A0001 AUTHENTICATE XOAUTH2");
        write.write_all(b"+ \r\n").await.unwrap();
        // "user=anna^Aauth=Bearer secret^A^A"
        assert_eq!(next().await, "dXNlcj1hbm5hAWF1dGg9QmVhcmVyIHNlY3JldAEB");
        write.write_all(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n").await.unwrap();
        assert_eq!(next().await, "");
        write.write_all(b"A0001 NO invalid token\r\n").await.unwrap();
    };
    let (opened, ()) = tokio::join!(open, serve);
    assert_eq!(opened.unwrap_err().to_string(), "the mail server refused the log-in: invalid token");
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up() {
    for script in [&[("", SILENCE)][..], &[("", "* OK [CAPABILITY IMAP4rev1] hello\r\n"), ("LOGIN", SILENCE)]]
    {
        let (opened, _) = open(Tls::None, "pw", script).await;
        assert!(matches!(opened.unwrap_err(), ImapError::Timeout));
    }
}

#[tokio::test]
async fn a_server_that_says_good_bye_at_once_has_closed() {
    let (opened, _) = open(Tls::None, "pw", &[("", "* BYE too many connections\r\n")]).await;
    let error = opened.unwrap_err();
    assert_eq!(error.to_string(), "the mail server ended the connection: too many connections");
    let (opened, _) = open(Tls::None, "pw", &[("", "* BYE\r\n")]).await;
    assert!(matches!(opened.unwrap_err(), ImapError::Closed));
    let (opened, _) = open(Tls::None, "pw", &[("", "220 mail ESMTP\r\n"), ("", SILENCE)]).await;
    assert!(matches!(opened.unwrap_err(), ImapError::Protocol(_)));
}

#[tokio::test]
async fn where_log_in_is_disabled_no_password_goes_out_by_it() {
    let greeting = "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hello\r\n";
    let (opened, sent) = open(Tls::None, "hunter2", &[("", greeting), ("", "")]).await;
    let error = opened.unwrap_err();
    assert!(matches!(error, ImapError::NoLogin), "{error}");
    assert_eq!((error.kind(), sent), (Trouble::Configuration, vec![]));
    let script = [
        ("", "* OK hello\r\n"),
        ("CAPABILITY", "* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN\r\n{} OK\r\n"),
        ("AUTHENTICATE PLAIN", "+\r\n"),
        // "\0anna\0pw"
        ("AGFubmEAcHc=", "A0002 OK in\r\n"),
        ("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n{} OK done\r\n"),
    ];
    open(Tls::None, "pw", &script).await.0.unwrap();
}

#[tokio::test]
async fn a_connection_that_ends_while_logging_in_says_with_which_words() {
    for ending in ["* BYE Too many connections for anna\r\n", "* BYE  Too many connections for anna\n"] {
        let script = [("", "* OK [CAPABILITY IMAP4rev1] hello\r\n"), ("LOGIN", ending)];
        let error = open(Tls::None, "pw", &script).await.0.unwrap_err();
        assert_eq!(error.to_string(), "the mail server ended the connection: Too many connections for …");
    }
}

#[tokio::test]
async fn a_folder_is_opened_by_the_name_that_people_write() {
    let answer = "* FLAGS (\\Seen)\r\n* OK [PERMANENTFLAGS (\\Seen)] ok\r\n* 3 EXISTS\r\n\
                  * OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 12] next\r\n{} OK [READ-WRITE] open\r\n";
    let (selected, sent) =
        with_session(&[("SELECT", answer)], async |session| session.select("Entwürfe").await).await;
    assert_eq!(selected.unwrap(), Selected { uid_validity: 7, uid_next: Some(12), exists: 3 });
    assert_eq!(sent, ["SELECT \"Entw&APw-rfe\""]);
}

#[tokio::test]
async fn a_folder_that_is_missing_or_has_no_lasting_uids_is_told() {
    for (answer, expected) in [
        ("{} NO [NONEXISTENT] Unknown Mailbox\r\n", "there is no folder Neu in the mailbox"),
        ("{} NO [SERVERBUG] Internal error\r\n", "the mail server does not open the folder Neu: [SERVERBUG]"),
        ("* 3 EXISTS\r\n{} OK open\r\n", "the folder has no lasting UIDs"),
        (
            "* OK [UIDVALIDITY 7] x\r\n* NO [UIDNOTSTICKY] x\r\n{} OK open\r\n",
            "the folder has no lasting UIDs",
        ),
    ] {
        let (selected, _) =
            with_session(&[("SELECT", answer)], async |session| session.select("Neu").await).await;
        let error = selected.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
