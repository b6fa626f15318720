//! A connection against a server that follows a script, over an in-memory stream.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use tokio::io::AsyncBufReadExt;
use tokio::io::AsyncWriteExt;
use tokio::io::BufReader;
use tokio::io::DuplexStream;

use super::*;
use crate::config::server::Resolved;
use crate::config::server::Server;
use crate::config::server::Tls;
use crate::smtp::outcome::Stage;
use crate::tls::Trust;

mod handing;
mod opening;

/// In a script's answer: from here on, silence.
const SILENCE: &str = "<silence>";

/// In place of what a line begins with: the line is empty.
const EMPTY: &str = "<empty>";

/// Greeting and EHLO of a modern server.
const HELLO: [(&str, &str); 2] = [
    ("", "220 mail ESMTP\r\n"),
    ("EHLO", "250-mail\r\n250-8BITMIME\r\n250-SIZE 5000\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250 STARTTLS\r\n"),
];

const MESSAGE: &[u8] = b"Subject: hi\r\n\r\n.dot\r\nbody\r\n";

fn account(tls: Tls) -> SmtpServer {
    let server = Server { host: "localhost".to_owned(), port: 0, tls, trust: Trust::default() };
    SmtpServer { server, login: None, hello: None }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_mins(8)
}

/// Answers each line in turn, reading the message itself after a 354; then closes. Gives back all lines.
async fn follow(stream: DuplexStream, script: &[(&str, &str)]) -> Vec<String> {
    let (read, mut write) = tokio::io::split(stream);
    let mut lines = BufReader::new(read).lines();
    let (mut sent, mut in_message) = (Vec::new(), false);
    for (expected, answer) in script {
        if !expected.is_empty() {
            loop {
                let Ok(Some(line)) = lines.next_line().await else { return sent };
                let done = !in_message || line == ".";
                sent.push(line);
                if done {
                    break;
                }
            }
            let last = sent.last().unwrap();
            let fits = if *expected == EMPTY { last.is_empty() } else { last.starts_with(expected) };
            assert!(fits, "wanted {expected:?}, got {last:?}");
        }
        in_message = answer.starts_with("354");
        let (now, silent) = answer.split_once(SILENCE).map_or((*answer, false), |(now, _)| (now, true));
        if write.write_all(now.as_bytes()).await.is_err() {
            return sent;
        }
        if silent {
            // Until the client gives up.
            while let Ok(Some(line)) = lines.next_line().await {
                sent.push(line);
            }
        }
    }
    sent
}

async fn open(
    account: &SmtpServer,
    credentials: Option<Credentials>,
    script: &[(&str, &str)],
) -> (Result<(), Refusal>, Vec<String>) {
    let (near, far) = tokio::io::duplex(1 << 16);
    let hello = ClientId::Domain("desk".to_owned());
    let open = Connection::over(Box::new(near), account, hello, credentials, soon());
    let (opened, sent) = tokio::join!(open, follow(far, script));
    (opened.map(|_| ()), sent)
}

/// Runs `client` with a connection that was opened by [`HELLO`], against the rest of the script.
async fn with_connection<T>(
    script: &[(&str, &str)],
    client: impl AsyncFnOnce(&mut Connection) -> T,
) -> (T, Vec<String>) {
    let (near, far) = tokio::io::duplex(1 << 16);
    let whole: Vec<_> = HELLO.iter().chain(script).copied().collect();
    let account = account(Tls::None);
    let run = async move {
        let hello = ClientId::Domain("desk".to_owned());
        let opened = Connection::over(Box::new(near), &account, hello, None, soon()).await;
        client(&mut opened.unwrap()).await
    };
    let (result, mut sent) = tokio::join!(run, follow(far, &whole));
    (result, sent.split_off(1))
}
