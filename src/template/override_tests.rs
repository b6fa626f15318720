//! What an operator's own templates can do, and what they cannot break.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::template::Templates;
use crate::template::frame::Rendered;
use crate::template::name::Name;
use crate::template::problem::Problem;
use crate::template::sample;
use crate::template::sources::Origin;

/// A directory with these files.
pub(super) fn dir(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// What `name` becomes with these files, and what was wrong with them, as `file: line: sentence`.
pub(super) fn load(files: &[(&str, &str)], name: Name, locale: &str) -> (Rendered, Vec<String>) {
    let dir = dir(files);
    let (templates, problems) = Templates::load(Some(dir.path()));
    (templates.preview(name, locale), told(dir.path(), &problems))
}

fn told(dir: &Path, problems: &[Problem]) -> Vec<String> {
    let below = format!("{}/", dir.display());
    problems.iter().map(|problem| problem.to_string().replace(&below, "")).collect()
}

fn built_in(name: Name, locale: &str) -> Rendered {
    Templates::load(None).0.preview(name, locale)
}

#[test]
fn an_override_replaces_the_words_of_its_locale_only() {
    let files = [
        ("de/updated_submitter/text.txt", "Hallo {{ recipient }}, {{ text }}\r\n"),
        ("de/updated_submitter/body.html", "<p>Hallo {{ recipient }}, {{ html }}</p>"),
        ("README", "nobody minds"),
    ];
    let (mail, problems) = load(&files, Name::UpdatedSubmitter, "de-CH");
    assert_eq!(problems, [] as [&str; 0]);
    assert!(mail.text.starts_with("Hallo Jörg Müller, Guten Tag Herr Müller,\n\nIhre"), "{}", mail.text);
    assert!(
        mail.html.starts_with("<p>Hallo Jörg Müller, Guten Tag Herr Müller,<br>\n<br>\nIhre"),
        "{}",
        mail.html
    );
    assert_eq!(mail.subject, built_in(Name::UpdatedSubmitter, "de").subject);
    assert_eq!(load(&files, Name::UpdatedSubmitter, "fr").0, built_in(Name::UpdatedSubmitter, "fr"));
}

#[test]
fn a_language_that_is_not_compiled_in_can_be_added() {
    let files = [
        ("he_il/updated_submitter/text.txt", "שלום {{ recipient }}: {{ text }}"),
        ("he_il/fixed_title.txt", "\nהפנייה שלך\n"),
    ];
    let (mail, problems) = load(&files, Name::UpdatedSubmitter, "he-IL");
    assert_eq!(problems, [] as [&str; 0]);
    assert_eq!(mail.locale_used, "he-IL");
    assert!(mail.html.contains("<html lang=\"he-IL\" dir=\"rtl\">"), "{}", mail.html);
    let dir = dir(&files);
    assert_eq!(Templates::load(Some(dir.path())).0.fixed_title("he-IL"), "הפנייה שלך");
}

#[test]
fn a_mail_with_a_text_of_its_own_and_no_html_shows_that_text() {
    let files = [("en/closed_submitter/text.txt", "Done & dusted.\n  {{ ticket.tag }}")];
    let (mail, problems) = load(&files, Name::ClosedSubmitter, "en");
    assert_eq!(problems, [] as [&str; 0]);
    assert_eq!(mail.text, "Done & dusted.\n  [support-12]\n");
    assert!(mail.html.contains("Done &amp; dusted.<br>\n&nbsp;&nbsp;[support-12]"), "{}", mail.html);
}

#[test]
fn one_layout_of_their_own_changes_every_mail() {
    let frame = "<div class=\"acme\">{% block content %}{% endblock %}</div>";
    let (mail, problems) = load(&[("en/frame.html", frame)], Name::ResolvedCopy, "pl");
    assert_eq!(problems, [] as [&str; 0]);
    assert!(
        mail.html.starts_with("<div class=\"acme\">") && mail.html.contains("rozwiązane"),
        "{}",
        mail.html
    );
}

#[test]
fn an_override_that_cannot_be_read_is_told_once_and_not_used() {
    let files = [
        ("de/layout.txt", "{% block says %}"),
        ("de/resolved_submitter/text.txt", "a\n{{ ticket.tag"),
        ("de/resolved_submitter/body.html", "<p>fine</p>"),
    ];
    let (mail, problems) = load(&files, Name::ResolvedSubmitter, "de");
    assert_eq!(mail, built_in(Name::ResolvedSubmitter, "de"));
    assert_eq!(problems.len(), 2, "{problems:#?}");
    assert!(problems[0].starts_with("de/layout.txt, line 1: it cannot be read: "), "{problems:#?}");
    assert!(
        problems[1].starts_with("de/resolved_submitter/text.txt, line 2: it cannot be read: "),
        "{problems:#?}"
    );
}

#[test]
fn an_override_that_asks_for_what_does_not_exist_is_told_with_its_line() {
    let files = [("fr/merged_copy/text.txt", "Bonjour,\n\n{{ ticket.titel }}")];
    let (mail, problems) = load(&files, Name::MergedCopy, "fr");
    assert_eq!(mail, built_in(Name::MergedCopy, "fr"));
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let told = "fr/merged_copy/text.txt, line 3: it asks for a value that does not exist";
    assert!(problems[0].starts_with(told) && problems[0].contains("ticket.titel"), "{problems:#?}");
}

#[test]
fn a_fault_in_an_included_file_is_told_of_that_file() {
    let files = [
        ("en/merged_copy/text.txt", "{% include 'foot.txt' %}"),
        ("en/foot.txt", "\n{{ nothing }}"),
        ("en/merged_submitter/text.txt", "{% include '../../../etc/passwd' %}"),
    ];
    let (_, problems) = load(&files, Name::MergedCopy, "en");
    assert_eq!(problems.len(), 2, "{problems:#?}");
    assert!(problems.iter().any(|problem| problem.starts_with("en/foot.txt, line 2: ")), "{problems:#?}");
    assert!(problems.iter().any(|problem| problem.contains("a file that does not exist")), "{problems:#?}");
}

#[test]
fn what_a_text_part_includes_is_not_escaped_and_what_html_includes_is() {
    let files = [
        ("en/closed_copy/text.txt", "{% include 'who.html' %}"),
        ("en/closed_copy/body.html", "{% include 'who.txt' %}"),
        ("en/who.html", "{{ desk.name }}"),
        ("en/who.txt", "{{ desk.name }}"),
    ];
    let (mail, problems) = load(&files, Name::ClosedCopy, "en");
    assert_eq!(problems, [] as [&str; 0]);
    assert_eq!(mail.text, "Example & Co Helpdesk\n");
    assert_eq!(mail.html, "Example &amp; Co Helpdesk");
}

#[test]
fn a_template_that_never_ends_is_stopped_and_replaced() {
    let endless = [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% include 'closed_copy/text.txt' %}",
    ];
    for text in endless {
        let (mail, problems) = load(&[("en/closed_copy/text.txt", text)], Name::ClosedCopy, "en");
        assert_eq!(mail, built_in(Name::ClosedCopy, "en"), "{text}");
        assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
        assert!(problems[0].starts_with("en/closed_copy/text.txt, line 1: "), "{problems:#?}");
    }
}

#[test]
fn a_subject_of_their_own_stays_one_line_and_needs_the_tag() {
    let long = format!("\n{{{{ ticket.tag }}}} {}\nBcc: all@example.com\n", "long ".repeat(100));
    let (mail, problems) = load(&[("en/closed_copy/subject.txt", &long)], Name::ClosedCopy, "de");
    assert_eq!(problems, [] as [&str; 0]);
    assert!(mail.subject.starts_with("[support-12] long long"), "{}", mail.subject);
    assert!(mail.subject.chars().count() == 200 && !mail.subject.contains("Bcc"), "{}", mail.subject);

    let (_, problems) =
        load(&[("en/closed_copy/subject.txt", "{{ ticket.subject }}")], Name::ClosedCopy, "en");
    assert!(problems.iter().any(|problem| problem.contains("has no `{{ ticket.tag }}`")), "{problems:#?}");
}

#[test]
fn a_mail_to_staff_without_the_marker_is_not_used() {
    let files = [("en/updated_owner/text.txt", "News: {{ text }}\n{{ marker }}")];
    let (mail, problems) = load(&files, Name::UpdatedOwner, "en");
    assert_eq!(mail, built_in(Name::UpdatedOwner, "en"));
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].contains("`{{ marker }}` as its first line"), "{problems:#?}");

    let files = [("en/updated_owner/text.txt", "{{ marker }}\n\nNews: {{ text }}")];
    let (mail, problems) = load(&files, Name::UpdatedOwner, "en");
    assert_eq!(problems, [] as [&str; 0]);
    assert!(mail.text.contains("News: Guten Tag"), "{}", mail.text);
}

#[test]
fn files_that_nothing_uses_are_told() {
    let files = [
        ("en/newticket_submiter/text.txt", "a typo"),
        ("en/closed_copy/text.html", "another"),
        ("german/closed_copy/text.txt", "no locale"),
        ("en/closed_copy/body.html", "other words"),
        ("sv/closed_copy/subject.txt", "{{ ticket.tag }}"),
        ("en/closed_copy/text.txt~", "a backup"),
        ("en/.git/HEAD", "hidden"),
    ];
    let (_, problems) = load(&files, Name::ClosedCopy, "en");
    let files: Vec<&str> = problems.iter().filter_map(|problem| problem.split(':').next()).collect();
    let expected = [
        "en/closed_copy/text.html",
        "en/newticket_submiter",
        "german",
        "en/closed_copy/body.html",
        "sv/closed_copy/subject.txt",
    ];
    assert_eq!(files, expected, "{problems:#?}");
}

#[test]
fn a_directory_that_is_missing_or_full_of_nonsense_stops_no_mail() {
    let (templates, problems) = Templates::load(Some(Path::new("/nowhere/at/all")));
    assert_eq!(problems.len(), 1);
    assert_eq!(templates.preview(Name::Alert, "de"), built_in(Name::Alert, "de"));

    let dir = dir(&[("en/alert/text.txt", &"x".repeat(300 * 1024))]);
    fs::write(dir.path().join("en/alert/body.html"), [0xff, 0xfe, 0x00]).unwrap();
    fs::create_dir(dir.path().join("en/alert/subject.txt")).unwrap();
    let (templates, problems) = Templates::load(Some(dir.path()));
    assert_eq!(problems.len(), 3, "{:#?}", told(dir.path(), &problems));
    assert_eq!(templates.preview(Name::Alert, "de"), built_in(Name::Alert, "de"));
}

#[test]
fn the_list_says_which_words_are_their_own() {
    let dir = dir(&[("de/closed_copy/subject.txt", "{{ ticket.tag }} !")]);
    let (templates, problems) = Templates::load(Some(dir.path()));
    assert_eq!(problems, []);
    let listed = templates.list();
    let closed = listed.iter().find(|listed| listed.name == Name::ClosedCopy).unwrap();
    for (locale, origin) in &closed.locales {
        assert_eq!(*origin, if locale == "de" { Origin::Override } else { Origin::BuiltIn });
    }
    assert_eq!(templates.check(), []);
}

#[test]
fn a_value_that_only_real_mails_lack_falls_back_when_it_is_met() {
    // No sample has this title, so nothing is told at the start.
    let text = "{% if ticket.subject == 'rare' %}{{ nothing }}{% endif %}fine";
    let dir = dir(&[("en/closed_copy/text.txt", text)]);
    let (templates, problems) = Templates::load(Some(dir.path()));
    assert_eq!(problems, []);
    let mut sample = sample::ordinary();
    assert_eq!(templates.preview(Name::ClosedCopy, "en").text, "fine\n");
    sample.outsider.ticket.subject = "rare".to_owned();
    let mail = templates.render(Name::ClosedCopy, "en", sample.context(Name::ClosedCopy));
    assert!(mail.text.contains("has been closed"), "{}", mail.text);
}
