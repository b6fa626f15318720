//! A server's lines as the parser wants them, which is stricter than servers are: any end of line, any number of
//! blanks, and nothing that nobody asked for.
//!
//! What is in a literal, which is the mail, passes unchanged. Understands no more of a line than its first words.

use std::io;

/// A line without a literal; a SEARCH answer with half a million numbers stays below.
const LONGEST_LINE: usize = 4 << 20;

/// Untagged answers that are of use; all others are left out, with what they hold.
const STATES: [&[u8]; 5] = [b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"];
const LISTS: [&[u8]; 2] = [b"CAPABILITY", b"SEARCH"];
const COUNTS: [&[u8]; 3] = [b"EXISTS", b"RECENT", b"FETCH"];

/// Takes bytes as they come and gives them tidied.
#[derive(Debug)]
pub struct Tidy {
    largest_literal: u64,
    line: Vec<u8>,
    place: Place,
    about: About,
}

/// Where in the server's text we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// At the beginning of an answer.
    Start,
    /// After a literal, in the rest of its answer.
    Rest,
    Literal(u64),
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// Words to people, with a code at most: no literals in it.
    State,
    Data,
    /// Nobody asked for it.
    Nothing,
}

impl Tidy {
    pub fn new(largest_literal: u64) -> Self {
        Self { largest_literal, line: Vec::new(), place: Place::Start, about: About::Nothing }
    }

    /// Takes what came, adds what can be passed on to `out`, and tells each whole line.
    pub fn feed(
        &mut self,
        mut bytes: &[u8],
        out: &mut Vec<u8>,
        mut tell: impl FnMut(&[u8]),
    ) -> io::Result<()> {
        while !bytes.is_empty() {
            if let Place::Literal(left) = self.place {
                let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                if self.about == About::Data {
                    out.extend_from_slice(&bytes[..here]);
                }
                bytes = &bytes[here..];
                let left = left - here as u64;
                self.place = if left == 0 { Place::Rest } else { Place::Literal(left) };
                continue;
            }
            let end = memchr::memchr(b'\n', bytes);
            self.line.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
            if self.line.len() > LONGEST_LINE {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let Some(end) = end else { return Ok(()) };
            bytes = &bytes[end + 1..];
            let line = std::mem::take(&mut self.line);
            self.take_line(line, out, &mut tell)?;
        }
        Ok(())
    }

    fn take_line(
        &mut self,
        line: Vec<u8>,
        out: &mut Vec<u8>,
        tell: &mut impl FnMut(&[u8]),
    ) -> io::Result<()> {
        let mut line = plain(line);
        if self.place == Place::Start {
            let Some((about, begun)) = begin(line.trim_ascii()) else { return Ok(()) };
            (self.about, line) = (about, begun);
        }
        let announced = (self.about != About::State).then(|| literal(&line)).flatten();
        if announced.is_some_and(|size| size > self.largest_literal) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if self.about != About::Nothing {
            let squeezed = squeeze(&line, self.about);
            tell(&squeezed);
            out.extend_from_slice(&squeezed);
            out.extend_from_slice(b"\r\n");
        }
        self.place = match announced {
            // The parser itself looks for nothing in a literal without bytes.
            Some(0) => Place::Rest,
            Some(size) => Place::Literal(size),
            None => Place::Start,
        };
        Ok(())
    }
}

/// Seven bits, and no other control than blanks; without blanks at the end.
fn plain(mut line: Vec<u8>) -> Vec<u8> {
    for byte in &mut line {
        match *byte {
            b'\t' | b'\r' => *byte = b' ',
            0x20..0x7f => {}
            _ => *byte = b'?',
        }
    }
    let end = line.trim_ascii_end().len();
    line.truncate(end);
    line
}

/// What an answer is by its first words, and its line as it should begin; nothing for an empty one.
fn begin(line: &[u8]) -> Option<(About, Vec<u8>)> {
    let rest = |line: &[u8]| line[1..].trim_ascii_start().to_vec();
    match line.first()? {
        b'+' => Some((About::State, [b"+ ", &rest(line)[..]].concat())),
        b'*' => {
            let rest = rest(line);
            let mut words = rest.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
            let first = words.next()?;
            let among =
                |list: &[&[u8]], word: &[u8]| list.iter().any(|known| known.eq_ignore_ascii_case(word));
            let is_count = first.iter().all(u8::is_ascii_digit);
            let about = if among(&STATES, first) {
                About::State
            } else if among(&LISTS, first)
                || is_count && words.next().is_some_and(|word| among(&COUNTS, word))
            {
                About::Data
            } else {
                About::Nothing
            };
            Some((about, [b"* ", &rest[..]].concat()))
        }
        _ => Some((About::State, line.to_vec())),
    }
}

/// The size in `{123}` at the end of a line.
fn literal(line: &[u8]) -> Option<u64> {
    let open = line.iter().rposition(|&byte| byte == b'{')?;
    let digits = line[open + 1..].strip_suffix(b"}")?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        digits
            .iter()
            .fold(0_u64, |size, digit| size.saturating_mul(10).saturating_add(u64::from(digit - b'0'))),
    )
}

/// One blank where there are several, none at the inner side of a bracket; what is in quotes stays. A date that is
/// NIL, at which the parser would fail, is an empty one.
fn squeeze(line: &[u8], about: About) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(line.len());
    let (mut quoted, mut escaped) = (false, false);
    for &byte in line {
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            out.push(byte);
            continue;
        }
        let last = out.last().copied();
        let data = about == About::Data;
        match byte {
            b' ' if last == Some(b' ') || data && last == Some(b'(') => continue,
            b')' if data && last == Some(b' ') => drop(out.pop()),
            b'{' if data && !matches!(last, Some(b' ' | b'(')) => out.push(b' '),
            b'"' if data => quoted = true,
            _ => {}
        }
        out.push(byte);
    }
    if about == About::Data { without_nil_dates(out) } else { out }
}

fn without_nil_dates(line: Vec<u8>) -> Vec<u8> {
    const NIL: &[u8] = b"INTERNALDATE NIL";
    match line.windows(NIL.len()).position(|found| found.eq_ignore_ascii_case(NIL)) {
        Some(at) => [&line[..at], b"INTERNALDATE \"\"", &line[at + NIL.len()..]].concat(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of `sent`, given in two pieces at every possible place.
    fn tidied(sent: &[u8]) -> String {
        let mut all: Option<Vec<u8>> = None;
        for cut in 0..=sent.len() {
            let (mut tidy, mut out) = (Tidy::new(1000), Vec::new());
            for part in [&sent[..cut], &sent[cut..]] {
                tidy.feed(part, &mut out, |_| {}).unwrap();
            }
            assert!(all.as_ref().is_none_or(|all| *all == out), "cut at {cut}");
            all = Some(out);
        }
        String::from_utf8_lossy(&all.unwrap()).into_owned()
    }

    #[test]
    fn any_end_of_line_and_any_number_of_blanks_will_do() {
        for (sent, tidy) in [
            ("* OK ready\n", "* OK ready\r\n"),
            ("*  OK   ready \r\r\n", "* OK ready\r\n"),
            ("\r\n\n* SEARCH  1 2  \r\n", "* SEARCH 1 2\r\n"),
            ("+\r\n", "+ \r\n"),
            ("A0001  OK\n", "A0001 OK\r\n"),
            ("* OK it's \"quoted  {5}\r\n", "* OK it's \"quoted {5}\r\n"),
            ("* 1 FETCH ( UID  5   FLAGS ( \\Seen ) )\r\n", "* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n"),
            ("* 1 fetch (uid 5 internaldate nil)\r\n", "* 1 fetch (uid 5 INTERNALDATE \"\")\r\n"),
            (
                "* 1 FETCH (INTERNALDATE \" 7-Jul-2026  x\" BODY[]{3}\na\n ) \n",
                "* 1 FETCH (INTERNALDATE \" 7-Jul-2026  x\" BODY[] {3}\r\na\n )\r\n",
            ),
            ("* 1 FETCH (BODY[] {0}\r\n UID  5)\r\n", "* 1 FETCH (BODY[] {0}\r\n UID 5)\r\n"),
        ] {
            assert_eq!(tidied(sent.as_bytes()), tidy, "{sent:?}");
        }
    }

    #[test]
    fn what_nobody_asked_for_is_left_out_with_its_literals() {
        let sent = "* XYZZY (a b\r\n* LIST () \"/\" {5}\r\nhello {3}\r\nabc\r\n* 5 FROBNICATED\r\n\
                    * FLAGS (\\Seen [odd])\r\n* 3 EXISTS\r\n* 3 EXPUNGE\r\n*\r\n* BYE now\r\n";
        assert_eq!(tidied(sent.as_bytes()), "* 3 EXISTS\r\n* BYE now\r\n");
    }

    #[test]
    fn mail_passes_unchanged_and_8_bit_text_outside_of_it_does_not() {
        let sent = b"* OK [UIDVALIDITY 5]\xfa\r\n* 1 FETCH (BODY[] {6}\r\n\xe4\0{9}\n)\r\n* OK \0\r\n";
        let (mut tidy, mut out) = (Tidy::new(1000), Vec::new());
        tidy.feed(sent, &mut out, |_| {}).unwrap();
        assert_eq!(out, b"* OK [UIDVALIDITY 5]?\r\n* 1 FETCH (BODY[] {6}\r\n\xe4\0{9}\n)\r\n* OK ?\r\n");
    }
}
