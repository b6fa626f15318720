//! Mails that are made to break whoever reads them.

use std::fmt::Write;

/// A mail, and what may become of it.
pub struct Attack {
    pub name: &'static str,
    pub raw: Vec<u8>,
    pub outcomes: &'static [&'static str],
}

/// It names its author, so it is somebody's request.
const A_TICKET: &[&str] = &["ticket"];
/// Nobody is named, so a person must look.
const SET_ASIDE: &[&str] = &["suspended", "quarantined"];
const EITHER: &[&str] = &["ticket", "suspended", "quarantined"];

pub const MEGABYTE: usize = 1024 * 1024;

pub fn attacks() -> Vec<Attack> {
    let attack = |name, raw: Vec<u8>, outcomes| Attack { name, raw, outcomes };
    vec![
        attack("40 MB", big(40 * MEGABYTE), A_TICKET),
        attack("10 000 parts", many_parts(10_000), A_TICKET),
        attack("1 000 levels", many_levels(1_000), A_TICKET),
        attack("500 KB of nested tags", nested_tags(500 * 1024), A_TICKET),
        attack(
            "a header of 5 MB",
            with(&format!("X-Long: {}", "x".repeat(5 * MEGABYTE)), "Please help."),
            EITHER,
        ),
        attack("100 000 header fields", with(&"X-Many: y\r\n".repeat(100_000), "Please help me."), EITHER),
        attack(
            "an unknown charset",
            with("Content-Type: text/plain; charset=klingon-1", "caf\u{e9}"),
            A_TICKET,
        ),
        attack("no headers", b"nothing but a line of text\r\n".to_vec(), SET_ASIDE),
        attack("no bytes to speak of", b"\r\n".to_vec(), SET_ASIDE),
        attack("NUL bytes", with("Subject: a\0b", "one\0two\0\0three"), A_TICKET),
        attack("NUL bytes in the attachment's name", with_attachment("a\0b.txt", b"\0\0\0"), A_TICKET),
        attack("cut off in the middle", cut_off(), A_TICKET),
        attack(
            "a Message-ID of 100 KB",
            with(&format!("Message-ID: <{}@x.test>", "m".repeat(100_000)), "Hi there."),
            EITHER,
        ),
        attack(
            "10 000 references",
            with(&format!("References: {}", references(10_000)), "Hi again."),
            A_TICKET,
        ),
        attack(
            "a subject of 100 KB",
            with(&format!("Subject: {}", "s".repeat(100_000)), "Hi, it is me."),
            A_TICKET,
        ),
        attack("10 000 recipients", with(&format!("Cc: {}", recipients(10_000)), "Hi all."), A_TICKET),
        attack("an address of 100 KB", with_author(&format!("{}@x.test", "a".repeat(100_000))), EITHER),
        attack("bytes of no charset", [with("", "").as_slice(), &bytes_of_all_kinds()].concat(), A_TICKET),
        attack("one line of 5 MB", with("", &"y".repeat(5 * MEGABYTE)), A_TICKET),
        attack(
            "a boundary that is empty",
            with("Content-Type: multipart/mixed; boundary=\"\"", "--\r\n\r\nHi.\r\n----"),
            A_TICKET,
        ),
    ]
}

/// A mail by a known author with more headers.
fn with(headers: &str, text: &str) -> Vec<u8> {
    let headers = headers.trim_end();
    let more = if headers.is_empty() { String::new() } else { format!("{headers}\r\n") };
    format!(
        "From: Mallory <mallory@guests.test>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n{more}\r\n{text}\r\n"
    )
    .into_bytes()
}

fn with_author(address: &str) -> Vec<u8> {
    format!("From: Mallory <{address}>\r\nSubject: Me\r\n\r\nPlease help.\r\n").into_bytes()
}

fn big(size: usize) -> Vec<u8> {
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n";
    let text = line.repeat(size / line.len());
    attached("application/octet-stream; name=big.bin", "base64", &text)
}

fn with_attachment(name: &str, bytes: &[u8]) -> Vec<u8> {
    let content = String::from_utf8_lossy(bytes).into_owned();
    attached(&format!("text/plain; name=\"{name}\""), "8bit", &content)
}

fn attached(content_type: &str, encoding: &str, content: &str) -> Vec<u8> {
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: {content_type}\r\n\
         Content-Transfer-Encoding: {encoding}\r\nContent-Disposition: attachment\r\n\r\n{content}\r\n--b--"
    );
    with("Content-Type: multipart/mixed; boundary=b", &body)
}

fn many_parts(count: usize) -> Vec<u8> {
    let parts = "--b\r\nContent-Type: text/plain\r\n\r\nA part.\r\n".repeat(count);
    with("Content-Type: multipart/mixed; boundary=b", &format!("{parts}--b--"))
}

fn many_levels(depth: usize) -> Vec<u8> {
    let mut body = String::new();
    for level in 0..depth {
        let inner = format!("--b{level}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", level + 1);
        body.push_str(&inner);
    }
    let _ = write!(body, "--b{depth}\r\nContent-Type: text/plain\r\n\r\nDeep down.\r\n--b{depth}--");
    with("Content-Type: multipart/mixed; boundary=b0", &body)
}

fn nested_tags(size: usize) -> Vec<u8> {
    with("Content-Type: text/html", &format!("{}Help.", "<div><b>".repeat(size / 8)))
}

fn cut_off() -> Vec<u8> {
    let whole = big(200 * 1024);
    whole[..whole.len() / 2].to_vec()
}

fn references(count: usize) -> String {
    (0..count).map(|n| format!("<reference.{n}@guests.test>")).collect::<Vec<_>>().join("\r\n ")
}

fn recipients(count: usize) -> String {
    (0..count).map(|n| format!("guest{n}@elsewhere.test")).collect::<Vec<_>>().join(",\r\n ")
}

fn bytes_of_all_kinds() -> Vec<u8> {
    (0..=255).cycle().take(64 * 1024).collect()
}
