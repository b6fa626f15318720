//! Facts, each with how it stands and what mends it.
//!
//! Prints each part when it is done, so that nobody waits for the slowest server before an empty screen.

use serde::Serialize;
use serde_json::json;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;

/// How a fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// Works, with something to know.
    Note,
    /// Does not work.
    Bad,
}

/// One thing that was found out.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    about: String,
    state: State,
    #[serde(rename = "fact")]
    says: String,
    /// What an operator can do, in words.
    fix: Option<String>,
}

/// The facts about one thing.
#[derive(Debug)]
pub struct Section {
    about: String,
    facts: Vec<Fact>,
}

/// Everything that was found out.
#[derive(Debug)]
pub struct Report {
    form: Form,
    facts: Vec<Fact>,
}

impl Section {
    pub fn new(about: impl Into<String>) -> Self {
        Self { about: about.into(), facts: Vec::new() }
    }

    pub fn ok(&mut self, fact: impl Into<String>) {
        self.push(State::Ok, fact.into(), None);
    }

    /// Something to know, with nothing to do about it.
    pub(crate) fn remark(&mut self, fact: impl Into<String>) {
        self.push(State::Note, fact.into(), None);
    }

    pub fn note(&mut self, fact: impl Into<String>, fix: impl Into<String>) {
        self.push(State::Note, fact.into(), Some(fix.into()));
    }

    pub fn bad(&mut self, fact: impl Into<String>, fix: impl Into<String>) {
        self.push(State::Bad, fact.into(), Some(fix.into()));
    }

    fn push(&mut self, state: State, says: String, fix: Option<String>) {
        self.facts.push(Fact { about: self.about.clone(), state, says, fix });
    }
}

impl Report {
    pub fn new(form: Form) -> Self {
        Self { form, facts: Vec::new() }
    }

    /// Adds what was found out about one thing, and shows it to people.
    pub fn take(&mut self, section: Section) {
        if self.form == Form::Human && !section.facts.is_empty() {
            out::line(&section.about);
            section.facts.iter().for_each(show);
        }
        self.facts.extend(section.facts);
    }

    /// Says how it stands in all; a failure when something is bad.
    pub fn end(self) -> Result<(), Failure> {
        let count = |state| self.facts.iter().filter(|fact| fact.state == state).count();
        let (bad, notes) = (count(State::Bad), count(State::Note));
        match self.form {
            Form::Json => out::json(&json!({ "bad": bad, "notes": notes, "facts": self.facts }))?,
            Form::Human if bad == 0 => out::line(&format!("Nothing is bad; {}.", counted(notes, "note"))),
            Form::Human => {}
        }
        match bad {
            0 => Ok(()),
            1 => Err(Failure::new(Code::Config, "1 thing is bad; the line below it says what to do")),
            many => Err(Failure::new(
                Code::Config,
                format!("{many} things are bad; the line below each says what to do"),
            )),
        }
    }
}

/// A number with its word, such as `2 queues`.
pub fn counted(number: usize, word: &str) -> String {
    match number {
        1 => format!("1 {word}"),
        0 => format!("no {word}s"),
        _ => format!("{number} {word}s"),
    }
}

fn show(fact: &Fact) {
    let word = match fact.state {
        State::Ok => "ok  ",
        State::Note => "note",
        State::Bad => "BAD ",
    };
    out::line(&format!("  {word}  {}", out::flat(&fact.says)));
    if let Some(fix) = &fact.fix {
        out::line(&format!("        -> {}", out::flat(fix)));
    }
}
