//! The files that templates are made of: those compiled in, and those of an override directory.
//!
//! Reads and names them; compiles nothing. Files are addressed by a key such as
//! `de/newticket_submitter/text.txt`, with the locale in its canonical form.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use crate::template::builtin;
use crate::template::locale;
use crate::template::name::Name;
use crate::template::problem::Problem;

/// Files by key.
pub type Sources = BTreeMap<String, Source>;

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    pub text: Cow<'static, str>,
    /// Where an override was read from; none for a compiled-in file.
    pub path: Option<PathBuf>,
}

/// The files that each mail is made from.
pub const PARTS: [&str; 3] = ["subject.txt", "text.txt", "body.html"];

/// More than any template needs; a wrong path must not fill the memory.
const FILE_MAX: u64 = 256 * 1024;

impl Source {
    /// The file as a person would look for it.
    pub fn file(&self, key: &str) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => format!("templates/{key}"),
        }
    }
}

/// What is compiled in.
pub fn built_in() -> Sources {
    builtin::files()
        .map(|(key, text)| (key.to_owned(), Source { text: Cow::Borrowed(text), path: None }))
        .collect()
}

/// `base` with the overrides of `dir` in place, and what was wrong with those.
pub fn overridden(base: &Sources, dir: &Path) -> (Sources, Vec<Problem>) {
    let (overrides, mut problems) = read(dir);
    problems.extend(overrides.iter().filter_map(|(key, source)| lonely(key, source, &overrides, base)));
    let mut sources = base.clone();
    for mail in overrides.keys().filter_map(|key| key.strip_suffix("/text.txt")) {
        // The HTML that is compiled in says other words than the new text.
        sources.remove(&format!("{mail}/body.html"));
    }
    sources.extend(overrides);
    (sources, problems)
}

/// Puts back what an override that cannot be read had replaced.
pub fn withdraw(sources: &mut Sources, base: &Sources, key: &str) {
    let Some((mail, part)) = key.rsplit_once('/') else { return };
    let (text, body) = (format!("{mail}/text.txt"), format!("{mail}/body.html"));
    let replaced = sources.get(&text).is_some_and(|source| source.path.is_some());
    match part {
        "text.txt" => {
            restore(sources, base, key);
            restore(sources, base, &body);
        }
        // Without one of its own a mail shows its text, so that its words stay those of the override.
        "body.html" if replaced => {
            sources.remove(key);
        }
        _ => restore(sources, base, key),
    }
}

fn restore(sources: &mut Sources, base: &Sources, key: &str) {
    match base.get(key) {
        Some(source) => sources.insert(key.to_owned(), source.clone()),
        None => sources.remove(key),
    };
}

/// Text and HTML say the same, so one is not replaced without the other.
fn lonely(key: &str, source: &Source, overrides: &Sources, base: &Sources) -> Option<Problem> {
    let (mail, part) = key.rsplit_once('/')?;
    let text = format!("{mail}/text.txt");
    if !PARTS.contains(&part) || overrides.contains_key(&text) {
        return None;
    }
    if !base.contains_key(&text) {
        return Some(Problem::new(source.file(key), "there is no text.txt beside it, so it is not used"));
    }
    let sentence = "there is no text.txt beside it, so the text part of the mail says other words";
    (part == "body.html").then(|| Problem::new(source.file(key), sentence))
}

fn read(dir: &Path) -> (Sources, Vec<Problem>) {
    let (mut sources, mut problems) = (Sources::new(), Vec::new());
    for path in entries(dir, &mut problems) {
        // A README beside the locales is nobody's mistake.
        if !path.is_dir() {
            continue;
        }
        let Some(locale) = locale::canonical(&file_name(&path)) else {
            problems.push(Problem::new(
                path.display().to_string(),
                "its name is no locale such as `de` or `de-AT`",
            ));
            continue;
        };
        for path in entries(&path, &mut problems) {
            if path.is_dir() {
                read_mail(&locale, &path, &mut sources, &mut problems);
            } else {
                read_file(format!("{locale}/{}", file_name(&path)), path, &mut sources, &mut problems);
            }
        }
    }
    (sources, problems)
}

/// The files of one mail.
fn read_mail(locale: &str, dir: &Path, sources: &mut Sources, problems: &mut Vec<Problem>) {
    let name = file_name(dir);
    if Name::parse(&name).is_none() {
        problems.push(Problem::new(dir.display().to_string(), "no mail has this name; see `template list`"));
        return;
    }
    for path in entries(dir, problems) {
        let part = file_name(&path);
        if PARTS.contains(&part.as_str()) {
            read_file(format!("{locale}/{name}/{part}"), path, sources, problems);
        } else {
            let sentence = "it is not used; a mail is made from subject.txt, text.txt and body.html";
            problems.push(Problem::new(path.display().to_string(), sentence));
        }
    }
}

fn read_file(key: String, path: PathBuf, sources: &mut Sources, problems: &mut Vec<Problem>) {
    match text_of(&path) {
        Ok(text) => {
            sources.insert(key, Source { text: Cow::Owned(text), path: Some(path) });
        }
        Err(sentence) => problems.push(Problem::new(path.display().to_string(), sentence)),
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    // Opening a pipe would wait for somebody to write into it.
    if !path.is_file() {
        return Err("it is not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(FILE_MAX + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("it cannot be read: {error}"))?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(format!("it is larger than {} KB", FILE_MAX / 1024));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n"))
}

/// What is in a directory, in order, less hidden files and the backups of editors.
fn entries(dir: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let listed = fs::read_dir(dir).and_then(|all| all.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = listed.unwrap_or_else(|error: std::io::Error| {
        problems.push(Problem::new(dir.display().to_string(), format!("it cannot be listed: {error}")));
        Vec::new()
    });
    paths.retain(|path| {
        let name = file_name(path);
        !name.starts_with('.') && !name.ends_with('~')
    });
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
