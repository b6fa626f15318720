//! A person with their newest tickets.

use crate::desk::view::list;
use crate::desk::view::list::Listing;
use crate::desk::view::list::Page;
use crate::store;
use crate::store::db::Tx;
use crate::store::filters::test::Filter;
use crate::store::filters::test::Test;
use crate::ticket::id::UserId;
use crate::ticket::person::User;

/// A person, and what they asked.
#[derive(Debug)]
pub struct Customer {
    pub user: User,
    pub tickets: Listing,
}

/// Somebody by number with a page of their tickets; nothing if there is nobody of that number.
pub async fn customer(tx: &mut Tx, id: UserId, page: Page) -> Result<Option<Customer>, sqlx::Error> {
    let Some(user) = store::users::find(tx, id).await? else { return Ok(None) };
    let tickets = list::page_of(tx, &[Filter::wanted(Test::Submitter(id))], page).await?;
    Ok(Some(Customer { user, tickets }))
}
