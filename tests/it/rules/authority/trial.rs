//! Every use case, called for real by whoever is to try it.

use std::sync::Arc;

use helpdeskd::clock::Timestamp;
use helpdeskd::desk::DeskError;
use helpdeskd::desk::accept;
use helpdeskd::desk::action::Action;
use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::actor::Kind;
use helpdeskd::desk::assign;
use helpdeskd::desk::authority;
use helpdeskd::desk::authority::Act;
use helpdeskd::desk::calendars::Calendars;
use helpdeskd::desk::close;
use helpdeskd::desk::close::LastWords;
use helpdeskd::desk::comment;
use helpdeskd::desk::comment::Said;
use helpdeskd::desk::delete;
use helpdeskd::desk::due;
use helpdeskd::desk::escalate;
use helpdeskd::desk::event;
use helpdeskd::desk::forward;
use helpdeskd::desk::forward::ForwardError;
use helpdeskd::desk::forward::Forwarding;
use helpdeskd::desk::merge;
use helpdeskd::desk::open;
use helpdeskd::desk::open::Request;
use helpdeskd::desk::people;
use helpdeskd::desk::person;
use helpdeskd::desk::person::Password;
use helpdeskd::desk::person::address;
use helpdeskd::desk::person::erase;
use helpdeskd::desk::person::export;
use helpdeskd::desk::person::merge as merge_people;
use helpdeskd::desk::prepared::Prepared;
use helpdeskd::desk::rate;
use helpdeskd::desk::reply;
use helpdeskd::desk::reply::Place;
use helpdeskd::desk::reply::ReplyError;
use helpdeskd::desk::share::Case;
use helpdeskd::desk::share::ShareError;
use helpdeskd::desk::share::command;
use helpdeskd::desk::share::command::Settings;
use helpdeskd::desk::share::intake;
use helpdeskd::desk::share::ticket;
use helpdeskd::desk::share::turn;
use helpdeskd::desk::snooze;
use helpdeskd::desk::spam;
use helpdeskd::desk::spam::Sender;
use helpdeskd::desk::split;
use helpdeskd::desk::split::Splitting;
use helpdeskd::sharing::Side;
use helpdeskd::sharing::agreement_status::Status as AgreementStatus;
use helpdeskd::sharing::base::Base;
use helpdeskd::sharing::policy::Notes;
use helpdeskd::sharing::status::Meaning;
use helpdeskd::sharing::token::AccessKey;
use helpdeskd::sharing::token::WireId;
use helpdeskd::store;
use helpdeskd::store::agreements::Agreement;
use helpdeskd::store::db::Tx;
use helpdeskd::store::users::NewUser;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::AgreementId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::person::Role;
use helpdeskd::ticket::priority::Priority;
use helpdeskd::ticket::status::Status;

use super::people::AGENT;
use super::people::COPIED;
use super::people::Cast;
use super::people::OUTSIDER;
use super::people::SUBMITTER;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;

/// The ticket on which it is tried.
pub const TICKET: i64 = 1;
const OTHER: i64 = 2;
/// Shared with the partner.
const SHARED: i64 = 3;

const CONFIG: &str = "escalate_after = \"1d\"\n[http]\npublic_url = \"https://desk.test\"\n";

/// A desk on which everything can be done by whoever may.
pub struct Trial {
    pub desk: TestDesk,
    pub cast: Cast,
    agreement: Agreement,
    share: WireId,
}

impl Trial {
    pub async fn start(on: On) -> Self {
        let desk = TestDesk::with_config(on, CONFIG).await;
        let cast = Cast::of(&desk).await;
        let hand = desk.operator();
        for subject in ["Printer", "Other", "Shared"] {
            hand.open(Some(SUBMITTER), subject, "It burns.").await;
        }
        hand.cc(TICKET, COPIED).await;
        // Somebody outside answers a mail of the ticket, which waits to be accepted.
        let told = Box::pin(desk.sent()).await;
        let own = told.iter().find(|sent| sent.subject.contains("[support-1]")).expect("it is acknowledged");
        let theirs = own.answer("Me too.").header("From", "eve@stranger.test");
        Box::pin(desk.receive(theirs)).await;
        let now = desk.now();
        let agreement =
            hand.acts(async |tx| Ok(store::agreements::insert(tx, &agreement(&desk)).await?)).await;
        let agreement = agreement.expect("it is new");
        let what = (TicketId(SHARED), &agreement.uuid);
        hand.acts(async |tx| ticket::share(&desk.app.desk(), tx, &hand.actor, what, now).await).await;
        let shares = store::shared_tickets::list(&mut desk.read().await, TicketId(SHARED)).await;
        let share = shares.expect("they are read").remove(0).uuid;
        desk.advance(days(3));
        // There is no partner to whom the share could be sent.
        desk.leaves_unsettled();
        Self { desk, cast, agreement, share }
    }

    /// Calls the use case. A new one is called here, or this does not compile.
    pub async fn attempt(&self, tx: &mut Tx, actor: &Actor, act: Act) -> Result<(), DeskError> {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let id = TicketId(TICKET);
        match act {
            Act::Open => self.open(tx, actor).await,
            Act::Comment => self.say(tx, actor, Visibility::Public).await,
            Act::Note => self.say(tx, actor, Visibility::Private).await,
            Act::Resolve => self.enter(tx, actor, Status::Resolved).await,
            Act::Close => self.enter(tx, actor, Status::Closed).await,
            Act::Reopen => self.enter(tx, actor, Status::Reopened).await,
            Act::Assign
            | Act::Hold
            | Act::Unhold
            | Act::Prioritise
            | Act::Move
            | Act::Rename
            | Act::Retype
            | Act::Due
            | Act::Cc
            | Act::Uncc
            | Act::Tag
            | Act::Untag
            | Act::Accept
            | Act::Submitter
            | Act::Rate
            | Act::HoldThere => self.change(tx, actor, act).await,
            Act::Replies => keep_reply(tx, actor, now).await,
            Act::Merge => merge::merge(desk, tx, actor, (id, TicketId(OTHER)), now).await,
            Act::Split => self.split(tx, actor).await,
            Act::Forward => self.forward(tx, actor).await,
            Act::Spam => spam::mark(desk, tx, actor, id, Sender::Heard, now).await.map(drop),
            Act::Delete => delete::delete(desk, tx, actor, id, now).await,
            Act::Share => ticket::share(desk, tx, actor, (id, &self.agreement.uuid), now).await.map(drop),
            Act::Unshare => ticket::unshare(desk, tx, actor, (TicketId(SHARED), None), now).await.map(drop),
            Act::Agree => {
                let what = (&self.agreement.uuid, Settings::default());
                command::set(tx, actor, what, now).await.map(drop)
            }
            Act::Erase => {
                let bob = self.desk.user(COPIED).await;
                let begun = erase::begin(tx, actor, bob.id, now).await;
                let told = erase::extent(tx, actor, &bob).await.map(drop);
                assert_eq!(begun.is_ok(), told.is_ok());
                begun.and(erase::step(desk, tx, actor, bob.id, now).await.map(drop))
            }
            Act::Export => {
                let bob = self.desk.user(COPIED).await;
                let person = export::person(tx, actor, bob.clone()).await;
                let theirs = export::ticket_of(tx, actor, &bob, id).await;
                assert_eq!(person.is_ok(), theirs.is_ok());
                theirs.map(drop)
            }
            Act::Person => self.change_person(tx, actor).await,
            Act::Leave | Act::Escalate | Act::Remind | Act::Wake | Act::LetGo => {
                self.by_itself(tx, actor, act).await
            }
        }
    }

    pub async fn uncopy(&self, tx: &mut Tx, actor: &Actor, email: &str) -> Result<(), DeskError> {
        let mut action = Action::begin(tx, actor, TicketId(TICKET)).await?;
        people::remove_cc(tx, &mut action, email).await?;
        event::record(&self.desk.app.desk(), tx, action, self.desk.now()).await.map(drop)
    }

    async fn change(&self, tx: &mut Tx, actor: &Actor, act: Act) -> Result<(), DeskError> {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let alex = self.desk.user(AGENT).await;
        let queue = desk.directory.queue_by_slug("support").expect("the queue is declared");
        let case = Case { desk, agreement: &self.agreement, now };
        let mut action = Action::begin(tx, actor, TicketId(TICKET)).await?;
        let on = &mut action;
        match act {
            Act::Assign => assign::assign(on, Some(&alex))?,
            Act::Hold => drop(assign::hold(desk, tx, on, now).await?),
            Act::Unhold => drop(assign::unhold(desk, tx, on, now).await?),
            Act::Prioritise => assign::set_priority(on, Priority::NORMAL)?,
            Act::Move => assign::move_to(desk, on, queue)?,
            Act::Rename => assign::rename(on, "Printer on fire".to_owned())?,
            Act::Retype => assign::retype(desk, on, &desk.directory.types()[0])?,
            Act::Due => assign::set_due(on, Some(now))?,
            Act::Cc => drop(people::add_cc(desk, tx, on, OUTSIDER, now).await?),
            Act::Uncc => drop(people::remove_cc(tx, on, COPIED).await?),
            Act::Tag => drop(people::tag(tx, on, "fire").await?),
            Act::Untag => drop(people::untag(tx, on, "fire").await?),
            Act::Accept => drop(accept::accept(desk, tx, on, None, now).await?),
            Act::Submitter => people::change_submitter(desk, tx, on, OUTSIDER, now).await?,
            Act::Rate => {
                let user_id = actor.id().unwrap_or(UserId(1));
                rate::rate(tx, on, rate::Given { user_id, value: 5, entry_id: None }, now).await?;
            }
            Act::HoldThere => turn::take(&case, tx, on, Some(Meaning::Held)).await?,
            _ => panic!("{act:?} is tried elsewhere"),
        }
        event::record(desk, tx, action, now).await.map(drop)
    }

    /// What is always done by the same kind of actor: the use case says itself who that is.
    async fn by_itself(&self, tx: &mut Tx, actor: &Actor, act: Act) -> Result<(), DeskError> {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        authority::may(actor, act)?;
        match (act, actor.kind()) {
            (Act::Escalate, Kind::Clock) => {
                let calendars = Calendars::load(desk, tx).await?;
                let told = escalate::tell_only(desk, tx, &calendars, TicketId(TICKET), now).await?;
                assert!(told.is_some(), "it is due");
            }
            (Act::Remind, Kind::Clock) => {
                due::remind(desk, tx, self.desk.queue("support"), 10, now).await?;
            }
            (Act::Wake, Kind::Clock) => {
                snooze::wake(desk, tx, 10, now).await?;
            }
            (Act::LetGo, Kind::Partner) => {
                let case = Case { desk, agreement: &self.agreement, now };
                match intake::delete(&case, tx, &self.share).await {
                    Ok(_) => {}
                    Err(ShareError::Desk(error)) => return Err(error),
                    Err(ShareError::Refused(why)) => panic!("{why}"),
                }
            }
            // By the link in a mail to them, which has tests of its own.
            (Act::Leave, Kind::Agent | Kind::Customer) => {}
            (_, kind) => panic!("nothing does {act:?} as {kind:?}"),
        }
        Ok(())
    }

    /// Everything that can be changed of somebody.
    async fn change_person(&self, tx: &mut Tx, actor: &Actor) -> Result<(), DeskError> {
        let (now, bob) = (self.desk.now(), self.desk.user(COPIED).await.id);
        let eve = self.desk.user(OUTSIDER).await.id;
        let new = NewUser {
            role: Role::Customer,
            email: Some("new@customer.test"),
            name: "New",
            username: None,
            password_hash: None,
            weak_password: false,
            locale: None,
        };
        let desk = &self.desk.app.desk();
        let password = Password { hash: "hash", is_weak: false };
        let all = [
            person::add(desk, tx, actor, &new, now).await.map(drop),
            person::rename(tx, actor, bob, "Bob", now).await.map(drop),
            person::set_locale(tx, actor, bob, Some("de"), now).await.map(drop),
            person::set_role(tx, actor, bob, (Role::Agent, None), now).await.map(drop),
            person::set_password(tx, actor, bob, password, now).await.map(drop),
            merge_people::merge(tx, actor, (eve, bob), now).await.map(drop),
            address::add(desk, tx, actor, (bob, "bob@home.test"), now).await.map(drop),
            address::put_first(tx, actor, (bob, "bob@home.test"), now).await.map(drop),
            address::remove(tx, actor, (bob, COPIED), now).await.map(drop),
            person::disable(tx, actor, bob, now).await.map(drop),
            person::hand_back(desk, tx, actor, bob, now).await.map(drop),
            person::enable(tx, actor, bob, now).await.map(drop),
        ];
        let refused = all.iter().filter(|done| done.is_err()).count();
        assert!(refused == 0 || refused == all.len(), "some of {all:?} does not ask");
        all.into_iter().collect()
    }

    async fn open(&self, tx: &mut Tx, actor: &Actor) -> Result<(), DeskError> {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let request = Request {
            queue: desk.directory.queue_by_slug("support").expect("the queue is declared"),
            type_id: None,
            subject: "Another",
            submitter: None,
            owner_id: None,
            priority: None,
            due_at: None,
            follows: None,
            authentication: Authentication::Pass,
            locale: None,
            visibility: Visibility::Public,
            words: Arc::new(Prepared::plain("It burns.")),
            origin: None,
            no_acknowledgement: None,
        };
        let action = open::open(desk, tx, actor, &request, now).await?;
        event::record(desk, tx, action, now).await.map(drop)
    }

    async fn split(&self, tx: &mut Tx, actor: &Actor) -> Result<(), DeskError> {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let entries = [store::followups::newest(tx, TicketId(TICKET)).await?];
        let what = Splitting { id: TicketId(TICKET), entries: &entries, queue: None, title: None };
        split::split(desk, tx, actor, &what, now).await.map(drop)
    }

    async fn forward(&self, tx: &mut Tx, actor: &Actor) -> Result<(), DeskError> {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let mut action = Action::begin(tx, actor, TicketId(TICKET)).await?;
        let entry = store::followups::newest(tx, TicketId(TICKET)).await?;
        let what = Forwarding { entry, to: vec!["mick@mechanic.test".to_owned()] };
        let ready = forward::ready(desk, tx, &action, what, now).await.map_err(|why| match why {
            ForwardError::Desk(error) => error,
            why => DeskError::Refused(why.to_string()),
        })?;
        forward::forward(desk, tx, &mut action, ready, forward::Said::default(), now).await?;
        event::record(desk, tx, action, now).await.map(drop)
    }

    async fn say(&self, tx: &mut Tx, actor: &Actor, visibility: Visibility) -> Result<(), DeskError> {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let mut action = Action::begin(tx, actor, TicketId(TICKET)).await?;
        let said = Said::of(visibility, Arc::new(Prepared::plain("It still burns.")));
        comment::comment(desk, tx, &mut action, said, now).await?;
        event::record(desk, tx, action, now).await.map(drop)
    }

    async fn enter(&self, tx: &mut Tx, actor: &Actor, status: Status) -> Result<(), DeskError> {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let mut action = Action::begin(tx, actor, TicketId(TICKET)).await?;
        if status == Status::Reopened {
            action.ticket.close(now);
        }
        close::enter(desk, tx, &mut action, status, LastWords::new(Prepared::plain("So.")), now).await?;
        event::record(desk, tx, action, now).await.map(drop)
    }
}

pub fn agreement(desk: &TestDesk) -> Agreement {
    let base = |url: &str| Base::parse(url).expect("it is a base");
    Agreement {
        id: AgreementId(0),
        uuid: WireId::parse("a").expect("it is an id"),
        side: Side::Sender,
        status: AgreementStatus::Accepted,
        access_key: AccessKey::parse("key").expect("it is a key"),
        sender_url: base("https://desk.test/sharing"),
        receiver_url: base("https://partner.test/sharing"),
        our_name: "Ours".to_owned(),
        partner_name: "Theirs".to_owned(),
        sync_tags: true,
        sync_custom_fields: true,
        public_comments: true,
        queue_id: Some(desk.queue("support")),
        notes: Notes::Local,
        status_map: "{}".to_owned(),
        origin: None,
        deactivated_by: None,
        broken_at: None,
        trouble: None,
        failing_since: None,
        created_at: desk.now(),
        changed_at: desk.now(),
    }
}

async fn keep_reply(tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<(), DeskError> {
    match reply::add(tx, actor, "hello", Place::default(), "Hello.", now).await {
        Ok(_) => Ok(()),
        Err(ReplyError::Desk(error)) => Err(error),
        Err(error) => panic!("{error}"),
    }
}
