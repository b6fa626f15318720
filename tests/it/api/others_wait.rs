//! How long others wait for the database while one call brings much: heavy work is done before its transaction.
//!
//! Measures the wait alone, with a writer that asks all the time; what the caller itself waits for is its own.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use helpdeskd::desk::app::App;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::authentication::Found;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::worker::handle;
use helpdeskd::worker::record;
use helpdeskd::worker::rules::Rules;
use tokio::task::JoinHandle;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::mail::mail;

const MOST: Duration = Duration::from_millis(50);
/// The best of so many counts: others use the machine as well, and their work is not ours.
const ROUNDS: usize = 5;
const RECIPIENTS: usize = 25;

/// Writes to ticket 2 all the time, and keeps the longest time that it waited for its turn.
struct Waiter {
    over: Arc<AtomicBool>,
    longest: JoinHandle<Duration>,
}

impl Waiter {
    fn begin(app: &App) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (tasks, app, ends) = (app.tasks.clone(), app.clone(), Arc::clone(&over));
        let longest = tasks.spawn(async move {
            let mut longest = Duration::ZERO;
            while !ends.load(Ordering::Relaxed) {
                let asked = Instant::now();
                let mut tx = app.db.write().await.expect("it has its turn");
                store::tickets::lock(&mut tx, TicketId(2)).await.expect("it is there");
                longest = longest.max(asked.elapsed());
                tx.commit().await.expect("it commits");
            }
            longest
        });
        Self { over, longest }
    }

    async fn end(self) -> Duration {
        self.over.store(true, Ordering::Relaxed);
        self.longest.await.expect("it waited")
    }
}

/// A ticket with 24 copies and a list of staff, who hear of each answer and of each of the submitter's mails.
async fn crowded(desk: &TestDesk) {
    desk.susan().await;
    let arguments = [("queue", "1"), ("title", "Printer"), ("submitter_email", "carl@customer.test")];
    assert_eq!(desk.jutda("create_ticket", &arguments).await.body, "1");
    assert_eq!(desk.jutda("create_ticket", &[("queue", "2"), ("title", "Other")]).await.body, "2");
    for n in 1..RECIPIENTS {
        let id = desk.customer(&format!("copy{n}@customer.test"), &format!("Copy {n}")).await;
        let mut tx = desk.app.db.write().await.expect("it begins");
        store::ticket_ccs::accept(&mut tx, TicketId(1), id, desk.app.now()).await.expect("it is written");
        tx.commit().await.expect("it commits");
    }
    desk.mails().await;
}

/// What is measured, in the best of some rounds.
#[derive(Clone, Copy, Debug)]
struct Waits {
    /// The longest wait of another write while a word goes to everybody: the statements for so many mails.
    for_a_word: Duration,
    for_much: Duration,
}

impl Waits {
    /// A build without optimisation takes many times as long for each statement, which are as many for a word, and for
    /// copying what is stored.
    fn assert_short(self) {
        let limit = if cfg!(debug_assertions) { self.for_a_word + 4 * MOST } else { MOST };
        assert!(self.for_much < limit, "{self:?}");
    }
}

/// How long another write waits while somebody says this to everybody by API.
async fn during_a_call(desk: &TestDesk, method: &str, said: &str) -> Waits {
    crowded(desk).await;
    let call = async |method: &str, said: &str| {
        let arguments = [("ticket", "1"), ("message", said), ("resolution", said), ("public", "y")];
        let reply = desk.jutda(method, &arguments).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "OK"));
    };
    let for_a_word = best(desk, async || call("add_followup", "Hi.").await).await;
    Waits { for_a_word, for_much: best(desk, async || call(method, said).await).await }
}

/// The same while the submitter writes this to everybody by mail.
async fn during_a_mail(desk: &TestDesk, said: &str, markup: &str) -> Waits {
    crowded(desk).await;
    let arrives = async |text: &str, markup: &str| {
        let mail = mail("carl@customer.test", "Re: [support-1] Printer").text(text).html(markup);
        let queue = desk.app.desk().directory.queues()[0].id;
        let item = record::record_ingested(&desk.app, queue, mail.into()).await.expect("it is recorded");
        let mut item = item.expect("it is new");
        item.received.authentication = Some(Found(Some(Authentication::Pass)));
        handle::handle(&desk.app, vec![item], &Rules::default()).await.expect("it is handled");
    };
    let for_a_word = best(desk, async || arrives("Hi.", "<p>Hi.</p>").await).await;
    Waits { for_a_word, for_much: best(desk, async || arrives(said, markup).await).await }
}

/// The shortest of the longest waits: others use the machine as well.
async fn best(desk: &TestDesk, act: impl AsyncFn()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let waiter = Waiter::begin(&desk.app);
        act().await;
        best = best.min(waiter.end().await);
        assert!(desk.mails().await.len() >= RECIPIENTS);
    }
    best
}

/// So many bytes in which most is words.
fn prose(bytes: usize) -> String {
    let line = "<p>The <b>printer</b> in the hall burns again, and nobody can say why; please have a look at it.</p>\n";
    line.repeat(bytes / line.len())
}

/// So many bytes in which most is markup, and the words are few enough to stand in each mail.
fn markup(bytes: usize) -> String {
    let line = "<p class=\"x\" style=\"margin:0cm;font-size:11.0pt;font-family:Calibri,sans-serif\"><a \
                href=\"https://example.test/a/long/way/to/a/page?with=arguments&amp;more=of-them\">Here</a></p>\n";
    line.repeat(bytes / line.len())
}

fn words(bytes: usize) -> String {
    let line = "The printer in the hall burns again, and nobody can say why; please have a look at it.\n";
    line.repeat(bytes / line.len())
}

const MEGABYTE: usize = 1 << 20;
const MUCH: usize = 200 * 1024;

both! {
    nobody_waits_while_a_megabyte_of_prose_goes_to_many(desk) {
        during_a_call(&desk, "add_followup", &prose(MEGABYTE)).await.assert_short();
    }

    nobody_waits_while_a_megabyte_of_markup_goes_to_many(desk) {
        during_a_call(&desk, "resolve", &markup(MEGABYTE)).await.assert_short();
    }

    nobody_waits_while_a_long_formatted_text_goes_to_many(desk) {
        during_a_call(&desk, "add_followup", &prose(MUCH)).await.assert_short();
    }

    nobody_waits_while_a_long_plain_text_goes_to_many(desk) {
        during_a_call(&desk, "add_followup", &words(MUCH)).await.assert_short();
    }

    nobody_waits_while_a_mail_of_a_megabyte_comes_for_many(desk) {
        during_a_mail(&desk, "See the markup.", &prose(MEGABYTE)).await.assert_short();
    }

    nobody_waits_while_a_long_mail_comes_for_many(desk) {
        during_a_mail(&desk, &words(MUCH), &prose(MUCH)).await.assert_short();
    }
}
