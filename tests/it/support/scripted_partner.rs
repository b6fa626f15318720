//! A partner's server that does what a test tells it, and remembers what it was asked.

use std::collections::VecDeque;
use std::net::SocketAddr;

use helpdeskd::tasks::Tasks;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;

use crate::support::watched::Watched;

/// What it does with one request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers with a status code, more header lines, and a body.
    Answer(u16, String, Vec<u8>),
    /// Closes the connection.
    Drop,
    /// Reads, and says nothing.
    Silence,
    /// Answers with more bytes than anybody wants.
    Flood,
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    pub verb: String,
    pub path: String,
    pub head: String,
    pub body: String,
}

/// The server. Ends with the test's runtime.
#[derive(Clone, Debug)]
pub struct ScriptedPartner {
    pub address: SocketAddr,
    state: Watched<State>,
}

#[derive(Debug, Default)]
struct State {
    acts: VecDeque<Act>,
    asked: Vec<Asked>,
    /// By path; other requests take the next act, and 200 when there is none.
    files: Vec<(String, Act)>,
}

impl Act {
    pub fn status(code: u16) -> Self {
        Self::Answer(code, String::new(), Vec::new())
    }

    pub fn redirect(code: u16, to: &str) -> Self {
        Self::Answer(code, format!("Location: {to}\r\n"), Vec::new())
    }

    pub fn file(content_type: &str, bytes: &[u8]) -> Self {
        Self::Answer(200, format!("Content-Type: {content_type}\r\n"), bytes.to_vec())
    }
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.split("\r\n").filter_map(|line| line.split_once(": "));
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl ScriptedPartner {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("the socket is bound");
        let partner = Self { address, state: Watched::default() };
        let (own, tasks) = (partner.clone(), Tasks::default());
        let connections = tasks.clone();
        tasks.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(own.clone().serve(stream));
            }
        });
        partner
    }

    pub fn base(&self) -> String {
        format!("http://{}/sharing", self.address)
    }

    /// What it does with the next requests, one each.
    pub fn then(&self, acts: impl IntoIterator<Item = Act>) {
        self.state.with(|state| state.acts.extend(acts));
    }

    /// What it does with every request for a path.
    pub fn serve_at(&self, path: &str, act: Act) -> String {
        self.state.with(|state| state.files.push((path.to_owned(), act)));
        format!("http://{}{path}", self.address)
    }

    /// What it was asked since the last time, files apart.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.with(|state| std::mem::take(&mut state.asked))
    }

    /// The only request since the last time.
    pub fn asked_once(&self) -> Asked {
        let mut asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.remove(0)
    }

    /// Waits until it was asked so often, without forgetting.
    pub async fn until_asked(&self, count: usize) {
        self.state.until("requests to arrive", move |state| state.asked.len() >= count).await;
    }

    async fn serve(self, mut stream: TcpStream) {
        let Some(asked) = read(&mut stream).await else { return };
        let act = self.state.with(|state| {
            let file = state.files.iter().find(|(path, _)| *path == asked.path).map(|(_, act)| act.clone());
            file.unwrap_or_else(|| {
                state.asked.push(asked);
                state.acts.pop_front().unwrap_or(Act::status(200))
            })
        });
        match act {
            Act::Drop => {}
            Act::Silence => std::future::pending().await,
            Act::Answer(code, head, body) => {
                let length =
                    if code == 204 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
                let answer = format!("HTTP/1.1 {code} Scripted\r\n{head}{length}Connection: close\r\n\r\n");
                let _ = stream.write_all(&[answer.as_bytes(), &body].concat()).await;
            }
            Act::Flood => {
                let head = format!("HTTP/1.1 200 Scripted\r\nContent-Length: {}\r\n\r\n", 10_u64 << 30);
                let mut sent = stream.write_all(head.as_bytes()).await;
                let block = vec![b'x'; 1 << 16];
                while sent.is_ok() {
                    sent = stream.write_all(&block).await;
                }
            }
        }
    }
}

/// Reads one request with a body of its length.
async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut block = [0; 4096];
    loop {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut asked = Asked { verb: String::new(), path: String::new(), head, body: String::new() };
            let length: usize =
                asked.header("content-length").map_or(0, |text| text.parse().expect("a length"));
            if bytes.len() >= end + 4 + length {
                asked.body = String::from_utf8(bytes[end + 4..end + 4 + length].to_vec()).expect("text");
                let mut words = asked.head.split(' ');
                asked.verb = words.next().unwrap_or_default().to_owned();
                asked.path = words.next().unwrap_or_default().to_owned();
                return Some(asked);
            }
        }
        let count = stream.read(&mut block).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&block[..count]);
    }
}
