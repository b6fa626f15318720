//! The templates that are part of the program.
//!
//! A table and nothing else; what may replace them is read elsewhere.

/// A compiled-in file: its path below `templates/`, and its text.
pub type File = (&'static str, &'static str);

macro_rules! file {
    ($($part:expr),*) => {
        (concat!($($part),*), include_str!(concat!("../../templates/", $($part),*)))
    };
}

/// Every mail, subjects too: the set that is always complete.
macro_rules! complete {
    ($locale:literal: $($name:literal)*) => {
        &[$(
            file!($locale, "/", $name, "/subject.txt"),
            file!($locale, "/", $name, "/text.txt"),
            file!($locale, "/", $name, "/body.html"),
        )*]
    };
}

/// The mails to customers; they have their subjects, and staff has everything, in English.
macro_rules! for_customers {
    ($locale:literal) => {
        for_customers!($locale:
            "newticket_submitter" "newticket_copy" "updated_submitter" "updated_copy"
            "resolved_submitter" "resolved_copy" "closed_submitter" "closed_copy"
            "escalated_submitter" "merged_submitter" "merged_copy"
        )
    };
    ($locale:literal: $($name:literal)*) => {
        &[
            file!($locale, "/fixed_title.txt"),
            file!($locale, "/goes_on.txt"),
            file!($locale, "/layout.txt"),
            file!($locale, "/layout.html"),
            $(
                file!($locale, "/", $name, "/text.txt"),
                file!($locale, "/", $name, "/body.html"),
            )*
        ]
    };
}

/// The sets of files.
pub const SETS: &[&[File]] = &[
    &[
        file!("en/fixed_title.txt"),
        file!("en/goes_on.txt"),
        file!("en/frame.html"),
        file!("en/plain.html"),
        file!("en/layout.txt"),
        file!("en/layout.html"),
        file!("en/staff.txt"),
        file!("en/staff.html"),
    ],
    complete!("en":
        "newticket_submitter" "newticket_cc" "newticket_copy" "assigned_owner" "assigned_cc"
        "updated_submitter" "updated_owner" "updated_cc" "updated_copy"
        "resolved_submitter" "resolved_owner" "resolved_cc" "resolved_copy"
        "closed_submitter" "closed_owner" "closed_cc" "closed_copy"
        "escalated_submitter" "escalated_owner" "escalated_cc" "merged_submitter" "merged_copy"
        "agent_unverified" "commands_done" "delivery_failed" "due_reminder" "alert"
    ),
    for_customers!("de"),
    for_customers!("es"),
    for_customers!("fr"),
    for_customers!("it"),
    for_customers!("nl"),
    for_customers!("pl"),
    for_customers!("pt"),
];

/// Every compiled-in file.
pub fn files() -> impl Iterator<Item = File> {
    SETS.iter().flat_map(|set| set.iter().copied())
}
