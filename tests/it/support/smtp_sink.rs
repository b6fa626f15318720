//! An SMTP server that takes every mail, or fails at a chosen point of the conversation.
//!
//! Clear text only; TLS and real bounces are Postfix's part. It keeps what it took, and says whether the
//! client was told so: the two differ exactly where a delivery becomes unclear.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::net::Ipv4Addr;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::thread;

pub use self::taken::Taken;
use crate::support::watched::Watched;

mod taken;

/// A point of the conversation at which the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Connect,
    Hello,
    Auth,
    Mail,
    Recipient,
    /// The answer to the command DATA.
    Data,
    /// The answer to the final dot.
    Message,
}

/// Return paths that are not an account's plain address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// `support+TOKEN@…`
    Plus,
    /// `<>`
    Null,
}

impl Path {
    fn is_it(self, sender: &str) -> bool {
        match self {
            Self::Plus => sender.split_once('@').is_some_and(|(local, _)| local.contains('+')),
            Self::Null => sender.is_empty(),
        }
    }
}

/// What the server does instead of agreeing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answers with this line, such as `451 4.3.0 try later`.
    Reply(&'static str),
    /// Answers with this line and closes the connection.
    Part(&'static str),
    /// Never answers again on this connection. After the final dot, the mail is taken all the same.
    Silence,
    /// Closes the connection. After the final dot, the mail is taken all the same.
    HangUp,
    /// After the final dot: takes the mail, and says so only when the server recovers.
    Hold,
}

/// A running server. It ends when this value is dropped.
#[derive(Debug)]
pub struct SmtpSink {
    address: SocketAddr,
    state: Watched<State>,
}

#[derive(Debug, Default)]
struct State {
    faults: Vec<Planned>,
    taken: Vec<Taken>,
    connections: Vec<TcpStream>,
    seen: Vec<Stage>,
    recoveries: usize,
    over: bool,
}

#[derive(Debug)]
struct Planned {
    stage: Stage,
    /// Only for a command that names this address.
    about: Option<String>,
    /// Only for a mail with such a return path.
    path: Option<Path>,
    fault: Fault,
    times: usize,
}

impl SmtpSink {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let state = Watched::default();
        let sink = Self { address, state: state.clone() };
        thread::spawn(move || accept_all(&listener, &state));
        sink
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Fails the next `times` passages of a stage; `usize::MAX` for all of them.
    pub fn fail(&self, stage: Stage, fault: Fault, times: usize) {
        self.state.with(|state| state.faults.push(Planned { stage, about: None, path: None, fault, times }));
    }

    /// Fails each RCPT that names this address.
    pub fn fail_recipient(&self, address: &str, fault: Fault) {
        let about = Some(address.to_lowercase());
        let planned = Planned { stage: Stage::Recipient, about, path: None, fault, times: usize::MAX };
        self.state.with(|state| state.faults.push(planned));
    }

    /// Fails a stage of each mail with such a return path.
    pub fn fail_path(&self, path: Path, stage: Stage, fault: Fault) {
        let planned = Planned { stage, about: None, path: Some(path), fault, times: usize::MAX };
        self.state.with(|state| state.faults.push(planned));
    }

    /// Agrees to everything from now on.
    pub fn recover(&self) {
        self.state.with(|state| {
            state.faults.clear();
            state.recoveries += 1;
        });
    }

    /// All mails that were taken, in order.
    pub fn taken(&self) -> Vec<Taken> {
        self.state.with(|state| state.taken.clone())
    }

    /// Waits until at least `count` mails were taken, and gives all of them.
    pub async fn wait_for(&self, count: usize) -> Vec<Taken> {
        self.state.until("mail at the SMTP server", move |state| state.taken.len() >= count).await;
        self.taken()
    }

    /// Waits until a stage was passed at least `count` times, with or without a fault.
    pub async fn wait_for_stage(&self, stage: Stage, count: usize) {
        let passed = move |state: &State| state.seen.iter().filter(|seen| **seen == stage).count() >= count;
        self.state.until("a stage at the SMTP server", passed).await;
    }

    /// How often a stage was passed, with or without a fault.
    pub fn passages(&self, stage: Stage) -> usize {
        self.state.with(|state| state.seen.iter().filter(|seen| **seen == stage).count())
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.state.with(|state| {
            state.over = true;
            for connection in &state.connections {
                // A connection that is closed already is as good.
                let _ = connection.shutdown(Shutdown::Both);
            }
        });
        // Wakes the thread that accepts, so that it sees the end.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept_all(listener: &TcpListener, state: &Watched<State>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let kept = stream.try_clone().expect("a socket can be shared");
        let over = state.with(|state| {
            state.connections.push(kept);
            state.over
        });
        if over {
            return;
        }
        let state = state.clone();
        thread::spawn(move || Conversation::new(stream, state).hold());
    }
}

/// The conversation goes on, or it is over.
enum Next {
    Command,
    End,
}

struct Conversation {
    reader: BufReader<TcpStream>,
    state: Watched<State>,
    /// Nothing before MAIL was accepted; empty for the null path.
    sender: Option<String>,
    recipients: Vec<String>,
    /// How often the server had recovered when the last stage was passed.
    recoveries: usize,
}

impl Conversation {
    fn new(stream: TcpStream, state: Watched<State>) -> Self {
        Self { reader: BufReader::new(stream), state, sender: None, recipients: Vec::new(), recoveries: 0 }
    }

    fn hold(mut self) {
        let mut next = self.answer(Stage::Connect, "", "220 sink.example.test ESMTP");
        while let Next::Command = next {
            let Some(line) = self.read_line() else { break };
            next = self.obey(&String::from_utf8_lossy(&line));
        }
        // Others hold copies of the socket, so dropping ours would not close it.
        let _ = self.reader.get_ref().shutdown(Shutdown::Both);
    }

    fn obey(&mut self, line: &str) -> Next {
        let verb = line.split_whitespace().next().unwrap_or_default().to_uppercase();
        match verb.as_str() {
            "EHLO" => {
                self.forget();
                let offer = "250-sink.example.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN XOAUTH2\r\n250 SIZE 52428800";
                self.answer(Stage::Hello, line, offer)
            }
            "HELO" => {
                self.forget();
                self.answer(Stage::Hello, line, "250 sink.example.test")
            }
            "AUTH" => self.answer(Stage::Auth, line, "235 2.7.0 welcome"),
            "MAIL" => {
                self.forget();
                self.take_sender(line)
            }
            "RCPT" => self.take_recipient(line),
            "DATA" if self.recipients.is_empty() => self.say("503 5.5.1 no recipient"),
            "DATA" => self.take_message(line),
            "RSET" => {
                self.forget();
                self.say("250 2.0.0 ok")
            }
            "NOOP" => self.say("250 2.0.0 ok"),
            "QUIT" => {
                self.say("221 2.0.0 bye");
                Next::End
            }
            _ => self.say("500 5.5.2 unknown command"),
        }
    }

    fn take_sender(&mut self, line: &str) -> Next {
        if let Some(fault) = self.fault(Stage::Mail, line) {
            return self.fail(fault);
        }
        self.sender = Some(path_of(line));
        self.say("250 2.1.0 ok")
    }

    fn take_recipient(&mut self, line: &str) -> Next {
        if self.sender.is_none() {
            return self.say("503 5.5.1 no sender");
        }
        if let Some(fault) = self.fault(Stage::Recipient, line) {
            return self.fail(fault);
        }
        self.recipients.push(path_of(line));
        self.say("250 2.1.5 ok")
    }

    fn take_message(&mut self, line: &str) -> Next {
        if let Some(fault) = self.fault(Stage::Data, line) {
            return self.fail(fault);
        }
        self.say("354 go on");
        let Some(data) = self.read_data() else { return Next::End };
        let fault = self.fault(Stage::Message, line);
        if !matches!(fault, Some(Fault::Reply(_) | Fault::Part(_))) {
            let (sender, recipients) = (self.sender.clone().unwrap_or_default(), self.recipients.clone());
            let taken =
                Taken { sender, recipients, data, answered: matches!(fault, None | Some(Fault::Hold)) };
            self.state.with(|state| state.taken.push(taken));
        }
        self.forget();
        match fault {
            Some(fault) => self.fail(fault),
            None => self.say("250 2.0.0 taken"),
        }
    }

    /// Reads up to the final dot, and undoes the doubling of dots at the start of lines.
    fn read_data(&mut self) -> Option<Vec<u8>> {
        let mut data = Vec::new();
        loop {
            let line = self.read_line()?;
            if line == b".\r\n" {
                return Some(data);
            }
            data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    fn read_line(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        match self.reader.read_until(b'\n', &mut line) {
            Ok(length) if length > 0 => Some(line),
            _ => None,
        }
    }

    fn answer(&mut self, stage: Stage, line: &str, words: &str) -> Next {
        match self.fault(stage, line) {
            Some(fault) => self.fail(fault),
            None => self.say(words),
        }
    }

    /// Notes the passage, and uses up one of the faults that were planned for it.
    fn fault(&mut self, stage: Stage, line: &str) -> Option<Fault> {
        let sender = if stage == Stage::Mail { Some(path_of(line)) } else { self.sender.clone() };
        let line = line.to_lowercase();
        let (fault, recoveries) = self.state.with(|state| {
            state.seen.push(stage);
            let fits = |planned: &&mut Planned| {
                let about_it = planned.about.as_ref().is_none_or(|address| line.contains(address))
                    && planned
                        .path
                        .is_none_or(|path| sender.as_ref().is_some_and(|sender| path.is_it(sender)));
                planned.stage == stage && planned.times > 0 && about_it
            };
            let fault = state.faults.iter_mut().find(fits).map(|planned| {
                planned.times -= 1;
                planned.fault
            });
            (fault, state.recoveries)
        });
        self.recoveries = recoveries;
        fault
    }

    fn fail(&mut self, fault: Fault) -> Next {
        match fault {
            Fault::Reply(words) => self.say(words),
            Fault::Part(words) => {
                self.say(words);
                Next::End
            }
            Fault::Hold => {
                // Whoever waited for this stage may have let it recover already.
                let before = self.recoveries;
                self.state
                    .block_until("the server to recover", |state| state.recoveries > before || state.over);
                self.say("250 2.0.0 taken")
            }
            Fault::HangUp => Next::End,
            Fault::Silence => {
                while self.read_line().is_some() {}
                Next::End
            }
        }
    }

    fn say(&mut self, words: &str) -> Next {
        match self.reader.get_mut().write_all(format!("{words}\r\n").as_bytes()) {
            Ok(()) => Next::Command,
            Err(_) => Next::End,
        }
    }

    fn forget(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }
}

/// The address between the angle brackets of MAIL or RCPT.
fn path_of(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(path, _)| path.to_owned()).unwrap_or_default()
}
