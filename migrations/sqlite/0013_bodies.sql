-- Long bodies of mails, once for all recipients; the frozen mails in the outbox say where they stand.

create table outbox_bodies (
    id integer primary key autoincrement,
    ticket_id integer not null references tickets (id) on delete cascade,
    -- The same words in both forms, cleaned.
    text text not null,
    html text not null
) strict;
create index outbox_bodies_ticket on outbox_bodies (ticket_id);
