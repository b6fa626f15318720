//! Looks at templates without sending anything: which there are, whether they work, what they make.
//!
//! Prints nothing; the commands that show these decide how.

use crate::template::context::Context;
use crate::template::engine::Engine;
use crate::template::name::Name;
use crate::template::page::Page;
use crate::template::problem::Problem;
use crate::template::sample;
use crate::template::sources::Origin;
use crate::template::words::Failing;

/// A mail and the locales it has words in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub name: Name,
    pub locales: Vec<(String, Origin)>,
}

/// Words that a locale of an operator's own does not have, so that readers get English ones among theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The file of the locale's words.
    pub file: String,
    pub keys: Vec<String>,
}

/// Every mail, and the locales that a layer has words in.
pub(crate) fn list(engine: &Engine) -> Vec<Listed> {
    let listed = |name: Name| {
        let own = engine.locales().iter().filter(|locale| engine.has(name, locale));
        Listed { name, locales: own.map(|locale| (locale.clone(), engine.origin(name, locale))).collect() }
    };
    Name::ALL.into_iter().map(listed).collect()
}

/// The words that each locale lacks.
pub(crate) fn missing(engine: &Engine) -> Vec<Missing> {
    let words = engine.words();
    let lacking = |locale: &String| {
        let keys: Vec<String> = words.missing(locale).into_iter().map(str::to_owned).collect();
        let file = words.file(locale).filter(|_| !keys.is_empty())?.to_owned();
        Some(Missing { file, keys })
    };
    words.locales().filter_map(lacking).collect()
}

/// What is wrong in one layer, with no other one to stand in for it.
pub(crate) fn layer(engine: &Engine) -> Vec<Problem> {
    let samples = sample::all();
    let mut problems = Vec::new();
    for locale in engine.locales() {
        for name in Name::ALL.into_iter().filter(|&name| engine.has(name, locale)) {
            problems.extend(
                samples.iter().filter_map(|sample| trial(engine, name, locale, sample.context(name)).err()),
            );
        }
        let pages = Page::ALL.into_iter().filter(|&page| engine.has_page(page, locale));
        problems.extend(pages.filter_map(|page| engine.page(page, locale, Failing::Told).err()));
    }
    distinct(problems)
}

fn trial(engine: &Engine, name: Name, locale: &str, context: Context<'_>) -> Result<(), Problem> {
    let mail = engine.checked(name, locale, context, Failing::Told)?;
    let tag = match context {
        Context::Outsider(mail) => mail.ticket.tag.as_str(),
        Context::Staff(mail) => mail.ticket.tag.as_str(),
        Context::Alert(_) => "",
    };
    if mail.mail.subject.contains(tag) {
        return Ok(());
    }
    let sentence = "the subject of this mail has no `{{ ticket.tag }}`, by which an answer finds its ticket";
    Err(Problem::new(engine.file(name, locale), sentence))
}

/// The same fault shows in every mail that uses the file, and with every sample.
pub(crate) fn distinct(problems: Vec<Problem>) -> Vec<Problem> {
    let mut seen = Vec::new();
    for problem in problems {
        if !seen.contains(&problem) {
            seen.push(problem);
        }
    }
    seen
}
