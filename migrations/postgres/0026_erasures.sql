-- People who were erased, and how far that is.

create table erasures (
    user_id bigint not null unique references users (id) on delete restrict,
    -- What is being done, and behind which row it goes on.
    stage text not null check (stage in ('tickets', 'entries', 'subjects', 'events', 'received', 'sent', 'bodies',
        'rest', 'done')),
    cursor bigint not null,
    -- Addresses and names that are looked for; empty in the end.
    words text not null,
    actor_id bigint,
    started_at bigint not null,
    ended_at bigint
);
