//! Who hears of tickets, and whether one of our own addresses is taken for a person.

use crate::cli::check::database;
use crate::cli::check::report::Section;
use crate::config::Config;
use crate::config::queue::Queue;
use crate::desk::directory;
use crate::desk::directory::Directory;
use crate::store;
use crate::store::db::Db;
use crate::ticket::person::User;

pub async fn look(db: &Db, config: &Config) -> Section {
    let mut section = Section::new("people");
    if let Err(error) = facts(&mut section, db, config).await {
        section.bad(format!("the database fails: {error}"), "see the database's own log");
    }
    section
}

async fn facts(section: &mut Section, db: &Db, config: &Config) -> Result<(), sqlx::Error> {
    let mut tx = db.read().await?;
    let directory = directory::read(&mut tx, config).await?;
    let staff = store::users::list_staff(&mut tx).await?;
    agents(section, &staff);
    let reachable = staff.iter().filter(|user| user.email.is_some()).count();
    for queue in &config.queues {
        told(section, queue, reachable);
        lists(section, queue, &directory);
        for own in queue.addresses() {
            let known = store::users::find_by_email(&mut tx, own).await?;
            if let Some(user) = known.filter(|user| user.disabled_at.is_none()) {
                taken(section, own, &user);
            }
        }
    }
    if config.desk.alerts.is_empty() {
        section.note(
            "nobody is told of trouble, such as a mailbox that is down",
            "name addresses in `desk.alerts`, best outside this desk's own mail server",
        );
    }
    for address in config.desk.alerts.iter().filter(|address| directory.is_own(address)) {
        section.bad(
            format!("`desk.alerts` has {address}, which reaches a queue: alerts would become tickets"),
            "name another address",
        );
    }
    Ok(())
}

fn agents(section: &mut Section, staff: &[User]) {
    match staff.len() {
        0 => section.bad("there is no active agent: nobody can answer a ticket", database::ADD_AGENT),
        1 => section.ok("1 active agent"),
        count => section.ok(format!("{count} active agents")),
    }
}

/// Who hears of a new ticket that nobody owns.
fn told(section: &mut Section, queue: &Queue, agents: usize) {
    let slug = &queue.slug;
    match (queue.new_ticket_cc.as_slice(), agents) {
        ([], 0) => section.bad(
            format!("nobody is told of new tickets of queue {slug}"),
            "add an agent, or name addresses in the queue's `new_ticket_cc`",
        ),
        ([], _) => section.ok(format!("every active agent is told of new tickets of queue {slug}")),
        (list, _) => section.ok(format!("new tickets of queue {slug} are told to {}", list.join(", "))),
    }
}

fn lists(section: &mut Section, queue: &Queue, directory: &Directory) {
    for (key, list) in
        [("new_ticket_cc", &queue.new_ticket_cc), ("updated_ticket_cc", &queue.updated_ticket_cc)]
    {
        for address in list.iter().filter(|address| directory.is_own(address)) {
            section.bad(
                format!(
                    "`{key}` of queue {} has {address}, which reaches a queue: mail would go in circles",
                    queue.slug
                ),
                "name another address",
            );
        }
    }
}

fn taken(section: &mut Section, own: &str, user: &User) {
    section.bad(
        format!("the {} {} has the address {own}, which is a queue's own", user.role, user.id),
        "mail to it comes back as a request: give that person another address, or `helpdeskd user disable` it",
    );
}
