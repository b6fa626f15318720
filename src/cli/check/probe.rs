//! `check --probe`: each queue writes to itself, and the mailbox tells what became of it.
//!
//! Two mails, or three: one to the queue's address, one to its plus-address, so that a way that is shut altogether is not
//! taken for one that drops plus-addresses; and one with a forged field, where such a field is believed. They are
//! deleted from the mailbox once they are seen.

mod watch;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::cli::check::forged;
use crate::cli::check::probe::watch::Seen;
use crate::cli::check::probe::watch::Watch;
use crate::cli::check::report::Report;
use crate::cli::check::report::Section;
use crate::cli::check::server;
use crate::cli::check::stamps;
use crate::config::Config;
use crate::config::mailbox::Mailbox;
use crate::config::smtp::SmtpAccount;
use crate::config::smtp::SmtpTransport;
use crate::desk::app::App;
use crate::desk::directory;
use crate::desk::directory::Queue;
use crate::desk::plus;
use crate::desk::probe;
use crate::desk::probe::Probe;
use crate::desk::probe::Target;
use crate::mail::compose::Files;
use crate::smtp::OpenTransport;
use crate::smtp::Transport;
use crate::smtp::mail::Mail;
use crate::smtp::outcome::Outcome;
use crate::store;
use crate::store::db::Db;
use crate::store::probes;
use crate::store::return_paths::Path;
use crate::worker::login;
use crate::worker::return_path;
use crate::worker::tokens::Tokens;

const PLUS_FIX: &str =
    "switch plus-addresses on in the mail server (Postfix: `recipient_delimiter = +`), then probe again";

/// What a probe showed, and what is to be kept of it.
struct Found {
    plain: Seen,
    plus: Option<Seen>,
    forged: Option<forged::Fate>,
}

/// Probes all queues at once.
pub async fn all(app: &App, wait: Duration, report: &mut Report) {
    let desk = app.desk();
    let mut probes = Vec::new();
    for queue in desk.directory.queues() {
        let about = about(queue);
        probes.push((about, app.tasks.spawn(one(app.clone(), Arc::clone(queue), wait))));
    }
    for (about, probe) in probes {
        report.take(probe.await.unwrap_or_else(|_| server::unreadable(about)));
    }
}

/// What the last probes showed, for a check without new ones.
pub async fn known(db: &Db, config: &Config) -> Result<Vec<Section>, sqlx::Error> {
    let mut tx = db.read().await?;
    let directory = directory::read(&mut tx, config).await?;
    let probes = store::probes::list(&mut tx).await?;
    let mut sections = Vec::new();
    for queue in directory.queues().iter().filter(|queue| queue.config.imap.is_some()) {
        let mut section = Section::new(about(queue));
        let row = probes.iter().find(|row| row.queue_id == queue.id && plus::holds(row, &directory));
        match row {
            Some(row) if row.plus_addresses == plus::ARRIVE => {
                section.ok(format!("plus-addresses arrived on {}, and are used", row.probed_at));
            }
            Some(row) => section.note(
                format!("plus-addresses did not arrive on {}, and are not used", row.probed_at),
                PLUS_FIX,
            ),
            None => section.note(
                "whether plus-addresses arrive was never tried, so they are not used: answers find their ticket \
                 by Message-ID and subject only",
                "helpdeskd check --probe",
            ),
        }
        sections.push(section);
    }
    Ok(sections)
}

fn about(queue: &Queue) -> String {
    format!("probe of queue {}", queue.config.slug)
}

async fn one(app: App, queue: Arc<Queue>, wait: Duration) -> Section {
    let desk = app.desk();
    let mut section = Section::new(about(&queue));
    let account = desk.config.smtp_account(&queue.config.smtp);
    let (Some(_), Some(account)) = (&queue.config.imap, account) else {
        section.remark("without a mailbox there is nothing to probe");
        return section;
    };
    if matches!(account.transport, SmtpTransport::Directory(_)) {
        section.remark("its mail is written to files, so there is nothing to probe");
        return section;
    }
    if let Err((fact, fix)) = probed(&mut section, &app, &queue, account, wait).await {
        section.bad(fact, fix);
    }
    section
}

/// What is in the way of a probe, and what helps.
type Obstacle = (String, String);

async fn probed(
    section: &mut Section,
    app: &App,
    queue: &Queue,
    account: &SmtpAccount,
    wait: Duration,
) -> Result<(), Obstacle> {
    let desk = app.desk();
    let see_above = |error: String| (error, "see the mailbox and the SMTP account above".to_owned());
    let watch = Watch::begin(app, queue).await.map_err(|error| see_above(error.to_string()))?;
    let way = Way { app, account, queue };
    let write = |target| probe::write(&desk, queue, target, app.now());
    let (Some(plain), plus) = (write(Target::Plain), write(Target::Plus)) else { return Ok(()) };
    let first = Attempt { probe: &plain, path: Path::Null, sender: None };
    way.send(&first).await.map_err(|error| {
        (format!("a mail to {} was not taken: {error}", plain.to), "let this account send to it".to_owned())
    })?;
    let plus = match plus {
        Some(plus) => {
            let second = Attempt { probe: &plus, path: Path::Token, sender: Some(&plus.to) };
            way.send(&second).await.map(|()| plus).ok()
        }
        None => None,
    };
    let forged = match write(Target::Plain).filter(|_| !queue.config.authserv_ids.is_empty()) {
        Some(forged) => way.send_forged(&forged).await.map(|()| forged).ok(),
        None => None,
    };
    let wanted: Vec<&Probe> = std::iter::once(&plain).chain(&plus).chain(&forged).collect();
    let mut seen = watch.until_seen(&wanted, wait).await.map_err(|error| see_above(error.to_string()))?;
    let Some(first) = seen[0].take() else { return Err(vanished(queue, wait)) };
    let forged = forged.as_ref().and_then(|probe| {
        let seen = seen.pop().flatten()?;
        Some(forged::fate(&queue.config, probe, &seen.headers))
    });
    let found = Found { plain: first, plus: seen.get_mut(1).and_then(Option::take), forged };
    tell(section, queue, &found);
    let row = row(app, queue, &found);
    keep(app, &row)
        .await
        .map_err(|error| (format!("the result cannot be kept: {error}"), "see the database above".to_owned()))
}

fn vanished(queue: &Queue, wait: Duration) -> Obstacle {
    let address = &queue.config.address;
    (
        format!(
            "a mail to {address} was taken, and did not arrive in the mailbox within {} s",
            wait.as_secs()
        ),
        format!(
            "is this the mailbox of {address}? Look for it in other folders, such as spam, and in the log of the mail server"
        ),
    )
}

async fn open(app: &App, account: &SmtpAccount) -> Result<OpenTransport, String> {
    let login = match &account.transport {
        SmtpTransport::Server(server) => server.login.as_ref(),
        SmtpTransport::Directory(_) => None,
    };
    let credentials = match login {
        Some(login) => {
            let resolved = login::credentials(app, &Tokens::default(), login).await;
            Some(resolved.map_err(|error| error.to_string())?)
        }
        None => None,
    };
    let deadline = Instant::now() + server::PATIENCE;
    Transport::of(account).open(credentials, deadline).await.map_err(|refusal| refusal.to_string())
}

/// A way for probes to leave, and back after a refusal.
struct Way<'a> {
    app: &'a App,
    account: &'a SmtpAccount,
    queue: &'a Queue,
}

/// A probe on its way, with the return path that it tries.
struct Attempt<'a> {
    probe: &'a Probe,
    path: Path,
    /// None for the null path.
    sender: Option<&'a str>,
}

/// Why a probe was not taken.
struct Trouble {
    text: String,
    /// It may be for its return path.
    of_path: bool,
}

impl Way<'_> {
    /// Hands a probe over from a return path as answers and acknowledgements have it, else from the plain address, and
    /// keeps which was taken: a server may say it when the recipient is named, or after the text.
    async fn send(&self, attempt: &Attempt<'_>) -> Result<(), String> {
        let taken = self.hand_over(attempt.probe, attempt.sender, &[]).await;
        let refused = match &taken {
            Ok(()) => false,
            Err(trouble) => {
                let again = self.hand_over(attempt.probe, Some(&self.queue.config.address), &[]).await;
                again.map_err(|trouble| trouble.text)?;
                if !trouble.of_path {
                    return Ok(());
                }
                true
            }
        };
        let kept = keep_path(self.app, self.account, attempt.path, refused).await;
        kept.map_err(|error| format!("the result cannot be kept: {error}"))
    }

    /// Hands over a probe with a forged field above it.
    async fn send_forged(&self, probe: &Probe) -> Result<(), String> {
        let queue = &self.queue.config;
        let stamp = forged::stamp(queue, probe);
        self.hand_over(probe, Some(&queue.address), &stamp).await.map_err(|trouble| trouble.text)
    }

    /// Each time over a connection of its own: some servers leave after a refusal. `above` is put before the mail.
    async fn hand_over(&self, probe: &Probe, sender: Option<&str>, above: &[u8]) -> Result<(), Trouble> {
        let other = |text| Trouble { text, of_path: false };
        let mut channel = open(self.app, self.account).await.map_err(other)?;
        let raw = probe.draft.compose(Files::default()).map_err(|error| other(error.to_string()))?;
        let raw = [above, &raw[..]].concat();
        let recipients = [probe.to.clone()];
        let mail = Mail { message_id: &probe.message_id, sender, recipients: &recipients, raw: &raw };
        let deadline = Instant::now() + server::PATIENCE;
        let ready = async || Ok::<(), std::convert::Infallible>(());
        let Ok(outcomes) = channel.send(&mail, ready, deadline).await;
        channel.close().await;
        match outcomes.into_iter().next() {
            Some(Outcome::Sent { .. } | Outcome::Unclear) | None => Ok(()),
            Some(Outcome::Deferred(refusal) | Outcome::Rejected(refusal)) => {
                Err(Trouble { of_path: return_path::is_doubtful(&refusal), text: refusal.to_string() })
            }
        }
    }
}

async fn keep_path(app: &App, account: &SmtpAccount, path: Path, refused: bool) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    if refused {
        store::return_paths::upsert(&mut tx, &account.name, path, app.now()).await?;
    } else {
        store::return_paths::delete(&mut tx, &account.name, path).await?;
    }
    tx.commit().await
}

fn tell(section: &mut Section, queue: &Queue, found: &Found) {
    let address = &queue.config.address;
    section.ok(format!("a mail to {address} arrived after {} s", found.plain.after.as_secs()));
    if found.plus.is_some() {
        section.ok(
            "a mail to its plus-address arrived too: answers go there, and find their ticket by it. A running \
             helpdeskd knows within a minute",
        );
    } else {
        section.note(
            "a mail to its plus-address did not arrive: answers find their ticket by Message-ID and subject only",
            PLUS_FIX,
        );
    }
    match (found.plain.message_id_kept, &found.plus) {
        (true, _) => section.ok("Message-IDs stay as they are on the way"),
        (false, Some(_)) => {
            section.remark("a server on the way puts its own Message-IDs in place of ours; answers are known by their address");
        }
        (false, None) => section.note(
            "a server on the way puts its own Message-IDs in place of ours: answers find their ticket by its \
             subject only, unless that server tells us its id",
            "have that switched off, or plus-addresses switched on",
        ),
    }
    stamps::on_probe(section, &queue.config, found.plain.authserv_id.as_deref());
    match found.forged {
        Some(fate) => forged::tell(section, &queue.config, fate),
        None if queue.config.authserv_ids.is_empty() => {}
        None => section.remark("a mail with a forged Authentication-Results does not arrive at all"),
    }
}

fn row(app: &App, queue: &Queue, found: &Found) -> probes::Probe {
    probes::Probe {
        queue_id: queue.id,
        address: queue.config.address.clone(),
        mailbox: queue.config.imap.as_ref().map(Mailbox::identity).unwrap_or_default(),
        account: queue.config.smtp.clone(),
        plus_addresses: if found.plus.is_some() { plus::ARRIVE } else { "lost" }.to_owned(),
        message_ids: if found.plain.message_id_kept { "kept" } else { "rewritten" }.to_owned(),
        authserv_id: found.plain.authserv_id.clone(),
        probed_at: app.now(),
    }
}

async fn keep(app: &App, row: &probes::Probe) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    store::probes::upsert(&mut tx, row).await?;
    tx.commit().await
}
