//! The words of every mail that leaves: typed contexts in, subject, text and HTML out.
//!
//! A template can be replaced by a file of an override directory, per locale. One that is missing or
//! broken never stops a mail: its words then come from the next of `de-AT`, `de`, `en`, first from the
//! directory and then as compiled in, and at last from code. Decides neither who is told nor how a mail
//! is encoded, and never reads a database or the clock.

pub mod builtin;
pub mod check;
pub mod clean;
pub mod context;
pub mod engine;
pub mod locale;
pub mod name;
pub mod plain;
pub mod problem;
pub mod sample;
pub mod sources;
pub mod view;

use std::path::Path;

use minijinja::Value;
use tracing::warn;

use crate::template::context::Context;
use crate::template::engine::Engine;
use crate::template::engine::Rendered;
use crate::template::name::Name;
use crate::template::problem::Problem;
use crate::template::sources::Sources;

/// Every template, compiled.
#[derive(Debug)]
pub struct Templates {
    /// With the overrides, if there are any; then what is compiled in, alone.
    layers: Vec<Engine>,
}

/// For a ticket whose sender may not choose the subject of a mail, when even that file is gone.
const FIXED_TITLE: &str = "Your request";
/// For a text that is too long, when even that file is gone.
const GOES_ON: &str = "[…] message.txt";

impl Templates {
    /// Compiles what is built in and what `overrides` replaces; reads no file afterwards.
    ///
    /// Overrides are tried with sample mails at once, so that an operator hears of a broken one before a
    /// customer would have been written to.
    pub fn load(overrides: Option<&Path>) -> (Self, Vec<Problem>) {
        let base = sources::built_in();
        let mut layers = Vec::new();
        let mut problems = Vec::new();
        if let Some(dir) = overrides {
            let (engine, found) = overriding(&base, dir);
            layers.push(engine);
            problems.extend(found);
        }
        layers.push(Engine::new(base).0);
        let templates = Self { layers };
        if overrides.is_some() {
            problems.extend(check::layer(&templates.layers[0]));
        }
        (templates, problems)
    }

    /// Fills in a mail. Always gives one: see the fallbacks above.
    ///
    /// A context that was made for other readers than the mail has gives a mail with no words of it.
    pub fn render(&self, name: Name, locale: &str, context: Context<'_>) -> Rendered {
        if !context.fits(name) {
            return plain::render(name, context);
        }
        let values = view::values(name, context);
        for locale in locale::chain(locale) {
            for engine in self.layers.iter().filter(|engine| engine.has(name, &locale)) {
                match checked(engine, name, &locale, context, &values) {
                    Ok(mail) => return mail,
                    Err(problem) => warn!(
                        template = %name,
                        file = problem.file,
                        line = problem.line,
                        "a template failed, using the next one"
                    ),
                }
            }
        }
        plain::render(name, context)
    }

    /// The title of a ticket in mails to a sender who is not authenticated: anybody can write in another's
    /// name, and must not choose what that other one gets to read.
    pub fn fixed_title(&self, locale: &str) -> &str {
        self.line("fixed_title.txt", locale).unwrap_or(FIXED_TITLE)
    }

    /// What stands below the beginning of a text whose whole is a file of the mail.
    pub fn goes_on(&self, locale: &str) -> &str {
        self.line("goes_on.txt", locale).unwrap_or(GOES_ON)
    }

    /// The first line of a file that has no values in it.
    fn line(&self, file: &str, locale: &str) -> Option<&str> {
        let keys: Vec<String> =
            locale::chain(locale).iter().map(|locale| format!("{locale}/{file}")).collect();
        let texts =
            keys.iter().flat_map(|key| self.layers.iter().filter_map(|engine| engine.sources().get(key)));
        let mut lines =
            texts.filter_map(|source| source.text.lines().map(str::trim).find(|line| !line.is_empty()));
        lines.next()
    }
}

/// A layer with the overrides; those that cannot be read are withdrawn from it.
fn overriding(base: &Sources, dir: &Path) -> (Engine, Vec<Problem>) {
    let (mut merged, mut problems) = sources::overridden(base, dir);
    let (engine, broken) = Engine::new(merged.clone());
    if broken.is_empty() {
        return (engine, problems);
    }
    for (key, problem) in broken {
        sources::withdraw(&mut merged, base, &key);
        problems.push(problem);
    }
    (Engine::new(merged).0, problems)
}

/// Fills in a mail of one layer; what goes to staff without the marker is as good as broken, because
/// nothing would stop private text in an answer below it.
fn checked(
    engine: &Engine,
    name: Name,
    locale: &str,
    context: Context<'_>,
    values: &Value,
) -> Result<Rendered, Problem> {
    let mail = engine.render(name, locale, values)?;
    let Context::Staff(staff) = context else { return Ok(mail) };
    let marker = view::marker(staff);
    if mail.text.starts_with(&marker) && mail.html.contains(&clean::html(&marker)) {
        return Ok(mail);
    }
    Err(Problem::new(
        engine.file(name, locale),
        "a mail to staff has `{{ marker }}` as its first line, also in its HTML",
    ))
}

#[cfg(test)]
mod override_tests;
#[cfg(test)]
mod tests;
