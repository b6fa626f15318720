//! A session against a server that follows a script, over an in-memory connection.

use tokio::io::AsyncBufReadExt;
use tokio::io::AsyncWriteExt;
use tokio::io::BufReader;
use tokio::io::DuplexStream;

use super::*;
use crate::config::server::Resolved;
use crate::config::server::Server;
use crate::config::server::Tls;
use crate::tls::Trust;

mod changing;
mod opening;
mod reading;
mod waiting;

/// In a script's answer: from here on, silence.
const SILENCE: &str = "<silence>";

const LIMITS: Limits = Limits { silence: Duration::from_mins(1), max_message_size: 4 << 20 };

/// The usual beginning, for tests that are about what follows.
const HELLO: [(&str, &str); 3] = [
    ("", "* OK [CAPABILITY IMAP4rev1] hello\r\n"),
    ("LOGIN ", "{} OK in\r\n"),
    ("CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE\r\n{} OK done\r\n"),
];

fn server(tls: Tls) -> Server {
    Server { host: "localhost".to_owned(), port: 0, tls, trust: Trust::default() }
}

fn credentials(password: &str) -> Credentials {
    Credentials { username: "anna".to_owned(), proof: Resolved::Password(password.into()) }
}

/// Answers each line in turn, `{}` standing for its tag; then closes. Gives back what the client sent.
async fn follow(stream: DuplexStream, script: &[(&str, &str)]) -> Vec<String> {
    let (read, mut write) = tokio::io::split(stream);
    let mut lines = BufReader::new(read).lines();
    let mut sent = Vec::new();
    for (expected, answer) in script {
        let mut tag = String::new();
        if !expected.is_empty() {
            let Ok(Some(line)) = lines.next_line().await else { break };
            let rest = line.split_once(' ').map_or("", |(_, rest)| rest);
            let plain = line.starts_with(expected);
            assert!(plain || rest.starts_with(expected), "wanted {expected:?}, got {line:?}");
            tag = if plain { String::new() } else { line.split(' ').next().unwrap().to_owned() };
            sent.push(if plain { line.clone() } else { rest.to_owned() });
        }
        let (now, silent) = answer.split_once(SILENCE).map_or((*answer, false), |(now, _)| (now, true));
        if write.write_all(now.replace("{}", &tag).as_bytes()).await.is_err() {
            break;
        }
        if silent {
            // Until the client gives up.
            while let Ok(Some(_)) = lines.next_line().await {}
        }
    }
    sent
}

/// Runs `client` with a session that was opened by [`HELLO`], against the rest of the script.
async fn with_session<T>(
    script: &[(&str, &str)],
    client: impl AsyncFnOnce(&mut Session) -> T,
) -> (T, Vec<String>) {
    let (near, far) = tokio::io::duplex(1 << 16);
    let whole: Vec<_> = HELLO.iter().chain(script).copied().collect();
    let run = async move {
        let opened = Session::over(Box::new(near), &server(Tls::None), credentials("pw"), LIMITS).await;
        client(&mut opened.unwrap()).await
    };
    let (result, mut sent) = tokio::join!(run, follow(far, &whole));
    (result, sent.split_off(2))
}
