//! One layer of templates, compiled: finds the files of a mail and fills them in.
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
use minijinja::context;
use minijinja::syntax::SyntaxConfig;

use crate::template::clean;
use crate::template::locale;
use crate::template::name::Name;
use crate::template::problem::Problem;
use crate::template::sources::Sources;

/// Instructions that one part of a mail may take; the longest of ours takes a few thousand.
const FUEL: u64 = 100_000;
/// Longest subject, in characters.
const SUBJECT_MAX: usize = 200;

/// A mail as it was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The locale its words are in, which may be another than was asked for.
    pub locale_used: String,
}

/// Templates in two environments. The file that is asked for decides whether values are escaped, also
/// in what it includes: a text part never has `&amp;`, an HTML part never has somebody's `<script>`.
#[derive(Debug)]
pub struct Engine {
    text: Environment<'static>,
    html: Environment<'static>,
    sources: Sources,
}

impl Engine {
    /// Compiles every file; those that cannot be read are left out and told, by their keys.
    pub fn new(sources: Sources) -> (Self, Vec<(String, Problem)>) {
        let known: Arc<BTreeSet<String>> = Arc::new(sources.keys().cloned().collect());
        let text = environment(AutoEscape::None, Arc::clone(&known));
        let html = environment(AutoEscape::Html, known);
        let mut engine = Self { text, html, sources };
        let broken = engine.compile();
        (engine, broken)
    }

    /// Whether this layer has words of its own for a mail in exactly this locale.
    pub fn has(&self, name: Name, locale: &str) -> bool {
        self.sources.contains_key(&format!("{locale}/{name}/text.txt"))
    }

    /// The file that the words of a mail are in.
    pub fn file(&self, name: Name, locale: &str) -> String {
        let key = format!("{locale}/{name}/text.txt");
        self.sources.get(&key).map_or_else(|| key.clone(), |source| source.file(&key))
    }

    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Fills in a mail in exactly this locale; only a subject may come from one that stands in for it.
    pub fn render(&self, name: Name, locale: &str, values: &Value) -> Result<Rendered, Problem> {
        let values = context! {
            lang => locale,
            dir => locale::direction(locale),
            ..values.clone()
        };
        let subject_key =
            resolve(&format!("{name}/subject.txt"), locale, |key| self.sources.contains_key(key));
        let subject = self.fill(&self.text, &subject_key, &values)?;
        let text = self.fill(&self.text, &format!("{locale}/{name}/text.txt"), &values)?;
        let text = tidy(&text);
        let html = self.body(name, locale, &values, &text)?;
        Ok(Rendered { subject: first_line(&subject), text, html, locale_used: locale.to_owned() })
    }

    /// The HTML part; a mail that has none shows its text.
    fn body(&self, name: Name, locale: &str, values: &Value, text: &str) -> Result<String, Problem> {
        let key = format!("{locale}/{name}/body.html");
        if self.sources.contains_key(&key) {
            return self.fill(&self.html, &key, values);
        }
        let words = context! { html => Value::from_safe_string(clean::html(text)), ..values.clone() };
        self.fill(&self.html, &resolve("plain.html", locale, |key| self.sources.contains_key(key)), &words)
    }

    fn fill(&self, environment: &Environment<'_>, key: &str, values: &Value) -> Result<String, Problem> {
        let filled = environment.get_template(key).and_then(|template| template.render(values.clone()));
        filled.map_err(|error| self.problem(&error, key))
    }

    fn compile(&mut self) -> Vec<(String, Problem)> {
        let mut broken = Vec::new();
        for (key, source) in &self.sources {
            let plain = self.text.add_template_owned(key.clone(), source.text.clone());
            let escaped = self.html.add_template_owned(key.clone(), source.text.clone());
            if let Err(error) = plain.and(escaped) {
                broken.push((key.clone(), self.problem(&error, key)));
            }
        }
        broken
    }

    fn problem(&self, error: &Error, key: &str) -> Problem {
        Problem::from_engine(error, key, |key| match self.sources.get(key) {
            Some(source) => (source.file(key), source.text.to_string()),
            None => (format!("templates/{key}"), String::new()),
        })
    }
}

fn environment(escape: AutoEscape, known: Arc<BTreeSet<String>>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let lines_of_tags_vanish = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(lines_of_tags_vanish.expect("the delimiters are the engine's own"));
    environment.set_formatter(write_value);
    environment.set_path_join_callback(move |name, parent| {
        let locale = parent.split('/').next().unwrap_or(locale::ENGLISH);
        Cow::Owned(resolve(name, locale, |key| known.contains(key)))
    });
    if escape == AutoEscape::Html {
        environment.add_filter("lines", |text: String| Value::from_safe_string(clean::html(&text)));
    } else {
        environment.add_filter("lines", |text: String| text);
    }
    environment.set_auto_escape_callback(move |_| escape.clone());
    environment
}

/// The engine's own escaping turns each `/` into `&#x2f;`; scanners that look for links do not read that.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let plain = *state.auto_escape() == AutoEscape::None || value.is_safe();
    match value.as_str() {
        Some(text) if plain => out.write_str(text)?,
        Some(text) => out.write_str(&escaped(text))?,
        None if plain => out.write_str(&value.to_string())?,
        None => out.write_str(&escaped(&value.to_string()))?,
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    clean::escape(text, &mut out);
    out
}

/// The key of a file that a mail shares with others: of its own locale, else of one that stands in.
fn resolve(name: &str, locale: &str, known: impl Fn(&str) -> bool) -> String {
    let mut keys = locale::chain(locale).into_iter().map(|locale| format!("{locale}/{name}"));
    let first = keys.next().unwrap_or_default();
    if known(&first) { first } else { keys.find(|key| known(key)).unwrap_or(first) }
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
