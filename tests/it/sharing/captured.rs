//! Requests of real clients, byte for byte, from `tests/data/sharing`.

use std::fmt::Write as _;

/// One request.
#[derive(Clone, Debug)]
pub struct Captured {
    pub name: &'static str,
    pub verb: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

const ALL: [(&str, &str); 9] = [
    ("gem-invite", include_str!("../../data/sharing/gem-invite.http")),
    ("gem-accept", include_str!("../../data/sharing/gem-accept.http")),
    ("gem-share", include_str!("../../data/sharing/gem-share.http")),
    ("gem-comment", include_str!("../../data/sharing/gem-comment.http")),
    ("gem-empty-update", include_str!("../../data/sharing/gem-empty-update.http")),
    ("gem-unshare", include_str!("../../data/sharing/gem-unshare.http")),
    ("node-invite", include_str!("../../data/sharing/node-invite.http")),
    ("node-share", include_str!("../../data/sharing/node-share.http")),
    ("node-deactivate", include_str!("../../data/sharing/node-deactivate.http")),
];

pub const GEM: &str = "223cea24c95549953962f261cba5bd800e04d805";
pub const GEM_TICKET: &str = "427f908f0c622d00b250ca3db034efd790332bf0";
pub const NODE: &str = "c08b40a5fd0f29ba036a072c3698742c6b00a541";

pub fn all() -> Vec<Captured> {
    ALL.iter().map(|(name, text)| read(name, text)).collect()
}

pub fn named(name: &str) -> Captured {
    all().into_iter().find(|captured| captured.name == name).expect("a captured request of this name")
}

impl Captured {
    /// As it came over the wire, but on a connection of its own.
    pub fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.verb, self.path);
        for (name, value) in self.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("connection"))
        {
            let value = if name.eq_ignore_ascii_case("content-length") {
                self.body.len().to_string()
            } else {
                value.clone()
            };
            write!(text, "{name}: {value}\r\n").expect("a text takes everything");
        }
        text.push_str("Connection: close\r\n\r\n");
        text.push_str(&self.body);
        text.into_bytes()
    }

    /// With another body of the right length.
    pub fn with_body(&self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self.clone() }
    }

    pub fn without_header(&self, name: &str) -> Self {
        let mut changed = self.clone();
        changed.headers.retain(|(field, _)| !field.eq_ignore_ascii_case(name));
        changed
    }

    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without_header(name);
        changed.headers.push((name.to_owned(), value.to_owned()));
        changed
    }
}

fn read(name: &'static str, text: &str) -> Captured {
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let mut lines = head.split("\r\n");
    let mut words = lines.next().expect("a request line").split(' ');
    let headers = lines.filter_map(|line| line.split_once(": "));
    Captured {
        name,
        verb: words.next().expect("a verb").to_owned(),
        path: words.next().expect("a path").to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: body.to_owned(),
    }
}
