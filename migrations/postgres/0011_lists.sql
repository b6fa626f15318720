-- Lists of tickets that stay quick however many there are.

-- By time, in parts of 4096 tickets: numbers grow with time, so few parts have tickets of one day, and the tickets
-- of a part are few enough to be put in order.
drop index tickets_created;
create index tickets_created on tickets ((id / 4096), created_at);
drop index tickets_due;
create index tickets_due on tickets ((id / 4096), due_at) where due_at is not null and status in ('open', 'reopened');

create index tickets_owner_ended on tickets (owner_id, id) where owner_id is not null and status not in ('open', 'reopened');
create index tags_tag on tags (tag, ticket_id);
drop index ticket_ccs_user;
create index ticket_ccs_user on ticket_ccs (user_id, ticket_id);
