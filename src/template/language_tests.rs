//! That no English is left where there is another language: in no word, no mail to an agent or customer, no page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::template::Templates;
use crate::template::name::Name;
use crate::template::page::Page;
use crate::template::sample;
use crate::template::sample::Sample;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::status::Status;

const OTHERS: [&str; 7] = ["de", "es", "fr", "it", "nl", "pl", "pt"];
/// Dutch says it as English does.
const ALIKE: [(&str, &str, &str); 1] = [("nl", "staff", "state_open")];

/// The words of a locale as `group`, `key`, `word`, read by another way than the program's.
fn words(locale: &str) -> Vec<(String, String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("templates/words/{locale}.toml"));
    let groups: toml::Table = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut all = Vec::new();
    for (group, words) in &groups {
        for (key, word) in words.as_table().unwrap() {
            all.push((group.clone(), key.clone(), word.as_str().unwrap().to_owned()));
        }
    }
    all
}

/// The text that a mail or page shows, in pieces.
fn pieces(text: &str, html: &str) -> BTreeSet<String> {
    let shown = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, shown)| shown));
    shown.chain(text.lines()).map(|piece| piece.trim().to_owned()).collect()
}

fn letters(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Sample mails, with each state that says something of its own.
fn samples() -> Vec<Sample> {
    let states = [Status::Open, Status::Reopened, Status::Resolved, Status::Closed];
    let unproven = [Authentication::None, Authentication::Unknown, Authentication::Fail];
    let mut all: Vec<Sample> = states.map(|_| sample::ordinary()).into();
    for (sample, state) in all.iter_mut().zip(states) {
        (sample.staff.ticket.status, sample.outsider.ticket.status) = (state, state);
    }
    for (sample, found) in all.iter_mut().zip(unproven) {
        sample.staff.unproven = Some(found);
    }
    all[0].staff.held_at = all[0].staff.due_at;
    all[1].staff.owner = None;
    all[1].staff.visibility = Visibility::Private;
    all
}

/// Commands, what programs look for, and what zones of time are called.
const FIXED: &str = "amp lt gt nbsp resolve close reopen hold unhold note priority Please type your reply above this line UTC Helpdesk Support";

#[test]
fn no_word_of_another_language_is_the_english_one() {
    let english = words("en");
    for locale in OTHERS {
        for ((group, key, own), (_, _, english)) in words(locale).iter().zip(&english) {
            let alike = ALIKE.contains(&(locale, group, key));
            assert_eq!(own == english, alike, "{locale}, {group}.{key}: {own}");
        }
    }
}

#[test]
fn no_mail_and_no_page_in_another_language_shows_an_english_piece() {
    let (templates, _) = Templates::load(None);
    for sample in samples() {
        let given = format!("{FIXED} {:?} {:?}", sample.outsider, sample.staff).replace("\\n", " ");
        let given: BTreeSet<&str> = letters(&given).collect();
        for name in Name::ALL.into_iter().filter(|name| *name != Name::Alert) {
            let shown = |locale| {
                let mail = templates.render(name, locale, sample.context(name));
                assert_eq!(mail.locale_used, locale, "{name}");
                pieces(&mail.text, &mail.html)
            };
            let english = shown("en");
            for locale in OTHERS {
                for piece in shown(locale).intersection(&english) {
                    let foreign = letters(piece).find(|word| !given.contains(word));
                    assert_eq!(foreign, None, "{name}, {locale}: {piece}");
                }
            }
        }
    }
    for page in Page::ALL {
        let english = pieces("", &templates.page(page, "en"));
        for locale in OTHERS {
            let own = pieces("", &templates.page(page, locale));
            let same: Vec<&String> =
                own.intersection(&english).filter(|piece| letters(piece).count() > 0).collect();
            assert_eq!(same, Vec::<&String>::new(), "{page:?}, {locale}");
        }
    }
}
