//! The mails that left, as a recipient sees them.
//!
//! Read with the mail parser's own library, not with ours, which is under test.

use std::fmt;
use std::ops::Deref;

use helpdeskd::smtp::memory;
use mail_parser::MessageParser;
use mail_parser::MimeHeaders;

use crate::support::mail::Mail;
use crate::support::mail::mail;

/// One mail to one recipient.
#[derive(Clone, Debug)]
pub struct Sent {
    pub to: String,
    /// The envelope's sender; empty for the null path.
    pub envelope_from: String,
    /// Without angle brackets.
    pub message_id: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub attachments: Vec<String>,
    /// As it went over the wire.
    pub raw: String,
}

/// Some mails, in the order in which they left.
#[derive(Clone, Debug)]
pub struct Mails(pub Vec<Sent>);

impl Sent {
    pub fn read(sent: &memory::Sent) -> Self {
        let parsed = MessageParser::default().parse(&sent.raw).expect("what we send can be read");
        let body = |body: Option<std::borrow::Cow<'_, str>>| body.unwrap_or_default().replace("\r\n", "\n");
        Self {
            to: sent.recipient.clone(),
            envelope_from: sent.sender.clone().unwrap_or_default(),
            message_id: sent.message_id.clone(),
            subject: parsed.subject().unwrap_or_default().to_owned(),
            text: body(parsed.body_text(0)),
            html: body(parsed.body_html(0)),
            attachments: parsed
                .attachments()
                .map(|part| part.attachment_name().unwrap_or_default().to_owned())
                .collect(),
            raw: String::from_utf8(sent.raw.clone()).expect("what we send is text"),
        }
    }

    /// The value of a field, unfolded; nothing if there is none.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let mut fields = head.split("\r\n").filter_map(|line| line.split_once(": "));
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    }

    /// The recipient's answer, as a good mail program writes it.
    pub fn answer(&self, text: &str) -> Mail {
        let references = self.header("References").unwrap_or_default();
        mail(&self.to, &format!("Re: {}", self.subject))
            .in_reply_to(&self.message_id)
            .header("References", format!("{references} <{}>", self.message_id).trim())
            .text(text)
    }
}

impl Mails {
    /// The one mail to somebody.
    pub fn to(&self, address: &str) -> &Sent {
        let found: Vec<&Sent> = self.0.iter().filter(|sent| sent.to == address).collect();
        let [sent] = found[..] else { panic!("{} mails to {address} of\n{self}", found.len()) };
        sent
    }

    /// Who got one, in the order of the alphabet.
    pub fn recipients(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.0.iter().map(|sent| sent.to.as_str()).collect();
        all.sort_unstable();
        all
    }
}

impl Deref for Mails {
    type Target = [Sent];

    fn deref(&self) -> &[Sent] {
        &self.0
    }
}

impl fmt::Display for Mails {
    /// One line each: to whom, and the subject.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing");
        }
        let lines: Vec<String> = self.iter().map(|sent| format!("{}: {}", sent.to, sent.subject)).collect();
        f.write_str(&lines.join("\n"))
    }
}
