//! Mails inside of mails, parts inside of parts, tags inside of tags, and bodies in other encodings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::chance::Chance;

const KINDS: &[&str] = &["mixed", "alternative", "related", "report", "signed", "digest", "form-data"];
const CHARSETS: &[&str] = &[
    "utf-8",
    "utf-7",
    "utf-16",
    "utf-16be",
    "utf-32",
    "iso-2022-jp",
    "iso-2022-kr",
    "shift_jis",
    "gb18030",
    "big5",
    "euc-kr",
    "koi8-r",
    "windows-1255",
    "x-mac-roman",
    "hz-gb-2312",
    "us-ascii",
    "unknown-8bit",
    "",
];
const TAGS: &[&str] = &[
    "div",
    "blockquote",
    "table",
    "td",
    "ul",
    "li",
    "pre",
    "a href=x",
    "font",
    "b",
    "span class=gmail_quote",
    "p",
    "svg",
    "math",
    "template",
    "select",
    "option",
    "title",
    "textarea",
    "noscript",
    "form",
    "h1",
    "br",
    "ol start=99999999999",
];

/// The mail as a part of another, up to many times over.
pub fn wrap(mail: &[u8], chance: &mut Chance) -> Vec<u8> {
    let depth = if chance.one_in(4) { chance.skewed(200) } else { 1 };
    let (mut head, mut tail) = (b"From: w@x.test\nSubject: Re: wrapped\n".to_vec(), Vec::new());
    for n in 0..depth {
        if chance.one_in(3) {
            head.extend_from_slice(b"Content-Type: message/rfc822\n\n");
            continue;
        }
        let kind = chance.pick(KINDS);
        head.extend_from_slice(
            format!("Content-Type: multipart/{kind}; boundary=w{n}\n\n--w{n}\n").as_bytes(),
        );
        tail.splice(0..0, format!("\n--w{n}--\n").into_bytes());
    }
    [head, mail.to_vec(), tail].concat()
}

/// The body under another name of a charset, another transfer encoding, or both.
pub fn encode(mail: &[u8], chance: &mut Chance) -> Vec<u8> {
    let body = mail.windows(2).position(|w| w == b"\n\n").map_or(0, |n| n + 2);
    let charset = chance.pick(CHARSETS);
    let kind = if chance.one_in(3) { "text/html" } else { "text/plain" };
    let (encoding, body) = match chance.below(4) {
        0 => ("base64", STANDARD.encode(&mail[body..]).into_bytes()),
        1 => {
            ("quoted-printable", mail[body..].iter().flat_map(|b| format!("={b:02X}").into_bytes()).collect())
        }
        2 => ("base64", mail[body..].to_vec()),
        _ => ("8bit", utf16(&mail[body..])),
    };
    let head = format!(
        "From: e@x.test\nSubject: Re: encoded\nContent-Type: {kind}; charset=\"{charset}\"\nContent-Transfer-Encoding: {encoding}\n\n"
    );
    [head.into_bytes(), body].concat()
}

fn utf16(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(bytes).encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Tags that are opened and mostly not closed, somewhere in the mail.
pub fn tags(mail: &[u8], chance: &mut Chance) -> Vec<u8> {
    let at = chance.below(mail.len() + 1);
    let most = if chance.one_in(20) { 100_000 } else { 500 };
    let mut markup = String::new();
    let alone = chance.pick(TAGS);
    let mixed = chance.one_in(2);
    for _ in 0..chance.skewed(most) {
        let tag = if mixed { chance.pick(TAGS) } else { alone };
        markup.push_str(&["<", tag, ">x"].concat());
        if chance.one_in(5) {
            let name = tag.split(' ').next().unwrap_or_default();
            markup.push_str(&["</", name, ">"].concat());
        }
    }
    [&mail[..at], markup.as_bytes(), &mail[at..]].concat()
}
