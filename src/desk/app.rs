//! The running program as its edges see it: database, clock, desk, and the bells between loops.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use crate::clock::Clock;
use crate::clock::Timestamp;
use crate::clock::lived::Leap;
use crate::clock::lived::Lived;
use crate::config::Config;
use crate::desk::Desk;
use crate::desk::begun::Begun;
use crate::desk::directory;
use crate::desk::directory::Directory;
use crate::desk::ignore::made::MadeAtWork;
use crate::desk::keys::Keys;
use crate::desk::plus::PlusAddresses;
use crate::desk::rules::Rules;
use crate::ids::Ids;
use crate::store::db::Db;
use crate::tasks::Tasks;
use crate::template::Templates;
use crate::wake::Wake;

/// What every edge is given. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    /// What the clock is held against before anything is done by age.
    pub lived: Lived,
    desk: Arc<RwLock<Arc<Desk>>>,
    pub wake: Wake,
    pub tasks: Tasks,
    pub begun: Begun,
}

/// Whether the declared queues are written to the database, or only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    Written,
    Read,
}

impl App {
    /// Builds the parts over an open database of the right version.
    pub async fn build(
        db: Db,
        config: Arc<Config>,
        (clock, ids): (Clock, Ids),
        declared: Declared,
    ) -> Result<Self, sqlx::Error> {
        let desk = prepared(&db, config, (ids, clock.now()), declared).await?;
        let desk = Arc::new(RwLock::new(Arc::new(desk)));
        let (wake, tasks, begun) = (Wake::default(), Tasks::default(), Begun::default());
        let lived = Lived::new(&clock);
        Ok(Self { db, clock, lived, desk, wake, tasks, begun })
    }

    /// The desk as it is now; each piece of work takes it once, at its start.
    pub fn desk(&self) -> Arc<Desk> {
        Arc::clone(&self.desk.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on work begins with this configuration, and with templates that are read anew. What was begun ends
    /// with what it began with. Nothing changes if the database fails; else the desk of before is given back.
    pub async fn renew(&self, config: Arc<Config>) -> Result<Arc<Desk>, sqlx::Error> {
        let parts = (self.desk().ids.clone(), self.now());
        let desk = prepared(&self.db, config, parts, Declared::Written).await?;
        Ok(self.replace(Arc::new(desk)))
    }

    /// Puts a desk in the place of the one that is there, which is given back.
    pub fn replace(&self, desk: Arc<Desk>) -> Arc<Desk> {
        std::mem::replace(&mut self.desk.write().unwrap_or_else(PoisonError::into_inner), desk)
    }

    /// The same, for loops that can be ended by themselves; they end with the process as well.
    #[must_use]
    pub fn branch(&self) -> Self {
        Self { tasks: self.tasks.branch(), ..self.clone() }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether anything may be done because of its age now: not by a clock that leapt, until that is believed.
    pub fn may_go_by_age(&self) -> bool {
        let leap = self.lived.leap(&self.clock);
        if leap == Leap::New {
            tracing::warn!(
                "the clock was set forward: nothing is done by age for an hour, or until it is set back"
            );
        }
        leap == Leap::None
    }
}

async fn prepared(
    db: &Db,
    config: Arc<Config>,
    (ids, now): (Ids, Timestamp),
    declared: Declared,
) -> Result<Desk, sqlx::Error> {
    let (templates, problems) = Templates::load(config.desk.templates.as_deref());
    for problem in problems {
        tracing::warn!("a template is not used: {problem}");
    }
    let (directory, keys, plus, ignored) = stored(db, &config, (&ids, now), declared).await?;
    let rules = Rules::of(&config);
    Ok(Desk { config, directory, templates, keys, plus, ignored, rules, ids })
}

async fn stored(
    db: &Db,
    config: &Config,
    (ids, now): (&Ids, Timestamp),
    declared: Declared,
) -> Result<(Directory, Keys, PlusAddresses, MadeAtWork), sqlx::Error> {
    let mut tx = db.write().await?;
    let directory = match declared {
        Declared::Written => directory::synchronise(&mut tx, config, now).await?,
        Declared::Read => directory::read(&mut tx, config).await?,
    };
    let keys = Keys::load(&mut tx, ids, now).await?;
    let plus = PlusAddresses::load(&mut tx, &directory).await?;
    let ignored = MadeAtWork::load(&mut tx).await?;
    tx.commit().await?;
    Ok((directory, keys, plus, ignored))
}
