-- Ticket sharing with other help desks.

create table agreements (
    id integer primary key autoincrement,
    uuid text not null unique,
    -- The side that this desk is.
    side text not null check (side in ('sender', 'receiver')),
    status text not null check (status in ('pending', 'accepted', 'declined', 'inactive')),
    access_key text not null,
    sender_url text not null,
    receiver_url text not null,
    our_name text not null,
    partner_name text not null,
    sync_tags integer not null,
    sync_custom_fields integer not null,
    public_comments integer not null,
    -- Where the partner's tickets go.
    queue_id integer references queues (id) on delete restrict,
    notes text not null check (notes in ('local', 'shared')),
    status_map text not null,
    -- From which network an invitation came.
    origin text,
    deactivated_by text,
    -- Nothing is sent any more, until an operator says so.
    broken_at integer,
    trouble text,
    -- Since when the partner cannot be reached.
    failing_since integer,
    created_at integer not null,
    changed_at integer not null
) strict;
create index agreements_pending on agreements (created_at) where status = 'pending';

create table agreement_events (
    id integer primary key autoincrement,
    agreement_id integer not null references agreements (id) on delete cascade,
    door text not null,
    actor text,
    event text not null,
    detail text,
    at integer not null
) strict;
create index agreement_events_agreement on agreement_events (agreement_id, id);

-- A ticket as one agreement knows it.
create table shared_tickets (
    id integer primary key autoincrement,
    agreement_id integer not null references agreements (id) on delete cascade,
    uuid text not null,
    ticket_id integer references tickets (id) on delete set null,
    state text not null check (state in ('shared', 'unshared')),
    original_id text,
    -- The last status words: ours when it was last looked at, and the last one that went either way.
    our_status text,
    partner_status text,
    tags text not null,
    -- What the partner gave, and what was last sent to him.
    custom_fields text,
    sent_fields text,
    -- Entries up to this one were sent, or stay at home.
    last_followup_id integer not null,
    -- How often the whole ticket was sent because the partner did not know it.
    reposts integer not null,
    created_at integer not null,
    changed_at integer not null,
    unique (agreement_id, uuid)
) strict;
create index shared_tickets_ticket on shared_tickets (ticket_id, agreement_id) where ticket_id is not null;
create index shared_tickets_uuid on shared_tickets (uuid);

-- Comments that both sides have.
create table shared_comments (
    shared_ticket_id integer not null references shared_tickets (id) on delete cascade,
    uuid text not null,
    followup_id integer not null references followups (id) on delete cascade,
    origin text not null check (origin in ('ours', 'theirs')),
    primary key (shared_ticket_id, uuid)
) strict;
create index shared_comments_followup on shared_comments (followup_id, shared_ticket_id);

-- People of a partner, each with a placeholder of its own.
create table shared_actors (
    agreement_id integer not null references agreements (id) on delete cascade,
    uuid text not null,
    user_id integer not null references users (id) on delete restrict,
    role text not null check (role in ('agent', 'customer')),
    created_at integer not null,
    primary key (agreement_id, uuid)
) strict;
create index shared_actors_user on shared_actors (user_id);

create table partner_outbox (
    id integer primary key autoincrement,
    agreement_id integer not null references agreements (id) on delete cascade,
    -- None: about the agreement itself.
    shared_ticket_id integer references shared_tickets (id) on delete cascade,
    about text not null check (about in ('invitation', 'decision', 'deactivation', 'share', 'update', 'unshare')),
    body text not null,
    with_token integer not null,
    automatic integer not null,
    state text not null check (state in ('queued', 'done', 'parked', 'failed', 'cancelled')),
    due_at integer not null,
    lease_until integer not null,
    attempts integer not null,
    first_tried_at integer,
    code integer,
    answer text,
    created_at integer not null,
    settled_at integer
) strict;
create index partner_outbox_due on partner_outbox (due_at, id) where state = 'queued';
create index partner_outbox_agreement on partner_outbox (agreement_id, id);
create index partner_outbox_busy on partner_outbox (agreement_id, lease_until) where state = 'queued';
create index partner_outbox_ticket on partner_outbox (shared_ticket_id, id) where shared_ticket_id is not null;
create index partner_outbox_created on partner_outbox (created_at) where state <> 'queued';

-- Attachments that a partner may fetch.
create table attachment_links (
    token text not null primary key,
    shared_ticket_id integer not null references shared_tickets (id) on delete cascade,
    followup_id integer not null references followups (id) on delete cascade,
    blob_id integer not null references blobs (id) on delete cascade,
    name text not null,
    content_type text not null,
    size integer not null,
    expires_at integer not null
) strict;
create index attachment_links_share on attachment_links (shared_ticket_id);
create index attachment_links_followup on attachment_links (followup_id);
create index attachment_links_blob on attachment_links (blob_id);
create index attachment_links_expires on attachment_links (expires_at);

-- Attachments of partners: to be fetched, kept, or left as links.
create table partner_files (
    id integer primary key autoincrement,
    agreement_id integer not null references agreements (id) on delete cascade,
    followup_id integer not null references followups (id) on delete cascade,
    url text not null,
    name text not null,
    content_type text,
    -- Whether somebody is to be told of the entry once all of its files are here.
    tells integer not null,
    state text not null check (state in ('waiting', 'kept', 'linked')),
    reason text,
    due_at integer not null,
    lease_until integer not null,
    attempts integer not null,
    created_at integer not null,
    settled_at integer
) strict;
create index partner_files_due on partner_files (due_at, id) where state = 'waiting';
create index partner_files_followup on partner_files (followup_id, id);
create index partner_files_agreement on partner_files (agreement_id);
create index partner_files_busy on partner_files (agreement_id, lease_until) where state = 'waiting';
