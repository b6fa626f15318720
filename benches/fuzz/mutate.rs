//! A new input from one or two mails: bytes, lines, fields, parts and encodings changed.

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::nest;

/// Larger inputs are rare in a run; the limits of size have tests of their own.
const LARGEST: usize = 3 * 1024 * 1024;

/// Whole lines that mean something.
const LINES: &[&str] = &[
    "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"",
    "Content-Type: multipart/alternative; boundary=b",
    "Content-Type: text/html; charset=utf-8",
    "Content-Type: text/plain; charset=utf-7",
    "Content-Type: text/plain; charset=iso-2022-jp",
    "Content-Type: text/plain; charset=utf-16le; format=flowed; delsp=yes",
    "Content-Type: message/rfc822",
    "Content-Type: message/delivery-status",
    "Content-Type: application/ms-tnef; name=winmail.dat",
    "Content-Disposition: attachment; filename*0*=utf-8''a%; filename*1=b",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "Content-Transfer-Encoding: x-uuencode",
    "--b",
    "--b--",
    "",
    "begin 644 a.bin",
    "end",
    "From: =?utf-8?B?4oKs?= =?x?q?=?= <a@b.test>, \"",
    "Subject: =?iso-2022-jp?B?GyRC?= =?utf-8?q?=e2=82?= =?utf-8?q?=ac?=",
    "To: g: a@b.test, (c(c)c) \"q\" <@x:y@z>;",
    "References: <a@b> <c@d> <<e@f>",
    "Auto-Submitted: auto-replied",
    "Return-Path: <>",
    "From: Mail Delivery System <mailer-daemon@x.test>",
    "X-Failed-Recipients: a@x.test, b@x.test",
    "Final-Recipient: rfc822; a@x.test",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <a@x.test>: no such user",
    "On Mon, 1 Jan 2024 at 10:00, A B <a@b.test>",
    "wrote:",
    "Am 01.01.2024 um 10:00 schrieb A B:",
    "-----Original Message-----",
    "From: A B <a@b.test>",
    "Sent: Monday, 1 January 2024",
    "---------- Forwarded message ---------",
    "> > > quoted",
    "-- ",
    "Sent from my iPhone",
    "________________________________",
    "<div class=\"gmail_quote\"><blockquote>",
    "<div id=divRplyFwdMsg><table><tr><td><li><pre>",
    "<![if !supportLists]><!--[if mso]><o:p>&nbsp;&#x110000;&#0;<![endif]-->",
    "<a href=\"https://x.test/?a=1&amp;b=<\">x</a><img src=cid:x alt='y'>",
    "</div></td></blockquote></ul></pre>",
    "{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\'e4\\u8364?}",
    "=C3=28=\u{fffd}=",
    "\u{feff}\u{200f}\u{202e}\u{0}\u{85}\u{2028}",
];

/// Pieces of lines.
const WORDS: &[&str] = &[
    "=?",
    "?=",
    "=?utf-8?q?",
    "=?utf-8?b?",
    "\r\n",
    "\n\n",
    "\r",
    ";",
    "\"",
    "<",
    ">",
    "(",
    ")",
    "[",
    "&#",
    "]]>",
    "<!--",
    "-->",
    "=",
    "+AGA-",
    "\u{1b}$B",
    "\u{1b}(B",
    "@",
    "wrote:",
    ":",
    "boundary=",
    "charset=",
    "%00",
    "\\u-1?",
    "\\bin99999 ",
    "> ",
    "* ",
    "- ",
    "\t",
    " ",
    "\u{e000}",
    "\u{e001}",
    "ß",
    "漢",
    "א",
];

/// One input, from `corpus`.
pub fn mutate(corpus: &Corpus, chance: &mut Chance) -> Vec<u8> {
    let mut mail = chance.pick(corpus.mails()).clone();
    for _ in 0..chance.skewed(6) {
        mail = once(mail, corpus, chance);
        mail.truncate(LARGEST);
    }
    mail
}

fn once(mut mail: Vec<u8>, corpus: &Corpus, chance: &mut Chance) -> Vec<u8> {
    match chance.below(14) {
        0 => change_bytes(&mut mail, chance),
        1 | 2 => insert_word(&mut mail, chance),
        3 | 4 => insert_line(&mut mail, chance),
        5 => drop_range(&mut mail, chance),
        6 => return with_lines(&mail, chance, mix_lines),
        7 => return splice(&mail, chance.pick(corpus.mails()).as_slice(), chance),
        8 => return repeat(&mail, chance),
        9 => return nest::wrap(&mail, chance),
        10 => return nest::encode(&mail, chance),
        11 => return other_body(&mail, chance.pick(corpus.mails()).as_slice()),
        12 => return nest::tags(&mail, chance),
        _ => return with_lines(&mail, chance, |lines, chance| join_lines(lines, chance)),
    }
    mail
}

fn change_bytes(mail: &mut [u8], chance: &mut Chance) {
    for _ in 0..chance.skewed(20) {
        if !mail.is_empty() {
            let at = chance.below(mail.len());
            mail[at] = match chance.below(3) {
                0 => mail[at] ^ (1 << chance.below(8)),
                1 => *chance.pick(b"\0\r\n\t =?<>@:;\"\\\x1b\x80\xff"),
                _ => (chance.number() & 0xff) as u8,
            };
        }
    }
}

fn insert_word(mail: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..chance.skewed(8) {
        let at = chance.below(mail.len() + 1);
        let word = chance.pick(WORDS).as_bytes();
        mail.splice(at..at, word.iter().copied());
    }
}

fn insert_line(mail: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..chance.skewed(4) {
        let near = chance.below(mail.len() + 1);
        let at = mail[near..].iter().position(|b| *b == b'\n').map_or(mail.len(), |n| near + n + 1);
        let line = [chance.pick(LINES).as_bytes(), b"\n"].concat();
        mail.splice(at..at, line);
    }
}

fn drop_range(mail: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(mail.len() + 1);
    let end = (at + chance.skewed(mail.len() + 1)).min(mail.len());
    mail.drain(at..end);
}

fn splice(mail: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let (a, b) = chance.range(mail.len());
    let (c, d) = chance.range(other.len());
    [&mail[..a], &other[c..d], &mail[b..]].concat()
}

/// The same again and again: what costs more than its share shows here.
fn repeat(mail: &[u8], chance: &mut Chance) -> Vec<u8> {
    let at = chance.below(mail.len() + 1);
    let end = (at + chance.skewed(400)).min(mail.len());
    let piece = match chance.below(3) {
        0 => chance.pick(WORDS).as_bytes(),
        1 => chance.pick(LINES).as_bytes(),
        _ => &mail[at..end],
    };
    // Now and then a very large one.
    let most = if chance.one_in(40) { LARGEST } else { 40_000 };
    let times = chance.skewed(most / piece.len().max(1));
    let line: &[u8] = if chance.one_in(2) { b"\n" } else { b"" };
    let many = [piece, line].concat().repeat(times);
    [&mail[..at], &many, &mail[at..]].concat()
}

fn other_body(mail: &[u8], other: &[u8]) -> Vec<u8> {
    let behind = |raw: &[u8]| raw.windows(2).position(|w| w == b"\n\n").map(|n| n + 1);
    let crlf = |raw: &[u8]| raw.windows(4).position(|w| w == b"\r\n\r\n").map(|n| n + 2);
    let body = |raw: &[u8]| crlf(raw).or_else(|| behind(raw)).unwrap_or(raw.len());
    [&mail[..body(mail)], &other[body(other)..]].concat()
}

fn with_lines(mail: &[u8], chance: &mut Chance, edit: fn(&mut Vec<&[u8]>, &mut Chance)) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = mail.split_inclusive(|b| *b == b'\n').collect();
    if !lines.is_empty() {
        edit(&mut lines, chance);
    }
    lines.concat()
}

fn mix_lines(lines: &mut Vec<&[u8]>, chance: &mut Chance) {
    for _ in 0..chance.skewed(6) {
        let (a, b) = (chance.below(lines.len()), chance.below(lines.len()));
        match chance.below(3) {
            0 => lines.swap(a, b),
            1 if lines.len() > 1 => drop(lines.remove(a)),
            _ => lines.insert(a, lines[b]),
        }
    }
}

/// Lines lose their ends.
fn join_lines(lines: &mut [&[u8]], chance: &mut Chance) {
    for _ in 0..chance.skewed(6) {
        let at = chance.below(lines.len());
        let end = if chance.one_in(2) { 1 } else { 2 };
        lines[at] = &lines[at][..lines[at].len().saturating_sub(end)];
    }
}
