//! The language that somebody writes in, where enough was written to tell.
//!
//! Never guesses from a few words: the library behind it always has an answer, right or wrong.

use std::collections::HashMap;
use std::sync::LazyLock;

use whichlang::Lang;

/// Fewer letters say nothing. Scripts that write words with one or two characters need fewer.
const LETTERS: usize = 40;
const IDEOGRAPHS: usize = 12;
/// More text does not make it surer.
const TEXT: usize = 1000;

/// Letters that only one language uses, among those that are met here.
const LETTERS_OF: &[(&str, &str)] =
    &[("uk", "іїєґ"), ("pl", "łąężźśćń"), ("cs", "ěřůťď"), ("hu", "őű"), ("ro", "țșăţş")];

/// Frequent short words of languages that the library does not know, and those of their neighbours.
#[rustfmt::skip]
const WORDS_OF: &[(&str, &[&str])] = &[
    ("fi", &["ja", "ei", "että", "kiitos", "mutta", "olen", "tämä", "hei", "voitte", "miten", "kun",
        "minun", "ole", "se", "kanssa", "terveisin"]),
    ("da", &["og", "jeg", "ikke", "det", "tak", "hej", "har", "til", "hvordan", "hvad", "venlig",
        "hilsen", "af", "mig"]),
    ("no", &["og", "jeg", "ikke", "det", "takk", "hei", "har", "til", "hvordan", "hva", "vennlig",
        "hilsen", "av", "meg"]),
    ("pl", &["nie", "jest", "się", "proszę", "dziękuję", "czy", "pozdrawiam", "jak", "mam", "że", "do",
        "witam", "dzień", "dobry"]),
    ("cs", &["je", "není", "prosím", "děkuji", "jsem", "že", "jak", "dobrý", "den", "se", "na",
        "pozdravem", "mám", "nebo"]),
    ("sv", &["och", "jag", "inte", "det", "tack", "hej", "har", "till", "hur", "vad", "vänliga",
        "hälsningar", "av", "mig"]),
];

/// The two-letter code of the language of a text; else the one that a Content-Language field names.
pub(crate) fn detect(text: &str, declared: Option<&str>) -> Option<String> {
    let text = &text[..text.floor_char_boundary(TEXT)];
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let ideographs = text
        .chars()
        .filter(|c| ('\u{3040}'..='\u{9fff}').contains(c) || ('\u{ac00}'..='\u{d7af}').contains(c))
        .count();
    if letters >= LETTERS || ideographs >= IDEOGRAPHS {
        return Some(by_text(text, letters).to_owned());
    }
    let first = declared?.split([',', '-', '_', ';', ' ']).next()?.trim().to_ascii_lowercase();
    (first.len() == 2 && first.bytes().all(|b| b.is_ascii_lowercase())).then_some(first)
}

fn by_text(text: &str, letters: usize) -> &'static str {
    if !text.is_ascii()
        && let Some(language) = by_letters(text, letters)
    {
        return language;
    }
    by_words(text).unwrap_or_else(|| code(whichlang::detect_language(text)))
}

/// By a script or by letters that only one language has.
fn by_letters(text: &str, letters: usize) -> Option<&'static str> {
    let share =
        |low: char, high: char| text.chars().filter(|c| (low..=high).contains(c)).count() * 2 > letters;
    if share('\u{370}', '\u{3ff}') {
        return Some("el");
    }
    if share('\u{590}', '\u{5ff}') {
        return Some("he");
    }
    let small = text.to_lowercase();
    for (language, own) in LETTERS_OF {
        let count = small.chars().filter(|c| own.contains(*c)).count();
        // One such letter may be in a name.
        if count >= 2 && count * 60 >= letters {
            return Some(language);
        }
    }
    None
}

/// The language with the most of its short words, if they are many and no neighbour has as many.
fn by_words(text: &str) -> Option<&'static str> {
    let small = text.to_lowercase();
    let mut counts = [0; WORDS_OF.len()];
    let mut words = 0;
    for word in small.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
        words += 1;
        for language in LANGUAGES_OF.get(word).into_iter().flatten() {
            counts[*language] += 1;
        }
    }
    let (language, most) = counts.into_iter().enumerate().max_by_key(|(_, count)| *count)?;
    (most >= 3 && most * 5 >= words).then_some(WORDS_OF[language].0)
}

/// The numbers of the languages that have a word among those of [`WORDS_OF`].
static LANGUAGES_OF: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<usize>> = HashMap::new();
    for (language, (_, words)) in WORDS_OF.iter().enumerate() {
        for word in *words {
            all.entry(*word).or_default().push(language);
        }
    }
    all
});

fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_from_enough_text_only() {
        let cases = [
            ("Hello, my printer does not print any more since yesterday, please help.", Some("en")),
            ("Guten Tag, mein Drucker druckt seit gestern nicht mehr, bitte helfen Sie mir.", Some("de")),
            ("Bonjour, mon imprimante ne fonctionne plus depuis hier, pouvez-vous m'aider ?", Some("fr")),
            ("Hola, mi impresora no funciona desde ayer, ¿me pueden ayudar por favor?", Some("es")),
            ("Hei, tulostimeni ei toimi ja olen odottanut, että se korjataan. Kiitos avusta.", Some("fi")),
            (
                "Hej, min printer virker ikke, og jeg har prøvet at genstarte den. Tak for hjælpen.",
                Some("da"),
            ),
            ("Dzień dobry, moja drukarka nie działa od wczoraj, proszę o pomoc w tej sprawie.", Some("pl")),
            ("Dobrý den, moje tiskárna od včerejška netiskne, prosím o pomoc s řešením.", Some("cs")),
            ("Добрий день, мій принтер не працює з учорашнього дня, допоможіть будь ласка.", Some("uk")),
            ("Добрый день, мой принтер не работает со вчерашнего дня, помогите пожалуйста.", Some("ru")),
            ("Καλημέρα, ο εκτυπωτής μου δεν λειτουργεί από χθες, μπορείτε να βοηθήσετε;", Some("el")),
            ("プリンターが昨日から動きません。助けてください。", Some("ja")),
            ("Ticket 1234", None),
            ("OK thanks", None),
        ];
        for (text, want) in cases {
            assert_eq!(detect(text, None).as_deref(), want, "{text}");
        }
        assert_eq!(detect("OK", Some("de-CH, en")).as_deref(), Some("de"));
        assert_eq!(detect("OK", Some("nonsense")), None);
    }
}
