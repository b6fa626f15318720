//! One layer of templates, compiled: finds the files of a mail or page and fills them in.
//!
//! Knows nothing of fallbacks between layers, and of mails only that each has three files.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use minijinja::AutoEscape;
use minijinja::Environment;
use minijinja::Error;
use minijinja::Output;
use minijinja::State;
use minijinja::UndefinedBehavior;
use minijinja::Value;
use minijinja::syntax::SyntaxConfig;

use crate::template::body;
use crate::template::body::Bodies;
use crate::template::clean;
use crate::template::context::Context;
use crate::template::files::Files;
use crate::template::files::Line;
use crate::template::frame;
use crate::template::frame::Frame;
use crate::template::frame::Rendered;
use crate::template::locale;
use crate::template::name::Name;
use crate::template::page::Page;
use crate::template::problem::Place;
use crate::template::problem::Problem;
use crate::template::sentence::Sentence;
use crate::template::sources;
use crate::template::sources::Origin;
use crate::template::sources::Source;
use crate::template::sources::Sources;
use crate::template::speaker;
use crate::template::view;
use crate::template::view::Values;
use crate::template::words::Catalogues;
use crate::template::words::Failing;
use crate::template::words::Manner;
use crate::template::words::Medium;

/// Instructions that one part of a mail may take; the longest of ours takes a few thousand.
const FUEL: u64 = 100_000;
/// Longest subject, in characters.
const SUBJECT_MAX: usize = 200;

/// Templates in two environments. The file that is asked for decides whether values are escaped, also
/// in what it includes: a text part never has `&amp;`, an HTML part never has somebody's `<script>`.
#[derive(Debug)]
pub(crate) struct Engine {
    text: Environment<'static>,
    html: Environment<'static>,
    files: Files,
    words: Arc<Catalogues>,
    locales: BTreeSet<String>,
    /// Whether a template may change what was written before, so that bodies must stand in it.
    captures: bool,
}

impl Engine {
    /// Compiles every file and word. What is broken among the overrides is left out and told.
    pub(crate) fn new(built_in: &Sources, mut own: Sources) -> (Self, Vec<Problem>) {
        let mut problems = broken(&mut own);
        let (words, unreadable) = Catalogues::new(environment(AutoEscape::None), built_in, &own);
        problems.extend(unreadable);
        let mut locales: BTreeSet<String> = words.locales().cloned().collect();
        locales.extend(own.locales());
        let files = Files::new(built_in, &own, &locales);
        let apart = Arc::new(files.apart().clone());
        let mut text = template_environment(AutoEscape::None, Arc::clone(&apart));
        let mut html = template_environment(AutoEscape::Html, apart);
        for (key, source) in files.iter() {
            // Each kind of file can include an operator's of the other kind.
            let own = source.origin == Origin::Override;
            let is_html = sources::is_html(key);
            for environment in [(own || !is_html).then_some(&mut text), (own || is_html).then_some(&mut html)]
            {
                let added = environment.map(|all| all.add_template_owned(key.clone(), source.text.clone()));
                if let Some(Err(error)) = added {
                    problems.push(Problem::from_engine(&error, key, |_| place(source)));
                }
            }
        }
        let captures = own.files.values().any(|source| frame::captures(&source.text));
        (Self { text, html, files, words: Arc::new(words), locales, captures }, problems)
    }

    /// The locales that this layer knows.
    pub(crate) fn locales(&self) -> &BTreeSet<String> {
        &self.locales
    }

    pub(crate) fn words(&self) -> &Catalogues {
        &self.words
    }

    /// Whether this layer has words of its own for a mail in exactly this locale.
    pub(crate) fn has(&self, name: Name, locale: &str) -> bool {
        let words = || locale == locale::ENGLISH || self.words.origin(locale, &name.groups()).is_some();
        self.files.has_words(name, locale) || !self.files.stays_english(name, locale) && words()
    }

    /// Whether this layer has words of its own for a page in exactly this locale.
    pub(crate) fn has_page(&self, page: Page, locale: &str) -> bool {
        self.words.origin(locale, &[page.group()]).is_some()
    }

    /// Whether a mail in this locale is an operator's in any part.
    pub(crate) fn origin(&self, name: Name, locale: &str) -> Origin {
        let parts = ["subject.txt", "text.txt", "body.html"];
        let mut keys = parts.iter().map(|part| self.files.key(&format!("{name}/{part}"), locale));
        let own =
            keys.any(|key| self.files.get(&key).is_some_and(|source| source.origin == Origin::Override));
        let words = self.words.origin(locale, &name.groups()) == Some(Origin::Override);
        if own || words { Origin::Override } else { Origin::BuiltIn }
    }

    /// The file that the structure of a mail's text is in.
    pub(crate) fn file(&self, name: Name, locale: &str) -> String {
        let key = self.files.key(&format!("{name}/text.txt"), locale);
        self.files.get(&key).map_or(key, |source| source.file.clone())
    }

    /// Fills in a mail in exactly this locale.
    fn render(&self, name: Name, locale: &str, values: &Values, failing: Failing) -> Result<Frame, Problem> {
        let mut values = self.spoken(locale, values, failing);
        let key = |part: &str| self.files.key(&format!("{name}/{part}"), locale);
        let body = key("body.html");
        let has_html = self.files.get(&body).is_some();
        let bodies = values.remove(body::BODIES).filter(|_| has_html && !self.captures);
        let subject = self.fill(&self.text, &key("subject.txt"), &Value::from_object(values.clone()))?;
        values.extend(bodies.clone().map(|bodies| (body::BODIES, bodies)));
        let seen = Value::from_object(values.clone());
        let text = tidy(&self.fill(&self.text, &key("text.txt"), &seen)?);
        let html = if has_html {
            self.fill(&self.html, &body, &seen)?
        } else {
            // A mail that has no HTML shows its text.
            values.insert("html", Value::from_safe_string(clean::html(&text)));
            self.fill(&self.html, &self.files.key("plain.html", locale), &Value::from_object(values))?
        };
        let mail = Rendered { subject: first_line(&subject), text, html, locale_used: locale.to_owned() };
        Ok(Frame { mail, bodies: Bodies::listed(bodies.as_ref()) })
    }

    /// The same; what goes to staff without the marker is as good as broken, because nothing would stop private text
    /// in an answer below it.
    pub(crate) fn checked(
        &self,
        name: Name,
        locale: &str,
        context: Context<'_>,
        failing: Failing,
    ) -> Result<Frame, Problem> {
        let frame = self.render(name, locale, &view::values(name, context), failing)?;
        let Context::Staff(staff) = context else { return Ok(frame) };
        let marker = view::marker(staff);
        if frame.mail.text.starts_with(&marker) && frame.mail.html.contains(&clean::html(&marker)) {
            return Ok(frame);
        }
        let sentence = "a mail to staff has `{{ marker }}` as its first line, also in its HTML";
        Err(Problem::new(self.file(name, locale), sentence))
    }

    /// Fills in a page in exactly this locale.
    pub(crate) fn page(&self, page: Page, locale: &str, failing: Failing) -> Result<String, Problem> {
        let values = self.spoken(locale, &page.values(), failing);
        self.fill(&self.html, &self.files.key(page.file(), locale), &Value::from_object(values))
    }

    /// A sentence in a locale that this layer knows.
    pub(crate) fn sentence(&self, locale: &str, sentence: &Sentence) -> Option<String> {
        let manner = Manner { medium: Medium::Text, failing: Failing::Replaced };
        let said = self.words.say(locale, sentence.key, &sentence.values(), manner).ok()?;
        said.as_str().map(str::to_owned)
    }

    /// A line that stands in a file of an operator, or else in the catalogue.
    pub(crate) fn line(&self, line: Line, locale: &str) -> Option<String> {
        let key = self.files.key(line.file(), locale);
        let own = self.files.get(&key).map(|source| source.text.clone());
        let own =
            own.and_then(|text| text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned));
        own.or_else(|| self.sentence(locale, &Sentence::new(line.key())))
    }

    fn spoken(&self, locale: &str, values: &Values, failing: Failing) -> Values {
        let mut values = values.clone();
        values.insert("lang", locale.into());
        values.insert("dir", locale::direction(locale).into());
        speaker::given(&self.words, locale, values, failing)
    }

    fn fill(&self, environment: &Environment<'_>, key: &str, values: &Value) -> Result<String, Problem> {
        let filled = environment.get_template(key).and_then(|template| template.render(values.clone()));
        filled.map_err(|error| {
            Problem::from_engine(&error, key, |key| {
                let own = || self.files.get(key).map(place);
                let unknown =
                    || Place { file: format!("templates/{key}"), first_line: 1, text: String::new() };
                self.words.place(key).or_else(own).unwrap_or_else(unknown)
            })
        })
    }
}

/// Takes out the overrides that cannot be read, and tells of them.
fn broken(own: &mut Sources) -> Vec<Problem> {
    let mut trial = environment(AutoEscape::None);
    let mut problems = Vec::new();
    let mut broken = Vec::new();
    for (key, source) in &own.files {
        if let Err(error) = trial.add_template_owned(key.clone(), source.text.clone()) {
            problems.push(Problem::from_engine(&error, key, |_| place(source)));
            broken.push(key.clone());
        }
    }
    for key in broken {
        own.withdraw(&key);
    }
    problems
}

fn place(source: &Source) -> Place {
    Place { file: source.file.clone(), first_line: 1, text: source.text.to_string() }
}

/// For words that are in no file and name none: nothing but the values can be used in them.
pub(super) fn words_alone(escape: AutoEscape) -> Environment<'static> {
    environment(escape)
}

fn environment(escape: AutoEscape) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let lines_of_tags_vanish = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(lines_of_tags_vanish.expect("the delimiters are the engine's own"));
    environment.set_formatter(write_value);
    environment.set_auto_escape_callback(move |_| escape.clone());
    environment
}

/// What is for templates, and not for the words in them. Files of a locale name each other without it.
fn template_environment(escape: AutoEscape, apart: Arc<BTreeSet<String>>) -> Environment<'static> {
    let is_html = escape == AutoEscape::Html;
    let mut environment = environment(escape);
    environment.set_path_join_callback(move |name, parent| match parent.split_once('/') {
        Some((locale, _)) if apart.contains(locale) => Cow::Owned(format!("{locale}/{name}")),
        _ => Cow::Borrowed(name),
    });
    environment.set_formatter(write_shared);
    if is_html {
        environment.add_filter("lines", lines);
    } else {
        environment.add_filter("lines", |text: Value| text);
    }
    environment.add_function("word", speaker::word);
    environment
}

/// A block as HTML; that of a body is known.
fn lines(state: &State<'_, '_>, text: &Value) -> Value {
    let known = text.as_str().and_then(|text| body::lines(state, text));
    known.unwrap_or_else(|| Value::from_safe_string(clean::html(&text.to_string())))
}

/// As [`write_value`], but a mark for a body that is kept elsewhere.
fn write_shared(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let plain = *state.auto_escape() == AutoEscape::None || value.is_safe();
    let mark = value.as_str().filter(|_| plain).and_then(|text| body::mark(state, text));
    match mark {
        Some(mark) => Ok(out.write_str(&mark)?),
        None => write_value(out, state, value),
    }
}

/// The engine's own escaping turns each `/` into `&#x2f;`; scanners that look for links do not read that.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let plain = *state.auto_escape() == AutoEscape::None || value.is_safe();
    match value.as_str() {
        Some(text) if plain => out.write_str(text)?,
        Some(text) => out.write_str(&clean::escaped(text))?,
        None if plain => out.write_str(&value.to_string())?,
        None => out.write_str(&clean::escaped(&value.to_string()))?,
    }
    Ok(())
}

fn first_line(subject: &str) -> String {
    let line = subject.trim().split(['\r', '\n']).next().unwrap_or_default();
    clean::line(line, SUBJECT_MAX)
}

/// No blanks at the end of a line, where they would join it with the next (RFC 3676); `-- ` is the one
/// exception, and means the signature.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for line in text.trim_matches('\n').lines() {
        out.push_str(if line == "-- " { line } else { line.trim_end() });
        out.push('\n');
    }
    out
}
