//! What every template must keep to, whoever wrote it and whatever it is given.

use std::fs;

use super::*;
use crate::template::body::Body;
use crate::template::sample;

/// Each mail of the program, in each locale, from each sample.
fn each(mut look: impl FnMut(Name, &str, &sample::Sample, &Rendered)) {
    let (templates, problems) = Templates::load(None);
    assert_eq!(problems, []);
    for listed in templates.list() {
        for (locale, _) in listed.locales {
            for sample in sample::all() {
                let mail = templates.render(listed.name, &locale, sample.context(listed.name));
                assert_eq!(mail.locale_used, locale, "{}, {}", listed.name, sample.outsider.ticket.subject);
                look(listed.name, &locale, &sample, &mail);
            }
        }
    }
}

/// What a reader sees of an HTML part.
fn shown(html: &str) -> String {
    let body = html.split("<body").nth(1).unwrap_or(html);
    let mut text = String::new();
    for (n, part) in format!("<body{body}").split('<').enumerate() {
        let shown = if n == 0 { part } else { part.split_once('>').map_or("", |(_, after)| after) };
        text.push(' ');
        text.push_str(shown);
    }
    for (entity, character) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        text = text.replace(entity, character);
    }
    text
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

#[test]
fn every_mail_works_in_every_locale_with_every_sample() {
    let (templates, problems) = Templates::load(None);
    assert_eq!(problems, []);
    assert_eq!(templates.check(), []);
    for listed in templates.list() {
        // The words of an alert are those of whoever raises it.
        assert_eq!(listed.locales.len(), if listed.name == Name::Alert { 1 } else { 8 }, "{}", listed.name);
        assert_eq!(Name::parse(listed.name.as_str()), Some(listed.name));
    }
}

#[test]
fn text_and_html_of_a_mail_say_the_same() {
    each(|name, locale, sample, mail| {
        let html = shown(&mail.html);
        assert_eq!(words(&mail.text), words(&html), "{name}, {locale}, {}", sample.outsider.ticket.subject);
    });
}

#[test]
fn a_text_part_is_never_escaped_and_html_always_is() {
    each(|name, locale, sample, mail| {
        let at = format!("{name}, {locale}, {}", sample.outsider.ticket.subject);
        for entity in ["&lt;", "&gt;", "&quot;", "&#", "&nbsp;"] {
            assert!(!mail.text.contains(entity), "{at}: {}", mail.text);
        }
        // One sample wrote an entity himself; he gets it back as he wrote it.
        let own = sample.outsider.body.text().matches("&amp;").count() > 0;
        assert!(own || !mail.text.contains("&amp;"), "{at}: {}", mail.text);
        for element in ["<script", "<img", "</title><", "javascript:"] {
            assert!(!mail.html.contains(element), "{at}: {}", mail.html);
        }
        assert!(
            mail.html.matches("onerror").count() == mail.html.matches("src=x onerror=alert(1)&gt;").count()
        );
    });
}

#[test]
fn a_subject_is_one_line_that_starts_with_the_tag() {
    each(|name, locale, sample, mail| {
        let at = format!("{name}, {locale}, {}: {}", sample.outsider.ticket.subject, mail.subject);
        assert!(!mail.subject.chars().any(char::is_control) && mail.subject.chars().count() <= 200, "{at}");
        assert!(name == Name::Alert || mail.subject.starts_with("[support-12]"), "{at}");
    });
}

#[test]
fn a_mail_reads_well_without_holes_or_forgotten_values() {
    each(|name, locale, sample, mail| {
        let at = format!("{name}, {locale}, {}: {:?}", sample.outsider.ticket.subject, mail.text);
        assert!(
            !mail.text.contains("\n\n\n") && !mail.text.starts_with('\n') && mail.text.ends_with('\n'),
            "{at}"
        );
        assert!(mail.text.lines().all(|line| line == "-- " || line.trim_end() == line), "{at}");
        for forgotten in ["none", "undefined", " .", " ,", "()", "  {"] {
            assert!(!mail.text.contains(forgotten), "{forgotten:?} in {at}");
        }
        assert!(mail.html.contains(&format!("<html lang=\"{locale}\" dir=\"ltr\">")), "{}", mail.html);
    });
}

#[test]
fn an_acknowledgement_repeats_nothing_that_the_sender_wrote() {
    let (templates, _) = Templates::load(None);
    for mut sample in sample::all() {
        sample.outsider.ticket.subject = templates.fixed_title("de");
        let mail = templates.render(Name::NewticketSubmitter, "de", Context::Outsider(&sample.outsider));
        let all = format!("{}{}{}", mail.subject, mail.text, mail.html);
        for chosen in
            ["Müller", "Doe", "Überweisung", "burns", "alert", "photo.tiff", "final", "דנה", "everybody"]
        {
            assert!(!all.contains(chosen), "{chosen} in {all}");
        }
        assert_eq!(mail.subject, "[support-12] Ihre Anfrage");
        assert!(mail.text.contains("[support-12]"));
    }
}

#[test]
fn staff_sees_the_marker_first_and_again_before_private_text_and_history() {
    let (templates, _) = Templates::load(None);
    let marker = "##- Please type your reply above this line -##";
    let mut sample = sample::ordinary();
    sample.staff.visibility = context::Visibility::Private;
    sample.staff.body = Body::new("SECRET", None);
    for name in
        Name::ALL.into_iter().filter(|name| name.audience() == name::Audience::Staff && *name != Name::Alert)
    {
        let mail = templates.render(name, "en", Context::Staff(&sample.staff));
        for part in [&mail.text, &shown(&mail.html)] {
            let sections: Vec<&str> = part.split(marker).collect();
            assert_eq!(sections.len(), 4, "{name}: {part}");
            assert!(sections[0].trim().is_empty(), "{name}");
            assert!(!sections[1].contains("SECRET") && sections[2].contains("SECRET"), "{name}");
            assert!(
                sections[2].contains("#assign") && sections[3].contains("We are looking into it."),
                "{name}"
            );
        }
    }
}

#[test]
fn a_mail_to_customers_cannot_be_made_from_what_staff_may_see() {
    let (templates, _) = Templates::load(None);
    let sample = sample::ordinary();
    for name in Name::ALL.into_iter().filter(|name| name.audience() == name::Audience::Outsider) {
        let mail = templates.render(name, "de", Context::Staff(&sample.staff));
        assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("[support-12]", "[support-12]\n"));
        assert!(!mail.html.contains("Überweisung"), "{}", mail.html);
    }
}

#[test]
fn a_locale_that_has_no_words_gets_those_of_the_next_one() {
    let (templates, _) = Templates::load(None);
    let used = |name, locale| {
        let sample = sample::ordinary();
        templates.render(name, locale, sample.context(name)).locale_used
    };
    assert_eq!(used(Name::UpdatedSubmitter, "de_AT.UTF-8"), "de");
    assert_eq!(used(Name::UpdatedSubmitter, "pt-BR"), "pt");
    assert_eq!(used(Name::UpdatedSubmitter, "sv"), "en");
    assert_eq!(used(Name::UpdatedSubmitter, "../../etc/passwd"), "en");
    assert_eq!(used(Name::UpdatedOwner, "de-CH"), "de");
    assert_eq!(used(Name::Alert, "de"), "en");
    assert_eq!(templates.fixed_title("pt-BR"), "O seu pedido");
    assert_eq!(templates.fixed_title(""), "Your request");
}

#[test]
fn a_name_of_either_direction_is_set_apart_from_what_surrounds_it() {
    let (templates, _) = Templates::load(None);
    let sample = sample::right_to_left();
    let mail = templates.render(Name::UpdatedSubmitter, "en", Context::Outsider(&sample.outsider));
    assert!(mail.html.contains("<bdi>محمد علي</bdi>"), "{}", mail.html);
    assert!(mail.html.contains("<div dir=\"auto\" style=\"margin:0 0 16px\">שלום"), "{}", mail.html);
}

#[test]
fn html_that_came_with_the_words_is_used_as_it_is() {
    let (templates, _) = Templates::load(None);
    let mut sample = sample::ordinary();
    sample.outsider.body = Body::new("It burns.", Some("<p>It <b>burns</b> &amp; smokes.</p>"));
    let mail = templates.render(Name::UpdatedSubmitter, "en", Context::Outsider(&sample.outsider));
    assert!(mail.html.contains("<p>It <b>burns</b> &amp; smokes.</p>"), "{}", mail.html);
    assert!(!mail.html.contains("Guten Tag"), "{}", mail.html);
}

#[test]
fn megabytes_of_text_in_a_mail_are_filled_in_as_any_other() {
    let (templates, _) = Templates::load(None);
    let mut sample = sample::ordinary();
    sample.outsider.body = Body::new(&"<&\n".repeat(1_000_000), None);
    sample.outsider.left_out = vec!["x".to_owned(); 50_000];
    sample.outsider.left_out[0] = "x".repeat(1_000_000);
    let mail = templates.render(Name::UpdatedCopy, "de", Context::Outsider(&sample.outsider));
    assert_eq!(mail.locale_used, "de");
    assert!(mail.text.contains("… +49900") && mail.text.len() < 4_000_000);
}

#[test]
fn every_file_below_templates_is_compiled_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let compiled: Vec<String> = builtin::files().map(|(key, _)| key.to_owned()).collect();
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(dir) = open.pop() {
        for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending != "md") {
                found.push(path.strip_prefix(&root).unwrap().display().to_string());
            }
        }
    }
    found.retain(|file| !compiled.contains(file));
    assert_eq!(found, [""; 0]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_people_write_stands_in_both_parts_as_text(
        person in "\\PC{0,40}", subject in ".{0,60}", text in "([<>&;\"'{}%# \t\r\n-]|\\PC|.){0,80}",
    ) {
        let (templates, _) = Templates::load(None);
        let mut sample = sample::ordinary();
        for (to, value) in [
            (&mut sample.outsider.recipient, &person),
            (&mut sample.outsider.ticket.subject, &subject),
            (&mut sample.staff.submitter, &person),
            (&mut sample.staff.ticket.subject, &subject),
        ] {
            to.clone_from(value);
        }
        sample.outsider.body = Body::new(&text, None);
        sample.staff.history[0].body = Body::earlier(&text);
        for name in [Name::ResolvedSubmitter, Name::UpdatedOwner] {
            let mail = templates.render(name, "de", sample.context(name));
            assert!(!mail.subject.chars().any(char::is_control) && mail.subject.chars().count() <= 200);
            assert_eq!(words(&mail.text), words(&shown(&mail.html)));
        }
    }
}
