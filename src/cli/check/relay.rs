//! What was learned of each account's server while it sent: which return paths it takes, and whether it refuses us.
//!
//! Asks no server; the database has it from the daemon and from probes.

use std::sync::Arc;

use crate::cli::check::report::Section;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::desk::directory;
use crate::desk::directory::Directory;
use crate::desk::directory::Queue;
use crate::store;
use crate::store::db::Db;
use crate::store::return_paths::Path;
use crate::store::sender_pauses::SenderPause;
use crate::worker::return_path::MEMORY;

const PAUSED_FIX: &str = "let this account send as that address, or raise its quota, on the server; one mail tries every \
                          five minutes, and all leave once it is taken";

/// What is known of each account that has something to tell.
pub async fn known(db: &Db, config: &Config, now: Timestamp) -> Result<Vec<Section>, sqlx::Error> {
    let mut tx = db.read().await?;
    let directory = directory::read(&mut tx, config).await?;
    let refused = store::return_paths::list(&mut tx, now.minus(MEMORY)).await?;
    let pauses = store::sender_pauses::list(&mut tx).await?;
    let mut sections = Vec::new();
    for account in &config.smtp {
        let mut section = Section::new(format!("sending by account {}", account.name));
        let queues = queues(&directory, &account.name);
        let own: Vec<&str> = queues.iter().map(|queue| queue.config.address.as_str()).collect();
        for row in refused.iter().filter(|row| row.account == account.name && !own.is_empty()) {
            let path = if row.path == Path::Null.as_str() { Path::Null } else { Path::Token };
            section.remark(plain_only(path, &own.join(", ")));
        }
        for pause in pauses.iter().filter(|pause| pause.account == account.name && pause.ended_at.is_none()) {
            if let Some(queue) = queues.iter().find(|queue| queue.id == pause.queue_id) {
                section.bad(paused(&queue.config.address, pause), PAUSED_FIX);
            }
        }
        sections.push(section);
    }
    Ok(sections)
}

/// That a server takes mail from the plain address only, and what follows.
fn plain_only(path: Path, addresses: &str) -> String {
    match path {
        Path::Token => format!(
            "answers leave from {addresses}: this relay takes no other return path; returned mail is recognised by the \
             Message-ID and the recipient that it names"
        ),
        Path::Null => format!(
            "acknowledgements leave from {addresses}: this relay takes no mail without a sender; their Auto-Submitted \
             field still keeps machines from answering"
        ),
    }
}

/// The addresses of the queues that send by an account.
fn queues(directory: &Directory, account: &str) -> Vec<Arc<Queue>> {
    directory.queues().iter().filter(|queue| queue.config.smtp == account).cloned().collect()
}

fn paused(address: &str, pause: &SenderPause) -> String {
    format!("mail from {address} waits since {}, because the relay refuses it: {}", pause.since, pause.answer)
}
