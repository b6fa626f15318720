//! What a mail server's words mean where no code says it: pure, and in English only, as servers speak it.

use std::time::Duration;

/// However long a server wants to be left alone, it is asked again within this time.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Whether a refusal is about the server's state (RFC 5530) and not about what was asked.
pub fn is_passing(text: &str) -> bool {
    let passing = ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]"];
    let upper = text.to_ascii_uppercase();
    passing.iter().any(|code| upper.contains(code)) || is_throttled(text)
}

/// Whether a refusal says that there is no such folder. Any other may pass.
pub fn is_missing_folder(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let missing = [
        "[TRYCREATE]",
        "[NONEXISTENT]",
        "DOESN'T EXIST",
        "NOT EXIST",
        "NO SUCH",
        "NOT FOUND",
        "NOT BE FOUND",
        "CAN'T FIND",
        "UNKNOWN MAILBOX",
        "UNKNOWN FOLDER",
        "INVALID MAILBOX",
        "INVALID FOLDER",
        "NONEXISTENT",
        "NON-EXISTENT",
    ];
    !is_passing(text) && missing.iter().any(|words| upper.contains(words))
}

/// Whether a server wants to be asked less.
pub fn is_throttled(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = ["throttl", "too many", "backoff", "back off", "rate limit", "[limit]", "bandwidth"];
    words.iter().any(|word| lower.contains(word)) || wanted_pause(text).is_some()
}

/// How long a server asks to be left alone: `Suggested Backoff Time: 299961 milliseconds`,
/// `try again in 30 seconds`.
pub fn wanted_pause(text: &str) -> Option<Duration> {
    let lower = text.to_ascii_lowercase();
    let asks = ["backoff", "back off", "again", "retry", "wait", "throttl"];
    if !asks.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let mut found = words.iter().enumerate().filter_map(|(at, word)| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let number: u64 = digits.parse().ok()?;
        let glued = &word[digits.len()..];
        let unit = if glued.is_empty() { words.get(at + 1).copied().unwrap_or_default() } else { glued };
        unit_in_milliseconds(unit).map(|milliseconds| number.saturating_mul(milliseconds))
    });
    found.next().map(|milliseconds| Duration::from_millis(milliseconds).min(LONGEST_PAUSE))
}

fn unit_in_milliseconds(word: &str) -> Option<u64> {
    Some(match word {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" => 1000,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_that_is_asked_for_is_read_in_any_unit_and_nothing_else_is() {
        for (text, seconds) in [
            ("Request is throttled. Suggested Backoff Time: 299961 milliseconds", Some(299.961)),
            ("[THROTTLED] try again in 30 seconds", Some(30.0)),
            ("[UNAVAILABLE] Retry after 5 minutes.", Some(300.0)),
            ("Too many log-ins, wait 90s", Some(90.0)),
            ("come back and try again in 999999999999999999 hours", Some(3600.0)),
            ("[THROTTLED] Account exceeded command or bandwidth limits", None),
            ("session idle for 30 minutes", None),
            ("try again later", None),
            ("", None),
        ] {
            assert_eq!(wanted_pause(text).map(|pause| pause.as_secs_f64()), seconds, "{text}");
        }
    }

    #[test]
    fn only_a_folder_that_is_not_there_is_missing() {
        for (text, missing) in [
            ("Mailbox doesn't exist: Requests (0.001 secs).", true),
            ("[NONEXISTENT] Unknown Mailbox: Requests (Failure)", true),
            ("[TRYCREATE] no", true),
            ("Mailbox does not exist", true),
            ("The specified folder could not be found", true),
            ("User is authenticated but not connected.", false),
            ("Request is throttled. Suggested Backoff Time: 299961 milliseconds", false),
            ("[UNAVAILABLE] Backend not found", false),
            ("Server Unavailable. 15", false),
            ("without a reason", false),
        ] {
            assert_eq!(is_missing_folder(text), missing, "{text}");
        }
    }
}
