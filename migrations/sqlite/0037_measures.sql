-- How long answers and resolutions take: clocks of open tickets, and what they showed when they stopped.

alter table tickets add column answered_at integer;
-- Since when the clocks run; the working time before that, in microseconds.
alter table tickets add column counted_at integer;
alter table tickets add column answer_spent integer not null default 0;
alter table tickets add column resolution_spent integer not null default 0;
alter table tickets add column answer_due_at integer;
alter table tickets add column answer_reminded_at integer;
alter table tickets add column answer_missed_at integer;
alter table tickets add column resolution_due_at integer;
alter table tickets add column resolution_reminded_at integer;
alter table tickets add column resolution_missed_at integer;
-- The first of its due date and its targets.
alter table tickets add column late_at integer;
-- When somebody is to be told of a target next.
alter table tickets add column target_at integer;

create index tickets_late on tickets ((id / 4096), late_at) where late_at is not null and status in ('open', 'reopened');
create index tickets_target on tickets (target_at) where target_at is not null;
create index tickets_opened on tickets (created_at, queue_id, type_id, owner_id);

-- Queue, type and owner are those that the ticket has now; the agent is who did it. Minutes are of working time.
create table measures (
    id integer primary key autoincrement,
    ticket_id integer not null references tickets (id) on delete cascade,
    kind text not null,
    at integer not null,
    queue_id integer not null,
    type_id integer,
    owner_id integer,
    agent_id integer,
    minutes integer,
    met integer
) strict;
create index measures_ticket on measures (ticket_id);
create index measures_at on measures (at, kind, minutes, met, queue_id, type_id, owner_id, agent_id, ticket_id);

update tickets set late_at = due_at where due_at is not null;

update tickets set answered_at = (
    select min(followups.created_at) from followups join users on users.id = followups.author_id
    where followups.ticket_id = tickets.id and followups.visibility = 'public' and followups.kind <> 'opened'
        and users.role in ('agent', 'admin'));

-- How long it took is not known of what was before.
insert into measures (ticket_id, kind, at, queue_id, type_id, owner_id, agent_id)
select tickets.id, 'first_answer', tickets.answered_at, tickets.queue_id, tickets.type_id, tickets.owner_id, (
    select followups.author_id from followups join users on users.id = followups.author_id
    where followups.ticket_id = tickets.id and followups.visibility = 'public' and followups.kind <> 'opened'
        and users.role in ('agent', 'admin')
    order by followups.created_at, followups.id limit 1)
from tickets where tickets.answered_at is not null;

insert into measures (ticket_id, kind, at, queue_id, type_id, owner_id, agent_id)
select tickets.id, case events.new when 'reopened' then 'reopened' when 'merged' then 'merged' else 'resolved' end,
    events.at, tickets.queue_id, tickets.type_id, tickets.owner_id,
    (select users.id from users where users.id = events.actor_id and users.role in ('agent', 'admin'))
from events join tickets on tickets.id = events.ticket_id
where events.field = 'status' and (
    events.old in ('open', 'reopened') and events.new in ('resolved', 'closed', 'merged')
    or events.old in ('resolved', 'closed') and events.new = 'reopened');
