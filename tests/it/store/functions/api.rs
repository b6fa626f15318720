//! What the HTTP APIs keep: tokens, log-ins, answers already given, ratings, and lists of tickets.

use helpdeskd::clock::Timestamp;
use helpdeskd::store::api_tokens::NewApiToken;
use helpdeskd::store::db::Tx;
use helpdeskd::store::filters::Limits;
use helpdeskd::store::filters::Plan;
use helpdeskd::store::filters::cursor::Cursor;
use helpdeskd::store::filters::test::Span;
use helpdeskd::store::filters::test::Spanned;
use helpdeskd::store::idempotency_keys::Name;
use helpdeskd::store::ticket_lists::Filter;
use helpdeskd::store::ticket_lists::Shown;
use helpdeskd::store::users::NewUser;
use helpdeskd::ticket::id::FollowupId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::person::Role;

use super::Calls;
use super::LATER;
use super::MUCH_LATER;
use super::NOW;
use super::ann;
use super::call;
use super::ticket;

pub const SHOP: NewApiToken<'_> = NewApiToken {
    name: "shop",
    token: "token",
    key_digest: b"key",
    scopes: None,
    user_id: None,
    expires_at: None,
};

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    credentials(tx, calls).await;
    answers(tx, calls).await;
    let ann = ann(tx).await;
    let ticket = ticket(tx, calls, "uuid-api", &ann).await;
    call!(calls, ratings::upsert(tx, (ticket.id, ann.id), 2, None, NOW));
    call!(calls, ratings::upsert(tx, (ticket.id, ann.id), 5, None, LATER));
    assert_eq!(call!(calls, ratings::list(tx, ticket.id))[0].value, 5);
    assert_eq!(call!(calls, ratings::find(tx, ticket.id, ann.id)), Some(5));
    assert_eq!(call!(calls, followups::conversations::list(tx, ticket.id, FollowupId(0), 10)).len(), 0);
    assert_eq!(call!(calls, followups::conversations::page(tx, ticket.id, FollowupId(0), 10)).len(), 0);
    assert_eq!(call!(calls, ticket_lists::survivor(tx, ticket.id)), ticket.id);
    lists(tx, calls, ann.id).await;
}

async fn credentials(tx: &mut Tx, calls: &mut Calls) {
    let id = call!(calls, api_tokens::insert(tx, &SHOP, NOW));
    assert!(call!(calls, logins::find_token(tx, "Token", "jaze from x", NOW)).is_none());
    let login = call!(calls, logins::find_token(tx, "token", "jaze from x", NOW)).expect("it is known");
    assert_eq!((login.row.id, login.of_account, login.of_origin), (id, 0, 0));
    call!(calls, api_tokens::set_used(tx, id, LATER));
    call!(calls, api_tokens::set_disabled(tx, id, Some(LATER)));
    assert!(call!(calls, api_tokens::revoke(tx, id, LATER)));
    assert!(!call!(calls, api_tokens::revoke(tx, id, LATER)), "once");
    assert_eq!(call!(calls, api_tokens::list(tx)).len(), 1);
    call!(calls, login_failures::add(tx, "user:ann", NOW, NOW));
    call!(calls, login_failures::add(tx, "user:ann", NOW, LATER));
    let counted = call!(calls, login_failures::list(tx, ("user:ann", "address:x"), NOW));
    assert_eq!(counted, [("user:ann".to_owned(), 2)]);
    call!(calls, login_failures::add(tx, "jutda from x", NOW, NOW));
    let agnes = NewUser {
        role: Role::Agent,
        email: None,
        name: "Agnes",
        username: Some("agnes"),
        password_hash: Some("$argon2id$"),
        weak_password: false,
        locale: None,
    };
    let user = call!(calls, users::insert(tx, &agnes, NOW));
    let account = format!("user:{}", user.id);
    call!(calls, login_failures::add(tx, &account, NOW, NOW));
    call!(calls, login_failures::add(tx, &account, NOW, NOW));
    let login = call!(calls, logins::find_user(tx, "agnes", "jutda from x", NOW)).expect("she is known");
    assert_eq!((login.row.id, login.of_account, login.of_origin), (user.id, 2, 1));
    let login = call!(calls, logins::find_user(tx, "agnes", "jutda from y", LATER)).expect("she is known");
    assert_eq!((login.of_account, login.of_origin), (0, 0));
    assert!(call!(calls, logins::find_user(tx, "Agnes", "", NOW)).is_none());
    assert_eq!(call!(calls, login_failures::delete_before(tx, MUCH_LATER)), 3);
    call!(calls, login_origins::upsert(tx, "ann", "192.0.2.1", NOW));
    call!(calls, login_origins::upsert(tx, "ann", "192.0.2.1", LATER));
    assert_eq!(call!(calls, login_origins::find(tx, "ann", "192.0.2.1")), Some(LATER));
    assert_eq!(call!(calls, login_origins::delete_before(tx, MUCH_LATER)), 1);
}

async fn answers(tx: &mut Tx, calls: &mut Calls) {
    let name = Name { account: "a".to_owned(), path: "/p".to_owned(), key: "k".to_owned() };
    let long_ago = Timestamp(0);
    assert!(call!(calls, idempotency_keys::claim(tx, &name, b"one", long_ago, NOW)));
    assert!(!call!(calls, idempotency_keys::claim(tx, &name, b"two", long_ago, LATER)), "it is taken");
    call!(calls, idempotency_keys::finish(tx, &name, "text/plain", "OK"));
    assert_eq!(call!(calls, idempotency_keys::find(tx, &name)).expect("it is kept").digest, b"one");
    assert_eq!(call!(calls, idempotency_keys::delete_before(tx, MUCH_LATER)), 1);
}

/// Every list that a program can ask for, in both directions.
async fn lists(tx: &mut Tx, calls: &mut Calls, ann: UserId) {
    let shown = [
        Shown::All,
        Shown::Unresolved,
        Shown::Due(NOW, MUCH_LATER),
        Shown::Open,
        Shown::OnHold,
        Shown::Unassigned,
        Shown::Closed,
    ];
    for shown in shown {
        for (submitter, owner) in [(None, None), (Some(ann), None), (None, Some(ann)), (Some(ann), Some(ann))]
        {
            for created in [None, Some((NOW, LATER))] {
                let conditions = Filter { submitter, owner, shown, created }.conditions();
                for cursor in [Cursor::After(TicketId(0)), Cursor::Before(TicketId(i64::MAX))] {
                    let found = call!(calls, ticket_lists::find(tx, &conditions, cursor, 10, Some(100)));
                    call!(calls, ticket_lists::rows(tx, &found.ids));
                    call!(calls, ticket_lists::named(tx, &found.ids));
                    let limits = Limits { walked: 10, found: 10 };
                    let statement = Plan::of(&conditions).statement(cursor, 0, limits);
                    let numbers = call!(calls, filters::numbers(tx, &statement));
                    assert_eq!(numbers, found.ids.iter().map(|id| id.0).collect::<Vec<_>>());
                }
            }
        }
    }
    let span = Span { from: NOW, until: MUCH_LATER };
    for span in [Spanned::Created(span), Spanned::Due(span)] {
        for cursor in [Cursor::After(TicketId(0)), Cursor::Before(TicketId(i64::MAX))] {
            assert_eq!(call!(calls, ticket_lists::next_segment(tx, span, cursor)), Some(0));
        }
    }
}
