//! Values as IMAP writes them: folder names, sets of UIDs, dates.
//!
//! Everything that is put into a command is made here, so that no text of others gets into one.

use std::fmt::Write;

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;
use jiff::fmt::strtime;

use crate::clock::Timestamp;

/// A folder's name in modified UTF-7 (RFC 3501 section 5.1.3), quoted.
///
/// Control characters are encoded like letters beyond ASCII, so none gets into a command.
pub fn folder(name: &str) -> String {
    let mut out = String::from("\"");
    let mut wide: Vec<u16> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut out, &mut wide);
            match c {
                '&' => out.push_str("&-"),
                '"' | '\\' => out.extend(['\\', c]),
                _ => out.push(c),
            }
        } else {
            wide.extend(c.encode_utf16(&mut [0; 2]).iter());
        }
    }
    flush(&mut out, &mut wide);
    out.push('"');
    out
}

/// Ascending UIDs as a set, neighbours joined.
pub fn set(uids: &[u32]) -> String {
    let mut out = String::new();
    let mut runs = uids.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    let mut run = runs.next();
    while let Some(uids) = run {
        run = runs.next();
        let comma = if run.is_some() { "," } else { "" };
        let (first, last) = (uids[0], uids[uids.len() - 1]);
        // Writing to a string does not fail.
        let _ =
            if first == last { write!(out, "{first}{comma}") } else { write!(out, "{first}:{last}{comma}") };
    }
    out
}

/// An INTERNALDATE such as ` 7-Jul-1996 02:44:25 -0700`; nothing when it is none.
pub fn date(text: &str) -> Option<Timestamp> {
    let parsed = strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?;
    Some(Timestamp(parsed.to_timestamp().ok()?.as_microsecond()))
}

/// A day as SEARCH takes it, such as `7-Jul-1996`, in UTC.
pub fn day(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(moment.0).unwrap_or_default();
    strtime::format("%-d-%b-%Y", &moment.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default()
}

/// Whether the text can stand for a keyword in a command.
pub(crate) fn is_keyword(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.$".contains(c))
}

fn flush(out: &mut String, wide: &mut Vec<u16>) {
    if wide.is_empty() {
        return;
    }
    let bytes: Vec<u8> = wide.drain(..).flat_map(u16::to_be_bytes).collect();
    out.push('&');
    GeneralPurpose::new(&IMAP_MUTF7, NO_PAD).encode_string(bytes, out);
    out.push('-');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_are_written_in_modified_utf_7() {
        for (name, written) in [
            ("INBOX", "\"INBOX\""),
            ("Entwürfe", "\"Entw&APw-rfe\""),
            ("Q&A", "\"Q&-A\""),
            ("~peter/mail/台北/日本語", "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""),
            ("a \"b\\c\"", "\"a \\\"b\\\\c\\\"\""),
            ("😀", "\"&2D3eAA-\""),
            ("a\r\nA1 LOGOUT", "\"a&AA0ACg-A1 LOGOUT\""),
        ] {
            assert_eq!(folder(name), written);
        }
    }

    #[test]
    fn neighbouring_uids_are_joined() {
        for (uids, written) in [
            (&[][..], ""),
            (&[7], "7"),
            (&[1, 2, 3], "1:3"),
            (&[1, 3, 4, 9], "1,3:4,9"),
            (&[u32::MAX - 1, u32::MAX], "4294967294:4294967295"),
        ] {
            assert_eq!(set(uids), written);
        }
    }

    #[test]
    fn an_internal_date_is_a_moment() {
        for (text, shown) in [
            ("17-Jul-1996 02:44:25 -0700", "1996-07-17T09:44:25Z"),
            (" 7-Jul-2026 02:44:25 +0000", "2026-07-07T02:44:25Z"),
            ("29-Feb-2024 23:59:60 +0530", "2024-02-29T18:29:59Z"),
        ] {
            assert_eq!(date(text).map(|at| at.to_string()).as_deref(), Some(shown), "{text}");
        }
        assert_eq!(day(date(" 7-Jul-1996 23:44:25 +0000").unwrap()), "7-Jul-1996");
        for wrong in
            ["", "yesterday", "31-Feb-2024 00:00:00 +0000", "1-Jul-1996", "01-Jul-99999 00:00:00 +0000"]
        {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }
}
