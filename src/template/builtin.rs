//! The templates and the words that are part of the program.
//!
//! Tables and nothing else; what may replace them is read elsewhere.

use crate::template::name;

/// A compiled-in file: its path below `templates/`, and its text.
pub(crate) type File = (&'static str, &'static str);

macro_rules! file {
    ($($part:expr),*) => {
        (concat!($($part),*), include_str!(concat!("../../templates/", $($part),*)))
    };
}

/// A mail about a ticket has the subject that they share.
macro_rules! subject {
    ($name:literal) => {
        (concat!($name, "/subject.txt"), "{% include \"subject.txt\" %}\n")
    };
}

/// A part of a mail that says one word in the frame of its readers.
macro_rules! one_word {
    ($name:literal, $part:literal, $frame:literal) => {
        (
            concat!($name, $part),
            concat!(
                "{% extends \"",
                $frame,
                "\" %}\n",
                "{% block says %}\n{{ word(\"",
                $name,
                ".says\") }}\n{% endblock %}\n"
            ),
        )
    };
}

macro_rules! mail {
    ($name:literal Staff OneWord) => {
        [
            subject!($name),
            one_word!($name, "/text.txt", "staff.txt"),
            one_word!($name, "/body.html", "staff.html"),
        ]
    };
    ($name:literal Outsider OneWord) => {
        [
            subject!($name),
            one_word!($name, "/text.txt", "layout.txt"),
            one_word!($name, "/body.html", "layout.html"),
        ]
    };
    ($name:literal $audience:ident OwnBody) => {
        [subject!($name), file!($name, "/text.txt"), file!($name, "/body.html")]
    };
    ($name:literal $audience:ident OwnFiles) => {
        [file!($name, "/subject.txt"), file!($name, "/text.txt"), file!($name, "/body.html")]
    };
}

macro_rules! mails {
    ($($variant:ident $name:literal $audience:ident $files:ident,)*) => {
        const MAILS: &[[File; 3]] = &[$(mail!($name $audience $files)),*];
    };
}

name::mails!(mails);

/// What mails share, and the pages.
const SHARED: &[File] = &[
    file!("frame.html"),
    file!("plain.html"),
    file!("layout.txt"),
    file!("layout.html"),
    file!("staff.txt"),
    file!("staff.html"),
    file!("subject.txt"),
    file!("web/unsubscribe.html"),
];

/// The words of each locale; those in English are complete.
const WORDS: &[File] = &[
    file!("words/de.toml"),
    file!("words/en.toml"),
    file!("words/es.toml"),
    file!("words/fr.toml"),
    file!("words/it.toml"),
    file!("words/nl.toml"),
    file!("words/pl.toml"),
    file!("words/pt.toml"),
];

/// Every compiled-in file.
pub(crate) fn files() -> impl Iterator<Item = File> {
    [SHARED, MAILS.as_flattened(), WORDS].into_iter().flatten().copied()
}
