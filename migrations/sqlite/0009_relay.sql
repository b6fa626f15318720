-- What the servers that take our mail refuse to us, not to a recipient.

-- Return paths, 'token' (`support+TOKEN@...`) or 'null' (`<>`), of which an account's server took a mail from the
-- plain address only, and when it last did.
create table return_paths (
    account text not null,
    path text not null check (path in ('token', 'null')),
    refused_at integer not null,
    primary key (account, path)
) strict;

-- Senders whose mail waits because their account's server refuses it whoever it is for.
create table sender_pauses (
    account text not null,
    queue_id integer not null references queues (id) on delete restrict,
    since integer not null,
    -- When one mail tries again.
    paused_until integer not null,
    -- What the refusals have in common, such as `550 5.7.60`.
    alike text not null,
    -- The domain of the recipient; empty once it was seen that it is not to blame.
    domain text not null,
    answer text not null,
    -- Kept for a while after its end.
    ended_at integer,
    primary key (account, queue_id)
) strict;
create index sender_pauses_queue on sender_pauses (queue_id);

-- Mails that an account's server refused for good since it last took one.
create table refusals (
    outbox_id integer not null unique references outbox (id) on delete cascade,
    account text not null,
    alike text not null,
    domain text not null,
    at integer not null
) strict;
create index refusals_account on refusals (account, at);
