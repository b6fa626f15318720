//! What runs again and again by a schedule: in every process, so that none is needed for it.
//!
//! Each run asks the database when the last one was. A time that passed while no process ran is made up for once.

use std::time::Duration;

use tracing::error;

use crate::calendar::schedule::Schedule;
use crate::clock::Timestamp;
use crate::config::sections;
use crate::desk::DeskError;
use crate::desk::app::App;
use crate::store;
use crate::worker::digest;
use crate::worker::escalation;
use crate::worker::housekeeping;
use crate::worker::morning;
use crate::worker::recount;
use crate::worker::recount::Which;
use crate::worker::targets;
use crate::worker::watch;

/// Longest sleep: another process may have run meanwhile, or the clock been set.
const LONGEST: Duration = Duration::from_mins(1);

/// After so long without a run nobody knows whether the clock is right or nothing ran: what deletes waits until the
/// process has lived for [`FIRST`].
const LONG_OFF: Duration = Duration::from_hours(48);
const FIRST: Duration = Duration::from_hours(1);

/// Something that is done by a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Raising tickets, and telling of overdue ones.
    Escalation,
    /// Ending holds whose time has come.
    Waking,
    /// Telling of targets that are near or missed.
    Targets,
    /// Looking for troubles that operators must see to.
    Watch,
    /// Telling our own people what they could not be told in single mails.
    Digest,
    /// Telling agents in the morning what waits for them.
    Morning,
    /// The count of mails that wait for a person.
    Report,
    Housekeeping,
}

impl Job {
    pub const ALL: [Self; 8] = [
        Self::Escalation,
        Self::Waking,
        Self::Targets,
        Self::Watch,
        Self::Digest,
        Self::Morning,
        Self::Report,
        Self::Housekeeping,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Escalation => "escalation",
            Self::Waking => "waking",
            Self::Targets => "targets",
            Self::Watch => "watch",
            Self::Digest => "digest",
            Self::Morning => "morning",
            Self::Report => "report",
            Self::Housekeeping => "housekeeping",
        }
    }

    fn schedule(self, config: &sections::Desk) -> Schedule {
        match self {
            Self::Escalation => config.escalation_schedule.clone(),
            Self::Waking | Self::Targets => Schedule::parse("* * * * *").expect("every minute is a schedule"),
            Self::Watch => Schedule::parse("*/5 * * * *").expect("every five minutes is a schedule"),
            Self::Digest => Schedule::parse("*/10 * * * *").expect("every ten minutes is a schedule"),
            Self::Morning => config.morning_schedule.clone(),
            Self::Report => config.report_schedule.clone(),
            Self::Housekeeping => config.housekeeping_schedule.clone(),
        }
    }

    /// How far ahead the last run may be by this clock. Beyond it, it was noted by a clock that was wrong, and
    /// must not keep the job from running until that moment; below it, clocks differ.
    fn most_ahead(self) -> i64 {
        match self {
            // Two processes that disagree would undo each other's note, and each tell again.
            Self::Report | Self::Morning => Timestamp::DAY,
            // What is done already is not done again.
            Self::Escalation
            | Self::Waking
            | Self::Targets
            | Self::Watch
            | Self::Digest
            | Self::Housekeeping => Timestamp::MINUTE,
        }
    }

    /// Whether it goes by the age of things, so that it must not be done by a clock that leapt. Troubles are told all
    /// the same: one too many does no harm.
    fn goes_by_age(self) -> bool {
        match self {
            Self::Escalation
            | Self::Waking
            | Self::Targets
            | Self::Morning
            | Self::Report
            | Self::Housekeeping => true,
            Self::Watch | Self::Digest => false,
        }
    }

    /// Done by every process whose clock says so: what one has done, the others do not find any more. `due` is when.
    async fn run(self, app: &App, due: Timestamp) -> Result<(), DeskError> {
        match self {
            Self::Escalation => {
                recount::recount(app, Which::Stale).await?;
                escalation::run(app, None).await?;
                escalation::run_due(app).await
            }
            Self::Waking => escalation::run_waking(app).await,
            Self::Targets => targets::run(app).await,
            Self::Watch => watch::run(app).await,
            Self::Digest => digest::run(app).await,
            Self::Morning => morning::run(app, due).await,
            Self::Report => Ok(()),
            Self::Housekeeping => {
                housekeeping::run(app).await;
                Ok(())
            }
        }
    }
}

/// Does a job by its schedule until the process drains.
pub async fn run(app: App, job: Job) {
    if job == Job::Escalation {
        prepare(&app).await;
    }
    while !app.tasks.is_draining() {
        // A task of its own: a panic ends one run, not the job.
        let task = app.clone();
        let result = app.tasks.spawn(async move { step(&task, job).await }).await;
        let pause = match result {
            Ok(Ok(next)) => next.map_or(LONGEST, |next| next.since(app.now())),
            Ok(Err(error)) => {
                error!(job = job.name(), "{} stopped for now: {error}", job.name());
                LONGEST
            }
            Err(_) => LONGEST,
        };
        if !app.tasks.pause(pause.min(LONGEST)).await {
            return;
        }
    }
}

/// Does a job if its time has come; says when it comes next.
pub async fn step(app: &App, job: Job) -> Result<Option<Timestamp>, DeskError> {
    let desk = app.desk();
    let config = &desk.config.desk;
    let schedule = job.schedule(config);
    let now = app.now();
    if job.goes_by_age() && !app.may_go_by_age() {
        return Ok(Some(now.plus(LONGEST)));
    }
    let Some(last) = last(app, job, now).await? else { return Ok(schedule.next(&config.timezone, now)) };
    if last.0 - now.0 > job.most_ahead() {
        let mut tx = app.db.write().await?;
        store::schedules::advance(&mut tx, job.name(), last, now).await?;
        tx.commit().await?;
        return Ok(schedule.next(&config.timezone, now));
    }
    let due = schedule.next(&config.timezone, last);
    let Some(moment) = due.filter(|due| now >= *due) else { return Ok(due) };
    if job == Job::Housekeeping && now.since(last) > LONG_OFF && app.clock.lived() < FIRST {
        return Ok(Some(now.plus(LONGEST)));
    }
    job.run(app, moment).await?;
    if app.tasks.is_draining() {
        return Ok(due);
    }
    let mut tx = app.db.write().await?;
    let first = store::schedules::advance(&mut tx, job.name(), last, now).await?;
    if first && job == Job::Report {
        // With the note of the run, so that one process tells and the others do not.
        watch::report(app, &mut tx, now).await?;
    }
    tx.commit().await?;
    app.wake.delivery();
    Ok(schedule.next(&config.timezone, now))
}

/// Tickets were perhaps counted by another configuration than this process has.
async fn prepare(app: &App) {
    while let Err(error) = recount::recount(app, Which::Changed).await {
        error!("the times of escalation cannot be counted: {error}");
        if !app.tasks.pause(LONGEST).await {
            return;
        }
    }
}

/// The last run. A job that never ran has missed nothing: it counts from now.
async fn last(app: &App, job: Job, now: Timestamp) -> Result<Option<Timestamp>, sqlx::Error> {
    let mut tx = app.db.read().await?;
    let last = store::schedules::find(&mut tx, job.name()).await?;
    drop(tx);
    if last.is_none() {
        let mut tx = app.db.write().await?;
        store::schedules::insert(&mut tx, job.name(), now).await?;
        tx.commit().await?;
    }
    Ok(last)
}
