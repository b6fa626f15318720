//! A day in the life of a desk: three people with mailboxes of their own, and nothing but mail between them.
//!
//! Through the real Postfix and Dovecot; every mail is read as it was delivered, its text and its HTML.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::net::TcpStream;

use mail_parser::MessageParser;

use crate::support::daemon::Daemon;
use crate::support::imap_client::ImapClient;
use crate::support::office::quoted;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;

/// The server that stamps mail for the desk; it is also the test's own.
const SERVER: &str = "mx.example.test";

/// Somebody with a mailbox.
pub(super) struct Person {
    pub(super) address: String,
    seen: usize,
}

/// A mail as it lies in a mailbox.
pub(super) struct Read {
    pub(super) from: String,
    pub(super) subject: String,
    message_id: String,
    in_reply_to: String,
    references: String,
    pub(super) text: String,
    html: String,
    raw: String,
}

impl Person {
    pub(super) fn new(word: &str) -> Self {
        Self { address: servers::fresh_address(word), seen: 0 }
    }

    /// The next mail that arrives.
    pub(super) fn receives(&mut self) -> Read {
        let mails = ImapClient::log_in(&self.address).wait_for("INBOX", self.seen + 1);
        self.seen += 1;
        Read::of(&mails[self.seen - 1])
    }

    /// Sends a mail by the real server. What vouches for the author is stamped as his provider's server would.
    pub(super) fn sends(&self, to: &[&str], head: &str, text: &str) {
        self.sends_as("pass", to, head, text);
    }

    fn sends_as(&self, found: &str, to: &[&str], head: &str, text: &str) {
        let (own, body) = (&self.address, text.replace('\n', "\r\n"));
        let listed = to.join(", ");
        let stamp = format!("Authentication-Results: {SERVER}; dmarc={found} header.from=example.test");
        let mail = format!(
            "{stamp}\r\nFrom: <{own}>\r\nTo: {listed}\r\n{head}\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
        );
        submit(own, to, &mail);
    }

    /// Answers a mail as a mail program does, the whole of it quoted below.
    pub(super) fn answers(&self, mail: &Read, to: &str, text: &str) {
        self.answers_as("pass", mail, to, text);
    }

    /// The same, and nothing vouches for them.
    pub(super) fn sends_unproven(&self, mail: &Read, to: &str, text: &str) {
        self.answers_as("none", mail, to, text);
    }

    fn answers_as(&self, found: &str, mail: &Read, to: &str, text: &str) {
        let head = format!(
            "Subject: Re: {}\r\nMessage-ID: <answer.{}.{}.{}>\r\nIn-Reply-To: <{}>\r\nReferences: {} <{}>",
            mail.subject,
            self.seen,
            text.len(),
            self.address,
            mail.message_id,
            mail.references,
            mail.message_id
        );
        let quote = quoted(&mail.text);
        self.sends_as(
            found,
            &[to],
            &head,
            &format!("{text}\n\nOn Mon, 2 Mar 2026 at 09:00, Support <{to}> wrote:\n{quote}"),
        );
    }
}

impl Read {
    fn of(raw: &[u8]) -> Self {
        let mail = MessageParser::default().parse(raw).expect("it can be read");
        let text =
            |name: &str| mail.header_raw(name).unwrap_or_default().trim().trim_matches(['<', '>']).to_owned();
        Self {
            from: mail
                .from()
                .and_then(|from| from.first())
                .and_then(|from| from.address())
                .unwrap_or_default()
                .to_owned(),
            subject: mail.subject().unwrap_or_default().to_owned(),
            message_id: text("Message-ID"),
            in_reply_to: text("In-Reply-To"),
            references: mail
                .header_raw("References")
                .unwrap_or_default()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            text: mail.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            html: mail.body_html(0).unwrap_or_default().into_owned(),
            raw: String::from_utf8_lossy(raw).into_owned(),
        }
    }

    /// Both of its forms say this.
    pub(super) fn says(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "{words}: {}", self.text);
        assert!(self.html.contains(&words.replace('\'', "&#x27;")), "{words}: {}", self.html);
        self
    }

    /// No part of it gives this away.
    pub(super) fn hides(&self, words: &str) -> &Self {
        let all = [&self.text, &self.html, &self.raw];
        assert!(all.iter().all(|text| !text.contains(words)), "{words}: {}", self.raw);
        self
    }
}

fn submit(from: &str, to: &[&str], mail: &str) {
    let stream = TcpStream::connect(servers::smtp()).expect("the server listens");
    let mut session = BufReader::new(stream);
    let recipients: String = to.iter().flat_map(|to| ["RCPT TO:<", to, ">\r\n"]).collect();
    let script = format!("EHLO test\r\nMAIL FROM:<{from}>\r\n{recipients}DATA\r\n");
    answer(&mut session);
    for command in script.split_inclusive('\n').chain([&*format!("{mail}.\r\n")]) {
        session.get_mut().write_all(command.as_bytes()).expect("the server reads");
        let said = answer(&mut session);
        assert!(said.starts_with(['2', '3']), "{command}: {said}");
    }
}

fn answer(session: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    while session.read_line(&mut line).expect("the server answers") > 0 {
        if line.as_bytes().get(3) != Some(&b'-') {
            break;
        }
        line.clear();
    }
    line
}

/// The desk, its support address, and Alex as its agent.
pub(super) fn desk(alex: &Person) -> (Site, Daemon, String) {
    let support = servers::fresh_address("support");
    let settings = Settings::new()
        .smtp(servers::smtp())
        .queue("support", &Mailbox::of(&support))
        .queue_key("title", "Support")
        .queue_key("cc", "all")
        .queue_key("authserv_ids", vec![SERVER.to_owned()]);
    let site = Site::sqlite();
    site.configure(&settings);
    site.run(&["migrate"]);
    site.run(&[
        "user",
        "add",
        "--username",
        "alex",
        "--email",
        &alex.address,
        "--name",
        "Alex",
        "--role",
        "agent",
    ]);
    let daemon = site.start();
    (site, daemon, support)
}

#[tokio::test]
async fn a_day_in_the_life_of_a_desk() {
    let (mut ann, mut bob, mut alex) = (Person::new("ann"), Person::new("bob"), Person::new("alex"));
    let (site, daemon, support) = desk(&alex);

    // Ann asks, with Bob in copy. She is acknowledged, Alex is told.
    let head = "Subject: Printer on fire\r\nMessage-ID: <first@client.test>";
    ann.sends(&[&support, &bob.address], head, "My printer is on fire.");
    assert!(bob.receives().text.contains("My printer is on fire."), "by Ann herself");
    let acknowledged = ann.receives();
    acknowledged.says("We have received your request").hides(&alex.address);
    assert_eq!(
        (acknowledged.from.as_str(), acknowledged.in_reply_to.as_str()),
        (support.as_str(), "first@client.test")
    );
    let told = alex.receives();
    told.says("My printer is on fire.").says("#resolve");
    assert_eq!(told.subject, "[support-1] Printer on fire");

    // Alex takes it, lets Bob hear of Ann's answers too, and answers from his mail program; Ann and Bob get it,
    // threaded, and nothing internal.
    let commands = format!("#assign me\n#priority 2\n#cc {}", bob.address);
    alex.answers(&told, &support, &format!("{commands}\n\nDear Ann, use water."));
    let report = alex.receives();
    report.says("Your mail was carried out.").says("#assign me").says("#priority 2").says("#cc");
    for person in [&mut ann, &mut bob] {
        let mail = person.receives();
        mail.says("Dear Ann, use water.").hides(&alex.address).hides("##-").hides("#assign").hides("Owner:");
        assert_eq!((mail.from.as_str(), mail.in_reply_to.as_str()), (support.as_str(), "first@client.test"));
        assert!(!mail.raw.contains("Auto-Submitted"), "an agent's words are no automatic mail");
        if person.address.starts_with("ann") {
            // Ann answers; Alex, whose ticket it is, and Bob hear of it.
            person.answers(&mail, &support, "It still burns.");
        }
    }
    bob.receives().says("It still burns.").hides(&alex.address);
    let told = alex.receives();
    told.says("It still burns.").says("Dear Ann, use water.");

    // Alex notes something for his colleagues only, and ends it with a text.
    alex.answers(&told, &support, "#note\nShe has no water, I suppose, as she did not pay for it.");
    alex.receives().says("#note");
    alex.answers(&told, &support, "#resolve\nThen use sand.");
    alex.receives().says("#resolve").says("State:");
    for person in [&mut ann, &mut bob] {
        let mail = person.receives();
        mail.says("Then use sand.").hides("no water").hides(&alex.address);
        if person.address.starts_with("ann") {
            person.answers(&mail, &support, "There is no sand here.");
        }
    }

    // Ann is not content: the ticket is open again, and everybody hears of it.
    bob.receives().says("There is no sand here.");
    alex.receives().says("There is no sand here.").says("opened again");
    assert_eq!(ann.seen, 3, "and Ann got no other mail");
    daemon.stop();
    ends_well(&site);
}

fn ends_well(site: &Site) {
    let ticket = site.json(&["ticket", "show", "1"]);
    assert_eq!(
        ticket["status"].as_str().or(ticket["ticket"]["status"].as_str()),
        Some("reopened"),
        "{ticket}"
    );
    assert!(site.run(&["verify"]).contains("unaccounted: 0"), "{}", site.run(&["verify"]));
}
