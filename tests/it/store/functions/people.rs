//! Users, queues, types, keys and accounts.

use helpdeskd::store::channels::AccountState;
use helpdeskd::store::db::Tx;
use helpdeskd::store::oauth_tokens::Chain;
use helpdeskd::store::users::NewUser;
use helpdeskd::ticket::id::QueueId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::person::Role;
use helpdeskd::ticket::priority::Priority;

use super::Calls;
use super::LATER;
use super::NOW;
use super::call;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    users(tx, calls).await;
    declared(tx, calls).await;
    keys_and_accounts(tx, calls).await;
}

async fn users(tx: &mut Tx, calls: &mut Calls) {
    let ann = call!(calls, users::insert_customer(tx, "Ann@Customer.test", "Ann", Some("de"), NOW));
    let ann = ann.expect("she is new");
    let again = call!(calls, users::insert_customer(tx, "ann@customer.TEST", "Other", None, NOW));
    assert!(again.is_none(), "her address is known in any case");
    let vera = call!(calls, users::insert_unproven(tx, "Vera@Customer.test", NOW)).expect("she is new");
    assert_eq!((vera.name.as_str(), vera.proven_at), ("Vera@Customer.test", None));
    assert!(call!(calls, users::insert_unproven(tx, "vera@customer.test", NOW)).is_none());
    let vera = call!(calls, users::prove(tx, vera.id, "Vera", Some("de"), LATER)).expect("she was not known");
    assert_eq!(
        (vera.name.as_str(), vera.locale.as_deref(), vera.proven_at),
        ("Vera", Some("de"), Some(LATER))
    );
    assert!(call!(calls, users::prove(tx, vera.id, "Other", None, LATER)).is_none(), "once");
    let alex = NewUser {
        role: Role::Agent,
        email: Some("alex@staff.test"),
        name: "Alex",
        username: Some("alex"),
        password_hash: Some("hash"),
        weak_password: false,
        locale: None,
    };
    let alex = call!(calls, users::insert(tx, &alex, NOW));
    let nobody = NewUser {
        role: Role::Customer,
        email: None,
        name: "Partner",
        username: None,
        password_hash: None,
        weak_password: false,
        locale: None,
    };
    call!(calls, users::insert(tx, &nobody, NOW));
    call!(calls, users::insert(tx, &nobody, NOW));
    assert_eq!(call!(calls, users::find(tx, ann.id)).expect("she is there").name, "Ann");
    assert!(call!(calls, users::find(tx, UserId(99))).is_none());
    assert!(call!(calls, users::find_by_email(tx, " ANN@customer.test. ")).is_some());
    assert!(call!(calls, users::find_by_email(tx, "eve@customer.test")).is_none());
    assert!(call!(calls, users::find_by_username(tx, "alex")).is_some());
    assert!(call!(calls, users::find_by_username(tx, "Alex")).is_none(), "user names have a case");
    assert_eq!(call!(calls, users::list_staff(tx)).len(), 1);
    assert!(!call!(calls, users::list_all_staff(tx)).is_empty());
    assert_eq!(call!(calls, users::list_of(tx, &[ann.id, UserId(99)])).len(), 1);
    assert_eq!(call!(calls, users::list(tx, ann.id, 2)).len(), 2);
    assert_eq!(call!(calls, users::search(tx, (Some("%"), Some("customer")), UserId(0), 10)).len(), 0);
    assert!(!call!(calls, users::search(tx, (Some("ANN"), None), UserId(0), 10)).is_empty());
    users_change(tx, calls, ann.id, alex.id).await;
}

async fn users_change(tx: &mut Tx, calls: &mut Calls, ann: UserId, alex: UserId) {
    let admin = NewUser {
        role: Role::Admin,
        email: None,
        name: "Ann",
        username: Some("ann"),
        password_hash: None,
        weak_password: false,
        locale: None,
    };
    let promoted = call!(calls, users::promote(tx, ann, &admin, LATER)).expect("she is there");
    assert_eq!((promoted.role, promoted.version), (Role::Admin, 2));
    assert!(call!(calls, users::promote(tx, UserId(99), &admin, LATER)).is_none());
    assert!(call!(calls, user_addresses::insert(tx, alex, "Alex@Home.test", NOW)));
    assert!(!call!(calls, user_addresses::insert(tx, ann, "alex@home.test", NOW)), "it is his");
    assert_eq!(call!(calls, user_addresses::list(tx, alex)), ["Alex@Home.test"]);
    assert_eq!(call!(calls, users::find_by_email(tx, "alex@HOME.test")).expect("it is his").id, alex);
    assert!(call!(calls, users::insert_unproven(tx, "alex@home.test", NOW)).is_none(), "it is somebody's");
    assert!(call!(calls, users::insert_customer(tx, "alex@home.test", "A", None, NOW)).is_none());
    assert!(call!(calls, user_addresses::delete(tx, alex, "alex@home.test")));
    let known = call!(calls, users::find(tx, alex)).expect("he is there").addresses;
    call!(calls, users::update_addresses(tx, alex, &known));
    call!(calls, users::update_email(tx, alex, "Alex@staff.test"));
    call!(calls, users::update_password(tx, alex, "new", true));
    call!(calls, users::update_locale(tx, alex, Some("de")));
    call!(calls, users::update_role(tx, alex, Role::Admin, Some("lex"), LATER));
    call!(calls, users::disable(tx, alex, NOW));
    call!(calls, users::enable(tx, alex));
    let changed = call!(calls, users::lock(tx, alex)).expect("he is there");
    assert_eq!(
        (changed.role, changed.username.as_deref(), changed.disabled_at),
        (Role::Admin, Some("lex"), None)
    );
    assert_eq!(changed.locale.as_deref(), Some("de"));
    call!(calls, users::disable(tx, alex, LATER));
    call!(calls, users::disable(tx, alex, NOW));
    let alex = call!(calls, users::find(tx, alex)).expect("he is there");
    assert_eq!(alex.disabled_at, Some(LATER), "the first time counts");
    assert_eq!(alex.password_hash.as_deref(), Some("new"));
}

async fn declared(tx: &mut Tx, calls: &mut Calls) {
    let known = call!(calls, queues::upsert(tx, "support", "Support", "help@desk.test", NOW));
    assert_eq!(known, QueueId(1), "the slug keeps its number");
    let sales = call!(calls, queues::upsert(tx, "sales", "Sales", "sales@desk.test", NOW));
    call!(calls, queues::disable(tx, sales, LATER));
    let all = call!(calls, queues::list(tx));
    assert_eq!(all.iter().map(|queue| queue.slug.as_str()).collect::<Vec<_>>(), ["sales", "support"]);
    let kind = call!(calls, ticket_types::upsert(tx, known, "Payment", Some(12), Priority::NORMAL));
    let same = call!(calls, ticket_types::upsert(tx, sales, "Payment", None, Priority::NORMAL));
    assert_eq!(kind, same, "the name keeps its number");
    call!(calls, ticket_types::disable(tx, kind, LATER));
    assert_eq!(call!(calls, ticket_types::list(tx)).last().expect("it is there").disabled_at, Some(LATER));
}

async fn keys_and_accounts(tx: &mut Tx, calls: &mut Calls) {
    let key = call!(calls, keys::insert(tx, &[0, 255, 7], NOW));
    assert!(call!(calls, keys::retire(tx, key, LATER)));
    assert!(!call!(calls, keys::retire(tx, key, LATER)), "once");
    assert_eq!(call!(calls, keys::list(tx)).last().expect("it is there").secret, [0, 255, 7]);
    let mut channel = AccountState {
        account: "default".to_owned(),
        paused_until: LATER,
        refusals: 3,
        last_error: Some("535 no".to_owned()),
    };
    assert!(call!(calls, channels::find(tx, "default")).is_none());
    call!(calls, channels::upsert(tx, &channel));
    channel.last_error = None;
    call!(calls, channels::upsert(tx, &channel));
    assert!(call!(calls, channels::find(tx, "default")).expect("it is there").last_error.is_none());
    assert_eq!(call!(calls, channels::list(tx)).len(), 1);
    refresh_tokens(tx, calls).await;
}

async fn refresh_tokens(tx: &mut Tx, calls: &mut Calls) {
    let chain = Chain { account: "a".to_owned(), origin: "o".to_owned() };
    let (us, them) = (("us", LATER), ("them", LATER));
    assert_eq!(call!(calls, oauth_tokens::hold(tx, &chain, "first", us, NOW)).as_deref(), Some("first"));
    assert!(call!(calls, oauth_tokens::hold(tx, &chain, "first", them, NOW)).is_none(), "it is ours");
    assert!(call!(calls, oauth_tokens::hold(tx, &chain, "first", us, NOW)).is_some());
    assert!(call!(calls, oauth_tokens::replace(tx, &chain, "second", "us", NOW)));
    assert!(!call!(calls, oauth_tokens::replace(tx, &chain, "third", "them", NOW)), "it is not theirs");
    call!(calls, oauth_tokens::release(tx, &chain, "us"));
    let held = call!(calls, oauth_tokens::hold(tx, &chain, "first", them, NOW));
    assert_eq!(held.as_deref(), Some("second"));
    assert!(call!(calls, oauth_tokens::hold(tx, &chain, "first", us, LATER)).is_some(), "their time is over");
    call!(calls, oauth_tokens::release_all(tx));
    assert!(call!(calls, oauth_tokens::hold(tx, &chain, "first", them, NOW)).is_some());
}
