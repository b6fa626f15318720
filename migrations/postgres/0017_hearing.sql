-- Nothing that an agent should know is dropped for a cap: it is gathered; and who wrote what is known.

-- Whose notices it counts among ('owned', 'proven' or 'unproven'; nothing: no budget), and the domain of whoever
-- caused it.
alter table outbox add column budget text not null default '';
alter table outbox add column cause text not null default '';

-- What goes out to one of our own people with the next digest, as its own mail was held back.
create table digest_lines (
    outbox_id bigint not null unique references outbox (id) on delete cascade,
    recipient_key text not null,
    recipient text not null,
    user_id bigint references users (id) on delete restrict,
    ticket_id bigint not null references tickets (id) on delete cascade,
    queue_id bigint not null references queues (id) on delete restrict,
    event text not null,
    budget text not null
);
create index digest_lines_recipient on digest_lines (recipient_key);
create index digest_lines_ticket on digest_lines (ticket_id);

create index events_held on events (ticket_id, at) where kind = 'delivery.held';

-- Who wrote the mail of an entry, as it says itself, where the desk knows nobody of that address there.
alter table followups add column writer_name text;
alter table followups add column writer_address text;
