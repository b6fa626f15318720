//! What the catalogues of words keep to, and what an operator's own can do and cannot break.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::template::Templates;
use crate::template::builtin;
use crate::template::check::Missing;
use crate::template::context::Context;
use crate::template::frame::Rendered;
use crate::template::name::Name;
use crate::template::override_tests::dir;
use crate::template::override_tests::load;
use crate::template::page::Page;
use crate::template::page::Says;
use crate::template::sample;
use crate::template::sentence::Sentence;
use crate::template::sources::Origin;

const LOCALES: [&str; 8] = ["de", "en", "es", "fr", "it", "nl", "pl", "pt"];
const NO_PROBLEM: [&str; 0] = [];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The words of a locale by key, read by another way than the program's.
fn words(locale: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join(format!("templates/words/{locale}.toml"))).unwrap();
    let groups: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(&text).unwrap();
    let keys = |(group, words): (String, BTreeMap<String, String>)| {
        words.into_iter().map(move |(key, word)| (format!("{group}.{key}"), word))
    };
    groups.into_iter().flat_map(keys).collect()
}

/// What stands between `{{ … }}` in a word, and the conditions of it.
fn asked(word: &str) -> BTreeSet<&str> {
    let between = |begin, end| word.split(begin).skip(1).filter_map(move |rest: &str| rest.split(end).next());
    let shown = between("{{ ", " }}");
    shown.chain(between("{% if ", " %}")).collect()
}

fn render(templates: &Templates, name: Name, locale: &str) -> Rendered {
    templates.render(name, locale, sample::ordinary().context(name))
}

#[test]
fn every_language_has_every_word_and_fills_in_the_same() {
    let english = words("en");
    for locale in LOCALES {
        let own = words(locale);
        assert_eq!(own.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{locale}");
        for (key, word) in &own {
            assert_eq!(word.trim(), word.trim_matches(' '), "{locale}, {key}");
            // In Polish a name would have to be inflected to greet by it.
            if (locale, key.as_str()) != ("pl", "layout.greeting") {
                assert_eq!(asked(word), asked(&english[key]), "{locale}, {key}");
            }
        }
    }
}

#[test]
fn every_word_is_asked_for_and_every_word_that_is_asked_for_exists() {
    let templates = builtin::files().filter(|(key, _)| !key.starts_with("words/"));
    let mut texts: String = templates.map(|(_, text)| text).collect();
    let mut open = vec![root().join("src")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !path.display().to_string().ends_with("tests.rs") {
            texts.push_str(&fs::read_to_string(path).unwrap_or_default());
        }
    }
    let english = words("en");
    let groups: BTreeSet<&str> = english.keys().filter_map(|key| key.split('.').next()).collect();
    let is_key = |text: &&str| text.split_once('.').is_some_and(|(group, _)| groups.contains(group));
    let asked: BTreeSet<&str> = texts.split('"').filter(is_key).collect();
    for key in english.keys() {
        let by_value =
            ["staff.state_", "staff.unproven_", "unsubscribe."].iter().any(|start| key.starts_with(start));
        assert!(by_value || asked.contains(key.as_str()), "nothing asks for {key}");
    }
    let files = [".txt", ".html"];
    for key in
        asked.iter().filter(|key| !key.ends_with(['.', '_']) && !files.iter().any(|end| key.ends_with(end)))
    {
        assert!(english.contains_key(*key), "there is no {key}");
    }
}

#[test]
fn agents_read_their_mails_in_each_of_the_languages() {
    let (templates, _) = Templates::load(None);
    for (locale, words) in
        [("de", "Warteschlange: Support"), ("fr-CA", "Ouvert : 2026-03-01"), ("pl", "Priorytet: 3")]
    {
        let mail = render(&templates, Name::UpdatedOwner, locale);
        assert_eq!(mail.locale_used, locale[..2]);
        assert!(mail.text.contains(words) && mail.html.contains("##- Please type"), "{}", mail.text);
    }
    let mut sample = sample::ordinary();
    sample.staff.held_at = Some(sample.staff.ticket.opened_at);
    let mail = templates.render(Name::UpdatedOwner, "de", Context::Staff(&sample.staff));
    assert!(mail.text.contains("Status: offen, zurückgestellt\n"), "{}", mail.text);
    assert!(mail.text.contains("#assign BENUTZER (oder: me, nobody)\n#priority 1-5\n"), "{}", mail.text);
}

#[test]
fn one_sentence_of_one_language_is_changed_by_one_line() {
    let files = [("words/de.toml", "[closed_submitter]\nsays = \"{{ ticket.tag }} ist zu & fertig.\"\n")];
    let (mail, problems) = load(&files, Name::ClosedSubmitter, "de-CH");
    assert_eq!(problems, NO_PROBLEM);
    assert!(mail.text.contains("\n[support-12] ist zu & fertig.\n"), "{}", mail.text);
    assert!(mail.html.contains("\n[support-12] ist zu &amp; fertig.\n"), "{}", mail.html);
    assert!(mail.text.contains("Wenn Sie uns wieder brauchen"), "{}", mail.text);
    let dir = dir(&files);
    let (own, built_in) = (Templates::load(Some(dir.path())).0, Templates::load(None).0);
    for (name, locale) in
        [(Name::ClosedSubmitter, "fr"), (Name::ClosedCopy, "de"), (Name::UpdatedOwner, "de")]
    {
        assert_eq!(render(&own, name, locale), render(&built_in, name, locale));
    }
    let listed = own.list();
    let closed = listed.iter().find(|listed| listed.name == Name::ClosedSubmitter).unwrap();
    assert!(closed.locales.iter().all(|(locale, origin)| (locale == "de") == (*origin == Origin::Override)));
    assert_eq!(own.missing(), []);
}

#[test]
fn a_dialect_or_a_new_language_needs_only_the_words_that_differ() {
    let files = [
        (
            "words/de_at.toml",
            "layout.greeting = \"Grüß Gott{% if recipient %} {{ recipient }}{% endif %},\"\n",
        ),
        ("words/sv.toml", "[closed_copy]\nsays = \"Ärendet {{ ticket.tag }} är stängt.\"\n"),
    ];
    let (mail, problems) = load(&files, Name::ClosedCopy, "de-AT");
    assert_eq!(problems, NO_PROBLEM);
    assert_eq!(mail.locale_used, "de-AT");
    let greeting = "Grüß Gott Jörg Müller,\n\ndie Anfrage [support-12] wurde geschlossen.";
    assert!(mail.text.starts_with(greeting), "{}", mail.text);
    assert!(mail.html.contains("Grüß Gott <bdi>Jörg Müller</bdi>,"), "{}", mail.html);
    let (mail, _) = load(&files, Name::ClosedCopy, "sv-FI");
    assert!(mail.text.starts_with("Hello Jörg Müller,\n\nÄrendet [support-12] är stängt."), "{}", mail.text);
    assert_eq!(load(&files, Name::UpdatedCopy, "sv").0.locale_used, "en");
    let dir = dir(&files);
    let missing: Vec<Missing> = Templates::load(Some(dir.path())).0.missing();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].file.ends_with("words/sv.toml"), "{missing:?}");
    assert_eq!(missing[0].keys.len(), words("en").len() - 1);
}

#[test]
fn whatever_is_wrong_with_words_is_told_with_its_line_and_only_that_word_is_not_used() {
    let text = "[layout]\n\
        closing = \"Bis bald.\"\n\
        greting = \"Hallo\"\n\
        copies = 3\n\
        [closed_submitter]\n\
        says = \"\"\"\nZu.\n{{ ticket.tga }}\"\"\"\n\
        closing = \"{% if %}\"\n\
        [resolved_submitter]\n\
        says = \"{{ word('layout.closing') }}\"\n\
        [note]\n\
        mail_rejected = \"{{ two }}: {{ answer }}\"\n";
    let files = [("words/de.toml", text), ("words/deutsch.toml", ""), ("words/README", "")];
    let (mail, problems) = load(&files, Name::ClosedSubmitter, "de");
    let begins = [
        "words/README: it is not used",
        "words/deutsch.toml: it is not used",
        "words/de.toml, line 4: `layout.copies` is no text",
        "words/de.toml, line 9: it cannot be read",
        "words/de.toml, line 3: no template asks for a word called `layout.greting`",
        "words/de.toml, line 13: it asks for a value that does not exist: `two`",
        "words/de.toml, line 11: ",
        "words/de.toml, line 8: it asks for a value that does not exist: `ticket.tga`",
    ];
    for begin in begins {
        assert!(problems.iter().any(|problem| problem.starts_with(begin)), "{begin}\n{problems:#?}");
    }
    assert_eq!(problems.len(), begins.len(), "{problems:#?}");
    assert!(mail.text.contains("Ihre Anfrage [support-12] wurde geschlossen."), "{}", mail.text);
    assert!(mail.text.contains("Wenn Sie uns wieder brauchen"), "{}", mail.text);
    let (mail, _) = load(&files, Name::MergedSubmitter, "de");
    assert!(mail.text.contains("Bis bald."), "{}", mail.text);
}

#[test]
fn a_file_of_words_with_a_mistake_keeps_its_other_words() {
    let files =
        [("words/en.toml", "[closed_copy]\nsays = \"Done.\"\nclosing = \"\n[layout]\ngreeting = \"Hi,\"\n")];
    let (mail, problems) = load(&files, Name::ClosedCopy, "en");
    assert!(!problems.is_empty());
    assert!(problems.iter().all(|problem| problem.starts_with("words/en.toml, line ")), "{problems:#?}");
    assert!(
        problems.iter().any(|problem| problem.starts_with("words/en.toml, line 3: it cannot be read: ")),
        "{problems:#?}"
    );
    assert!(mail.text.contains("Done.") && mail.text.contains("You get a copy"), "{}", mail.text);
}

#[test]
fn words_that_never_end_or_break_out_are_replaced() {
    for word in [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% include 'layout.txt' %}",
    ] {
        let files = [("words/de.toml", format!("[closed_copy]\nsays = \"{word}\"\n"))];
        let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
        let (mail, problems) = load(&files, Name::ClosedCopy, "de");
        assert_eq!(mail, render(&Templates::load(None).0, Name::ClosedCopy, "de"));
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].starts_with("words/de.toml, line 2: "), "{problems:#?}");
    }
}

#[test]
fn one_file_without_a_language_changes_a_mail_in_all_of_them() {
    let text = "{% extends \"layout.txt\" %}{% block says %}{{ word(\"closed_copy.says\") }} ({{ queue.title }})\n{% endblock %}";
    let html =
        "{% extends \"layout.html\" %}{% block says %}<b>{{ word(\"closed_copy.says\") }}</b>{% endblock %}";
    let files = [("closed_copy/text.txt", text), ("closed_copy/body.html", html)];
    for (locale, says) in [
        ("de", "die Anfrage [support-12] wurde geschlossen."),
        ("sv", "The request [support-12] has been closed."),
    ] {
        let (mail, problems) = load(&files, Name::ClosedCopy, locale);
        assert_eq!(problems, NO_PROBLEM);
        assert!(mail.text.contains(&format!("{says} (Support)\n")), "{}", mail.text);
        assert!(mail.html.contains(&format!("<b>{says}</b>")), "{}", mail.html);
    }
    // Alone, HTML changes the markup; a text alone is shown by the HTML too.
    let (mail, problems) = load(&files[1..], Name::ClosedCopy, "de");
    assert_eq!(problems, NO_PROBLEM);
    assert!(mail.html.contains("<b>die Anfrage") && mail.text.contains("\ndie Anfrage"), "{}", mail.html);
    let (mail, _) = load(&files[..1], Name::ClosedCopy, "de");
    assert!(mail.html.contains("wurde geschlossen. (Support)<br>"), "{}", mail.html);
    // A file of a language goes before one of all.
    let mut files = files.to_vec();
    files.push(("de/closed_copy/text.txt", "Zu: {{ ticket.tag }}"));
    let (mail, _) = load(&files, Name::ClosedCopy, "de");
    assert_eq!(mail.text, "Zu: [support-12]\n");
    assert!(mail.html.contains("Zu: [support-12]"), "{}", mail.html);
    assert!(load(&files, Name::ClosedCopy, "fr").0.text.contains("(Support)"));
}

#[test]
fn a_layout_of_all_languages_and_files_of_their_own_that_are_included_work() {
    let files = [
        ("frame.html", "<main>{% block content %}{% endblock %}</main>"),
        ("foot.txt", "({{ desk.name }})"),
        ("closed_copy/text.txt", "{{ word('closed_copy.says') }}\n{% include 'foot.txt' %}"),
        ("notes.md", "{{ nobody minds"),
    ];
    let (mail, problems) = load(&files, Name::ClosedCopy, "nl");
    assert_eq!(problems, NO_PROBLEM);
    assert_eq!(mail.text, "Het verzoek [support-12] is gesloten.\n(Example & Co Helpdesk)\n");
    assert!(
        mail.html.starts_with("<main>") && mail.html.contains("(Example &amp; Co Helpdesk)"),
        "{}",
        mail.html
    );
    let (_, problems) =
        load(&[("closed_copy/text.txt", "{{ word('closed_copy.sais') }}")], Name::ClosedCopy, "en");
    assert_eq!(
        problems,
        [
            "closed_copy/text.txt, line 1: invalid operation: there is no word called `closed_copy.sais`, near `{{ word('closed_copy.sais') }}`"
        ]
    );
}

#[test]
fn a_page_is_in_the_language_of_its_reader_and_escapes_its_words() {
    let (templates, _) = Templates::load(None);
    for locale in LOCALES {
        for page @ Page::Unsubscribe(says) in Page::ALL {
            let page = templates.page(page, locale);
            assert!(page.contains(&format!("<html lang=\"{locale}\" dir=\"ltr\">")), "{page}");
            let word = &words(locale)[&format!("unsubscribe.{}", says.as_str())];
            assert!(page.contains(&format!("<p>{word}</p>")), "{page}");
            assert_eq!(page.contains("<form"), says == Says::Question);
        }
    }
    let question = Page::Unsubscribe(Says::Question);
    assert!(templates.page(question, "sv").contains("lang=\"en\""));
    let own = "[unsubscribe]\nquestion = \"<b>Ja & Nej?\"\n";
    let dir = dir(&[
        ("words/sv.toml", own),
        ("web/unsubscribe.html", "{{ word('unsubscribe.question') }} {{ lang }}"),
    ]);
    let (templates, problems) = Templates::load(Some(dir.path()));
    assert_eq!(problems, []);
    assert_eq!(templates.page(question, "sv"), "&lt;b&gt;Ja &amp; Nej? sv");
    let preferred = |header| templates.preferred(question, header);
    assert_eq!(preferred("da, sv-FI;q=0.9, de;q=0.8").as_deref(), Some("sv"));
    assert_eq!(preferred("da"), None);
}

#[test]
fn a_broken_page_of_their_own_is_told_and_replaced() {
    let dir = dir(&[("web/unsubscribe.html", "{{ nothing }}")]);
    let (templates, problems) = Templates::load(Some(dir.path()));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].to_string().contains("web/unsubscribe.html, line 1: it asks for a value"));
    let page = templates.page(Page::Unsubscribe(Says::Question), "de");
    assert!(page.contains("Keine weiteren Kopien"), "{page}");
}

#[test]
fn a_sentence_of_the_desk_is_told_in_the_language_of_its_reader() {
    let sentence =
        Sentence::new("note.mail_rejected").with("to", "<ann@x.test>").with("answer", "550 {{ no }}");
    let (templates, _) = Templates::load(None);
    let told = |locale| templates.sentence(locale, &sentence);
    assert_eq!(told("en"), "The mail to <ann@x.test> could not be delivered: 550 {{ no }}");
    assert_eq!(told("de-AT"), "Die E-Mail an <ann@x.test> konnte nicht zugestellt werden: 550 {{ no }}");
    assert_eq!(told("tlh"), told("en"));
    let dir = dir(&[("words/de.toml", "[note]\nmail_rejected = \"{{ nothing }}\"\n")]);
    assert_eq!(Templates::load(Some(dir.path())).0.sentence("de", &sentence), told("de"));
}

#[test]
fn a_word_within_a_sentence_is_in_the_language_of_that() {
    let (templates, _) = Templates::load(None);
    let sentence = Sentence::new("note.mail_held").with("to", "<ann@x.test>").with("detail", "552");
    let sentence = sentence.with_word("reason", "note.kind_mailbox_full");
    let told = |locale| templates.sentence(locale, &sentence);
    assert!(told("en").ends_with("the address is suppressed (mailbox-full): 552"), "{}", told("en"));
    assert!(told("de").ends_with("Die Adresse ist gesperrt (Postfach voll): 552"), "{}", told("de"));
}
