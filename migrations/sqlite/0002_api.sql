-- What the HTTP APIs need: tokens, ratings, log-ins, repeated calls, and an index for each list they offer.

create table api_tokens (
    id integer primary key autoincrement,
    name text not null,
    token text not null unique,
    key_digest blob not null,
    created_at integer not null,
    revoked_at integer
) strict;

create table ratings (
    ticket_id integer not null references tickets (id) on delete cascade,
    user_id integer not null references users (id) on delete restrict,
    value integer not null check (value between 1 and 5),
    created_at integer not null,
    changed_at integer not null,
    primary key (ticket_id, user_id)
) strict;
create index ratings_user on ratings (user_id);

-- Failed log-ins of one account or from one address, counted from `since`.
create table login_failures (
    subject text not null primary key,
    failures integer not null,
    since integer not null
) strict;
create index login_failures_since on login_failures (since);

-- From where an account logged in, and when it last did.
create table login_origins (
    account text not null,
    origin text not null,
    at integer not null,
    primary key (account, origin)
) strict;
create index login_origins_at on login_origins (at);

-- The first answer to a call that may be repeated; `body` is null until that call commits.
create table idempotency_keys (
    account text not null,
    path text not null,
    key text not null,
    digest blob not null,
    content_type text,
    body text,
    created_at integer not null,
    primary key (account, path, key)
) strict;
create index idempotency_keys_created on idempotency_keys (created_at);

-- Which API token made a change.
alter table changes add column token_id integer;

create index tickets_shown on tickets (
    (case when status not in ('open', 'reopened') then 'closed'
        when held_at is not null then 'onhold'
        when owner_id is null then 'unassigned'
        else 'open' end), id);
create index tickets_due on tickets (due_at, id) where due_at is not null and status in ('open', 'reopened');
create index tickets_created on tickets (created_at, id);
create index tickets_owner_open on tickets (owner_id, id) where owner_id is not null and status in ('open', 'reopened');
