//! Messages of any shape: nothing that somebody wrote vanishes, and nothing is added.

use std::fmt::Write;

use proptest::prelude::*;

use super::read;
use crate::mail::Mail;

/// A part with its word, or several parts.
#[derive(Clone, Debug)]
enum Node {
    Leaf {
        kind: &'static str,
        charset: &'static str,
        encoding: &'static str,
        disposition: &'static str,
        word: String,
    },
    Many {
        kind: &'static str,
        ending: Ending,
        parts: Vec<Node>,
    },
}

/// How a multipart ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Closed,
    /// Without its last boundary.
    Open,
    /// With a last boundary behind its first part.
    Early,
    /// With another boundary than its header names.
    Unnamed,
}

fn leaf() -> impl Strategy<Value = Node> {
    let kind = prop::sample::select(vec![
        "text/plain",
        "text/plain",
        "text/html",
        "text/html",
        "text/plain; name=notes.txt",
        "text/enriched",
        "text",
        "text/markdown",
        "application/x-odd",
        "message/rfc822",
        "TEXT/PLAIN; format=flowed; delsp=yes",
        "text/rfc822-headers",
    ]);
    let charset = prop::sample::select(vec![
        "utf-8",
        "iso-8859-1",
        "windows-1251",
        "koi8-r",
        "utf-16",
        "utf-16le",
        "shift_jis",
        "iso-2022-jp",
        "x-unknown",
        "",
        "us-ascii",
        "gb18030",
        "utf-7",
    ]);
    let encoding =
        prop::sample::select(vec!["", "7bit", "8bit", "quoted-printable", "base64", "x-odd", "BASE64"]);
    let disposition =
        prop::sample::select(vec!["", "", "inline", "attachment", "attachment; filename=x.txt"]);
    (kind, charset, encoding, disposition, "[a-z]{6}").prop_map(
        |(kind, charset, encoding, disposition, word)| Node::Leaf {
            kind,
            charset,
            encoding,
            disposition,
            word,
        },
    )
}

fn node() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let kind = prop::sample::select(vec![
            "mixed",
            "alternative",
            "related",
            "report; report-type=x",
            "signed",
            "digest",
            "parallel",
            "x-odd",
        ]);
        let ending = prop::sample::select(vec![Ending::Closed, Ending::Open, Ending::Early, Ending::Unnamed]);
        (kind, ending, prop::collection::vec(inner, 1..4)).prop_map(|(kind, ending, parts)| Node::Many {
            kind,
            ending,
            parts,
        })
    })
}

/// The bytes of a part with its header, and the words in it.
fn written(node: &Node, name: &mut usize, words: &mut Vec<String>) -> Vec<u8> {
    *name += 1;
    match node {
        Node::Leaf { kind, charset, encoding, disposition, word } => {
            let word = format!("w{name}{word}");
            let mut head = format!("Content-Type: {kind}");
            if !charset.is_empty() && kind.to_ascii_lowercase().starts_with("text") {
                let _ = write!(head, "; charset={charset}");
            }
            for (field, value) in [("Transfer-Encoding", encoding), ("Disposition", disposition)] {
                if !value.is_empty() {
                    let _ = write!(head, "\nContent-{field}: {value}");
                }
            }
            let body = encoded(&said(kind, charset, &word), encoding);
            words.push(word);
            [head.as_bytes(), b"\n\n", &body, b"\n"].concat()
        }
        Node::Many { kind, ending, parts } => {
            let boundary = format!("b{name}e");
            let named = if *ending == Ending::Unnamed { "other" } else { &boundary };
            let mut out = format!("Content-Type: multipart/{kind}; boundary={named}\n\n").into_bytes();
            for (n, part) in parts.iter().enumerate() {
                out.extend(format!("--{boundary}\n").bytes());
                out.extend(written(part, name, words));
                if *ending == Ending::Early && n == 0 {
                    out.extend(format!("--{boundary}--\n").bytes());
                }
            }
            if matches!(ending, Ending::Closed | Ending::Unnamed) {
                out.extend(format!("--{boundary}--\n").bytes());
            }
            out
        }
    }
}

/// The word as a part of this type says it.
fn said(kind: &str, charset: &str, word: &str) -> Vec<u8> {
    let text = match kind {
        // Some programs write every other letter as a number.
        "text/html" => {
            let letters = word.chars().enumerate();
            let one = |(n, c): (usize, char)| {
                if n % 2 == 0 { format!("&#{};", u32::from(c)) } else { c.to_string() }
            };
            format!("<p>{}&nbsp;is<br>here</p>", letters.map(one).collect::<String>())
        }
        "message/rfc822" => format!("Subject: x\n\n{word} is here"),
        _ => format!("{word} is here"),
    };
    match charset {
        "utf-16" => [b"\xfe\xff".to_vec(), text.encode_utf16().flat_map(u16::to_be_bytes).collect()].concat(),
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text.into_bytes(),
    }
}

fn encoded(bytes: &[u8], encoding: &str) -> Vec<u8> {
    match encoding.to_ascii_lowercase().as_str() {
        "quoted-printable" => bytes.iter().flat_map(|b| format!("={b:02X}").into_bytes()).collect(),
        "base64" => base64(bytes).into_bytes(),
        _ => bytes.to_vec(),
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let all =
            three.iter().chain([0, 0].iter()).take(3).fold(0_usize, |all, b| (all << 8) | usize::from(*b));
        for n in 0..4 {
            let letter = char::from(LETTERS[(all >> (18 - 6 * n)) & 63]);
            out.push(if n <= three.len() { letter } else { '=' });
        }
    }
    out
}

/// All that a mail keeps, with letters for their numbers.
fn kept(mail: &Mail) -> String {
    let mut all = format!("{} {}", mail.text, mail.html.as_deref().unwrap_or_default());
    for file in &mail.attachments {
        // What is attached keeps its character set; its letters are one byte, or one with a NUL.
        all.extend(file.data.iter().filter(|b| **b != 0).map(|b| char::from(*b)));
        all.push(' ');
    }
    for c in ('a'..='z').chain('0'..='9') {
        all = all.replace(&format!("&#{};", u32::from(c)), &c.to_string());
    }
    all
}

proptest! {
    #[test]
    fn no_word_of_any_part_vanishes_and_none_is_added(node in node()) {
        let (mut name, mut words) = (0, Vec::new());
        let raw = [b"From: a@x.test\nMIME-Version: 1.0\n".to_vec(), written(&node, &mut name, &mut words)].concat();
        let shown = String::from_utf8_lossy(&raw).into_owned();
        let mail = read(&raw);
        let kept = kept(&mail);
        for word in &words {
            prop_assert!(kept.contains(word.as_str()), "{word} of {shown}: {} {:?}", mail.text, mail.attachments);
        }
        let mut lines = mail.text.lines().map(str::trim_end);
        for line in mail.new_text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            prop_assert!(lines.any(|known| known.trim() == line.trim()), "{line} of {shown}");
        }
    }

    #[test]
    fn no_text_is_added_to_what_the_parts_say(node in node()) {
        let (mut name, mut words) = (0, Vec::new());
        let raw = [b"From: a@x.test\nMIME-Version: 1.0\n".to_vec(), written(&node, &mut name, &mut words)].concat();
        let shown = String::from_utf8_lossy(&raw).into_owned();
        // Where a boundary is not named, a header may be what somebody wrote; where bytes are not what they are
        // said to be, they are read as what they look like.
        let is_plain = !format!("{node:?}").contains("Unnamed") && !shown.contains("utf-16") && !shown.contains("x-odd");
        for token in read(&raw).text.split_whitespace().filter(|_| is_plain) {
            let is_known = ["is", "here"].contains(&token) || words.iter().any(|word| word == token);
            prop_assert!(is_known, "{token} of {shown}");
        }
    }
}
