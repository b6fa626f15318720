//! Everybody who can be an actor, once.

use helpdeskd::clock::Timestamp;
use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::actor::Door;
use helpdeskd::desk::person;
use helpdeskd::store;
use helpdeskd::store::api_tokens::NewApiToken;
use helpdeskd::ticket::id::TokenId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::person::Addresses;
use helpdeskd::ticket::person::Role;
use helpdeskd::ticket::person::User;

use crate::support::story::TestDesk;

pub const AGENT: &str = "alex@staff.test";
pub const SUBMITTER: &str = "ann@customer.test";
pub const COPIED: &str = "bob@customer.test";
pub const OUTSIDER: &str = "eve@customer.test";

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Someone {
    Operator,
    Clock,
    Agent,
    Admin,
    Retired,
    Submitter,
    Copied,
    Outsider,
    Stranger,
    Program,
    Partner,
}

/// The actors of a desk.
#[derive(Debug)]
pub struct Cast {
    actors: [Actor; 11],
}

impl Someone {
    pub const ALL: [Self; 11] = [
        Self::Operator,
        Self::Clock,
        Self::Agent,
        Self::Admin,
        Self::Retired,
        Self::Submitter,
        Self::Copied,
        Self::Outsider,
        Self::Stranger,
        Self::Program,
        Self::Partner,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Clock => "clock",
            Self::Agent => "agent",
            Self::Admin => "admin",
            Self::Retired => "retired",
            Self::Submitter => "submitter",
            Self::Copied => "copied",
            Self::Outsider => "outsider",
            Self::Stranger => "stranger",
            Self::Program => "program",
            Self::Partner => "partner",
        }
    }

    /// The same, of no desk.
    pub fn nobody(self) -> Actor {
        self.actor(TokenId(1), |role, email| User {
            id: UserId(1),
            role,
            email: Some(email.to_owned()),
            addresses: Addresses::default(),
            name: email.to_owned(),
            username: None,
            password_hash: None,
            weak_password: false,
            locale: None,
            version: 1,
            created_at: Timestamp(0),
            disabled_at: (email == RETIRED).then_some(Timestamp(0)),
            proven_at: None,
            merged_into: None,
        })
    }

    fn actor(self, token: TokenId, user: impl FnOnce(Role, &str) -> User) -> Actor {
        match self {
            Self::Operator => Actor::operator(),
            Self::Clock => Actor::desk(),
            Self::Agent => Actor::person(user(Role::Agent, AGENT), Door::Jutda),
            Self::Admin => Actor::person(user(Role::Admin, ADMIN), Door::Cli),
            Self::Retired => Actor::person(user(Role::Agent, RETIRED), Door::Mail),
            Self::Submitter => Actor::person(user(Role::Customer, SUBMITTER), Door::Jaze(token)),
            Self::Copied => Actor::person(user(Role::Customer, COPIED), Door::Mail),
            Self::Outsider => Actor::person(user(Role::Customer, OUTSIDER), Door::Mail),
            Self::Stranger => Actor::stranger(Some(user(Role::Customer, SUBMITTER))),
            Self::Program => Actor::program(token),
            Self::Partner => Actor::partner(None),
        }
    }
}

const ADMIN: &str = "ada@staff.test";
const RETIRED: &str = "old@staff.test";

impl Cast {
    /// Makes them known to a desk.
    pub async fn of(desk: &TestDesk) -> Self {
        for agent in [AGENT, RETIRED] {
            desk.agent(agent).await;
        }
        let ada = desk.agent(ADMIN).await;
        let (hand, now) = (desk.operator(), desk.now());
        hand.acts(async |tx| person::set_role(tx, &hand.actor, ada.id, (Role::Admin, None), now).await).await;
        for customer in [SUBMITTER, COPIED, OUTSIDER] {
            desk.customer(customer).await;
        }
        desk.disable(&desk.user(RETIRED).await).await;
        let mut tx = desk.write().await;
        let new = NewApiToken {
            name: "billing",
            token: "token",
            key_digest: &[0; 32],
            scopes: None,
            user_id: None,
            expires_at: None,
        };
        let token = store::api_tokens::insert(&mut tx, &new, desk.now()).await;
        tx.commit().await.expect("it commits");
        let token = token.expect("the token is new");
        let mut known = Vec::new();
        for email in [AGENT, ADMIN, RETIRED, SUBMITTER, COPIED, OUTSIDER] {
            known.push(desk.user(email).await);
        }
        let find = |email: &str| known.iter().find(|user| user.email.as_deref() == Some(email)).cloned();
        Self {
            actors: Someone::ALL.map(|one| one.actor(token, |_, email| find(email).expect("they are known"))),
        }
    }

    pub fn actor(&self, someone: Someone) -> &Actor {
        &self.actors[someone as usize]
    }
}
