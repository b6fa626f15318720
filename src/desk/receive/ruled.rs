//! What the rules of the configuration asked for, done to the ticket that a mail opens.
//!
//! Which of them fire was found out before the transaction. Whom they name is looked up here: an agent who is not
//! active any more gets nothing.

use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::agents;
use crate::desk::calendars::Calendars;
use crate::desk::directory::Queue;
use crate::desk::people;
use crate::desk::receive::case::Case;
use crate::desk::receive::understood::Understood;
use crate::desk::rules::Choice;
use crate::desk::rules::Fired;
use crate::desk::rules::Look;
use crate::desk::trace::Trace;
use crate::store;
use crate::store::db::Tx;
use crate::store::inbox::Received;
use crate::ticket::authentication::Authentication;
use crate::ticket::id::TypeId;
use crate::ticket::person::User;

/// Which rules fire for a mail. `calendars` are needed where a rule asks for the time.
pub fn fire(
    desk: &Desk,
    received: &Received,
    understood: &Understood,
    authentication: Authentication,
    calendars: Option<&Calendars>,
) -> Fired {
    let Some(queue) = desk.directory.queue(received.queue_id).filter(|_| !desk.rules.is_empty()) else {
        return Fired::default();
    };
    let at = received.received_at;
    let working = desk.directory.queues().iter().filter(|queue| {
        calendars.and_then(|all| all.of(queue.id)).is_some_and(|calendar| calendar.opens(at) == Some(at))
    });
    let working: Vec<String> = working.map(|queue| queue.config.slug.clone()).collect();
    desk.rules.fire(&Look {
        mail: &understood.mail,
        queue: &queue.config,
        own: desk.directory.own(),
        authentication,
        has_file: understood.has_file(),
        working: &working,
    })
}

/// Those that fire for a mail, found out here for one at which nobody looked before the transaction.
pub(super) async fn of(
    desk: &Desk,
    tx: &mut Tx,
    received: &Received,
    understood: &mut Understood,
    authentication: Authentication,
) -> Result<Fired, sqlx::Error> {
    if let Some(fired) = understood.fired.take() {
        return Ok(fired);
    }
    let calendars = if desk.rules.asks_time() { Some(Calendars::load(desk, tx).await?) } else { None };
    Ok(fire(desk, received, understood, authentication, calendars.as_ref()))
}

impl Case<'_> {
    pub(super) fn note_rules(&self, trace: &mut Trace) {
        for told in &self.fired.told {
            trace.note("rule", told.as_str());
        }
    }

    /// The queue in which a ticket is opened.
    pub(super) fn target(&self) -> &Queue {
        let ruled = self.fired.queue.as_deref().and_then(|slug| self.desk.directory.queue_by_slug(slug));
        ruled.map_or(self.queue, |queue| queue)
    }

    /// The type that a rule gives it, if its queue has that.
    pub(super) fn kind_by_rule(&self) -> Option<TypeId> {
        let kind = self.desk.directory.kind_by_name(self.fired.kind.as_deref()?)?;
        (kind.queue_id == self.target().id).then_some(kind.id)
    }

    /// Finds out whose the ticket is to be, if a rule says that.
    pub(super) async fn choose_owner(&mut self, tx: &mut Tx, trace: &mut Trace) -> Result<(), DeskError> {
        let Some(choice) = &self.fired.owner else { return Ok(()) };
        // On the heap: few desks have such rules, and every mail passes here.
        let chosen = Box::pin(chosen(tx, self.target(), choice)).await?;
        match &chosen {
            Some(user) => trace.note("rule", format!("the ticket is {}'s", user.id)),
            None => trace.note("rule", "none of the agents whom it names is active: the ticket is nobody's"),
        }
        self.owner_by_rule = chosen.map(|user| user.id);
        Ok(())
    }

    /// Puts the tags on that rules ask for, in the desk's name.
    pub(super) async fn tag_by_rules(&self, tx: &mut Tx, action: &mut Action) -> Result<(), DeskError> {
        if self.fired.tags.is_empty() {
            return Ok(());
        }
        let actor = std::mem::replace(&mut action.actor, Actor::desk());
        for tag in &self.fired.tags {
            people::tag(tx, action, tag).await?;
        }
        action.actor = actor;
        Ok(())
    }
}

async fn chosen(tx: &mut Tx, queue: &Queue, choice: &Choice) -> Result<Option<User>, sqlx::Error> {
    match choice {
        Choice::Agent(name) => Ok(active(tx, std::slice::from_ref(name)).await?.pop()),
        Choice::InTurn { rule, among } => {
            let agents = active(tx, among).await?;
            let Ok(count @ 1..) = i64::try_from(agents.len()) else { return Ok(None) };
            let turn = store::rule_turns::advance(tx, rule).await?;
            let at = usize::try_from((turn - 1).rem_euclid(count)).unwrap_or_default();
            Ok(agents.into_iter().nth(at))
        }
        Choice::LeastOpen(among) => {
            let agents = if among.is_empty() {
                agents::of_queue(tx, &queue.config).await?
            } else {
                active(tx, among).await?
            };
            let mut least: Option<(i64, User)> = None;
            for agent in agents {
                let open = store::tickets::count_open_of(tx, agent.id).await?;
                if least.as_ref().is_none_or(|(fewest, _)| open < *fewest) {
                    least = Some((open, agent));
                }
            }
            Ok(least.map(|(_, agent)| agent))
        }
    }
}

/// Those of these user names who are active agents, in this order.
async fn active(tx: &mut Tx, names: &[String]) -> Result<Vec<User>, sqlx::Error> {
    let mut agents = Vec::new();
    for name in names {
        agents.extend(store::users::find_by_username(tx, name).await?.filter(User::is_active_staff));
    }
    Ok(agents)
}
