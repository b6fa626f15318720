//! The words of every mail that leaves: typed contexts in, subject, text and HTML out.
//!
//! A template can be replaced by a file of an override directory, per locale. One that is missing or
//! broken never stops a mail: its words then come from the next of `de-AT`, `de`, `en`, first from the
//! directory and then as compiled in, and at last from code. Decides neither who is told nor how a mail
//! is encoded, and never reads a database or the clock.

pub mod builtin;
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

use tracing::warn;

use crate::template::context::Context;
use crate::template::engine::Engine;
use crate::template::engine::Rendered;
use crate::template::name::Name;
use crate::template::problem::Problem;

/// Every template, compiled.
#[derive(Debug)]
pub struct Templates {
    /// With the overrides, if there are any; then what is compiled in, alone.
    layers: Vec<Engine>,
}

/// For a ticket whose sender may not choose the subject of a mail, when even that file is gone.
const FIXED_TITLE: &str = "Your request";

impl Templates {
    /// Compiles what is built in and what `overrides` replaces; reads no file afterwards.
    pub fn load(overrides: Option<&Path>) -> (Self, Vec<Problem>) {
        let base = sources::built_in();
        let mut layers = Vec::new();
        let mut problems = Vec::new();
        if let Some(dir) = overrides {
            let (merged, found) = sources::overridden(&base, dir);
            let (engine, broken) = Engine::new(merged);
            problems.extend(found.into_iter().chain(broken));
            layers.push(engine);
        }
        layers.push(Engine::new(base).0);
        (Self { layers }, problems)
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
                match engine.render(name, &locale, &values) {
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
        let keys: Vec<String> =
            locale::chain(locale).iter().map(|locale| format!("{locale}/fixed_title.txt")).collect();
        let texts =
            keys.iter().flat_map(|key| self.layers.iter().filter_map(|engine| engine.sources().get(key)));
        let mut titles =
            texts.filter_map(|source| source.text.lines().map(str::trim).find(|line| !line.is_empty()));
        titles.next().unwrap_or(FIXED_TITLE)
    }
}

#[cfg(test)]
mod tests;
