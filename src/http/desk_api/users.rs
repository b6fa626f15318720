//! `/users`: the people whom the desk knows, found, made and changed.
//!
//! With the scope `customers` a token reaches customers only; everybody else needs `admin`.

use axum::extract::OriginalUri;
use serde::Deserialize;
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::people;
use crate::desk::person;
use crate::desk::person::address;
use crate::desk::person::erase;
use crate::desk::person::erase::Step;
use crate::desk::person::export;
use crate::email::Email;
use crate::http::desk_api::call::Call;
use crate::http::desk_api::call::Change;
use crate::http::desk_api::call::DryRun;
use crate::http::desk_api::call::IfMatch;
use crate::http::desk_api::call::Look;
use crate::http::desk_api::call::Nothing;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::page::Page;
use crate::http::desk_api::page::Paging;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Params;
use crate::http::desk_api::read::Steps;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::values::Field;
use crate::http::desk_api::values::Moment;
use crate::http::once::IdempotencyKey;
use crate::store;
use crate::store::db::Tx;
use crate::store::users::NewUser;
use crate::ticket::id::UserId;
use crate::ticket::person::Role;
use crate::ticket::person::User;
use crate::ticket::scope::Scope;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserList {
    /// Who has this address.
    email: Option<String>,
    /// Who has these words in their name.
    name: Option<String>,
    /// `customer`, `agent` or `admin`.
    role: Option<String>,
    /// At most so many, up to 200; 50 if not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<i64>,
}

/// Somebody whom the desk knows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserShape {
    id: i64,
    name: String,
    email: Option<String>,
    /// Further ones.
    addresses: Vec<String>,
    username: Option<String>,
    /// `customer`, `agent` or `admin`.
    role: &'static str,
    locale: Option<String>,
    enabled: bool,
    /// Whose entry this one went into.
    merged_into: Option<i64>,
    created_at: Moment,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NewPerson {
    email: String,
    name: Option<String>,
    /// `customer` if not given.
    role: Option<String>,
    /// With which agents log in.
    username: Option<String>,
    locale: Option<String>,
}

/// What is to be changed of somebody; what is not given stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct PersonChange {
    name: Option<String>,
    /// The first address; the one before stays a further one.
    email: Option<String>,
    /// All further addresses: others are taken away.
    addresses: Option<Vec<String>>,
    /// `null`: that of their tickets.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    locale: Field<String>,
    role: Option<String>,
    enabled: Option<bool>,
}

/// Lists people, those who were known first before others.
#[utoipa::path(get, path = "/users", params(UserList), responses(
    (status = 200, description = "A page of them.", body = Page<UserShape>), Problems))]
pub(crate) async fn list(
    look: Look,
    OriginalUri(uri): OriginalUri,
    Params(wanted): Params<UserList>,
) -> Result<Reply, Problem> {
    let paging = Paging::new(wanted.limit, wanted.after);
    let limit = paging.limit()?;
    let role = wanted.role.as_deref().map(role).transpose()?;
    let only = if look.caller.has(Scope::Admin) { role } else { Some(Role::Customer) };
    let mut tx = look.read().await?;
    let users = if let Some(email) = &wanted.email {
        store::users::find_by_email(&mut tx, email).await?.into_iter().collect()
    } else {
        let asked = (wanted.name.as_deref(), only.map(Role::as_str));
        store::users::search(&mut tx, asked, UserId(paging.from()), limit + 1).await?
    };
    let is_wanted = |user: &User| {
        [role, only].into_iter().flatten().all(|role| role == user.role) && user.id.0 > paging.from()
    };
    let users: Vec<User> = users.into_iter().filter(is_wanted).collect();
    let page = Page::of(users, limit, |user| user.id.0).map(UserShape::of);
    Ok(page.reply(uri.path(), uri.query()))
}

/// Gives one person.
#[utoipa::path(get, path = "/users/{id}", params(("id" = i64, Path)), responses(
    (status = 200, description = "The person.", body = UserShape), Problems))]
pub(crate) async fn show(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let user = reached(&mut tx, UserId(id), look.caller.has(Scope::Admin)).await?;
    Ok(Reply::one(&UserShape::of(user)))
}

/// Makes somebody known, or more of a customer who is known.
#[utoipa::path(post, path = "/users", params(DryRun, IdempotencyKey), request_body = NewPerson, responses(
    (status = 201, description = "They are known.", body = UserShape), Problems))]
pub(crate) async fn add(mut call: Call<NewPerson>) -> Result<Reply, Problem> {
    let new = std::mem::take(&mut call.body);
    let is_admin = call.look.caller.has(Scope::Admin);
    call.change(Adding { new, is_admin }).await
}

/// Changes somebody.
#[utoipa::path(patch, path = "/users/{id}", params(("id" = i64, Path), DryRun, IfMatch),
    request_body = PersonChange,
    responses((status = 200, description = "As they are now.", body = UserShape), Problems))]
pub(crate) async fn change(Steps(id): Steps<i64>, mut call: Call<PersonChange>) -> Result<Reply, Problem> {
    let wanted = std::mem::take(&mut call.body);
    let is_admin = call.look.caller.has(Scope::Admin);
    call.change(Changing { id: UserId(id), wanted, is_admin }).await
}

/// Begins to erase somebody: everything that is theirs goes, step by step.
#[utoipa::path(post, path = "/users/{id}/erase", params(("id" = i64, Path), DryRun, IdempotencyKey), responses(
    (status = 204, description = "It is begun and ends by itself."), Problems))]
pub(crate) async fn erase(Steps(id): Steps<i64>, call: Call<Nothing>) -> Result<Reply, Problem> {
    let (server, is_dry) = (call.look.server.clone(), call.is_dry());
    let actor = call.look.caller.actor.clone();
    let begun = call.change(Erasing(UserId(id))).await?;
    if !is_dry {
        let app = server.app.clone();
        server.app.tasks.spawn(async move { finish(&app, &actor, UserId(id)).await });
    }
    Ok(begun)
}

/// The rest of an erasure, a transaction for each part; what a stop cuts off, the next call goes on with.
async fn finish(app: &App, actor: &Actor, id: UserId) {
    loop {
        match step(app, actor, id).await {
            Ok(Step::More) => {}
            Ok(_) => return,
            Err(error) => {
                tracing::warn!("the erasure of person {id} stopped: {error}");
                return;
            }
        }
    }
}

async fn step(app: &App, actor: &Actor, id: UserId) -> Result<Step, DeskError> {
    let mut tx = app.db.write().await?;
    let done = erase::step(&app.desk(), &mut tx, actor, id, app.now()).await?;
    tx.commit().await?;
    Ok(done)
}

/// Gives everything that is known of somebody, but for files and the tickets themselves.
#[utoipa::path(get, path = "/users/{id}/export", params(("id" = i64, Path)), responses(
    (status = 200, description = "Everything, as `user export` writes it.", body = serde_json::Value), Problems))]
pub(crate) async fn export(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let user = reached(&mut tx, UserId(id), true).await?;
    Ok(Reply::of(&export::person(&mut tx, &look.caller.actor, user).await?))
}

/// Somebody whom the token reaches.
async fn reached(tx: &mut Tx, id: UserId, is_admin: bool) -> Result<User, Problem> {
    let user = store::users::find(tx, id).await?.filter(|user| is_admin || user.role == Role::Customer);
    user.ok_or_else(|| Problem::missing("person"))
}

fn role(text: &str) -> Result<Role, Problem> {
    Role::parse(text).ok_or_else(|| Problem::field("role", "is customer, agent or admin"))
}

#[derive(Debug)]
struct Adding {
    new: NewPerson,
    is_admin: bool,
}

impl Change for Adding {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let new = &self.new;
        let role = new.role.as_deref().map_or(Ok(Role::Customer), role)?;
        if role.is_staff() && !self.is_admin {
            return Err(Problem::field("role", "needs a token with the scope `admin`"));
        }
        let email = new.email.trim();
        let known = store::users::find_by_email(on.tx, email).await?;
        if known.as_ref().is_some_and(|known| !role.is_staff() || known.role.is_staff()) {
            return Err(Problem::conflict("that address is taken"));
        }
        let user = if role.is_staff() || new.username.is_some() {
            let wanted = NewUser {
                role,
                email: Some(email),
                name: new.name.as_deref().unwrap_or(email),
                username: new.username.as_deref(),
                password_hash: None,
                weak_password: false,
                locale: new.locale.as_deref(),
            };
            person::add(on.desk, on.tx, on.actor, &wanted, on.now).await?
        } else {
            if !Email::of(email).is_deliverable() || on.desk.directory.is_own(email) {
                return Err(Problem::field("email", "is no address of a customer"));
            }
            people::contact(on.tx, email, new.name.as_deref(), new.locale.as_deref(), on.now).await?
        };
        Ok(Reply::created(&format!("/users/{}", user.id), &UserShape::of(user)))
    }
}

#[derive(Debug)]
struct Changing {
    id: UserId,
    wanted: PersonChange,
    is_admin: bool,
}

impl Change for Changing {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let (id, wanted) = (self.id, &self.wanted);
        let user = reached(on.tx, id, self.is_admin).await?;
        on.require_match(&UserShape::of(user))?;
        if let Some(name) = &wanted.name {
            person::rename(on.tx, on.actor, id, name, on.now).await?;
        }
        self.addresses(on).await?;
        match &wanted.locale {
            Field::Absent => {}
            Field::Null => drop(person::set_locale(on.tx, on.actor, id, None, on.now).await?),
            Field::Given(locale) => {
                drop(person::set_locale(on.tx, on.actor, id, Some(locale), on.now).await?);
            }
        }
        if let Some(text) = &wanted.role {
            if !self.is_admin {
                return Err(Problem::field("role", "needs a token with the scope `admin`"));
            }
            person::set_role(on.tx, on.actor, id, (role(text)?, None), on.now).await?;
        }
        match wanted.enabled {
            None => {}
            Some(true) => drop(person::enable(on.tx, on.actor, id, on.now).await?),
            Some(false) => drop(person::disable(on.tx, on.actor, id, on.now).await?),
        }
        let user = reached(on.tx, id, true).await?;
        // Few customers have any; an agent's go back to their queues a batch at a time.
        if !user.is_active_staff() {
            while !person::hand_back(on.desk, on.tx, on.actor, id, on.now).await?.is_empty() {}
        }
        Ok(Reply::one(&UserShape::of(user)))
    }
}

impl Changing {
    async fn addresses(&self, on: &mut Work<'_>) -> Result<(), Problem> {
        let id = self.id;
        if let Some(first) = &self.wanted.email {
            let user = reached(on.tx, id, true).await?;
            if !user.has_address(&Email::key_of(first)) {
                address::add(on.desk, on.tx, on.actor, (id, first), on.now).await?;
            }
            address::put_first(on.tx, on.actor, (id, first), on.now).await?;
        }
        let Some(wanted) = &self.wanted.addresses else { return Ok(()) };
        let user = reached(on.tx, id, true).await?;
        let keys: Vec<String> = wanted.iter().map(|address| Email::key_of(address)).collect();
        for known in further(&user).iter().filter(|known| !keys.contains(known)) {
            address::remove(on.tx, on.actor, (id, known), on.now).await?;
        }
        for address in wanted.iter().filter(|address| !user.has_address(&Email::key_of(address))) {
            address::add(on.desk, on.tx, on.actor, (id, address), on.now).await?;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Erasing(UserId);

impl Change for Erasing {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        reached(on.tx, self.0, true).await?;
        erase::begin(on.tx, on.actor, self.0, on.now).await?;
        Ok(Reply::nothing())
    }
}

/// Their addresses but the first.
fn further(user: &User) -> Vec<String> {
    let first = user.email.as_deref().map(Email::key_of);
    user.addresses.keys().iter().filter(|key| Some(*key) != first.as_ref()).cloned().collect()
}

impl UserShape {
    fn of(user: User) -> Self {
        Self {
            id: user.id.0,
            addresses: further(&user),
            role: user.role.as_str(),
            enabled: user.disabled_at.is_none(),
            merged_into: user.merged_into.map(|id| id.0),
            created_at: Moment(user.created_at),
            name: user.name,
            email: user.email,
            username: user.username,
            locale: user.locale,
        }
    }
}
