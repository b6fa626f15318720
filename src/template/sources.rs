//! The files that templates and words are made of: those compiled in, and those of an override directory.
//!
//! Reads and names them; compiles nothing. Files are addressed by a key such as `closed_copy/text.txt`, or
//! `de/closed_copy/text.txt` for one that only mails of a locale use, with the locale in its canonical form.

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

/// What is compiled in, or what is in a directory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// By key.
    pub(crate) files: BTreeMap<String, Source>,
    /// By locale.
    pub(crate) words: BTreeMap<String, Source>,
}

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) text: Cow<'static, str>,
    /// As a person would look for it.
    pub(crate) file: String,
    pub(crate) origin: Origin,
}

/// Where words come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    BuiltIn,
    Override,
}

/// The files that each mail is made from.
const PARTS: [&str; 3] = ["subject.txt", "text.txt", "body.html"];
/// Directories that hold no mail and are no locale.
const WORDS: &str = "words";
const PAGES: &str = "web";
/// More than any template needs; a wrong path must not fill the memory.
const FILE_MAX: u64 = 256 * 1024;

/// What is compiled in.
pub(crate) fn built_in() -> Sources {
    let mut sources = Sources::default();
    for (key, text) in builtin::files() {
        let file = format!("templates/{key}");
        let source = Source { text: Cow::Borrowed(text), file, origin: Origin::BuiltIn };
        match key.strip_prefix("words/").and_then(|name| name.strip_suffix(".toml")) {
            Some(locale) => sources.words.insert(locale.to_owned(), source),
            None => sources.files.insert(key.to_owned(), source),
        };
    }
    sources
}

/// What is in a directory of overrides, and what is wrong with it.
pub(crate) fn read(dir: &Path, built_in: &Sources) -> (Sources, Vec<Problem>) {
    let mut reader = Reader::default();
    for path in reader.entries(dir) {
        reader.read(&path);
    }
    let Reader { sources, mut problems } = reader;
    problems.extend(sources.files.iter().filter_map(|(key, source)| {
        let sentence = sources.lonely(key, built_in)?;
        Some(Problem::new(&source.file, sentence))
    }));
    (sources, problems)
}

/// The locale of a key that has one, and the rest.
pub(crate) fn split(key: &str) -> (Option<&str>, &str) {
    match key.split_once('/') {
        Some((first, rest)) if is_locale(first) => (Some(first), rest),
        _ => (None, key),
    }
}

/// Whether a file is a part of HTML.
pub(crate) fn is_html(key: &str) -> bool {
    has_ending(key, "html")
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own == ending)
}

fn is_locale(name: &str) -> bool {
    name != PAGES && name != WORDS && Name::parse(name).is_none() && locale::canonical(name).is_some()
}

impl Sources {
    /// The locales that files are for.
    pub(crate) fn locales(&self) -> impl Iterator<Item = String> {
        self.files.keys().filter_map(|key| split(key).0.map(str::to_owned))
    }

    /// Takes out a file that cannot be used. A text and its HTML say the same, so they go together.
    pub(crate) fn withdraw(&mut self, key: &str) {
        self.files.remove(key);
        if let Some(mail) = key.strip_suffix("/text.txt") {
            self.files.remove(&format!("{mail}/body.html"));
        }
    }

    /// What is wrong with a file of a locale that lacks its companion. Files for all locales share their words.
    fn lonely(&self, key: &str, built_in: &Sources) -> Option<&'static str> {
        let (Some(locale), rest) = split(key) else { return None };
        let (mail, part) = rest.split_once('/')?;
        if self.files.contains_key(&format!("{locale}/{mail}/text.txt")) {
            return None;
        }
        if !built_in.words.contains_key(locale) && !self.words.contains_key(locale) {
            return Some("there is no text.txt beside it, so it is not used");
        }
        (part == "body.html")
            .then_some("there is no text.txt beside it, so the text part of the mail says other words")
    }
}

#[derive(Default)]
struct Reader {
    sources: Sources,
    problems: Vec<Problem>,
}

impl Reader {
    fn read(&mut self, path: &Path) {
        let name = file_name(path);
        if !path.is_dir() {
            // A README beside the templates is nobody's mistake.
            if is_template(&name) {
                self.file(name, path);
            }
        } else if name == WORDS {
            self.words(path);
        } else if name == PAGES {
            self.pages(path);
        } else if Name::parse(&name).is_some() {
            self.mail("", path);
        } else if let Some(locale) = locale::canonical(&name) {
            self.locale(&locale, path);
        } else {
            self.told(path, "its name is neither that of a mail nor a locale such as `de` or `de-AT`");
        }
    }

    fn locale(&mut self, locale: &str, dir: &Path) {
        for path in self.entries(dir) {
            if path.is_dir() {
                self.mail(&format!("{locale}/"), &path);
            } else {
                self.file(format!("{locale}/{}", file_name(&path)), &path);
            }
        }
    }

    /// The files of one mail.
    fn mail(&mut self, prefix: &str, dir: &Path) {
        let name = file_name(dir);
        if Name::parse(&name).is_none() {
            self.told(dir, "no mail has this name; see `template list`");
            return;
        }
        for path in self.entries(dir) {
            let part = file_name(&path);
            if PARTS.contains(&part.as_str()) {
                self.file(format!("{prefix}{name}/{part}"), &path);
            } else {
                self.told(&path, "it is not used; a mail is made from subject.txt, text.txt and body.html");
            }
        }
    }

    fn pages(&mut self, dir: &Path) {
        for path in self.entries(dir) {
            self.file(format!("{PAGES}/{}", file_name(&path)), &path);
        }
    }

    fn words(&mut self, dir: &Path) {
        for path in self.entries(dir) {
            let name = file_name(&path);
            match name.strip_suffix(".toml").and_then(locale::canonical) {
                Some(locale) => {
                    if let Some(source) = self.source(&path) {
                        self.sources.words.insert(locale, source);
                    }
                }
                None => {
                    self.told(&path, "it is not used; words are in a file such as `de.toml` or `de-AT.toml`");
                }
            }
        }
    }

    fn file(&mut self, key: String, path: &Path) {
        if let Some(source) = self.source(path) {
            self.sources.files.insert(key, source);
        }
    }

    fn source(&mut self, path: &Path) -> Option<Source> {
        match text_of(path) {
            Ok(text) => {
                let file = path.display().to_string();
                Some(Source { text: Cow::Owned(text), file, origin: Origin::Override })
            }
            Err(sentence) => {
                self.told(path, sentence);
                None
            }
        }
    }

    /// What is in a directory, in order, less hidden files and the backups of editors.
    fn entries(&mut self, dir: &Path) -> Vec<PathBuf> {
        let listed = fs::read_dir(dir).and_then(|all| all.map(|entry| Ok(entry?.path())).collect());
        let mut paths: Vec<PathBuf> = listed.unwrap_or_else(|error: std::io::Error| {
            self.told(dir, format!("it cannot be listed: {error}"));
            Vec::new()
        });
        paths.retain(|path| {
            let name = file_name(path);
            !name.starts_with('.') && !name.ends_with('~')
        });
        paths.sort();
        paths
    }

    fn told(&mut self, path: &Path, sentence: impl Into<String>) {
        self.problems.push(Problem::new(path.display().to_string(), sentence));
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

fn is_template(name: &str) -> bool {
    is_html(name) || has_ending(name, "txt")
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
