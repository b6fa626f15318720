//! What happens because time passes, made to happen by the test.

use std::time::Duration;

use helpdeskd::clock::Clock;
use helpdeskd::clock::Timestamp;
use helpdeskd::desk::app::App;
use helpdeskd::desk::app::Declared;
use helpdeskd::desk::exclude;
use helpdeskd::ids::Ids;
use helpdeskd::worker::escalation;
use helpdeskd::worker::recount;
use helpdeskd::worker::recount::Which;
use helpdeskd::worker::scheduler;
use helpdeskd::worker::scheduler::Job;

use super::TestDesk;

pub fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

pub fn hours(count: u64) -> Duration {
    minutes(count * 60)
}

pub fn days(count: u64) -> Duration {
    hours(count * 24)
}

/// A moment in RFC 3339.
pub fn moment(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    Timestamp(at.as_microsecond())
}

impl TestDesk {
    /// Moves the clock forward to a moment.
    pub fn advance_to(&self, text: &str) {
        let at = moment(text);
        assert!(at >= self.now(), "{text} is over");
        self.advance(at.since(self.now()));
    }

    /// A run of escalation; the numbers of the tickets that were raised.
    pub async fn escalate(&self) -> Vec<i64> {
        let done = escalation::run(&self.app, None).await.expect("it runs");
        done.iter().map(|done| done.ticket_id.0).collect()
    }

    /// A run that mails only; the numbers of the tickets that were told of.
    pub async fn escalate_notify_only(&self) -> Vec<i64> {
        let done = escalation::notify_only(&self.app, None).await.expect("it runs");
        done.iter().map(|done| done.ticket_id.0).collect()
    }

    /// Excludes a day, for one queue or for all, as the command does.
    pub async fn exclude(&self, date: &str, slug: Option<&str>) {
        let current = self.app.desk();
        let queue = slug.map(|slug| current.directory.queue_by_slug(slug).expect("it is declared"));
        let day = (date.parse().expect("it is a date"), queue.map(|queue| &**queue));
        let mut tx = self.write().await;
        assert!(exclude::add(&self.app.desk(), &mut tx, day, self.now()).await.expect("it is stored"));
        tx.commit().await.expect("it commits");
        recount::recount(&self.app, Which::Stale).await.expect("it is counted");
    }

    /// Makes a day count again.
    pub async fn include(&self, date: &str, slug: Option<&str>) {
        let current = self.app.desk();
        let queue = slug.map(|slug| current.directory.queue_by_slug(slug).expect("it is declared"));
        let day = (date.parse().expect("it is a date"), queue.map(|queue| &**queue));
        let mut tx = self.write().await;
        assert!(exclude::remove(&self.app.desk(), &mut tx, day).await.expect("it is stored"));
        tx.commit().await.expect("it commits");
        recount::recount(&self.app, Which::Stale).await.expect("it is counted");
    }

    /// Does a job if its time has come; says when it comes next.
    pub async fn step(&self, job: Job) -> Option<Timestamp> {
        scheduler::step(&self.app, job).await.expect("it runs")
    }

    /// The same desk as another process serves it, with the same clock.
    pub async fn another(&self, seed: u64) -> App {
        let clock: Clock = self.app.clock.clone();
        let (db, config) = (self.home.open().await, self.app.desk().config.clone());
        App::build(db, config, (clock, Ids::seeded(seed)), Declared::Read).await.expect("the desk starts")
    }
}
