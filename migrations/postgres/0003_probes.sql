-- What a mail of our own told about a queue's way out and back in.
create table probes (
    queue_id bigint not null unique references queues (id) on delete cascade,
    -- It holds for these; another address or mailbox is another way.
    address text not null,
    mailbox text not null,
    account text not null,
    plus_addresses text not null check (plus_addresses in ('arrive', 'lost', 'unknown')),
    message_ids text not null check (message_ids in ('kept', 'rewritten', 'unknown')),
    -- The name in the topmost Authentication-Results.
    authserv_id text,
    probed_at bigint not null
);
