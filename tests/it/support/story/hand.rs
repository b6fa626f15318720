//! What people do to tickets without mail, each act in a transaction of its own.
//!
//! A refusal fails the test; a test of refusals calls the use case itself.

use std::sync::Arc;

use helpdeskd::clock::Timestamp;
use helpdeskd::desk::DeskError;
use helpdeskd::desk::action::Action;
use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::actor::Door;
use helpdeskd::desk::assign;
use helpdeskd::desk::close;
use helpdeskd::desk::close::LastWords;
use helpdeskd::desk::comment;
use helpdeskd::desk::comment::Said;
use helpdeskd::desk::delete;
use helpdeskd::desk::event;
use helpdeskd::desk::merge;
use helpdeskd::desk::open;
use helpdeskd::desk::open::Request;
use helpdeskd::desk::people;
use helpdeskd::desk::prepared::Prepared;
use helpdeskd::desk::snooze;
use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::store::users::NewUser;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::person::Role;
use helpdeskd::ticket::person::User;
use helpdeskd::ticket::priority::Priority;
use helpdeskd::ticket::until::Until;

use super::TestDesk;

/// Somebody who acts.
#[derive(Debug)]
pub struct Hand<'a> {
    desk: &'a TestDesk,
    pub actor: Actor,
}

impl TestDesk {
    /// An operator at the command line.
    pub fn operator(&self) -> Hand<'_> {
        Hand { desk: self, actor: Actor::operator() }
    }

    /// Somebody by name.
    pub fn by(&self, user: &User) -> Hand<'_> {
        Hand { desk: self, actor: Actor::person(user.clone(), Door::Cli) }
    }

    /// Somebody who comes through this door.
    pub fn through(&self, user: &User, door: Door) -> Hand<'_> {
        Hand { desk: self, actor: Actor::person(user.clone(), door) }
    }

    /// A new agent.
    pub async fn agent(&self, email: &str) -> User {
        self.person(Role::Agent, email).await
    }

    /// A new customer.
    pub async fn customer(&self, email: &str) -> User {
        self.person(Role::Customer, email).await
    }

    /// Somebody the desk knows.
    pub async fn user(&self, email: &str) -> User {
        let found = store::users::find_by_email(&mut self.read().await, email).await;
        found.expect("users are read").unwrap_or_else(|| panic!("nobody has the address {email}"))
    }

    /// From now on this is nobody's account.
    pub async fn disable(&self, user: &User) {
        self.operator().acts(async |tx| Ok(store::users::disable(tx, user.id, self.now()).await?)).await;
    }

    async fn person(&self, role: Role, email: &str) -> User {
        let name = email.split('@').next().unwrap_or_default();
        let username = role.is_staff().then_some(name);
        let new = NewUser {
            role,
            email: Some(email),
            name,
            username,
            password_hash: None,
            weak_password: false,
            locale: None,
        };
        let mut tx = self.write().await;
        let user = store::users::insert(&mut tx, &new, self.now()).await.expect("the user is new");
        tx.commit().await.expect("it commits");
        user
    }
}

impl Hand<'_> {
    /// Opens a ticket for somebody; its number.
    pub async fn open(&self, submitter: Option<&str>, subject: &str, text: &str) -> i64 {
        let desk = self.desk;
        let current = desk.app.desk();
        let queue = current.directory.queue_by_slug("support").expect("the queue is declared");
        self.acts(async |tx| {
            let submitter = match submitter {
                Some(email) => Some(people::contact(tx, email, None, None, desk.now()).await?),
                None => None,
            };
            let request = Request {
                queue,
                type_id: None,
                subject,
                submitter: submitter.as_ref(),
                owner_id: None,
                priority: None,
                due_at: None,
                follows: None,
                authentication: Authentication::Pass,
                locale: None,
                visibility: Visibility::Public,
                words: Arc::new(Prepared::plain(text)),
                origin: None,
                no_acknowledgement: None,
            };
            let action = open::open(&desk.app.desk(), tx, &self.actor, &request, desk.now()).await?;
            let ticket = event::record(&desk.app.desk(), tx, action, desk.now()).await?;
            Ok(ticket.id.0)
        })
        .await
    }

    /// Says something that the customer sees.
    pub async fn comment(&self, id: i64, text: &str) {
        self.says(id, text, Visibility::Public).await;
    }

    /// Says something that only staff see.
    pub async fn note(&self, id: i64, text: &str) {
        self.says(id, text, Visibility::Private).await;
    }

    pub async fn resolve(&self, id: i64, text: &str) {
        let (desk, now, last) =
            (&self.desk.app.desk(), self.desk.now(), LastWords::new(Prepared::plain(text)));
        self.acts_on(id, async |tx, action| close::resolve(desk, tx, action, last, now).await).await;
    }

    pub async fn close(&self, id: i64, text: &str) {
        let (desk, now, last) =
            (&self.desk.app.desk(), self.desk.now(), LastWords::new(Prepared::plain(text)));
        self.acts_on(id, async |tx, action| close::close(desk, tx, action, last, now).await).await;
    }

    pub async fn reopen(&self, id: i64, text: &str) {
        let (desk, now, last) =
            (&self.desk.app.desk(), self.desk.now(), LastWords::new(Prepared::plain(text)));
        self.acts_on(id, async |tx, action| close::reopen(desk, tx, action, last, now).await).await;
    }

    pub async fn assign(&self, id: i64, owner: Option<&User>) {
        self.acts_on(id, async |_, action| assign::assign(action, owner)).await;
    }

    pub async fn hold(&self, id: i64) -> bool {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        self.acts_on(id, async |tx, action| assign::hold(desk, tx, action, now).await).await
    }

    /// Puts a ticket on hold until then.
    pub async fn hold_until(&self, id: i64, until: &str) -> Timestamp {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let until = Until::parse(until).expect("it is a time");
        self.acts_on(id, async |tx, action| match snooze::hold(desk, tx, action, until, now).await {
            Ok(at) => Ok(at),
            Err(error) => Err(DeskError::Refused(error.to_string())),
        })
        .await
    }

    pub async fn unhold(&self, id: i64) -> bool {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        self.acts_on(id, async |tx, action| assign::unhold(desk, tx, action, now).await).await
    }

    pub async fn priority(&self, id: i64, number: i64) {
        let priority = Priority::try_from(number).expect("a priority is 1 to 5");
        self.acts_on(id, async |_, action| assign::set_priority(action, priority)).await;
    }

    pub async fn move_to(&self, id: i64, slug: &str) {
        let desk = &self.desk.app.desk();
        let queue = desk.directory.queue_by_slug(slug).expect("the queue is declared");
        self.acts_on(id, async |_, action| assign::move_to(desk, action, queue)).await;
    }

    pub async fn merge(&self, id: i64, survivor: i64) {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let ids = (TicketId(id), TicketId(survivor));
        self.acts(async |tx| merge::merge(desk, tx, &self.actor, ids, now).await).await;
    }

    pub async fn cc(&self, id: i64, email: &str) -> bool {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        self.acts_on(id, async |tx, action| people::add_cc(desk, tx, action, email, now).await).await
    }

    pub async fn tag(&self, id: i64, tag: &str) -> bool {
        self.acts_on(id, async |tx, action| people::tag(tx, action, tag).await).await
    }

    pub async fn delete(&self, id: i64) {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        self.acts(async |tx| delete::delete(desk, tx, &self.actor, TicketId(id), now).await).await;
    }

    /// One act on a ticket, recorded as at every door.
    pub async fn acts_on<T>(
        &self,
        id: i64,
        act: impl AsyncFnOnce(&mut Tx, &mut Action) -> Result<T, DeskError>,
    ) -> T {
        let now = self.desk.now();
        self.acts(async |tx| {
            let mut action = Action::begin(tx, &self.actor, TicketId(id)).await?;
            let done = act(tx, &mut action).await?;
            event::record(&self.desk.app.desk(), tx, action, now).await?;
            Ok(done)
        })
        .await
    }

    /// One act, whatever it is.
    pub async fn acts<T>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<T, DeskError>) -> T {
        let mut tx = self.desk.write().await;
        let done = act(&mut tx).await.expect("nobody refuses it");
        tx.commit().await.expect("it commits");
        done
    }

    async fn says(&self, id: i64, text: &str, visibility: Visibility) {
        let (desk, now) = (&self.desk.app.desk(), self.desk.now());
        let said = Said::of(visibility, Arc::new(Prepared::plain(text)));
        self.acts_on(id, async |tx, action| comment::comment(desk, tx, action, said, now).await).await;
    }
}
