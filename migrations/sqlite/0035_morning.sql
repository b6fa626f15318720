-- Who wants to hear each morning of what waits for them, and when they last did.

create table morning_digests (
    user_id integer not null unique references users (id) on delete cascade,
    last_at integer not null
) strict;
