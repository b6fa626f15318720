//! A sentence of the desk itself: a key of the catalogue and what is filled in, until it is known who reads it.

use minijinja::Value;

/// Is told to each reader in their own language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub(crate) key: &'static str,
    values: Vec<(&'static str, String)>,
    /// Values that are words themselves.
    pub(crate) words: Vec<(&'static str, &'static str)>,
    /// What somebody wrote, which stands below it.
    pub(crate) below: String,
}

impl Sentence {
    pub(crate) fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new(), words: Vec::new(), below: String::new() }
    }

    /// The same, with a value filled in. Each word of the catalogue lists what it is given by using it.
    pub(crate) fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The same, with another word of the catalogue filled in.
    pub(crate) fn with_word(mut self, name: &'static str, key: &'static str) -> Self {
        self.words.push((name, key));
        self
    }

    /// The same, with somebody's own text below it, unless that is empty.
    pub(crate) fn followed_by(mut self, text: &str) -> Self {
        text.clone_into(&mut self.below);
        self
    }

    pub(crate) fn values(&self) -> Value {
        Value::from_pairs(self.values.iter().map(|(name, value)| (*name, Value::from(value.as_str()))))
    }
}
