//! An IMAP server on loopback that keeps one folder and answers as a test tells it to: what Dovecot will not do.
//!
//! Knows as much of IMAP as the daemon says. Everything it was told is kept, with the number of its connection.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::net::Ipv4Addr;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::thread;
use std::time::Instant;

use helpdeskd::clock::Clock;

use crate::support::watched::Watched;

/// At the end of an answer of a script: then the connection is closed.
pub const CLOSE: &str = "<close>";

const CAPABILITIES: &str = "IMAP4rev1 IDLE UIDPLUS MOVE";
const DATE: &str = "02-Mar-2026 10:00:00 +0000";

/// A running server; it ends with the test's process.
#[derive(Clone, Debug)]
pub struct ScriptedImap {
    address: SocketAddr,
    state: Watched<State>,
}

/// One message of the folder.
#[derive(Clone, Debug)]
pub struct Message {
    pub uid: u32,
    pub raw: Vec<u8>,
    /// As FETCH tells it: quoted, or NIL; empty where it is not told at all.
    pub date: String,
    /// As FETCH tells it; empty where it is not told at all.
    pub size: String,
    pub flags: Vec<String>,
}

/// What stands where, and what happened.
#[derive(Debug)]
pub struct State {
    pub capabilities: String,
    pub uid_validity: u32,
    pub uid_next: u32,
    pub messages: Vec<Message>,
    pub copied: Vec<Vec<u8>>,
    /// When each connection was made.
    pub connected: Vec<Instant>,
    /// What was said to it, without tags.
    pub heard: Vec<String>,
    rules: Vec<Rule>,
    odd: fn(&str) -> String,
    greeting: String,
    idling: Vec<TcpStream>,
}

/// An answer in place of the usual one.
#[derive(Debug)]
struct Rule {
    words: String,
    left: usize,
    answer: String,
}

impl Default for State {
    fn default() -> Self {
        Self {
            capabilities: CAPABILITIES.to_owned(),
            uid_validity: 77,
            uid_next: 1,
            messages: Vec::new(),
            copied: Vec::new(),
            connected: Vec::new(),
            heard: Vec::new(),
            rules: Vec::new(),
            odd: str::to_owned,
            greeting: "* OK ready\r\n".to_owned(),
            idling: Vec::new(),
        }
    }
}

impl ScriptedImap {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let server = Self { address, state: Watched::default() };
        let shared = server.state.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = shared.clone();
                thread::spawn(move || serve(&stream, &state));
            }
        });
        server
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes or reads what it holds.
    pub fn with<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        self.state.with(change)
    }

    /// Commands with these words are answered so, `times` times; `{}` is the tag.
    pub fn answer(&self, words: &str, times: usize, answer: &str) {
        let rule = Rule { words: words.to_owned(), left: times, answer: answer.to_owned() };
        self.with(|state| state.rules.push(rule));
    }

    /// From now on nothing is out of the ordinary.
    pub fn mend(&self) {
        self.with(|state| state.rules.clear());
    }

    /// Each line that it says is changed on its way; what is in a message is not.
    pub fn speak(&self, odd: fn(&str) -> String) {
        self.with(|state| state.odd = odd);
    }

    /// What a connection begins with.
    pub fn greet(&self, greeting: &str) {
        self.with(|state| greeting.clone_into(&mut state.greeting));
    }

    /// A mail arrives; its UID.
    pub fn append(&self, raw: &[u8]) -> u32 {
        self.append_dated(raw, DATE)
    }

    /// A mail arrives now, as far as seconds tell.
    pub fn append_now(&self, raw: &[u8]) -> u32 {
        let now = jiff::Timestamp::from_microsecond(Clock::System.now().0).expect("it is in range");
        self.append_dated(raw, &now.strftime("%d-%b-%Y %H:%M:%S +0000").to_string())
    }

    pub fn append_dated(&self, raw: &[u8], date: &str) -> u32 {
        self.with(|state| {
            let uid = state.uid_next;
            state.uid_next += 1;
            let (raw, size) = (raw.to_vec(), raw.len().to_string());
            let date = format!("\"{date}\"");
            state.messages.push(Message { uid, raw, date, size, flags: Vec::new() });
            let line = (state.odd)(&format!("* {} EXISTS\r\n", state.messages.len()));
            state.idling.retain_mut(|stream| stream.write_all(line.as_bytes()).is_ok());
            uid
        })
    }

    /// Changes a message that is there.
    pub fn change(&self, uid: u32, change: impl FnOnce(&mut Message)) {
        self.with(|state| {
            change(state.messages.iter_mut().find(|message| message.uid == uid).expect("it is there"));
        });
    }

    /// Ends every session that waits for news.
    pub fn drop_idling(&self) {
        self.with(|state| {
            for stream in state.idling.drain(..) {
                // It may be gone by itself.
                let _ = stream.shutdown(Shutdown::Both);
            }
        });
    }

    /// How many commands had these words.
    pub fn heard(&self, words: &str) -> usize {
        self.with(|state| state.heard.iter().filter(|line| line.contains(words)).count())
    }

    /// Waits until as many commands had these words.
    pub fn until_heard(&self, words: &str, times: usize) {
        self.state.block_until(words, |state| {
            state.heard.iter().filter(|line| line.contains(words)).count() >= times
        });
    }

    /// Waits until as many sessions wait for news.
    pub fn until_idling(&self, sessions: usize) {
        self.state.block_until("sessions that wait", |state| state.idling.len() >= sessions);
    }

    pub fn until_connected(&self, times: usize) {
        self.state.block_until("connections", |state| state.connected.len() >= times);
    }
}

/// One connection, to its end.
fn serve(stream: &TcpStream, state: &Watched<State>) {
    let greeting = state.with(|state| {
        state.connected.push(Instant::now());
        (state.odd)(&state.greeting)
    });
    let mut out = stream.try_clone().expect("a socket can be cloned");
    if !say(&mut out, greeting.as_bytes()) {
        return;
    }
    let mut lines = BufReader::new(stream.try_clone().expect("a socket can be cloned")).lines();
    while let Some(Ok(line)) = lines.next() {
        let (tag, command) = line.split_once(' ').unwrap_or(("", &line));
        let answer = state.with(|state| {
            state.heard.push(command.to_owned());
            state.scripted(command).unwrap_or_else(|| state.usual(command))
        });
        let answer = with_tag(&answer, tag);
        if !say(&mut out, &answer) {
            return;
        }
        if command.starts_with("IDLE") && answer.windows(6).any(|words| words == b"idling") {
            state.with(|state| state.idling.push(stream.try_clone().expect("a socket can be cloned")));
            let Some(Ok(_)) = lines.next() else { return };
            let here = stream.peer_addr().ok();
            let done = state.with(|state| {
                state.idling.retain(|other| other.peer_addr().ok() != here);
                (state.odd)("{} OK waited\r\n")
            });
            if !say(&mut out, done.replace("{}", tag).as_bytes()) {
                return;
            }
        }
    }
}

/// Says it; false when the connection is over.
fn say(out: &mut TcpStream, text: &[u8]) -> bool {
    let (now, closes) = match text.strip_suffix(CLOSE.as_bytes()) {
        Some(now) => (now, true),
        None => (text, false),
    };
    let went = out.write_all(now).is_ok();
    if closes {
        let _ = out.shutdown(Shutdown::Both);
    }
    went && !closes
}

/// The tag stands once, in the last line.
fn with_tag(answer: &[u8], tag: &str) -> Vec<u8> {
    match answer.windows(2).rposition(|two| two == b"{}") {
        Some(at) => [&answer[..at], tag.as_bytes(), &answer[at + 2..]].concat(),
        None => answer.to_vec(),
    }
}

impl State {
    fn scripted(&mut self, command: &str) -> Option<Vec<u8>> {
        let rule = self.rules.iter_mut().find(|rule| rule.left > 0 && command.contains(&rule.words))?;
        rule.left -= 1;
        Some(rule.answer.clone().into_bytes())
    }

    fn line(&self, text: &str) -> Vec<u8> {
        (self.odd)(text).into_bytes()
    }

    fn usual(&mut self, command: &str) -> Vec<u8> {
        let words: Vec<&str> = command.split(' ').collect();
        match words[0] {
            "CAPABILITY" => self.lines(&[&format!("* CAPABILITY {}\r\n", self.capabilities)]),
            "SELECT" => self.lines(&[
                &format!("* {} EXISTS\r\n", self.messages.len()),
                "* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] kept\r\n",
                &format!("* OK [UIDVALIDITY {}] count\r\n", self.uid_validity),
                &format!("* OK [UIDNEXT {}] next\r\n", self.uid_next),
            ]),
            "IDLE" => self.line("+ idling\r\n"),
            "LOGOUT" => [self.lines(&["* BYE\r\n"]), CLOSE.into()].concat(),
            "UID" => self.by_uid(words[1], &words[2..]),
            _ => self.lines(&[]),
        }
    }

    /// Untagged lines, and that all is well.
    fn lines(&self, lines: &[&str]) -> Vec<u8> {
        let mut out: Vec<u8> = lines.iter().flat_map(|line| self.line(line)).collect();
        out.extend(self.line("{} OK done\r\n"));
        out
    }

    fn by_uid(&mut self, verb: &str, words: &[&str]) -> Vec<u8> {
        let set = match verb {
            "SEARCH" if words[0] == "SINCE" => "1:*",
            "SEARCH" => words.last().copied().unwrap_or("1:*"),
            _ => words[0],
        };
        let chosen: Vec<u32> = self.messages.iter().map(|m| m.uid).filter(|&uid| within(set, uid)).collect();
        match verb {
            "SEARCH" => {
                let uids: Vec<String> = chosen.iter().map(u32::to_string).collect();
                return self.lines(&[&format!("* SEARCH {}\r\n", uids.join(" "))]);
            }
            "FETCH" => return self.fetch(&chosen, &words[1..].join(" ")),
            "STORE" => self.store(&chosen, &words[1..].join(" ")),
            "COPY" => self.copy(&chosen),
            "MOVE" => {
                self.copy(&chosen);
                self.messages.retain(|message| !chosen.contains(&message.uid));
            }
            "EXPUNGE" => self.messages.retain(|message| {
                !(chosen.contains(&message.uid) && message.flags.iter().any(|flag| flag == "\\Deleted"))
            }),
            _ => {}
        }
        self.lines(&[])
    }

    fn copy(&mut self, chosen: &[u32]) {
        let copies = self.messages.iter().filter(|message| chosen.contains(&message.uid));
        let copies: Vec<Vec<u8>> = copies.map(|message| message.raw.clone()).collect();
        self.copied.extend(copies);
    }

    fn store(&mut self, chosen: &[u32], change: &str) {
        let flag = change.split(['(', ')']).nth(1).unwrap_or_default();
        for message in self.messages.iter_mut().filter(|message| chosen.contains(&message.uid)) {
            message.flags.push(flag.to_owned());
        }
    }

    fn fetch(&self, chosen: &[u32], items: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for (at, message) in self.messages.iter().enumerate() {
            if !chosen.contains(&message.uid) {
                continue;
            }
            let mut told = vec![format!("UID {}", message.uid)];
            if items.contains("SIZE") && !message.size.is_empty() {
                told.push(format!("RFC822.SIZE {}", message.size));
            }
            if items.contains("DATE") && !message.date.is_empty() {
                told.push(format!("INTERNALDATE {}", message.date));
            }
            if items.contains("FLAGS") {
                told.push(format!("FLAGS ({})", message.flags.join(" ")));
            }
            let head = format!("* {} FETCH ({}", at + 1, told.join(" "));
            let Some((name, bytes)) = part(&message.raw, items) else {
                out.extend(self.line(&format!("{head})\r\n")));
                continue;
            };
            out.extend(self.line(&format!("{head} {name} {{{}}}\r\n", bytes.len())));
            out.extend(bytes);
            out.extend(self.line(")\r\n"));
        }
        out.extend(self.line("{} OK done\r\n"));
        out
    }
}

/// What is asked for of a message, by the name under which it is answered.
fn part<'a>(raw: &'a [u8], items: &str) -> Option<(String, &'a [u8])> {
    let (_, rest) = items.split_once("BODY.PEEK[")?;
    let (section, rest) = rest.split_once(']')?;
    let head = raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(raw.len(), |at| at + 4);
    let whole = if section.starts_with("HEADER") { &raw[..head] } else { raw };
    let Some((offset, length)) =
        rest.strip_prefix('<').and_then(|rest| rest.split_once('>')?.0.split_once('.'))
    else {
        return Some((format!("BODY[{section}]"), whole));
    };
    let from = offset.parse::<usize>().expect("a number").min(whole.len());
    let to = (from + length.parse::<usize>().expect("a number")).min(whole.len());
    Some((format!("BODY[{section}]<{offset}>"), &whole[from..to]))
}

fn within(set: &str, uid: u32) -> bool {
    set.split(',').any(|part| {
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let from: u32 = from.parse().unwrap_or(u32::MAX);
        let to = if to == "*" { u32::MAX } else { to.parse().unwrap_or(0) };
        (from..=to).contains(&uid)
    })
}
