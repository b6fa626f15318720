//! A small desk of tickets that are all different, and the same in memory.

use helpdeskd::clock::Timestamp;
use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::store::followups::NewFollowup;
use helpdeskd::store::tickets::NewTicket;
use helpdeskd::store::users::NewUser;
use helpdeskd::ticket::Row;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Disposition;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::life::Ticket;
use helpdeskd::ticket::person::Role;
use helpdeskd::ticket::person::User;
use helpdeskd::ticket::priority::Priority;
use helpdeskd::ticket::status::Status;
use helpdeskd::ticket::targets::Clocks;
use helpdeskd::worker::backfill;

use super::naive::Fact;
use super::naive::Person;
use crate::support::story::On;
use crate::support::story::TestDesk;

const QUEUES: &str = "[[queues.types]]\nname = \"Payment\"\n[[queues.types]]\nname = \"Question\"\n
[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\n";
const KINDS: [(&str, &str); 3] = [("support", "Payment"), ("support", "Question"), ("sales", "Sales")];
const SUBJECTS: [&str; 4] = ["Drucker: ÄRGER 100%", "printer_1 on fire", "Ärger", "refund"];
const TAGS: [&str; 3] = ["vip", "later", "Later"];
pub const TICKETS: u64 = 60;

/// Numbers that look like chance and are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn one<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        let end = u64::try_from(all.len()).expect("it is small");
        &all[usize::try_from(self.below(end)).expect("it is small")]
    }

    fn some<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        (self.below(3) > 0).then(|| self.one(all).clone())
    }
}

/// Who asks and answers.
struct People {
    customers: Vec<User>,
    agents: Vec<User>,
}

/// A desk of [`TICKETS`] tickets, whose numbers lie far apart and do not grow with time.
pub async fn desk(on: On) -> (TestDesk, Vec<Fact>) {
    let desk = TestDesk::with_config(on, QUEUES).await;
    // Rows that no mail or person made.
    desk.leaves_unsettled();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut tx = desk.write().await;
    let people = people(&mut tx, desk.now()).await;
    let mut facts = Vec::new();
    for _ in 0..TICKETS {
        facts.push(ticket(&desk, &mut tx, &mut chance, &people).await);
    }
    // In several segments, and not in order of time.
    execute(&mut tx, "update tickets set id = id + 4096 * (id % 5)").await;
    execute(
        &mut tx,
        "insert into agreements (uuid, side, status, access_key, sender_url, receiver_url, our_name, partner_name, sync_tags,
            sync_custom_fields, public_comments, notes, status_map, created_at, changed_at)
        values ('a', 'sender', 'accepted', 'k', 'https://a.test', 'https://b.test', 'a', 'b', 1, 0, 1, 'local', '{}', 1, 1),
            ('b', 'sender', 'accepted', 'k', 'https://a.test', 'https://b.test', 'a', 'b', 1, 0, 1, 'local', '{}', 1, 1)",
    )
    .await;
    for fact in &mut facts {
        let mut row = Row::clone(&fact.ticket);
        row.id.0 += 4096 * (row.id.0 % 5);
        fact.ticket = Ticket::stored(row);
        hang(&mut tx, &mut chance, &people, fact).await;
    }
    execute(&mut tx, "update word_backfill set next = (select max(id) from followups)").await;
    tx.commit().await.expect("it is written");
    backfill::backfill(&desk.app).await.expect("their words are taken");
    (desk, facts)
}

async fn people(tx: &mut Tx, now: Timestamp) -> People {
    let mut all = Vec::new();
    for (role, address, name) in [
        (Role::Customer, "ann@customer.test", "Ann Ärmel"),
        (Role::Customer, "joann@other.test", "Joann"),
        (Role::Customer, "bob_x@customer.test", "Bob 100%"),
        (Role::Agent, "alice@staff.test", "Alice"),
        (Role::Agent, "bert@staff.test", "Bert"),
    ] {
        let username = role.is_staff().then(|| address.split('@').next().expect("a text has a beginning"));
        let new = NewUser {
            role,
            email: Some(address),
            name,
            username,
            password_hash: None,
            weak_password: false,
            locale: None,
        };
        all.push(store::users::insert(tx, &new, now).await.expect("it is written"));
    }
    let agents = all.split_off(3);
    People { customers: all, agents }
}

async fn ticket(desk: &TestDesk, tx: &mut Tx, chance: &mut Chance, people: &People) -> Fact {
    let (queue, kind) = *chance.one(&KINDS);
    let directory = &desk.app.desk().directory;
    let (submitter, owner) = (chance.some(&people.customers), chance.some(&people.agents));
    let past = |chance: &mut Chance| {
        let hours = i64::try_from(chance.below(20 * 24)).expect("it is small");
        Timestamp(desk.now().0 - hours * Timestamp::HOUR)
    };
    let due = |chance: &mut Chance| Timestamp(past(chance).0 + 10 * Timestamp::DAY);
    let subject = chance.one::<&str>(&SUBJECTS);
    let priority = 1 + i64::try_from(chance.below(5)).expect("it is small");
    let due_at = (chance.below(2) == 0).then(|| due(chance));
    let clocks = Clocks { late_at: due_at, ..Clocks::default() };
    let new = NewTicket {
        uuid: "u",
        queue_id: directory.queue_by_slug(queue).expect("it is declared").id,
        type_id: Some(directory.kind_by_name(kind).expect("it is declared").id),
        subject,
        submitter_id: submitter.as_ref().map(|user| user.id),
        reply_to: None,
        owner_id: owner.as_ref().map(|user| user.id),
        priority: Priority::try_from(priority).expect("it is small"),
        due_at,
        escalate_at: None,
        follows: None,
        door: "mail",
        authentication: Authentication::Pass,
        locale: None,
        customer_at: None,
        preview: "",
        created_at: past(chance),
        clocks: &clocks,
    };
    let ticket = store::tickets::insert(tx, &new, desk.now()).await.expect("it is written");
    let mut row = Row::clone(&ticket);
    row.status = *chance.one(&Status::ALL);
    row.held_at = (row.status.is_open() && chance.below(3) == 0).then_some(desk.now());
    row.waiting_since = (row.status.is_open() && chance.below(2) == 0).then_some(desk.now());
    let ticket = Ticket::stored(row);
    assert!(store::tickets::update(tx, &ticket, desk.now()).await.expect("it is written"));
    Fact {
        ticket,
        queue,
        kind,
        submitter: submitter.as_ref().map(person),
        owner: owner.as_ref().map(person),
        ccs: Vec::new(),
        tags: Vec::new(),
        has_file: false,
        is_shared: false,
    }
}

/// What hangs on a ticket.
async fn hang(tx: &mut Tx, chance: &mut Chance, people: &People, fact: &mut Fact) {
    let id = fact.ticket.id;
    for tag in TAGS {
        if chance.below(3) == 0 {
            store::tags::insert(tx, id, tag).await.expect("it is written");
            fact.tags.push(tag);
        }
    }
    for customer in &people.customers {
        if chance.below(4) == 0 {
            store::ticket_ccs::insert(tx, id, customer.id, Timestamp(1)).await.expect("it is written");
            fact.ccs.push(person(customer));
        }
    }
    // Above it stands the subject.
    entry(tx, id, None, Visibility::Public).await;
    for _ in 0..chance.below(4) {
        let customer = chance.below(2) == 0;
        let writer = if customer { chance.one(&people.customers) } else { chance.one(&people.agents) };
        let author = Some(writer.id).filter(|_| customer || chance.below(3) > 0);
        let visibility = if chance.below(3) == 0 { Visibility::Private } else { Visibility::Public };
        let entry = entry(tx, id, author, visibility).await;
        if chance.below(4) == 0 {
            let disposition = *chance.one(Disposition::ALL);
            attach(tx, entry, disposition).await;
            fact.has_file |= disposition != Disposition::Inline;
        }
    }
    // By both partners, by one, or by none any more.
    let shares = chance.below(4);
    for agreement in 1..=2_i64.min(i64::try_from(shares).expect("it is small")) {
        let state = if shares == 3 { "unshared" } else { "shared" };
        share(tx, id, agreement, state).await;
        fact.is_shared |= state == "shared";
    }
}

async fn entry(
    tx: &mut Tx,
    ticket_id: TicketId,
    author_id: Option<UserId>,
    visibility: Visibility,
) -> FollowupId {
    let new = NewFollowup {
        writer: None,
        uuid: "f",
        ticket_id,
        author_id,
        door: "mail",
        kind: EntryKind::Comment,
        visibility,
        text: "words",
        new_text: None,
        html: None,
        new_status: None,
        inbox_id: None,
        message_id: None,
        created_at: Timestamp(1),
        authentication: None,
    };
    store::followups::insert(tx, &new).await.expect("it is written")
}

async fn attach(tx: &mut Tx, followup_id: FollowupId, disposition: Disposition) {
    let row = store::attachments::Attachment {
        followup_id,
        blob_id: None,
        name: "a.png".to_owned(),
        content_type: "image/png".to_owned(),
        content_id: None,
        disposition,
        size: 1,
    };
    store::attachments::insert(tx, &row).await.expect("it is written");
}

async fn share(tx: &mut Tx, ticket: TicketId, agreement: i64, state: &str) {
    let sql = "insert into shared_tickets (agreement_id, uuid, ticket_id, state, tags, last_followup_id, reposts, created_at, changed_at)
        values ($1, $2, $3, $4, '', 0, 0, 1, 1)";
    let uuid = format!("{ticket}");
    match tx {
        Tx::Sqlite(tx) => {
            let query = sqlx::query(sql).bind(agreement).bind(uuid).bind(ticket.0).bind(state);
            query.execute(&mut **tx).await.map(drop)
        }
        Tx::Postgres(tx) => {
            let query = sqlx::query(sql).bind(agreement).bind(uuid).bind(ticket.0).bind(state);
            query.execute(&mut **tx).await.map(drop)
        }
    }
    .expect("it is written");
}

pub async fn execute(tx: &mut Tx, sql: &'static str) {
    match tx {
        Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
    }
    .expect("it is written");
}

fn person(user: &User) -> Person {
    Person { address: user.email.clone().expect("everybody has an address"), name: user.name.clone() }
}
