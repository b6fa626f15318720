//! Uuencoded files, as old programs put them into the midst of a text.
//!
//! A block must look like one line by line; anything else is left in the text.

use crate::mail::Attachment;
use crate::mail::parse::naming;

/// How many files are taken out of one text.
const FILES: usize = 100;

/// Takes encoded files out of a text. Gives nothing if there are none.
pub(crate) fn extract(text: &str) -> Option<(String, Vec<Attachment>)> {
    if !text.contains("begin ") {
        return None;
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut files = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let block = begin(lines[at])
            .filter(|_| files.len() < FILES)
            .and_then(|name| block(&lines[at + 1..]).map(|b| (name, b)));
        if let Some((name, (data, used))) = block {
            files.push(file(name, data));
            at += used;
        } else {
            out.push_str(lines[at]);
            out.push('\n');
        }
        at += 1;
    }
    (!files.is_empty()).then_some((out, files))
}

/// Decodes a part that is declared as one encoded file.
pub(crate) fn decode(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|l| begin(l).is_some()).map_or(0, |i| i + 1);
    block(&lines[start..]).map_or_else(|| bytes.to_vec(), |(data, _)| data)
}

/// The name in `begin 644 name`.
fn begin(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("begin ")?;
    let (mode, name) = rest.split_once(' ')?;
    let octal = (3..=4).contains(&mode.len()) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    (octal && !name.trim().is_empty()).then(|| name.trim())
}

/// The bytes of the lines that follow, and how many lines they took.
fn block(lines: &[&str]) -> Option<(Vec<u8>, usize)> {
    let mut data = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        match *line {
            "end" => return Some((data, i + 1)),
            "`" | "" | " " => {}
            line => match decode_line(line.as_bytes()) {
                Some(bytes) => data.extend(bytes),
                // Cut off in the midst: what came is better than nothing.
                None => return (data.len() >= 45).then_some((data, i)),
            },
        }
    }
    (data.len() >= 45).then_some((data, lines.len()))
}

fn decode_line(line: &[u8]) -> Option<Vec<u8>> {
    let value = |b: u8| (b' '..=b'`').contains(&b).then(|| (b - b' ') & 63);
    let (first, rest) = line.split_first()?;
    let len = usize::from(value(*first)?);
    let needed = len.div_ceil(3) * 4;
    // Blanks at the end of a line may have been lost, a checksum may have been added.
    if len == 0 || len > 45 || rest.len() > needed + 2 || rest.len() + 4 < needed {
        return None;
    }
    let mut out = Vec::with_capacity(len);
    for at in (0..needed).step_by(4) {
        let mut word = 0u32;
        for i in at..at + 4 {
            word = word << 6 | u32::from(value(rest.get(i).copied().unwrap_or(b' '))?);
        }
        out.extend_from_slice(&word.to_be_bytes()[1..]);
    }
    out.truncate(len);
    Some(out)
}

fn file(name: &str, data: Vec<u8>) -> Attachment {
    let safe = naming::safe_name(name);
    let name = if safe.is_empty() { "file.bin".to_owned() } else { safe };
    Attachment { name, content_type: naming::content_type("", &data), data, ..Attachment::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_out_of_the_text() {
        let text = "See:\nbegin 644 hi.txt\n+:&5L;&\\@=V]R;&0`\n`\nend\nBye\n";
        let (rest, files) = extract(text).expect("a file");
        assert_eq!(rest, "See:\nBye\n");
        assert_eq!((files[0].name.as_str(), files[0].data.as_slice()), ("hi.txt", &b"hello world"[..]));
    }

    #[test]
    fn sentences_that_begin_with_begin_stay() {
        assert!(extract("begin 644 more words\nthis is no data, but a sentence.\n").is_none());
        assert!(extract("begin the day\nend\n").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_or_grow(text in "(begin 644 x\n)?[ -`\n]{0,200}") {
            if let Some((rest, files)) = extract(&text) {
                proptest::prop_assert!(rest.len() + files.iter().map(|f| f.data.len()).sum::<usize>() <= text.len() + 1);
            }
        }
    }
}
