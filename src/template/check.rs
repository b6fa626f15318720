//! Looks at templates without sending anything: which there are, whether they work, what they make.
//!
//! Prints nothing; the commands that show these decide how.

use std::collections::BTreeSet;

use crate::template;
use crate::template::Templates;
use crate::template::context::Context;
use crate::template::engine::Engine;
use crate::template::engine::Rendered;
use crate::template::name::Name;
use crate::template::problem::Problem;
use crate::template::sample;
use crate::template::sources::PARTS;
use crate::template::view;

/// A mail and the locales it has words in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: Name,
    pub locales: Vec<(String, Origin)>,
}

/// Where the words of a mail come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    BuiltIn,
    /// At least one of its files is an override.
    Override,
}

/// Every mail, in the order of the table of who is told what.
pub fn list(templates: &Templates) -> Vec<Listed> {
    let engine = &templates.layers[0];
    let locales = locales(engine);
    let listed = |name: Name| {
        let own = locales.iter().filter(|locale| engine.has(name, locale));
        Listed { name, locales: own.map(|locale| (locale.clone(), origin(engine, name, locale))).collect() }
    };
    Name::ALL.into_iter().map(listed).collect()
}

/// Fills in every mail, in every locale that has it, from every sample; empty when all is well.
pub fn check(templates: &Templates) -> Vec<Problem> {
    let problems = templates.layers.iter().flat_map(layer).collect();
    distinct(problems)
}

/// A mail as the ordinary sample makes it.
pub fn preview(templates: &Templates, name: Name, locale: &str) -> Rendered {
    templates.render(name, locale, sample::ordinary().context(name))
}

/// What is wrong in one layer, with no other one to stand in for it.
pub fn layer(engine: &Engine) -> Vec<Problem> {
    let samples = sample::all();
    let mut problems = Vec::new();
    for locale in locales(engine) {
        for name in Name::ALL.into_iter().filter(|&name| engine.has(name, &locale)) {
            problems.extend(
                samples.iter().filter_map(|sample| trial(engine, name, &locale, sample.context(name)).err()),
            );
        }
    }
    distinct(problems)
}

fn trial(engine: &Engine, name: Name, locale: &str, context: Context<'_>) -> Result<(), Problem> {
    let mail = template::checked(engine, name, locale, context, &view::values(name, context))?;
    let tag = match context {
        Context::Outsider(mail) => mail.ticket.tag.as_str(),
        Context::Staff(mail) => mail.ticket.tag.as_str(),
        Context::Alert(_) => "",
    };
    if mail.subject.contains(tag) {
        return Ok(());
    }
    let sentence = "the subject of this mail has no `{{ ticket.tag }}`, by which an answer finds its ticket";
    Err(Problem::new(engine.file(name, locale), sentence))
}

fn locales(engine: &Engine) -> BTreeSet<String> {
    let all = engine.sources().keys().filter_map(|key| key.split('/').next());
    all.map(str::to_owned).collect()
}

fn origin(engine: &Engine, name: Name, locale: &str) -> Origin {
    let replaced = |part: &&str| {
        let source = engine.sources().get(&format!("{locale}/{name}/{part}"));
        source.is_some_and(|source| source.path.is_some())
    };
    if PARTS.iter().any(replaced) { Origin::Override } else { Origin::BuiltIn }
}

/// The same fault shows in every mail that uses the file, and with every sample.
fn distinct(problems: Vec<Problem>) -> Vec<Problem> {
    let mut seen = Vec::new();
    for problem in problems {
        if !seen.contains(&problem) {
            seen.push(problem);
        }
    }
    seen
}
