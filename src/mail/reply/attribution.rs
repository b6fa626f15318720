//! Lines that introduce a quote, such as "On Tue, Apr 2, 2024, Ann wrote:", in any language.
//!
//! Goes by shape: a date, an address, a word for writing, a colon. Only the words are listed, in `phrases`.

use crate::mail::reply::date;
use crate::mail::reply::line::Line;
use crate::mail::reply::line::lower;
use crate::mail::reply::phrases;

/// Such a line is never longer than this, in bytes, nor broken into more lines than this.
const LENGTH: usize = 500;
const LINES: usize = 5;
/// How many words may stand before the date.
const LEAD: usize = 2;
const LEAD_AFTER_STARTER: usize = 6;
/// Words that go on with a sentence behind its verb; a name or a date does not begin so.
#[rustfmt::skip]
const LITTLE: &[&str] = &["this", "that", "to", "me", "us", "in", "into", "about", "on", "dass", "mir", "uns", "das", "que", "che"];

/// If an introduction of a quote ends at line `end`, the line where it starts.
///
/// `quoted` says that what follows is marked as quoted, which makes weaker evidence enough.
pub(crate) fn start_of(lines: &[Line<'_>], end: usize, quoted: bool) -> Option<usize> {
    let last = &lines[end];
    if last.bare.len() > LENGTH || last.is_quote() && !quoted {
        return None;
    }
    let mut best: Option<(Start, usize)> = None;
    let mut joined = String::new();
    for back in 0..LINES {
        let at = end.checked_sub(back)?;
        let line = &lines[at];
        let goes_on = is_cut_short(&line.bare, joined.starts_with(char::is_numeric));
        let ended = back > 0 && (line.is_quote() || ends_sentence(&line.bare) && !goes_on);
        let broken_off = line.is_blank() || ended;
        if broken_off || joined.len() + line.bare.len() > LENGTH {
            break;
        }
        joined = if back == 0 { line.bare.to_string() } else { format!("{} {joined}", line.bare) };
        match judge(&line.bare, &joined, quoted) {
            Some(Start::Date) if date::has_day(&joined) && date::has_time(&joined) => {
                // Some put the author first, and he may have a line of his own.
                let above =
                    at.checked_sub(1).filter(|above| !has_address(&joined) && is_author(&lines[*above].bare));
                return above.or(Some(at));
            }
            // It may have begun on the line above; that line must look like it, too.
            Some(start) if best.is_none_or(|(found, _)| start > found || begins(&line.bare, found)) => {
                best = Some((start, at));
            }
            _ => {}
        }
        if at == 0 {
            break;
        }
    }
    best.map(|(_, at)| at)
}

/// What an introduction starts with, the surest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Start {
    /// Perhaps only the rest of one.
    Rest,
    Name,
    Date,
}

/// Whether a line above a found start is the real one.
fn begins(first: &str, found: Start) -> bool {
    let dated =
        found == Start::Date && (has_address(first) || leads_with_date(first) && date::has_day(first));
    dated || is_author(first)
}

/// `Name <address>` and nothing else.
fn is_author(bare: &str) -> bool {
    bare.ends_with(['>', ')']) && has_address(bare) && bare.split_whitespace().count() <= 8
}

/// A line that ends with a short word and a dot: a title, an initial, the number of a day; or, before a number,
/// a month or "at" in some languages.
fn is_cut_short(bare: &str, before_number: bool) -> bool {
    let last = bare.split_whitespace().next_back().unwrap_or_default();
    let Some(word) = last.strip_suffix('.') else {
        return false;
    };
    let count = word.chars().count();
    let day = count <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    let initial = count <= 2 && word.starts_with(char::is_uppercase);
    day || initial || before_number && count <= 5
}

/// Whether `text`, which starts with the line `first`, introduces a quote.
fn judge(first: &str, text: &str, quoted: bool) -> Option<Start> {
    if date::is_dated_name(text) || date::is_name_and_date(text) || is_complete(text) {
        return Some(Start::Date);
    }
    let (colon, date) = (ends_with_colon(text), date::has_date(text));
    let address = has_address(text);
    if !colon && !date || !quoted && !date && !address {
        return None;
    }
    let small = lower(text);
    let words = small.split_whitespace().count();
    let own = phrases::OWN_WORDS.is_in(&small);
    if own && !quoted || words > 45 {
        return None;
    }
    if !quoted && (is_told(&small) || holds_sentence(text)) {
        return None;
    }
    let verb = phrases::WROTE.iter().any(|w| contains_word(&small, w));
    if leads_with_date(first) {
        // Without a word for writing it takes a day and an address, as other lines have times and colons, too.
        let said = verb && (date || address) || address && date::has_day(text);
        if colon && said || quoted && verb && date {
            return Some(Start::Date);
        }
    }
    if phrases::QUOTING.iter().any(|q| small.starts_with(q)) && colon && (address || quoted) {
        return Some(Start::Date);
    }
    let named = colon && (verb || date) && leads_with_address(first, &small, verb);
    let weak = quoted && colon && verb && words <= 25;
    let dated = colon && verb && words <= 12 && date::has_day(text) && date::has_time(text);
    if named || dated {
        return Some(Start::Name);
    }
    (weak || quoted && colon && date && leads_with_date(first)).then_some(Start::Rest)
}

/// "The server wrote this into its log:": more words behind the verb, which are neither a name nor a date.
fn is_told(small: &str) -> bool {
    let ends = phrases::WROTE.iter().filter_map(|w| find_word(small, w).map(|at| at + w.len()));
    let Some(behind) = ends.max().map(|end| &small[end..]) else {
        return false;
    };
    let told = behind.split_whitespace().next().is_some_and(|w| LITTLE.contains(&w));
    told && behind.split_whitespace().count() >= 3 && !date::has_date(behind) && !has_address(behind)
}

/// A long word, a full stop, and another sentence.
fn holds_sentence(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let stem = word.trim_end_matches('.');
        let ended =
            stem.len() + 1 == word.len() && stem.chars().all(char::is_lowercase) && stem.chars().count() >= 6;
        if ended && words.peek().is_some_and(|next| next.starts_with(char::is_uppercase)) {
            return true;
        }
    }
    false
}

/// Whether a line can be the end of an introduction, as far as its shape goes.
pub(crate) fn may_end(bare: &str, quoted: bool) -> bool {
    ends_with_colon(bare)
        || is_complete(bare)
        || date::is_dated_name(bare)
        || date::is_name_and_date(bare)
        || quoted && !bare.is_empty() && !ends_sentence(bare)
}

/// A line that has all an introduction has, but for its colon: a day and a time, an address at the end or before
/// the word for writing at the end, and no sentence of somebody's own.
fn is_complete(bare: &str) -> bool {
    if bare.len() > LENGTH || !bare.contains('@') || !date::has_day(bare) || !date::has_time(bare) {
        return false;
    }
    let small = lower(bare);
    let said = phrases::WROTE.iter().filter_map(|w| find_word(&small, w).map(|at| (at, at + w.len())));
    let Some((verb, behind)) = said.max() else { return false };
    let tail = small[behind..].trim_start_matches("(a)").trim();
    let ends = tail.is_empty() || tail.ends_with(['>', ')']) && has_address(tail);
    let dated_end =
        has_address(&small[..verb]) && leads_with_address(bare, &small, true) && date::has_time(tail);
    if tail.split_whitespace().next().is_some_and(|word| LITTLE.contains(&word)) {
        return false;
    }
    let is_brief = tail.split_whitespace().filter(|w| !w.contains('@')).count() <= 8;
    is_brief && (ends && leads_with_date(bare) || dated_end) && !phrases::OWN_WORDS.is_in(&small)
}

fn ends_with_colon(text: &str) -> bool {
    let text = text.trim_end_matches(['>', ' ', '-', '_', '"', '»']);
    text.ends_with([':', '：', '﹕', '∶'])
}

pub(crate) fn ends_sentence(bare: &str) -> bool {
    let mut words = bare.split_whitespace().rev();
    let last = words.next().unwrap_or_default();
    // A month or weekday beside a number may be cut short with a dot.
    let short = last.chars().count() <= 6
        && last.ends_with('.')
        && words.next().is_some_and(|w| w.contains(char::is_numeric));
    bare.ends_with(['.', '!', '?', '。', '！', '？']) && !short
}

fn has_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'@', bytes).any(|at| {
        let before = at.checked_sub(1).is_some_and(|i| bytes[i].is_ascii_graphic() && bytes[i] != b'<');
        before && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// A number near the start: a date, unless it is a sentence with a number in it.
pub(crate) fn leads_with_date(first: &str) -> bool {
    let first = first.trim_start_matches(['>', '-', '_', ' ', '"', '«']);
    let words = || first.split_whitespace();
    let Some(before) = words().position(|w| w.contains(char::is_numeric)) else {
        return false;
    };
    // A name may hold a number; a date is not glued to letters on both sides.
    let starter = words().next().map(lower).unwrap_or_default();
    let starter = phrases::STARTERS.contains(&starter.trim_end_matches([',', ':', '，']));
    before <= if starter { LEAD_AFTER_STARTER } else { LEAD }
}

/// `Name <address>` at the start, with the word for writing right behind it or a date.
fn leads_with_address(first: &str, text: &str, verb: bool) -> bool {
    let Some(at) = first.find('@') else {
        return false;
    };
    let name = &first[..at];
    let name_words = name.split_whitespace().count();
    let angled = name.contains(['<', '(', '[']);
    if name_words > 8 || !(angled || name_words <= 1) {
        return false;
    }
    if !verb {
        return angled;
    }
    // "I asked help@x.test and they wrote:" has words of its own between the two.
    let behind = text.find('@').map_or("", |i| &text[i..]);
    let behind =
        behind.split_once(|c: char| c.is_whitespace() || ">)]".contains(c)).map_or("", |(_, rest)| rest);
    let gap = phrases::WROTE.iter().filter_map(|w| find_word(behind, w)).min();
    let words_between = gap.map_or(usize::MAX, |g| {
        behind[..g].split_whitespace().filter(|w| w.chars().all(char::is_alphabetic)).count()
    });
    words_between == 0 || date::has_date(behind)
}

fn contains_word(text: &str, word: &str) -> bool {
    find_word(text, word).is_some()
}

/// Where a word stands, not as a piece of a longer one. Scripts without blanks have no such bounds.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let bounded = word.chars().all(|c| c < '\u{3000}');
    let mut from = 0;
    while let Some(found) = text[from..].find(word) {
        let (start, end) = (from + found, from + found + word.len());
        let letter_before = text[..start].chars().next_back().is_some_and(char::is_alphabetic);
        let letter_behind = text[end..].chars().next().is_some_and(char::is_alphabetic);
        if !bounded || !letter_before && !letter_behind {
            return Some(start);
        }
        from = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, quoted: bool) -> Option<usize> {
        let lines: Vec<Line> = text.lines().map(Line::new).collect();
        start_of(&lines, lines.len() - 1, quoted)
    }

    #[test]
    fn quotes_are_introduced_in_every_language() {
        let cases = [
            "On Tue, Apr 2, 2024 at 6:26 PM, Ann Lee <ann@x.test> wrote:",
            "On 2 Apr 2024, at 18:26, Ann Lee wrote:",
            "On Wednesday, April 30th, 2025 at 3:19 PM, Ann <ann@x.test> wrote:",
            "At 6/16/2016 08:32 PM, you wrote:",
            "2024-04-02 17:21 GMT+01:00 Ann Lee <ann@x.test>:",
            "Am 02.04.2024 um 18:26 schrieb Ann Lee:",
            "Ann Lee <ann@x.test> schrieb am Di., 2. Apr. 2024, 18:26:",
            "Le mar. 2 avr. 2024 à 18:26, Ann Lee <ann@x.test> a écrit :",
            "El mar, 2 abr 2024 a las 18:26, Ann Lee (<ann@x.test>) escribió:",
            "Il giorno mar 2 apr 2024 alle ore 18:26 Ann Lee <ann@x.test> ha scritto:",
            "Em ter., 2 de abr. de 2024 às 18:26, Ann Lee <ann@x.test> escreveu:",
            "Op di 2 apr 2024 om 18:26 schreef Ann Lee <ann@x.test>:",
            "Den tis 2 apr. 2024 kl 18:26 skrev Ann Lee <ann@x.test>:",
            "tir. 2. apr. 2024 kl. 18.26 skrev Ann Lee <ann@x.test>:",
            "ti 2. huhtik. 2024 klo 18.26 Ann Lee (ann@x.test) kirjoitti:",
            "wt., 2 kwi 2024 o 18:26 Ann Lee <ann@x.test> napisał(a):",
            "W dniu 02.04.2024 o 18:26, Ann Lee pisze:",
            "út 2. 4. 2024 v 18:26 odesílatel Ann Lee <ann@x.test> napsal:",
            "вт, 2 апр. 2024 г. в 18:26, Ann Lee <ann@x.test>:",
            "вт, 2 квіт. 2024 р. о 18:26 Ann Lee <ann@x.test> пише:",
            "2 апреля 2024 г., 18:26, Ann Lee написал:",
            "Ann Lee <ann@x.test>, 2 Nis 2024 Sal, 18:26 tarihinde şunu yazdı:",
            "Στις Τρί 2 Απρ 2024 στις 6:26 μ.μ., ο χρήστης Ann Lee <ann@x.test> έγραψε:",
            "\u{202b}בתאריך יום ג׳, 2 באפר׳ 2024 ב-18:26 מאת \u{202a}Ann Lee\u{202c}\u{200f} <\u{202a}ann@x.test\u{202c}\u{200f}>:\u{202c}",
            "في الثلاثاء، ٢ أبريل ٢٠٢٤ في ٦:٢٦ م تمت كتابة ما يلي بواسطة Ann Lee <ann@x.test>:",
            "Ann Lee <ann@x.test> 于2024年4月2日周二 18:26写道：",
            "在 2024-04-02 18:26:00，\"Ann Lee\" <ann@x.test> 写道：",
            "2024年4月2日(火) 18:26 Ann Lee <ann@x.test>:",
            "2024년 4월 2일 (화) 오후 6:26, Ann Lee <ann@x.test>님이 작성:",
            "Quoting Ann Lee <ann@x.test>:",
            "30.09.2017, 18.30, \"Ann - Lee\" <ann@x.test>:",
        ];
        for text in cases {
            assert_eq!(found(text, false), Some(0), "{text}");
        }
    }

    #[test]
    fn an_introduction_may_be_broken_anywhere() {
        for text in [
            "Ann Lee <ann@x.test>\nschrieb am Di., 2. Apr. 2024, 18:26:",
            "Ann Lee <ann@x.test> schrieb am Di., 2.\nApr. 2024, 18:26:",
            "On Tue, Apr 2, 2024 at 6:26 PM Dr.\nAnn B. Lee <ann@x.test> wrote:",
            "On Tuesday, April 2, 2024 at 06:26:00 PM\nGMT+2, Ann Lee <ann@x.test>\nwrote:",
            "Wiadomość napisana przez Ann Lee\n<ann@x.test> w dniu 2 kwi 2024, o godz.\n18:26:",
        ] {
            assert_eq!(found(text, true), Some(0), "{text}");
        }
        assert_eq!(found("Thanks.\nOn 2 Apr 2024, at 18:26, Ann Lee wrote:", true), Some(1));
    }

    #[test]
    fn a_broken_introduction_starts_where_its_date_does() {
        assert_eq!(
            found("Great!\nLe 4 janv. 2016 19:03, \"Ann Lee\"\n<ann@x.test>\na écrit :", false),
            Some(1)
        );
        assert_eq!(
            found("Ann Lee <ann@x.test> schrieb am Di., 16. Aug. 2016\num 12:52 Uhr:", false),
            Some(0)
        );
        assert_eq!(found("Ann Lee <ann@x.test> schrieb am Di., 16. Aug. 2016\num 12:52 Uhr:", true), Some(0));
        assert_eq!(found("On 4 May we met.\nAnn Lee <ann@x.test> wrote:", false), Some(1));
    }

    #[test]
    fn sentences_with_a_colon_are_no_introductions() {
        let cases = [
            "On your remote host you can run:",
            "As I wrote on 12.05.2024:",
            "At 12:30 I wrote:",
            "Please call me at 12:30 or write to me@x.test with this:",
            "I asked support help@x.test and they wrote:",
            "One outstanding question I had:",
            "My order 4711 of 2024 has these faults:",
            "He wrote:",
        ];
        for text in cases {
            assert_eq!(found(text, false), None, "{text}");
        }
        assert_eq!(found("Ann Lee wrote:", true), Some(0));
    }
}
