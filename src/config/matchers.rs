//! All patterns of the rules of a configuration, by what they are held against.

use std::collections::BTreeMap;

use crate::config::rule::When;
use crate::config::rule::pattern::Matcher;

/// All patterns of some rules, by what they are held against.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matchers {
    pub(crate) subject: Matcher,
    pub(crate) sender: Matcher,
    pub(crate) recipient: Matcher,
    /// By the field's name, in lower case.
    pub(crate) headers: BTreeMap<String, Matcher>,
}

impl Matchers {
    pub(crate) fn of<'w>(conditions: impl Iterator<Item = &'w When>) -> Result<Self, String> {
        let (mut subject, mut sender, mut recipient) = (Vec::new(), Vec::new(), Vec::new());
        let mut headers: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
        for (rule, when) in conditions.enumerate() {
            subject.extend(when.subject.iter().map(|pattern| (rule, pattern.expression())));
            sender.extend(when.sender.iter().map(|pattern| (rule, pattern.expression())));
            recipient.extend(when.recipient.iter().map(|pattern| (rule, pattern.expression())));
            for (name, pattern) in &when.header {
                headers.entry(name.to_ascii_lowercase()).or_default().push((rule, pattern.expression()));
            }
        }
        let headers = headers.into_iter().map(|(name, patterns)| Ok((name, Matcher::of(patterns)?)));
        Ok(Self {
            subject: Matcher::of(subject)?,
            sender: Matcher::of(sender)?,
            recipient: Matcher::of(recipient)?,
            headers: headers.collect::<Result<_, String>>()?,
        })
    }
}
