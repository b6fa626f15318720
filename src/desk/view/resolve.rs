//! A query with its names looked up and its days as moments.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::view::Reader;
use crate::desk::view::ViewError;
use crate::desk::view::sieve::Words;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::store::filters::test::Filter;
use crate::store::filters::test::Span;
use crate::store::filters::test::Test;
use crate::ticket::id::QueueId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;
use crate::ticket::query;
use crate::ticket::query::Owner;
use crate::ticket::query::Query;
use crate::ticket::query::Sense;
use crate::ticket::query::State;
use crate::ticket::query::Term;
use crate::ticket::query::day::Day;
use crate::ticket::status::Status;
use crate::ticket::words::clause::Last;
use crate::ticket::words::clause::clause;

/// What a query stands for.
pub(super) struct Asked {
    pub(super) filters: Vec<Filter>,
    pub(super) words: Words,
}

/// The conditions that a query stands for.
pub(super) async fn resolve(
    desk: &Desk,
    tx: &mut Tx,
    query: &Query,
    reader: Reader,
) -> Result<Asked, ViewError> {
    // All times together are one span, so that the index of times has it.
    let mut created = Span::ALL;
    let (mut filters, mut words) = (Vec::new(), Words::default());
    let last = query.terms.iter().rposition(|term| matches!(term.test, query::Test::Word(_)));
    for (n, Term { sense, test }) in query.terms.iter().enumerate() {
        if let query::Test::Word(word) = test {
            words.add(word, *sense, if last == Some(n) { Last::Begun } else { Last::Whole })?;
            continue;
        }
        match (found(desk, tx, test, reader).await?, sense) {
            (Test::Created(span), Sense::Wanted) => created = created.within(span),
            (Test::Created(span), Sense::Excluded) => created = created.within(span.outside()),
            (test, sense) => filters.push(Filter { sense: *sense, test }),
        }
    }
    if created != Span::ALL {
        filters.push(Filter::wanted(Test::Created(created)));
    }
    Ok(Asked { filters, words })
}

async fn found(desk: &Desk, tx: &mut Tx, test: &query::Test, reader: Reader) -> Result<Test, ViewError> {
    let begins = |day: &Day| day.begins(&desk.config.desk.timezone, reader.now);
    Ok(match test {
        query::Test::Is(state) => of_state(*state, reader.now),
        query::Test::Owner(Owner::Me) => Test::Owner(reader.me.ok_or(ViewError::NoMe)?),
        query::Test::Owner(Owner::Nobody) => Test::Unowned,
        query::Test::Owner(Owner::Named(name)) => Test::Owner(agent(tx, name).await?),
        query::Test::From(part) => match by_address(tx, part).await? {
            Some(id) => Test::Submitter(id),
            None => Test::SubmitterLike(part.clone()),
        },
        query::Test::Cc(part) => match by_address(tx, part).await? {
            Some(id) => Test::Copied(id),
            None => Test::CopiedLike(part.clone()),
        },
        query::Test::Queue(name) => Test::Queue(queue(tx, name).await?),
        query::Test::Type(name) => Test::Type(kind(tx, name).await?),
        query::Test::Tag(tag) => Test::Tag(tag.trim().to_owned()),
        query::Test::Priority(from, to) => Test::Priority(*from, *to),
        query::Test::Rating(from, to) => Test::Rating(*from, *to),
        query::Test::Before(day) => Test::Created(Span { until: begins(day), ..Span::ALL }),
        query::Test::After(day) => Test::Created(Span { from: begins(day), ..Span::ALL }),
        query::Test::HasFile => Test::HasFile,
        query::Test::Number(id) => Test::Number(*id),
        query::Test::Word(word) => return Err(ViewError::NoWord(word.clone())),
    })
}

impl Words {
    /// A phrase has a space in it, and ends as it does; of a word of the end only the beginning may be known.
    fn add(&mut self, text: &str, sense: Sense, last: Last) -> Result<(), ViewError> {
        let is_phrase = text.trim().contains(char::is_whitespace);
        let last = if is_phrase || sense == Sense::Excluded { Last::Whole } else { last };
        let found = clause(text, last).ok_or_else(|| ViewError::NoWord(text.to_owned()))?;
        match sense {
            Sense::Wanted => self.wanted.push(found),
            Sense::Excluded => self.excluded.push(found),
        }
        Ok(())
    }
}

fn of_state(state: State, now: Timestamp) -> Test {
    match state {
        State::Open => Test::Open,
        State::Reopened => Test::Status(Status::Reopened),
        State::Resolved => Test::Status(Status::Resolved),
        State::Closed => Test::Status(Status::Closed),
        State::Merged => Test::Status(Status::Merged),
        State::Held => Test::Held,
        State::Unassigned => Test::Unassigned,
        State::Waiting => Test::Waiting,
        State::Overdue => Test::Late(Span { until: now, ..Span::ALL }),
        State::Shared => Test::Shared,
    }
}

/// An agent by user name, address or name, also one who may not act any more.
async fn agent(tx: &mut Tx, name: &str) -> Result<UserId, ViewError> {
    let wanted = name.trim();
    let staff = store::users::list_all_staff(tx).await?;
    let by = |is: &dyn Fn(&User) -> bool| {
        staff.iter().filter(|user| is(user)).map(|user| user.id).collect::<Vec<_>>()
    };
    let folded = wanted.to_lowercase();
    let is_address = |user: &User| user.has_address(&Email::key_of(wanted));
    let is_username = |user: &User| user.username.as_ref().is_some_and(|name| name.to_lowercase() == folded);
    for found in [
        by(&|user| user.username.as_deref() == Some(wanted)),
        by(&is_address),
        by(&is_username),
        by(&|user| user.name.to_lowercase() == folded),
    ] {
        match found.as_slice() {
            [] => {}
            [one] => return Ok(*one),
            _ => return Err(ViewError::SeveralAgents(name.to_owned())),
        }
    }
    Err(ViewError::NoAgent(name.to_owned()))
}

/// Somebody whose whole address this is.
async fn by_address(tx: &mut Tx, text: &str) -> Result<Option<UserId>, sqlx::Error> {
    if !text.contains('@') {
        return Ok(None);
    }
    Ok(store::users::find_by_email(tx, text).await?.map(|user| user.id))
}

/// A queue by slug or title, also one that is no longer declared.
async fn queue(tx: &mut Tx, name: &str) -> Result<QueueId, ViewError> {
    let folded = name.trim().to_lowercase();
    let queues = store::queues::list(tx).await?;
    let by_slug = queues.iter().find(|queue| queue.slug.to_lowercase() == folded);
    let found = by_slug.or_else(|| queues.iter().find(|queue| queue.title.to_lowercase() == folded));
    found.map(|queue| queue.id).ok_or_else(|| ViewError::NoQueue(name.to_owned()))
}

async fn kind(tx: &mut Tx, name: &str) -> Result<TypeId, ViewError> {
    let wanted = name.trim();
    let kinds = store::ticket_types::list(tx).await?;
    let exact = kinds.iter().find(|kind| kind.name == wanted);
    let found = exact.or_else(|| kinds.iter().find(|kind| kind.name.to_lowercase() == wanted.to_lowercase()));
    found.map(|kind| kind.id).ok_or_else(|| ViewError::NoType(name.to_owned()))
}
