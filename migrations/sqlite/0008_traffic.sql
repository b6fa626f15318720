-- What keeps mail from going round in circles, and from going where nobody reads it.

-- 'agent', 'answer' or 'notice': an agent's own words are never held back by a cap.
alter table outbox add column voice text not null default 'notice';
create index outbox_recipient on outbox (recipient_key, id) where state <> 'cancelled';

-- What became of a mail after its server had taken it, or when that server refused its recipient.
create table bounces (
    outbox_id integer not null unique references outbox (id) on delete cascade,
    recipient_key text not null,
    action text not null check (action in ('failed', 'delayed')),
    kind text not null,
    status text not null,
    answer text not null,
    -- Counts towards a suppression.
    counts_at integer,
    inbox_id integer,
    at integer not null
) strict;
create index bounces_recipient on bounces (recipient_key, counts_at) where counts_at is not null;

-- Addresses that are not written to.
create table suppressions (
    address_key text not null primary key,
    address text not null,
    reason text not null,
    detail text not null,
    created_at integer not null,
    -- None: until somebody lifts it.
    expires_at integer
) strict;

-- Ignore rules made at the command line; others stand in the configuration.
create table ignore_rules (
    id integer primary key autoincrement,
    -- None: all queues.
    queue_id integer references queues (id) on delete restrict,
    pattern text not null,
    server text not null check (server in ('keep', 'delete')),
    created_at integer not null
) strict;
create index ignore_rules_queue on ignore_rules (queue_id);

-- Requests that come again and again: the last moments of one sender with one subject.
create table storms (
    queue_id integer not null references queues (id) on delete restrict,
    sender_key text not null,
    subject_key blob not null,
    ticket_id integer references tickets (id) on delete set null,
    arrivals text not null,
    folded integer not null,
    changed_at integer not null,
    primary key (queue_id, sender_key, subject_key)
) strict;
create index storms_ticket on storms (ticket_id) where ticket_id is not null;
