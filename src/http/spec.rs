//! What the APIs offer, as data: the help page and the OpenAPI document are made of it.

/// One argument of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) kind: Kind,
    pub(crate) about: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The number of something; at least this.
    Number(u64),
    /// One line of at most so many characters.
    Line(usize),
    /// Text of any length.
    Text,
    Email,
    Secret,
    /// A date, or a date and a time, as in the example.
    Moment(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Argument {
    pub(crate) const fn required(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, need: Need::Required, kind, about }
    }

    pub(crate) const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, need: Need::Optional, kind, about }
    }
}
