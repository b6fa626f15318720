//! The numbers of many random tickets against a count of each.

use std::collections::BTreeMap;

use helpdeskd::clock::Timestamp;
use helpdeskd::desk::report;
use helpdeskd::desk::report::By;
use helpdeskd::desk::report::days::Period;
use helpdeskd::desk::report::line::Line;
use helpdeskd::desk::report::line::Times;
use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::store::measures::NewMeasure;
use helpdeskd::store::tickets::NewTicket;
use helpdeskd::ticket::Row;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::life::Ticket;
use helpdeskd::ticket::measure::MeasureKind;
use helpdeskd::ticket::priority::Priority;
use helpdeskd::ticket::status::Status;
use helpdeskd::ticket::targets::Clocks;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rstest::rstest;

use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::moment;

const ZONE: &str = "Europe/Berlin";
const TAGS: [&str; 3] = ["vip", "=cmd", "later"];

/// One ticket, and all that happened to it.
struct Fact {
    queue: String,
    kind: String,
    owner: String,
    tags: Vec<&'static str>,
    opened: Timestamp,
    happened: Vec<Happened>,
    rated: Option<(Timestamp, i64)>,
}

struct Happened {
    kind: MeasureKind,
    at: Timestamp,
    agent: String,
    minutes: Option<i64>,
    met: Option<bool>,
}

fn one<'a, T>(random: &mut StdRng, of: &'a [T]) -> &'a T {
    &of[random.random_range(0..of.len())]
}

/// What happens to a ticket, with moments that never go back.
fn history(
    random: &mut StdRng,
    opened: Timestamp,
    agents: &[(Option<UserId>, String)],
) -> Vec<(Happened, Option<UserId>)> {
    let (mut at, mut open, mut answered) = (opened, true, false);
    let mut happened = Vec::new();
    for _ in 0..random.random_range(0..6) {
        at = Timestamp(at.0 + random.random_range(0..10 * Timestamp::DAY));
        let kind = match (open, random.random_range(0..8)) {
            (true, 0..4) if answered => MeasureKind::NextAnswer,
            (true, 0..4) => MeasureKind::FirstAnswer,
            (true, 4..7) => MeasureKind::Resolved,
            (true, _) => MeasureKind::Merged,
            (false, 0..4) => MeasureKind::Reopened,
            (false, _) => continue,
        };
        answered |= kind == MeasureKind::FirstAnswer;
        open = !matches!(kind, MeasureKind::Resolved | MeasureKind::Merged);
        let (id, agent) = one(random, agents).clone();
        let is_timed =
            !matches!(kind, MeasureKind::Merged | MeasureKind::Reopened) && random.random_range(0..9) > 0;
        let minutes = is_timed.then(|| random.random_range(0..3_000));
        let met = minutes.filter(|_| random.random_range(0..2) == 0).map(|minutes| minutes <= 480);
        happened.push((Happened { kind, at, agent, minutes, met }, id));
        if kind == MeasureKind::Merged {
            break;
        }
    }
    happened
}

async fn ticket(
    desk: &TestDesk,
    tx: &mut Tx,
    random: &mut StdRng,
    agents: &[(Option<UserId>, String)],
) -> Fact {
    let directory = &desk.app.desk().directory;
    let queue = one(random, directory.queues());
    let kind = directory.types().iter().find(|kind| kind.queue_id == queue.id).expect("each has one");
    let (owner_id, owner) = one(random, agents).clone();
    let opened = Timestamp(moment("2026-02-20T00:00:00Z").0 + random.random_range(0..60 * Timestamp::DAY));
    let uuid = format!("{:032x}", random.random::<u128>());
    let new = NewTicket {
        uuid: &uuid,
        queue_id: queue.id,
        type_id: Some(kind.id),
        subject: "Printer",
        submitter_id: agents[1].0,
        reply_to: None,
        owner_id,
        priority: Priority::NORMAL,
        due_at: None,
        escalate_at: None,
        follows: None,
        door: "mail",
        authentication: Authentication::Pass,
        locale: None,
        customer_at: None,
        preview: "",
        created_at: opened,
        clocks: &Clocks::default(),
    };
    let ticket = store::tickets::insert(tx, &new, opened).await.expect("it is written");
    let history = history(random, opened, agents);
    for (one, agent_id) in &history {
        let (kind, at, minutes, met) = (one.kind, one.at, one.minutes, one.met);
        let new = NewMeasure { ticket: &ticket, kind, at, agent_id: *agent_id, minutes, met };
        store::measures::insert(tx, &new).await.expect("it is written");
    }
    let last = history.iter().rev().find(|(one, _)| !is_answer(one.kind)).map(|(one, _)| one.kind);
    let status = match last {
        None => Status::Open,
        Some(MeasureKind::Reopened) => Status::Reopened,
        Some(MeasureKind::Merged) => Status::Merged,
        Some(_) => Status::Resolved,
    };
    let row = Ticket::stored(Row { status, ..Row::clone(&ticket) });
    assert!(store::tickets::update(tx, &row, opened).await.expect("it is written"));
    let tags = tags(tx, random, ticket.id).await;
    let rated = (random.random_range(0..4) == 0).then(|| {
        (Timestamp(opened.0 + random.random_range(0..20 * Timestamp::DAY)), random.random_range(1..=5_i64))
    });
    if let Some((at, value)) = rated {
        let by = (ticket.id, agents[1].0.expect("she is somebody"));
        store::ratings::upsert(tx, by, value, None, at).await.expect("it is written");
    }
    let happened = history.into_iter().map(|(one, _)| one).collect();
    Fact { queue: queue.config.slug.clone(), kind: kind.name.clone(), owner, tags, opened, happened, rated }
}

async fn tags(tx: &mut Tx, random: &mut StdRng, id: TicketId) -> Vec<&'static str> {
    let mut tags = Vec::new();
    for tag in TAGS {
        if random.random_range(0..3) == 0 {
            store::tags::insert(tx, id, tag).await.expect("it is written");
            tags.push(tag);
        }
    }
    tags
}

fn is_answer(kind: MeasureKind) -> bool {
    matches!(kind, MeasureKind::FirstAnswer | MeasureKind::NextAnswer)
}

fn day(at: Timestamp) -> Date {
    let at = jiff::Timestamp::from_microsecond(at.0).expect("it is a moment");
    at.to_zoned(TimeZone::get(ZONE).expect("there is one")).date()
}

/// What was gathered for one line.
#[derive(Default)]
struct Gathered {
    line: Line,
    minutes: BTreeMap<&'static str, Vec<Option<i64>>>,
    rated: Vec<i64>,
}

/// A count of each ticket, as plain as it can be.
fn naive(facts: &[Fact], by: By, period: Period) -> Vec<Line> {
    let within = |at: Timestamp| (period.from..=period.to).contains(&day(at));
    let mut all: BTreeMap<String, Gathered> = BTreeMap::new();
    if by == By::Day {
        let mut date = period.from;
        while date <= period.to {
            all.entry(date.to_string()).or_default();
            date = date.tomorrow().expect("there is one");
        }
    }
    for fact in facts {
        let places = |at: Timestamp, agent: &str| match by {
            By::Queue => vec![fact.queue.clone()],
            By::Type => vec![fact.kind.clone()],
            By::Agent => vec![agent.to_owned()],
            By::Tag => fact.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            By::Day => vec![day(at).to_string()],
        };
        if within(fact.opened) {
            for place in places(fact.opened, &fact.owner) {
                all.entry(place).or_default().line.opened += 1;
            }
        }
        for one in fact.happened.iter().filter(|one| within(one.at)) {
            for place in places(one.at, &one.agent) {
                let gathered = all.entry(place).or_default();
                gathered.line.answered += i64::from(is_answer(one.kind));
                gathered.line.resolved += i64::from(one.kind == MeasureKind::Resolved);
                gathered.line.targets_met += i64::from(one.met == Some(true));
                gathered.line.targets_missed += i64::from(one.met == Some(false));
                gathered.minutes.entry(one.kind.as_str()).or_default().push(one.minutes);
            }
        }
        if let Some((at, value)) = fact.rated.filter(|(at, _)| within(*at)) {
            for place in places(at, &fact.owner) {
                all.entry(place).or_default().rated.push(value);
            }
        }
        let ends: Vec<(Date, Vec<String>)> = match by {
            By::Day => all.keys().map(|key| (key.parse().expect("a day"), vec![key.clone()])).collect(),
            _ => vec![(period.to, places(fact.opened, &fact.owner))],
        };
        for (end, places) in ends {
            let last = fact.happened.iter().rfind(|one| day(one.at) <= end && !is_answer(one.kind));
            let open = last.is_none_or(|one| one.kind == MeasureKind::Reopened);
            if day(fact.opened) <= end && open {
                for place in places {
                    all.entry(place).or_default().line.backlog += 1;
                }
            }
        }
    }
    let mut lines: Vec<Line> = all.into_iter().map(|(name, gathered)| gathered.line(name)).collect();
    lines.retain(|line| by == By::Day || *line != Line { name: line.name.clone(), ..Line::default() });
    lines.sort_by_key(|line| (line.name.is_empty(), line.name.clone()));
    lines
}

impl Gathered {
    fn line(mut self, name: String) -> Line {
        let mut times = |kind: MeasureKind| {
            let all = self.minutes.remove(kind.as_str()).unwrap_or_default();
            let mut known: Vec<i64> = all.iter().copied().flatten().collect();
            known.sort_unstable();
            let nth = |tenths: usize| known.get((known.len() * tenths).div_ceil(10).max(1) - 1).copied();
            let count = i64::try_from(all.len()).expect("it is small");
            Times { count, median: nth(5), p90: nth(9) }
        };
        let ratings = i64::try_from(self.rated.len()).expect("it is small");
        let sum: i64 = self.rated.iter().sum();
        Line {
            name,
            first_answer: times(MeasureKind::FirstAnswer),
            next_answer: times(MeasureKind::NextAnswer),
            resolution: times(MeasureKind::Resolved),
            ratings,
            rating_mean: (ratings > 0).then(|| (sum * 100 + ratings / 2) / ratings),
            ..self.line
        }
    }
}

#[rstest]
#[case(On::Sqlite, 10_000)]
#[case(On::Postgres, 3_000)]
#[tokio::test]
async fn a_report_says_what_a_count_of_each_ticket_says(#[case] on: On, #[case] tickets: usize) {
    let queues = "[[queues]]\nslug = \"billing\"\ntitle = \"Billing\"\naddress = \"billing@desk.test\"\n";
    let desk = TestDesk::with_desk(on, &format!("timezone = \"{ZONE}\""), queues).await;
    let mut agents = vec![(None, String::new())];
    for email in ["alex@staff.test", "bea@staff.test"] {
        let user = desk.agent(email).await;
        agents.push((Some(user.id), user.username.clone().unwrap_or(user.name)));
    }
    let mut random = StdRng::seed_from_u64(20_260_329);
    let mut tx = desk.write().await;
    let mut facts = Vec::new();
    for _ in 0..tickets {
        facts.push(ticket(&desk, &mut tx, &mut random, &agents).await);
    }
    for (from, to) in
        [("2026-03-01", "2026-04-10"), ("2026-03-29", "2026-03-29"), ("2026-02-01", "2026-08-01")]
    {
        let period = Period { from: from.parse().expect("a day"), to: to.parse().expect("a day") };
        for by in By::ALL {
            let found = report::report(&desk.app.desk(), &mut tx, *by, period).await.expect("it is counted");
            let expected = naive(&facts, *by, period);
            assert_eq!(found.lines.len(), expected.len(), "{by} {from}");
            for (found, expected) in found.lines.iter().zip(&expected) {
                assert_eq!(found, expected, "{by} from {from}");
            }
            let opened: i64 = expected.iter().map(|line| line.opened).sum();
            assert!(*by == By::Tag || found.total.opened == opened, "{by} {from}");
        }
    }
    tx.rollback().await.expect("it rolls back");
}
