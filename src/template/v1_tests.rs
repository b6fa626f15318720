//! The files of the first set, one of each for every locale: operators have copies of them.
//!
//! `tests/data/templates-v1/files.txt` holds them all. The others hold digests of what they became then: `rendered.txt`
//! of each mail in each locale, and of all that a file touches when it is the only override; `altered.txt` of that when
//! the file was altered first, as `altered` does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use sha2::Digest;
use sha2::Sha256;
use tempfile::TempDir;

use crate::ids;
use crate::template::BUILT_IN;
use crate::template::Templates;
use crate::template::context::Context;
use crate::template::engine::Engine;
use crate::template::frame::Rendered;
use crate::template::name::Audience;
use crate::template::name::Name;
use crate::template::sample;
use crate::template::sources;

const LOCALES: [&str; 8] = ["de", "en", "es", "fr", "it", "nl", "pl", "pt"];

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/templates-v1").join(name);
    fs::read_to_string(path).unwrap()
}

/// The old files by key.
fn files() -> BTreeMap<String, String> {
    let all = data("files.txt");
    let files = all.strip_prefix("=== ").unwrap().split("\n=== ");
    files
        .map(|file| file.split_once('\n').unwrap())
        .map(|(key, text)| (key.to_owned(), format!("{}\n", text.trim_end_matches('\n'))))
        .collect()
}

fn dir<'f>(files: impl IntoIterator<Item = (&'f String, &'f String)>) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (key, text) in files {
        let path = dir.path().join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// A desk with these overrides, which are not tried with samples first.
fn with(dir: &TempDir) -> Templates {
    let built_in = sources::built_in();
    let (own, _) = sources::read(dir.path(), &built_in);
    let (own, problems) = Engine::new(&built_in, own);
    assert_eq!(problems, []);
    Templates { layers: vec![Arc::new(own), Arc::clone(&BUILT_IN)] }
}

/// The file with a mark behind each line of it that shows.
fn altered(text: &str) -> String {
    text.lines()
        .map(|line| if line.starts_with("{%") { format!("{line}\n") } else { format!("{line}~\n") })
        .collect()
}

/// What each old mail, or each mail that an old file touched, was then.
fn digests(name: &str) -> BTreeMap<String, String> {
    let all = data(name);
    all.lines()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(was, of)| (of.to_owned(), was.to_owned()))
        .collect()
}

/// A mail without the commands that its help has named since.
fn as_then(mut mail: Rendered) -> Rendered {
    let is_new = |line: &&str| {
        ["#hold DATE", "#reply NAME", "#forward ADDRESS", "#spam (", "In a new mail to the desk:"]
            .iter()
            .any(|begins| line.starts_with(begins))
    };
    for part in [&mut mail.text, &mut mail.html] {
        let ends_with_new = part.lines().any(|line| is_new(&line) && line.ends_with("</p>"));
        *part = part.split_inclusive('\n').filter(|line| !is_new(line)).collect();
        if ends_with_new {
            *part = part.replace("#tag WORD<br>\n", "#tag WORD</p>\n");
        }
    }
    mail
}

/// Of mails, and of the lines that have files of their own in some locales.
fn digest(templates: &Templates, pairs: &[(Name, &str)], lines: &[&str]) -> String {
    let mut all = Sha256::new();
    for (name, locale) in pairs {
        for sample in sample::all() {
            let mail = as_then(templates.render(*name, locale, sample.context(*name)));
            for part in [&mail.subject, &mail.text, &mail.html, &mail.locale_used] {
                all.update(part.as_bytes());
                all.update([0]);
            }
        }
    }
    for locale in lines {
        for line in [templates.fixed_title(locale), templates.goes_on(locale)] {
            all.update(line.as_bytes());
            all.update([0]);
        }
    }
    ids::hex(&all.finalize()[..8])
}

/// The mails that a file of then had a part in, as `rendered.txt` has them.
fn touched(key: &str) -> Vec<(Name, &str)> {
    let (locale, rest) = key.split_once('/').unwrap();
    let own = rest.split_once('/').and_then(|(name, _)| Name::parse(name));
    let mut pairs = Vec::new();
    for name in Name::ALL.into_iter().filter(|name| own.is_none_or(|own| own == *name)) {
        let outsider = name.audience() == Audience::Outsider;
        if outsider || locale == "en" {
            pairs.push((name, locale));
        }
        if outsider && locale == "en" {
            pairs.push((name, "de"));
        }
    }
    pairs
}

#[test]
fn the_built_in_mails_are_what_they_were_when_each_locale_had_its_own_files() {
    let all = files();
    let was = dir(&all);
    let (was, problems) = Templates::load(Some(was.path()));
    assert_eq!(problems, []);
    let (is, _) = Templates::load(None);
    let digests = digests("rendered.txt");
    for name in Name::ALL {
        for locale in
            LOCALES.iter().filter(|locale| name.audience() == Audience::Outsider || **locale == "en")
        {
            for sample in sample::all() {
                let render = |templates: &Templates| -> Rendered {
                    as_then(templates.render(name, locale, sample.context(name)))
                };
                // The old files say what differs; the digests that these are the old files.
                assert_eq!(render(&is), render(&was), "{name}, {locale}, {}", sample.outsider.ticket.subject);
            }
            assert_eq!(
                digest(&is, &[(name, locale)], &[]),
                digests[&format!("{locale}/{name}")],
                "{name}, {locale}"
            );
        }
    }
}

#[test]
fn every_old_file_alone_among_the_overrides_makes_the_mails_that_it_made() {
    let digests = digests("rendered.txt");
    let files = files();
    assert_eq!(files.len(), 271);
    for file in &files {
        let dir = dir([file]);
        let templates = with(&dir);
        assert_eq!(digest(&templates, &touched(file.0), &[]), digests[file.0], "{}", file.0);
    }
}

#[test]
fn every_old_file_that_an_operator_altered_makes_the_mails_that_it_made() {
    // In no mail by themselves.
    const UNSEEN: [&str; 3] = ["/fixed_title.txt", "/goes_on.txt", "/plain.html"];
    let digests = digests("altered.txt");
    for (key, text) in &files() {
        let dir = dir([(key, &altered(text))]);
        let templates = with(&dir);
        let (locale, _) = key.split_once('/').unwrap();
        let is = digest(&templates, &touched(key), &["de", locale]);
        assert_eq!(is, digests[key], "{key}");
        let shown = |(name, locale): &(Name, &str)| {
            let mail = templates.render(*name, locale, sample::ordinary().context(*name));
            mail.subject.contains('~') || mail.text.contains('~') || mail.html.contains('~')
        };
        assert!(UNSEEN.iter().any(|file| key.ends_with(file)) || touched(key).iter().any(shown), "{key}");
    }
}

#[test]
fn the_lines_that_had_files_are_what_they_were() {
    let (is, files) = (Templates::load(None).0, files());
    for locale in LOCALES {
        let was = |file: &str| files[&format!("{locale}/{file}")].trim().to_owned();
        assert_eq!(is.fixed_title(locale), was("fixed_title.txt"));
        assert_eq!(is.goes_on(locale), was("goes_on.txt"));
    }
}

#[test]
fn an_old_english_file_for_staff_is_read_in_every_language_as_before() {
    let files = files();
    for key in ["en/updated_owner/text.txt", "en/updated_owner/body.html", "en/staff.txt", "en/staff.html"] {
        let text = files[key].replace("There is news", "NEWS").replace("Owner:", "OWNER:");
        let dir = dir([(&key.to_owned(), &text)]);
        let (templates, _) = Templates::load(Some(dir.path()));
        let sample = sample::ordinary();
        let mail = |locale| templates.render(Name::UpdatedOwner, locale, Context::Staff(&sample.staff));
        let (german, english) = (mail("de"), mail("en"));
        assert_eq!(german, english, "{key}");
        let own = format!("{}{}", german.text, german.html);
        assert!(own.contains("NEWS") || own.contains("OWNER:"), "{key}: {own}");
        // Mails to customers in German are no business of theirs.
        let customer = templates.render(Name::ClosedCopy, "de", sample.context(Name::ClosedCopy));
        assert_eq!(customer.locale_used, "de");
    }
}

#[test]
fn an_old_english_subject_is_that_of_every_language_as_before() {
    let (key, text) = ("en/updated_owner/subject.txt".to_owned(), "{{ ticket.tag }} OWN".to_owned());
    let dir = dir([(&key, &text)]);
    let (templates, _) = Templates::load(Some(dir.path()));
    let sample = sample::ordinary();
    let mail = templates.render(Name::UpdatedOwner, "de", Context::Staff(&sample.staff));
    assert_eq!((mail.subject.as_str(), mail.locale_used.as_str()), ("[support-12] OWN", "de"));
}
