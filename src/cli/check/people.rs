//! Who hears of tickets, and whether one of our own addresses is taken for a person.

use crate::cli::check::database;
use crate::cli::check::report::Section;
use crate::config::Config;
use crate::config::queue::Queue;
use crate::desk::agents;
use crate::desk::directory;
use crate::desk::directory::Directory;
use crate::desk::rules;
use crate::store;
use crate::store::db::Db;
use crate::store::db::Tx;
use crate::ticket::person::User;

/// Names that fit into a line.
const MOST_NAMES: usize = 8;

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
    count(section, &staff);
    for queue in &config.queues {
        told(section, queue, &staff);
        strangers(section, &mut tx, queue, &staff).await?;
        lists(section, queue, &directory);
        for own in queue.addresses() {
            let known = store::users::find_by_email(&mut tx, own).await?;
            if let Some(user) = known.filter(|user| user.disabled_at.is_none()) {
                taken(section, own, &user);
            }
        }
    }
    for stranger in rules::strangers(&mut tx, &config.rules).await? {
        section.bad(stranger, "name active agents by their user names, as `helpdeskd user list` has them");
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

fn count(section: &mut Section, staff: &[User]) {
    match staff.len() {
        0 => section.bad("there is no active agent: nobody can answer a ticket", database::ADD_AGENT),
        1 => section.ok("1 active agent"),
        count => section.ok(format!("{count} active agents")),
    }
}

/// Who hears of what in a queue: one line.
fn told(section: &mut Section, queue: &Queue, staff: &[User]) {
    let agents = agents::of(queue, staff.to_vec());
    let named = named(&agents);
    let lists = |lists: &[&[String]]| {
        let mut all: Vec<&str> = Vec::new();
        for address in lists.iter().copied().flatten() {
            if !all.iter().any(|known| known.eq_ignore_ascii_case(address)) {
                all.push(address);
            }
        }
        all.join(", ")
    };
    let or_all = |list: String| if list.is_empty() { named.clone() } else { list };
    let all = or_all(lists(&[&queue.new_ticket_cc, &queue.updated_ticket_cc]));
    let updated = lists(&[&queue.updated_ticket_cc]);
    let with_owner = if updated.is_empty() {
        format!("the owner, else {named}")
    } else {
        format!("the owner and {updated}")
    };
    let line = format!(
        "queue {}: new tickets: {all}; a customer's words: whoever answered, and {with_owner}; words on a ticket \
         without an owner: {}; overdue: the owner, else {all}; escalated: {with_owner}",
        queue.slug,
        or_all(updated.clone()),
    );
    // Lists alone hear of tickets, but where one of the two is empty, it takes an agent.
    if agents.is_empty() && updated.is_empty() {
        section
            .bad(line, "add an agent with an address, or name addresses in the queue's `updated_ticket_cc`");
    } else {
        section.ok(line);
    }
}

fn named(agents: &[User]) -> String {
    let names: Vec<&str> = agents.iter().take(MOST_NAMES).map(|user| user.name.as_str()).collect();
    match (names.is_empty(), agents.len().saturating_sub(MOST_NAMES)) {
        (true, _) => "nobody".to_owned(),
        (false, 0) => names.join(", "),
        (false, more) => format!("{} and {more} more agents", names.join(", ")),
    }
}

/// Names in `agents` that are no active agent's.
async fn strangers(
    section: &mut Section,
    tx: &mut Tx,
    queue: &Queue,
    staff: &[User],
) -> Result<(), sqlx::Error> {
    for name in agents::strangers(queue, staff) {
        let about = format!("`agents` of queue {} names `{name}`", queue.slug);
        let fix = "name agents by their user names, as `helpdeskd user list --staff` shows them";
        match store::users::find_by_username(tx, name).await? {
            Some(user) if user.role.is_staff() => {
                section.note(format!("{about}, who is disabled"), "take the name out");
            }
            Some(_) => section.bad(format!("{about}, who is no agent"), fix),
            None => section.bad(format!("{about}, and there is no such user"), fix),
        }
    }
    Ok(())
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
