-- What was promised to go out, who holds what, and which processes serve.

-- How many mails were written about the ticket: each has its row in the outbox as long as the ticket is there.
alter table tickets add column mails integer not null default 0;
update tickets set mails = (select count(*) from outbox where outbox.ticket_id = tickets.id);

-- The process that holds the lease.
alter table outbox add column lease_by text;
alter table partner_outbox add column lease_by text;
alter table partner_files add column lease_by text;

-- Processes that serve this desk, by the name that their leases have.
create table processes (
    name text not null primary key,
    -- Where a process of this number can be looked for.
    host text not null,
    pid integer not null,
    started_at integer not null,
    -- When it last showed that it lives.
    seen_at integer not null,
    -- When somebody asked it to read its configuration anew, when it last did, and what came of it.
    asked_at integer,
    answered_at integer,
    answer text,
    refused integer not null
) strict;
