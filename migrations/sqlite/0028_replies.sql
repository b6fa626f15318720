-- Texts that agents use again and again.

create table replies (
    id integer primary key autoincrement,
    name text not null,
    -- Null: of all queues.
    queue_id integer references queues (id) on delete cascade,
    -- Empty: for every language that has no text of its own.
    locale text not null default '',
    body text not null,
    created_at integer not null,
    changed_at integer not null
) strict;
create unique index replies_name on replies (name, coalesce(queue_id, 0), locale);
