//! What is kept of texts of every shape.
//!
//! Mails of real programs are in `tests/mail`.

use proptest::prelude::*;

use super::*;
use crate::clock::processor;

#[test]
fn a_signature_goes_even_where_nothing_else_is() {
    for (text, want) in [
        ("Please help her.\n\n-- \nAlex", "Please help her."),
        ("-- \nAlex\nSupport", ""),
        ("Sent from my iPhone", ""),
        ("#assign me\n\nSent from my iPhone\n", "#assign me"),
        ("", ""),
    ] {
        assert_eq!(without_signature(text), want, "{text}");
    }
}

const QUOTE: &str = "On 2 Apr 2024 at 18:26, Bob <b@x.test> wrote:\n> Which one?\n";

#[test]
fn what_is_new_is_kept_and_what_is_old_goes() {
    let cases = [
        ("Re: x", format!("New.\n\n{QUOTE}"), "New."),
        ("Re: x", format!("{QUOTE}\nNew.\n"), "New."),
        (
            "Re: x",
            format!("Hi,\n{QUOTE}\nNew.\n> More?\nYes.\n> Bye\n"),
            "Hi,\n> Which one?\n\nNew.\n> More?\nYes.",
        ),
        ("Re: x", "New.\n\n-- \nAnn\n".into(), "New."),
        ("Re: x", format!("New.\n\n{MARKER}\nOld.\n"), "New."),
        ("Re: x", format!("New.\n\n{QUOTE}-- \nAnn\n"), "New."),
        ("x", "The error is:\n> disk full\n".into(), "The error is:\n> disk full"),
        (
            "x",
            "From: Ann <a@x.test>\nDate: today\nSubject: form\n\nHelp.\n".into(),
            "From: Ann <a@x.test>\nDate: today\nSubject: form\n\nHelp.",
        ),
        (
            "Fwd: x",
            format!(
                "fyi\n\n---------- Forwarded message ---------\nFrom: Cora <c@x.test>\n\nHelp.\n\n{QUOTE}"
            ),
            "fyi\n\n---------- Forwarded message ---------\nFrom: Cora <c@x.test>\n\nHelp.\n\nOn 2 Apr 2024 at 18:26, Bob <b@x.test> wrote:\n> Which one?",
        ),
        ("", String::new(), ""),
        ("", "\n \n".into(), ""),
        ("", "> only quoted\n".into(), "> only quoted"),
        // Stars are taken for decoration, but may be all there is.
        ("Re: x", "\n\n* \n".into(), "*"),
    ];
    for (subject, text, want) in cases {
        assert_eq!(new_part(&text, &Head { subject, answered: None }), want, "{text}");
    }
}

#[test]
fn a_million_lines_that_may_introduce_a_quote_are_read_in_no_time() {
    let before = processor::spent();
    for line in [":\n", "1.1.24 10:00 a@b:\n", "To: a@b\n", "-\n", "*\n", "--\n", "\n", "scanned by\n\n"] {
        let text = line.repeat(1024 * 1024 / line.len());
        assert_eq!(trim(&text).is_empty(), text.trim().is_empty());
        assert!(!trim(&format!("{text}word\n{text}")).is_empty());
    }
    // Without optimisation; the bound is what a quadratic loop would exceed.
    let took = processor::since(before);
    assert!(took.as_secs() < 60, "{took:?}");
}

/// Texts put together from what mails are made of.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Some words.",
        "",
        "",
        "> quoted",
        ">> more",
        "On 2 Apr 2024 at 18:26, Bob <b@x.test> wrote:",
        "Bob wrote:",
        "--",
        "-- ",
        "-----Original Message-----",
        "From: Bob <b@x.test>",
        "Sent: Monday",
        "To: Ann",
        "Subject: x",
        "Sent from my iPhone",
        MARKER,
        "---------- Forwarded message ---------",
        "________",
        "Ann> yes",
        "👍",
        "x:",
        "2024",
        "Am 2.4.24 schrieb Bob:",
    ]);
    prop::collection::vec(prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => "\\PC{0,30}"], 0..25)
        .prop_map(|l| l.join("\n"))
}

proptest! {
    #[test]
    fn nothing_is_ever_added(text in texts(), subject in prop::sample::select(vec!["Re: x", "Fwd: x", "x"])) {
        let new = new_part(&text, &Head { subject, answered: None });
        let mut old = text.lines().map(str::trim);
        for line in new.lines() {
            prop_assert!(old.any(|o| o == line.trim()), "{line:?} in {text:?}");
        }
    }

    #[test]
    fn something_is_always_left(text in texts()) {
        let words = |t: &str| t.lines().any(|l| Line::new(l).has_words());
        prop_assert_eq!(words(&trim(&text)), words(&text));
        prop_assert_eq!(trim(&text).is_empty(), text.trim().is_empty());
    }

    #[test]
    fn what_is_new_stays_new(text in texts()) {
        let once = trim(&text);
        prop_assert!(trim(&once).len() <= once.len());
    }
}
