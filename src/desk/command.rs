//! Carrying out what an agent asks for by mail, each order as if it was given at the command line.
//!
//! What is said with it is said by the caller, after all orders: whoever is new hears of it too.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::assign;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::desk::entry::Visibility;
use crate::desk::event::Action;
use crate::desk::people;
use crate::sharing::policy::Mark;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::command::Assignee;
use crate::ticket::command::Command;
use crate::ticket::command::Order;
use crate::ticket::person::User;
use crate::ticket::status::Status;

/// What was done and what was not, for the agent to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub done: Vec<String>,
    /// Each with its reason.
    pub refused: Vec<String>,
}

/// The orders of one mail, in the order in which they are carried out.
#[derive(Debug)]
pub struct Plan {
    steps: Vec<(String, Command)>,
    /// For whom the text of the mail is.
    pub visibility: Visibility,
    pub mark: Mark,
    /// What becomes of the ticket with the text, and the line that says so.
    pub status: Option<(String, Status)>,
    pub report: Report,
}

/// Sorts the orders of a mail. Those that are mistakes are refused already.
pub fn plan(orders: Vec<Order>) -> Plan {
    let mut plan = Plan {
        steps: Vec::new(),
        visibility: Visibility::Public,
        mark: Mark::default(),
        status: None,
        report: Report::default(),
    };
    for Order { line, asks } in orders {
        let status = match asks {
            Err(mistake) => {
                plan.refuse(&line, &mistake.to_string());
                continue;
            }
            Ok(Command::Note) => {
                plan.visibility = Visibility::Private;
                plan.report.done.push(line);
                continue;
            }
            Ok(Command::Resolve) => Status::Resolved,
            Ok(Command::Close) => Status::Closed,
            Ok(Command::Reopen) => Status::Reopened,
            Ok(step) => {
                plan.steps.push((line, step));
                continue;
            }
        };
        plan.status = Some((line, status));
    }
    plan
}

impl Plan {
    /// Whether nothing of the mail may go out.
    pub fn is_refused(&self) -> bool {
        !self.report.refused.is_empty()
    }

    pub fn refuse(&mut self, line: &str, why: &str) {
        self.report.refused.push(format!("{line}: {why}"));
    }

    /// Nothing of it is done.
    pub fn refuse_all(&mut self, why: &str) {
        let steps = self.steps.drain(..).map(|(line, _)| line);
        let status = self.status.take().map(|(line, _)| line);
        let lines: Vec<String> = self.report.done.drain(..).chain(steps).chain(status).collect();
        self.report.refused.insert(0, why.to_owned());
        for line in lines {
            self.refuse(&line, "the mail was kept back");
        }
    }

    /// What would be said with the text is not done.
    pub fn refuse_status(&mut self) {
        if let Some((line, _)) = self.status.take() {
            self.refuse(&line, "not without the rest of the mail");
        }
    }
}

/// Carries out all orders that need no words. A refusal stops none of the others.
pub async fn carry_out(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    plan: &mut Plan,
    now: Timestamp,
) -> Result<(), DeskError> {
    for (line, step) in std::mem::take(&mut plan.steps) {
        match one(desk, tx, action, &step, now).await {
            Ok(()) => {
                if step == Command::Partner {
                    plan.mark = Mark::ToPartner;
                }
                plan.report.done.push(line);
            }
            Err(DeskError::Refused(why)) => plan.refuse(&line, &why),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn one(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    step: &Command,
    now: Timestamp,
) -> Result<(), DeskError> {
    match step {
        Command::Assign(assignee) => {
            let owner = assigned(tx, &action.actor, assignee).await?;
            assign::assign(action, owner.as_ref())?;
        }
        Command::Priority(priority) => assign::set_priority(action, *priority),
        Command::Queue(slug) => match desk.directory.queue_by_slug(slug) {
            Some(queue) => assign::move_to(desk, action, queue),
            None => return Err(DeskError::Refused("there is no such queue".to_owned())),
        },
        Command::Cc(address) => drop(people::add_cc(desk, tx, action, address, now).await?),
        Command::Tag(tag) => drop(people::tag(tx, action, tag).await?),
        Command::Hold => drop(assign::hold(desk, tx, action, now).await?),
        Command::Unhold => drop(assign::unhold(desk, tx, action, now).await?),
        Command::Partner if store::shared_tickets::list_live(tx, action.ticket.id).await?.is_empty() => {
            return Err(DeskError::Refused("this ticket is shared with nobody".to_owned()));
        }
        Command::Resolve | Command::Close | Command::Reopen | Command::Note | Command::Partner => {}
    }
    Ok(())
}

async fn assigned(tx: &mut Tx, actor: &Actor, assignee: &Assignee) -> Result<Option<User>, DeskError> {
    let name = match assignee {
        Assignee::Me => return Ok(actor.user.clone()),
        Assignee::Nobody => return Ok(None),
        Assignee::User(name) => name,
    };
    let by_name = store::users::find_by_username(tx, name).await?;
    let user = match by_name {
        Some(user) => Some(user),
        None => store::users::find_by_email(tx, name).await?,
    };
    let agent = |user: &User| authority::standing(user, Proof::Account, Act::Change) == Standing::Agent;
    let unknown = || DeskError::Refused("there is no active agent of that name".to_owned());
    user.filter(agent).map(Some).ok_or_else(unknown)
}
