//! What strangers write is one line in the log, and nothing that a terminal obeys, whichever way it comes in.

use std::fmt::Write as _;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rstest::rstest;

use crate::support::daemon::Daemon;
use crate::support::imap_client::ImapClient;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;

/// Ends a line, forges one of the log, and colours, clears and names the terminal.
const EVIL: &str = "x\r\nFORGED 2026-03-02T09:00:00Z ERROR all is lost\n\u{1b}[31m\u{1b}[2J\u{1b}]0;FORGED\u{7}\u{9b}31m\u{8}\u{202e}";

/// An encoded word of it (RFC 2047).
fn encoded() -> String {
    format!("=?utf-8?B?{}?=", STANDARD.encode(EVIL))
}

/// As it can stand in a path or a form.
fn percent() -> String {
    EVIL.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").expect("a text grows");
        text
    })
}

fn ask(address: SocketAddr, head: &str, body: &str) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it can be set");
    let request =
        format!("{head}Host: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.windows(8).any(|piece| piece == b"\nFORGED "), "{}", String::from_utf8_lossy(&answer));
}

/// Wrong log-ins, paths and fields of every API.
fn call(address: SocketAddr) {
    let (path, user) = (percent(), STANDARD.encode(format!("{EVIL}:{EVIL}")));
    ask(address, &format!("GET /{path} HTTP/1.1\r\n"), "");
    ask(address, &format!("GET /unsubscribe/{path} HTTP/1.1\r\nUser-Agent: \u{1b}[31mFORGED\r\n"), "");
    ask(address, &format!("GET /api/v1/get_tickets/{path} HTTP/1.1\r\nAuthorization: Basic {user}\r\n"), "");
    ask(
        address,
        &format!("POST /sharing/agreements/{path} HTTP/1.1\r\nX-Ticket-Sharing-Token: \u{1b}[31m:FORGED\r\n"),
        "{}",
    );
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let fields = format!("user={path}&password={path}&queue={path}&title={path}");
    ask(
        address,
        &format!("POST /api/create_ticket/ HTTP/1.1\r\nX-Forwarded-For: \u{1b}[31mFORGED\r\n{form}"),
        &fields,
    );
}

fn is_harmless(text: &str, what: &str) {
    assert!(!text.lines().any(|line| line.starts_with("FORGED")), "{what}:\n{text}");
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t' || c == '\u{202e}';
    assert!(!text.contains(obeyed), "{what}: {:?}", text.lines().find(|line| line.contains(obeyed)));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_strangers_forges_a_line_of_the_log_or_moves_the_terminal(
    #[values("human", "json")] format: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let site = Site::new(engine).await;
    let user = servers::fresh_address("injection");
    let settings = Settings::new().directory(&site.path("outgoing")).set("log", "format", format);
    site.configure(
        &settings.set("log", "filter", "info,helpdeskd=debug").queue("support", &Mailbox::of(&user)),
    );
    let daemon: Daemon = site.start();
    let evil = encoded();
    let plain = EVIL.replace(['\r', '\n'], " ");
    let mut client = ImapClient::log_in(&user);
    for (number, name) in [&evil, &plain].into_iter().enumerate() {
        let message = format!(
            "From: {name} <eve{number}@evil.test>\r\nTo: {name} <{user}>\r\nSubject: {name}\r\n\
             Message-ID: <{name}{number}@evil.test>\r\nReferences: <{name}>\r\nAuthentication-Results: {name}\r\n\
             Content-Type: text/plain; name=\"{name}\"\r\n\r\n{EVIL}\r\n"
        );
        client.append("INBOX", message.as_bytes());
    }
    client.append("INBOX", format!("From: {evil}\r\nSubject: {evil}\r\nTo: {user}\r\n\r\n{EVIL}").as_bytes());
    daemon.until_logged_times("handled message", 3);
    let line = daemon.lines("serving on").concat();
    let address =
        line.rsplit("serving on ").next().unwrap_or_default().trim_end_matches(|c: char| !c.is_ascii_digit());
    let address: String = address.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
    call(address.parse().unwrap_or_else(|error| panic!("{error}: {line}")));
    is_harmless(&daemon.log(), "the log");
    for arguments in [
        &["ticket", "list"][..],
        &["ticket", "show", "1"],
        &["ticket", "show", "2"],
        &["ticket", "log", "1"],
        &["user", "list"],
        &["suspended", "list"],
        &["outbox", "list"],
        &["explain", "1"],
        &["explain", "2"],
        &["verify"],
    ] {
        let output = site.output(arguments);
        is_harmless(&String::from_utf8_lossy(&output.stdout), &arguments.join(" "));
        is_harmless(&String::from_utf8_lossy(&output.stderr), &arguments.join(" "));
    }
}
