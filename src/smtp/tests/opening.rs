//! Greeting, encryption, log-in.

use super::*;

fn login(proof: Resolved) -> Credentials {
    Credentials { username: "anna".to_owned(), proof }
}

fn with_hello<'a>(rest: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    HELLO.iter().chain(rest).copied().collect()
}

#[tokio::test]
async fn a_server_without_starttls_gets_nothing_in_clear_text() {
    let password = login(Resolved::Password("hunter2".into()));
    let none = ("EHLO", "250-mail\r\n250 AUTH PLAIN\r\n");
    let refused = ("STARTTLS", "454 4.7.0 not now\r\n");
    let injected = ("STARTTLS", "220 go\r\n250 AUTH PLAIN\r\n");
    for (script, part) in [
        (vec![HELLO[0], none, ("", SILENCE)], "does not offer STARTTLS"),
        (vec![HELLO[0], HELLO[1], refused, ("", SILENCE)], "not now"),
        (vec![HELLO[0], HELLO[1], injected, ("", SILENCE)], "more than it was asked"),
    ] {
        let (opened, sent) = open(&account(Tls::StartTls), Some(password.clone()), &script).await;
        let refusal = opened.unwrap_err();
        assert_eq!(refusal.stage, Stage::Tls, "{refusal}");
        assert!(refusal.text.contains(part), "{refusal}");
        assert!(!refusal.pauses_channel());
        assert!(sent.iter().all(|line| line == "EHLO desk" || line == "STARTTLS"), "{sent:?}");
    }
}

#[tokio::test]
async fn a_log_in_uses_what_the_server_offers() {
    let plain = ("AUTH PLAIN AGFubmEAcHc=", "235 2.7.0 in\r\n");
    let steps = [
        HELLO[0],
        ("EHLO", "250-mail\r\n250 AUTH=LOGIN\r\n"),
        ("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n"),
        ("YW5uYQ==", "334 UGFzc3dvcmQ6\r\n"),
        ("cHc=", "235 in\r\n"),
    ];
    let token = ("AUTH XOAUTH2 dXNlcj1hbm5hAWF1dGg9QmVhcmVyIHRrbgEB", "235 in\r\n");
    for (proof, script) in [
        (Resolved::Password("pw".into()), with_hello(&[plain])),
        (Resolved::Password("pw".into()), steps.to_vec()),
        (Resolved::Token("tkn".into()), with_hello(&[token])),
    ] {
        let (opened, _) = open(&account(Tls::None), Some(login(proof)), &script).await;
        opened.unwrap();
    }
}

#[tokio::test]
async fn a_refused_log_in_pauses_the_channel_and_shows_no_secret() {
    let wrong = ("AUTH PLAIN", "535 5.7.8 hunter2 is wrong for anna\r\n");
    let (opened, _) =
        open(&account(Tls::None), Some(login(Resolved::Password("hunter2".into()))), &with_hello(&[wrong]))
            .await;
    let refusal = opened.unwrap_err();
    assert!(refusal.pauses_channel());
    assert_eq!((refusal.code, refusal.enhanced.as_deref()), (Some(535), Some("5.7.8")));
    assert!(!refusal.text.contains("hunter2") && !refusal.text.contains("anna"), "{refusal}");

    let later = ("AUTH PLAIN", "454 4.7.0 Temporary authentication failure\r\n");
    let (opened, _) =
        open(&account(Tls::None), Some(login(Resolved::Password("pw".into()))), &with_hello(&[later])).await;
    assert!(!opened.unwrap_err().pauses_channel());

    let report = [("AUTH XOAUTH2", "334 eyJzdGF0dXMiOiI0MDAifQ==\r\n"), (EMPTY, "535 5.7.8 expired\r\n")];
    let (opened, _) =
        open(&account(Tls::None), Some(login(Resolved::Token("tkn".into()))), &with_hello(&report)).await;
    assert_eq!(opened.unwrap_err().text, "5.7.8 expired");

    let none = [HELLO[0], ("EHLO", "250 mail\r\n"), ("", SILENCE)];
    let (opened, _) = open(&account(Tls::None), Some(login(Resolved::Password("pw".into()))), &none).await;
    assert!(opened.unwrap_err().pauses_channel());
}

#[tokio::test]
async fn a_server_that_turns_us_away_says_why() {
    for (script, code) in [
        (&[("", "554 5.7.1 you are on a list\r\n")][..], Some(554)),
        (&[("", "421 busy\r\n")], Some(421)),
        (&[HELLO[0], ("EHLO", "550 who are you\r\n")], Some(550)),
        (&[("", "* OK IMAP\r\n")], None),
        (&[], None),
    ] {
        let (opened, _) = open(&account(Tls::None), None, script).await;
        let refusal = opened.unwrap_err();
        assert_eq!((refusal.stage, refusal.code), (Stage::Greeting, code), "{refusal}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up() {
    for script in [&[("", SILENCE)][..], &[HELLO[0], ("EHLO", SILENCE)]] {
        let (opened, _) = open(&account(Tls::None), None, script).await;
        assert_eq!(opened.unwrap_err().text, "the server was silent for too long");
    }
}
