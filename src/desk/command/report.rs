//! What was done of an agent's orders and what was not, as they read it.

use crate::desk::Desk;
use crate::template::sentence::Sentence;
use crate::ticket::id::DraftId;

/// What was done and what was not, for the agent to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub(crate) done: Vec<Remark>,
    /// Each with its reason.
    pub(crate) refused: Vec<Remark>,
    /// As what the text is kept that was to go out.
    pub(crate) draft: Option<DraftId>,
}

/// A line of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Remark {
    /// A command as it was written.
    Order(String),
    Sentence(Sentence),
    /// A command, or what else it is about, and what is said of it.
    Refusal {
        of: String,
        why: Why,
    },
}

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Sentence(Sentence),
    /// As every door says it, in English.
    Text(String),
}

impl From<Sentence> for Why {
    fn from(sentence: Sentence) -> Self {
        Self::Sentence(sentence)
    }
}

impl Remark {
    /// As an agent of this locale reads it.
    pub(crate) fn told(&self, desk: &Desk, locale: &str) -> String {
        match self {
            Self::Order(line) => line.clone(),
            Self::Sentence(sentence) => desk.templates.sentence(locale, sentence),
            Self::Refusal { of, why: Why::Text(why) } => format!("{of}: {why}"),
            Self::Refusal { of, why: Why::Sentence(why) } => {
                format!("{of}: {}", desk.templates.sentence(locale, why))
            }
        }
    }
}
