//! Locales as people and mails write them, and which one stands in for another.
//!
//! Knows tags only; which of them have templates is not decided here.

/// The locale that is always complete.
pub const ENGLISH: &str = "en";

/// Languages written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// `de_at.UTF-8` as `de-AT`; nothing for text that is no language tag.
pub fn canonical(text: &str) -> Option<String> {
    let text = text.trim().split(['.', '@']).next().unwrap_or_default();
    let mut parts = text.split(['-', '_']).filter(|part| !part.is_empty());
    let language = parts.next()?;
    if !(2..=3).contains(&language.len()) || text.len() > 35 || !text.is_ascii() {
        return None;
    }
    let mut tag = language.to_ascii_lowercase();
    for part in parts {
        tag.push('-');
        tag.push_str(&subtag(part));
    }
    tag.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric()).then_some(tag)
}

/// What to try in turn: `de-AT`, `de`, `en`.
pub fn chain(locale: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut tag = canonical(locale).unwrap_or_default();
    while !tag.is_empty() {
        tags.push(tag.clone());
        tag = tag.rsplit_once('-').map(|(shorter, _)| shorter.to_owned()).unwrap_or_default();
    }
    if !tags.iter().any(|tag| tag == ENGLISH) {
        tags.push(ENGLISH.to_owned());
    }
    tags
}

/// `rtl` or `ltr`, as HTML has it.
pub fn direction(locale: &str) -> &'static str {
    let language = locale.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.contains(&language) { "rtl" } else { "ltr" }
}

/// RFC 5646 section 2.1.1: regions in capitals, scripts with one.
fn subtag(part: &str) -> String {
    match part.len() {
        2 => part.to_ascii_uppercase(),
        4 => part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase(),
        _ => part.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_falls_back_to_its_language_and_then_to_english() {
        assert_eq!(chain("de-AT"), ["de-AT", "de", "en"]);
        assert_eq!(chain("zh_hant_tw.UTF-8"), ["zh-Hant-TW", "zh-Hant", "zh", "en"]);
        assert_eq!(chain("en-GB"), ["en-GB", "en"]);
    }

    #[test]
    fn text_that_is_no_locale_means_english() {
        for odd in ["", "-", "../../etc", "deutsch", "d", "C", "POSIX", "dé", "de-\u{0}", "de/../fr"] {
            assert_eq!(chain(odd), ["en"], "{odd:?}");
        }
    }

    #[test]
    fn arabic_and_hebrew_run_from_right_to_left() {
        assert_eq!(direction("he-IL"), "rtl");
        assert_eq!(direction("ar"), "rtl");
        assert_eq!(direction("de"), "ltr");
    }
}
