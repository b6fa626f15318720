//! What is asked of the tickets of a list, as conditions that are joined from literal fragments.
//!
//! This is the one file that puts statements together: `join` takes literals, numbers their marks, and nothing
//! else becomes part of a statement. Values are always bound. One of the conditions, the one whose index has the
//! fewest tickets that are not wanted, says which way the tickets are walked; the others are asked of each.

pub mod cursor;
pub mod test;
pub(crate) mod text;

use sqlx::AssertSqlSafe;

use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::filters::cursor::Cursor;
use crate::store::filters::test::Filter;
use crate::store::filters::test::MOST_AMONG;
use crate::store::filters::test::Span;
use crate::store::filters::test::Spanned;
use crate::store::filters::test::Standing;
use crate::store::filters::test::Test;
use crate::ticket::id::TicketId;
use crate::ticket::query::Sense;

/// A statement that can be run: literals with numbered marks, and the values that belong to them.
#[derive(Clone, Debug)]
pub struct Statement {
    pub text: String,
    pub values: Vec<Value>,
}

/// A bound value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Number(i64),
    Text(String),
}

/// A literal with one `$` for each of its values.
type Piece = (&'static str, Vec<Value>);

/// How the tickets of a list are found: which are walked, and what is asked of each.
#[derive(Clone, Debug)]
pub struct Plan {
    path: Path,
    walked: Vec<Piece>,
    asked: Vec<Piece>,
    /// The time in which they were created or are due: only segments with such tickets need to be looked at.
    pub span: Option<Spanned>,
}

/// Along which table and index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    Tickets,
    Tags,
    Copies,
    Shares,
    /// Within one segment, along the index of the span.
    Segment,
}

/// How many tickets one statement may walk, and how many it may find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub walked: i64,
    pub found: i64,
}

/// One way to walk, among those that the conditions offer.
struct Way {
    /// The less, the fewer tickets are usually walked.
    rank: u8,
    path: Path,
    pieces: Vec<Piece>,
    /// The conditions that need not be asked any more.
    fulfils: Vec<Test>,
}

const OPEN: &str = "tickets.status in ('open', 'reopened')";
const ENDED: &str = "tickets.status not in ('open', 'reopened')";
const SHOWN: &str = "case when tickets.status not in ('open', 'reopened') then 'closed'
    when tickets.held_at is not null then 'onhold' when tickets.owner_id is null then 'unassigned' else 'open' end = $";
const UNASSIGNED: &str = "tickets.owner_id is null and tickets.status in ('open', 'reopened')";
const WAITING: &str = "tickets.waiting_since is not null";
const PRIORITY: &str = "tickets.priority >= $ and tickets.priority <= $";
const CREATED: &str = "tickets.created_at >= $ and tickets.created_at < $";
const DUE: &str = "tickets.due_at >= $ and tickets.due_at < $ and tickets.due_at is not null
    and tickets.status in ('open', 'reopened')";
const LATE: &str = "tickets.late_at >= $ and tickets.late_at < $ and tickets.late_at is not null
    and tickets.status in ('open', 'reopened')";
const RATED: &str = "exists (select 1 from ratings
    where ratings.ticket_id = tickets.id and ratings.value >= $ and ratings.value <= $)";
const AMONG: &str = "tickets.id in ($, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $)";
const SUBMITTER: &str = "exists (select 1 from users where users.id = tickets.submitter_id
    and (users.email_key like $ escape '!' or users.addresses like $ escape '!' or lower(users.name) like $ escape '!'
        or lower(users.name) like $ escape '!' or lower(users.name) like $ escape '!'))";
const COPIED: &str = "exists (select 1 from ticket_ccs
    where ticket_ccs.ticket_id = tickets.id and ticket_ccs.user_id = $)";
const COPIED_LIKE: &str = "exists (select 1 from ticket_ccs join users on users.id = ticket_ccs.user_id
    where ticket_ccs.ticket_id = tickets.id and (users.email_key like $ escape '!' or users.addresses like $ escape '!'
        or lower(users.name) like $ escape '!' or lower(users.name) like $ escape '!' or lower(users.name) like $ escape '!'))";
const TAG: &str = "exists (select 1 from tags where tags.ticket_id = tickets.id and tags.tag = $)";
const SHARED: &str = "exists (select 1 from shared_tickets
    where shared_tickets.ticket_id = tickets.id and shared_tickets.state = 'shared')";
/// Of several agreements that share a ticket, the first.
const FIRST_SHARE: &str = "shared_tickets.state = 'shared' and shared_tickets.ticket_id is not null
    and not exists (select 1 from shared_tickets as earlier where earlier.ticket_id = shared_tickets.ticket_id
        and earlier.state = 'shared' and earlier.agreement_id < shared_tickets.agreement_id)";
const FILE: &str =
    "exists (select 1 from followups join attachments on attachments.followup_id = followups.id
    where followups.ticket_id = tickets.id and attachments.disposition <> 'inline')";

impl Filter {
    fn pieces(&self) -> [Piece; 3] {
        let end = match self.sense {
            Sense::Wanted => ")",
            // What is unknown, such as the owner of nobody's ticket, is not what is excluded.
            Sense::Excluded => ") is not true",
        };
        [literal("("), condition(&self.test), literal(end)]
    }
}

impl Span {
    fn values(self) -> Vec<Value> {
        vec![Value::Number(self.from.0), Value::Number(self.until.0)]
    }
}

impl Plan {
    pub fn of(filters: &[Filter]) -> Self {
        let wanted =
            || filters.iter().filter(|filter| filter.sense == Sense::Wanted).map(|filter| &filter.test);
        let standing = wanted().find_map(Test::standing);
        let way = wanted().filter_map(|test| way(test, standing)).min_by_key(|way| way.rank);
        let way = way.unwrap_or_else(|| Way::new(u8::MAX, Path::Tickets, literal("true"), &[]));
        let is_left =
            |filter: &&Filter| filter.sense == Sense::Excluded || !way.fulfils.contains(&filter.test);
        let asked = filters.iter().filter(is_left).flat_map(Filter::pieces).collect();
        let span = wanted().filter_map(Test::span).max_by_key(|span| !matches!(span, Spanned::Created(_)));
        Self { path: way.path, walked: way.pieces, asked, span }
    }

    /// Whether one statement looks at one segment, and finds all that is wanted there.
    pub fn is_by_segment(&self) -> bool {
        self.path == Path::Segment
    }

    /// The numbers of the next tickets, in order; at most as many as the limits say.
    pub fn statement(&self, cursor: Cursor, segment: i64, limits: Limits) -> Statement {
        if self.asked.is_empty() {
            let found = limits.walked.min(limits.found);
            return join(&self.walk(vec![literal("select tickets.id")], cursor, segment, found));
        }
        // Asked of each as it is walked: as a condition of the whole, a database may join its table to the tickets, and
        // gives them in no order then. As a number, since PostgreSQL takes half of all to be true, and few to be 1.
        let mut pieces = vec![literal("select tickets.id from (")];
        let mut asked = vec![literal("select tickets.id, case when ")];
        for (n, condition) in self.asked.chunks(3).enumerate() {
            asked.extend((n > 0).then(|| literal(" and ")));
            asked.extend_from_slice(condition);
        }
        asked.push(literal(" then 1 end as fits"));
        pieces.extend(self.walk(asked, cursor, segment, limits.walked));
        pieces.push((") as tickets where fits = 1 limit 0 + $", vec![Value::Number(limits.found)]));
        join(&pieces)
    }

    /// The number of the last ticket that a statement with that limit walks; none if it comes to the end before.
    pub fn last(&self, cursor: Cursor, walked: i64) -> Statement {
        let mut pieces = self.walk(vec![literal("select tickets.id")], cursor, 0, 1);
        pieces.push((" offset $", vec![Value::Number(walked - 1)]));
        join(&pieces)
    }

    /// How many tickets of a segment a statement walks.
    pub fn count(&self, cursor: Cursor, segment: i64) -> Statement {
        let mut pieces = self.head(vec![literal("select count(*)")], segment);
        pieces.push((self.beginning(cursor), number(cursor.at().0)));
        join(&pieces)
    }

    fn walk(&self, select: Vec<Piece>, cursor: Cursor, segment: i64, limit: i64) -> Vec<Piece> {
        let mut pieces = self.head(select, segment);
        pieces.push((self.beginning(cursor), number(cursor.at().0)));
        pieces.push(literal(self.order(cursor)));
        pieces.push((" limit 0 + $", vec![Value::Number(limit)]));
        pieces
    }

    fn head(&self, mut pieces: Vec<Piece>, segment: i64) -> Vec<Piece> {
        let from = match self.path {
            Path::Tickets => " from tickets where ",
            Path::Tags => " from tags cross join tickets where tickets.id = tags.ticket_id and ",
            Path::Copies => {
                " from ticket_ccs cross join tickets where tickets.id = ticket_ccs.ticket_id and "
            }
            Path::Shares => {
                " from shared_tickets cross join tickets where tickets.id = shared_tickets.ticket_id and "
            }
            Path::Segment => " from tickets where tickets.id / 4096 = $ and ",
        };
        let segment = if self.is_by_segment() { number(segment) } else { Vec::new() };
        pieces.push((from, segment));
        pieces.extend_from_slice(&self.walked);
        pieces
    }

    /// Where the walk begins. A `+` keeps a database from an index that has another order.
    fn beginning(&self, cursor: Cursor) -> &'static str {
        match (self.path, cursor) {
            (Path::Tickets, Cursor::After(_)) => " and tickets.id > $",
            (Path::Tickets, Cursor::Before(_)) => " and tickets.id < $",
            (Path::Tags, Cursor::After(_)) => " and tags.ticket_id > $",
            (Path::Tags, Cursor::Before(_)) => " and tags.ticket_id < $",
            (Path::Copies, Cursor::After(_)) => " and ticket_ccs.ticket_id > $",
            (Path::Copies, Cursor::Before(_)) => " and ticket_ccs.ticket_id < $",
            (Path::Shares, Cursor::After(_)) => " and shared_tickets.ticket_id > $",
            (Path::Shares, Cursor::Before(_)) => " and shared_tickets.ticket_id < $",
            (Path::Segment, Cursor::After(_)) => " and + tickets.id > $",
            (Path::Segment, Cursor::Before(_)) => " and + tickets.id < $",
        }
    }

    fn order(&self, cursor: Cursor) -> &'static str {
        match (self.path, cursor) {
            (Path::Tickets, Cursor::After(_)) => " order by tickets.id",
            (Path::Tickets, Cursor::Before(_)) => " order by tickets.id desc",
            (Path::Tags, Cursor::After(_)) => " order by tags.ticket_id",
            (Path::Tags, Cursor::Before(_)) => " order by tags.ticket_id desc",
            (Path::Copies, Cursor::After(_)) => " order by ticket_ccs.ticket_id",
            (Path::Copies, Cursor::Before(_)) => " order by ticket_ccs.ticket_id desc",
            (Path::Shares, Cursor::After(_)) => " order by shared_tickets.ticket_id",
            (Path::Shares, Cursor::Before(_)) => " order by shared_tickets.ticket_id desc",
            (Path::Segment, Cursor::After(_)) => " order by + tickets.id",
            (Path::Segment, Cursor::Before(_)) => " order by + tickets.id desc",
        }
    }
}

impl Way {
    fn new(rank: u8, path: Path, piece: Piece, fulfils: &[&Test]) -> Self {
        Self {
            rank,
            path,
            pieces: vec![piece],
            fulfils: fulfils.iter().map(|test| (*test).clone()).collect(),
        }
    }
}

/// Runs a statement whose rows are one number each.
pub async fn numbers(tx: &mut Tx, statement: &Statement) -> Result<Vec<i64>, sqlx::Error> {
    let text = statement.text.clone();
    on!(tx, |conn| {
        let mut query = sqlx::query_scalar(AssertSqlSafe(text));
        for value in &statement.values {
            query = match value {
                Value::Number(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        query.fetch_all(conn).await
    })
}

/// Makes one statement of literals: each `$` gets the number of its value.
fn join(pieces: &[Piece]) -> Statement {
    let (mut text, mut values) = (String::new(), Vec::new());
    for (literal, bound) in pieces {
        let mut parts = literal.split('$');
        text.push_str(parts.next().unwrap_or_default());
        for (part, value) in parts.zip(bound) {
            values.push(value.clone());
            text.push('$');
            text.push_str(&values.len().to_string());
            text.push_str(part);
        }
    }
    Statement { text, values }
}

/// What is asked of a ticket.
fn condition(test: &Test) -> Piece {
    match test {
        Test::Number(id) => ("tickets.id = $", number(id.0)),
        Test::Submitter(id) => ("tickets.submitter_id = $", number(id.0)),
        Test::SubmitterLike(part) => (SUBMITTER, words(text::person(part))),
        Test::Copied(id) => (COPIED, number(id.0)),
        Test::CopiedLike(part) => (COPIED_LIKE, words(text::person(part))),
        Test::Owner(id) => ("tickets.owner_id = $", number(id.0)),
        Test::Unowned => literal("tickets.owner_id is null"),
        Test::Queue(id) => ("tickets.queue_id = $", number(id.0)),
        Test::Type(id) => ("tickets.type_id = $", number(id.0)),
        Test::Tag(tag) => (TAG, word(tag)),
        Test::Priority(from, to) => {
            (PRIORITY, vec![Value::Number(from.number()), Value::Number(to.number())])
        }
        Test::Created(span) => (CREATED, span.values()),
        Test::Due(span) => (DUE, span.values()),
        Test::Late(span) => (LATE, span.values()),
        Test::Rating(from, to) => (RATED, vec![Value::Number(*from), Value::Number(*to)]),
        Test::Status(status) => ("tickets.status = $", word(status.as_str())),
        Test::Open => literal(OPEN),
        Test::Ended => literal(ENDED),
        Test::Held => (SHOWN, word("onhold")),
        Test::Active => (SHOWN, word("open")),
        Test::Idle => (SHOWN, word("unassigned")),
        Test::Unassigned => literal(UNASSIGNED),
        Test::Waiting => literal(WAITING),
        Test::Shared => literal(SHARED),
        Test::HasFile => literal(FILE),
        Test::Among(ids) => (AMONG, among(ids)),
    }
}

/// How the tickets can be walked that fulfil a condition, if it has an index.
fn way(test: &Test, standing: Option<Standing>) -> Option<Way> {
    Some(match test {
        Test::Number(_) | Test::Among(_) => Way::new(0, Path::Tickets, condition(test), &[test]),
        Test::Submitter(_) => Way::new(1, Path::Tickets, condition(test), &[test]),
        Test::Copied(id) => Way::new(2, Path::Copies, ("ticket_ccs.user_id = $", number(id.0)), &[test]),
        Test::Owner(_) => owned(Way::new(3, Path::Tickets, condition(test), &[test]), standing),
        Test::Tag(tag) => Way::new(4, Path::Tags, ("tags.tag = $", word(tag)), &[test]),
        Test::Due(_) | Test::Late(_) => Way::new(5, Path::Segment, condition(test), &[test, &Test::Open]),
        Test::Held | Test::Active | Test::Idle => {
            Way::new(6, Path::Tickets, condition(test), &[test, &Test::Open])
        }
        Test::Shared => Way::new(8, Path::Shares, literal(FIRST_SHARE), &[test]),
        Test::Queue(_) => Way::new(9, Path::Tickets, condition(test), &[test]),
        Test::Created(_) => Way::new(10, Path::Segment, condition(test), &[test]),
        test => match test.standing()? {
            Standing::Open => Way::new(7, Path::Tickets, literal(OPEN), &[&Test::Open]),
            Standing::Ended => Way::new(11, Path::Tickets, (SHOWN, word("closed")), &[&Test::Ended]),
        },
    })
}

/// An agent's tickets, through the index of those in that standing.
fn owned(mut way: Way, standing: Option<Standing>) -> Way {
    match standing {
        Some(Standing::Open) => {
            way.pieces.extend([literal(" and "), literal(OPEN)]);
            way.fulfils.push(Test::Open);
        }
        Some(Standing::Ended) => {
            way.pieces.extend([literal(" and "), literal(ENDED)]);
            way.fulfils.push(Test::Ended);
        }
        None => {}
    }
    way
}

fn literal(text: &'static str) -> Piece {
    (text, Vec::new())
}

fn number(number: i64) -> Vec<Value> {
    vec![Value::Number(number)]
}

/// As many values as there are marks; no ticket has the number 0.
fn among(ids: &[TicketId]) -> Vec<Value> {
    let ids = ids.iter().map(|id| id.0).chain(std::iter::repeat(0));
    ids.take(MOST_AMONG).map(Value::Number).collect()
}

fn word(text: &str) -> Vec<Value> {
    vec![Value::Text(text.to_owned())]
}

fn words(texts: impl IntoIterator<Item = String>) -> Vec<Value> {
    texts.into_iter().map(Value::Text).collect()
}
