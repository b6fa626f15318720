//! Every named moment at which the code can be killed, and what makes the daemon come by there.

use std::collections::BTreeSet;

use crate::architecture::source;
use crate::architecture::source::Word;
use crate::escalation::many;
use crate::sharing::pair;
use crate::upkeep::erased;
use crate::upkeep::files;

/// What must happen for the moment to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Mail arrives.
    Arrival,
    /// The mail server turns us away.
    Refusal,
    /// Mail was recorded, and then given back.
    GivenBack,
    /// Mail was recorded, and its handler died.
    Begun,
    /// A mail server hands a message over by a pipe.
    Pipe,
}

/// A moment, and at which passage to kill.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub name: &'static str,
    pub nth: u32,
    pub cause: Cause,
}

const fn at(name: &'static str, nth: u32) -> Moment {
    Moment { name, nth, cause: Cause::Arrival }
}

const fn after(cause: Cause, name: &'static str) -> Moment {
    Moment { name, nth: 1, cause }
}

/// In an order that spreads the deliveries between the steps of intake. A second passage makes sure that the
/// mail whose delivery the kill before broke off is not hit again.
pub const MOMENTS: &[Moment] = &[
    at("intake.contact.before_commit", 1),
    at("intake.contact.after_commit", 1),
    at("imap-login-answered", 2),
    at("imap-select-answered", 3),
    at("intake.lease.before_commit", 1),
    at("delivery.data.after_commit", 2),
    at("intake.lease.after_commit", 4),
    at("imap-search-answered", 2),
    at("imap-sizes-answered", 1),
    at("smtp-data-answered", 2),
    at("imap-fetch-answered", 2),
    at("imap-piece-answered", 1),
    at("record.before_commit", 2),
    at("smtp-content-answered", 2),
    at("record.after_commit", 2),
    after(Cause::Begun, "intake.begun.before_commit"),
    after(Cause::Begun, "intake.begun.after_commit"),
    at("delivery.after_answer", 2),
    after(Cause::GivenBack, "intake.claim.before_commit"),
    after(Cause::GivenBack, "intake.claim.after_commit"),
    at("handle.before_commit", 2),
    at("delivery.settle.before_commit", 2),
    at("handle.after_commit", 2),
    at("disposal.before_server", 1),
    at("imap-store-answered", 1),
    at("delivery.settle.after_commit", 2),
    at("imap-move-answered", 1),
    at("imap-expunge-answered", 1),
    at("disposal.after_server", 2),
    at("delivery.claim.before_commit", 1),
    at("disposal.before_commit", 1),
    at("disposal.after_commit", 2),
    at("delivery.claim.after_commit", 1),
    at("imap-idle-answered", 1),
    after(Cause::Pipe, "ingest.before_commit"),
    after(Cause::Pipe, "ingest.after_commit"),
    at("smtp-greeting-answered", 1),
    at("smtp-login-answered", 1),
    at("smtp-sender-answered", 2),
    at("smtp-recipient-answered", 2),
    at("delivery.data.before_commit", 2),
    after(Cause::Refusal, "delivery.rest.before_commit"),
    after(Cause::Refusal, "delivery.rest.after_commit"),
    after(Cause::Refusal, "delivery.give_back.before_commit"),
    after(Cause::Refusal, "delivery.give_back.after_commit"),
];

#[test]
fn every_moment_that_the_code_names_is_one_at_which_it_is_killed() {
    let mut named = BTreeSet::new();
    for source in source::all(&["src"]) {
        for at in 0..source.tokens.len() {
            let is_call = source.name(at) == Some("crash") && source.name(at + 3) == Some("point");
            if is_call && let Some(Word::Text(name)) = source.tokens.get(at + 5).map(|token| &token.word) {
                assert!(named.insert(name.clone()), "{}: {name} is named twice", source.place(at));
            }
        }
    }
    let here = MOMENTS.iter().map(|moment| moment.name);
    let killed: BTreeSet<String> = here
        .chain(pair::MOMENTS)
        .chain(many::MOMENTS)
        .chain(files::MOMENTS)
        .chain(erased::MOMENTS)
        .map(str::to_owned)
        .collect();
    assert_eq!(named, killed);
}
