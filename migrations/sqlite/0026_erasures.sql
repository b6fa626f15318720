-- People who were erased, and how far that is.

create table erasures (
    user_id integer not null unique references users (id) on delete restrict,
    -- What is being done, and behind which row it goes on.
    stage text not null check (stage in ('tickets', 'entries', 'subjects', 'events', 'received', 'sent', 'bodies',
        'rest', 'done')),
    cursor integer not null,
    -- Addresses and names that are looked for; empty in the end.
    words text not null,
    actor_id integer,
    started_at integer not null,
    ended_at integer
) strict;
