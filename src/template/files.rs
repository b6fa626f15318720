//! Which file a mail is made from: one for all locales, or one that an operator wrote for its locale alone.
//!
//! Knows keys and texts; compiles nothing.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::template::locale;
use crate::template::name::Audience;
use crate::template::name::Name;
use crate::template::sources;
use crate::template::sources::Origin;
use crate::template::sources::Source;
use crate::template::sources::Sources;

/// A line without values, which an operator may have in a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    FixedTitle,
    GoesOn,
}

impl Line {
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::FixedTitle => "fixed_title.txt",
            Self::GoesOn => "goes_on.txt",
        }
    }

    /// Of the word that stands for it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::FixedTitle => "layout.fixed_title",
            Self::GoesOn => "layout.goes_on",
        }
    }
}

/// The files of one layer, by the key under which each is compiled.
#[derive(Debug)]
pub(crate) struct Files {
    all: BTreeMap<String, Source>,
    /// Locales that have copies of all files, because files of theirs are among the overrides.
    apart: BTreeSet<String>,
    /// Mails that have words of a locale in files, as `de/closed_copy`.
    worded: BTreeSet<String>,
    /// Mails to staff that have English words in files.
    english: BTreeSet<Name>,
}

impl Files {
    pub(crate) fn new(built_in: &Sources, own: &Sources, locales: &BTreeSet<String>) -> Self {
        let mut shared = built_in.files.clone();
        let (of_locales, of_all): (BTreeMap<_, _>, BTreeMap<_, _>) =
            own.files.clone().into_iter().partition(|(key, _)| sources::split(key).0.is_some());
        shared.extend(of_all);
        let worded = of_locales.keys().filter_map(|key| key.strip_suffix("/text.txt").map(str::to_owned));
        let mut files = Self {
            all: BTreeMap::new(),
            apart: BTreeSet::new(),
            worded: worded.collect(),
            english: Name::ALL.into_iter().filter(|name| is_english(*name, &of_locales)).collect(),
        };
        files.add(
            "",
            |key| shared.get(key).map(|source| (source.origin as usize, source)),
            shared.keys().map(String::as_str),
        );
        for locale in locales {
            let chain = locale::chain(locale);
            let theirs: BTreeSet<&str> = of_locales
                .keys()
                .map(|key| sources::split(key))
                .filter(|(tag, _)| chain.iter().any(|one| Some(one.as_str()) == *tag))
                .map(|(_, rest)| rest)
                .collect();
            if theirs.is_empty() {
                continue;
            }
            let speaks = |tag: &String| built_in.words.contains_key(tag) || own.words.contains_key(tag);
            let has_words = locale::own(&chain).iter().any(speaks);
            let find = |key: &str| {
                let tags = if has_words && is_worded(key) { locale::own(&chain) } else { &chain[..] };
                let near = tags.iter().rev().enumerate().rev();
                let mut found =
                    near.filter_map(|(near, tag)| Some((near + 2, of_locales.get(&format!("{tag}/{key}"))?)));
                found.next().or_else(|| shared.get(key).map(|source| (source.origin as usize, source)))
            };
            let keys = theirs.into_iter().chain(shared.keys().map(String::as_str));
            files.add(&format!("{locale}/"), find, keys);
            files.apart.insert(locale.clone());
        }
        files
    }

    /// The key of a file in a locale.
    pub(crate) fn key(&self, file: &str, locale: &str) -> String {
        if self.apart.contains(locale) { format!("{locale}/{file}") } else { file.to_owned() }
    }

    /// The locales that have copies of all files.
    pub(crate) fn apart(&self) -> &BTreeSet<String> {
        &self.apart
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Source> {
        self.all.get(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Source)> {
        self.all.iter()
    }

    /// Whether the words of a mail in exactly this locale stand in a file.
    pub(crate) fn has_words(&self, name: Name, locale: &str) -> bool {
        self.worded.contains(&format!("{locale}/{name}"))
    }

    /// Whether a mail stays as an operator wrote it in English when agents' mails were in English only.
    pub(crate) fn stays_english(&self, name: Name, locale: &str) -> bool {
        let own = locale::chain(locale);
        self.english.contains(&name)
            && locale != locale::ENGLISH
            && !locale::own(&own).iter().any(|tag| self.has_words(name, tag))
    }

    /// Adds what `find` has, which says of each file how near it is to the locale.
    fn add<'k, 's>(
        &mut self,
        prefix: &str,
        find: impl Fn(&str) -> Option<(usize, &'s Source)>,
        keys: impl Iterator<Item = &'k str>,
    ) {
        for key in keys {
            let Some((near, source)) = find(key) else { continue };
            // HTML that was not written for a text says other words than that.
            let text = key.strip_suffix("/body.html").and_then(|mail| find(&format!("{mail}/text.txt")));
            if text.is_none_or(|(text, _)| text <= near) {
                self.all.insert(format!("{prefix}{key}"), source.clone());
            }
        }
    }
}

/// Files that hold words of their locale, so that English ones do not stand in where there are others.
fn is_worded(key: &str) -> bool {
    key == Line::FixedTitle.file()
        || key == Line::GoesOn.file()
        || key.starts_with("layout.")
        || key.ends_with("/text.txt")
        || key.ends_with("/body.html")
}

fn is_english(name: Name, of_locales: &BTreeMap<String, Source>) -> bool {
    let english = |file: &str| of_locales.contains_key(&format!("{}/{file}", locale::ENGLISH));
    let own = ["text.txt", "body.html"].iter().any(|part| english(&format!("{name}/{part}")));
    let shared = name != Name::Alert && (english("staff.txt") || english("staff.html"));
    name.audience() == Audience::Staff && (own || shared)
}

/// How near a file for all locales is: an override is nearer than what it replaces.
const _: () = assert!((Origin::BuiltIn as usize) < Origin::Override as usize);
