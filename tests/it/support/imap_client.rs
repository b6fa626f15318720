//! A small IMAP client, to fill mailboxes and to see what is in them.
//!
//! Shares no code with the daemon's own client, so that both cannot be wrong alike. It blocks, and any answer
//! but OK fails the test.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;
use std::time::Instant;

use crate::support::servers;

const PATIENCE: Duration = Duration::from_mins(1);
/// Messages of one APPEND; Dovecot stores them in one go.
const BATCH: usize = 200;

/// One logged-in session.
#[derive(Debug)]
pub struct ImapClient {
    stream: BufReader<TcpStream>,
    tag: u32,
}

/// One line from the server, with the literals that belong to it.
#[derive(Debug)]
pub struct Answer {
    pub text: String,
    pub literals: Vec<Vec<u8>>,
}

impl ImapClient {
    /// Logs in to the real server of this run.
    pub fn log_in(user: &str) -> Self {
        Self::log_in_at(servers::imap(), user)
    }

    /// Logs in by way of another address, such as a proxy's.
    pub fn log_in_at(server: SocketAddr, user: &str) -> Self {
        let stream = TcpStream::connect(server).expect("the IMAP server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
        stream.set_nodelay(true).expect("an option can be set");
        let mut client = Self { stream: BufReader::new(stream), tag: 0 };
        assert!(client.answer().text.starts_with("* OK"));
        client.command(&format!("LOGIN \"{user}\" \"{}\"", servers::PASSWORD));
        client
    }

    /// Runs one command and gives the untagged answers.
    pub fn command(&mut self, command: &str) -> Vec<Answer> {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        self.send(format!("{tag} {command}\r\n").as_bytes());
        self.answers_until(&tag, command)
    }

    pub fn append(&mut self, folder: &str, message: &[u8]) {
        self.append_all(folder, &[message]);
    }

    /// Puts a message into a folder that arrived at a certain time, such as `01-Jan-2020 00:00:00 +0000`.
    pub fn append_at(&mut self, folder: &str, arrived: &str, message: &[u8]) {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        let mut bytes =
            format!("{tag} APPEND {folder} \"{arrived}\" {{{}+}}\r\n", message.len()).into_bytes();
        bytes.extend_from_slice(message);
        bytes.extend_from_slice(b"\r\n");
        self.send(&bytes);
        self.answers_until(&tag, "APPEND");
    }

    /// Puts many messages into a folder, in order.
    pub fn append_all(&mut self, folder: &str, messages: &[impl AsRef<[u8]>]) {
        for batch in messages.chunks(BATCH) {
            self.tag += 1;
            let tag = format!("t{}", self.tag);
            let mut bytes = format!("{tag} APPEND {folder}").into_bytes();
            for message in batch {
                bytes.extend_from_slice(format!(" {{{}+}}\r\n", message.as_ref().len()).as_bytes());
                bytes.extend_from_slice(message.as_ref());
            }
            bytes.extend_from_slice(b"\r\n");
            self.send(&bytes);
            self.answers_until(&tag, "APPEND");
        }
    }

    /// The UIDs in a folder, lowest first.
    pub fn uids(&mut self, folder: &str) -> Vec<u32> {
        self.select(folder);
        found_uids(&self.command("UID SEARCH ALL"))
    }

    /// Every message of a folder, lowest UID first. Sets no flag.
    pub fn messages(&mut self, folder: &str) -> Vec<Vec<u8>> {
        let uids = self.uids(folder);
        uids.into_iter().map(|uid| self.fetch_selected(uid)).collect()
    }

    pub fn message(&mut self, folder: &str, uid: u32) -> Vec<u8> {
        self.select(folder);
        self.fetch_selected(uid)
    }

    /// The flags and keywords of a message, sorted; `\Recent` is left out, since it depends on who looked.
    pub fn flags(&mut self, folder: &str, uid: u32) -> Vec<String> {
        self.select(folder);
        let answers = self.command(&format!("UID FETCH {uid} (FLAGS)"));
        let line = answers.iter().find(|answer| answer.text.contains("FLAGS (")).expect("the message exists");
        let list =
            line.text.split("FLAGS (").nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_default();
        let mut flags: Vec<String> =
            list.split_whitespace().filter(|flag| *flag != "\\Recent").map(str::to_owned).collect();
        flags.sort();
        flags
    }

    pub fn set_flag(&mut self, folder: &str, uid: u32, flag: &str) {
        self.select(folder);
        self.command(&format!("UID STORE {uid} +FLAGS.SILENT ({flag})"));
    }

    /// Deletes a message for good.
    pub fn expunge(&mut self, folder: &str, uid: u32) {
        self.set_flag(folder, uid, "\\Deleted");
        self.command(&format!("UID EXPUNGE {uid}"));
    }

    /// Changes with every new folder of the same name.
    pub fn uid_validity(&mut self, folder: &str) -> u32 {
        let answers = self.command(&format!("STATUS {folder} (UIDVALIDITY)"));
        let text = answers.first().map(|answer| answer.text.as_str()).unwrap_or_default();
        let number = text.split("UIDVALIDITY ").nth(1).and_then(|rest| rest.split(')').next());
        number.and_then(|digits| digits.parse().ok()).expect("the server tells its UIDVALIDITY")
    }

    /// Waits until a folder holds at least `count` messages, and gives them.
    pub fn wait_for(&mut self, folder: &str, count: usize) -> Vec<Vec<u8>> {
        self.select(folder);
        loop {
            let answers = self.command("UID SEARCH ALL");
            if found_uids(&answers).len() >= count {
                return self.messages(folder);
            }
            // News that came with the search is not told a second time.
            if !answers.iter().any(Answer::tells_of_mail) {
                self.idle_once();
            }
        }
    }

    /// Waits, but not for ever, until the server says that the number of messages changed.
    fn idle_once(&mut self) {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        self.send(format!("{tag} IDLE\r\n").as_bytes());
        let begun = Instant::now();
        while !self.answer().tells_of_mail() {
            // The server says now and then that it is still there.
            assert!(begun.elapsed() < PATIENCE, "no mail came within {PATIENCE:?}");
        }
        self.send(b"DONE\r\n");
        self.answers_until(&tag, "IDLE");
    }

    fn select(&mut self, folder: &str) {
        self.command(&format!("SELECT {folder}"));
    }

    fn fetch_selected(&mut self, uid: u32) -> Vec<u8> {
        let answers = self.command(&format!("UID FETCH {uid} (BODY.PEEK[])"));
        answers.into_iter().find_map(|answer| answer.literals.into_iter().next()).expect("the message exists")
    }

    fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("the IMAP server reads");
    }

    fn answers_until(&mut self, tag: &str, command: &str) -> Vec<Answer> {
        let mut answers = Vec::new();
        loop {
            let answer = self.answer();
            if let Some(status) = answer.text.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) {
                assert!(status.starts_with("OK"), "{command}: {status}");
                return answers;
            }
            answers.push(answer);
        }
    }

    /// Reads one line; a literal takes the place of its `{n}` line end.
    fn answer(&mut self) -> Answer {
        let mut answer = Answer { text: String::new(), literals: Vec::new() };
        loop {
            let mut line = Vec::new();
            let length = self.stream.read_until(b'\n', &mut line).expect("the IMAP server answers in time");
            assert!(length > 0, "the IMAP server closed the connection");
            answer.text.push_str(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']));
            let Some(size) = literal_size(&answer.text) else { return answer };
            let mut literal = vec![0; size];
            self.stream.read_exact(&mut literal).expect("the IMAP server sends what it announced");
            answer.literals.push(literal);
        }
    }
}

impl Answer {
    fn tells_of_mail(&self) -> bool {
        self.text.starts_with("* ") && self.text.ends_with(" EXISTS")
    }
}

fn found_uids(answers: &[Answer]) -> Vec<u32> {
    let found = answers.iter().find_map(|answer| answer.text.strip_prefix("* SEARCH"));
    let numbers = found.unwrap_or_default().split_whitespace();
    numbers.map(|number| number.parse().expect("a UID is a number")).collect()
}

fn literal_size(line: &str) -> Option<usize> {
    line.strip_suffix('}')?.rsplit_once('{')?.1.parse().ok()
}
