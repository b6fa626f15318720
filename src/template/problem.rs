//! What is wrong with a template, in words for the operator who wrote it.
//!
//! Names files and lines; never what a mail contained.

use std::error::Error as _;
use std::fmt;

use minijinja::Error;
use minijinja::ErrorKind;

use crate::template::clean;

/// A template that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A file of the override directory, or `templates/…` for one that is compiled in.
    pub file: String,
    pub line: Option<usize>,
    pub sentence: String,
}

/// Where a compiled text stands.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) file: String,
    /// The line of the file that is the first one of the text.
    pub(crate) first_line: usize,
    pub(crate) text: String,
}

impl Problem {
    pub(crate) fn new(file: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, sentence: sentence.into() }
    }

    /// Tells an error of the engine; `place` finds a template by its key.
    pub(crate) fn from_engine(error: &Error, key: &str, place: impl Fn(&str) -> Place) -> Self {
        let cause = innermost(error);
        let key = cause.name().or_else(|| error.name()).unwrap_or(key);
        let line = cause.line().or_else(|| error.line());
        let Place { file, first_line, text } = place(key);
        let source = line.and_then(|line| text.lines().nth(line.checked_sub(1)?)).unwrap_or_default();
        let near = match clean::line(source, 80) {
            source if source.is_empty() => String::new(),
            source => format!(", near `{source}`"),
        };
        let line = line.map(|line| line + first_line - 1);
        Self { file, line, sentence: format!("{}{near}", reason(cause)) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.sentence),
            None => write!(f, "{}: {}", self.file, self.sentence),
        }
    }
}

/// An error in an included file is wrapped by one for each file that includes it.
fn innermost(error: &Error) -> &Error {
    let mut cause = error;
    while let Some(inner) = cause.source().and_then(|source| source.downcast_ref::<Error>()) {
        cause = inner;
    }
    cause
}

fn reason(error: &Error) -> String {
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => format!("it asks for a value that does not exist{detail}"),
        ErrorKind::SyntaxError => format!("it cannot be read{detail}"),
        ErrorKind::OutOfFuel => "it does not come to an end".to_owned(),
        ErrorKind::TemplateNotFound => format!("it needs a file that does not exist{detail}"),
        kind => format!("{kind}{detail}"),
    }
}
