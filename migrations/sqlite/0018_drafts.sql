-- What was written for a ticket and is not said yet.

create table drafts (
    id integer primary key autoincrement,
    -- The agent whose words it has.
    owner_id integer not null references users (id) on delete restrict,
    ticket_id integer not null references tickets (id) on delete cascade,
    kind text not null check (kind in ('answer', 'note')),
    body text not null,
    -- What becomes of the ticket with it.
    status text,
    -- The note that keeps it with its files where agents see it.
    entry_id integer references followups (id) on delete cascade,
    -- When it is to be said by itself; null: when somebody says so.
    send_at integer,
    created_at integer not null
) strict;
create index drafts_ticket on drafts (ticket_id, id);
create index drafts_owner on drafts (owner_id, id);
create index drafts_entry on drafts (entry_id) where entry_id is not null;
