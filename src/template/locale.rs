//! Locales as people and mails write them, and which one stands in for another.
//!
//! Knows tags only; which of them have templates is not decided here.

/// The locale that is always complete.
pub(crate) const ENGLISH: &str = "en";

/// More languages than anybody reads.
const WISHES_MAX: usize = 30;
/// Languages written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// `de_at.UTF-8` as `de-AT`; nothing for text that is no language tag.
pub(crate) fn canonical(text: &str) -> Option<String> {
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
pub(crate) fn chain(locale: &str) -> Vec<String> {
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

/// A chain without the English that stands in at its end.
pub(crate) fn own(chain: &[String]) -> &[String] {
    match chain {
        [own @ .., last] if last == ENGLISH && !own.is_empty() && !own[0].starts_with("en-") => own,
        all => all,
    }
}

/// The language that a reader likes best of those that are `known`, by what a browser sends as
/// `Accept-Language` (RFC 9110 section 12.5.4).
pub(crate) fn preferred(header: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let mut wishes: Vec<(u16, String)> = header.split(',').take(WISHES_MAX).filter_map(wish).collect();
    wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let tags = wishes.into_iter().flat_map(|(_, tag)| own(&chain(&tag)).to_vec());
    tags.into_iter().find(|tag| known(tag))
}

/// A language and how much it is liked, in thousandths; nothing for one that is not wanted.
fn wish(text: &str) -> Option<(u16, String)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let weight = match parameters.trim().strip_prefix("q=") {
        Some(weight) => weight.trim().parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight))?,
        None => 1.0,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 1000")]
    let weight = (weight * 1000.0) as u16;
    Some((weight, canonical(tag)?)).filter(|_| weight > 0)
}

/// `rtl` or `ltr`, as HTML has it.
pub(crate) fn direction(locale: &str) -> &'static str {
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
    fn a_browser_gets_the_language_it_likes_best_of_those_that_there_are() {
        let choose = |header| preferred(header, |tag| ["de", "en", "pt"].contains(&tag));
        for (header, chosen) in [
            ("de", Some("de")),
            ("sv, en;q=0.5, de;q=0.9", Some("de")),
            ("pt-BR,pt;q=0.9,en;q=0.8", Some("pt")),
            ("sv", None),
            ("de;q=0, en;q=0.1", Some("en")),
            ("*", None),
            ("", None),
            ("de;q=nan, en;q=2, \u{7f}", None),
        ] {
            assert_eq!(choose(header).as_deref(), chosen, "{header}");
        }
    }

    #[test]
    fn arabic_and_hebrew_run_from_right_to_left() {
        assert_eq!(direction("he-IL"), "rtl");
        assert_eq!(direction("ar"), "rtl");
        assert_eq!(direction("de"), "ltr");
    }
}
