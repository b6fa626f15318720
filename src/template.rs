//! The words of every mail that leaves and of the pages outside of the console: typed contexts in, text and HTML out.
//!
//! Structure stands once, in templates; words stand in a catalogue a locale. Both can be replaced in an override
//! directory. What is missing or broken there never stops a mail: its words then come from the next of `de-AT`,
//! `de`, `en`, first from the directory and then as compiled in, and at last from code. Decides neither who is told
//! nor how a mail is encoded, and never reads a database or the clock.

pub(crate) mod body;
mod builtin;
pub(crate) mod check;
pub(crate) mod clean;
pub(crate) mod context;
pub(crate) mod engine;
mod files;
pub(crate) mod frame;
pub(crate) mod locale;
pub(crate) mod name;
pub(crate) mod page;
mod plain;
pub(crate) mod problem;
pub mod reply;
mod sample;
pub(crate) mod sentence;
pub(crate) mod sources;
mod speaker;
pub(crate) mod view;
mod words;

use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;

use tracing::warn;

use crate::template::check::Listed;
use crate::template::check::Missing;
use crate::template::context::Context;
use crate::template::engine::Engine;
use crate::template::files::Line;
use crate::template::frame::Frame;
use crate::template::frame::Rendered;
use crate::template::name::Name;
use crate::template::page::Page;
use crate::template::problem::Problem;
use crate::template::sentence::Sentence;
use crate::template::words::Failing;

/// Every template, compiled.
#[derive(Debug)]
pub struct Templates {
    /// With the overrides, if there are any; then what is compiled in, alone.
    layers: Vec<Arc<Engine>>,
}

/// What is compiled in is the same for every desk of a process.
static BUILT_IN: LazyLock<Arc<Engine>> =
    LazyLock::new(|| Arc::new(Engine::new(&sources::built_in(), sources::Sources::default()).0));

impl Templates {
    /// Compiles what is built in and what `overrides` replaces; reads no file afterwards.
    ///
    /// Overrides are tried with sample mails at once, so that an operator hears of a broken one before a
    /// customer would have been written to.
    pub fn load(overrides: Option<&Path>) -> (Self, Vec<Problem>) {
        let built_in = Arc::clone(&BUILT_IN);
        let Some(dir) = overrides else { return (Self { layers: vec![built_in] }, Vec::new()) };
        let base = sources::built_in();
        let (own, mut problems) = sources::read(dir, &base);
        let (engine, found) = Engine::new(&base, own);
        problems.extend(found);
        problems.extend(check::layer(&engine));
        (Self { layers: vec![Arc::new(engine), built_in] }, problems)
    }

    /// Fills in a mail. Always gives one: see the fallbacks above.
    pub(crate) fn render(&self, name: Name, locale: &str, context: Context<'_>) -> Rendered {
        self.frame(name, locale, context).filled()
    }

    /// The same, without the bodies that are large: those are kept once for all mails that show them.
    ///
    /// A context that was made for other readers than the mail has gives a mail with no words of it.
    pub(crate) fn frame(&self, name: Name, locale: &str, context: Context<'_>) -> Frame {
        if !context.fits(name) {
            return Frame::whole(plain::render(name, context));
        }
        let own = &self.layers[0];
        // Where an operator's English stands in for a locale, no layer speaks that.
        for locale in locale::chain(locale).iter().filter(|locale| own.has(name, locale)) {
            for engine in self.layers.iter().filter(|engine| engine.has(name, locale)) {
                match engine.checked(name, locale, context, Failing::Replaced) {
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
        Frame::whole(plain::render(name, context))
    }

    /// Every mail, in the order of the table of who is told what.
    pub(crate) fn list(&self) -> Vec<Listed> {
        check::list(&self.layers[0])
    }

    /// Fills in every mail, in every locale that has it, from every sample; empty when all is well.
    pub(crate) fn check(&self) -> Vec<Problem> {
        check::distinct(self.layers.iter().flat_map(|engine| check::layer(engine)).collect())
    }

    /// The words that each locale lacks, which is no fault: those in English stand in.
    pub(crate) fn missing(&self) -> Vec<Missing> {
        check::missing(&self.layers[0])
    }

    /// A mail as the ordinary sample makes it.
    pub(crate) fn preview(&self, name: Name, locale: &str) -> Rendered {
        self.render(name, locale, sample::ordinary().context(name))
    }

    /// Fills in a page.
    pub(crate) fn page(&self, page: Page, locale: &str) -> String {
        for locale in locale::chain(locale) {
            for engine in self.layers.iter().filter(|engine| engine.has_page(page, &locale)) {
                match engine.page(page, &locale, Failing::Replaced) {
                    Ok(html) => return html,
                    Err(problem) => {
                        warn!(file = problem.file, line = problem.line, "a page failed, using the next one");
                    }
                }
            }
        }
        String::new()
    }

    /// A sentence of the desk, for readers of a locale.
    pub(crate) fn sentence(&self, locale: &str, sentence: &Sentence) -> String {
        let mut whole = sentence.clone();
        for (name, key) in &sentence.words {
            whole = whole.with(name, &self.sentence(locale, &Sentence::new(key)));
        }
        let chain = locale::chain(locale);
        let said = |locale: &String| self.layers.iter().find_map(|engine| engine.sentence(locale, &whole));
        let said = chain.iter().find_map(said).unwrap_or_else(|| sentence.key.to_owned());
        if sentence.below.trim().is_empty() { said } else { format!("{said}\n{}", sentence.below) }
    }

    /// The title of a ticket in mails to a sender who is not authenticated: anybody can write in another's
    /// name, and must not choose what that other one gets to read.
    pub(crate) fn fixed_title(&self, locale: &str) -> String {
        self.line(Line::FixedTitle, locale)
    }

    /// What stands below the beginning of a text whose whole is a file of the mail.
    pub(crate) fn goes_on(&self, locale: &str) -> String {
        self.line(Line::GoesOn, locale)
    }

    fn line(&self, line: Line, locale: &str) -> String {
        let chain = locale::chain(locale);
        let said = |locale: &String| self.layers.iter().find_map(|engine| engine.line(line, locale));
        chain.iter().find_map(said).unwrap_or_default()
    }

    /// The language of a page that a reader likes best, by their browser's `Accept-Language`.
    pub(crate) fn preferred(&self, page: Page, header: &str) -> Option<String> {
        locale::preferred(header, |locale| self.layers.iter().any(|engine| engine.has_page(page, locale)))
    }
}

#[cfg(test)]
mod frame_tests;
#[cfg(test)]
mod language_tests;
#[cfg(test)]
mod override_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod v1_tests;
#[cfg(test)]
mod words_tests;
