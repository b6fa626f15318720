//! Mail servers as they are: they answer other pieces than were asked for, refuse for a while, hang up with words,
//! and lack what is usual. Nothing is lost or made up, and all goes on as soon as the server is well.

use std::time::Duration;
use std::time::Instant;

use serde_json::Value;

use crate::support::letters;
use crate::support::scripted_imap::CLOSE;
use crate::support::scripted_imap::ScriptedImap;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::until::until;

const USER: &str = "support@odd.test";
/// The usual pause before a new session is a second; a busy machine takes longer.
const SOON: Duration = Duration::from_secs(10);

fn site_at(server: &ScriptedImap, change: impl FnOnce(Mailbox) -> Mailbox) -> Site {
    let site = Site::sqlite();
    let settings = Settings::new()
        .set("intake", "poll_seconds", 60)
        .set("intake", "max_backoff_seconds", 300)
        .directory(&site.path("outgoing"));
    site.configure(&settings.queue("support", &change(Mailbox::at(USER, server.address()))));
    site
}

/// As [`site_at`], and looks every second.
fn polling_site_at(server: &ScriptedImap, change: impl FnOnce(Mailbox) -> Mailbox) -> Site {
    let site = Site::sqlite();
    let settings = Settings::new().set("intake", "poll_seconds", 1).directory(&site.path("outgoing"));
    site.configure(&settings.queue("support", &change(Mailbox::at(USER, server.address()))));
    site
}

fn letter(number: usize) -> Vec<u8> {
    letters::letter(number, USER, "Please help.")
}

fn tickets(site: &Site) -> Vec<String> {
    site.column(&["ticket", "list", "--limit", "1000"], "subject")
}

fn subjects(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(letters::subject).collect()
}

/// What the journal has of a message.
fn journal(site: &Site, uid: u32) -> Value {
    site.json(&["explain", &format!("support/{uid}")])[0]["message"].clone()
}

/// How many messages `verify` misses, whatever it says to that.
fn gaps(site: &Site) -> usize {
    site.accounts()[0]["gaps"].as_array().map_or(0, Vec::len)
}

#[test]
fn sessions_that_end_now_and_then_are_opened_again_at_once_each_time() {
    let server = ScriptedImap::start();
    let site = site_at(&server, |mailbox| mailbox);
    let daemon = site.start();
    for ended in 1..=6 {
        server.until_idling(1);
        server.drop_idling();
        let begun = Instant::now();
        server.until_connected(ended + 1);
        assert!(begun.elapsed() < SOON, "the {ended}th pause was {:?}", begun.elapsed());
    }
    server.append(&letter(0));
    until("the mail", || tickets(&site), |found| *found == subjects([0]));
    assert!(daemon.lines("ERROR").is_empty(), "{}", daemon.log());
}

/// By a server that knows no pieces, or other ones than were asked for.
#[test]
fn a_large_message_is_taken_however_its_pieces_come() {
    let server = ScriptedImap::start();
    let large = letters::letter(0, USER, &"All work and no play.\r\n".repeat(250_000));
    let uid = server.append(&large);
    let text = String::from_utf8_lossy(&large).into_owned();
    let whole = format!("* 1 FETCH (UID {uid} BODY[] {{{}}}\r\n{text})\r\n{{}} OK\r\n", large.len());
    server.answer("BODY.PEEK[]<", usize::MAX, &whole);
    let site = site_at(&server, |mailbox| mailbox);
    let daemon = site.start();
    until("the mail", || tickets(&site), |found| *found == subjects([0]));
    let row = journal(&site, uid);
    assert_eq!((&row["extent"], &row["size"]), (&"full".into(), &large.len().into()));
    assert_eq!(daemon.logged("ended"), 0, "{}", daemon.log());
}

#[test]
fn a_message_of_which_nothing_or_too_little_came_is_fetched_again_and_never_recorded_short() {
    let (mail, raw) = (letter(0), String::from_utf8(letter(0)).expect("it is text"));
    let cut = &raw[..100];
    for first in [
        "* 1 FETCH (UID 1 INTERNALDATE \"02-Mar-2026 10:00:00 +0000\" BODY[] \"\")\r\n{} OK\r\n".to_owned(),
        "* 1 FETCH (UID 1 BODY[] NIL)\r\n{} OK\r\n".to_owned(),
        "* 1 FETCH (UID 1 FLAGS ())\r\n{} OK\r\n".to_owned(),
        format!("* 1 FETCH (UID 1 BODY[] {{100}}\r\n{cut})\r\n{{}} OK\r\n"),
        "{} NO [SERVERBUG] not now\r\n".to_owned(),
    ] {
        let server = ScriptedImap::start();
        server.append(&mail);
        server.answer("BODY.PEEK[]", 1, &first);
        // In pieces there is nothing at first either.
        server.answer("BODY.PEEK[]<0.", 1, "* 1 FETCH (UID 1 BODY[]<0> \"\")\r\n{} OK\r\n");
        let site = site_at(&server, |mailbox| mailbox);
        let _daemon = site.start();
        until("the mail", || tickets(&site), |found| *found == subjects([0]));
        let row = journal(&site, 1);
        assert_eq!((&row["extent"], &row["size"]), (&"full".into(), &mail.len().into()), "{first}");
    }
}

#[test]
fn sizes_and_dates_that_are_missing_or_wrong_cost_no_mail() {
    let server = ScriptedImap::start();
    let sizes = ["", "NIL", "0", "1", "99999999", "4294967295", "99999999999", "7000"];
    for (number, size) in sizes.iter().enumerate() {
        let uid = server.append(&letter(number));
        server.change(uid, |message| {
            (*size).clone_into(&mut message.size);
            ["", "NIL", "\"\"", "\"yesterday\""][number % 4].clone_into(&mut message.date);
        });
    }
    let site = site_at(&server, |mailbox| mailbox);
    let daemon = site.start();
    until("the mails", || tickets(&site), |found| *found == subjects(0..sizes.len()));
    for uid in 1..=u32::try_from(sizes.len()).expect("they are few") {
        assert_eq!(journal(&site, uid)["extent"], "full", "{}", sizes[uid as usize - 1]);
    }
    assert!(daemon.lines("ERROR").is_empty(), "{}", daemon.log());
}

/// Puts other answers before each, but for a greeting, which comes first, and for the end of one with a literal.
fn before(line: &str, others: &str) -> String {
    if line.starts_with("* OK ready") || line.starts_with(')') {
        return line.to_owned();
    }
    format!("{others}{line}")
}

#[test]
fn odd_line_ends_blanks_and_answers_that_nobody_asked_for_are_read_over() {
    for odd in [
        (|line: &str| line.replace("\r\n", "\n")) as fn(&str) -> String,
        |line| line.replace("\r\n", " \r\r\n"),
        |line| line.replace(' ', "  ").replace('(', "( ").replace(')', " )"),
        |line| before(line, "* XYZZY (a {3}\r\nb) \r\n* 7 FROB\r\n* LIST (\\Odd) NIL \"x\r\n\r\n"),
        |line| {
            before(line, "* 1 FETCH (FLAGS (\\Seen) MODSEQ (9))\r\n* OK [ODD (x] \"y\r\n* FLAGS (\\[x])\r\n")
        },
    ] {
        let server = ScriptedImap::start();
        server.speak(odd);
        let site = site_at(&server, |mailbox| mailbox.set("after", "seen"));
        server.append(&letter(0));
        let daemon = site.start();
        server.until_idling(1);
        server.append(&letter(1));
        until("the mails", || tickets(&site), |found| *found == subjects([0, 1]));
        server.until_heard("STORE", 2);
        assert!(daemon.lines("ERROR").is_empty(), "{}: {}", odd("* X\r\n"), daemon.log());
    }
}

#[test]
fn a_folder_that_is_refused_for_now_is_not_called_missing() {
    let server = ScriptedImap::start();
    server.append(&letter(0));
    server.answer("SELECT", 2, "{} BAD User is authenticated but not connected.\r\n");
    let site = site_at(&server, |mailbox| mailbox);
    let daemon = site.start();
    until("the mail", || tickets(&site), |found| *found == subjects([0]));
    let said = "the mail server does not open the folder INBOX: User is authenticated but not connected.";
    assert_eq!(daemon.logged(said), 2, "{}", daemon.log());
    assert_eq!(daemon.logged("there is no folder"), 0);
}

#[test]
fn a_server_that_asks_for_a_pause_gets_it() {
    for (words, answer) in [
        ("SELECT", "{} NO Request is throttled. Suggested Backoff Time: 7000 milliseconds\r\n".to_owned()),
        ("LOGIN", "{} NO [THROTTLED] Try again in 7 seconds\r\n".to_owned()),
        ("SELECT", format!("* BYE [UNAVAILABLE] Try again in 7 seconds\r\n{CLOSE}")),
    ] {
        let server = ScriptedImap::start();
        server.answer(words, 1, &answer);
        let site = site_at(&server, |mailbox| mailbox);
        let daemon = site.start();
        server.until_connected(2);
        let connected = server.with(|state| state.connected.clone());
        let pause = connected[1] - connected[0];
        assert!(pause >= Duration::from_secs(7), "{answer}: {pause:?}");
        assert!(pause < Duration::from_secs(7) + SOON, "{answer}: {pause:?}");
        assert_eq!(
            daemon.logged("ry again in 7 seconds") + daemon.logged("Backoff Time"),
            1,
            "{}",
            daemon.log()
        );
    }
}

#[test]
fn the_words_of_a_server_that_hangs_up_are_told() {
    let server = ScriptedImap::start();
    server.greet(&format!("* BYE Too many connections from your IP\r\n{CLOSE}"));
    let site = site_at(&server, |mailbox| mailbox);
    let daemon = site.start();
    daemon.until_logged("the mail server ended the connection: Too many connections from your IP");
    let checked = site.output(&["check"]);
    let checked = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.contains("Too many connections from your IP"), "{checked}");
}

#[test]
fn where_log_in_is_disabled_the_password_stays_here() {
    let server = ScriptedImap::start();
    server.with(|state| "IMAP4rev1 LOGINDISABLED".clone_into(&mut state.capabilities));
    let site = site_at(&server, |mailbox| mailbox);
    let daemon = site.start();
    daemon.until_logged("the mail server offers no log-in over this connection");
    assert_eq!(server.heard("LOGIN") + server.heard("AUTHENTICATE"), 0);
}

/// It was five minutes.
#[test]
fn a_gap_is_filled_as_soon_as_the_server_is_well() {
    let server = ScriptedImap::start();
    for number in 0..4 {
        server.append(&letter(number));
    }
    server.answer("BODY.PEEK[]", usize::MAX, "{} NO [SERVERBUG] the disk is gone\r\n");
    let site = site_at(&server, |mailbox| mailbox);
    let daemon = site.start();
    until("the gaps", || gaps(&site), |count| *count == 4);
    let checked = String::from_utf8_lossy(&site.output(&["check"]).stdout).into_owned();
    assert!(checked.contains("4 messages were not handed over by the server"), "{checked}");
    assert!(checked.contains("the disk is gone"), "{checked}");
    server.until_idling(1);
    server.mend();
    server.drop_idling();
    let begun = Instant::now();
    until("the mails", || tickets(&site), |found| *found == subjects(0..4));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    daemon.stop();
}

#[test]
fn without_moving_and_uidplus_no_message_is_flagged_as_deleted() {
    let server = ScriptedImap::start();
    server.with(|state| "IMAP4rev1".clone_into(&mut state.capabilities));
    server.append(&letter(0));
    let site = polling_site_at(&server, |mailbox| mailbox.set("after", "move").set("move_to", "Done"));
    let _daemon = site.start();
    server.until_heard("+FLAGS", 1);
    server.append(&letter(1));
    server.until_heard("+FLAGS", 2);
    let (flags, copied) = server.with(|state| {
        let flags: Vec<_> = state.messages.iter().map(|message| message.flags.concat()).collect();
        (flags, state.copied.len())
    });
    assert_eq!((flags, copied), (vec!["\\Seen".to_owned(), "\\Seen".to_owned()], 0));
    let checked = String::from_utf8_lossy(&site.output(&["check"]).stdout).into_owned();
    assert!(checked.contains("the server can move no messages"), "{checked}");
}

#[test]
fn where_waiting_for_news_is_refused_the_mailbox_is_looked_at_now_and_then() {
    let server = ScriptedImap::start();
    server.answer("IDLE", usize::MAX, "{} BAD not for you\r\n");
    let site = polling_site_at(&server, |mailbox| mailbox);
    let daemon = site.start();
    server.until_heard("NOOP", 2);
    server.append(&letter(0));
    until("the mail", || tickets(&site), |found| *found == subjects([0]));
    assert_eq!(server.with(|state| state.connected.len()), 1, "{}", daemon.log());
}
