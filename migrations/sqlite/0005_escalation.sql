-- What happens because time passes: excluded days, due dates, schedules, alerts.

-- A day on which nothing escalates and that does not count; without a queue for all of them.
create table exclusions (
    id integer primary key autoincrement,
    -- As people have it: 2026-12-24.
    date text not null,
    queue_id integer references queues (id) on delete cascade,
    created_at integer not null
) strict;
create unique index exclusions_day on exclusions (date, coalesce(queue_id, 0));

-- The last run of each schedule, so that several processes agree on the next one.
create table schedules (
    name text not null primary key,
    ran_at integer not null
) strict;

-- Troubles that the operators were told of and that last.
create table alerts (
    trouble text not null primary key,
    raised_at integer not null
) strict;

-- The limits, hours and zone by which `escalate_at` of the queue's tickets was counted.
alter table queues add column escalation text;

-- When it was seen that the ticket is overdue, and when its owner was told.
alter table tickets add column overdue_at integer;
alter table tickets add column reminded_at integer;
create index tickets_overdue on tickets (due_at) where overdue_at is null and status in ('open', 'reopened');
create index tickets_unreminded on tickets (queue_id, id)
    where overdue_at is not null and reminded_at is null and status in ('open', 'reopened');
create index tickets_resolved on tickets (queue_id, closed_at) where status = 'resolved';
create index inbox_kept on inbox (recorded_at) where blob_id is not null;
