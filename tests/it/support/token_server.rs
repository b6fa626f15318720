//! A token server (OAuth 2.0) that answers as the test says.
//!
//! Plain HTTP on loopback, one request a connection. It checks nothing by itself; see [`rotating`].

use std::collections::BTreeMap;
use std::io::Read;
use std::io::Write;
use std::net::Ipv4Addr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;

/// The fields of a request's form.
pub type Form = BTreeMap<String, String>;
/// Status and body.
pub type Answer = (u16, String);

/// A running server. Its thread ends with the process.
#[derive(Debug)]
pub struct TokenServer {
    pub url: String,
    asked: Arc<Mutex<Vec<Form>>>,
}

impl TokenServer {
    /// Answers each request by `answer`, one after the other; it may wait for the test.
    pub fn start(mut answer: impl FnMut(&Form) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("the socket is bound");
        let asked = Arc::<Mutex<Vec<Form>>>::default();
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let Some(form) = read(&mut stream) else { continue };
                seen.lock().expect("nobody panics").push(form.clone());
                let (status, body) = answer(&form);
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
                );
                let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes());
            }
        });
        Self { url: format!("http://{address}/token"), asked }
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Form> {
        self.asked.lock().expect("nobody panics").clone()
    }

    pub fn count(&self) -> usize {
        self.asked().len()
    }
}

/// An answer with a token that is good for so many seconds.
pub fn token(access: &str, seconds: u64) -> Answer {
    (200, format!("{{\"access_token\":\"{access}\",\"token_type\":\"Bearer\",\"expires_in\":{seconds}}}"))
}

/// Answers `access-1`, `access-2` and so on, for an hour each.
pub fn counting() -> impl FnMut(&Form) -> Answer + Send + 'static {
    let mut count = 0;
    move |_| {
        count += 1;
        token(&format!("access-{count}"), 3600)
    }
}

/// Gives a new refresh token each time and takes the last one only; an old one ends everything.
pub fn rotating() -> impl FnMut(&Form) -> Answer + Send + 'static {
    let mut good = Some("refresh-0".to_owned());
    let mut count = 0;
    move |form| {
        if good.is_none() || form.get("refresh_token") != good.as_ref() {
            good = None;
            return (400, r#"{"error":"invalid_grant"}"#.to_owned());
        }
        count += 1;
        let next = format!("refresh-{count}");
        let body = format!(
            "{{\"access_token\":\"access-{count}\",\"expires_in\":3600,\"refresh_token\":\"{next}\"}}"
        );
        good = Some(next);
        (200, body)
    }
}

/// A gate that the test opens: the server waits there once for each time.
pub fn gate() -> (mpsc::Sender<()>, mpsc::Receiver<()>) {
    mpsc::channel()
}

fn read(stream: &mut TcpStream) -> Option<Form> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.to_lowercase().split("content-length: ").nth(1)?.lines().next()?.parse().ok()?;
            if body.len() >= length {
                let pairs = url::form_urlencoded::parse(body.as_bytes()).into_owned();
                return Some(pairs.collect());
            }
        }
        let count = stream.read(&mut chunk).ok().filter(|&count| count > 0)?;
        request.extend_from_slice(&chunk[..count]);
    }
}
