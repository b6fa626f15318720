//! The running program as its edges see it: database, clock, desk, and the bells between loops.

use std::sync::Arc;

use crate::clock::Clock;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::desk::Desk;
use crate::desk::directory;
use crate::desk::directory::Directory;
use crate::desk::ignore::made::MadeAtWork;
use crate::desk::keys::Keys;
use crate::desk::plus::PlusAddresses;
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
    desk: Arc<Desk>,
    pub wake: Wake,
    pub tasks: Tasks,
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
        let (templates, problems) = Templates::load(config.desk.templates.as_deref());
        for problem in problems {
            tracing::warn!("a template is not used: {problem}");
        }
        let (directory, keys, plus, ignored) = stored(&db, &config, (&ids, clock.now()), declared).await?;
        let desk = Desk { config, directory, templates, keys, plus, ignored, ids };
        Ok(Self { db, clock, desk: Arc::new(desk), wake: Wake::default(), tasks: Tasks::default() })
    }

    /// The desk as it is now; each piece of work takes it once, at its start.
    pub fn desk(&self) -> Arc<Desk> {
        Arc::clone(&self.desk)
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
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
