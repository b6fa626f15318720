//! Mails for tests, written in one line: who, about what, and whatever is special about it.
//!
//! Writes only what is asked for, also what no mail program would; it checks nothing.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A mail that is being written. Every one has its own Message-ID, unless it is told otherwise.
#[derive(Clone, Debug)]
pub struct Mail {
    headers: Vec<(String, String)>,
    text: Option<String>,
    html: Option<String>,
    parts: Vec<String>,
}

/// A mail to the support queue.
pub fn mail(from: &str, subject: &str) -> Mail {
    static WRITTEN: AtomicUsize = AtomicUsize::new(1);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let headers = [
        ("From", from.to_owned()),
        ("To", "support@desk.test".to_owned()),
        ("Subject", subject.to_owned()),
        ("Message-ID", format!("<{number}@client.test>")),
        ("Date", "Mon, 02 Mar 2026 08:59:00 +0000".to_owned()),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value));
    Mail { headers: headers.into(), text: Some("Please help.".to_owned()), html: None, parts: Vec::new() }
}

impl Mail {
    pub fn to(self, addresses: &str) -> Self {
        self.header("To", addresses)
    }

    pub fn cc(self, addresses: &str) -> Self {
        self.header("Cc", addresses)
    }

    /// Without angle brackets.
    pub fn id(self, id: &str) -> Self {
        self.header("Message-ID", &format!("<{id}>"))
    }

    /// Without angle brackets.
    pub fn in_reply_to(self, id: &str) -> Self {
        self.header("In-Reply-To", &format!("<{id}>"))
    }

    /// Without angle brackets, oldest first.
    pub fn references(self, ids: &[&str]) -> Self {
        let ids: Vec<String> = ids.iter().map(|id| format!("<{id}>")).collect();
        self.header("References", &ids.join(" "))
    }

    /// Sets a field, in place of one that is there.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let field = (name.to_owned(), value.to_owned());
        match self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some(known) => *known = field,
            None => self.headers.push(field),
        }
        self
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// Adds a field above all others, as a mail server does that passes the mail on.
    pub fn stamped(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(0, (name.to_owned(), value.to_owned()));
        self
    }

    pub fn text(mut self, text: &str) -> Self {
        self.text = Some(text.to_owned());
        self
    }

    /// Beside the text; alone after [`Mail::without_text`].
    pub fn html(mut self, html: &str) -> Self {
        self.html = Some(html.to_owned());
        self
    }

    pub fn without_text(mut self) -> Self {
        self.text = None;
        self
    }

    pub fn attachment(self, name: &str, content_type: &str, bytes: &[u8]) -> Self {
        let disposition = format!("attachment; filename=\"{name}\"");
        self.part(&[("Content-Type", content_type), ("Content-Disposition", &disposition)], bytes)
    }

    /// Any further part, in base64.
    pub fn part(mut self, headers: &[(&str, &str)], bytes: &[u8]) -> Self {
        let mut part = fields(headers.iter().copied());
        part.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
        let encoded = STANDARD.encode(bytes);
        for line in encoded.as_bytes().chunks(76) {
            part.extend(line.iter().map(|&byte| char::from(byte)));
            part.push_str("\r\n");
        }
        self.parts.push(part);
        self
    }

    fn body(&self) -> String {
        let mut parts = Vec::new();
        if let Some(text) = &self.text {
            parts.push(leaf("text/plain", text));
        }
        if let Some(html) = &self.html {
            parts.push(leaf("text/html", html));
        }
        let body = if parts.len() > 1 { multipart("alternative", &parts) } else { parts.concat() };
        if self.parts.is_empty() {
            return body;
        }
        let mut parts = vec![body];
        parts.extend(self.parts.iter().cloned());
        multipart("mixed", &parts)
    }
}

impl From<Mail> for Vec<u8> {
    fn from(mail: Mail) -> Self {
        let head = fields(mail.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        format!("{head}MIME-Version: 1.0\r\n{}", mail.body()).into_bytes()
    }
}

impl From<&Mail> for Vec<u8> {
    fn from(mail: &Mail) -> Self {
        mail.clone().into()
    }
}

fn fields<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    fields.fold(String::new(), |all, (name, value)| all + name + ": " + value + "\r\n")
}

fn leaf(content_type: &str, text: &str) -> String {
    let text = text.replace('\n', "\r\n");
    format!(
        "Content-Type: {content_type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
}

fn multipart(kind: &str, parts: &[String]) -> String {
    let boundary = format!("=-{kind}-=");
    let mut text = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n");
    for part in parts {
        text.extend(["--", &boundary, "\r\n", part, "\r\n"]);
    }
    text + "--" + &boundary + "--\r\n"
}
