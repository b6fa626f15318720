//! The agents whom a queue concerns: those whom it names, or all.
//!
//! When they are asked is decided in `notify`.

use crate::config::queue::Queue;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::person::User;

/// Active agents and administrators of a queue who can be mailed. Where it names none of those, all are.
pub(crate) async fn of_queue(tx: &mut Tx, queue: &Queue) -> Result<Vec<User>, sqlx::Error> {
    Ok(of(queue, store::users::list_staff(tx).await?))
}

/// As `of_queue`, of the active staff of a desk.
pub fn of(queue: &Queue, staff: Vec<User>) -> Vec<User> {
    let (named, others): (Vec<User>, Vec<User>) =
        staff.into_iter().filter(|user| user.email.is_some()).partition(|user| is_named(queue, user));
    if named.is_empty() { others } else { named }
}

/// What a queue calls its agents and no active agent is called.
pub fn strangers<'a>(queue: &'a Queue, staff: &[User]) -> Vec<&'a str> {
    let known = |name: &str| staff.iter().any(|user| user.username.as_deref() == Some(name));
    queue.agents.iter().map(String::as_str).filter(|name| !known(name)).collect()
}

fn is_named(queue: &Queue, user: &User) -> bool {
    user.username.as_ref().is_some_and(|name| queue.agents.contains(name))
}
