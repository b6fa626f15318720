//! What a query means, as plain as it can be said, over tickets in memory.

use helpdeskd::clock::Timestamp;
use helpdeskd::ticket::life::Ticket;
use helpdeskd::ticket::query::Owner;
use helpdeskd::ticket::query::Query;
use helpdeskd::ticket::query::Sense;
use helpdeskd::ticket::query::State;
use helpdeskd::ticket::query::Test;
use helpdeskd::ticket::status::Status;
use helpdeskd::ticket::words::Folded;
use jiff::tz::TimeZone;

/// Somebody around a ticket.
#[derive(Clone, Debug)]
pub struct Person {
    pub address: String,
    pub name: String,
}

/// A ticket and all that can be asked of it.
#[derive(Clone, Debug)]
pub struct Fact {
    pub ticket: Ticket,
    pub queue: &'static str,
    pub kind: &'static str,
    pub submitter: Option<Person>,
    pub owner: Option<Person>,
    pub ccs: Vec<Person>,
    pub tags: Vec<&'static str>,
    pub has_file: bool,
    pub is_shared: bool,
}

/// The numbers of the tickets that fulfil a query, newest first. `me` is an address.
pub fn answer(facts: &[Fact], query: &Query, me: &str, now: Timestamp) -> Vec<i64> {
    let fulfils = |fact: &&Fact| {
        query.terms.iter().all(|term| (term.sense == Sense::Wanted) == is(fact, &term.test, me, now))
    };
    let mut ids: Vec<i64> = facts.iter().filter(fulfils).map(|fact| fact.ticket.id.0).collect();
    ids.sort_unstable();
    ids.reverse();
    ids
}

fn is(fact: &Fact, test: &Test, me: &str, now: Timestamp) -> bool {
    let ticket = &fact.ticket;
    match test {
        Test::Is(state) => is_in(fact, *state, now),
        Test::Owner(Owner::Me) => fact.owner.as_ref().is_some_and(|owner| owner.address == me),
        Test::Owner(Owner::Nobody) => fact.owner.is_none(),
        Test::Owner(Owner::Named(name)) => {
            fact.owner.as_ref().is_some_and(|owner| owner.address.starts_with(name))
        }
        Test::From(part) => fact.submitter.iter().any(|person| is_named(person, part)),
        Test::Cc(part) => fact.ccs.iter().any(|person| is_named(person, part)),
        Test::Queue(name) => fact.queue == name,
        Test::Type(name) => fact.kind == name,
        Test::Tag(tag) => fact.tags.contains(&tag.as_str()),
        Test::Priority(from, to) => (*from..=*to).contains(&ticket.priority),
        // None of them is rated.
        Test::Rating(..) => false,
        Test::Before(day) => ticket.created_at < day.begins(&TimeZone::UTC, now),
        Test::After(day) => ticket.created_at >= day.begins(&TimeZone::UTC, now),
        Test::HasFile => fact.has_file,
        Test::Number(id) => ticket.id == *id,
        Test::Word(word) => has_words(&ticket.subject, word),
    }
}

fn is_in(fact: &Fact, state: State, now: Timestamp) -> bool {
    let ticket = &fact.ticket;
    match state {
        State::Open => ticket.is_open(),
        State::Reopened => ticket.status == Status::Reopened,
        State::Resolved => ticket.status == Status::Resolved,
        State::Closed => ticket.status == Status::Closed,
        State::Merged => ticket.status == Status::Merged,
        State::Held => ticket.is_open() && ticket.is_held(),
        State::Unassigned => ticket.is_open() && fact.owner.is_none(),
        State::Waiting => ticket.waiting_since.is_some(),
        State::Overdue => ticket.is_open() && ticket.due_at.is_some_and(|due| due < now),
        State::Shared => fact.is_shared,
    }
}

/// Words stand together, whatever their case and marks.
fn has_words(subject: &str, text: &str) -> bool {
    let spaced = |text: &str| format!(" {} ", Folded::of(text).as_str());
    spaced(subject).contains(&spaced(text))
}

/// A whole address is that person's only; else it is part of the address or of the name.
fn is_named(person: &Person, text: &str) -> bool {
    let text = text.to_lowercase();
    if text.contains('@') && text.split('.').next_back() == Some("test") {
        return person.address == text;
    }
    person.address.contains(&text) || person.name.to_lowercase().contains(&text)
}
