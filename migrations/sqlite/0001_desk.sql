-- Times are microseconds since 1970 UTC. Numbers of tickets are never given twice.
-- Users, queues and types are disabled, never deleted, so references to them need no index of their own.

create table queues (
    id integer primary key autoincrement,
    slug text not null unique,
    title text not null,
    address text not null,
    created_at integer not null,
    disabled_at integer
) strict;

create table ticket_types (
    id integer primary key autoincrement,
    queue_id integer not null references queues (id) on delete restrict,
    name text not null unique,
    due_hours integer,
    priority integer not null check (priority between 1 and 5),
    disabled_at integer
) strict;
create index ticket_types_queue on ticket_types (queue_id);

create table mailboxes (
    id integer primary key autoincrement,
    queue_id integer not null references queues (id) on delete restrict,
    identity text not null,
    uid_validity integer,
    -- Messages up to here were there before first contact and are not ours.
    first_uid integer not null,
    last_uid integer not null,
    not_before integer,
    -- How often the server began its count of UIDs anew.
    rescans integer not null,
    lease_by text,
    lease_until integer not null,
    capabilities text not null,
    healthy_at integer,
    failing_since integer,
    last_error text,
    created_at integer not null,
    unique (queue_id, identity)
) strict;

create table gaps (
    mailbox_id integer not null references mailboxes (id) on delete cascade,
    uid_validity integer not null,
    uid integer not null,
    reason text not null,
    attempts integer not null,
    due_at integer not null,
    created_at integer not null,
    primary key (mailbox_id, uid_validity, uid)
) strict;

create table users (
    id integer primary key autoincrement,
    role text not null check (role in ('customer', 'agent', 'admin')),
    email text,
    email_key text unique,
    name text not null,
    username text unique,
    password_hash text,
    locale text,
    version integer not null,
    created_at integer not null,
    disabled_at integer
) strict;
create index users_staff on users (id) where role <> 'customer';

create table keys (
    id integer primary key autoincrement,
    secret blob not null,
    created_at integer not null,
    retired_at integer
) strict;

create table tickets (
    id integer primary key autoincrement,
    uuid text not null,
    queue_id integer not null references queues (id) on delete restrict,
    type_id integer references ticket_types (id) on delete restrict,
    subject text not null,
    submitter_id integer references users (id) on delete restrict,
    -- Where the submitter asked answers to go, if not to his own address.
    reply_to text,
    owner_id integer references users (id) on delete restrict,
    status text not null check (status in ('open', 'reopened', 'resolved', 'closed', 'merged')),
    held_at integer,
    held_by text,
    priority integer not null check (priority between 1 and 5),
    due_at integer,
    resolution text,
    escalate_at integer,
    escalated_at integer,
    hold_ended_at integer,
    merged_into integer references tickets (id) on delete set null,
    follows integer references tickets (id) on delete set null,
    door text not null,
    authentication text not null,
    locale text,
    attention_at integer,
    closed_at integer,
    created_at integer not null,
    changed_at integer not null,
    version integer not null
) strict;
create index tickets_queue on tickets (queue_id, id);
create index tickets_submitter on tickets (submitter_id, id);
create index tickets_owner on tickets (owner_id, id) where owner_id is not null;
create index tickets_open on tickets (id) where status in ('open', 'reopened');
create index tickets_escalate on tickets (escalate_at) where escalate_at is not null;
create index tickets_merged on tickets (merged_into) where merged_into is not null;
create index tickets_follows on tickets (follows) where follows is not null;

create table followups (
    id integer primary key autoincrement,
    uuid text not null,
    ticket_id integer not null references tickets (id) on delete cascade,
    author_id integer references users (id) on delete restrict,
    door text not null,
    kind text not null,
    visibility text not null check (visibility in ('public', 'private')),
    text text not null,
    new_text text,
    html text,
    new_status text,
    inbox_id integer,
    message_id text,
    created_at integer not null
) strict;
create index followups_ticket on followups (ticket_id, id);

create table blobs (
    id integer primary key autoincrement,
    digest blob not null unique,
    size integer not null,
    created_at integer not null,
    first_chunk blob not null
) strict;

create table blob_chunks (
    blob_id integer not null references blobs (id) on delete cascade,
    n integer not null,
    bytes blob not null,
    primary key (blob_id, n)
) strict;

create table attachments (
    id integer primary key autoincrement,
    followup_id integer not null references followups (id) on delete cascade,
    blob_id integer references blobs (id) on delete restrict,
    name text not null,
    content_type text not null,
    content_id text,
    disposition text not null check (disposition in ('attachment', 'inline', 'left_out')),
    size integer not null
) strict;
create index attachments_followup on attachments (followup_id);
create index attachments_blob on attachments (blob_id) where blob_id is not null;

create table ticket_ccs (
    ticket_id integer not null references tickets (id) on delete cascade,
    user_id integer not null references users (id) on delete restrict,
    created_at integer not null,
    primary key (ticket_id, user_id)
) strict;
create index ticket_ccs_user on ticket_ccs (user_id);

create table tags (
    ticket_id integer not null references tickets (id) on delete cascade,
    tag text not null,
    primary key (ticket_id, tag)
) strict;

-- The audit log outlives its ticket; the values of a deleted ticket are blanked.
create table changes (
    id integer primary key autoincrement,
    ticket_id integer not null,
    actor_id integer,
    door text not null,
    field text not null,
    old text,
    new text,
    at integer not null
) strict;
create index changes_ticket on changes (ticket_id, id);

create table tombstones (
    digest blob not null primary key,
    ticket_id integer not null,
    actor_id integer,
    at integer not null
) strict;

create table inbox (
    id integer primary key autoincrement,
    queue_id integer not null references queues (id) on delete restrict,
    mailbox_id integer references mailboxes (id) on delete restrict,
    uid_validity integer,
    uid integer,
    door text not null,
    digest blob not null,
    size integer not null,
    extent text not null check (extent in ('full', 'headers', 'none')),
    blob_id integer references blobs (id) on delete restrict,
    received_at integer not null,
    recorded_at integer not null,
    attempts integer not null,
    authentication text,
    message_id text,
    content_digest blob,
    class text,
    outcome text,
    reason text,
    trace text,
    ticket_id integer references tickets (id) on delete set null,
    finished_at integer,
    dispose_at integer,
    dispose_attempts integer not null,
    unique (mailbox_id, uid_validity, uid)
) strict;
create index inbox_open on inbox (mailbox_id, id) where outcome is null;
create index inbox_waiting on inbox (outcome, id) where outcome in ('suspended', 'quarantined');
create index inbox_dispose on inbox (mailbox_id, dispose_at) where dispose_at is not null;
create index inbox_message on inbox (message_id) where message_id is not null;
create index inbox_blob on inbox (blob_id) where blob_id is not null;
create index inbox_ticket on inbox (ticket_id) where ticket_id is not null;

create table message_ids (
    id integer primary key autoincrement,
    message_id text not null,
    ticket_id integer not null references tickets (id) on delete cascade,
    author_key text not null,
    content_digest blob not null,
    created_at integer not null
) strict;
create index message_ids_text on message_ids (message_id);
create index message_ids_ticket on message_ids (ticket_id, id);

create table outbox (
    id integer primary key autoincrement,
    key integer not null unique,
    ticket_id integer references tickets (id) on delete cascade,
    -- Goes with its ticket, as the follow-up does.
    followup_id integer,
    queue_id integer not null references queues (id) on delete restrict,
    event text not null,
    template text not null,
    recipient text not null,
    recipient_key text not null,
    recipient_domain text not null,
    user_id integer references users (id) on delete restrict,
    account text not null,
    envelope_from text not null,
    message_id text not null,
    content text not null,
    state text not null check (state in ('queued', 'sent', 'rejected', 'unknown', 'cancelled')),
    due_at integer not null,
    lease_until integer not null,
    attempts integer not null,
    unclear integer not null,
    data_started_at integer,
    relay_id text,
    answer text,
    warned_at integer,
    created_at integer not null,
    settled_at integer
) strict;
create index outbox_due on outbox (account, due_at) where state = 'queued';
create index outbox_unsettled on outbox (id) where state in ('queued', 'unknown');
create index outbox_pair on outbox (ticket_id, recipient_key, id);
create index outbox_relay on outbox (relay_id) where relay_id is not null;
create index outbox_acknowledged on outbox (recipient_key, created_at) where event = 'acknowledgement';
create index outbox_acknowledged_domain on outbox (recipient_domain, created_at) where event = 'acknowledgement';

create table channels (
    account text not null primary key,
    paused_until integer not null,
    refusals integer not null,
    last_error text
) strict;
