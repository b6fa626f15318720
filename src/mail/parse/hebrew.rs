//! Hebrew whose lines are stored as they are painted, from left to right (ISO-8859-8 without `-i`, RFC 1556).
//!
//! Many programs name the set and store the letters in order all the same; the letters that stand only at the end of
//! a word tell.

/// Letters that only end words.
const FINAL: &[char] = &['ך', 'ם', 'ן', 'ף', 'ץ'];
/// Bytes that are looked at.
const SEEN: usize = 64 * 1024;

/// Whether a character set is one whose lines may be painted.
pub(crate) fn is_label(declared: Option<&str>) -> bool {
    declared.is_some_and(|label| {
        let small = label.trim_matches(['"', '\'', ' ']).to_ascii_lowercase();
        matches!(
            small.as_str(),
            "iso-8859-8" | "iso8859-8" | "windows-1255" | "cp1255" | "iso-8859-8-e" | "visual"
        )
    })
}

/// The text with its letters in the order in which they are read.
pub(crate) fn in_order(text: &str) -> String {
    if !is_painted(text) {
        return text.to_owned();
    }
    let lines: Vec<String> = text.split('\n').map(turned).collect();
    lines.join("\n")
}

/// Whether letters that end words stand at the beginning of more words than they end.
fn is_painted(text: &str) -> bool {
    let seen = &text[..text.floor_char_boundary(SEEN)];
    let (mut first, mut last) = (0, 0);
    for word in seen.split(|c| !is_hebrew(c)).filter(|word| word.chars().nth(1).is_some()) {
        first += usize::from(word.starts_with(FINAL));
        last += usize::from(word.ends_with(FINAL));
    }
    first > last
}

/// A line from right to left, but for what is written from left to right in it.
fn turned(line: &str) -> String {
    if !line.contains(is_hebrew) {
        return line.to_owned();
    }
    let (body, end) = line.strip_suffix('\r').map_or((line, ""), |body| (body, "\r"));
    let mut out = String::with_capacity(line.len());
    let mut run: Vec<char> = Vec::new();
    for c in body.chars().rev() {
        if is_left_to_right(c) || !run.is_empty() && !is_hebrew(c) {
            run.push(c);
            continue;
        }
        flush(&mut run, &mut out);
        out.push(mirrored(c));
    }
    flush(&mut run, &mut out);
    out + end
}

/// Writes what was written from left to right; blanks and marks behind it are the line's.
fn flush(run: &mut Vec<char>, out: &mut String) {
    let end = run.iter().rposition(|c| is_left_to_right(*c)).map_or(0, |at| at + 1);
    out.extend(run[..end].iter().rev());
    out.extend(run[end..].iter().map(|c| mirrored(*c)));
    run.clear();
}

fn is_hebrew(c: char) -> bool {
    ('\u{590}'..='\u{5ff}').contains(&c)
}

fn is_left_to_right(c: char) -> bool {
    c.is_alphanumeric() && !is_hebrew(c)
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '<' => '>',
        '>' => '<',
        other => other,
    }
}
