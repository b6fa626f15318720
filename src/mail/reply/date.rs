//! Days and times in a line, in any way of writing them.
//!
//! Only sees whether there is one; which moment is meant is for `forward::date` to read.

/// A day and a time of day, and next to nothing else.
pub(crate) fn is_date_and_time(bare: &str) -> bool {
    bare.starts_with(|c: char| c.is_numeric())
        && bare.len() < 60
        && bare.chars().filter(|c| c.is_alphabetic()).count() <= 12
        && has_day(bare)
        && has_time(bare)
}

/// `2024-03-03 17:21 GMT+01:00 Some One`, as one program writes it, sometimes without more.
pub(crate) fn is_dated_name(text: &str) -> bool {
    let b = text.as_bytes();
    b.len() > 26
        && b.len() < 120
        && matches!(b[20], b'+' | b'-')
        && b[..4].iter().all(u8::is_ascii_digit)
        && b[4] == b'-'
        && b[7] == b'-'
        && b[10] == b' '
        && b[13] == b':'
        && (b[17..20] == *b"GMT" || b[17..20] == *b"UTC")
}

/// `Some One ---02.04.2024 18:26:00---How the mail begins`, as one program writes it.
pub(crate) fn is_name_and_date(text: &str) -> bool {
    let mut pieces = text.split("---");
    let (name, date) = (pieces.next().unwrap_or_default(), pieces.next().unwrap_or_default());
    pieces.next().is_some()
        && !name.is_empty()
        && name.len() < 80
        && date.len() < 40
        && has_day(date)
        && has_time(date)
}

/// A year, a day or a time of day.
pub(crate) fn has_date(text: &str) -> bool {
    has_day(text) || has_time(text)
}

/// A year, or a day and a month in numbers.
pub(crate) fn has_day(text: &str) -> bool {
    numbers(text)
        .any(|n| n.is_year() || n.digits <= 2 && n.more >= 1 && n.behind.starts_with(['/', '.', '-']))
}

/// Hours and minutes.
pub(crate) fn has_time(text: &str) -> bool {
    let marks = [':', '.', 'h', 'H', '時', '时', '點', '시', '：'];
    numbers(text).any(|n| n.digits <= 2 && n.more == 2 && n.behind.starts_with(marks))
}

/// A number in a text.
struct Number<'a> {
    first: char,
    digits: usize,
    behind: &'a str,
    /// How many digits follow behind the next character, up to two.
    more: usize,
}

impl Number<'_> {
    fn is_year(&self) -> bool {
        self.digits == 4 && (matches!(self.first, '1' | '2') || !self.first.is_ascii_digit())
    }
}

fn numbers(text: &str) -> impl Iterator<Item = Number<'_>> {
    let starts = text.char_indices().scan(false, |inside, (at, first)| {
        let start = first.is_numeric() && !*inside;
        *inside = first.is_numeric();
        Some(start.then_some((at, first)))
    });
    starts.flatten().map(|(at, first)| {
        let rest = &text[at..];
        let behind = rest.trim_start_matches(char::is_numeric);
        let digits = rest[..rest.len() - behind.len()].chars().count();
        let more = behind.chars().skip(1).take_while(|c| c.is_numeric()).take(2).count();
        Number { first, digits, behind, more }
    })
}
