//! Dates as mail programs write them for people, in the languages they are set to.
//!
//! Where no zone is written, the one of whoever passed it on is taken: his program wrote the date for him. The
//! text of the date is kept beside it.

use crate::clock::Timestamp;
use crate::mail::parse;

/// Beginnings of the names of months, lower case. Longer ones come first where they share a beginning.
#[rustfmt::skip]
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän", "ene", "gen", "янв", "січ", "tammi", "sty", "led", "oca", "ιαν", "ינו", "يناير",
        "janv"],
    &["feb", "fév", "fev", "фев", "лют", "helmi", "lut", "úno", "şub", "φεβ", "פבר", "فبراير", "févr"],
    &["mar", "mär", "mrz", "мар", "бер", "maalis", "bře", "μαρ", "μάρ", "מרץ", "مارس", "mrt"],
    &["apr", "avr", "abr", "апр", "кві", "huhti", "kwi", "dub", "nis", "απρ", "אפר", "أبريل"],
    &["may", "mai", "maj", "mag", "mei", "май", "мая", "тра", "touko", "kvě", "μαϊ", "μάι", "μαΐ", "מאי",
        "مايو"],
    &["jun", "juin", "giu", "июн", "чер", "kesä", "cze", "červn", "haz", "ιουν", "ιούν", "יוני", "يونيو"],
    &["jul", "juil", "lug", "июл", "лип", "heinä", "lip", "červenec", "července", "tem", "ιουλ", "ιούλ",
        "יולי", "يوليو"],
    &["aug", "aoû", "ago", "авг", "сер", "elo", "sie", "srp", "ağu", "αυγ", "αύγ", "אוג", "أغسطس", "août"],
    &["sep", "set", "сен", "вер", "syys", "wrz", "zář", "eyl", "σεπ", "ספט", "سبتمبر"],
    &["oct", "okt", "ott", "out", "окт", "жов", "loka", "paź", "říj", "eki", "οκτ", "אוק", "أكتوبر"],
    &["nov", "ноя", "лис", "marras", "lis", "kas", "νοε", "νοέ", "נוב", "نوفمبر"],
    &["dec", "dez", "déc", "dic", "des", "дек", "гру", "joulu", "gru", "pro", "ara", "δεκ", "דצמ",
        "ديسمبر"],
];

/// Seconds east of UTC of the zones that programs write by name, where the name means one zone only.
const ZONES: &[(&str, i64)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("bst", 3600),
    ("west", 3600),
    ("cet", 3600),
    ("mez", 3600),
    ("cest", 7200),
    ("mesz", 7200),
    ("eet", 7200),
    ("eest", 10_800),
    ("msk", 10_800),
    ("jst", 32_400),
    ("kst", 32_400),
    ("edt", -14_400),
    ("est", -18_000),
    ("cdt", -18_000),
    ("mst", -25_200),
    ("pdt", -25_200),
    ("pst", -28_800),
];

/// Reads a date. `east` is the zone that counts where none is written, in seconds east of UTC.
pub fn read(text: &str, east: i64) -> Option<Timestamp> {
    parse::date(text).filter(|_| has_zone(text)).or_else(|| written(text, east))
}

/// The zone of a date field, in seconds east of UTC; UTC where none is written.
pub fn zone(field: &str) -> i64 {
    offset(&field.split_whitespace().collect::<Vec<_>>()).unwrap_or_default()
}

fn has_zone(text: &str) -> bool {
    let small = text.to_lowercase();
    offset(&small.split_whitespace().collect::<Vec<_>>()).is_some()
}

fn written(text: &str, east: i64) -> Option<Timestamp> {
    let small = text.chars().take(100).collect::<String>().to_lowercase();
    let words: Vec<&str> = small
        .split(|c: char| c.is_whitespace() || ",()年月日".contains(c))
        .filter(|w| !w.is_empty())
        .collect();
    let (hour, minute) = words.iter().find_map(|w| time(w)).unwrap_or((0, 0));
    let hour = match hour {
        1..=11 if words.iter().any(|w| matches!(*w, "pm" | "p.m." | "μ.μ.") || w.ends_with("pm")) => {
            hour + 12
        }
        12 if words.iter().any(|w| matches!(*w, "am" | "a.m." | "π.μ.") || w.ends_with("am")) => 0,
        hour => hour,
    };
    let (year, month, day) = day(&words)?;
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    let at = date.at(hour, minute, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_seconds(at.timestamp().as_second() - offset(&words).unwrap_or(east)))
}

fn time(word: &str) -> Option<(i8, i8)> {
    let (hour, rest) =
        word.split_once([':', 'h']).or_else(|| word.split_once('.').filter(|(_, m)| m.len() == 2))?;
    let minute = rest.get(..2)?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

/// Year, month and day: by the month's name, or in one of the usual orders of numbers.
fn day(words: &[&str]) -> Option<(i16, i8, i8)> {
    let number = |w: &&str| w.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<i16>().ok();
    // Some weekdays begin like months, but stand before them.
    if let Some(month) = words.iter().rev().find_map(|w| month(w)) {
        let year = words.iter().filter_map(number).find(|n| (1970..2200).contains(n))?;
        let day =
            words.iter().filter(|w| !w.contains(':')).filter_map(number).find(|n| (1..=31).contains(n))?;
        return Some((year, month, i8::try_from(day).ok()?));
    }
    let joined = words.iter().find(|w| w.matches(['.', '/', '-']).count() >= 2);
    let numbers: Vec<i16> = match joined {
        Some(word) => word.split(['.', '/', '-']).filter_map(|n| n.parse().ok()).take(3).collect(),
        None => words.iter().filter_map(number).take(3).collect(),
    };
    let [a, b, c] = numbers[..] else {
        return None;
    };
    let small = |n: i16| i8::try_from(n).ok();
    match (a, b, c) {
        (1970.., month, day) => Some((a, small(month)?, small(day)?)),
        // Two numbers up to 12 with slashes may be meant either way; the first above 12 is a day.
        (month @ 1..=12, day, 1970..) if joined.is_some_and(|w| w.contains('/')) => {
            Some((c, small(month)?, small(day)?))
        }
        (day, month, 1970..) => Some((c, small(month)?, small(day)?)),
        _ => None,
    }
}

fn month(word: &str) -> Option<i8> {
    if !word.starts_with(char::is_alphabetic) {
        return None;
    }
    let longest =
        |names: &[&str]| names.iter().filter(|n| word.starts_with(**n)).map(|n| n.len()).max().unwrap_or(0);
    let (index, len) = MONTHS.iter().map(|names| longest(names)).enumerate().max_by_key(|(_, len)| *len)?;
    (len > 0).then(|| i8::try_from(index + 1).ok()).flatten()
}

/// Seconds east of UTC, where a zone such as `+0200`, `GMT+2` or `CEST` is written.
fn offset(words: &[&str]) -> Option<i64> {
    let zone = |w: &&str| -> Option<i64> {
        if let Some((_, east)) = ZONES.iter().find(|(name, _)| name == w) {
            return Some(*east);
        }
        let digits = w.trim_start_matches("gmt").trim_start_matches("utc");
        let sign = match digits.as_bytes().first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let number: String = digits.chars().filter(char::is_ascii_digit).collect();
        let (hours, minutes) = match number.len() {
            1 | 2 => (number.parse::<i64>().ok()?, 0),
            4 => (number[..2].parse::<i64>().ok()?, number[2..].parse::<i64>().ok()?),
            _ => return None,
        };
        (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    };
    words.iter().find_map(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_spelling() {
        let cases = [
            "Tue, 2 Apr 2024 18:26:00 +0000",
            "Tue, Apr 2, 2024 at 6:26 PM",
            "Tuesday, April 2, 2024 6:26 PM",
            "2 April 2024 at 18:26:00 UTC",
            "Dienstag, 2. April 2024 18:26",
            "mardi 2 avril 2024 18:26",
            "martes, 2 de abril de 2024 18:26",
            "terça-feira, 2 de abril de 2024 18:26",
            "2024-04-02 18:26",
            "02.04.2024 18:26",
            "4/2/2024 6:26 PM",
            "вторник, 2 апреля 2024 г. 18:26",
            "2024年4月2日 18:26",
            "tiistai 2. huhtikuuta 2024 18.26",
            "2 April 2024 20:26 GMT+2",
        ];
        for text in cases {
            assert_eq!(
                read(text, 0).map(|d| d.to_string()).as_deref(),
                Some("2024-04-02T18:26:00Z"),
                "{text}"
            );
        }
        assert_eq!(read("yesterday", 0), None);
        assert_eq!(read("31 February 2024", 0), None);
    }

    #[test]
    fn a_date_counts_in_the_zone_that_is_written_or_of_whoever_passed_it_on() {
        let minutes = |text: &str| read(text, 7200).map(|at| at.seconds() / 60 % 1440 - 18 * 60 - 26);
        for (text, early) in [
            ("Tuesday, April 2, 2024 6:26 PM", 120),
            ("2. April 2024 um 18:26:00 MESZ", 120),
            ("2 April 2024 at 18:26:00 CET", 60),
            ("2 April 2024 at 18:26:00 PDT", -420),
            ("2 April 2024 18:26 GMT+2", 120),
            ("Tue, 2 Apr 2024 18:26:00 -0500", -300),
            ("Tue, 2 Apr 2024 18:26:00 +0000", 0),
        ] {
            assert_eq!(minutes(text), Some(-early), "{text}");
        }
        assert_eq!(zone("Tue, 2 Apr 2024 18:26:00 +0200"), 7200);
        assert_eq!(zone(""), 0);
    }
}
