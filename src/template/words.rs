//! The words of all locales: catalogues of short texts by key, read from TOML and filled in like templates.
//!
//! A word is one text for both parts of a mail. In HTML it is escaped, and the names of people in it are set
//! apart from what surrounds them, whichever direction they run in. One that is missing or broken falls back to
//! what it replaced, then along `de-AT`, `de`, `en`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use minijinja::Environment;
use minijinja::Error;
use minijinja::ErrorKind;
use minijinja::Value;
use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

use crate::template::clean;
use crate::template::locale;
use crate::template::problem::Place;
use crate::template::problem::Problem;
use crate::template::sources::Origin;
use crate::template::sources::Source;
use crate::template::sources::Sources;

/// Every catalogue.
#[derive(Debug)]
pub(crate) struct Catalogues {
    environment: Environment<'static>,
    /// By locale: what is looked at in turn.
    chains: BTreeMap<String, Vec<Arc<Catalogue>>>,
}

/// The words of one file.
#[derive(Debug)]
struct Catalogue {
    locale: String,
    file: String,
    origin: Origin,
    words: BTreeMap<String, Word>,
}

#[derive(Debug)]
struct Word {
    text: String,
    /// Of the file, where the text begins.
    line: usize,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// It is what it says; here as it stands in each medium.
    Plain { text: Value, html: Value },
    /// The name under which it is compiled.
    Filled(String),
}

/// How a word is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) medium: Medium,
    pub(crate) failing: Failing,
}

/// Whether a word that fails is an error, or what stands in for it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failing {
    Told,
    Replaced,
}

/// What a word becomes a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    Text,
    Html,
}

/// FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX #9), between which the names of people are filled in;
/// values never hold them, see `clean`.
pub(crate) const APART: [char; 2] = ['\u{2068}', '\u{2069}'];

impl Catalogues {
    /// Compiles every word; those that cannot be read are left out and told.
    pub(crate) fn new(
        environment: Environment<'static>,
        built_in: &Sources,
        own: &Sources,
    ) -> (Self, Vec<Problem>) {
        let mut words = Self { environment, chains: BTreeMap::new() };
        let mut problems = Vec::new();
        let mut catalogues: Vec<Arc<Catalogue>> = Vec::new();
        for (locale, source) in own.words.iter().chain(&built_in.words) {
            catalogues.push(Arc::new(words.read(locale, source, &mut problems)));
        }
        let english = |one: &&Arc<Catalogue>| one.locale == locale::ENGLISH && one.origin == Origin::BuiltIn;
        let known = catalogues.iter().find(english).cloned();
        for one in catalogues.iter().filter(|one| one.origin == Origin::Override) {
            problems.extend(known.iter().flat_map(|known| words.unknown(one, known)));
        }
        for locale in catalogues.iter().map(|one| &one.locale) {
            let of = |tag: String| catalogues.iter().filter(move |one| one.locale == tag).cloned();
            let chain = locale::chain(locale).into_iter().flat_map(of).collect();
            words.chains.insert(locale.clone(), chain);
        }
        (words, problems)
    }

    /// The locales that have a catalogue.
    pub(crate) fn locales(&self) -> impl Iterator<Item = &String> {
        self.chains.keys()
    }

    /// Where a locale's own words of one of these groups come from.
    pub(crate) fn origin(&self, locale: &str, groups: &[&str]) -> Option<Origin> {
        let own = self.chain(locale).iter().filter(|one| one.locale == locale);
        let has = |one: &&Arc<Catalogue>| one.words.keys().any(|key| groups.contains(&group(key)));
        own.filter(has).map(|one| one.origin).next()
    }

    /// A word of a locale, filled in. Says how it failed if nothing can stand in for it.
    pub(crate) fn say(
        &self,
        locale: &str,
        key: &str,
        values: &Value,
        manner: Manner,
    ) -> Result<Value, Error> {
        let mut failed = None;
        for catalogue in self.chain(locale) {
            let Some(word) = catalogue.words.get(key) else { continue };
            match self.fill(word, values, manner.medium) {
                Ok(text) => return Ok(text),
                Err(error) if manner.failing == Failing::Told => return Err(error),
                Err(error) => {
                    let line = word.line;
                    tracing::warn!(
                        word = key,
                        file = catalogue.file,
                        line,
                        "a word failed, using the next one"
                    );
                    failed = Some(error);
                }
            }
        }
        let unknown = || Error::new(ErrorKind::InvalidOperation, format!("there is no word called `{key}`"));
        Err(failed.unwrap_or_else(unknown))
    }

    /// The keys for which a locale falls back to English.
    pub(crate) fn missing(&self, locale: &str) -> Vec<&str> {
        let chain = self.chain(locale);
        let (english, others): (Vec<_>, Vec<_>) = chain.iter().partition(|one| one.locale == locale::ENGLISH);
        let all: BTreeSet<&str> =
            english.iter().flat_map(|one| one.words.keys()).map(String::as_str).collect();
        if others.is_empty() {
            return Vec::new();
        }
        all.into_iter().filter(|key| !others.iter().any(|one| one.words.contains_key(*key))).collect()
    }

    /// The file of a locale's own words.
    pub(crate) fn file(&self, locale: &str) -> Option<&str> {
        self.chain(locale).first().map(|one| one.file.as_str())
    }

    /// Where a compiled word stands.
    pub(crate) fn place(&self, name: &str) -> Option<Place> {
        let (file, key) = name.split_once(SEPARATOR)?;
        let catalogue = self.chains.values().flatten().find(|one| one.file == file)?;
        let word = catalogue.words.get(key)?;
        Some(Place { file: file.to_owned(), first_line: word.line, text: word.text.clone() })
    }

    fn chain(&self, locale: &str) -> &[Arc<Catalogue>] {
        self.chains.get(locale).map_or(&[], Vec::as_slice)
    }

    fn fill(&self, word: &Word, values: &Value, medium: Medium) -> Result<Value, Error> {
        match (&word.form, medium) {
            (Form::Plain { text, .. }, Medium::Text) => Ok(text.clone()),
            (Form::Plain { html, .. }, Medium::Html) => Ok(html.clone()),
            (Form::Filled(name), _) => {
                Ok(shown(self.environment.get_template(name)?.render(values.clone())?, medium))
            }
        }
    }

    fn read(&mut self, locale: &str, source: &Source, problems: &mut Vec<Problem>) -> Catalogue {
        let mut words = BTreeMap::new();
        // What is whole in a file with a mistake is used.
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        let mut broken = Vec::new();
        for error in errors {
            let line = error.span().map(|span| line_at(&source.text, span.start));
            broken.extend(line);
            problems.push(problem(source, line, format!("it cannot be read: {}", error.message())));
        }
        for (group, keys) in table.get_ref() {
            let DeValue::Table(keys) = keys.get_ref() else {
                let line = line_at(&source.text, group.span().start);
                let sentence = format!("`{}` stands in no group", group.get_ref());
                problems.push(problem(source, Some(line), sentence));
                continue;
            };
            for (key, value) in keys {
                let key = format!("{}.{}", group.get_ref(), key.get_ref());
                match self.word(&key, value, source) {
                    Ok(word) if broken.contains(&word.line) => {}
                    Ok(word) => drop(words.insert(key, word)),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        Catalogue { locale: locale.to_owned(), file: source.file.clone(), origin: source.origin, words }
    }

    fn word(&mut self, key: &str, value: &Spanned<DeValue<'_>>, source: &Source) -> Result<Word, Problem> {
        let start = value.span().start;
        let line = line_at(&source.text, start);
        let Some(text) = value.get_ref().as_str() else {
            return Err(problem(source, Some(line), format!("`{key}` is no text in quotation marks")));
        };
        // The text of several lines begins behind the quotation marks.
        let below = ["\"\"\"\n", "'''\n"].iter().any(|quote| source.text[start..].starts_with(quote));
        let line = if below { line + 1 } else { line };
        if !["{{", "{%", "{#"].iter().any(|tag| text.contains(tag)) {
            let [plain, html] = [Medium::Text, Medium::Html].map(|medium| shown(text.to_owned(), medium));
            return Ok(Word { text: text.to_owned(), line, form: Form::Plain { text: plain, html } });
        }
        let name = format!("{}{SEPARATOR}{key}", source.file);
        self.environment.add_template_owned(name.clone(), text.to_owned()).map_err(|error| {
            let place = Place { file: source.file.clone(), first_line: line, text: text.to_owned() };
            Problem::from_engine(&error, &name, |_| place.clone())
        })?;
        Ok(Word { text: text.to_owned(), line, form: Form::Filled(name) })
    }

    /// Catalogues that nothing asks for, and those of the desk's own sentences that ask for what these do not have.
    fn unknown(&self, own: &Catalogue, known: &Catalogue) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (key, word) in &own.words {
            let Some(english) = known.words.get(key) else {
                let sentence = format!("no template asks for a word called `{key}`");
                problems.push(Problem { file: own.file.clone(), line: Some(word.line), sentence });
                continue;
            };
            if SENTENCES.contains(&group(key)) {
                let values = self.values(english);
                for value in self.values(word).difference(&values) {
                    let sentence = format!("it asks for a value that does not exist: `{value}`");
                    problems.push(Problem { file: own.file.clone(), line: Some(word.line), sentence });
                }
            }
        }
        problems
    }

    fn values(&self, word: &Word) -> BTreeSet<String> {
        let Form::Filled(name) = &word.form else { return BTreeSet::new() };
        let values = self.environment.get_template(name).map(|word| word.undeclared_variables(false));
        values.unwrap_or_default().into_iter().collect()
    }
}

/// Groups of words that stand in no template.
const SENTENCES: [&str; 2] = ["note", "reply"];
/// Between the file of a word and its key; in no name of a file that we read.
const SEPARATOR: char = '\u{0}';

/// A word as it stands in a medium.
fn shown(text: String, medium: Medium) -> Value {
    let [begin, end] = APART;
    let has_names = text.contains(begin);
    match medium {
        Medium::Text if has_names => Value::from(text.replace(APART, "")),
        Medium::Text => Value::from(text),
        Medium::Html => {
            let html = clean::escaped(&text);
            let apart = |html: String| html.replace(begin, "<bdi>").replace(end, "</bdi>");
            Value::from_safe_string(if has_names { apart(html) } else { html })
        }
    }
}

/// `closed_copy` of `closed_copy.says`.
fn group(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}

fn line_at(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

fn problem(source: &Source, line: Option<usize>, sentence: String) -> Problem {
    Problem { file: source.file.clone(), line, sentence }
}
