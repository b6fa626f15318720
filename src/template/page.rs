//! The pages that people without an account see: HTML in words of the same catalogues.
//!
//! Says what a page is made from; who asks for one, and how it is sent, is decided elsewhere.

use crate::template::view::Values;

/// A page and what it is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// Behind the link that ends copies.
    Unsubscribe(Says),
}

/// The sentence of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    Question,
    Done,
    UseButton,
    Invalid,
}

impl Page {
    pub(crate) const ALL: [Self; 4] = [
        Self::Unsubscribe(Says::Question),
        Self::Unsubscribe(Says::Done),
        Self::Unsubscribe(Says::UseButton),
        Self::Unsubscribe(Says::Invalid),
    ];

    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Unsubscribe(_) => "web/unsubscribe.html",
        }
    }

    /// The group of its words.
    pub(crate) fn group(self) -> &'static str {
        match self {
            Self::Unsubscribe(_) => "unsubscribe",
        }
    }

    pub(crate) fn values(self) -> Values {
        match self {
            Self::Unsubscribe(says) => Values::from([("says", says.as_str().into())]),
        }
    }
}

impl Says {
    /// Its key among the words of the page.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Done => "done",
            Self::UseButton => "use_button",
            Self::Invalid => "invalid",
        }
    }
}
