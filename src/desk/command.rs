//! Carrying out what an agent asks for by mail, each order as if it was given at the command line.
//!
//! What is said with it is said by the caller, after all orders: whoever is new hears of it too.

pub mod report;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::accept;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::assign;
use crate::desk::authority;
use crate::desk::authority::Aim;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::desk::command::report::Remark;
use crate::desk::command::report::Report;
use crate::desk::command::report::Why;
use crate::desk::people;
use crate::desk::people::Unfit;
use crate::desk::snooze;
use crate::desk::snooze::SnoozeError;
use crate::sharing::policy::Mark;
use crate::store;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::command::Assignee;
use crate::ticket::command::Command;
use crate::ticket::command::Mistake;
use crate::ticket::command::Needed;
use crate::ticket::command::Order;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::person::User;
use crate::ticket::status::Status;

/// The orders of one mail, in the order in which they are carried out.
#[derive(Debug)]
pub struct Plan {
    steps: Vec<(String, Command)>,
    /// For whom the text of the mail is.
    pub visibility: Visibility,
    pub mark: Mark,
    /// The entry that the mail answers, if it is one.
    pub(crate) answers: Option<FollowupId>,
    /// What becomes of the ticket with the text, and the line that says so.
    pub status: Option<(String, Status)>,
    /// The line that asks for a draft to be sent.
    pub send: Option<String>,
    /// The saved reply that stands above the text, and the line that says so.
    pub(crate) reply: Option<(String, String)>,
    /// Where the entry that is answered goes with the text, and the line that says so.
    pub(crate) forward: Option<(String, String)>,
    pub report: Report,
}

/// Sorts the orders of a mail. Those that are mistakes are refused already.
pub fn plan(orders: Vec<Order>) -> Plan {
    let mut plan = Plan {
        steps: Vec::new(),
        visibility: Visibility::Public,
        mark: Mark::default(),
        answers: None,
        status: None,
        send: None,
        reply: None,
        forward: None,
        report: Report::default(),
    };
    for Order { line, asks } in orders {
        let status = match asks {
            Err(mistake) => {
                plan.refuse(&line, mistaken(mistake));
                continue;
            }
            Ok(Command::Note) => {
                plan.visibility = Visibility::Private;
                plan.report.done.push(Remark::Order(line));
                continue;
            }
            Ok(Command::Send) => {
                // What stands below it is not the answer.
                plan.visibility = Visibility::Private;
                plan.send = Some(line);
                continue;
            }
            Ok(Command::Spam { .. }) => {
                plan.refuse(&line, Sentence::new("reply.spam_alone"));
                continue;
            }
            Ok(Command::Reply(name)) => {
                plan.reply = Some((line, name));
                continue;
            }
            Ok(Command::Forward(address)) => {
                plan.forward = Some((line, address));
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
    pub(crate) fn is_refused(&self) -> bool {
        !self.report.refused.is_empty()
    }

    pub(crate) fn refuse(&mut self, line: &str, why: impl Into<Why>) {
        self.report.refused.push(Remark::Refusal { of: line.to_owned(), why: why.into() });
    }

    /// Refuses a line for this reason, and for no other.
    pub(crate) fn refuse_instead(&mut self, line: &str, why: Why) {
        self.report.refused.clear();
        self.refuse(line, why);
    }

    /// Nothing of it is done.
    pub(crate) fn refuse_all(&mut self, why: Sentence) {
        let steps = self.steps.drain(..).map(|(line, _)| line);
        let status = self.status.take().map(|(line, _)| line);
        let done = self.report.done.drain(..).filter_map(|remark| match remark {
            Remark::Order(line) => Some(line),
            _ => None,
        });
        let texts = [self.reply.take(), self.forward.take()].into_iter().flatten().map(|(line, _)| line);
        let lines: Vec<String> =
            done.chain(steps).chain(self.send.take()).chain(texts).chain(status).collect();
        self.report.refused.insert(0, Remark::Sentence(why));
        for line in lines {
            self.refuse(&line, Sentence::new("reply.kept_back"));
        }
    }

    /// Nothing can be sent that was not kept.
    pub(crate) fn refuse_send(&mut self, key: &'static str) {
        if let Some(line) = self.send.take() {
            self.refuse(&line, Sentence::new(key));
        }
    }

    /// Nothing is passed on without the rest of the mail.
    pub(crate) fn refuse_forward(&mut self) {
        if let Some((line, _)) = self.forward.take() {
            self.refuse(&line, Sentence::new("reply.kept_back"));
        }
    }

    /// A saved reply is for an answer.
    pub(crate) fn refuse_reply(&mut self, key: &'static str) {
        if let Some((line, _)) = self.reply.take() {
            self.refuse(&line, Sentence::new(key));
        }
    }

    /// Takes out what sends something to anybody outside, as lines in which it can be asked for again.
    pub(crate) fn take_outgoing(&mut self) -> Vec<String> {
        let (outgoing, steps) = std::mem::take(&mut self.steps)
            .into_iter()
            .partition(|(_, step): &(String, Command)| matches!(step, Command::Cc(_)));
        self.steps = steps;
        let ends = self.status.take().map(|(_, status)| match status {
            Status::Resolved => "#resolve".to_owned(),
            Status::Closed | Status::Merged => "#close".to_owned(),
            Status::Open | Status::Reopened => "#reopen".to_owned(),
        });
        let copies = outgoing.into_iter().filter_map(|(_, step)| match step {
            Command::Cc(address) => Some(format!("#cc {address}")),
            _ => None,
        });
        let forward = self.forward.take().map(|(_, address)| format!("#forward {address}"));
        ends.into_iter().chain(copies).chain(forward).collect()
    }

    /// Says of what was taken out that it waits.
    pub(crate) fn wait(&mut self, outgoing: Vec<String>) {
        for line in outgoing {
            self.refuse(&line, Sentence::new("reply.waits"));
        }
    }

    /// What would be said with the text is not done.
    pub(crate) fn refuse_status(&mut self) {
        if let Some((line, _)) = self.status.take() {
            self.refuse(&line, Sentence::new("reply.not_alone"));
        }
    }
}

/// Carries out all orders that need no words. A refusal stops none of the others.
pub(crate) async fn carry_out(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    plan: &mut Plan,
    now: Timestamp,
) -> Result<(), DeskError> {
    for (line, step) in std::mem::take(&mut plan.steps) {
        let done = match (&step, plan.answers) {
            (Command::Accept, Some(entry)) => {
                // On the heap: few mails accept anything.
                let accepted = Box::pin(accept::accept(desk, tx, action, Some(entry), now)).await;
                accepted.map(drop).map_err(Stopped::from)
            }
            _ => one(desk, tx, action, &step, now).await,
        };
        match done {
            Ok(()) => {
                if step == Command::Partner {
                    plan.mark = Mark::ToPartner;
                }
                plan.report.done.push(Remark::Order(line));
            }
            Err(Stopped::Refused(why)) => plan.refuse(&line, why),
            Err(Stopped::Failed(error)) => return Err(error),
        }
    }
    Ok(())
}

/// Why an order was not carried out.
enum Stopped {
    Refused(Why),
    Failed(DeskError),
}

impl From<DeskError> for Stopped {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Refused(why) => Self::Refused(Why::Text(why)),
            DeskError::Forbidden(why) => Self::Refused(Why::Text(why.to_string())),
            error => Self::Failed(error),
        }
    }
}

impl From<Unfit> for Stopped {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::NoAddress => Self::because("reply.no_address"),
            Unfit::OwnAddress => Self::because("reply.own_address"),
            Unfit::Tag => {
                let told = Sentence::new("reply.not_a_tag").with("most", &people::LONGEST_TAG);
                Self::Refused(Why::Sentence(told))
            }
        }
    }
}

impl From<SnoozeError> for Stopped {
    fn from(error: SnoozeError) -> Self {
        match error {
            SnoozeError::Until(_) => Self::because("reply.no_time"),
            SnoozeError::Desk(error) => error.into(),
        }
    }
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Stopped {
    fn because(key: &'static str) -> Self {
        Self::Refused(Why::Sentence(Sentence::new(key)))
    }
}

fn mistaken(mistake: Mistake) -> Sentence {
    Sentence::new(match mistake {
        Mistake::Unknown => "reply.unknown",
        Mistake::Superfluous => "reply.superfluous",
        Mistake::Missing(Needed::User) => "reply.needs_user",
        Mistake::Missing(Needed::Number) => "reply.needs_number",
        Mistake::Missing(Needed::Queue) => "reply.needs_queue",
        Mistake::Missing(Needed::Address) => "reply.needs_address",
        Mistake::Missing(Needed::Word) => "reply.needs_word",
        Mistake::Time => "reply.not_a_time",
        Mistake::Priority => "reply.not_a_priority",
        Mistake::Addresses => "reply.one_address",
        Mistake::Contradiction => "reply.contradiction",
        Mistake::WithoutNote => "reply.without_note",
        Mistake::TooMany => "reply.too_many",
        Mistake::Unseen => "reply.unseen",
        Mistake::HtmlOnly => "reply.html_only",
    })
}

async fn one(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    step: &Command,
    now: Timestamp,
) -> Result<(), Stopped> {
    match step {
        Command::Assign(assignee) => {
            let owner = assigned(tx, &action.actor, assignee).await?;
            assign::assign(action, owner.as_ref())?;
        }
        Command::Priority(priority) => assign::set_priority(action, *priority)?,
        Command::Queue(slug) => match desk.directory.queue_by_slug(slug) {
            Some(queue) => assign::move_to(desk, action, queue)?,
            None => return Err(Stopped::because("reply.no_queue")),
        },
        Command::Cc(address) => {
            people::fit_for_cc(desk, address)?;
            people::add_cc(desk, tx, action, address, now).await.map(drop)?;
        }
        Command::Tag(tag) => {
            people::fit_for_tag(tag)?;
            people::tag(tx, action, tag).await.map(drop)?;
        }
        Command::Hold(None) => drop(assign::hold(desk, tx, action, now).await?),
        Command::Hold(Some(until)) => drop(snooze::hold(desk, tx, action, *until, now).await?),
        Command::Unhold => drop(assign::unhold(desk, tx, action, now).await?),
        Command::Partner if store::shared_tickets::list_live(tx, action.ticket.id).await?.is_empty() => {
            return Err(Stopped::because("reply.not_shared"));
        }
        Command::Confirm => return Err(Stopped::because("reply.nothing_to_confirm")),
        // Which one is meant must not be left to whoever wrote last.
        Command::Accept => return Err(Stopped::because("reply.nothing_to_accept")),
        Command::Resolve
        | Command::Close
        | Command::Reopen
        | Command::Note
        | Command::Reply(_)
        | Command::Forward(_)
        | Command::Spam { .. }
        | Command::Send
        | Command::Partner => {}
    }
    Ok(())
}

async fn assigned(tx: &mut Tx, actor: &Actor, assignee: &Assignee) -> Result<Option<User>, Stopped> {
    let name = match assignee {
        Assignee::Me => return Ok(actor.user().cloned()),
        Assignee::Nobody => return Ok(None),
        Assignee::User(name) => name,
    };
    let by_name = store::users::find_by_username(tx, name).await?;
    let user = match by_name {
        Some(user) => Some(user),
        None => store::users::find_by_email(tx, name).await?,
    };
    let agent = |user: &User| authority::standing(user, Proof::Account, Aim::Change) == Standing::Agent;
    user.filter(agent).map(Some).ok_or_else(|| Stopped::because("reply.no_agent"))
}
