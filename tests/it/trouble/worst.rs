//! The worst mails and texts that we can make, by all three doors at once: the daemon answers, takes others' mail and
//! ends when it is told to.

use std::thread;
use std::time::Instant;

use rstest::rstest;
use serde_json::json;

use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::site::Engine;
use crate::support::until::note;
use crate::trouble::awake::LONGEST_END;
use crate::trouble::awake::MEGABYTE;
use crate::trouble::awake::Office;
use crate::trouble::awake::PUBLIC_URL;
use crate::trouble::awake::TEAM;
use crate::trouble::awake::Watch;
use crate::trouble::awake::ask;

const KEY: &str = "partner:key-of-partner";

/// A mail's own fields, and what follows them.
fn worst_mails() -> Vec<(String, String)> {
    let html = |text: String| format!("MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n{text}");
    let body = |text: String| (String::new(), format!("\r\n{text}"));
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let deep = many(3000, &|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"));
    let parts = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(20_000);
    let enclosed = "Content-Type: message/rfc822\r\n\r\nFrom: a@b.test\r\n".repeat(2000);
    let quoted = "On Mon, 2 Mar 2026 at 10:00, A <a@b.test> wrote:\r\n".repeat(20_000);
    vec![
        body("\r\n".repeat(5 * MEGABYTE)),
        body("> a\r\n".repeat(2 * MEGABYTE)),
        body(":\r\n".repeat(200_000)),
        body(" ".repeat(10 * MEGABYTE)),
        body("#tag x\r\n".repeat(200_000)),
        body(quoted),
        (String::new(), html("<p>x</p>\r\n".repeat(MEGABYTE))),
        (String::new(), html("<div><b>".repeat(MEGABYTE / 2))),
        (String::new(), html("<".repeat(4 * MEGABYTE))),
        (format!("Cc: {}\r\n", many(100_000, &|n| format!("v{n}@bank{n}.test, "))), "\r\nHello".to_owned()),
        (format!("Cc: {}\r\n", ":".repeat(200_000)), "\r\nHello".to_owned()),
        (format!("References: {}\r\n", many(100_000, &|n| format!("<{n}@x> "))), "\r\nHello".to_owned()),
        (many(100_000, &|n| format!("X-{n}: a\r\n")), "\r\nHello".to_owned()),
        ("MIME-Version: 1.0\r\n".to_owned(), format!("{deep}Content-Type: text/plain\r\n\r\nx")),
        (
            "MIME-Version: 1.0\r\n".to_owned(),
            format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n"),
        ),
        ("MIME-Version: 1.0\r\n".to_owned(), enclosed),
    ]
}

fn send_mails(user: &str, mails: &[(String, String)]) {
    let mut client = ImapClient::log_in(user);
    for (number, (fields, rest)) in mails.iter().enumerate() {
        let from = letters::author(number);
        let head =
            format!("From: <{from}>\r\nTo: {user}\r\nSubject: {number}\r\nMessage-ID: <{number}@{user}>\r\n");
        client.append("INBOX", format!("{head}{fields}{rest}\r\n").as_bytes());
    }
}

/// As long as a partner's text can be.
fn worst_comments() -> Vec<String> {
    let most = 1_900_000;
    let shapes = ["a\n", "z", "<div>", "<p>x</p>", "x\r", ":", "\n", "&amp;"];
    shapes.iter().map(|shape| shape.repeat(most / shape.len())).collect()
}

impl Office {
    fn partner(&self, path: &str, headers: &str, body: &str) -> String {
        let head = format!(
            "POST /sharing/{path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: application/json\r\n\
             {headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        ask(self.address, &[head.as_bytes(), body.as_bytes()].concat()).expect("there is an answer")
    }

    fn has_a_partner(&self) {
        let invitation = json!({
            "uuid": "partner", "access_key": "key-of-partner", "name": "Acme", "status": "pending",
            "sender_url": "http://127.0.0.1:9/sharing", "receiver_url": format!("{PUBLIC_URL}/sharing"),
            "sync_tags": true, "sync_custom_fields": true, "allows_public_comments": true,
        });
        let answer = self.partner("agreements/partner", "", &invitation.to_string());
        assert!(answer.contains(" 201 "), "{answer}");
        self.site.run(&["agreement", "accept", "partner", "--queue", "support"]);
    }

    fn share(&self, number: usize, text: &str) {
        let ticket = json!({
            "subject": "Shared", "status": "open", "original_id": number,
            "requester": {"uuid": "joe", "name": "Joe", "role": "end-user"},
            "comments": [{"uuid": format!("c{number}"), "body": text, "public": true,
                "author": {"uuid": "zoe", "name": "Zoe", "role": "agent"}}],
        });
        let token = format!("X-Ticket-Sharing-Token: {KEY}\r\n");
        let answer = self.partner(&format!("tickets/t{number}"), &token, &ticket.to_string());
        assert!(answer.contains(" 201 "), "{answer}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_answers_and_ends_under_the_worst_of_all_doors_at_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let mut office = Office::open(engine).await;
    office.has_a_partner();
    let (mails, comments) = (worst_mails(), worst_comments());
    let calls: Vec<String> = ["a\n", "z", "word ", "<b>&\n", ":"]
        .iter()
        .map(|shape| shape.repeat(2 * MEGABYTE / shape.len()))
        .collect();
    let watch = Watch::begin(office.address);
    let before = office.sent();
    thread::scope(|scope| {
        scope.spawn(|| send_mails(&office.user, &mails));
        scope.spawn(|| comments.iter().enumerate().for_each(|(number, text)| office.share(number, text)));
        for text in &calls {
            assert!(office.create_ticket(text).starts_with("HTTP/1.1 200"));
        }
    });
    // Each is told to three at least; a partner's people are written to by nobody here.
    office.until_sent(before + (mails.len() + calls.len() + comments.len()) * TEAM.len());
    watch.end("while all three doors were stormed");
    assert_eq!(office.daemon.logged("panicked"), 0, "{}", office.daemon.log());
    assert!(office.create_ticket(&calls[0]).starts_with("HTTP/1.1 200"));
    let begun = Instant::now();
    office.daemon.signal("TERM");
    let status = office.daemon.until_ended("the end after SIGTERM");
    note(&format!("ended {:?} after SIGTERM", begun.elapsed()));
    assert!(status.success() && begun.elapsed() < LONGEST_END, "{status} after {:?}", begun.elapsed());
}
