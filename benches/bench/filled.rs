//! A desk with many tickets, and what its functions do in a loop without HTTP.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use helpdeskd::clock::Clock;
use helpdeskd::config::Config;
use helpdeskd::desk::action::Action;
use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::actor::Door;
use helpdeskd::desk::app::App;
use helpdeskd::desk::app::Declared;
use helpdeskd::desk::comment;
use helpdeskd::desk::comment::Said;
use helpdeskd::desk::event;
use helpdeskd::desk::open;
use helpdeskd::desk::open::Request;
use helpdeskd::desk::people;
use helpdeskd::desk::prepared::Prepared;
use helpdeskd::desk::token;
use helpdeskd::ids::Ids;
use helpdeskd::password;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::store::filters::cursor::Cursor;
use helpdeskd::store::followups::conversations;
use helpdeskd::store::migrate;
use helpdeskd::store::ticket_lists;
use helpdeskd::store::ticket_lists::Filter;
use helpdeskd::store::ticket_lists::Shown;
use helpdeskd::store::users::NewUser;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::person::Role;
use helpdeskd::ticket::priority::Priority;

use crate::load::CONNECTIONS;

pub const TICKETS: i64 = 100_000;
pub const CUSTOMERS: i64 = 5_000;
const SPAN: Duration = Duration::from_secs(3);

const CONFIG: &str = "[[smtp]]\nname = \"default\"\ndirectory = \"outgoing\"\n\
    [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@example.com\"\n";
const CUSTOMER_ROWS: &str = "insert into users (role, email, email_key, name, version, created_at)
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000)
    select 'customer', 'c' || i || '@example.com', 'c' || i || '@example.com', 'Customer ' || i, 1, 0 from n";
const TICKET_ROWS: &str = "insert into tickets (uuid, queue_id, type_id, subject, submitter_id, owner_id, status, priority, door, authentication,
        created_at, changed_at, version)
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
    select 'u' || i, 1, 1, 'A request about something, number ' || i, 1 + i % 5000, case when i % 3 = 0 then 5001 end,
        case when i % 5 = 0 then 'open' else 'closed' end, 3, 'mail', 'pass', cast(i as bigint) * 1000000, cast(i as bigint) * 1000000, 1 from n";
const ENTRY_ROWS: &str = "insert into followups (uuid, ticket_id, author_id, door, kind, visibility, text, created_at)
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 400000)
    select 'f' || i, 1 + i % 100000, 1 + i % 5000, 'mail', 'comment', 'public', 'Some words about it, and some more.', cast(i as bigint) * 250000
    from n";

/// A desk over a database, in this process.
pub async fn open_desk(url: &str) -> App {
    let db = Db::open(url, 8).await.expect("the database opens");
    migrate::apply(&db).await.expect("the schema applies");
    let config = Config::parse(CONFIG, Path::new("config.toml")).expect("the configuration is right");
    let parts = (Clock::System, Ids::System);
    App::build(db, Arc::new(config), parts, Declared::Written).await.expect("the desk is built")
}

/// Fills a new desk; the `Authorization` of a token.
pub async fn fill(app: &App) -> String {
    execute(&app.db, CUSTOMER_ROWS).await;
    let authorization = people(app).await;
    for statement in [TICKET_ROWS, ENTRY_ROWS, "analyze"] {
        execute(&app.db, statement).await;
    }
    authorization
}

async fn execute(db: &Db, statement: &'static str) {
    match db {
        Db::Sqlite { write, .. } => sqlx::query(statement).execute(write).await.map(drop),
        Db::Postgres(pool) => sqlx::query(statement).execute(pool).await.map(drop),
    }
    .expect("the desk is filled");
}

/// The agent, whose number is the next after the customers', and a token.
async fn people(app: &App) -> String {
    let hash = password::hash("fido", &[7; 16]).expect("a password is hashed");
    let susan = NewUser {
        role: Role::Agent,
        email: Some("susan@example.com"),
        name: "Susan",
        username: Some("susan"),
        password_hash: Some(&hash),
        weak_password: true,
        locale: None,
    };
    let mut tx = app.db.write().await.expect("the database answers");
    store::users::insert(&mut tx, &susan, app.now()).await.expect("the name is free");
    let new = token::add(&mut tx, &app.desk().ids, "bench", app.now()).await.expect("the name is free");
    tx.commit().await.expect("the rows are kept");
    let encoded =
        base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("{}:{}", new.token, new.key));
    format!("Basic {encoded}")
}

/// How often something is done in a second by as many tasks, on as many threads, as serve a load's connections.
#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are small")]
async fn rate<F, R>(app: &App, work: F) -> f64
where
    F: Fn(App, usize) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = ()> + Send,
{
    let (begun, done) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let tasks = (0..CONNECTIONS).map(|_| {
        let (own, work, done) = (app.clone(), work.clone(), Arc::clone(&done));
        app.tasks.spawn(async move {
            while begun.elapsed() < SPAN {
                work(own.clone(), done.fetch_add(1, Ordering::Relaxed)).await;
            }
        })
    });
    for task in futures_util::future::join_all(tasks).await {
        task.expect("no task panics");
    }
    done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

pub async fn queues(app: &App) -> f64 {
    rate(app, |app, _| async move {
        let mut tx = app.db.look().await.expect("the database answers");
        store::queues::list(&mut tx).await.expect("queues are listed");
    })
    .await
}

/// The lists of single customers, or the newest of all.
pub async fn list(app: &App, of: Option<fn(usize) -> UserId>, limit: i64) -> f64 {
    rate(app, move |app, n| async move {
        let filter = Filter { submitter: of.map(|of| of(n)), owner: None, shown: Shown::All, created: None }
            .conditions();
        let mut tx = app.db.look().await.expect("the database answers");
        let cursor = Cursor::Before(TicketId(i64::MAX));
        let found = ticket_lists::find(&mut tx, &filter, cursor, limit, None).await;
        ticket_lists::rows(&mut tx, &found.expect("tickets are found").ids).await.expect("tickets are read");
    })
    .await
}

pub async fn details(app: &App) -> f64 {
    rate(app, |app, n| async move {
        let id = TicketId(1 + i64::try_from(n).unwrap_or_default() % TICKETS);
        let mut tx = app.db.look().await.expect("the database answers");
        ticket_lists::rows(&mut tx, &[id]).await.expect("the ticket is read");
        conversations::list(&mut tx, id, FollowupId(0), 16).await.expect("entries are read");
    })
    .await
}

pub async fn create(app: &App) -> f64 {
    rate(app, |app, n| async move {
        let mut tx = app.db.write().await.expect("the database answers");
        let actor = susan(&mut tx).await;
        let email = format!("c{}@example.com", 1 + n % 5000);
        let submitter = people::contact(&mut tx, &email, None, None, app.now()).await.expect("he is known");
        let words = Prepared::plain("Some words about it.");
        let desk = app.desk();
        let request = Request {
            queue: &desk.directory.queues()[0],
            type_id: None,
            subject: "Request",
            submitter: Some(&submitter),
            owner_id: None,
            priority: Some(Priority::NORMAL),
            due_at: None,
            follows: None,
            authentication: Authentication::Api,
            locale: None,
            visibility: Visibility::Public,
            words: Arc::new(words),
            origin: None,
            no_acknowledgement: None,
        };
        let opened = open::open(&app.desk(), &mut tx, &actor, &request, app.now()).await;
        let action = opened.expect("the ticket is opened");
        event::record(&app.desk(), &mut tx, action, app.now()).await.expect("mails are written");
        tx.commit().await.expect("it is kept");
    })
    .await
}

pub async fn followup(app: &App) -> f64 {
    rate(app, |app, n| async move {
        let mut tx = app.db.write().await.expect("the database answers");
        let actor = susan(&mut tx).await;
        let id = TicketId(1 + i64::try_from(n * 7).unwrap_or_default() % TICKETS);
        let said = Said::of(Visibility::Public, Arc::new(Prepared::plain("Some more words about it.")));
        let mut action = Action::begin(&mut tx, &actor, id).await.expect("it is there");
        comment::comment(&app.desk(), &mut tx, &mut action, said, app.now()).await.expect("it is said");
        event::record(&app.desk(), &mut tx, action, app.now()).await.expect("mails are written");
        tx.commit().await.expect("it is kept");
    })
    .await
}

async fn susan(tx: &mut store::db::Tx) -> Actor {
    let user = store::users::find_by_username(tx, "susan").await.expect("the row is read");
    Actor::person(user.expect("she is an agent"), Door::Jutda)
}
