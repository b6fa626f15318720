//! The templates and the words that are part of the program.
//!
//! A table and nothing else; what may replace them is read elsewhere.

/// A compiled-in file: its path below `templates/`, and its text.
pub(crate) type File = (&'static str, &'static str);

macro_rules! file {
    ($($part:expr),*) => {
        (concat!($($part),*), include_str!(concat!("../../templates/", $($part),*)))
    };
}

macro_rules! mails {
    ($($name:literal)*) => {
        &[$(
            file!($name, "/subject.txt"),
            file!($name, "/text.txt"),
            file!($name, "/body.html"),
        )*]
    };
}

/// What mails share, and the pages.
const SHARED: &[File] = &[
    file!("frame.html"),
    file!("plain.html"),
    file!("layout.txt"),
    file!("layout.html"),
    file!("staff.txt"),
    file!("staff.html"),
    file!("web/unsubscribe.html"),
];

const MAILS: &[File] = mails!(
    "newticket_submitter" "newticket_cc" "newticket_copy" "assigned_owner" "assigned_cc"
    "updated_submitter" "updated_owner" "updated_cc" "updated_copy"
    "resolved_submitter" "resolved_owner" "resolved_cc" "resolved_copy"
    "closed_submitter" "closed_owner" "closed_cc" "closed_copy"
    "escalated_submitter" "escalated_owner" "escalated_cc" "merged_submitter" "merged_copy"
    "agent_unverified" "commands_done" "delivery_failed" "due_reminder" "alert"
);

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
    [SHARED, MAILS, WORDS].into_iter().flatten().copied()
}
