//! Where the HTTP server listens: is the address free, or are we there already?

use std::io;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;

use crate::cli::check::report::Section;
use crate::config::Config;

/// Longest wait for an answer from ourselves, and the bytes of it that are read.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST: u64 = 16 * 1024;

pub async fn look(config: &Config) -> Section {
    let mut section = Section::new("HTTP server");
    let listen = config.http.listen;
    match TcpListener::bind(listen).await {
        Ok(_) => section.ok(format!("{listen} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => occupied(&mut section, listen).await,
        Err(error) => {
            let fix = match error.kind() {
                io::ErrorKind::PermissionDenied => {
                    "set `http.listen` to a port above 1023, and put a web server in front of it"
                }
                _ => "set `http.listen` to an address of this machine, such as 127.0.0.1:8080",
            };
            section.bad(format!("nothing can listen on {listen}: {error}"), fix);
        }
    }
    let url = &config.http.public_url;
    if url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost") {
        section.note(
            format!(
                "`http.public_url` is {url}, which nobody else can reach: mails have no link to unsubscribe"
            ),
            "set it to the https address by which the outside reaches this server, if there is one",
        );
    }
    if url.starts_with("https://") && config.http.trusted_proxies.is_empty() {
        section.note(
            "the web server in front of this one is not in `http.trusted_proxies`: all its clients count as one \
             address, and fifty wrong passwords of anybody shut everybody out",
            "name it, such as trusted_proxies = [\"127.0.0.1\"]",
        );
    }
    section
}

async fn occupied(section: &mut Section, listen: SocketAddr) {
    match tokio::time::timeout(PATIENCE, readiness(listen)).await {
        Ok(Ok(Some(status))) if status == "ready" => {
            section.ok(format!("a helpdeskd answers on {listen}, and is ready"));
        }
        Ok(Ok(Some(status))) => {
            section.bad(format!("a helpdeskd answers on {listen}, and is {status}"), "see its log");
        }
        _ => section.bad(
            format!("another program listens on {listen}"),
            "set `http.listen` to another port, or stop that program (`ss -ltnp` names it)",
        ),
    }
}

/// The status that a helpdeskd tells; none when something else answers.
async fn readiness(listen: SocketAddr) -> io::Result<Option<String>> {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let mut stream = TcpStream::connect((ip, listen.port())).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer);
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    let Ok(value) = serde_json::from_str::<Value>(body) else { return Ok(None) };
    let is_ours = value.get("failing_mailboxes").is_some();
    Ok(value["status"].as_str().filter(|_| is_ours).map(str::to_owned))
}
