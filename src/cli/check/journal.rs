//! What the database knows of a mailbox and of queues: how far it was read, under which name, what is missing, and
//! whose tickets have lost their queue.

use crate::cli::check::report::Section;
use crate::cli::check::report::counted;
use crate::config::Config;
use crate::config::mailbox::FirstContact;
use crate::config::mailbox::Mailbox;
use crate::config::mailbox::OldMail;
use crate::config::queue::Queue;
use crate::desk::directory;
use crate::imap::Selected;
use crate::store;
use crate::store::db::Db;
use crate::store::gaps::Gap;
use crate::store::mailboxes;

/// What is known of one declared mailbox.
#[derive(Debug, Default)]
struct Known {
    /// It was read under this name.
    read: bool,
    gaps: Vec<Gap>,
    /// The mailbox that its queue had before.
    former: Option<String>,
}

/// What the first start will do with the messages that are there, and which are missing.
pub async fn look(section: &mut Section, config: &Config, at: usize, selected: &Selected, db: Option<Db>) {
    let queue = &config.queues[at];
    let Some(mailbox) = &queue.imap else { return };
    let known = match db {
        Some(db) => known(&db, queue, mailbox).await.unwrap_or_default(),
        None => Known::default(),
    };
    missing(section, &known.gaps);
    if known.read || selected.exists == 0 {
        return;
    }
    match &known.former {
        Some(former) => renamed(section, mailbox, former),
        None => first_contact(section, mailbox, selected),
    }
}

/// Says which queues are gone from the configuration although tickets of theirs wait.
pub async fn gone(db: &Db, config: &Config) -> Result<Section, sqlx::Error> {
    let mut section = Section::new("queues");
    let mut tx = db.read().await?;
    for gone in directory::gone_from(&mut tx, config).await? {
        let unclosed = store::tickets::count_unclosed(&mut tx, gone.id).await?;
        if unclosed > 0 {
            let most = i64::try_from(directory::MOST_NAMED).unwrap_or(i64::MAX);
            let tickets = store::tickets::list_unclosed(&mut tx, gone.id, most).await?;
            section.bad(gone.says(unclosed), gone.advises(&tickets));
        }
    }
    Ok(section)
}

async fn known(db: &Db, queue: &Queue, mailbox: &Mailbox) -> Result<Known, sqlx::Error> {
    let mut tx = db.read().await?;
    let identity = mailbox.identity();
    let queues = store::queues::list(&mut tx).await?;
    let same = queues.iter().filter(|row| row.slug == queue.slug || row.address == queue.address);
    let ids: Vec<_> = same.map(|row| row.id).collect();
    let rows = store::mailboxes::list(&mut tx).await?;
    let of_queue = |row: &&mailboxes::Mailbox| ids.contains(&row.queue_id) && row.uid_validity.is_some();
    let mut known = Known::default();
    match rows.iter().find(|row| row.identity == identity && row.uid_validity.is_some()) {
        Some(row) => {
            known.read = true;
            known.gaps = store::gaps::list(&mut tx, row.id).await?;
            known.gaps.retain(|gap| Some(gap.uid_validity) == row.uid_validity);
        }
        None => known.former = rows.iter().rfind(of_queue).map(|row| row.identity.clone()),
    }
    Ok(known)
}

fn missing(section: &mut Section, gaps: &[Gap]) {
    let Some(last) = gaps.iter().max_by_key(|gap| gap.due_at) else { return };
    let were = if gaps.len() == 1 { "was" } else { "were" };
    section.bad(
        format!("{} {were} not handed over by the server: {}", counted(gaps.len(), "message"), last.reason),
        "they are asked for again and again; `helpdeskd verify` names them. Ask whoever runs the server",
    );
}

fn renamed(section: &mut Section, mailbox: &Mailbox, former: &str) {
    let (user, folder) = (&mailbox.login.username, &mailbox.folder);
    let same_place = former.starts_with(&format!("{user}@")) && former.ends_with(&format!("/{folder}"));
    if same_place {
        section.remark(format!(
            "the queue read {former} before: `serve` takes it for the same mailbox under another name, and goes on where it was"
        ));
    } else {
        section.note(
            format!(
                "the queue read {former} before. Is this the same mailbox? If the mails in it say so, `serve` goes on where it was; if they do not, it is a new one, and what is there now is taken as `from` says"
            ),
            "see that `username` and `folder` are right; for older mail of another mailbox, set `from` before the start",
        );
    }
}

fn first_contact(section: &mut Section, mailbox: &Mailbox, selected: &Selected) {
    let there = counted(selected.exists as usize, "message");
    match (mailbox.from, mailbox.old) {
        (FirstContact::Now, _) => section.note(
            format!("`serve` was never here: {there} that is there now stays as it is, and makes no ticket"),
            "for tickets of older mail too, set `from` to \"all\" or a number of days before the first start",
        ),
        (FirstContact::All | FirstContact::Last(_), OldMail::Answered) => section.note(
            format!("`serve` was never here: of the {there} there, those that `from` says become tickets, and their authors are written to, however old they are"),
            "unset `answer_old` to write to nobody about old mail",
        ),
        (FirstContact::All | FirstContact::Last(_), OldMail::SilentIfOld) => section.note(
            format!("`serve` was never here: of the {there} there, those that `from` says become tickets, and the authors of the last two days are written to"),
            "set `silent = true` to write to none of them",
        ),
        (FirstContact::All | FirstContact::Last(_), OldMail::Silent) => section.remark(format!(
            "`serve` was never here: of the {there} there, those that `from` says become tickets, and nobody is written to about them"
        )),
    }
}
