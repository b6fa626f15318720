//! Reading the configuration anew while the process runs: all of it, or nothing.
//!
//! Asked for by SIGHUP, or by `helpdeskd reload` through the database.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use secrecy::ExposeSecret;
use tracing::error;
use tracing::info;

use crate::config::Config;
use crate::daemon::loops::Loops;
use crate::desk::app::App;
use crate::desk::rules;
use crate::store;
use crate::store::processes::Answer;
use crate::template::Templates;

/// What reads it.
#[derive(Debug)]
pub(super) struct Reload {
    pub app: App,
    pub loops: Loops,
    /// As the process was told; found anew each time, as at the start.
    pub file: Option<PathBuf>,
    pub name: String,
}

impl Reload {
    /// Reads and swaps, and says in the log what came of it.
    pub(super) async fn read_anew(&mut self) -> Answer {
        match self.swap().await {
            Ok(text) => {
                info!("{text}");
                Answer { text, is_refused: false }
            }
            Err(refusal) => {
                let text = format!("the new configuration is refused, and the old one stays: {refusal:#}");
                error!("{text}");
                Answer { text, is_refused: true }
            }
        }
    }

    /// Does so if somebody asked for it by the database.
    pub(super) async fn answer(&mut self) -> Result<(), sqlx::Error> {
        let mut look = self.app.db.look().await?;
        let known = store::processes::find(&mut look, &self.name).await?;
        drop(look);
        let asked = known.filter(|known| known.asked_at.is_some() && known.asked_at != known.answered_at);
        let Some(known) = asked else { return Ok(()) };
        let answer = self.read_anew().await;
        let mut tx = self.app.db.write().await?;
        store::processes::answer(&mut tx, &self.name, known.asked_at, &answer).await?;
        tx.commit().await
    }

    /// What is wrong with the first rule that names somebody who is no agent.
    async fn stranger(&self, new: &Config) -> Result<Option<String>, sqlx::Error> {
        let mut tx = self.app.db.read().await?;
        Ok(rules::strangers(&mut tx, &new.rules).await?.into_iter().next())
    }

    async fn swap(&mut self) -> anyhow::Result<String> {
        let new = read(self.file.as_deref())?;
        let old = self.app.desk();
        if let Some(stranger) = self.stranger(&new).await? {
            bail!("{stranger}");
        }
        let fixed = fixed(&old.config, &new).await?;
        let (queues, accounts) = (new.queues.len(), new.smtp.len());
        let before = self.app.renew(Arc::new(new)).await?;
        if let Err(error) = self.loops.begin_anew().await {
            self.app.replace(before);
            return Err(error);
        }
        let mut text =
            format!("read the configuration anew: {queues} queues, {accounts} accounts for outgoing mail");
        if !fixed.is_empty() {
            text.push_str("; only a restart changes ");
            text.push_str(&fixed.join(", "));
        }
        Ok(text)
    }
}

/// The file, with templates that can all be used.
fn read(file: Option<&Path>) -> anyhow::Result<Config> {
    let config = Config::load(file)?;
    let (_, problems) = Templates::load(config.desk.templates.as_deref());
    if let Some(problem) = problems.first() {
        bail!("{problem}");
    }
    Ok(config)
}

/// What differs and cannot be changed while the process runs.
async fn fixed(old: &Config, new: &Config) -> anyhow::Result<Vec<&'static str>> {
    let url = old.database_url().await?.expose_secret() != new.database_url().await?.expose_secret();
    let (was, is) = (&old.http, &new.http);
    let keys = [
        ("database.url", url),
        ("database.connections", old.database.connections != new.database.connections),
        ("http.listen", was.listen != is.listen),
        ("http.metrics_listen", was.metrics_listen != is.metrics_listen),
        ("http.max_body_size", was.max_body_size != is.max_body_size),
        ("http.max_requests", was.max_requests != is.max_requests),
        ("http.cors_origins", was.cors_origins != is.cors_origins),
        ("http.jutda_mount", was.jutda_mount != is.jutda_mount),
        ("sharing.path", old.sharing.path != new.sharing.path),
        ("log.format", old.log.format != new.log.format),
        ("log.filter", old.log.filter != new.log.filter),
    ];
    Ok(keys.into_iter().filter(|(_, differs)| *differs).map(|(key, _)| key).collect())
}
