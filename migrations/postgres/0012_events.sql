-- Every change of a ticket, typed: the audit log, and what listeners follow.

alter table changes rename to events;
drop index changes_ticket;
create index events_ticket on events (ticket_id, id);
alter table events add column kind text not null default 'settings.changed';
-- 1, 2, 3 for each ticket.
alter table events add column seq bigint;
-- The entry that says it.
alter table events add column entry_id bigint;

update events set kind = case
    when field = 'opened' then 'ticket.opened'
    when field = 'comment' and new = 'public' then 'entry.public'
    when field in ('comment', 'machine', 'withheld') then 'entry.private'
    when field = 'external' then 'entry.external'
    when field in ('unverified', 'unproven') then 'entry.unproven'
    when field = 'status' and new = 'merged' then 'ticket.merged'
    when field = 'merged' then 'ticket.merged'
    when field = 'priority' and door = 'desk' then 'ticket.escalated'
    when field = 'tag' then 'ticket.tags'
    when field = 'cc' then 'ticket.ccs'
    when field = 'custom_fields' then 'ticket.fields'
    when field = 'rating' then 'ticket.rated'
    when field = 'bounce' then 'delivery.failed'
    when field = 'duplicate' then 'mail.duplicate'
    when field in ('status', 'owner', 'priority', 'queue', 'subject', 'submitter', 'hold', 'shared', 'unshared', 'deleted')
        then 'ticket.' || field
    else kind end;

update events set seq = numbered.seq
    from (select id, row_number() over (partition by ticket_id order by id) as seq from events) as numbered
    where events.id = numbered.id;

-- The number of the last event.
alter table tickets add column events bigint not null default 0;
-- Since when the customer waits for us; none where the last public word is ours.
alter table tickets add column waiting_since bigint;
-- The last public word of a customer.
alter table tickets add column customer_at bigint;
-- The first words of the newest public entry.
alter table tickets add column preview text not null default '';

update tickets set
    events = coalesce((select max(seq) from events where events.ticket_id = tickets.id), 0),
    customer_at = (select max(followups.created_at) from followups left join users on users.id = followups.author_id
        where followups.ticket_id = tickets.id and followups.visibility = 'public'
            and (users.role = 'customer' or followups.author_id is null and followups.door = 'mail')),
    preview = coalesce((select substr(trim(coalesce(followups.new_text, followups.text)), 1, 160) from followups
        where followups.ticket_id = tickets.id and followups.visibility = 'public' order by followups.id desc limit 1), '');

-- The last public word is the customer's, or the ticket was opened or reopened with it, whoever wrote that down.
update tickets set waiting_since = coalesce(customer_at, created_at)
    where status in ('open', 'reopened') and coalesce((select
            case when followups.kind in ('opened', 'reopened') then 1
                when followups.author_id is null then case when followups.door = 'mail' then 1 else 0 end
                when users.role <> 'customer' then 0
                when exists (select 1 from shared_actors
                    where shared_actors.user_id = users.id and shared_actors.role = 'agent') then 0
                else 1 end
        from followups left join users on users.id = followups.author_id
        where followups.ticket_id = tickets.id and followups.visibility = 'public'
        order by followups.id desc limit 1), 1) = 1;
create index tickets_waiting on tickets (waiting_since, id) where waiting_since is not null;
